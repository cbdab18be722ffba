//! A row of the menu of networks: title, what the network is, and the figures that a person chooses by.

use std::sync::Arc;

use eframe::egui::{
    Align2, CornerRadius, FontId, Galley, Rect, RectAlign, Response, RichText, Role, Sense, TextWrapMode, Tooltip,
    Ui, WidgetInfo, WidgetText, pos2, vec2,
};

use super::widgets::ring;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::{Model, ModelCard};
use crate::language::Language;
use crate::tr;

/// Height of a row: the title, and what the network is below it.
pub(super) const ROW_HEIGHT: f32 = 48.0;

/// Space between a row's edge and its words.
pub(super) const MARGIN: f32 = 3.0 * GRID;

/// Where the columns of figures end, from the right: size, time, accuracy.
const ENDS: [f32; 3] = [0.0, 76.0, 164.0];

/// Room of the columns of figures, and of the mark of the chosen network beside them.
const FIGURES_WIDTH: f32 = 296.0;

/// Room of that mark.
const MARK_WIDTH: f32 = theme::ICON + 2.0 * GRID;

/// Widest description that hangs beside the menu.
const DESCRIPTION_WIDTH: f32 = 240.0;

/// The right end of each column of figures of a row.
pub(super) fn column_ends(row: Rect) -> [f32; 3] {
    ENDS.map(|end| row.right() - MARGIN - MARK_WIDTH - end)
}

/// A network as the menu shows it.
pub(super) struct NetworkRow<'a> {
    pub(super) model: &'a Model,
    pub(super) is_chosen: bool,
    pub(super) is_recommended: bool,
    /// Measured on this computer.
    pub(super) millis_here: Option<f64>,
}

pub(super) fn network_row_ui(ui: &mut Ui, row: &NetworkRow<'_>, language: Language) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let colours = theme::colours(ui);
    let spoken = spoken(row, language);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, row.is_chosen, &spoken));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(6), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, rect, colours.accent);
    }
    title_ui(ui, rect, row, language);
    let card = &row.model.card;
    let time = row.millis_here.map_or_else(|| "–".to_owned(), |time| format!("{} ms", millis(time)));
    let figures = [size(card), time, format!("{:.3}", card.facts.mean_dice())];
    for (figure, end) in figures.into_iter().zip(column_ends(rect)) {
        let font = FontId::proportional(theme::SIZE_BODY);
        ui.painter().text(pos2(end, rect.center().y), Align2::RIGHT_CENTER, figure, font, colours.text);
    }
    if row.is_chosen {
        let font = FontId::proportional(theme::ICON);
        let place = pos2(rect.right() - MARGIN, rect.center().y);
        ui.painter().text(place, Align2::RIGHT_CENTER, icons::CHECK, font, colours.accent);
    }
    description_ui(&response, row.model, language);
    response
}

/// The title, with the badge of the recommended one behind it, and below it what the network is, or why it is recommended.
fn title_ui(ui: &Ui, rect: Rect, row: &NetworkRow<'_>, language: Language) {
    let colours = theme::colours(ui);
    let painter = ui.painter();
    let card = &row.model.card;
    let left_top = pos2(rect.left() + MARGIN, rect.top() + 6.0);
    let room = rect.width() - 2.0 * MARGIN - FIGURES_WIDTH;
    let badge = painter.layout_no_wrap(
        tr!(language, "recommended"),
        theme::strong_font(theme::SIZE_SMALL),
        colours.on_accent,
    );
    let badge_width = if row.is_recommended { badge.size().x + 5.0 * GRID } else { 0.0 };
    let strong = theme::strong_font(theme::SIZE_BODY);
    let title = cut(ui, RichText::new(&card.title).font(strong), (room - badge_width).max(80.0));
    let (right, middle) = (left_top.x + title.size().x, left_top.y + title.size().y / 2.0);
    painter.galley(left_top, title, colours.text);
    let below = if row.is_recommended {
        let size = badge.size() + vec2(3.0 * GRID, 2.0);
        let pill = Rect::from_min_size(pos2(right + 2.0 * GRID, middle - size.y / 2.0), size);
        painter.rect_filled(pill, CornerRadius::same(8), colours.accent);
        painter.galley(pill.center() - badge.size() / 2.0, badge, colours.on_accent);
        tr!(language, "recommended-sentence")
    } else {
        card.description_in(language.tag()).to_owned()
    };
    let words = cut(ui, RichText::new(below).size(theme::SIZE_SMALL), room);
    painter.galley(left_top + vec2(0.0, 20.0), words, colours.dim);
}

