//! The menu of networks in the top bar: a table of what a person chooses by, the recommended network first.

use std::sync::Arc;

use eframe::egui::{
    self, Align2, CornerRadius, FontId, Galley, Margin, Popup, PopupCloseBehavior, Rect, RectAlign, Response,
    RichText, Role, ScrollArea, Sense, TextWrapMode, Tooltip, Ui, WidgetInfo, WidgetText, pos2, vec2,
};

use super::context::ViewContext;
use super::widgets::{labelled_button_ui, menu_style, ring};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::{Model, ModelCard};
use crate::language::Language;
use crate::tr;

/// Width of the menu.
const WIDTH: f32 = 600.0;

/// Height of a row: the title, and what the network is below it.
const ROW_HEIGHT: f32 = 48.0;

/// Height of the row of heads.
const HEAD_HEIGHT: f32 = 26.0;

/// Space between a row's edge and its words.
const MARGIN: f32 = 3.0 * GRID;

/// Where the columns of figures end, from the right: size, time, accuracy.
const ENDS: [f32; 3] = [0.0, 76.0, 164.0];

/// Room of the columns of figures, and of the mark of the chosen network beside them.
const FIGURES_WIDTH: f32 = 296.0;

/// Room of that mark.
const MARK_WIDTH: f32 = theme::ICON + 2.0 * GRID;

/// Widest description that hangs beside the menu.
const DESCRIPTION_WIDTH: f32 = 240.0;

/// Letters of the title that the button in a narrow bar shows; the photo's name needs the room more.
const MOST_LETTERS: usize = 22;

/// The menu's name in egui's memory.
fn menu_id() -> egui::Id {
    egui::Id::unique("networks")
}

/// Opens the menu, as its button and its key ask.
pub(crate) fn open(ctx: &egui::Context) {
    Popup::open_id(ctx, menu_id());
}

/// The button with the chosen network's title, and its menu; in a wide bar the button says what that title is.
pub(super) fn network_menu_ui(ui: &mut Ui, context: &mut ViewContext<'_>, is_wide: bool) {
    let language = context.language();
    let title = &context.state.network.model.card.title;
    let name = tr!(language, "network-button", title = title.clone());
    let label = if is_wide { name.clone() } else { shortened(title) };
    let button = ui.add(egui::Button::new(format!("{label}  {}", icons::CARET_DOWN)).min_size(vec2(0.0, 32.0)));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let room = ui.ctx().content_rect();
    let width = WIDTH.min(room.width() - 4.0 * MARGIN);
    let menu = Popup::menu(&button)
        .id(menu_id())
        .open_memory(None)
        .accessible_name(tr!(language, "networks"))
        .style(menu_style)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .anchor(anchor(context, button.rect, room, width))
        .align(RectAlign::BOTTOM_END);
    // A click on the button of an open menu closes it, as any click beside it does.
    if button.on_hover_text(context.hint(Action::ChooseNetwork)).clicked()
        && !Popup::is_id_open(ui.ctx(), menu_id())
    {
        context.send(Action::ChooseNetwork);
    }
    menu.width(width).show(|ui| {
        // Room for the bar above, the heads, the foot below, and a little of the canvas.
        let height = (room.height() - theme::TOP_BAR_HEIGHT - 148.0).max(2.0 * ROW_HEIGHT);
        ui.spacing_mut().item_spacing.y = 2.0;
        // Always to be seen, beside the rows: it says that there are more.
        ui.spacing_mut().scroll = egui::style::ScrollStyle::thin();
        heads_ui(ui, language);
        ScrollArea::vertical().max_height(height).show(ui, |ui| rows_ui(ui, context));
        foot_ui(ui, context);
    });
}

/// What the menu hangs below, at its right end: the button, or what of it lies left of the side panel, so that no word of
/// the panel is half covered.
fn anchor(context: &ViewContext<'_>, button: Rect, room: Rect, width: f32) -> Rect {
    let side = if context.state.panels.shows_side() { theme::SIDE_PANEL_WIDTH } else { 0.0 };
    let right = button.right().min(room.right() - side - 2.0 * GRID).max(room.left() + width + 5.0 * GRID);
    Rect::from_x_y_ranges(right - 1.0..=right, button.y_range())
}

