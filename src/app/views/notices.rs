//! Notices: the newest, and how many wait behind it. They stand at the foot of the side panel, where they cover nothing of
//! the photograph; without the panel, in the corner of the canvas. In a low window, where the panel's figures would make
//! room, what passes by itself is a line of the status bar.

use std::time::Duration;

use eframe::egui::{
    self, Align, Align2, CornerRadius, FontId, Id, Layout, Margin, Rect, RichText, Stroke, Ui, accesskit, vec2,
};

use super::context::ViewContext;
use super::widgets::{close_button_ui, inset};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::notices::{Notice, Severity};
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::{Language, sentence};
use crate::tr;

/// Width of a notice in the corner of the canvas.
const CORNER_WIDTH: f32 = 320.0;

/// Height of two lines: words that a button stands beside.
const SHORT_HEIGHT: f32 = 36.0;

/// Height that the zoom's buttons leave free above the canvas's foot.
const ABOVE_ZOOM: f32 = 44.0;

/// A window below this height is low.
const LOW: f32 = 700.0;

/// Whether the newest notice is a line of the status bar.
pub(super) fn is_in_bar(ui: &Ui, context: &ViewContext<'_>) -> bool {
    let newest = context.state.notices.list().last();
    let passes = newest.is_some_and(|notice| notice.severity == Severity::Info);
    passes && !context.state.panels.canvas_only && ui.ctx().content_rect().height() < LOW
}

/// In the status bar: on one line, with what can be done about it.
pub(super) fn in_bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    wake_at_next_end(ui, context);
    let Some(notice) = context.state.notices.list().last() else { return };
    let colours = theme::colours(ui);
    let words = said(notice, context);
    let (id, others) = (notice.id, context.state.notices.list().len() - 1);
    let offer = notice.offer.map(|action| (action, offer_word(action, language)));
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL);
    ui.spacing_mut().item_spacing.x = 2.0 * GRID;
    ui.spacing_mut().button_padding = vec2(1.5 * GRID, 0.0);
    ui.label(RichText::new(icons::CHECK_CIRCLE).size(theme::SIZE_BODY).color(colours.accent));
    let more = if others > 0 { tr!(language, "more-notices", count = others) } else { String::new() };
    let behind =
        offer.as_ref().map_or(0.0, |(_, label)| offer_width(ui, label)) + width_of(ui, &more) + 10.0 * GRID;
    ui.scope(|ui| {
        ui.set_max_width((ui.available_width() - behind).max(60.0));
        let label = ui.add(egui::Label::new(small(words.clone())).truncate()).on_hover_text(words);
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
    });
    if let Some((action, label)) = offer
        && ui.add(egui::Button::new(small(label).color(colours.accent)).min_size(vec2(0.0, 20.0))).clicked()
    {
        context.send(action);
    }
    if !more.is_empty() {
        ui.label(small(more).color(colours.dim));
    }
    let close = ui.add(egui::Button::new(small(icons::X.to_owned())).frame(false).min_size(vec2(20.0, 20.0)));
    close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, tr!(language, "close-notice")));
    if close.clicked() {
        context.send(Command::CloseNotice(id));
    }
}

/// Nobody moves the pointer for a notice to leave.
fn wake_at_next_end(ui: &Ui, context: &ViewContext<'_>) {
    if let Some(end) = context.state.notices.next_end() {
        let left = end - ui.input(|input| input.time);
        ui.ctx().request_repaint_after(Duration::from_secs_f64(left.max(0.0)));
    }
}

/// The notice's sentence.
fn said(notice: &Notice, context: &ViewContext<'_>) -> String {
    let words = sentence(&notice.words.said_in(context.language()));
    names::with_short_home(&words, context.state.home.as_deref())
}

/// At the foot of the side panel; what stands above makes room.
pub(super) fn in_panel_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    if context.state.notices.list().is_empty() || is_in_bar(ui, context) {
        return;
    }
    let colours = theme::colours(ui);
    let frame =
        egui::Frame::new().fill(colours.raised).inner_margin(Margin { left: 14, right: 6, top: 6, bottom: 8 });
    let foot = ui.available_rect_before_wrap().bottom();
    let shown = egui::Panel::bottom("notices").resizable(false).frame(frame).show(ui, |ui| notice_ui(ui, context));
    // A panel has the height of the frame before: a notice of another height is laid out again before anybody sees it.
    if (shown.response.rect.bottom() - foot).abs() > 0.5 {
        ui.ctx().request_discard("a notice of another height");
    }
}

/// In the corner of the canvas, where the side panel is hidden.
pub(super) fn over_canvas_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect) {
    let has_panel = context.state.panels.shows_side() && !context.state.live.is_on;
    let is_elsewhere = has_panel || is_in_bar(ui, context);
    if context.state.notices.list().is_empty() || is_elsewhere {
        return;
    }
    let colours = theme::colours(ui);
    let frame = egui::Frame::new()
        .fill(colours.panel)
        .stroke(Stroke::new(1.0, colours.hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(Margin { left: 14, right: 6, top: 6, bottom: 8 });
    egui::Area::new(Id::unique("notices"))
        .order(egui::Order::Foreground)
        .fixed_pos(inset(area).right_bottom() - vec2(0.0, ABOVE_ZOOM))
        .pivot(Align2::RIGHT_BOTTOM)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_width(CORNER_WIDTH);
                notice_ui(ui, context);
            })
        });
}

