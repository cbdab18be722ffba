//! The page's layout: name, two pictures, three columns of figures, what was decided, and what made it all.

use jiff::Timestamp;

use crate::overlay::palette::{self, Rgb};
use crate::provenance::{CorrectionStart, MaskOrigin};
use crate::records::ScaleSource;
use crate::tr;

use super::PhotoReport;
use super::figures::{self, Row};
use super::sheet::{BODY, DIM, HEADING, MARGIN, PAGE, QUIET, Sheet, Sheets, Style, TITLE};

/// Left and right edge of what is printed.
const LEFT: f32 = MARGIN;
const RIGHT: f32 = PAGE[0] - MARGIN;
/// Between columns.
const GUTTER: f32 = 18.0;
/// Height of a row of figures.
const ROW: f32 = 13.0;
/// The two pictures are at most so high: the figures need the rest.
const PICTURE_HEIGHT: f32 = 218.0;
/// Where the last lines of the page begin.
const FOOT: f32 = PAGE[1] - MARGIN - 22.0;

/// Adds the page of `report`.
pub(super) fn add(sheets: &mut Sheets, report: &PhotoReport<'_>) {
    let title = tr!("report-title", name = report.name.as_str());
    sheets.add(&title, report.made, report.picture, |sheet| {
        let y = head(sheet, report);
        let y = pictures(sheet, report, y);
        let y = columns(sheet, report, y);
        decision(sheet, report, y);
        foot(sheet);
    });
}

fn head(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>) -> f32 {
    let y = MARGIN + 8.0;
    sheet.text("Dermaloupe", [LEFT, y], Style { size: 9.0, ..HEADING });
    let made = report.made.strftime("%Y-%m-%d %H:%M UTC").to_string();
    sheet.text_right(&made, [RIGHT, y], QUIET);
    let y = y + 24.0;
    let name = sheet.shortened(&report.name, RIGHT - LEFT, TITLE);
    sheet.text(&name, [LEFT, y], TITLE);
    let y = y + 15.0;
    let [width, height] = report.picture.photo_size;
    let mut facts = vec![format!("{width} × {height} px")];
    facts.push(match report.figures.scale {
        Some(scale) => {
            tr!("report-scale", mm = format!("{:.4}", scale.mm_per_px), source = scale_source(scale.source))
        }
        None => tr!("report-no-scale"),
    });
    sheet.text(&facts.join("  ·  "), [LEFT, y], QUIET);
    y + 14.0
}

/// Where a scale comes from.
fn scale_source(source: ScaleSource) -> String {
    match source {
        ScaleSource::Given => tr!("report-scale-given"),
        ScaleSource::File => tr!("report-scale-file"),
        ScaleSource::Photo => tr!("report-scale-photo"),
        ScaleSource::Folder => tr!("report-scale-folder"),
    }
}

/// Photo and overlay side by side, and what the lines mean.
fn pictures(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    let cell = (RIGHT - LEFT - GUTTER) / 2.0;
    let [width_px, height_px] = report.picture.photo_size.map(|side| side as f32);
    let scale = (cell / width_px).min(PICTURE_HEIGHT / height_px);
    let [width, height] = [width_px * scale, height_px * scale];
    let mut lines = vec![(report.outlines, palette::PREDICTION)];
    lines.extend(report.reference.map(|(outlines, _)| (outlines, palette::REFERENCE)));
    // A narrow photo stands at the left of its half, under the same edge as everything else.
    sheet.photo(report.picture.photo_size, [LEFT, top, width, height], &[]);
    let right = LEFT + cell + GUTTER;
    sheet.photo(report.picture.photo_size, [right, top, width, height], &lines);
    let y = top + height + 13.0;
    sheet.text(&tr!("report-photo"), [LEFT, y], QUIET);
    let own = match report.origin {
        MaskOrigin::Network(_) => tr!("report-outline-network"),
        MaskOrigin::Corrected(_) => tr!("report-outline-corrected"),
        MaskOrigin::Reference { name } => tr!("report-outline-reference", name = name.as_str()),
    };
    let own = if report.outlines.is_empty() { tr!("report-no-lesion") } else { own };
    let mut x = key(sheet, [right, y], palette::PREDICTION, &own, RIGHT);
    if let Some((_, name)) = report.reference {
        x += 14.0;
        key(sheet, [x, y], palette::REFERENCE, &tr!("report-outline-reference", name = name), RIGHT);
    }
    y + 22.0
}