/// The title as a narrow bar has room for it.
fn shortened(title: &str) -> String {
    if title.chars().count() <= MOST_LETTERS {
        return title.to_owned();
    }
    title.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

/// The right end of each column of figures of a row.
fn column_ends(row: Rect) -> [f32; 3] {
    ENDS.map(|end| row.right() - MARGIN - MARK_WIDTH - end)
}

fn heads_ui(ui: &mut Ui, language: Language) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD_HEIGHT), Sense::hover());
    let dim = theme::colours(ui).dim;
    let font = FontId::proportional(theme::SIZE_SMALL);
    let left = pos2(rect.left() + MARGIN, rect.center().y);
    ui.painter().text(left, Align2::LEFT_CENTER, tr!(language, "network"), font.clone(), dim);
    let heads = [tr!(language, "column-size"), tr!(language, "column-time"), tr!(language, "column-accuracy")];
    // The rows leave room for their scroll bar.
    let rows = rect.with_max_x(rect.right() - ui.spacing().scroll.allocated_width());
    for (head, end) in heads.into_iter().zip(column_ends(rows)) {
        ui.painter().text(pos2(end, rect.center().y), Align2::RIGHT_CENTER, head, font.clone(), dim);
    }
}

fn rows_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    // egui lays a menu out once, unseen, when it opens.
    let is_opening = ui.is_sizing_pass();
    for model in network.in_order() {
        let card = &model.card;
        let is_chosen = card.name == network.model.card.name;
        let row = Row {
            model: &model,
            is_chosen,
            is_recommended: network.recommended.as_ref() == Some(&card.name),
            millis_here: network.millis_here(&card.name),
        };
        let response = row_ui(ui, &row, language);
        if is_chosen && is_opening {
            // The arrows go on from the one that is chosen.
            response.request_focus();
        }
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            context.commands.push(Command::UseModel(card.name.clone()));
            ui.close();
        }
    }
}

/// A network as the menu shows it.
struct Row<'a> {
    model: &'a Model,
    is_chosen: bool,
    is_recommended: bool,
    /// Measured on this computer.
    millis_here: Option<f64>,
}

fn row_ui(ui: &mut Ui, row: &Row<'_>, language: Language) -> Response {
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
    let figures = [size(card), time, format!("{:.3}", card.test.mean_dice)];
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
fn title_ui(ui: &Ui, rect: Rect, row: &Row<'_>, language: Language) {
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
fn spoken(row: &Row<'_>, language: Language) -> String {
    let card = &row.model.card;
    let time = row
        .millis_here
        .map_or_else(|| tr!(language, "fact-not-run"), |time| tr!(language, "fact-time", millis = millis(time)));
    let accuracy = tr!(language, "fact-accuracy", figure = format!("{:.3}", card.test.mean_dice));
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

/// What the columns are, below the rows and always in sight, and the way to the times that are missing.
fn foot_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let (network, table) = (&context.state.network, &context.state.comparing.table);
    let engine = network.engine.as_ref().map(|engine| names::engine(engine.kind, language));
    let time = match engine {
        Some(engine) => tr!(language, "foot-time", engine = engine),
        None => tr!(language, "foot-time-none"),
    };
    let words = format!("{}\n{time}", tr!(language, "foot-accuracy"));
    let lacks_times = network.models.iter().any(|model| network.millis_here(&model.card.name).is_none());
    let (is_running, has_photo) = (table.expected.is_some(), context.state.current.photo.is_some());
    ui.add_space(GRID);
    ui.separator();
    egui::Frame::new().inner_margin(Margin::symmetric(MARGIN as i8, GRID as i8)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let room = ui.available_width() - if lacks_times { 148.0 } else { 0.0 };
            ui.allocate_ui(vec2(room, 32.0), |ui| {
                ui.set_max_width(room);
                ui.add(egui::Label::new(RichText::new(words).size(theme::SIZE_SMALL).color(dim)).wrap());
            });
            if lacks_times {
                ui.add_enabled_ui(has_photo && !is_running, |ui| {
                    let label =
                        if is_running { tr!(language, "compare-running") } else { tr!(language, "time-all") };
                    let run = labelled_button_ui(ui, icons::TIMER, &label);
                    if run.on_hover_text(tr!(language, "time-all-hint")).clicked() {
                        context.send(Command::Compare(CompareChange::RunTable));
                    }
                });
            }
        });
    });
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
        let mut row = Row { model: &model, is_chosen: false, is_recommended: false, millis_here: None };
        let dice = format!("{:.3}", model.card.test.mean_dice);
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
