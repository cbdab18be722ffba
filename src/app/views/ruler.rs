//! The ruler: a line drawn along a ruler in the photo, its ends moved by pointer or key, and its length typed beside it.

use eframe::egui::{
    self, Align2, Color32, ColorImage, CornerRadius, CursorIcon, EventFilter, Id, Key, Modifiers, Painter, Pos2,
    Rect, Response, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::context::ViewContext;
use super::lesion::per_cent;
use super::marks;
use super::messages::float_ui;
use super::widgets::{labelled_button_ui, text_field_ui};
use crate::app::command::Command;
use crate::app::command::change::MeasureChange;
use crate::app::icons;
use crate::app::model::geometry::Geometry;
use crate::app::model::measure::Ruler;
use crate::app::model::scale::Scales;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::measure::pixel_size::ruler_uncertainty;
use crate::overlay::ticks;
use crate::photo::Photo;
use crate::tr;

/// How near a mark of the ruler an end must come to rest on it, in points.
const SNAP: f32 = 7.0;

/// Radius around an end in which it is grabbed: 44 points across, as fingers need.
const GRIP: f32 = 22.0;

/// Side of the loupe in points, how much closer than the photo it looks, and the fewest and most photo pixels in it.
const LOUPE_SIDE: f32 = 156.0;
const LOUPE_ZOOM: f32 = 5.0;
const LOUPE_PX: [f32; 2] = [31.0, 155.0];

/// The yellow of Okabe and Ito's set: neither outline's colour.
const YELLOW: Color32 = Color32::from_rgb(0xF0, 0xE4, 0x42);

/// Draws a new line while there is none; whether it takes the drag from the photo.
pub(super) fn new_line_ui(
    ui: &Ui,
    context: &mut ViewContext<'_>,
    response: &Response,
    geometry: &Geometry,
) -> bool {
    let (Some(ruler), Some(photo)) = (&context.state.measuring.ruler, context.state.current.photo.clone()) else {
        return false;
    };
    if response.hovered() && (ruler.ends.is_none() || ruler.start.is_some()) {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
    if response.drag_started() && ruler.ends.is_none() {
        let origin = ui.input(|input| input.pointer.press_origin()).unwrap_or_default();
        context.send(Command::Measure(MeasureChange::BeginLine(image_point(geometry, &photo, origin))));
        return true;
    }
    let Some(start) = ruler.start else { return false };
    if let Some(pointer) = response.interact_pointer_pos() {
        let end = image_point(geometry, &photo, pointer);
        let end = snapped(ui, &photo, geometry, start, end);
        context.commands.push(Command::Measure(MeasureChange::Line([start, end])));
        loupe_ui(ui, context, &photo, geometry, end);
    }
    if response.drag_stopped() || !response.dragged() {
        context.send(Command::Measure(MeasureChange::EndLine));
        // What comes next is typing.
        ui.ctx().memory_mut(|memory| memory.request_focus(length_id()));
    }
    true
}

/// The line with its ends to grip, and the card that asks for its length.
pub(super) fn ruler_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect, geometry: &Geometry) {
    let Some(ruler) = context.state.measuring.ruler.clone() else { return };
    let Some(photo) = context.state.current.photo.clone() else { return };
    if let Some(ends) = ruler.ends {
        let painter = ui.painter().with_clip_rect(area);
        let on_screen = ends.map(|end| marks::on_screen(geometry, photo.size(), end));
        marks::dimension(&painter, on_screen, 1.5, YELLOW);
        for place in 0..2 {
            end_ui(ui, &painter, context, &photo, geometry, ends, place);
        }
    }
    card_ui(ui, context, area, &ruler, &photo);
}

/// One end: dragged, or moved by the arrow keys once it has the focus; ten pixels at once with Shift.
fn end_ui(
    ui: &Ui,
    painter: &Painter,
    context: &mut ViewContext<'_>,
    photo: &Photo,
    geometry: &Geometry,
    ends: [[f64; 2]; 2],
    place: usize,
) {
    let language = context.language();
    let centre = marks::on_screen(geometry, photo.size(), ends[place]);
    let id = Id::unique("ruler end").with(place);
    let grip = Rect::from_center_size(centre, vec2(GRIP * 2.0, GRIP * 2.0));
    let response = ui.interact(grip.intersect(geometry.canvas), id, Sense::drag());
    let name = if place == 0 { tr!(language, "ruler-first-end") } else { tr!(language, "ruler-second-end") };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, &name));
    let is_lit = response.hovered() || response.dragged() || response.has_focus();
    let stroke = Stroke::new(if is_lit { 2.5 } else { 1.5 }, YELLOW);
    painter.circle_stroke(centre, 9.0, Stroke::new(stroke.width + 2.0, Color32::from_black_alpha(150)));
    painter.circle_stroke(centre, 9.0, stroke);
    let mut moved = None;
    if let (true, Some(pointer)) = (response.dragged(), response.interact_pointer_pos()) {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
        let end = image_point(geometry, photo, pointer);
        moved = Some(snapped(ui, photo, geometry, ends[1 - place], end));
        loupe_ui(ui, context, photo, geometry, moved.unwrap_or(end));
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        moved = keyed(ui, ends[place]).or(moved);
        loupe_ui(ui, context, photo, geometry, ends[place]);
    }
    if let Some(end) = moved {
        let mut ends = ends;
        ends[place] = [0, 1].map(|axis| end[axis].clamp(0.0, f64::from(photo.size()[axis])));
        context.commands.push(Command::Measure(MeasureChange::Line(ends)));
    }
}

