//! The tables of figures, in three columns.

use krilla::tagging::{TableHeaderScope, Tag};

use super::content::Figures;
use super::figures::{self, FigureRow};
use super::heading::{PART_LEVEL, heading};
use super::sheet::Sheet;
use super::style::{BODY, GUTTER, HEADING, LEFT, QUIET, RIGHT, ROW};
use crate::confidence::ExpectedAgreement;
use crate::language::Words;
use crate::words;

/// Left and right edge.
type Column = [f32; 2];

/// The figures of the lesion; returns where the longest column ends.
pub(super) fn columns(sheet: &mut Sheet<'_>, figures: &Figures, top: f32) -> f32 {
    sheet.rule([LEFT, RIGHT], top);
    let top = top + 18.0;
    let width = (RIGHT - LEFT - 2.0 * GUTTER) / 3.0;
    let column = |place: f32| [LEFT + place * (width + GUTTER), LEFT + place * (width + GUTTER) + width];
    if figures.vessels.is_some() {
        return table(sheet, column(0.0), top, words!("vessels"), figures::vessels(figures));
    }
    let shape = figures::shape(figures);
    let first = if shape.is_empty() {
        let y = title(sheet, column(0.0), top, words!("report-shape"));
        paragraph(sheet, column(0.0), y, words!("report-no-lesion"))
    } else {
        let end = table(sheet, column(0.0), top, words!("report-shape"), shape);
        match figures.regions() {
            0 | 1 => end,
            regions => paragraph(sheet, column(0.0), end, words!("figures-of-largest", regions = regions)),
        }
    };
    let second = table(sheet, column(1.0), top, words!("report-border"), figures::border(figures));
    let third = table(sheet, column(2.0), top, words!("report-colours"), figures::colours(figures));
    first.max(second).max(third)
}

/// The agreement with the reference, or that there is none, and the agreement to be expected where that is known; returns
/// where it ends.
pub(super) fn agreement(
    sheet: &mut Sheet<'_>,
    figures: &Figures,
    expected: Option<ExpectedAgreement>,
    column: Column,
    top: f32,
) -> f32 {
    match &figures.agreement {
        Some(agreement) => {
            let (mut rows, reason) = figures::agreement(agreement, figures.scale);
            rows.extend(expected.map(|expected| figures::expected(words!("report-expected-iou"), expected.iou)));
            let y = table(sheet, column, top, words!("report-agreement"), rows);
            reason.map_or(y, |reason| paragraph(sheet, column, y, reason))
        }
        None if let Some(expected) = expected => {
            let rows = vec![
                figures::expected(words!("report-iou"), expected.iou),
                figures::expected(words!("report-dice"), expected.dice),
            ];
            let y = table(sheet, column, top, words!("report-expected"), rows);
            paragraph(sheet, column, y, words!("report-expected-is"))
        }
        None => {
            let y = title(sheet, column, top, words!("report-agreement"));
            paragraph(sheet, column, y, words!("report-no-reference"))
        }
    }
}

fn title(sheet: &mut Sheet<'_>, [left, _]: Column, y: f32, words: Words) -> f32 {
    let words = sheet.say(words);
    heading(sheet, PART_LEVEL, &words, [left, y], HEADING);
    y + 16.0
}

/// A heading and its rows of name, value and unit: values end where the widest unit of the table begins. Nothing
/// without rows.
fn table(sheet: &mut Sheet<'_>, column: Column, y: f32, name: Words, rows: Vec<FigureRow>) -> f32 {
    if rows.is_empty() {
        return y;
    }
    let mut y = title(sheet, column, y, name);
    let units = rows.iter().map(|row| sheet.width(row.unit, QUIET)).fold(0.0, f32::max);
    sheet.tagged(Tag::Table, |sheet| {
        for row in rows {
            sheet.tagged(Tag::TR, |sheet| table_row(sheet, column, y, row, units));
            y += ROW;
        }
    });
    y
}

fn table_row(sheet: &mut Sheet<'_>, [left, right]: Column, y: f32, row: FigureRow, units: f32) {
    let unit = match row.unit {
        "%" => sheet.say(words!("percent", number = "")),
        "" => String::new(),
        unit => format!(" {unit}"),
    };
    // A sign of per cent without a space before it is a part of the number.
    let is_attached = !unit.is_empty() && !unit.starts_with(' ');
    let gap = if units > 0.0 && !is_attached { 3.0 } else { 0.0 };
    let end = right - units - gap;
    let style = if row.is_faint { QUIET } else { BODY };
    let room = end - sheet.width(&row.value, style) - left - 6.0;
    let name = sheet.shortened(&sheet.say(row.name), room, QUIET);
    sheet.tagged(Tag::TH(TableHeaderScope::Row), |sheet| {
        sheet.text(&name, [left, y], QUIET);
    });
    sheet.tagged(Tag::TD, |sheet| {
        sheet.text_right(&row.value, [end, y], style);
        let space = if is_attached { 0.0 } else { sheet.width(" ", QUIET) };
        sheet.text(&unit, [right - units - space, y], QUIET);
    });
}

/// Words over as many lines as they need; returns where the next line would be.
fn paragraph(sheet: &mut Sheet<'_>, [left, right]: Column, mut y: f32, words: Words) -> f32 {
    let words = sheet.say(words);
    sheet.tagged(Tag::P, |sheet| {
        for line in sheet.fonts.wrapped(&words, right - left, QUIET) {
            sheet.text(&line, [left, y], QUIET);
            y += ROW;
        }
    });
    y
}