/// A bit of line and what it means, no further than `right`; answers where it ends.
fn key(sheet: &mut Sheet<'_>, [x, y]: [f32; 2], colour: Rgb, words: &str, right: f32) -> f32 {
    sheet.bar([x, y - 4.0, 14.0, 2.5], colour);
    let words = sheet.shortened(words, (right - x - 19.0).max(0.0), QUIET);
    sheet.text(&words, [x + 19.0, y], QUIET)
}

/// The figures; answers where the longest column ends.
fn columns(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    sheet.rule([LEFT, RIGHT], top);
    let top = top + 18.0;
    let width = (RIGHT - LEFT - 2.0 * GUTTER) / 3.0;
    let column = |place: f32| [LEFT + place * (width + GUTTER), LEFT + place * (width + GUTTER) + width];
    let figures = report.figures;
    let shape = figures::shape(figures);
    let first = if shape.is_empty() {
        let y = heading(sheet, column(0.0), top, &tr!("report-shape"));
        paragraph(sheet, column(0.0), y, &tr!("report-no-lesion"), QUIET)
    } else {
        table(sheet, column(0.0), top, &tr!("report-shape"), &shape)
    };
    let border = figures::border(figures);
    let mut second = top;
    if !border.is_empty() {
        second = table(sheet, column(1.0), top, &tr!("report-border"), &border);
    }
    let mut third = top;
    let colours = figures::colours(figures);
    if !colours.is_empty() {
        third = table(sheet, column(2.0), top, &tr!("report-colours"), &colours) + 10.0;
    }
    third = heading(sheet, column(2.0), third, &tr!("report-agreement"));
    third = match &figures.agreement {
        Some(agreement) => {
            let (rows, reason) = figures::agreement(agreement, figures.mm_per_px());
            let y = rows_at(sheet, column(2.0), third, &rows);
            reason.map_or(y, |reason| paragraph(sheet, column(2.0), y, &reason, QUIET))
        }
        None => paragraph(sheet, column(2.0), third, &tr!("report-no-reference"), QUIET),
    };
    first.max(second).max(third)
}

fn table(sheet: &mut Sheet<'_>, column: [f32; 2], y: f32, name: &str, rows: &[Row]) -> f32 {
    let y = heading(sheet, column, y, name);
    rows_at(sheet, column, y, rows)
}

fn heading(sheet: &mut Sheet<'_>, [left, _]: [f32; 2], y: f32, name: &str) -> f32 {
    sheet.text(name, [left, y], HEADING);
    y + 16.0
}

/// Rows of name, value and unit: values end where the widest unit of the table begins.
fn rows_at(sheet: &mut Sheet<'_>, [left, right]: [f32; 2], mut y: f32, rows: &[Row]) -> f32 {
    let units = rows.iter().map(|row| sheet.width(row.unit, QUIET)).fold(0.0, f32::max);
    let gap = if units > 0.0 { 3.0 } else { 0.0 };
    for row in rows {
        let style = if row.is_faint { QUIET } else { BODY };
        sheet.text(row.unit, [right - units, y], QUIET);
        let start = sheet.text_right(&row.value, [right - units - gap, y], style);
        let name = sheet.shortened(&row.name, start - left - 6.0, QUIET);
        sheet.text(&name, [left, y], QUIET);
        y += ROW;
    }
    y
}

/// Words over as many lines as they need; answers where the next line would be.
fn paragraph(sheet: &mut Sheet<'_>, [left, right]: [f32; 2], mut y: f32, words: &str, style: Style) -> f32 {
    for line in sheet.fonts.wrapped(words, style.size, style.weight, right - left) {
        sheet.text(&line, [left, y], style);
        y += ROW;
    }
    y
}