fn keyed(ui: &Ui, end: [f64; 2]) -> Option<[f64; 2]> {
    let ways = [
        (Key::ArrowLeft, [-1.0, 0.0]),
        (Key::ArrowRight, [1.0, 0.0]),
        (Key::ArrowUp, [0.0, -1.0]),
        (Key::ArrowDown, [0.0, 1.0]),
    ];
    let mut moved = None;
    for (key, way) in ways {
        for (modifiers, step) in [(Modifiers::SHIFT, 10.0), (Modifiers::NONE, 1.0)] {
            let presses = ui.input_mut(|input| input.count_and_consume_key(modifiers, key)) as f64;
            if presses > 0.0 {
                let from = moved.unwrap_or(end);
                moved = Some([0, 1].map(|axis| from[axis] + way[axis] * step * presses));
            }
        }
    }
    moved
}

/// The photo's coordinate under a screen point, kept within the photo.
fn image_point(geometry: &Geometry, photo: &Photo, point: Pos2) -> [f64; 2] {
    let inside = (point - geometry.photo.min) / geometry.points_per_px(photo.size());
    [
        f64::from(inside.x).clamp(0.0, f64::from(photo.width())),
        f64::from(inside.y).clamp(0.0, f64::from(photo.height())),
    ]
}

/// The end on the ruler's nearest mark, or where it is; Alt leaves it free.
fn snapped(ui: &Ui, photo: &Photo, geometry: &Geometry, other: [f64; 2], end: [f64; 2]) -> [f64; 2] {
    if ui.input(|input| input.modifiers.alt) {
        return end;
    }
    let reach_px = f64::from(SNAP / geometry.points_per_px(photo.size()));
    ticks::nearest_mark(photo, other, end, reach_px).unwrap_or(end)
}

/// A piece of the photo around `at`, enlarged beside it, while the photo itself is shown smaller than that.
fn loupe_ui(ui: &Ui, context: &mut ViewContext<'_>, photo: &Photo, geometry: &Geometry, at: [f64; 2]) {
    let points_per_px = geometry.points_per_px(photo.size());
    let count = (LOUPE_SIDE / (points_per_px * LOUPE_ZOOM)).clamp(LOUPE_PX[0], LOUPE_PX[1]) as i64 | 1;
    let zoom = LOUPE_SIDE / count as f32;
    if points_per_px * 1.5 > zoom {
        return;
    }
    let half = count / 2;
    let middle = at.map(|value| value.floor() as i64);
    let pixel = |index: i64| {
        let (x, y) = (middle[0] - half + index % count, middle[1] - half + index / count);
        let found = u32::try_from(x).ok().zip(u32::try_from(y).ok()).and_then(|(x, y)| photo.pixel(x, y));
        found.map_or(Color32::from_gray(24), |[r, g, b]| Color32::from_rgb(r, g, b))
    };
    let picture = ColorImage::new([count as usize; 2], (0..count * count).map(pixel).collect());
    let texture = context.pictures.loupe(ui.ctx(), picture);
    let point = marks::on_screen(geometry, photo.size(), at);
    let rect = loupe_place(geometry.canvas.shrink(8.0), point, LOUPE_SIDE);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("loupe")));
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    painter.image(texture, rect, whole, Color32::WHITE);
    painter.rect_stroke(rect, CornerRadius::same(4), Stroke::new(2.0, YELLOW), StrokeKind::Outside);
    // The loupe's middle pixel begins at a whole coordinate; the end may lie anywhere in it.
    let within = [0, 1].map(|axis| (at[axis] - middle[axis] as f64) as f32 + half as f32);
    let cross = rect.min + vec2(within[0], within[1]) * zoom;
    let thin = Stroke::new(1.0, YELLOW);
    for (from, to) in [(-32.0, -5.0), (5.0, 32.0)] {
        painter.line_segment([cross + vec2(from, 0.0), cross + vec2(to, 0.0)], thin);
        painter.line_segment([cross + vec2(0.0, from), cross + vec2(0.0, to)], thin);
    }
}

