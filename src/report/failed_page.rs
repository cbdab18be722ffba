//! The page of a photograph without a result: which one it is, why there is none, and what was decided.

use jiff::Zoned;
use krilla::tagging::Tag;

use super::head::{self, Head};
use super::heading::{PART_LEVEL, heading};
use super::page;
use super::sheet::Sheet;
use super::style::{BODY, HEADING, LEFT, RIGHT, ROW, TextStyle};
use crate::language::sentence;
use crate::records::Review;
use crate::words;

/// The reason is what the page is for.
const REASON: TextStyle = TextStyle { size: 10.0, ..BODY };
/// Between two lines of it.
const REASON_ROW: f32 = 1.2 * ROW;

/// A photograph that could not be opened or measured.
#[derive(Clone, Debug)]
pub struct FailedReport<'a> {
    /// The photo's name.
    pub name: String,
    /// Why, in the report's language.
    pub reason: String,
    /// What was decided.
    pub review: Option<&'a Review>,
    /// What the case is called; empty to be filled in by hand.
    pub case: &'a str,
    /// Whose lesion it is, likewise.
    pub patient: &'a str,
    /// When and in which time zone the report was made.
    pub made: Zoned,
}

/// Draws the page of `report`.
pub(super) fn draw(sheet: &mut Sheet<'_>, report: &FailedReport<'_>) {
    let FailedReport { name, case, patient, made, .. } = report;
    let facts = sheet.say(words!("report-failed-facts"));
    let mut y = head::draw(sheet, &Head { name, facts, remarks: String::new(), case, patient, made });
    sheet.rule([LEFT, RIGHT], y);
    y += 18.0;
    let title = sheet.say(words!("report-failed"));
    heading(sheet, PART_LEVEL, &title, [LEFT, y], HEADING);
    y += 18.0;
    sheet.tagged(Tag::P, |sheet| {
        for line in sheet.fonts.wrapped(&sentence(&report.reason), RIGHT - LEFT, REASON) {
            sheet.text(&line, [LEFT, y], REASON);
            y += REASON_ROW;
        }
    });
    page::decision(sheet, report.review, made, y + 6.0);
    page::foot(sheet);
}
