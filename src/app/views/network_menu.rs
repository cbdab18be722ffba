//! The menu of networks in the top bar: each with the facts that tell it from the others, the recommended one first.

use std::sync::Arc;

use eframe::egui::{
    self, Align2, CornerRadius, FontId, Galley, Margin, Popup, Pos2, Rect, RectAlign, Response, RichText, Role,
    ScrollArea, Sense, TextWrapMode, Tooltip, Ui, WidgetInfo, WidgetText, pos2, vec2,
};

use super::context::ViewContext;
use super::widgets::ring;
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::{Model, ModelCard};
use crate::language::Language;
use crate::tr;

/// Width of the menu.
const WIDTH: f32 = 572.0;

/// Height of a row without a reason: the title, and the facts below it.
const ROW_HEIGHT: f32 = 50.0;

/// Space between a row's edge and its words.
const MARGIN: f32 = 3.0 * GRID;

/// Where each fact ends, from the left of the first: facts of one kind stand below each other. The first begins there.
const FACT_ENDS: [f32; 5] = [0.0, 172.0, 250.0, 352.0, 524.0];

/// Widest description that hangs beside the menu.
const DESCRIPTION_WIDTH: f32 = 240.0;

/// Letters of the title that the button in the bar shows; the photo's name needs the room more.
const MOST_LETTERS: usize = 22;

/// The menu's name in egui's memory.
fn menu_id() -> egui::Id {
    egui::Id::unique("networks")
}

/// Opens the menu, as its button and its key ask.
pub(crate) fn open(ctx: &egui::Context) {
    Popup::open_id(ctx, menu_id());
}

/// The button with the chosen network's title, and its menu.
pub(super) fn network_menu_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let title = &context.state.network.model.card.title;
    let label = format!("{}  {}", shortened(title), icons::CARET_DOWN);
    let name = tr!(language, "network-button", title = title.clone());
    let button = ui.add(egui::Button::new(label).min_size(vec2(0.0, 32.0)));
    let menu = Popup::menu(&button).id(menu_id()).open_memory(None).accessible_name(tr!(language, "networks"));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    // A click on the button of an open menu closes it, as any click does.
    if button.on_hover_text(context.hint(Action::ChooseNetwork)).clicked()
        && !Popup::is_id_open(ui.ctx(), menu_id())
    {
        context.send(Action::ChooseNetwork);
    }
    let room = ui.ctx().content_rect();
    let width = WIDTH.min(room.width() - 4.0 * MARGIN);
    menu.width(width).show(|ui| {
        // Room for the bar above, the foot below, and a little of the canvas.
        let height = (room.height() - theme::TOP_BAR_HEIGHT - 96.0).max(2.0 * ROW_HEIGHT);
        ui.spacing_mut().item_spacing.y = 2.0;
        // Always to be seen, beside the rows: it says that there are more.
        ui.spacing_mut().scroll = egui::style::ScrollStyle::thin();
        ScrollArea::vertical().max_height(height).show(ui, |ui| rows_ui(ui, context));
        foot_ui(ui, context);
    });
}

/// The title as the bar has room for it.
fn shortened(title: &str) -> String {
    if title.chars().count() <= MOST_LETTERS {
        return title.to_owned();
    }
    title.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

fn rows_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    // egui lays a menu out once, unseen, when it opens.
    let is_opening = ui.is_sizing_pass();
    for model in &network.models {
        let card = &model.card;
        let is_chosen = card.name == network.model.card.name;
        let is_recommended = network.recommended.as_ref() == Some(&card.name);
        let reason = card.optional.recommended_in(language.tag()).filter(|_| is_recommended);
        let response = row_ui(ui, model, is_chosen, reason, language);
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

/// A network: its title, the badge and the reason where it is the recommended one, and its facts.
fn row_ui(ui: &mut Ui, model: &Model, is_chosen: bool, reason: Option<&str>, language: Language) -> Response {
    let card = &model.card;
    let width = ui.available_width();
    let colours = theme::colours(ui);
    let reason_galley = reason.map(|reason| {
        let words = RichText::new(reason).size(theme::SIZE_SMALL);
        let mode = Some(TextWrapMode::Wrap);
        WidgetText::from(words).into_galley(ui, mode, width - 2.0 * MARGIN, FontId::default())
    });
    let extra = reason_galley.as_ref().map_or(0.0, |galley| galley.size().y + GRID);
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW_HEIGHT + extra), Sense::click());
    let facts = facts(card, language);
    let spoken = spoken(card, &facts, reason, language);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_chosen, &spoken));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(6), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, rect, colours.accent);
    }
    title_ui(ui, rect, card, is_chosen, reason.is_some(), language);
    let mut top = rect.top() + 8.0 + 20.0;
    if let Some(galley) = reason_galley {
        ui.painter().galley(pos2(rect.left() + MARGIN, top), galley, colours.text);
        top += extra;
    }
    facts_ui(ui, pos2(rect.left() + MARGIN, top), &facts);
    description_ui(&response, model, language);
    response
}

