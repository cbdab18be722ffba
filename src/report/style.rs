//! The page's measures, colours and type sizes. Lengths are points.

use super::fonts::FontWeight;
use crate::overlay::palette::Rgb;

/// A4.
pub(super) const PAGE: [f32; 2] = [595.28, 841.89];
/// Blank on all sides: 15 mm.
pub(super) const MARGIN: f32 = 42.5;
/// Left and right edge of what is printed.
pub(super) const LEFT: f32 = MARGIN;
pub(super) const RIGHT: f32 = PAGE[0] - MARGIN;
/// Between columns.
pub(super) const GUTTER: f32 = 18.0;
/// Height of a row of figures.
pub(super) const ROW: f32 = 13.0;
/// Where the words begin that stand beside a label.
pub(super) const BESIDE_LABEL: f32 = LEFT + 92.0;

/// Words.
pub(super) const INK: Rgb = [0x1B, 0x1F, 0x23];
/// Words of less weight: names, units.
pub(super) const DIM: Rgb = [0x59, 0x62, 0x6B];
/// Lines.
pub(super) const HAIRLINE: Rgb = [0xD6, 0xDA, 0xDE];

/// Width and height of the room for the large picture.
pub(super) const CLOSE_UP: [f32; 2] = [346.0, 292.0];
/// Left edge of the column beside it.
pub(super) const BESIDE_CLOSE_UP: f32 = LEFT + CLOSE_UP[0] + GUTTER;

/// How words are set.
#[derive(Clone, Copy)]
pub(super) struct TextStyle {
    pub(super) size: f32,
    pub(super) weight: FontWeight,
    pub(super) colour: Rgb,
}

/// Ordinary words.
pub(super) const BODY: TextStyle = TextStyle { size: 8.5, weight: FontWeight::Regular, colour: INK };
/// Names and units beside them.
pub(super) const QUIET: TextStyle = TextStyle { colour: DIM, ..BODY };
/// Headings of columns.
pub(super) const HEADING: TextStyle = TextStyle { size: 10.0, weight: FontWeight::SemiBold, colour: INK };
/// Words and numbers on a photo.
pub(super) const ON_PHOTO: TextStyle = TextStyle { size: 8.0, weight: FontWeight::SemiBold, colour: [255; 3] };
pub(super) const SECTOR_NUMBER: TextStyle = TextStyle { size: 7.5, ..ON_PHOTO };
/// What is to be read at a glance.
pub(super) const KEY_FIGURE: TextStyle = TextStyle { size: 15.0, weight: FontWeight::SemiBold, colour: INK };
/// The photo's name.
pub(super) const TITLE: TextStyle = TextStyle { size: 17.0, weight: FontWeight::SemiBold, colour: INK };
