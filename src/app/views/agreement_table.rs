//! The table of all masks of this photo, the networks' and those of people: Dice of each pair, once. It stands beside the
//! photo; the row that is pointed at or chosen has its outline drawn there.

use std::ops::RangeInclusive;

use eframe::egui::{
    self, Align, Align2, CornerRadius, FontId, Layout, Margin, Rect, Response, RichText, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, pos2, vec2,
};

use super::abcd_panel::on;
use super::context::ViewContext;
use super::outline::{self, colour};
use super::widgets::{bare_icon_ui, labelled_button_ui, ring};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::model::agreement_table::{AgreementRow, AgreementTable, RowMask};
use crate::app::model::geometry::Geometry;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::overlay::palette;
use crate::tr;

/// Width of a row's name, and of a cell, as there is room.
const NAME: RangeInclusive<f32> = 112.0..=172.0;
const CELL: RangeInclusive<f32> = 29.0..=38.0;
const LINE: f32 = 28.0;

/// Space on either side of the table.
const MARGIN: f32 = 16.0;

/// The most of the window's width that the table takes.
const WIDEST_SHARE: f32 = 0.5;

/// Draws the outline of the row that is pointed at, or else chosen.
pub(super) fn paint_lit(painter: &egui::Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let table = &context.state.comparing.table;
    let lit = table.pointed.or(table.lit).filter(|_| table.is_open);
    if let Some(AgreementRow { result: Ok(figures), .. }) = lit.and_then(|row| table.rows.get(row)) {
        outline::paint(painter, geometry, size, &figures.outlines, palette::LIT);
    }
}

/// How wide the table is in a window of this width: the same before, while and after it is made.
pub(super) fn width(context: &ViewContext<'_>, window_width: f32) -> f32 {
    let state = context.state;
    let table = &state.comparing.table;
    let masks = usize::from(state.has_reference()) + usize::from(state.current.edited.is_some());
    let count = (state.network.comparable().count() + masks).max(table.rows.len());
    let ideal = NAME.end() + CELL.end() * count.saturating_sub(1) as f32 + 2.0 * MARGIN;
    ideal.min(WIDEST_SHARE * window_width).max(theme::SIDE_PANEL_WIDTH)
}

/// Draws the table.
pub(super) fn agreement_table_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    egui::Frame::new().inner_margin(Margin::same(MARGIN as i8)).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr!(language, "table-heading")).font(theme::strong_font(theme::SIZE_HEADING)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let close = bare_icon_ui(ui, icons::X, &tr!(language, "table-close"))
                    .on_hover_text(context.hint(Action::ToggleTable));
                if close.clicked() {
                    context.send(Action::ToggleTable);
                }
            });
        });
        ui.label(RichText::new(tr!(language, "table-meaning")).size(theme::SIZE_SMALL).color(dim));
        ui.add_space(GRID);
        run_ui(ui, context);
        if context.state.comparing.table.rows.is_empty() {
            point_at(context, None);
            return;
        }
        ui.add_space(2.0 * GRID);
        ScrollArea::both().auto_shrink([false, false]).show(ui, |ui| {
            matrix_ui(ui, context);
            ui.add_space(3.0 * GRID);
            scale_ui(ui, &context.state.comparing.table);
            notes_ui(ui, context);
        });
    });
}

fn run_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let table = &context.state.comparing.table;
    ui.horizontal(|ui| match table.expected {
        Some(expected) => {
            let share = table.rows.len() as f32 / expected.max(1) as f32;
            if labelled_button_ui(ui, icons::X, &tr!(language, "table-stop")).clicked() {
                context.commands.push(Command::Compare(CompareChange::StopTable));
            }
            let words = tr!(language, "table-progress", done = table.rows.len(), expected = expected);
            ui.add(egui::ProgressBar::new(share).desired_width(120.0).desired_height(6.0));
            ui.label(RichText::new(words).color(theme::colours(ui).dim));
        }
        None => {
            let label =
                if table.rows.is_empty() { tr!(language, "table-run") } else { tr!(language, "table-run-again") };
            if labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &label).clicked() {
                context.commands.push(Command::Compare(CompareChange::RunTable));
            }
        }
    });
}

fn name(row: &AgreementRow, language: Language) -> String {
    match &row.of {
        RowMask::Reference => tr!(language, "reference"),
        RowMask::Corrected => tr!(language, "correct-edited"),
        RowMask::Network(title) => title.clone(),
    }
}

/// Where the cells lie: the first column is the second row's mask, as the first row's has no row above it.
#[derive(Clone, Copy)]
struct Columns {
    count: usize,
    name: f32,
    cell: f32,
}

