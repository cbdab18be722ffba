//! A row of a figure that people read, with the range that it probably lies in: beside the figure where there is room, else
//! below it.

use eframe::egui::{Align, Color32, FontId, Layout, RichText, Ui, vec2};

use super::widgets::fact_row_ui;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::measure::shown_figure::ShownFigure;
use crate::tr;

/// Height of a range below its figure.
const RANGE_HEIGHT: f32 = 14.0;

/// The row of `figure` under its `name`; `hint` says what it is.
pub(super) fn figure_row_ui(ui: &mut Ui, name: &str, figure: &ShownFigure, hint: &str, language: Language) {
    let number = figure.number();
    let Some([low, high]) = &figure.range else {
        let unit = if figure.unit == "%" { names::percent_sign(language) } else { figure.unit.to_owned() };
        fact_row_ui(ui, name, &number, &unit).on_hover_text(hint);
        return;
    };
    let range = tr!(language, "figure-range", low = low.as_str(), high = high.as_str());
    let hint = format!("{hint}\n\n{}", tr!(language, "figure-range-hint"));
    let width = |words: &str, size: f32| {
        ui.painter().layout_no_wrap(words.to_owned(), FontId::proportional(size), Color32::WHITE).size().x
    };
    let figure_width = width(&format!("{number} {}", figure.unit), theme::SIZE_BODY) + 2.0 * GRID;
    let taken = width(name, theme::SIZE_BODY) + GRID + figure_width;
    let is_beside = taken + width(&range, theme::SIZE_SMALL) <= ui.available_width();
    let row = fact_row_ui(ui, name, &number, figure.unit).on_hover_text(&hint);
    let words = RichText::new(range).size(theme::SIZE_SMALL).color(theme::colours(ui).dim);
    if is_beside {
        let mut place = row.rect;
        place.max.x -= figure_width;
        ui.put(place, |ui: &mut Ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(words)).inner
        });
    } else {
        let size = vec2(ui.available_width(), RANGE_HEIGHT);
        let below = Layout::right_to_left(Align::Min);
        ui.allocate_ui_with_layout(size, below, |ui| ui.label(words).on_hover_text(hint));
    }
}
