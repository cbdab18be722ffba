//! The photographs to look at first, above the filmstrip: their order, and the pass through those that nobody has opened.

use eframe::egui::{self, Align2, CornerRadius, FontId, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::context::ViewContext;
use super::widgets::ring;
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ReviewChange;
use crate::app::icons;
use crate::app::model::list_order::ListOrder;
use crate::app::model::review::ReviewFilter;
use crate::app::theme;
use crate::language::Language;
use crate::tr;

/// What an order is called.
pub(super) fn order_words(order: ListOrder, language: Language) -> String {
    match order {
        ListOrder::Name => tr!(language, "queue-by-name"),
        ListOrder::Doubt => tr!(language, "queue-by-doubt"),
    }
}

/// The rows of the menu above the filmstrip: in which order, and to look through the folder.
pub(super) fn menu_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let chosen = context.state.queue.order;
    for (order, icon) in [(ListOrder::Name, icons::IMAGES), (ListOrder::Doubt, icons::WARNING)] {
        let word = order_words(order, language);
        let is_chosen = order == chosen;
        let row = egui::Button::selectable(is_chosen, format!("{icon}  {word}")).min_size(vec2(196.0, 30.0));
        let response = ui.add(row);
        response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_chosen, &word));
        if response.clicked() {
            context.send(Command::Review(ReviewChange::Order(order)));
            ui.close();
        }
    }
    if context.state.queue.is_looking_through || context.state.next_to_look_at().is_some() {
        let word = pass_label(context);
        let row = egui::Button::selectable(false, format!("{}  {word}", icons::MAGNIFYING_GLASS_PLUS));
        let response = ui.add(row.min_size(vec2(196.0, 30.0)));
        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, &word));
        if response.on_hover_text(pass_hint(context)).clicked() {
            context.send(Action::LookThrough);
            ui.close();
        }
    }
}

fn pass_label(context: &ViewContext<'_>) -> String {
    let language = context.language();
    if context.state.queue.is_looking_through {
        tr!(language, "queue-stop")
    } else {
        Action::LookThrough.label(language)
    }
}

fn pass_hint(context: &ViewContext<'_>) -> String {
    let language = context.language();
    let left = context.state.entries.len() - context.state.looked_at();
    let hint = tr!(language, "queue-look-through-hint", count = left);
    context.with_key(hint, Action::LookThrough)
}

/// Under the filter: the way to look through the folder while that is wanted for what is shown, and how far it is.
pub(super) fn pass_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let state = context.state;
    let is_running = state.queue.is_looking_through;
    let is_of_doubt = state.queue.order == ListOrder::Doubt || state.reviewing.filter == ReviewFilter::Doubtful;
    if !(is_running || is_of_doubt && state.next_to_look_at().is_some()) {
        return;
    }
    let colours = theme::colours(ui);
    let language = context.language();
    let (done, count) = (state.looked_at(), state.entries.len());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::click());
    let name = if is_running {
        tr!(language, "queue-progress-stop", done = done, count = count)
    } else {
        Action::LookThrough.label(language)
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let place = rect.shrink2(vec2(10.0, 5.0));
    let radius = CornerRadius::same(6);
    let is_lit = response.hovered() || response.has_focus();
    ui.painter().rect_filled(place, radius, if is_lit { colours.hovered } else { colours.raised });
    let (icon, words) = if is_running {
        let share = done as f32 / count.max(1) as f32;
        let line = Rect::from_min_size(place.left_bottom() - vec2(0.0, 3.0), vec2(place.width() * share, 3.0));
        ui.painter().rect_filled(line, CornerRadius::same(1), colours.accent);
        (icons::X, tr!(language, "queue-progress", done = done, count = count))
    } else {
        (icons::MAGNIFYING_GLASS_PLUS, tr!(language, "queue-look"))
    };
    if response.has_focus() {
        ring(ui, place, colours.accent);
    }
    let small = FontId::proportional(theme::SIZE_SMALL);
    ui.painter().text(place.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER, words, small, colours.text);
    let icon_font = FontId::proportional(theme::ICON_SMALL);
    ui.painter().text(place.right_center() - vec2(6.0, 0.0), Align2::RIGHT_CENTER, icon, icon_font, colours.dim);
    let hint = if is_running { name } else { pass_hint(context) };
    if response.on_hover_text(hint).clicked() {
        context.send(Action::LookThrough);
    }
}
