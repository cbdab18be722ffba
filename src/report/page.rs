//! The page's layout: head, pictures, the tables of figures, what was decided, and what made it all.

use jiff::{Timestamp, Zoned};
use krilla::tagging::{TableHeaderScope, Tag};

use super::content::PhotoReport;
use super::head::{self, Head};
use super::heading::{PART_LEVEL, heading};
use super::sheet::Sheet;
use super::style::{BESIDE_LABEL, BODY, DIM, HEADING, LEFT, MARGIN, PAGE, QUIET, RIGHT, ROW, TextStyle};
use super::{figures, pictures, tables};
use crate::language::Words;
use crate::local_time;
use crate::provenance::{CorrectionStart, CorrectionSummary, MaskOrigin};
use crate::records::Review;
use crate::steps::ImageSteps;
use crate::words;

/// Where the last lines of the page begin.
const FOOT: f32 = PAGE[1] - MARGIN - 22.0;
/// Where network, engine and hashes begin, above the foot: three lines with the space around them.
const MADE_BY: f32 = FOOT - 3.0 * ROW - 20.0;

/// Draws the page of `report`.
pub(super) fn draw(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>) {
    let facts = head::facts(sheet, report);
    let remarks = head::remarks(sheet, report);
    let PhotoReport { name, case, patient, made, .. } = report;
    let y = head::draw(sheet, &Head { name, facts, remarks, case, patient, made });
    let y = pictures::draw(sheet, report, y);
    let y = tables::columns(sheet, report.figures, y);
    decision(sheet, report.review, made, y);
    provenance(sheet, report);
    foot(sheet);
}

/// State, reviewer and note: the note has what is left of the page, and says so where it is longer.
pub(super) fn decision(sheet: &mut Sheet<'_>, review: Option<&Review>, made: &Zoned, top: f32) {
    sheet.rule([LEFT, RIGHT], top);
    let y = top + 18.0;
    let title = sheet.say(words!("report-review"));
    heading(sheet, PART_LEVEL, &title, [LEFT, y], HEADING);
    let state = sheet.say(figures::decision(review));
    sheet.tagged(Tag::P, |sheet| {
        let mut end = sheet.text(&state, [BESIDE_LABEL, y], HEADING);
        let Some(review) = review else { return };
        if !review.reviewer.is_empty() {
            let by = sheet.shortened(&review.reviewer, 200.0, QUIET);
            end = sheet.text(&format!("  ·  {by}"), [end, y], QUIET);
        }
        let when = moment(made, review.changed);
        sheet.text(&format!("  ·  {when}"), [end, y], QUIET);
    });
    let note = review.map(|review| review.note.trim()).filter(|note| !note.is_empty());
    if let Some(note) = note {
        let y = y + 16.0;
        let mut lines = sheet.fonts.wrapped(note, RIGHT - BESIDE_LABEL, BODY);
        let room = ((MADE_BY - 12.0 - y) / ROW).max(1.0) as usize;
        if lines.len() > room {
            lines.truncate(room.max(2) - 1);
            lines.push(sheet.say(words!("report-note-goes-on")));
        }
        let label = sheet.say(words!("report-note"));
        sheet.tagged(Tag::Table, |sheet| {
            labelled(sheet, &label, &lines, y);
        });
    }
}

/// Lines beside their label, as a table's row; returns where the next row would be.
fn labelled(sheet: &mut Sheet<'_>, label: &str, lines: &[String], mut y: f32) -> f32 {
    sheet.tagged(Tag::TR, |sheet| {
        sheet.tagged(Tag::TH(TableHeaderScope::Row), |sheet| {
            sheet.text(label, [LEFT, y], QUIET);
        });
        sheet.tagged(Tag::TD, |sheet| {
            for line in lines {
                sheet.text(line, [BESIDE_LABEL, y], BODY);
                y += ROW;
            }
        });
    });
    y
}

