//! The table of all networks on one photo: Dice between each pair, run on demand and kept for each photo.

use std::collections::HashMap;
use std::sync::Arc;

use super::Window;
use super::looker::TableJob;
use super::state::State;
use super::worker::NetworkJob;
use crate::geometry::contour::Outline;
use crate::language::Words;

/// A row of the table: one mask of the photo.
#[derive(Clone, Debug)]
pub struct Row {
    /// The network's title; none is the reference mask.
    pub title: Option<String>,
    /// What it came to, or why not.
    pub result: Result<RowFigures, Words>,
}

/// What a row of the table came to.
#[derive(Clone, Debug)]
pub struct RowFigures {
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Lesion pixels.
    pub area_px: u64,
    /// Dice with each row above; none where that one failed.
    pub dice_above: Vec<Option<f64>>,
}

/// The table of all networks on the photo.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// It lies on the canvas.
    pub is_open: bool,
    /// The rows that are there.
    pub rows: Vec<Row>,
    /// How many there will be, while networks are running.
    pub expected: Option<usize>,
    /// The row whose outline is drawn on the photo.
    pub lit: Option<usize>,
    /// The run that rows are taken from.
    pub token: u64,
    /// Finished tables, by the photo they are of.
    done: HashMap<String, Vec<Row>>,
}

impl Table {
    /// Dice between two rows.
    #[must_use]
    pub fn dice(&self, one: usize, other: usize) -> Option<f64> {
        let (above, below) = (one.min(other), one.max(other));
        self.rows.get(below)?.result.as_ref().ok()?.dice_above.get(above).copied().flatten()
    }

    /// The two rows that agree least, with their Dice.
    #[must_use]
    pub fn least(&self) -> Option<(usize, usize, f64)> {
        let pairs = (0..self.rows.len()).flat_map(|below| (0..below).map(move |above| (above, below)));
        let known = pairs.filter_map(|(above, below)| Some((above, below, self.dice(above, below)?)));
        known.min_by(|one, other| one.2.total_cmp(&other.2))
    }
}

/// The most tables that are kept: one a photo, of outlines.
const MOST_TABLES: usize = 64;

impl Window {
    /// Opens the table, or closes it; what is running stops then.
    pub(super) fn toggle_table(&mut self) {
        let table = &mut self.state.comparing.table;
        table.is_open = !table.is_open;
        if table.is_open {
            self.fill_table();
        } else {
            table.lit = None;
            self.stop_table();
        }
    }

    /// The table of the shown photo, when it was made before; else an empty one.
    fn fill_table(&mut self) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        table.rows = table.done.get(&key).cloned().unwrap_or_default();
        table.lit = None;
    }

    /// Another photo or reference has come: the table follows.
    pub(super) fn reset_table(&mut self) {
        self.stop_table();
        self.fill_table();
    }

    /// Photo, reference and engine that a table is made of.
    fn table_key(&self) -> String {
        let State { current, network, .. } = &self.state;
        let photo = current.photo.as_ref().map(|photo| photo.sha256.as_str()).unwrap_or_default();
        let reference = current.reference.as_ref().and_then(|r| r.name.as_deref()).unwrap_or_default();
        format!("{photo} {reference} {:?}", network.choice)
    }

    /// Runs all networks.
    pub(super) fn run_table(&mut self) {
        let State { current, network, comparing, .. } = &mut self.state;
        let Some(photo) = current.photo.clone() else { return };
        let job =
            |model: &Arc<crate::inference::Model>| NetworkJob { model: Arc::clone(model), choice: network.choice };
        let networks: Vec<NetworkJob> = network.models.iter().map(job).collect();
        let reference = current.reference.clone();
        comparing.table.rows.clear();
        comparing.table.lit = None;
        comparing.table.expected = Some(networks.len() + usize::from(reference.is_some()));
        comparing.table.token += 1;
        self.looker.table(TableJob::new(comparing.table.token, photo, reference, networks));
    }

    /// Stops running them; what is there stays.
    pub(super) fn stop_table(&mut self) {
        let table = &mut self.state.comparing.table;
        if table.expected.take().is_some() {
            table.token += 1;
            self.looker.stop_table(table.token);
        }
    }

    /// Takes a row of the table; one of an older run is dropped.
    pub(super) fn take_row(&mut self, token: u64, row: Row) {
        let key = self.table_key();
        let table = &mut self.state.comparing.table;
        if token != table.token {
            return;
        }
        log::info!("row {}: {}", table.rows.len(), row.title.as_deref().unwrap_or("reference"));
        table.rows.push(row);
        if table.expected == Some(table.rows.len()) {
            table.expected = None;
            log::info!("table: {} rows", table.rows.len());
            if table.done.len() >= MOST_TABLES {
                table.done.clear();
            }
            table.done.insert(key, table.rows.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(dice_above: Vec<Option<f64>>) -> Row {
        Row { title: None, result: Ok(RowFigures { outlines: Vec::new(), area_px: 1, dice_above }) }
    }

    #[test]
    fn a_table_is_read_from_both_sides_and_names_the_pair_that_agrees_least() {
        let failed = Row { title: Some("broken".to_owned()), result: Err(crate::words!("research-use-only")) };
        let rows = vec![row(vec![]), row(vec![Some(0.9)]), failed, row(vec![Some(0.8), Some(0.4), None])];
        let table = Table { rows, ..Table::default() };
        assert_eq!((table.dice(0, 3), table.dice(3, 0)), (Some(0.8), Some(0.8)));
        assert_eq!((table.dice(2, 1), table.dice(3, 2), table.dice(1, 1)), (None, None, None));
        assert_eq!(table.least(), Some((1, 3, 0.4)));
        assert_eq!(Table::default().least(), None);
    }
}
