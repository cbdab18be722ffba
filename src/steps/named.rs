//! [`NamedStep`]: what the steps of both places have in common.

use std::ops::RangeInclusive;

use super::error::StepsError;
use super::place::StepPlace;

/// A step that is typed by its name.
pub trait NamedStep: Copy + PartialEq + 'static {
    /// All of one place, with the figures that they have unless others are typed; in the order in which they are usually
    /// combined.
    const ALL: &'static [Self];
    /// Where they work.
    const PLACE: StepPlace;

    /// The name, in lists and files.
    fn key(self) -> &'static str;

    /// Its figures, in the order in which they are typed.
    fn figures(self) -> Vec<u16>;

    /// What each of them may be.
    fn ranges(self) -> &'static [RangeInclusive<u16>];

    /// The same step with other figures, as many as it has.
    #[must_use]
    fn with(self, figures: &[u16]) -> Self;

    /// Whether it works with a network that runs over the photograph in tiles.
    fn works_in_tiles(self) -> bool;

    /// Checks that it may stand behind `earlier`.
    ///
    /// # Errors
    /// Why not.
    fn check_order(self, _earlier: &[Self]) -> Result<(), StepsError> {
        Ok(())
    }

    /// As it is typed, with all its figures.
    #[must_use]
    fn typed(self) -> String {
        self.figures().iter().fold(self.key().to_owned(), |typed, figure| format!("{typed}:{figure}"))
    }
}
