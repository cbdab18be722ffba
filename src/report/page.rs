//! The page's layout: name, two pictures, the tables of figures, what was decided, and what made it all.

use std::num::NonZeroU16;

use jiff::Timestamp;
use krilla::tagging::{TableHeaderScope, Tag};

use super::content::PhotoReport;
use super::fonts::printable;
use super::sheet::Sheet;
use super::style::{
    BESIDE_LABEL, BODY, DIM, GUTTER, HEADING, LEFT, MARGIN, PAGE, QUIET, RIGHT, ROW, TITLE, TextStyle,
};
use super::{figures, tables};
use crate::language::Words;
use crate::overlay::palette::{self, Rgb};
use crate::provenance::{CorrectionStart, CorrectionSummary, MaskOrigin};
use crate::records::{Review, ScaleSource};
use crate::words;

/// The two pictures are at most so high: the figures need the rest.
const PICTURE_HEIGHT: f32 = 218.0;
/// Where the last lines of the page begin.
const FOOT: f32 = PAGE[1] - MARGIN - 22.0;
/// Where network, engine and hashes begin, above the foot: three lines with the space around them.
const MADE_BY: f32 = FOOT - 3.0 * ROW - 20.0;

/// Draws the page of `report`.
pub(super) fn draw(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>) {
    let y = head(sheet, report);
    let y = pictures(sheet, report, y);
    let y = tables::columns(sheet, report.figures, y);
    decision(sheet, report.review, y);
    provenance(sheet, report);
    foot(sheet);
}

/// A heading of what follows, for the eye and for a reader's table of contents.
pub(super) fn heading(sheet: &mut Sheet<'_>, level: NonZeroU16, title: &str, place: [f32; 2], style: TextStyle) {
    let full = printable(title);
    let words = sheet.shortened(&full, RIGHT - place[0], style);
    sheet.tagged(Tag::Hn(level, Some(full)), |sheet| {
        sheet.text(&words, place, style);
    });
}

/// The page's own name, and the names of its parts.
const TOP_LEVEL: NonZeroU16 = NonZeroU16::MIN;
pub(super) const PART_LEVEL: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);

fn head(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>) -> f32 {
    let y = MARGIN + 8.0;
    let made = report.made.strftime("%Y-%m-%d %H:%M UTC").to_string();
    sheet.tagged(Tag::P, |sheet| {
        sheet.text("Dermaloupe ", [LEFT, y], TextStyle { size: 9.0, ..HEADING });
        sheet.text_right(&made, [RIGHT, y], QUIET);
    });
    let y = y + 24.0;
    heading(sheet, TOP_LEVEL, &report.name, [LEFT, y], TITLE);
    let y = y + 15.0;
    let [width, height] = report.picture.photo_size;
    let scale = match report.figures.scale {
        Some(scale) => {
            words!("report-scale", mm = format!("{:.4}", scale.mm_per_px), source = scale_source(scale.source))
        }
        None => words!("report-no-scale"),
    };
    let facts = format!("{width} × {height} px  ·  {}", sheet.say(scale));
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&facts, [LEFT, y], QUIET);
    });
    y + 14.0
}

fn scale_source(source: ScaleSource) -> Words {
    match source {
        ScaleSource::Given => words!("report-scale-given"),
        ScaleSource::File => words!("report-scale-file"),
        ScaleSource::Photo => words!("report-scale-photo"),
        ScaleSource::Folder => words!("report-scale-folder"),
    }
}

/// Photo and overlay side by side, and what the lines mean.
fn pictures(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    let cell = (RIGHT - LEFT - GUTTER) / 2.0;
    let [width_px, height_px] = report.picture.photo_size.map(|side| side as f32);
    let scale = (cell / width_px).min(PICTURE_HEIGHT / height_px);
    let [width, height] = [width_px * scale, height_px * scale];
    let y = top + height + 13.0;
    // A narrow photo stands at the left of its half, under the same edge as everything else.
    let described = sheet.say(words!("report-photo-described", name = printable(&report.name)));
    sheet.figure(described, report.picture, [LEFT, top, width, height], &[]);
    let caption = sheet.say(words!("report-photo"));
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&caption, [LEFT, y], QUIET);
    });
    let own = match report.origin {
        _ if report.outlines.is_empty() => words!("report-no-lesion"),
        MaskOrigin::Network(_) => words!("report-outline-network"),
        MaskOrigin::Corrected(_) => words!("report-outline-corrected"),
        MaskOrigin::Reference { name } => words!("report-outline-reference", name = printable(name)),
    };
    let own = sheet.say(own);
    let mut described = words!("report-overlay-described", outline = own.as_str());
    let mut lines = vec![(report.outlines, palette::PREDICTION)];
    let mut legend = vec![(own.clone(), palette::PREDICTION)];
    if let Some((outlines, name)) = report.reference {
        let name = sheet.say(words!("report-outline-reference", name = printable(name)));
        described = words!("report-overlay-described-both", outline = own, reference = name.as_str());
        lines.push((outlines, palette::REFERENCE));
        legend.push((name, palette::REFERENCE));
    }
    let described = sheet.say(described);
    let right = LEFT + cell + GUTTER;
    sheet.figure(described, report.picture, [right, top, width, height], &lines);
    let mut x = right;
    for (words, colour) in legend {
        x = legend_entry(sheet, [x, y], colour, &words) + 14.0;
    }
    y + 22.0
}

/// A bit of line and what it means; returns where it ends.
fn legend_entry(sheet: &mut Sheet<'_>, [x, y]: [f32; 2], colour: Rgb, words: &str) -> f32 {
    sheet.bar([x, y - 4.0, 14.0, 2.5], colour);
    let words = sheet.shortened(words, (RIGHT - x - 19.0).max(0.0), QUIET);
    let mut end = x;
    sheet.tagged(Tag::P, |sheet| end = sheet.text(&words, [x + 19.0, y], QUIET));
    end
}

/// State, reviewer and note: the note has what is left of the page, and says so where it is longer.
fn decision(sheet: &mut Sheet<'_>, review: Option<&Review>, top: f32) {
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
        let when = review.changed.strftime("%Y-%m-%d %H:%M UTC");
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
            let network = format!("{title} ({})  ·  {}  ·  {at}", run.model, run.engine);
            (sheet.say(words!("report-network")), [network, sheet.say(hash(&run.model_sha256))])
        }
        MaskOrigin::Corrected(correction) => {
            let mut lines = corrected(correction, report.network_title).map(|words| sheet.say(words));
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
fn corrected(correction: &CorrectionSummary, network_title: Option<&str>) -> [Words; 2] {
    let begun = match &correction.start {
        CorrectionStart::Network { model, threshold } => {
            let name = network_title.map_or_else(|| model.clone(), |title| format!("{title} ({model})"));
            words!("report-begun-network", name = name, at = at(*threshold))
        }
        CorrectionStart::Empty => words!("report-begun-empty"),
        CorrectionStart::Reference { name } => words!("report-begun-reference", name = name.as_str()),
    };
    let last = Timestamp::from_second(correction.unix_seconds as i64).unwrap_or_default();
    let last = last.strftime("%Y-%m-%d %H:%M UTC").to_string();
    [words!("report-steps", steps = correction.steps, last = last), begun]
}

fn at(threshold: f32) -> Words {
    words!("report-threshold", threshold = format!("{threshold:.2}"))
}

fn foot(sheet: &mut Sheet<'_>) {
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
