//! Headings, for the eye and for a reader's table of contents.

use std::num::NonZeroU16;

use krilla::tagging::Tag;

use super::fonts::printable;
use super::sheet::Sheet;
use super::style::{RIGHT, TextStyle};

/// The page's own name, and the names of its parts.
pub(super) const TOP_LEVEL: NonZeroU16 = NonZeroU16::MIN;
pub(super) const PART_LEVEL: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

/// A heading of what follows.
pub(super) fn heading(sheet: &mut Sheet<'_>, level: NonZeroU16, title: &str, place: [f32; 2], style: TextStyle) {
    let full = printable(title);
    let words = sheet.shortened(&full, RIGHT - place[0], style);
    sheet.tagged(Tag::Hn(level, Some(full)), |sheet| {
        sheet.text(&words, place, style);
    });
}
