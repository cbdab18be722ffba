//! The kiosk's buttons and short texts, in the sizes of its screen.

use eframe::egui::{
    self, Color32, CornerRadius, FontId, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2,
};

use super::kiosk_sizes::Sizes;
use crate::app::theme;

/// At most two lines; the rest of a long reason is in the log.
pub(super) fn elided(
    painter: &egui::Painter,
    words: String,
    size: f32,
    colour: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple(words, FontId::proportional(size), colour, width);
    job.wrap.max_rows = 2;
    painter.layout_job(job)
}

/// The size in which all labels fit their buttons: they stand beside each other.
pub(super) fn label_size(ui: &Ui, labels: &[&str], button_width: f32, sizes: Sizes) -> f32 {
    let room = button_width - 20.0;
    let width = |label: &str| {
        let font = theme::strong_font(sizes.button);
        ui.painter().layout_no_wrap(label.to_owned(), font, Color32::WHITE).size().x
    };
    let widest = labels.iter().copied().map(width).fold(room, f32::max);
    (sizes.button * room / widest).max(13.0)
}

/// How a button stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    On,
    Off,
    /// There is nothing for it to do.
    Disabled,
}

impl Look {
    pub(super) fn of(is_enabled: bool, is_on: bool) -> Self {
        match (is_enabled, is_on) {
            (false, _) => Self::Disabled,
            (true, true) => Self::On,
            (true, false) => Self::Off,
        }
    }
}

/// A button with its icon and label, in letters of `size` points.
pub(super) fn button_ui(ui: &Ui, place: Rect, (icon, label): (&str, &str), size: f32, look: Look) -> Response {
    let colours = theme::colours(ui);
    let is_enabled = look != Look::Disabled;
    let sense = if is_enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(place, ui.scope_id().with(("kiosk", icon)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, label));
    let is_touched = response.is_pointer_button_down_on() || response.hovered();
    let is_on = look == Look::On;
    let (fill, text) = match look {
        Look::On => (colours.accent, colours.on_accent),
        Look::Off if is_touched => (colours.hovered, colours.text),
        Look::Off => (colours.raised, colours.text),
        Look::Disabled => (colours.raised.gamma_multiply(0.6), colours.dim.gamma_multiply(0.6)),
    };
    let painter = ui.painter();
    painter.rect_filled(place, CornerRadius::same(14), fill);
    if response.has_focus() {
        let stroke = Stroke::new(3.0, if is_on { colours.on_accent } else { colours.accent });
        painter.rect_stroke(place, CornerRadius::same(14), stroke, egui::StrokeKind::Inside);
    }
    let words = painter.layout(label.to_owned(), theme::strong_font(size), text, place.width() - 12.0);
    let glyph = painter.layout_no_wrap(icon.to_owned(), FontId::proportional(0.36 * place.height()), text);
    let height = glyph.size().y + words.size().y;
    let top = place.center().y - height / 2.0;
    painter.galley(pos2(place.center().x - glyph.size().x / 2.0, top), glyph.clone(), text);
    painter.galley(pos2(place.center().x - words.size().x / 2.0, top + glyph.size().y), words, text);
    response
}