/// What the network is, in words, beside the menu: no other row is hidden.
fn description_ui(row: &Response, model: &Model, language: Language) {
    let mut tooltip = Tooltip::for_enabled(row).width(DESCRIPTION_WIDTH);
    tooltip.popup = tooltip.popup.align(RectAlign::LEFT_START).gap(3.0 * GRID);
    tooltip.show(|ui| {
        ui.set_max_width(DESCRIPTION_WIDTH);
        ui.label(model.card.description_in(language.tag()));
        let origin = RichText::new(names::origin(&model.origin, language)).size(theme::SIZE_SMALL);
        ui.label(origin.color(theme::colours(ui).dim));
    });
}

/// Milliseconds as they are shown: tenths below ten.
pub(super) fn millis(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.1}") } else { format!("{millis:.0}") }
}

/// The size of the network's file.
pub(super) fn size(card: &ModelCard) -> String {
    let bytes = card.onnx().map_or(0, |onnx| onnx.bytes) as f64;
    if bytes < 1e6 { format!("{:.0} kB", bytes / 1e3) } else { format!("{:.1} MB", bytes / 1e6) }
}

/// What a screen reader says of a row.
fn spoken(row: &NetworkRow<'_>, language: Language) -> String {
    let card = &row.model.card;
    let time = row
        .millis_here
        .map_or_else(|| tr!(language, "fact-not-run"), |time| tr!(language, "fact-time", millis = millis(time)));
    let accuracy = tr!(language, "fact-accuracy", figure = format!("{:.3}", card.facts.mean_dice()));
    let facts = [accuracy, time, size(card)].join(&tr!(language, "list-comma"));
    let title = card.title.clone();
    if row.is_recommended {
        let reason = tr!(language, "recommended-sentence");
        let reason = reason.trim_end_matches(['.', '。']).to_owned();
        tr!(language, "network-spoken-recommended", title = title, reason = reason, facts = facts)
    } else {
        tr!(language, "network-spoken", title = title, facts = facts)
    }
}

/// The words on one line of at most `width` points, cut short with an ellipsis.
fn cut(ui: &Ui, words: RichText, width: f32) -> Arc<Galley> {
    WidgetText::from(words).into_galley(ui, Some(TextWrapMode::Truncate), width, FontId::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_a_person_chooses_by_and_no_time_that_was_not_measured() {
        let model = Model::built_in().unwrap();
        let mut row = NetworkRow { model: &model, is_chosen: false, is_recommended: false, millis_here: None };
        let dice = format!("{:.3}", model.card.facts.mean_dice());
        let words = spoken(&row, Language::English);
        assert!(words.starts_with(&format!("{}. accuracy {dice}, not run", model.card.title)), "{words}");
        assert!(words.ends_with("kB") && !words.contains("ms") && !words.contains("Recommended"), "{words}");
        (row.is_recommended, row.millis_here) = (true, Some(3.27));
        let words = spoken(&row, Language::English);
        assert!(words.contains("Recommended: Best balance of accuracy and speed. accuracy"), "{words}");
        assert!(words.contains("3.3 ms on this computer"), "{words}");
    }

    #[test]
    fn milliseconds_have_tenths_below_ten() {
        assert_eq!([millis(0.44), millis(9.9), millis(12.3)], ["0.4", "9.9", "12"]);
    }
}
