//! The table of all networks on one photo: Dice between each pair, run on demand and kept for each photo.

use std::collections::HashMap;
use std::sync::Weak;

use crate::geometry::contour::Outline;
use crate::language::Words;
use crate::mask::Mask;

/// Whose mask a row of the table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowMask {
    Reference,
    Corrected,
    /// A network, by its title.
    Network(String),
}

/// A row of the table: one mask of the photo.
#[derive(Clone, Debug)]
pub struct AgreementRow {
    pub of: RowMask,
    /// What it came to, or why not.
    pub result: Result<AgreementFigures, Words>,
}

/// What a row of the table came to.
#[derive(Clone, Debug)]
pub struct AgreementFigures {
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Lesion pixels.
    pub area_px: u64,
    /// Dice with each row above; none where that one failed.
    pub dice_above: Vec<Option<f64>>,
}

/// The table of all networks on the photo.
#[derive(Clone, Debug, Default)]
pub struct AgreementTable {
    /// It stands beside the photo.
    pub is_open: bool,
    /// The rows that are there.
    pub rows: Vec<AgreementRow>,
    /// How many there will be, while networks are running.
    pub expected: Option<usize>,
    /// The row whose outline is drawn on the photo.
    pub lit: Option<usize>,
    /// The row under the pointer or the keyboard's focus; its outline is drawn before the chosen one's.
    pub pointed: Option<usize>,
    /// Counts runs, so that a new one is seen.
    pub run: u64,
    /// The corrected mask that the rows are about; dead where there was none.
    pub corrected: Weak<Mask>,
    /// Finished tables, by the photo they are of.
    pub done: HashMap<String, FinishedTable>,
}

/// A table that was made before.
#[derive(Clone, Debug, Default)]
pub struct FinishedTable {
    pub rows: Vec<AgreementRow>,
    /// The corrected mask among them, which may have been corrected since.
    pub corrected: Weak<Mask>,
}

impl AgreementTable {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(dice_above: Vec<Option<f64>>) -> AgreementRow {
        AgreementRow {
            of: RowMask::Reference,
            result: Ok(AgreementFigures { outlines: Vec::new(), area_px: 1, dice_above }),
        }
    }

    #[test]
    fn a_table_is_read_from_both_sides_and_names_the_pair_that_agrees_least() {
        let failed = AgreementRow {
            of: RowMask::Network("broken".to_owned()),
            result: Err(crate::words!("research-use-only")),
        };
        let rows = vec![row(vec![]), row(vec![Some(0.9)]), failed, row(vec![Some(0.8), Some(0.4), None])];
        let table = AgreementTable { rows, ..AgreementTable::default() };
        assert_eq!((table.dice(0, 3), table.dice(3, 0)), (Some(0.8), Some(0.8)));
        assert_eq!((table.dice(2, 1), table.dice(3, 2), table.dice(1, 1)), (None, None, None));
        assert_eq!(table.least(), Some((1, 3, 0.4)));
        assert_eq!(AgreementTable::default().least(), None);
    }
}
