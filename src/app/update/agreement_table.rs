//! The table of all networks on one photo: run on demand, kept for each photo.

use std::sync::{Arc, Weak};

use super::Update;
use crate::app::events::WindowEvent;
use crate::app::model::agreement_table::{AgreementRow, FinishedTable};
use crate::app::model::state::State;
use crate::mask::Mask;

/// The most tables that are kept: one a photo, of outlines.
const MOST_TABLES: usize = 64;

impl Update<'_> {
    /// Opens the table, or closes it; what is running stops then.
    pub(super) fn toggle_table(&mut self) {
        let panels = &mut self.state.panels;
        let table = &mut self.state.comparing.table;
        // Where all panels are hidden the table is too: it comes into sight.
        table.is_open = !table.is_open || panels.canvas_only;
        if table.is_open {
            panels.canvas_only = false;
            // Networks may be running for their times: their rows are this table's.
            if table.expected.is_none() {
                self.fill_table();
            }
        } else {
            (table.lit, table.pointed) = (None, None);
            self.stop_table();
        }
    }

    /// The table of the shown photo, when it was made before; else an empty one.
    fn fill_table(&mut self) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        let FinishedTable { rows, corrected } = table.done.get(&key).cloned().unwrap_or_default();
        (table.rows, table.corrected) = (rows, corrected);
        (table.lit, table.pointed) = (None, None);
        self.refresh_table();
    }

    /// Another photo or reference has come: the table follows.
    pub(super) fn reset_table(&mut self) {
        self.stop_table();
        self.fill_table();
    }

    /// Makes the table again where the corrected mask is another than when it was made; who corrects is not disturbed.
    pub(super) fn refresh_table(&mut self) {
        let table = &self.state.comparing.table;
        let is_made = table.is_open && !table.rows.is_empty() && table.expected.is_none();
        if is_made && !self.state.correction.is_on && !self.is_of_corrected(&table.corrected) {
            self.run_table();
        }
    }

    /// Whether a table of this corrected mask is of the one that is there now.
    fn is_of_corrected(&self, corrected: &Weak<Mask>) -> bool {
        match &self.state.current.edited {
            Some(edited) => Weak::ptr_eq(corrected, &Arc::downgrade(&edited.mask)),
            None => corrected.upgrade().is_none(),
        }
    }

    /// Photo, reference and engine that a table is made of.
    fn table_key(&self) -> String {
        let State { current, network, .. } = &*self.state;
        let photo = current.photo.as_ref().map(|photo| photo.sha256()).unwrap_or_default();
        let reference = current.reference.as_ref().and_then(|r| r.name.as_deref()).unwrap_or_default();
        format!("{photo} {reference} {:?} {:?}", network.choice, network.model.card.meaning())
    }

    /// Runs all networks.
    pub(super) fn run_table(&mut self) {
        let State { current, network, comparing, .. } = &mut *self.state;
        if current.photo.is_none() {
            return;
        }
        let table = &mut comparing.table;
        table.rows.clear();
        (table.lit, table.pointed) = (None, None);
        let masks = [current.reference.is_some(), current.edited.is_some()];
        table.expected = Some(network.comparable().count() + masks.into_iter().map(usize::from).sum::<usize>());
        table.corrected = current.edited.as_ref().map(|edited| Arc::downgrade(&edited.mask)).unwrap_or_default();
        table.run += 1;
    }

    /// Stops running them; what is there stays.
    pub(super) fn stop_table(&mut self) {
        self.state.comparing.table.expected = None;
    }

    pub(super) fn take_row(&mut self, row: AgreementRow) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        WindowEvent::Row { place: table.rows.len(), of: &row.of }.emit();
        table.rows.push(row);
        if table.expected == Some(table.rows.len()) {
            table.expected = None;
            WindowEvent::Table { rows: table.rows.len() }.emit();
            if table.done.len() >= MOST_TABLES {
                table.done.clear();
            }
            let finished = FinishedTable { rows: table.rows.clone(), corrected: Weak::clone(&table.corrected) };
            table.done.insert(key, finished);
            self.refresh_table();
        }
    }
}
