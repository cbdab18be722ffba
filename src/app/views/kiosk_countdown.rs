//! The kiosk's question whether somebody is still there, before it clears the photographs.

use std::f32::consts::TAU;

use eframe::egui::{CornerRadius, FontId, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::kiosk_sizes::Sizes;
use crate::app::theme;
use crate::language::Language;
use crate::tr;

/// Seconds in a full ring.
const FULL: f32 = 10.0;

/// Covers the screen: the touch that says yes does nothing else.
pub(super) fn countdown_ui(
    ui: &Ui,
    area: Rect,
    sizes: Sizes,
    (seconds, ends_live): (u32, bool),
    language: Language,
) {
    let colours = theme::colours(ui);
    let [question, answer] = [tr!(language, "kiosk-still-there"), tr!(language, "kiosk-touch-to-continue")];
    let consequence = if ends_live {
        tr!(language, "kiosk-live-ends-in", seconds = seconds)
    } else {
        tr!(language, "kiosk-clears-in", seconds = seconds)
    };
    let words = format!("{question} {answer} {consequence}");
    ui.interact(area, ui.scope_id().with("countdown"), Sense::click_and_drag())
        .widget_info(|| WidgetInfo::labeled(Role::AlertDialog, true, &words));
    let painter = ui.painter();
    painter.rect_filled(area, CornerRadius::ZERO, colours.canvas.gamma_multiply(0.72));
    let room = (area.width() - 6.0 * sizes.margin).min(22.0 * sizes.sentence);
    let lay = |words, font, colour| painter.layout(words, font, colour, room);
    let lines = [
        (lay(question, theme::strong_font(sizes.sentence * 1.3), colours.text), 0.4 * sizes.margin),
        (lay(answer, FontId::proportional(sizes.sentence), colours.text), 0.7 * sizes.margin),
        (lay(consequence, FontId::proportional(sizes.small), colours.dim), 0.0),
    ];
    let radius = 2.0 * sizes.sentence;
    let gap = sizes.margin;
    let text_height: f32 = lines.iter().map(|(galley, below)| galley.size().y + below).sum();
    let text_width = lines.iter().map(|(galley, _)| galley.size().x).fold(0.0, f32::max);
    let size = vec2(text_width.max(2.0 * radius), 2.0 * radius + gap + text_height) + vec2(4.0, 3.0) * sizes.margin;
    let card = Rect::from_center_size(area.center(), size);
    painter.rect(
        card,
        CornerRadius::same(20),
        colours.panel,
        Stroke::new(1.5, colours.accent),
        eframe::egui::StrokeKind::Inside,
    );
    let centre = pos2(card.center().x, card.min.y + 1.5 * sizes.margin + radius);
    painter.circle_stroke(centre, radius, Stroke::new(6.0, colours.raised));
    painter.add(Shape::line(arc(centre, radius, seconds as f32 / FULL), Stroke::new(6.0, colours.accent)));
    let figure =
        painter.layout_no_wrap(seconds.to_string(), theme::strong_font(sizes.sentence * 1.7), colours.text);
    painter.galley(centre - figure.size() / 2.0, figure, colours.text);
    let mut top = centre.y + radius + gap;
    for (galley, below) in lines {
        let next = top + galley.size().y + below;
        painter.galley(pos2(card.center().x - galley.size().x / 2.0, top), galley, colours.text);
        top = next;
    }
}

/// The part of a circle that is left, from the top clockwise.
fn arc(centre: Pos2, radius: f32, share: f32) -> Vec<Pos2> {
    const STEPS: u8 = 72;
    let point = |step: u8| {
        let angle = TAU * share.min(1.0) * f32::from(step) / f32::from(STEPS) - TAU / 4.0;
        centre + radius * vec2(angle.cos(), angle.sin())
    };
    (0..=STEPS).map(point).collect()
}