impl Columns {
    fn of(ui: &Ui, count: usize) -> Self {
        let (room, cells) = (ui.available_width(), count.saturating_sub(1).max(1) as f32);
        let cell = ((room - NAME.end()) / cells).clamp(*CELL.start(), *CELL.end());
        Self { count, name: (room - cell * cells).clamp(*NAME.start(), *NAME.end()), cell }
    }

    fn width(self) -> f32 {
        self.name + self.cell * self.count.saturating_sub(1) as f32
    }

    /// The cell of the mask at `column` in a row's `line`.
    fn cell(self, line: Rect, column: usize) -> Rect {
        let left_top = line.min + vec2(self.name + self.cell * (column as f32 - 1.0), 2.0);
        Rect::from_min_size(left_top, vec2(self.cell - 2.0, line.height() - 4.0))
    }

    /// The column of the cell at `x` in `row`, if there is one.
    fn at(self, line: Rect, row: usize, x: f32) -> Option<usize> {
        (row + 1..self.count).find(|&column| self.cell(line, column).x_range().contains(x))
    }
}

fn matrix_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let table = &context.state.comparing.table;
    let least = table.least();
    let columns = Columns::of(ui, table.rows.len());
    ui.spacing_mut().item_spacing.y = 2.0;
    let (head, _) = ui.allocate_exact_size(vec2(columns.width(), 20.0), Sense::hover());
    let lit = table.pointed.or(table.lit);
    for column in 1..columns.count {
        let colours = theme::colours(ui);
        let text = if lit == Some(column) { colours.text } else { colours.dim };
        let font = FontId::proportional(theme::SIZE_SMALL);
        let centre = columns.cell(head, column).center();
        ui.painter().text(centre, Align2::CENTER_CENTER, (column + 1).to_string(), font, text);
    }
    let mut pointed = None;
    for row in 0..columns.count {
        if row_ui(ui, context, table, least, columns, row) {
            pointed = Some(row);
        }
    }
    point_at(context, pointed);
}

fn point_at(context: &mut ViewContext<'_>, row: Option<usize>) {
    if context.state.comparing.table.pointed != row {
        context.commands.push(Command::Compare(CompareChange::PointAtRow(row)));
    }
}

/// One row; whether it is pointed at.
fn row_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    table: &AgreementTable,
    least: Option<(usize, usize, f64)>,
    columns: Columns,
    row: usize,
) -> bool {
    let language = context.language();
    let colours = theme::colours(ui);
    let (line, response) = ui.allocate_exact_size(vec2(columns.width(), LINE), Sense::click());
    let is_chosen = table.lit == Some(row);
    let spoken = row_words(table, row, language);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_chosen, &spoken));
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(line, CornerRadius::same(4), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, line, colours.accent);
    }
    name_ui(ui, &table.rows[row], row, line.with_max_x(line.left() + columns.name), language);
    let marked = least.filter(|_| table.expected.is_none());
    let least = least.map_or(0.0, |(.., least)| least);
    for column in row + 1..columns.count {
        let is_least = marked.is_some_and(|(one, other, _)| (one, other) == (row, column));
        cell_ui(ui, columns.cell(line, column), table.dice(row, column), least, is_least);
    }
    let is_pointed = response.hovered() || response.has_focus();
    let response = with_tooltip(response, table, columns, line, row, language);
    if response.clicked() {
        context.commands.push(Command::Compare(CompareChange::Light((!is_chosen).then_some(row))));
    }
    is_pointed
}

/// What a screen reader says of a row: its figure with each mask below it, or why it has none.
fn row_words(table: &AgreementTable, row: usize, language: Language) -> String {
    let title = name(&table.rows[row], language);
    if let Err(error) = &table.rows[row].result {
        return tr!(language, "table-row-failed", name = title, reason = error.clone());
    }
    let figures: Vec<String> = (row + 1..table.rows.len())
        .filter_map(|column| Some((name(&table.rows[column], language), table.dice(row, column)?)))
        .map(|(other, dice)| format!("{other} {dice:.2}"))
        .collect();
    if figures.is_empty() { title } else { format!("{title}: {}", figures.join(", ")) }
}

/// The pair under the pointer with its figure, or the row's whole name.
fn with_tooltip(
    response: Response,
    table: &AgreementTable,
    columns: Columns,
    line: Rect,
    row: usize,
    language: Language,
) -> Response {
    let column = response.hover_pos().and_then(|pointer| columns.at(line, row, pointer.x));
    let title = name(&table.rows[row], language);
    let words = match (&table.rows[row].result, column) {
        (Err(error), _) => tr!(language, "table-row-failed", name = title, reason = error.clone()),
        (Ok(_), Some(column)) => {
            let dice = table.dice(row, column).map_or_else(|| "–".to_owned(), |dice| format!("{dice:.4}"));
            tr!(language, "table-pair", one = title, other = name(&table.rows[column], language), dice = dice)
        }
        (Ok(_), None) => title,
    };
    response.on_hover_text(words)
}

