//! Comparing on one photo: two sides at one zoom.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::agreement_table::AgreementTable;
use crate::geometry::contour::Outline;
use crate::language::Words;
use crate::measure::agreement::Confusion;

/// How both sides lie on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComparisonLayout {
    /// Beside each other.
    #[default]
    SideBySide,
    /// Over each other, parted by a line that is moved.
    Swipe,
    /// Over each other, in turn.
    Blink,
}

impl ComparisonLayout {
    /// All layouts, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::SideBySide, Self::Swipe, Self::Blink];
}

/// What a side shows over the photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SideChoice {
    Photo,
    /// What the network of this name says.
    Model(String),
    Reference,
    /// The mask that was corrected by a person.
    Corrected,
}

/// What is known of a side once it is there.
#[derive(Clone, Debug)]
pub struct ComparedSide {
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Area of the lesion: of the largest region, holes filled.
    pub area_px: u64,
    /// Regions of the mask.
    pub regions: usize,
    /// Probability from which a pixel counts, where the side is a network's.
    pub threshold: Option<f32>,
    /// Against the reference, where there is one and the side is not it.
    pub agreement: Option<Confusion>,
}

/// Everything about comparing.
#[derive(Clone, Debug)]
pub struct Comparing {
    /// Both sides are on the canvas.
    pub is_on: bool,
    /// How they lie there.
    pub layout: ComparisonLayout,
    /// What each side shows.
    pub sides: [SideChoice; 2],
    /// The person chose that, now or before; it is remembered. Without a choice each photo has what is worth comparing.
    pub has_chosen_sides: bool,
    /// What is known of each side.
    pub results: [Option<Result<Arc<ComparedSide>, Words>>; 2],
    /// Dice between both sides.
    pub mutual_dice: Option<f64>,
    /// Where the swipe's line stands, as a share of the canvas's width.
    pub divider: f32,
    /// Seconds that a side is shown while blinking; none is by key alone.
    pub blink_seconds: Option<f32>,
    /// Blinking shows the second side (when by key), or begins with it.
    pub shows_second: bool,
    /// The table of all networks.
    pub table: AgreementTable,
}

/// Paces of blinking, in seconds that a side is shown; none is by key alone. From one change in half a second on, well
/// below what could harm.
pub const BLINK_PACES: [Option<f32>; 4] = [Some(0.5), Some(1.0), Some(2.0), None];

/// The pace that blinking has until another is chosen.
pub const BLINK_PACE: Option<f32> = Some(1.0);

impl Default for Comparing {
    fn default() -> Self {
        Self {
            is_on: false,
            layout: ComparisonLayout::default(),
            sides: [SideChoice::Photo, SideChoice::Photo],
            has_chosen_sides: false,
            results: [None, None],
            mutual_dice: None,
            divider: 0.5,
            blink_seconds: BLINK_PACE,
            shows_second: false,
            table: AgreementTable::default(),
        }
    }
}

impl Comparing {
    /// What the sides show, where the person chose it.
    #[must_use]
    pub fn chosen_sides(&self) -> Option<[SideChoice; 2]> {
        self.has_chosen_sides.then(|| self.sides.clone())
    }

    /// The line never leaves the canvas, where nobody could grab it.
    pub fn move_divider(&mut self, share: f32) {
        self.divider = share.clamp(0.02, 0.98);
    }
}
