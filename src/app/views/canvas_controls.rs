//! What floats over the canvas: scale bar, zoom, and the line that shows work under way.

use eframe::egui::{
    self, Align, Color32, CornerRadius, FontId, Layout, Rect, RichText, Stroke, TextStyle, Ui, UiBuilder, pos2,
    vec2,
};

use super::context::ViewContext;
use super::widgets::{ground, inset};
use super::{display, legend};
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::geometry::Geometry;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::measure::shown_figure::round_length;
use crate::pipeline::TileProgress;
use crate::tr;

/// The actions of the zoom that have words.
const ZOOM_ACTIONS: [Action; 2] = [Action::ZoomFit, Action::ZoomActual];

/// The least width of one of them, in points.
const ZOOM_BUTTON: f32 = 48.0;

/// Width of the zoom's icons and percentage, with what is between them and around all of it, in points.
const ZOOM_ICONS: f32 = 144.0;

/// Longest scale bar, in points, and the longest where there is hardly room.
const SCALE_BAR_MAX: f32 = 160.0;
const SCALE_BAR_MIN: f32 = 24.0;

/// Space for the scale bar's words and its margins.
const SCALE_WORDS: f32 = 100.0;

/// Height of the ground under the scale bar.
const SCALE_HEIGHT: f32 = 32.0;

/// Everything that floats over a photo.
pub(super) fn over_photo_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    area: Rect,
    geometry: &Geometry,
    is_peeking: bool,
) {
    let language = context.language();
    scale_and_zoom_ui(ui, context, area, geometry, is_peeking);
    let area = inset(area);
    if is_peeking {
        let is_adjusted = !context.state.display.tone.is_neutral();
        caption_ui(
            ui,
            area,
            &if is_adjusted { tr!(language, "display-peeking") } else { tr!(language, "peeking") },
        );
    } else {
        legend::legend_ui(ui, context, area);
    }
}

/// Scale bar, zoom, and the sign that the photo is adjusted, alone.
pub(super) fn scale_and_zoom_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    area: Rect,
    geometry: &Geometry,
    is_peeking: bool,
) {
    zoom_ui(ui, context, area, geometry);
    let area = inset(area);
    scale_bar_ui(ui, context, area, geometry);
    if !is_peeking {
        let above_scale = area.with_max_y(area.bottom() - SCALE_HEIGHT - 2.0 * GRID);
        display::adjusted_ui(ui, context, above_scale);
    }
}

fn scale_bar_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect, geometry: &Geometry) {
    let Some(photo) = &context.state.current.photo else { return };
    let points_per_px = geometry.points_per_px(photo.size());
    let (points_per_unit, unit) = match context.state.scale() {
        Some(scale) => (points_per_px / scale.mm_per_px as f32, "mm"),
        None => (points_per_px, "px"),
    };
    // Beside the zoom, with room for the bar's words: a canvas may be narrow.
    let room = zoom_rect_in(ui, context.language(), area).left() - area.left() - SCALE_WORDS;
    let longest = room.clamp(SCALE_BAR_MIN, SCALE_BAR_MAX) / points_per_unit;
    let length = round_length(f64::from(longest)) as f32;
    let words = format!("{length} {unit}");
    let font = FontId::proportional(theme::SIZE_SMALL);
    let colours = theme::colours(ui);
    let galley = ui.painter().layout_no_wrap(words, font, colours.text);
    let bar = length * points_per_unit;
    let size = vec2(bar + galley.size().x + 8.0 * GRID, SCALE_HEIGHT);
    let rect = Rect::from_min_size(pos2(area.left(), area.bottom() - size.y), size);
    ground(ui, rect);
    let (left, y) = (rect.left() + 3.0 * GRID, rect.center().y);
    let stroke = Stroke::new(1.5, colours.text);
    let painter = ui.painter();
    painter.hline(left..=left + bar, y, stroke);
    for x in [left, left + bar] {
        painter.vline(x, y - 4.0..=y + 4.0, stroke);
    }
    let text = pos2(left + bar + 2.0 * GRID, y - galley.size().y / 2.0);
    painter.galley(text, galley, colours.text);
}

