//! The canvas: the photo with its overlay, moved and zoomed by pointer and touch.

use eframe::egui::{self, Context, Key, Painter, Sense, Ui};

use super::context::ViewContext;
use super::{
    abcd, agreement_table, brush, canvas_controls, compare, diameters, former, messages, navigation, no_lesion,
    photo, pointer_tool, ruler,
};
use crate::app::command::Command;
use crate::app::model::current::Phase;
use crate::app::model::geometry::Geometry;
use crate::app::names;
use crate::tr;

/// Draws the canvas; returns where the photo lies.
pub(super) fn canvas_ui(ui: &mut Ui, context: &mut ViewContext<'_>) -> Option<Geometry> {
    let area = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(area, Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, canvas_words(context)));
    let mut painter = ui.painter().clone();
    painter.set_clip_rect(area);
    let is_peeking = is_peeking(ui);
    let geometry = context.state.current.photo.clone().map(|shown| {
        if context.state.comparing.is_on {
            return compare::compare_ui(ui, context, &response, area, &shown, is_peeking);
        }
        let geometry = Geometry::new(area, shown.size(), context.state.view_transform, ui.ctx().pixels_per_point());
        let is_drawing = ruler::new_line_ui(ui, context, &response, &geometry);
        navigation::pan_and_zoom(ui, &response, &geometry, context, !is_drawing);
        let pixel = navigation::pixel_under_pointer(&response, &geometry, &shown);
        navigation::note_pointed_pixel(context, pixel);
        let pointer = if is_drawing {
            context.state.correction.pointer
        } else {
            pointer_tool::pointer_tool_ui(ui, &response, &geometry, context, shown.size())
        };
        // While correcting, Space moves the photo.
        let is_peeking = is_peeking && !context.state.correction.is_on;
        photo::paint(&painter, context, &shown, &geometry, is_peeking);
        if !is_peeking {
            photo::paint_overlay(&painter, context, shown.size(), &geometry);
            paint_measures(&painter, context, shown.size(), &geometry);
            agreement_table::paint_lit(&painter, context, shown.size(), &geometry);
            ruler::ruler_ui(ui, context, area, &geometry);
        }
        brush::paint(ui, &response, &painter, context, (&geometry, shown.size()), pointer.drag);
        canvas_controls::over_photo_ui(ui, context, area, &geometry, is_peeking);
        geometry
    });
    former::cover_ui(ui, context, area);
    if geometry.is_none() {
        navigation::note_pointed_pixel(context, None);
    }
    no_lesion::no_lesion_ui(ui, context, area);
    messages::messages_ui(ui, context, area);
    brush::unended_ui(ui, context, area);
    canvas_controls::progress_line_ui(ui, context, area);
    take_drops(ui.ctx(), context);
    geometry
}

/// Space shows the bare photo while it is held, unless a control has the keyboard.
fn is_peeking(ui: &Ui) -> bool {
    ui.ctx().memory(|memory| memory.focused().is_none()) && ui.input(|input| input.key_down(Key::Space))
}

/// What is measured, unless the bare photo is wanted.
fn paint_measures(painter: &Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let measuring = &context.state.measuring;
    if context.state.meaning().is_vessels() {
        // Neither diameters nor sectors are those of vessels.
    } else if measuring.shows_abcd {
        abcd::paint(painter, context, size, geometry);
    } else if measuring.shows_diameters {
        diameters::paint(painter, context, size, geometry);
    }
}

/// What a screen reader says of the canvas.
fn canvas_words(context: &ViewContext<'_>) -> String {
    let language = context.language();
    let state = context.state;
    let name = state.selected_entry().map(|entry| names::source(&entry.source, language)).unwrap_or_default();
    let is_vessels = state.meaning().is_vessels();
    match (&state.current.phase, &state.current.derived) {
        (Phase::FileFailed(words) | Phase::NetworkFailed(words), _) => words.said_in(language),
        (_, Some(derived)) if derived.area_px == 0 && is_vessels => tr!(language, "canvas-no-vessels", name = name),
        (_, Some(_)) if is_vessels => tr!(language, "canvas-vessels", name = name),
        (_, Some(derived)) if derived.area_px == 0 => tr!(language, "canvas-no-lesion", name = name),
        (_, Some(_)) => tr!(language, "canvas-outlined", name = name),
        _ => name,
    }
}

/// Files dropped on the window are opened; masks by their name are compared with.
pub(super) fn take_drops(ctx: &Context, context: &mut ViewContext<'_>) {
    let dropped: Vec<_> =
        ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
    if !dropped.is_empty() {
        context.send(Command::Open(dropped));
    }
}
