//! The kiosk with nobody there: samples fade into each other, the outline draws itself, the name stands large.

use eframe::egui::{
    Color32, CornerRadius, FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::kiosk_sizes::Sizes;
use super::outline::colour;
use crate::app::kiosk::screen::Screen;
use crate::app::model::geometry::Geometry;
use crate::app::model::geometry::ViewTransform;
use crate::app::theme;
use crate::app::theme::NAME;
use crate::geometry::contour::Outline;
use crate::language::Language;
use crate::overlay::palette;
use crate::tr;

const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

pub(super) fn attract_ui(ui: &Ui, context: &mut ViewContext<'_>, screen: &Screen, area: Rect, sizes: Sizes) {
    let language = context.language();
    let now = ui.input(|input| input.time);
    let words = format!("{NAME}. {}. {}", tr!(language, "kiosk-invite"), tr!(language, "research-use-only"));
    ui.interact(area, ui.scope_id().with("attract"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let is_wide = area.width() > 1.25 * area.height();
    let (stage, side) =
        if is_wide { area.split_left_right_at_fraction(0.6) } else { area.split_top_bottom_at_fraction(0.62) };
    let painter = ui.painter();
    let layout = |size| Geometry::new(stage, size, ViewTransform::Fit, ui.ctx().pixels_per_point());
    let fade = screen.fade(now);
    if let Some(before) = &screen.before {
        let geometry = layout(before.size);
        let light = Color32::from_white_alpha(((1.0 - fade) * 255.0) as u8);
        painter.image(before.texture.id(), geometry.photo, WHOLE, light);
        let outlines = before.derived.as_ref().map_or(&[][..], |derived| &derived.outlines);
        paint_drawn(painter, &geometry, before.size, outlines, 1.0, 1.0 - fade);
    }
    let photo = context.state.current.photo.as_ref().map(|photo| (photo, layout(photo.size())));
    if let Some((photo, geometry)) = photo
        && let Some(texture) = context.pictures.overview(ui.ctx(), geometry.zoom * photo.width() as f32, true)
    {
        painter.image(texture.id(), geometry.photo, WHOLE, Color32::from_white_alpha((fade * 255.0) as u8));
        let outlines = context.state.current.derived.as_ref().map_or(&[][..], |derived| &derived.outlines);
        paint_drawn(painter, &geometry, photo.size(), outlines, screen.drawn(now), fade);
    }
    title(ui, side, sizes, language);
    let is_drawing = context.state.current.derived.is_some() && screen.drawn(now) < 1.0;
    if fade < 1.0 || is_drawing {
        ui.ctx().request_repaint_after(screen.frame());
    }
}

fn title(ui: &Ui, side: Rect, sizes: Sizes, language: Language) {
    let colours = theme::colours(ui);
    let painter = ui.painter();
    let room = side.shrink(sizes.margin * 1.5);
    let lines = [
        (NAME.to_owned(), theme::strong_font(sizes.sentence * 1.9), colours.text, 1.0),
        (tr!(language, "kiosk-invite"), FontId::proportional(sizes.sentence * 0.9), colours.text, 2.2),
        (tr!(language, "research-use-only"), theme::strong_font(sizes.small * 1.15), colours.warning, 0.5),
        (tr!(language, "kiosk-no-diagnosis"), FontId::proportional(sizes.small), colours.dim, 0.0),
    ];
    let laid: Vec<_> = lines
        .into_iter()
        .map(|(words, font, colour, gap)| (painter.layout(words, font, colour, room.width()), colour, gap))
        .collect();
    let height: f32 = laid.iter().map(|(galley, _, gap)| galley.size().y + gap * sizes.margin).sum();
    let mut top = room.center().y - height / 2.0;
    for (galley, colour, gap) in laid {
        let next = top + galley.size().y + gap * sizes.margin;
        painter.galley(pos2(room.min.x, top), galley, colour);
        top = next;
    }
}

/// The outlines as far as they are drawn, with a bright tip while they grow.
fn paint_drawn(
    painter: &Painter,
    geometry: &Geometry,
    size: [u32; 2],
    outlines: &[Outline],
    drawn: f32,
    light: f32,
) {
    if drawn <= 0.0 {
        return;
    }
    for outline in outlines {
        let closed = outline.iter().chain(outline.first());
        let line: Vec<Pos2> = closed.map(|&point| geometry.screen_from_image(point, size)).collect();
        let part = beginning(&line, drawn);
        let halo = colour(palette::HALO).gamma_multiply(0.6 * light);
        let bright = colour(palette::PREDICTION).gamma_multiply(light);
        painter.add(Shape::line(part.clone(), Stroke::new(6.0, halo)));
        painter.add(Shape::line(part.clone(), Stroke::new(3.0, bright)));
        if let (Some(tip), true) = (part.last(), drawn < 1.0) {
            painter.rect_filled(Rect::from_center_size(*tip, vec2(9.0, 9.0)), CornerRadius::same(5), bright);
        }
    }
}

/// The first `share` of a line by its length.
fn beginning(line: &[Pos2], share: f32) -> Vec<Pos2> {
    let length: f32 = line.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let mut left = length * share;
    let mut part: Vec<Pos2> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]);
        if step >= left {
            part.push(pair[0] + (pair[1] - pair[0]) * (left / step.max(f32::EPSILON)));
            break;
        }
        // Points closer than the screen shows only cost time.
        if part.last().is_none_or(|last| last.distance(pair[1]) > 0.75) {
            part.push(pair[1]);
        }
        left -= step;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_drawn_by_its_length() {
        let line = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 30.0)];
        assert_eq!(beginning(&line, 0.5), [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 10.0)]);
        assert_eq!(beginning(&line, 1.0), line);
        assert_eq!(beginning(&line, 0.0), [pos2(0.0, 0.0), pos2(0.0, 0.0)]);
        assert!(beginning(&[], 0.5).is_empty());
    }
}
