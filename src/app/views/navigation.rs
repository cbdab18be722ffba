//! Moving over the photo: wheel, drag and pinch, and which pixel the pointer is on.

use eframe::egui::{self, Response, Ui, vec2};

use super::context::ViewContext;
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ViewChange;
use crate::app::model::correction::PointerDrag;
use crate::app::model::geometry::{Geometry, ViewTransform};
use crate::photo::Photo;

/// How much one notch of the wheel zooms, as the exponent of a point scrolled.
const WHEEL_ZOOM: f32 = 0.004;

/// Moves and zooms by wheel, drag and pinch; without `may_pan` a drag is for something else.
pub(super) fn pan_and_zoom(
    ui: &Ui,
    response: &Response,
    geometry: &Geometry,
    context: &mut ViewContext<'_>,
    may_pan: bool,
) {
    let correction = &context.state.correction;
    let is_correcting = correction.is_on;
    let moves_photo = !is_correcting || correction.pointer.drag == PointerDrag::Pan;
    if response.double_clicked() && !is_correcting {
        context.send(Action::ZoomFit);
        return;
    }
    let mut view_transform: Option<ViewTransform> = None;
    let is_panning = may_pan && response.dragged() && moves_photo;
    if is_panning && response.drag_delta() != egui::Vec2::ZERO {
        view_transform = Some(geometry.panned(response.drag_delta()));
    }
    if let (true, Some(pointer)) = (response.contains_pointer(), ui.input(|input| input.pointer.hover_pos())) {
        let (zoom, pan) = ui.input(wheel_and_pinch);
        if (zoom - 1.0).abs() > 1e-4 {
            view_transform = Some(geometry.zoomed(zoom, pointer));
        } else if pan != egui::Vec2::ZERO {
            view_transform = Some(geometry.panned(pan));
        }
    }
    if let Some(view_transform) = view_transform {
        context.send(Command::SetView(view_transform));
    }
    if is_panning {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    }
}

/// The zoom factor and the pan that wheel, touchpad and touch screen ask for: a wheel's notches zoom, two fingers on a
/// touchpad pan, a pinch zooms.
fn wheel_and_pinch(input: &egui::InputState) -> (f32, egui::Vec2) {
    if let Some(touch) = input.multi_touch() {
        return (touch.zoom_delta, touch.translation_delta);
    }
    let is_touchpad = input
        .raw
        .events
        .iter()
        .any(|event| matches!(event, egui::Event::MouseWheel { unit: egui::MouseWheelUnit::Point, .. }));
    let pinch = input.zoom_delta();
    if (pinch - 1.0).abs() > 1e-4 {
        return (pinch, egui::Vec2::ZERO);
    }
    let scroll = input.smooth_scroll_delta();
    if is_touchpad { (1.0, scroll) } else { ((scroll.y * WHEEL_ZOOM).exp(), vec2(scroll.x, 0.0)) }
}

/// The pixel of `shown` under the pointer.
pub(super) fn pixel_under_pointer(response: &Response, geometry: &Geometry, shown: &Photo) -> Option<[u32; 2]> {
    response.hover_pos().and_then(|point| geometry.image_from_screen(point, shown.size()))
}

/// Remembers the photo's pixel under the pointer, for the status bar.
pub(super) fn note_pointed_pixel(context: &mut ViewContext<'_>, pixel: Option<[u32; 2]>) {
    if context.state.pointed_pixel != pixel {
        context.send(Command::View(ViewChange::PointedPixel(pixel)));
    }
}