fn name_ui(ui: &Ui, row: &AgreementRow, place: usize, line: Rect, language: Language) {
    let colours = theme::colours(ui);
    let text = if row.result.is_err() { colours.failure } else { colours.text };
    let font = FontId::proportional(theme::SIZE_BODY);
    let number = pos2(line.left() + 22.0, line.center().y);
    ui.painter().text(number, Align2::RIGHT_CENTER, (place + 1).to_string(), font.clone(), colours.dim);
    let laid_out = |words: String| {
        let words = egui::WidgetText::from(RichText::new(words).color(text));
        words.into_galley(ui, Some(egui::TextWrapMode::Truncate), line.width() - 38.0, font.clone())
    };
    let name = name(row, language);
    let mut galley = laid_out(name.clone());
    // Titles begin with the family, which many share: where room is short, it is what can be spared.
    if galley.elided
        && let Some((_, own)) = name.split_once(' ')
    {
        galley = laid_out(format!("…{own}"));
    }
    let corner = line.left_center() + vec2(30.0, -galley.size().y / 2.0);
    ui.painter().galley(corner, galley, text);
}

fn cell_ui(ui: &Ui, cell: Rect, dice: Option<f64>, least: f64, is_least: bool) {
    let colours = theme::colours(ui);
    let font = FontId::proportional(theme::SIZE_SMALL);
    let Some(dice) = dice else {
        ui.painter().text(cell.center(), Align2::CENTER_CENTER, "–", font, colours.dim);
        return;
    };
    let fill = colour(palette::one_hue((dice - least) / (1.0 - least).max(1e-9)));
    ui.painter().rect_filled(cell, CornerRadius::same(4), fill);
    ui.painter().text(cell.center(), Align2::CENTER_CENTER, format!("{dice:.2}"), font, on(fill));
    if is_least {
        let edge = Stroke::new(2.0, colours.warning);
        ui.painter().rect_stroke(cell, CornerRadius::same(4), edge, StrokeKind::Outside);
    }
}

/// The cells' colours, from the least figure of the table to 1.
fn scale_ui(ui: &mut Ui, table: &AgreementTable) {
    let Some((.., least)) = table.least() else { return };
    let colours = theme::colours(ui);
    let (place, _) = ui.allocate_exact_size(vec2(240.0, 18.0), Sense::hover());
    let font = FontId::proportional(theme::SIZE_SMALL);
    let painter = ui.painter();
    let word = painter.text(place.left_center(), Align2::LEFT_CENTER, "Dice", font.clone(), colours.dim);
    let from = pos2(word.right() + 3.0 * GRID, place.center().y);
    let from = painter.text(from, Align2::LEFT_CENTER, format!("{least:.2}"), font.clone(), colours.dim);
    let bar = Rect::from_min_max(
        pos2(from.right() + 2.0 * GRID, place.center().y - 5.0),
        pos2(from.right() + 2.0 * GRID + 112.0, place.center().y + 5.0),
    );
    let steps: u8 = 28;
    let step_width = bar.width() / f32::from(steps);
    for step in 0..steps {
        let left = bar.left() + step_width * f32::from(step);
        let slice = Rect::from_min_max(pos2(left, bar.top()), pos2(left + step_width + 0.5, bar.bottom()));
        let shade = palette::one_hue(f64::from(step) / f64::from(steps - 1));
        painter.rect_filled(slice, CornerRadius::ZERO, colour(shade));
    }
    let to = pos2(bar.right() + 2.0 * GRID, place.center().y);
    painter.text(to, Align2::LEFT_CENTER, "1.00", font, colours.dim);
}

/// Which pair agrees least, and when a mask that is being corrected is compared again.
fn notes_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let table = &context.state.comparing.table;
    let mut notes = Vec::new();
    if let Some((one, other, dice)) = table.least().filter(|_| table.expected.is_none()) {
        notes.push(tr!(
            language,
            "table-least",
            one = name(&table.rows[one], language),
            other = name(&table.rows[other], language),
            dice = format!("{dice:.2}"),
        ));
    }
    if context.state.correction.is_on {
        notes.push(tr!(language, "table-correcting"));
    }
    for note in notes {
        ui.add_space(GRID);
        let words = RichText::new(note).size(theme::SIZE_SMALL).color(theme::colours(ui).dim);
        ui.add(egui::Label::new(words).wrap());
    }
}
