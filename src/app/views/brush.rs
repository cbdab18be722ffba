//! What lies over the photo while the mask is corrected, beside the mask itself: the open line and the brush.

use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Id, Key, Painter, PointerButton, Pos2, Rect, Response, Shape,
    Stroke, Ui, vec2,
};

use super::context::ViewContext;
use super::widgets::{labelled_button_ui, message_fill};
use super::{corrected_mask, outline, pointer_tool};
use crate::app::command::action::Action;
use crate::app::command::change::CorrectionChange;
use crate::app::icons;
use crate::app::model::correction::{Correction, PointerDrag, Tool};
use crate::app::model::geometry::Geometry;
use crate::app::theme::{self, GRID};
use crate::correction::Mode;
use crate::overlay::palette;
use crate::tr;

/// Draws the mask that is painted on, its outline, the open line and the brush.
pub(super) fn paint(
    ui: &Ui,
    response: &Response,
    painter: &Painter,
    context: &mut ViewContext<'_>,
    (geometry, size): (&Geometry, [u32; 2]),
    drag: PointerDrag,
) {
    if !context.state.correction.is_on {
        return;
    }
    corrected_mask::paint(ui, painter, context, size, geometry);
    paint_line(ui, painter, &context.state.correction, size, geometry);
    paint_pointer(ui, response, painter, context, (geometry, size), drag);
}

/// A line that shows on any photo.
fn two_tone(painter: &Painter, points: &[Pos2]) {
    for (width, colour) in [(3.5, Color32::from_black_alpha(150)), (1.5, Color32::WHITE)] {
        painter.add(Shape::line(points.to_vec(), Stroke::new(width, colour)));
    }
}

fn paint_line(ui: &Ui, painter: &Painter, correction: &Correction, size: [u32; 2], geometry: &Geometry) {
    let corners: Vec<Pos2> = correction.line.iter().map(|&point| geometry.screen_from_image(point, size)).collect();
    let Some((&first, &last)) = corners.first().zip(corners.last()) else { return };
    two_tone(painter, &corners);
    let pointer = ui.input(|input| input.pointer.hover_pos());
    if let Some(pointer) = pointer {
        // What is not fixed yet is dashed: to the pointer, and from it to the beginning.
        let rubber = if correction.tool == Tool::Lasso { vec![last, first] } else { vec![last, pointer, first] };
        painter.extend(Shape::dashed_line(&rubber, Stroke::new(2.5, Color32::from_black_alpha(120)), 6.0, 4.0));
        painter.extend(Shape::dashed_line(&rubber, Stroke::new(1.0, Color32::WHITE), 6.0, 4.0));
    }
    if correction.tool == Tool::Polygon {
        let closes = corners.len() > 2
            && pointer.is_some_and(|pointer| pointer.distance(first) <= pointer_tool::CLOSES_WITHIN);
        for (index, corner) in corners.iter().enumerate() {
            let radius = if index == 0 && closes { 7.0 } else { 4.0 };
            let fill = outline::colour(palette::EDITED);
            painter.circle(*corner, radius + 1.5, Color32::from_black_alpha(150), Stroke::NONE);
            painter.circle(*corner, radius, fill, Stroke::new(1.5, Color32::WHITE));
        }
    }
}

