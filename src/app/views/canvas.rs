//! The canvas: the photo with its overlay, moved and zoomed by hand.

use eframe::egui::{self, Context, Id, Key, Painter, Rect, Response, Sense, Ui, vec2};

use super::{Desk, abcd, agreement_table, brush, compare, diameters, furniture, hand, messages, photo, ruler};
use crate::app::command::{Action, Command, OverlayView};
use crate::app::geometry::Geometry;
use crate::app::names;
use crate::app::state::{Look, Phase};
use crate::display::Tone;
use crate::photo::Photo;
use crate::tr;

/// How much one notch of the wheel zooms, as the exponent of a point scrolled.
const WHEEL_ZOOM: f32 = 0.004;

/// Draws the canvas; returns where the photo lies.
pub(super) fn canvas_ui(ui: &mut Ui, desk: &mut Desk<'_>) -> Option<Geometry> {
    let area = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(area, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, canvas_words(desk)));
    let mut painter = ui.painter().clone();
    painter.set_clip_rect(area);
    let is_peeking = is_peeking(ui);
    let geometry = desk.state.current.photo.clone().map(|shown| {
        if desk.state.comparing.is_on {
            return compare::compare_ui(ui, desk, &response, area, &shown, is_peeking);
        }
        let geometry = Geometry::new(area, shown.size(), desk.state.look, ui.ctx().pixels_per_point());
        let is_drawing = ruler::new_line_ui(ui, desk, &response, &geometry);
        move_by_hand(ui, &response, &geometry, desk, !is_drawing);
        note_pointer(ui, &response, &geometry, &shown);
        if !is_drawing {
            hand::work_by_hand(ui, &response, &geometry, desk, shown.size());
        }
        // While correcting, Space moves the photo.
        let is_peeking = is_peeking && !desk.state.correction.is_on;
        photo::paint(&painter, desk, &shown, &geometry, shown_tone(desk, is_peeking));
        if !is_peeking {
            photo::paint_overlay(&painter, desk, shown.size(), &geometry);
            paint_measures(&painter, desk, shown.size(), &geometry);
            agreement_table::paint_lit(&painter, desk, shown.size(), &geometry);
            ruler::ruler_ui(ui, desk, area, &geometry);
        }
        brush::paint(ui, &response, &painter, desk, shown.size(), &geometry);
        furniture::over_photo_ui(ui, desk, area, &geometry, is_peeking);
        geometry
    });
    if geometry.is_none() {
        note_pointed_pixel(ui.ctx(), None);
    }
    agreement_table::agreement_table_ui(ui, desk, area);
    messages::messages_ui(ui, desk, area);
    brush::unended_ui(ui, desk, area);
    furniture::progress_line_ui(ui, desk, area);
    take_drops(ui.ctx(), desk);
    geometry
}

/// Space shows the bare photo while it is held, unless a control has the keyboard.
fn is_peeking(ui: &Ui) -> bool {
    ui.ctx().memory(|memory| memory.focused().is_none()) && ui.input(|input| input.key_down(Key::Space))
}

/// The tone that the photo is shown in: a peek shows it as it is stored.
pub(super) fn shown_tone(desk: &Desk<'_>, is_peeking: bool) -> Tone {
    if is_peeking { Tone::default() } else { desk.state.display.tone }
}

/// The view that can be shown: the error view needs a reference.
pub(super) fn effective_view(desk: &Desk<'_>) -> OverlayView {
    match desk.state.overlay.view {
        OverlayView::Error if !desk.state.has_reference() => OverlayView::Outline,
        view => view,
    }
}

/// What is measured, unless the bare photo is wanted.
fn paint_measures(painter: &Painter, desk: &Desk<'_>, size: [u32; 2], geometry: &Geometry) {
    let measuring = &desk.state.measuring;
    if measuring.shows_abcd {
        abcd::paint(painter, desk, size, geometry);
    } else if measuring.shows_diameters {
        diameters::paint(painter, desk, size, geometry);
    }
}

/// Moves and zooms by wheel, drag and pinch; without `may_pan` a drag is for something else.
pub(super) fn move_by_hand(ui: &Ui, response: &Response, geometry: &Geometry, desk: &mut Desk<'_>, may_pan: bool) {
    let is_correcting = desk.state.correction.is_on;
    if response.double_clicked() && !is_correcting {
        desk.send(Action::ZoomFit);
        return;
    }
    let mut look: Option<Look> = None;
    let is_panning = may_pan && response.dragged() && (!is_correcting || hand::is_panning(ui));
    if is_panning && response.drag_delta() != egui::Vec2::ZERO {
        look = Some(geometry.panned(response.drag_delta()));
    }
    if let (true, Some(pointer)) = (response.contains_pointer(), ui.input(|input| input.pointer.hover_pos())) {
        let (zoom, pan) = ui.input(wheel_and_pinch);
        if (zoom - 1.0).abs() > 1e-4 {
            look = Some(geometry.zoomed(zoom, pointer));
        } else if pan != egui::Vec2::ZERO {
            look = Some(geometry.panned(pan));
        }
    }
    if let Some(look) = look {
        desk.send(Command::Look(look));
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

/// What a screen reader says of the canvas.
fn canvas_words(desk: &Desk<'_>) -> String {
    let state = desk.state;
    let name = state.selected_entry().map(|entry| names::source(&entry.source)).unwrap_or_default();
    match (&state.current.phase, &state.current.derived) {
        (Phase::FileFailed(words) | Phase::NetworkFailed(words), _) => words.to_string(),
        (_, Some(derived)) if derived.area_px == 0 => tr!("canvas-no-lesion", name = name),
        (_, Some(_)) => tr!("canvas-outlined", name = name),
        _ => name,
    }
}

fn pointed_id() -> Id {
    Id::unique("pointed pixel")
}

/// Notes the photo pixel under the pointer, for the status bar.
pub(super) fn note_pointer(ui: &Ui, response: &Response, geometry: &Geometry, shown: &Photo) {
    let pointed = response.hover_pos().and_then(|point| geometry.image_from_screen(point, shown.size()));
    note_pointed_pixel(ui.ctx(), pointed);
}

fn note_pointed_pixel(ctx: &Context, pixel: Option<[u32; 2]>) {
    ctx.data_mut(|data| data.insert_temp(pointed_id(), pixel));
}

/// The photo pixel under the pointer.
pub(super) fn pointed_pixel(ctx: &Context) -> Option<[u32; 2]> {
    ctx.data(|data| data.get_temp::<Option<[u32; 2]>>(pointed_id())).flatten()
}

/// Files dropped on the window are opened; masks by their name are compared with.
fn take_drops(ctx: &Context, desk: &mut Desk<'_>) {
    let dropped: Vec<_> =
        ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
    if !dropped.is_empty() {
        desk.send(Command::Open(dropped));
    }
}

/// The part of the canvas that floating things may use.
pub(super) fn inset(area: Rect) -> Rect {
    area.shrink(16.0)
}