/// The newest notice with what can be done about it, and how many others there are.
fn notice_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    wake_at_next_end(ui, context);
    let notices = &context.state.notices;
    let Some(notice) = notices.list().last() else { return };
    let colours = theme::colours(ui);
    let icon = match notice.severity {
        Severity::Info => (icons::CHECK_CIRCLE, colours.accent),
        Severity::Warning => (icons::WARNING, colours.warning),
        Severity::Failure => (icons::WARNING_CIRCLE, colours.failure),
    };
    let words = said(notice, context);
    let (id, others) = (notice.id, notices.list().len() - 1);
    let offer = notice.offer.map(|action| (action, offer_word(action, language)));
    // Beside a few words there is room for a button; a long sentence has it below.
    let is_short = offer.as_ref().is_some_and(|(_, label)| {
        let room = words_room(ui) - offer_width(ui, label) - 2.0 * GRID;
        height_of(ui, &words, room) <= SHORT_HEIGHT
    });
    let beside = offer.as_ref().filter(|_| is_short);
    match ui.horizontal_top(|ui| line_ui(ui, icon, &words, beside, language)).inner {
        Some(Asked::Offer) => offer.iter().for_each(|(action, _)| context.send(*action)),
        Some(Asked::Close) => context.send(Command::CloseNotice(id)),
        None => {}
    }
    let below = offer.as_ref().filter(|_| !is_short);
    if below.is_none() && others == 0 {
        return;
    }
    ui.horizontal(|ui| {
        ui.add_space(theme::ICON + 2.0 * GRID);
        if let Some((action, label)) = below
            && offer_ui(ui, label)
        {
            context.send(*action);
        }
        if others > 0 {
            let more = tr!(language, "more-notices", count = others);
            ui.label(RichText::new(more).size(theme::SIZE_SMALL).color(colours.dim));
        }
    });
}

/// What was clicked in a notice.
enum Asked {
    Offer,
    Close,
}

/// What the button of a notice says.
fn offer_word(action: Action, language: Language) -> String {
    match action {
        Action::UndoDecision => tr!(language, "review-undo"),
        other => other.label(language),
    }
}

fn offer_width(ui: &Ui, label: &str) -> f32 {
    width_of(ui, label) + 6.0 * GRID
}

fn width_of(ui: &Ui, words: &str) -> f32 {
    let font = FontId::proportional(theme::SIZE_BODY);
    ui.painter().layout_no_wrap(words.to_owned(), font, egui::Color32::WHITE).size().x
}

/// The button of a notice; whether it was clicked.
fn offer_ui(ui: &mut Ui, label: &str) -> bool {
    let colours = theme::colours(ui);
    let button = egui::Button::new(RichText::new(label).color(colours.accent)).fill(colours.hovered);
    ui.add(button.min_size(vec2(0.0, 28.0))).clicked()
}

/// Room of the words beside icon and closing button.
fn words_room(ui: &Ui) -> f32 {
    ui.available_width() - 32.0 - theme::ICON - 4.0 * GRID
}

fn height_of(ui: &Ui, words: &str, room: f32) -> f32 {
    let font = FontId::proportional(theme::SIZE_BODY);
    ui.painter().layout(words.to_owned(), font, egui::Color32::WHITE, room).size().y
}

/// Icon, words, the button of what is offered `beside` them, and the one that closes.
fn line_ui(
    ui: &mut Ui,
    (icon, colour): (&str, egui::Color32),
    words: &str,
    beside: Option<&(Action, String)>,
    language: Language,
) -> Option<Asked> {
    ui.spacing_mut().item_spacing.x = 2.0 * GRID;
    let button = beside.map_or(0.0, |(_, label)| offer_width(ui, label) + 2.0 * GRID);
    let room = words_room(ui) - button;
    let height = height_of(ui, words, room).max(32.0);
    let middle = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(vec2(theme::ICON, height.min(32.0)), middle, |ui| {
        ui.label(RichText::new(icon).size(theme::ICON).color(colour));
    });
    ui.allocate_ui_with_layout(vec2(room, height), middle, |ui| {
        ui.set_min_width(room);
        let label = ui.add(egui::Label::new(RichText::new(words)).wrap().selectable(true));
        // A screen reader says what comes without being asked.
        ui.ctx().accesskit_node_builder(label.id, |node| node.set_live(accesskit::Live::Polite));
    });
    let is_offer_taken = beside.is_some_and(|(_, label)| offer_ui(ui, label));
    let is_closed = close_button_ui(ui, &tr!(language, "close-notice"));
    is_offer_taken.then_some(Asked::Offer).or(is_closed.then_some(Asked::Close))
}