/// What made the outline, and which photo it is of.
fn provenance(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>) {
    sheet.rule([LEFT, RIGHT], MADE_BY);
    let hash = |sha256: &str| words!("report-hash", sha256 = sha256);
    let (label, lines) = match report.origin {
        MaskOrigin::Network(run) => {
            let title = report.network_title.unwrap_or(&run.model);
            let at = sheet.say(at(run.threshold));
            let looks =
                [(run.is_careful, words!("report-careful")), (run.has_second_look, words!("report-second-look"))];
            let looks = looks.into_iter().filter(|(is_so, _)| *is_so);
            let looks: String = looks.map(|(_, words)| format!("  ·  {}", sheet.say(words))).collect();
            let steps = sheet.say(steps(&run.steps));
            let network = format!("{title} ({})  ·  {}  ·  {at}{looks}{steps}", run.model, run.engine);
            (sheet.say(words!("report-network")), [network, sheet.say(hash(&run.model_sha256))])
        }
        MaskOrigin::Corrected(correction) => {
            let mut lines = corrected(correction, report).map(|words| sheet.say(words));
            if correction.is_damaged {
                // First, as a line that is too long is cut at its end.
                lines[0] = format!("{}  ·  {}", sheet.say(words!("report-journal-damaged")), lines[0]);
            }
            (sheet.say(words!("report-by-hand")), lines)
        }
        MaskOrigin::Reference { name } => {
            let words = sheet.say(words!("report-outline-reference", name = name.as_str()));
            (String::new(), [words, String::new()])
        }
    };
    let photo = vec![sheet.say(hash(&report.picture.photo_sha256))];
    let rows = [(label, lines.to_vec()), (sheet.say(words!("report-photo")), photo)];
    let mut y = MADE_BY + 16.0;
    sheet.tagged(Tag::Table, |sheet| {
        for (label, mut lines) in rows {
            lines.iter_mut().for_each(|line| *line = sheet.shortened(line, RIGHT - BESIDE_LABEL, BODY));
            y = labelled(sheet, &label, &lines, y);
        }
    });
}

/// How often a person changed the outline, and what it was begun from.
fn corrected(correction: &CorrectionSummary, report: &PhotoReport<'_>) -> [Words; 2] {
    let begun = match &correction.start {
        CorrectionStart::Network { model, threshold }
        | CorrectionStart::NetworkWithSteps { model, threshold, .. } => {
            let name = report.network_title.map_or_else(|| model.clone(), |title| format!("{title} ({model})"));
            words!(
                "report-begun-network",
                name = name,
                at = at(*threshold),
                steps = steps(&correction.start.steps())
            )
        }
        CorrectionStart::Empty => words!("report-begun-empty"),
        CorrectionStart::Reference { name } => words!("report-begun-reference", name = name.as_str()),
    };
    let last = Timestamp::from_second(correction.unix_seconds as i64).unwrap_or_default();
    let last = moment(&report.made, last);
    [words!("report-steps", steps = correction.steps, last = last), begun]
}

/// A moment in the time zone that the report is made in.
fn moment(made: &Zoned, moment: Timestamp) -> String {
    local_time::shown(&moment.to_zoned(made.time_zone().clone()))
}

/// What was done before and after the network, behind the other facts of its run.
fn steps(ImageSteps { before, after }: &ImageSteps) -> Words {
    let (before, after) = (before.to_string(), after.to_string());
    match (before.as_str(), after.as_str()) {
        ("", "") => words!("report-run-plain"),
        (before, "") => words!("report-run-before", before = before),
        ("", after) => words!("report-run-after", after = after),
        (before, after) => words!("report-run-both", before = before, after = after),
    }
}

fn at(threshold: f32) -> Words {
    words!("report-threshold", threshold = format!("{threshold:.2}"))
}

pub(super) fn foot(sheet: &mut Sheet<'_>) {
    sheet.rule([LEFT, RIGHT], FOOT);
    let y = FOOT + 15.0;
    let program = concat!("Dermaloupe ", env!("CARGO_PKG_VERSION"));
    let room = RIGHT - LEFT - sheet.width(program, QUIET) - 12.0;
    let warning = TextStyle { weight: HEADING.weight, colour: DIM, ..BODY };
    let words = sheet.shortened(&sheet.say(words!("report-research-use-only")), room, warning);
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&words, [LEFT, y], warning);
    });
    sheet.tagged(Tag::P, |sheet| sheet.text_right(program, [RIGHT, y], QUIET));
}