/// Beside the point, away from the hand below it; on the other side where there is no room.
fn loupe_place(room: Rect, point: Pos2, side: f32) -> Rect {
    let gap = side / 2.0 + 36.0;
    let above = point.y - gap - side / 2.0 >= room.top();
    let centre = pos2(
        point.x.clamp(room.left() + side / 2.0, room.right() - side / 2.0),
        if above { point.y - gap } else { point.y + gap },
    );
    Rect::from_center_size(centre, vec2(side, side))
}

fn length_id() -> Id {
    Id::unique("ruler length")
}

fn card_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect, ruler: &Ruler, photo: &Photo) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    float_ui(ui, "ruler", area, Align2::CENTER_TOP, |ui| {
        ui.set_max_width(430.0_f32.min(area.width() - 64.0));
        if ruler.ends.is_none() {
            ui.label(tr!(language, "ruler-draw"));
            ui.label(RichText::new(tr!(language, "ruler-draw-hint")).size(theme::SIZE_SMALL).color(dim));
            ui.add_space(GRID);
            ui.horizontal(|ui| {
                if labelled_button_ui(ui, icons::RULER, &tr!(language, "ruler-place")).clicked() {
                    let [width, height] = photo.size().map(f64::from);
                    let line = [[width / 3.0, height / 2.0], [width / 1.5, height / 2.0]];
                    context.commands.push(Command::Measure(MeasureChange::Line(line)));
                }
                close_ruler_ui(ui, context);
            });
            return;
        }
        length_ui(ui, context, ruler);
        if Scales::has_folder(photo) && context.state.entries.len() > 1 {
            let mut for_folder = ruler.for_folder;
            if ui.checkbox(&mut for_folder, tr!(language, "ruler-for-folder")).changed() {
                context.commands.push(Command::Measure(MeasureChange::ForFolder(for_folder)));
            }
        }
        outcome_ui(ui, ruler, language);
    });
}

fn length_ui(ui: &mut Ui, context: &mut ViewContext<'_>, ruler: &Ruler) {
    let language = context.language();
    ui.horizontal(|ui| {
        let name = ui.label(tr!(language, "ruler-length"));
        let mut text = ruler.length.clone();
        let field = egui::TextEdit::singleline(&mut text).id(length_id()).desired_width(84.0).hint_text("10 mm");
        let field = text_field_ui(ui, field.margin(vec2(8.0, 7.0))).labelled_by(name.id);
        if field.changed() {
            context.commands.push(Command::Measure(MeasureChange::Length(text)));
        }
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let use_it = labelled_button_ui(ui, icons::CHECK_CIRCLE, &tr!(language, "ruler-use"));
        if use_it.clicked() || is_entered {
            context.commands.push(Command::Measure(MeasureChange::UseLength));
        }
        close_ruler_ui(ui, context);
    });
}

fn close_ruler_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    if labelled_button_ui(ui, icons::X, &tr!(language, "ruler-put-away")).clicked() {
        context.commands.push(Command::Measure(MeasureChange::CloseRuler));
    }
}

/// What the line and the length come to, or what is wrong with them.
fn outcome_ui(ui: &mut Ui, ruler: &Ruler, language: Language) {
    let colours = theme::colours(ui);
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL);
    match (ruler.complaint, ruler.mm_per_px()) {
        (Some(complaint), _) => ui.label(small(complaint.words().said_in(language)).color(colours.failure)),
        (None, Ok(mm_per_px)) => {
            let length_px = ruler.length_px();
            let words = tr!(
                language,
                "ruler-outcome",
                length = format!("{length_px:.0}"),
                scale = format!("{mm_per_px:.4}"),
                percent = per_cent(ruler_uncertainty(length_px, mm_per_px * length_px)),
            );
            ui.label(small(words).color(colours.dim))
        }
        (None, Err(_)) => {
            let words = tr!(language, "ruler-line", length = format!("{:.0}", ruler.length_px()));
            ui.label(small(words).color(colours.dim))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loupe_stays_on_the_canvas_and_off_the_point() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(600.0, 500.0));
        for point in [pos2(300.0, 250.0), pos2(5.0, 5.0), pos2(595.0, 495.0)] {
            let rect = loupe_place(room, point, 155.0);
            assert!(room.contains_rect(rect), "{rect:?}");
            assert!(!rect.expand(20.0).contains(point), "{rect:?} covers {point:?}");
        }
    }
}