/// State, reviewer and note: the note has what is left of the page, and says so where it is longer.
fn decision(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) {
    sheet.rule([LEFT, RIGHT], top);
    let mut y = top + 18.0;
    let review = report.review;
    sheet.text(&tr!("report-review"), [LEFT, y], HEADING);
    let left = LEFT + 92.0;
    let state = figures::state_name(review.map(|review| review.state).unwrap_or_default());
    let mut end = sheet.text(&state, [left, y], Style { size: 10.0, ..HEADING });
    if let Some(review) = review.filter(|review| !review.reviewer.is_empty()) {
        let by = sheet.shortened(&review.reviewer, 200.0, QUIET);
        end = sheet.text(&format!("  ·  {by}"), [end, y], QUIET);
    }
    if let Some(review) = review {
        let when = review.changed.strftime("%Y-%m-%d %H:%M UTC");
        sheet.text(&format!("  ·  {when}"), [end, y], QUIET);
    }
    y += 16.0;
    // Network, engine and hash stand above the foot: three lines with their heading.
    let made_by = FOOT - 3.0 * ROW - 20.0;
    let note = review.map(|review| review.note.trim()).filter(|note| !note.is_empty());
    if let Some(note) = note {
        sheet.text(&tr!("report-note"), [LEFT, y], QUIET);
        let mut lines = sheet.fonts.wrapped(note, BODY.size, BODY.weight, RIGHT - left);
        let room = ((made_by - 12.0 - y) / ROW).max(1.0) as usize;
        if lines.len() > room {
            lines.truncate(room.max(2) - 1);
            lines.push(tr!("report-note-goes-on"));
        }
        for line in lines {
            sheet.text(&line, [left, y], BODY);
            y += ROW;
        }
    }
    provenance(sheet, report, made_by);
}

fn provenance(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) {
    sheet.rule([LEFT, RIGHT], top);
    let (mut y, left) = (top + 16.0, LEFT + 92.0);
    let at = |threshold: f32| tr!("report-threshold", threshold = format!("{threshold:.2}"));
    let title = report.network_title;
    let [first, second] = match report.origin {
        MaskOrigin::Network(run) => {
            let title = title.unwrap_or(&run.model);
            let words = format!("{title} ({})  ·  {}  ·  {}", run.model, run.engine, at(run.threshold));
            let hash = tr!("report-hash", sha256 = run.model_sha256.as_str());
            [(tr!("report-network"), words), (String::new(), hash)]
        }
        MaskOrigin::Corrected(correction) => {
            let begun = match &correction.start {
                CorrectionStart::Network { model, threshold } => {
                    let name = title.map_or_else(|| model.clone(), |title| format!("{title} ({model})"));
                    tr!("report-begun-network", name = name, at = at(*threshold))
                }
                CorrectionStart::Empty => tr!("report-begun-empty"),
                CorrectionStart::Reference { name } => tr!("report-begun-reference", name = name.as_str()),
            };
            let last = Timestamp::from_second(correction.unix_seconds as i64).unwrap_or_default();
            let last = last.strftime("%Y-%m-%d %H:%M UTC").to_string();
            let steps = tr!("report-steps", steps = correction.steps, last = last);
            [(tr!("report-by-hand"), steps), (String::new(), begun)]
        }
        MaskOrigin::Reference { name } => {
            let words = tr!("report-outline-reference", name = name.as_str());
            [(String::new(), words), Default::default()]
        }
    };
    let photo = (tr!("report-photo"), tr!("report-hash", sha256 = report.picture.photo_sha256.as_str()));
    for (name, words) in [first, second, photo] {
        sheet.text(&name, [LEFT, y], QUIET);
        let words = sheet.shortened(&words, RIGHT - left, BODY);
        sheet.text(&words, [left, y], BODY);
        y += ROW;
    }
}

fn foot(sheet: &mut Sheet<'_>) {
    sheet.rule([LEFT, RIGHT], FOOT);
    let y = FOOT + 15.0;
    let program = concat!("Dermaloupe ", env!("CARGO_PKG_VERSION"));
    let start = sheet.text_right(program, [RIGHT, y], QUIET);
    let warning = Style { weight: HEADING.weight, ..BODY };
    let words = sheet.shortened(&tr!("report-research-use-only"), start - LEFT - 12.0, warning);
    sheet.text(&words, [LEFT, y], Style { colour: DIM, ..warning });
}