/// The brush as it would paint, its size beside it; a cross for lines, a hand for moving.
fn paint_pointer(
    ui: &Ui,
    response: &Response,
    painter: &Painter,
    context: &ViewContext<'_>,
    (geometry, size): (&Geometry, [u32; 2]),
    drag: PointerDrag,
) {
    let correction = &context.state.correction;
    let Some(pointer) = response.hover_pos() else { return };
    let (is_space, is_alt) = ui.input(|input| (input.key_down(Key::Space), input.modifiers.alt));
    if is_space || drag == PointerDrag::Pan {
        let is_down = ui.input(|input| input.pointer.any_down());
        ui.ctx().set_cursor_icon(if is_down { egui::CursorIcon::Grabbing } else { egui::CursorIcon::Grab });
        return;
    }
    if !matches!(correction.tool, Tool::Brush | Tool::Eraser) {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
        return;
    }
    let is_other = is_alt || ui.input(|input| input.pointer.button_down(PointerButton::Secondary));
    let erases = pointer_tool::mode_of(correction, is_other) == Mode::Erase;
    let radius = correction.brush_px / 2.0 * geometry.points_per_px(size);
    ui.ctx().set_cursor_icon(if radius < 3.0 { egui::CursorIcon::Crosshair } else { egui::CursorIcon::None });
    let colour = if erases { Color32::WHITE } else { outline::colour(palette::EDITED) };
    painter.circle_stroke(pointer, radius, Stroke::new(3.0, Color32::from_black_alpha(140)));
    painter.circle_stroke(pointer, radius, Stroke::new(1.25, colour));
    let arm = 3.0;
    for across in [vec2(arm, 0.0), vec2(0.0, arm)] {
        if across.y == 0.0 || !erases {
            painter.line_segment(
                [pointer - across, pointer + across],
                Stroke::new(2.5, Color32::from_black_alpha(140)),
            );
            painter.line_segment([pointer - across, pointer + across], Stroke::new(1.0, colour));
        }
    }
    if drag == PointerDrag::None {
        let mm = context.state.scale().map(|scale| scale.mm_per_px);
        let words = size_words(correction.brush_px, mm);
        let place = pointer + vec2(radius * 0.71 + 8.0, radius * 0.71 + 8.0);
        label(painter, place, words);
    }
}

/// A length in photo pixels, and in millimetres where they are known.
pub(super) fn size_words(px: f32, mm_per_px: Option<f64>) -> String {
    match mm_per_px {
        Some(mm) => format!("{:.2} mm", f64::from(px) * mm),
        None => format!("{px:.0} px"),
    }
}

fn label(painter: &Painter, place: Pos2, words: String) {
    let font = FontId::proportional(theme::SIZE_SMALL);
    let galley = painter.layout_no_wrap(words, font, Color32::WHITE);
    let room = Rect::from_min_size(place, galley.size()).expand2(vec2(5.0, 2.0));
    painter.rect_filled(room, CornerRadius::same(4), Color32::from_black_alpha(150));
    painter.galley(place, galley, Color32::WHITE);
}

/// Asks what to do with strokes that were under way when the program was killed.
pub(super) fn unended_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let Some(steps) = context.state.correction.unended else { return };
    let colours = theme::colours(ui);
    let frame = egui::Frame::new()
        .fill(message_fill(ui))
        .stroke(Stroke::new(1.0, colours.hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(egui::Margin::same(16));
    let width = 440.0_f32.min(area.width() - 64.0);
    egui::Area::new(Id::unique("unended correction"))
        .order(egui::Order::Foreground)
        .fixed_pos(area.center_top() + vec2(0.0, 16.0))
        .pivot(Align2::CENTER_TOP)
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.set_width(width);
                ui.horizontal(|ui| {
                    ui.label(
                        egui::RichText::new(icons::CLOCK_COUNTER_CLOCKWISE).size(theme::ICON).color(colours.accent),
                    );
                    let title = egui::RichText::new(tr!(language, "correct-unended-title"));
                    ui.label(title.font(theme::strong_font(theme::SIZE_HEADING)));
                });
                let words = tr!(language, "correct-unended", steps = steps);
                ui.add(egui::Label::new(egui::RichText::new(words).color(colours.dim)).wrap());
                ui.add_space(GRID);
                ui.horizontal(|ui| {
                    let restore = labelled_button_ui(ui, icons::CHECK, &tr!(language, "correct-restore"));
                    if restore.on_hover_text(tr!(language, "correct-restore-hint")).clicked() {
                        context.send(CorrectionChange::Restore(true));
                    }
                    let discard = labelled_button_ui(ui, icons::X, &tr!(language, "correct-discard"));
                    if discard
                        .on_hover_text(tr!(
                            language,
                            "correct-discard-hint",
                            key = context.keys().shown(Action::Redo)
                        ))
                        .clicked()
                    {
                        context.send(CorrectionChange::Restore(false));
                    }
                });
            });
        });
}
