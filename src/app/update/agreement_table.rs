//! The table of all networks on one photo: run on demand, kept for each photo.

use super::Update;
use crate::app::events::WindowEvent;
use crate::app::model::agreement_table::AgreementRow;
use crate::app::model::state::State;

/// The most tables that are kept: one a photo, of outlines.
const MOST_TABLES: usize = 64;

impl Update<'_> {
    /// Opens the table, or closes it; what is running stops then.
    pub(super) fn toggle_table(&mut self) {
        let table = &mut self.state.comparing.table;
        table.is_open = !table.is_open;
        if table.is_open {
            self.fill_table();
        } else {
            (table.lit, table.pointed) = (None, None);
            self.stop_table();
        }
    }

    /// The table of the shown photo, when it was made before; else an empty one.
    fn fill_table(&mut self) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        table.rows = table.done.get(&key).cloned().unwrap_or_default();
        (table.lit, table.pointed) = (None, None);
    }

    /// Another photo or reference has come: the table follows.
    pub(super) fn reset_table(&mut self) {
        self.stop_table();
        self.fill_table();
    }

    /// Photo, reference and engine that a table is made of.
    fn table_key(&self) -> String {
        let State { current, network, .. } = &*self.state;
        let photo = current.photo.as_ref().map(|photo| photo.sha256.as_str()).unwrap_or_default();
        let reference = current.reference.as_ref().and_then(|r| r.name.as_deref()).unwrap_or_default();
        format!("{photo} {reference} {:?}", network.choice)
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
        table.expected = Some(network.models.len() + usize::from(current.reference.is_some()));
        table.run += 1;
    }

    /// Stops running them; what is there stays.
    pub(super) fn stop_table(&mut self) {
        self.state.comparing.table.expected = None;
    }

    pub(super) fn take_row(&mut self, row: AgreementRow) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        WindowEvent::Row { place: table.rows.len(), title: row.title.as_deref() }.emit();
        table.rows.push(row);
        if table.expected == Some(table.rows.len()) {
            table.expected = None;
            WindowEvent::Table { rows: table.rows.len() }.emit();
            if table.done.len() >= MOST_TABLES {
                table.done.clear();
            }
            table.done.insert(key, table.rows.clone());
        }
    }
}