/// The title, the badge behind it, and the mark of the chosen one on the right.
fn title_ui(ui: &Ui, rect: Rect, card: &ModelCard, is_chosen: bool, is_recommended: bool, language: Language) {
    let colours = theme::colours(ui);
    let painter = ui.painter();
    let left_top = pos2(rect.left() + MARGIN, rect.top() + 8.0);
    let badge = painter.layout_no_wrap(
        tr!(language, "recommended"),
        theme::strong_font(theme::SIZE_SMALL),
        colours.on_accent,
    );
    let room = rect.width() - 4.0 * MARGIN - theme::ICON - badge.size().x - 4.0 * GRID;
    let title = cut(ui, RichText::new(&card.title).font(theme::strong_font(theme::SIZE_BODY)), room);
    let right = left_top.x + title.size().x;
    let middle = left_top.y + title.size().y / 2.0;
    painter.galley(left_top, title, colours.text);
    if is_recommended {
        let size = badge.size() + vec2(3.0 * GRID, 2.0);
        let pill = Rect::from_min_size(pos2(right + 2.0 * GRID, middle - size.y / 2.0), size);
        painter.rect_filled(pill, CornerRadius::same(8), colours.accent);
        painter.galley(pill.center() - badge.size() / 2.0, badge, colours.on_accent);
    }
    if is_chosen {
        let font = FontId::proportional(theme::ICON);
        let place = pos2(rect.right() - MARGIN, middle);
        painter.text(place, Align2::RIGHT_CENTER, icons::CHECK_CIRCLE, font, colours.accent);
    }
}

fn facts_ui(ui: &Ui, left_top: Pos2, facts: &[Option<String>; 5]) {
    let colour = theme::colours(ui).dim;
    let font = FontId::proportional(theme::SIZE_SMALL);
    for (place, (fact, end)) in facts.iter().zip(FACT_ENDS).enumerate() {
        let side = if place == 0 { Align2::LEFT_TOP } else { Align2::RIGHT_TOP };
        if let Some(words) = fact {
            ui.painter().text(left_top + vec2(end, 0.0), side, words, font.clone(), colour);
        }
    }
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

/// The facts that tell a network from others, each in its column; what the card does not say is left out.
fn facts(card: &ModelCard, language: Language) -> [Option<String>; 5] {
    let optional = &card.optional;
    let parameters = tr!(language, "fact-parameters", thousands = format!("{:.0}", card.parameters as f64 / 1e3));
    let int8 = optional
        .int8
        .as_ref()
        .map(|int8| tr!(language, "fact-int8", figure = format!("{:.3}", int8.test.pooled_iou)));
    let desktop =
        optional.speed.as_ref().map(|speed| tr!(language, "fact-desktop", millis = millis(speed.ort_millis)));
    let npu = optional.npu.as_ref().map(|npu| {
        let [least, most] = npu.estimated_millis.map(millis);
        tr!(language, "fact-npu", least = least, most = most)
    });
    [
        Some(parameters),
        Some(tr!(language, "fact-iou", figure = format!("{:.3}", card.test.pooled_iou))),
        int8,
        desktop,
        npu,
    ]
}

/// Milliseconds as they are shown: tenths below ten.
pub(super) fn millis(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.1}") } else { format!("{millis:.0}") }
}

/// What a screen reader says of a row.
fn spoken(card: &ModelCard, facts: &[Option<String>; 5], reason: Option<&str>, language: Language) -> String {
    let facts: Vec<&str> = facts.iter().flatten().map(String::as_str).collect();
    let (title, facts) = (card.title.clone(), facts.join(&tr!(language, "list-comma")));
    match reason.map(|reason| reason.trim_end_matches(['.', '。'])) {
        Some(reason) => tr!(language, "network-spoken-recommended", title = title, reason = reason, facts = facts),
        None => tr!(language, "network-spoken", title = title, facts = facts),
    }
}

/// What the facts are, below the rows and always in sight.
fn foot_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let has = |holds: fn(&ModelCard) -> bool| context.state.network.models.iter().any(|model| holds(&model.card));
    let mut words = vec![tr!(language, "foot-iou")];
    if has(|card| card.optional.int8.is_some()) {
        words.push(tr!(language, "foot-int8"));
    }
    if has(|card| card.optional.npu.is_some()) {
        words.push(tr!(language, "foot-npu"));
    }
    let words = words.join(&tr!(language, "sentence-space"));
    ui.add_space(GRID);
    ui.separator();
    egui::Frame::new().inner_margin(Margin::symmetric(MARGIN as i8, GRID as i8)).show(ui, |ui| {
        ui.add(egui::Label::new(RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim)).wrap());
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
    fn a_card_without_optional_facts_shows_what_it_has() {
        let mut card = Model::built_in().unwrap().card;
        card.optional = Default::default();
        let facts = facts(&card, Language::English);
        assert!(facts[0].is_some() && facts[1].as_ref().unwrap().starts_with("IoU 0."));
        assert_eq!(facts[2..], [None, None, None]);
        assert!(!spoken(&card, &facts, None, Language::English).contains("Recommended"));
        let words = spoken(&card, &facts, Some("Small and sure."), Language::English);
        assert!(words.starts_with(&format!("{}. Recommended: Small and sure. ", card.title)), "{words}");
    }

    #[test]
    fn milliseconds_have_tenths_below_ten() {
        assert_eq!([millis(0.44), millis(9.9), millis(12.3)], ["0.4", "9.9", "12"]);
    }
}
