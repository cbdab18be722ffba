//! The table of all networks on this photo: Dice between each pair, so that disagreement is seen. It floats over the
//! canvas; the row that is pointed at or chosen has its outline drawn on the photo.

use eframe::egui::{
    self, Align, Align2, CornerRadius, FontId, Layout, Margin, Rect, RichText, ScrollArea, Sense, Stroke, Ui, vec2,
};

use super::abcd_panel::on;
use super::context::ViewContext;
use super::outline::{self, colour};
use super::widgets::{bare_icon_ui, labelled_button_ui, ring};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::model::agreement_table::{AgreementRow, AgreementTable};
use crate::app::model::geometry::Geometry;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::overlay::palette;
use crate::tr;

/// Width of a row's name, and of a cell.
const NAME: f32 = 150.0;
const CELL: f32 = 38.0;
const LINE: f32 = 28.0;

/// The Dice at which the cells' colours begin: below it two masks hardly show the same lesion.
const LEAST: f64 = 0.5;

/// Draws the outline of the row that is pointed at, or else chosen.
pub(super) fn paint_lit(painter: &egui::Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let table = &context.state.comparing.table;
    let lit = table.pointed.or(table.lit).filter(|_| table.is_open);
    if let Some(AgreementRow { result: Ok(figures), .. }) = lit.and_then(|row| table.rows.get(row)) {
        outline::paint(painter, geometry, size, &figures.outlines, palette::LIT);
    }
}

/// Draws the table while it is open.
pub(super) fn agreement_table_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect) {
    if !context.state.comparing.table.is_open {
        return;
    }
    let colours = theme::colours(ui);
    let frame = egui::Frame::new()
        .fill(colours.panel)
        .stroke(Stroke::new(1.0, colours.hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(Margin::same(14));
    egui::Window::new("agreement table")
        .title_bar(false)
        .resizable(false)
        .frame(frame)
        .pivot(Align2::RIGHT_BOTTOM)
        .default_pos(area.right_bottom() - vec2(16.0, 64.0))
        .constrain_to(area.shrink(8.0))
        .show(ui.ctx(), |ui| content_ui(ui, context, area));
}

fn content_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let rows = context.state.comparing.table.rows.len();
    let width = (NAME + CELL * (rows as f32).max(5.0)).clamp(300.0, area.width() - 48.0);
    ui.set_width(width);
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
    if rows == 0 {
        return;
    }
    ui.add_space(GRID);
    let height = (area.height() - 220.0).max(120.0);
    ScrollArea::both().max_height(height).show(ui, |ui| matrix_ui(ui, context));
    let table = &context.state.comparing.table;
    if let Some((one, other, dice)) = table.least().filter(|_| table.expected.is_none()) {
        ui.add_space(GRID);
        let words = tr!(
            language,
            "table-least",
            one = name(&table.rows[one], language),
            other = name(&table.rows[other], language),
            dice = format!("{dice:.2}"),
        );
        ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(dim));
    }
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
            ui.add(egui::ProgressBar::new(share).desired_width(160.0).desired_height(6.0));
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
    row.title.clone().unwrap_or_else(|| tr!(language, "compare-reference"))
}

fn matrix_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let table = context.state.comparing.table.clone();
    let count = table.rows.len();
    let dim = theme::colours(ui).dim;
    ui.spacing_mut().item_spacing.y = 2.0;
    let (head, _) = ui.allocate_exact_size(vec2(NAME + CELL * count as f32, 20.0), Sense::hover());
    for column in 0..count {
        let centre = head.left_center() + vec2(NAME + CELL * (column as f32 + 0.5), 0.0);
        let font = FontId::proportional(theme::SIZE_SMALL);
        ui.painter().text(centre, Align2::CENTER_CENTER, (column + 1).to_string(), font, dim);
    }
    let mut pointed = None;
    for row in 0..count {
        if row_ui(ui, context, &table, row) {
            pointed = Some(row);
        }
    }
    if table.pointed != pointed {
        context.commands.push(Command::Compare(CompareChange::PointAtRow(pointed)));
    }
}

/// One row; whether it is pointed at.
fn row_ui(ui: &mut Ui, context: &mut ViewContext<'_>, table: &AgreementTable, row: usize) -> bool {
    let language = context.language();
    let colours = theme::colours(ui);
    let count = table.rows.len();
    let (line, response) = ui.allocate_exact_size(vec2(NAME + CELL * count as f32, LINE), Sense::click());
    let is_chosen = table.lit == Some(row);
    let figures: Vec<String> = (0..count).map(|column| cell_words(table, row, column)).collect();
    let title = name(&table.rows[row], language);
    let error = table.rows[row].result.as_ref().err();
    let spoken = match error {
        Some(error) => tr!(language, "table-row-failed", name = title.as_str(), reason = error.clone()),
        None => format!("{title}: {}", figures.join(", ")),
    };
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_chosen, &spoken));
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(line, CornerRadius::same(4), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, line, colours.accent);
    }
    let text = if error.is_some() { colours.failure } else { colours.text };
    let words = format!("{}  {title}", row + 1);
    let galley = egui::WidgetText::from(RichText::new(words).color(text)).into_galley(
        ui,
        Some(egui::TextWrapMode::Truncate),
        NAME - 14.0,
        FontId::proportional(theme::SIZE_BODY),
    );
    let corner = line.left_center() + vec2(6.0, -galley.size().y / 2.0);
    ui.painter().galley(corner, galley, text);
    for (column, figure) in figures.iter().enumerate() {
        let left_top = line.min + vec2(NAME + CELL * column as f32, 2.0);
        let cell = Rect::from_min_size(left_top, vec2(CELL - 2.0, LINE - 4.0));
        let mut text = colours.dim;
        if let Some(dice) = table.dice(row, column) {
            let fill = colour(palette::heat(((dice - LEAST) / (1.0 - LEAST)) as f32));
            ui.painter().rect_filled(cell, CornerRadius::same(4), fill);
            text = on(fill);
        }
        let font = FontId::proportional(theme::SIZE_SMALL);
        ui.painter().text(cell.center(), Align2::CENTER_CENTER, figure, font, text);
    }
    let is_pointed = response.hovered() || response.has_focus();
    if response.on_hover_text(spoken).clicked() {
        context.commands.push(Command::Compare(CompareChange::Light((!is_chosen).then_some(row))));
    }
    is_pointed
}

fn cell_words(table: &AgreementTable, row: usize, column: usize) -> String {
    match table.dice(row, column) {
        Some(dice) => format!("{dice:.2}"),
        None if row == column => "·".to_owned(),
        None => "–".to_owned(),
    }
}