/// Where zoom's buttons lie on a canvas.
pub(super) fn zoom_rect(ui: &Ui, language: Language, canvas: Rect) -> Rect {
    zoom_rect_in(ui, language, inset(canvas))
}

/// As wide as the two words need in the language.
fn zoom_rect_in(ui: &Ui, language: Language, area: Rect) -> Rect {
    let width = |action: Action| {
        let font = TextStyle::Button.resolve(ui.style());
        let text = ui.painter().layout_no_wrap(action.label(language), font, Color32::WHITE).size().x;
        (text + 2.0 * ui.spacing().button_padding.x).max(ZOOM_BUTTON)
    };
    let size = vec2(ZOOM_ICONS + ZOOM_ACTIONS.map(width).iter().sum::<f32>(), 36.0);
    Rect::from_min_size(area.right_bottom() - size, size)
}

/// Zoom's buttons in the corner of a canvas.
pub(super) fn zoom_ui(ui: &mut Ui, context: &mut ViewContext<'_>, canvas: Rect, geometry: &Geometry) {
    let language = context.language();
    let rect = zoom_rect(ui, language, canvas);
    ground(ui, rect);
    let builder =
        UiBuilder::new().max_rect(rect.shrink2(vec2(6.0, 2.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (icon, action) in
            [(icons::MAGNIFYING_GLASS_MINUS, Action::ZoomOut), (icons::MAGNIFYING_GLASS_PLUS, Action::ZoomIn)]
        {
            super::widgets::icon_button_ui(ui, context, icon, action);
        }
        let percent = names::percent(f64::from(geometry.zoom), language);
        ui.allocate_ui_with_layout(
            vec2(56.0, 32.0),
            Layout::centered_and_justified(egui::Direction::TopDown),
            |ui| {
                ui.label(RichText::new(percent).size(theme::SIZE_SMALL));
            },
        );
        for action in ZOOM_ACTIONS {
            let button = egui::Button::new(action.label(language)).frame(true).min_size(vec2(ZOOM_BUTTON, 28.0));
            if ui.add(button).on_hover_text(context.hint(action)).clicked() {
                context.send(action);
            }
        }
    });
}

/// A sentence at the top of the canvas.
fn caption_ui(ui: &Ui, area: Rect, words: &str) {
    let text = theme::colours(ui).text;
    let galley = ui.painter().layout_no_wrap(words.into(), FontId::proportional(theme::SIZE_BODY), text);
    let size = galley.size() + vec2(24.0, 14.0);
    let rect = Rect::from_min_size(pos2(area.center().x - size.x / 2.0, area.top()), size);
    ground(ui, rect);
    ui.painter().galley(rect.min + vec2(12.0, 7.0), galley, text);
}

/// A thin line on top of the canvas while a photo is read or segmented.
pub(super) fn progress_line_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect) {
    if !context.state.is_busy() {
        return;
    }
    match context.state.current.tiles {
        Some(TileProgress { done, total }) => {
            let width = area.width() * done as f32 / total as f32;
            let line = Rect::from_min_size(area.min, vec2(width, 2.0));
            ui.painter().rect_filled(line, CornerRadius::ZERO, theme::colours(ui).accent);
        }
        None => running_line(ui, area),
    }
}

/// The line on the upper edge of what is being worked on.
pub(super) fn running_line(ui: &Ui, area: Rect) {
    let accent = theme::colours(ui).accent;
    let time = ui.input(|input| input.time) as f32;
    let width = area.width() * 0.3;
    let left = area.left() - width + (area.width() + width) * (time * 0.8).fract();
    let line = Rect::from_min_size(pos2(left, area.top()), vec2(width, 2.0)).intersect(area);
    ui.painter().rect_filled(line, CornerRadius::ZERO, accent);
    ui.ctx().request_repaint();
}
