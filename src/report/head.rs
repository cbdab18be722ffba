//! The head of the page: when it was made, the photo's name, whose lesion it is, and how long a pixel is.

use jiff::Zoned;
use krilla::tagging::Tag;

use super::content::PhotoReport;
use super::fonts::printable;
use super::heading::{TOP_LEVEL, heading};
use super::sheet::Sheet;
use super::style::{BODY, GUTTER, HEADING, LEFT, MARGIN, QUIET, RIGHT, TITLE, TextStyle};
use crate::language::Words;
use crate::local_time;
use crate::records::{Scale, ScaleSource};
use crate::words;

/// Below the words of a field.
const FIELD_LINE: f32 = 4.0;

/// What the head says.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    /// The line below the name.
    pub(super) facts: String,
    /// What is to be remarked of the photograph, in a line below them; empty where there is nothing.
    pub(super) remarks: String,
    pub(super) case: &'a str,
    pub(super) patient: &'a str,
    pub(super) made: &'a Zoned,
}

/// The photo's size and scale.
pub(super) fn facts(sheet: &Sheet<'_>, report: &PhotoReport<'_>) -> String {
    let [width, height] = report.picture.photo_size;
    let scale = sheet.say(scale_words(report.figures.scale));
    format!("{width} × {height} px  ·  {scale}")
}

/// What is to be remarked of the photograph. A ruler is no remark where its scale is known.
pub(super) fn remarks(sheet: &Sheet<'_>, report: &PhotoReport<'_>) -> String {
    let figures = report.figures;
    let remarks = figures.quality.remarks(figures.scale.is_some());
    remarks.map(|finding| sheet.say(finding.message())).collect::<Vec<_>>().join("  ·  ")
}

/// Returns where the pictures begin.
pub(super) fn draw(sheet: &mut Sheet<'_>, head: &Head<'_>) -> f32 {
    let y = MARGIN + 6.0;
    let made = sheet.say(words!("report-made", when = local_time::shown(head.made)));
    sheet.tagged(Tag::P, |sheet| {
        sheet.text("Dermaloupe ", [LEFT, y], TextStyle { size: 9.0, ..HEADING });
        sheet.text_right(&made, [RIGHT, y], QUIET);
    });
    let y = y + 24.0;
    heading(sheet, TOP_LEVEL, head.name, [LEFT, y], TITLE);
    let y = y + 15.0;
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&head.facts, [LEFT, y], QUIET);
    });
    let y = remarks_line(sheet, &head.remarks, y) + 23.0;
    let middle = f32::midpoint(LEFT, RIGHT);
    field(sheet, words!("report-case"), head.case, [LEFT, middle - GUTTER / 2.0], y);
    field(sheet, words!("report-patient"), head.patient, [middle + GUTTER / 2.0, RIGHT], y);
    y + FIELD_LINE + 14.0
}

/// The line of remarks; returns where the line is that was written last.
fn remarks_line(sheet: &mut Sheet<'_>, remarks: &str, y: f32) -> f32 {
    if remarks.is_empty() {
        return y;
    }
    let y = y + 12.0;
    let words = sheet.shortened(remarks, RIGHT - LEFT, QUIET);
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&words, [LEFT, y], QUIET);
    });
    y
}

/// A name and what is filled in, over a line that invites to fill it in by hand.
fn field(sheet: &mut Sheet<'_>, name: Words, value: &str, [left, right]: [f32; 2], y: f32) {
    let name = format!("{} ", sheet.say(name));
    let value = printable(value.trim());
    let style = TextStyle { size: 10.0, ..BODY };
    let mut start = left;
    sheet.tagged(Tag::P, |sheet| {
        start = sheet.text(&name, [left, y], QUIET) + 4.0;
        let value = sheet.shortened(&value, right - start, style);
        sheet.text(&value, [start, y], style);
    });
    sheet.rule([start, right], y + FIELD_LINE);
}

fn scale_words(scale: Option<Scale>) -> Words {
    let Some(scale) = scale else { return words!("report-no-scale") };
    let source = match scale.source {
        ScaleSource::Given => words!("report-scale-given"),
        ScaleSource::File => words!("report-scale-file"),
        ScaleSource::Photo => words!("report-scale-photo"),
        ScaleSource::Folder => words!("report-scale-folder"),
    };
    let mm = format!("{:.4}", scale.mm_per_px);
    match scale.relative_uncertainty {
        Some(relative) => {
            let percent = format!("{:.1}", relative * 100.0);
            words!("report-scale-uncertain", mm = mm, percent = percent, source = source)
        }
        None => words!("report-scale", mm = mm, source = source),
    }
}
