//! States in words: nothing open, a file failed, no lesion found; the zone for a drop.

use std::path::Path;

use eframe::egui::{
    self, Align, Align2, CornerRadius, FontId, Id, Layout, Margin, Rect, RichText, Stroke, StrokeKind, Ui,
    UiBuilder, vec2,
};

use super::context::ViewContext;
use super::notices;
use super::widgets::{inset, labelled_button_ui, message_fill};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::current::Phase;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::{Language, sentence};
use crate::tr;

/// Width of a message on the canvas.
const CARD_WIDTH: f32 = 440.0;

pub(super) fn messages_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    match &context.state.current.phase {
        Phase::Nothing => welcome_ui(ui, context, area),
        Phase::FileFailed(words) => file_failed_ui(ui, context, area, &words.said_in(language)),
        Phase::Loading | Phase::Segmenting | Phase::Done | Phase::NetworkFailed(_) => {}
    }
    notices::over_canvas_ui(ui, context, area);
    drop_zone_ui(ui, area, language);
}

/// A message in the middle of the canvas: icon, title, words, buttons.
pub(super) fn card_ui(
    ui: &mut Ui,
    home: Option<&Path>,
    area: Rect,
    icon: (&str, egui::Color32),
    title: &str,
    words: &str,
    buttons: impl FnOnce(&mut Ui),
) {
    let width = CARD_WIDTH.min(area.width() - 32.0);
    let place = Rect::from_center_size(area.center(), vec2(width, 260.0));
    let colours = theme::colours(ui);
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)), |ui| {
        ui.label(RichText::new(icon.0).size(44.0).color(icon.1));
        ui.add_space(GRID);
        ui.label(RichText::new(title).font(theme::strong_font(theme::SIZE_TITLE)));
        ui.add_space(GRID);
        let words = names::with_short_home(&sentence(words), home);
        let size = even_lines(ui, &words);
        ui.allocate_ui_with_layout(size, Layout::top_down(Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(words).color(colours.dim)).wrap().selectable(true));
        });
        ui.add_space(4.0 * GRID);
        buttons(ui);
    });
}

/// Size of the words where no line is much shorter than the others: no word stands alone in the last.
fn even_lines(ui: &Ui, words: &str) -> egui::Vec2 {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let within = |width: f32| ui.painter().layout(words.to_owned(), font.clone(), egui::Color32::WHITE, width);
    let widest = ui.available_width();
    let lines = within(widest).rows.len();
    let (mut least, mut most) = (widest / 2.0, widest);
    for _ in 0..6 {
        let middle = (least + most) / 2.0;
        if within(middle).rows.len() > lines { least = middle } else { most = middle }
    }
    // A line that just fits is not broken again by rounding.
    vec2((most + 1.0).min(widest), within(most).size().y)
}

/// A button of a message.
pub(super) struct CardButton {
    pub(super) icon: &'static str,
    pub(super) label: String,
    pub(super) command: Command,
    pub(super) hint: String,
}

impl CardButton {
    /// For an action, with its own words.
    pub(super) fn of(context: &ViewContext<'_>, icon: &'static str, action: Action) -> Self {
        Self { icon, label: action.label(context.language()), command: action.into(), hint: context.hint(action) }
    }
}

/// Buttons side by side in the middle.
pub(super) fn button_row_ui(ui: &mut Ui, context: &mut ViewContext<'_>, buttons: &[CardButton]) {
    // As wide as it was in the last frame: only layout, so egui's memory has it.
    let id = Id::unique("button row width");
    let width = ui.ctx().data(|data| data.get_temp::<f32>(id)).unwrap_or(CARD_WIDTH);
    let row =
        Rect::from_center_size(egui::pos2(ui.max_rect().center().x, ui.cursor().top() + 16.0), vec2(width, 32.0));
    ui.scope_builder(UiBuilder::new().max_rect(row).layout(Layout::left_to_right(Align::Center)), |ui| {
        for CardButton { icon, label, command, hint } in buttons {
            if labelled_button_ui(ui, icon, label).on_hover_text(hint).clicked() {
                context.commands.push(command.clone());
            }
        }
        let used = ui.min_rect().width();
        if (used - width).abs() > 0.5 {
            ui.ctx().data_mut(|data| data.insert_temp(id, used));
            ui.ctx().request_repaint();
        }
    });
}

fn welcome_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let (dim, home) = (theme::colours(ui).dim, context.state.home.as_deref());
    let (title, words) = (tr!(language, "welcome-title"), tr!(language, "welcome"));
    card_ui(ui, home, area, (icons::IMAGES, dim), &title, &words, |ui| {
        let buttons = [
            CardButton::of(context, icons::IMAGE, Action::OpenPhotos),
            CardButton::of(context, icons::FOLDER_OPEN, Action::OpenFolder),
            CardButton::of(context, icons::TARGET, Action::OpenSample),
        ];
        button_row_ui(ui, context, &buttons);
    });
}

fn file_failed_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect, words: &str) {
    let language = context.language();
    let (failure, home) = (theme::colours(ui).failure, context.state.home.as_deref());
    card_ui(ui, home, area, (icons::IMAGE_BROKEN, failure), &tr!(language, "file-failed"), words, |ui| {
        let retry = CardButton {
            label: tr!(language, "try-again"),
            ..CardButton::of(context, icons::ARROW_COUNTER_CLOCKWISE, Action::Retry)
        };
        let mut buttons = vec![retry];
        if context.state.selected + 1 < context.state.entries.len() {
            buttons.push(CardButton::of(context, icons::CARET_RIGHT, Action::Next));
        }
        buttons.push(CardButton::of(context, icons::IMAGE, Action::OpenPhotos));
        button_row_ui(ui, context, &buttons);
    });
}

/// A floating card with `content`.
pub(super) fn float_ui(ui: &Ui, name: &str, area: Rect, place: Align2, content: impl FnOnce(&mut Ui)) {
    let offset = match place {
        Align2::CENTER_TOP => vec2(0.0, 16.0),
        _ => egui::Vec2::ZERO,
    };
    let frame = egui::Frame::new()
        .fill(message_fill(ui))
        .stroke(Stroke::new(1.0, theme::colours(ui).hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(Margin::same(14));
    egui::Area::new(Id::unique(name))
        .order(egui::Order::Middle)
        .fixed_pos(place.pos_in_rect(&area) + offset)
        .pivot(place)
        .constrain_to(inset(area))
        .show(ui.ctx(), |ui| frame.show(ui, content));
}

/// While files hover over the window.
pub(super) fn drop_zone_ui(ui: &Ui, area: Rect, language: Language) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let colours = theme::colours(ui);
    let zone = inset(area);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("drop zone")));
    painter.rect_filled(zone, CornerRadius::same(12), colours.canvas.gamma_multiply(0.85));
    painter.rect_stroke(zone, CornerRadius::same(12), Stroke::new(2.0, colours.accent), StrokeKind::Inside);
    let font = theme::strong_font(theme::SIZE_TITLE);
    painter.text(
        zone.center() - vec2(0.0, 14.0),
        Align2::CENTER_CENTER,
        tr!(language, "drop-to-open"),
        font,
        colours.text,
    );
    let words = tr!(language, "drop-hint");
    let font = FontId::proportional(theme::SIZE_BODY);
    painter.text(zone.center() + vec2(0.0, 16.0), Align2::CENTER_CENTER, words, font, colours.dim);
}
