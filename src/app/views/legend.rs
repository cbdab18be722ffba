//! What the colours on the canvas mean, for the view that is shown: each sign as it is drawn over the photo.

use eframe::egui::{Align2, CornerRadius, FontId, Painter, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::context::ViewContext;
use super::marks::halo;
use super::outline::{self, DASH, GAP, THIN};
use super::widgets::ground;
use crate::app::command::action::Action;
use crate::app::theme::{self, GRID};
use crate::overlay::palette::{self, Rgb};
use crate::overlay::view::OverlayView;
use crate::tr;

/// Size of a sign, in points.
const SIGN: [f32; 2] = [24.0, 12.0];

/// How a colour is drawn.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    Line(Rgb),
    Dashes(Rgb),
    /// An area with a dark edge.
    Area(Rgb),
    Hatched(Rgb),
    /// An area between two thin lines.
    Band(Rgb),
    /// A dark edge around bare skin of this colour.
    Bare(Rgb),
}

/// Draws the legend where the view has one; nothing where all is the network's.
pub(super) fn legend_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect) {
    // The ruler's card lies there.
    if context.state.current.derived.is_none() || context.state.measuring.ruler.is_some() {
        return;
    }
    match context.effective_view() {
        OverlayView::Heat => heat_ui(ui, context, area),
        OverlayView::Off => {}
        view => key_ui(ui, area, &entries(context, view)),
    }
}

/// How high the legend is, with the space below it; 0 where there is none.
pub(super) fn height(context: &ViewContext<'_>) -> f32 {
    match context.effective_view() {
        OverlayView::Off => 0.0,
        OverlayView::Heat => 60.0,
        view if entries(context, view).is_empty() => 0.0,
        _ => 40.0,
    }
}

fn entries(context: &ViewContext<'_>, view: OverlayView) -> Vec<(Sign, String)> {
    let language = context.language();
    let state = context.state;
    if view == OverlayView::Error && !state.correction.is_on {
        return vec![
            (Sign::Area(palette::FALSE_POSITIVE), tr!(language, "key-network-only")),
            (Sign::Hatched(palette::FALSE_NEGATIVE), tr!(language, "key-reference-only")),
            (Sign::Bare(surroundings(context)), tr!(language, "key-both")),
        ];
    }
    let is_corrected = state.shows_corrected();
    let band = state.segmented_by().and_then(|model| model.card.optional.band.as_ref());
    let band = band.filter(|_| view == OverlayView::Band);
    if !is_corrected && !state.has_reference() && band.is_none() {
        return Vec::new();
    }
    let mut entries = Vec::new();
    if is_corrected {
        entries.push((Sign::Line(palette::EDITED), tr!(language, "correct-edited")));
        if state.shows_network_outline() && state.current.segmentation.is_some() {
            entries.push((Sign::Dashes(palette::PREDICTION), tr!(language, "network")));
        }
    } else {
        entries.push((Sign::Line(palette::PREDICTION), tr!(language, "network")));
    }
    if let Some(band) = band {
        let shade = palette::over(surroundings(context), palette::PREDICTION, state.layer_opacity());
        let percent = format!("{:.0}", band.share * 100.0);
        entries.push((Sign::Band(shade), tr!(language, "key-band", percent = percent)));
    }
    if state.has_reference() {
        entries.push((Sign::Line(palette::REFERENCE), tr!(language, "reference")));
    }
    entries
}

fn key_ui(ui: &Ui, area: Rect, entries: &[(Sign, String)]) {
    if entries.is_empty() {
        return;
    }
    let text = theme::colours(ui).text;
    let font = FontId::proportional(theme::SIZE_SMALL);
    let words: Vec<_> =
        entries.iter().map(|(_, words)| ui.painter().layout_no_wrap(words.clone(), font.clone(), text)).collect();
    let width: f32 = words.iter().map(|galley| SIGN[0] + 2.0 * GRID + galley.size().x + 4.0 * GRID).sum();
    let rect = Rect::from_min_size(area.left_top(), vec2(width + 2.0 * GRID, 32.0));
    ground(ui, rect);
    let mut x = rect.left() + 3.0 * GRID;
    for ((sign, _), galley) in entries.iter().zip(words) {
        let place = Rect::from_min_size(pos2(x, rect.center().y - SIGN[1] / 2.0), SIGN.into());
        sign_ui(ui.painter(), place, *sign);
        x += SIGN[0] + 2.0 * GRID;
        let width = galley.size().x;
        ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, text);
        x += width + 4.0 * GRID;
    }
}

/// Draws a sign in `place`.
pub(super) fn sign_ui(painter: &Painter, place: Rect, sign: Sign) {
    let edge = Stroke::new(1.0, outline::colour(palette::HALO));
    let radius = CornerRadius::same(2);
    let ends = [place.left_center(), place.right_center()];
    match sign {
        Sign::Line(rgb) => {
            painter.line_segment(ends, halo(2.0));
            painter.line_segment(ends, Stroke::new(2.0, outline::colour(rgb)));
        }
        Sign::Dashes(rgb) => {
            painter.line_segment(ends, halo(THIN));
            painter.extend(Shape::dashed_line(&ends, Stroke::new(THIN, outline::colour(rgb)), DASH, GAP / 2.0));
        }
        Sign::Area(rgb) | Sign::Bare(rgb) => {
            painter.rect(place, radius, outline::colour(rgb), edge, StrokeKind::Inside);
        }
        Sign::Band(rgb) => {
            painter.rect_filled(place, CornerRadius::ZERO, outline::colour(rgb));
            for [from, to] in [[place.left_top(), place.right_top()], [place.left_bottom(), place.right_bottom()]] {
                painter.line_segment([from, to], halo(1.0));
                painter.line_segment([from, to], Stroke::new(1.0, outline::colour(palette::PREDICTION)));
            }
        }
        Sign::Hatched(rgb) => {
            painter.rect_filled(place, radius, outline::colour(rgb));
            let inside = painter.with_clip_rect(place.intersect(painter.clip_rect()));
            let mut x = place.left();
            while x < place.right() + place.height() {
                let stripe = [pos2(x, place.top()), pos2(x - place.height(), place.bottom())];
                inside.line_segment(stripe, Stroke::new(2.0, outline::colour(palette::HALO)));
                x += 6.0;
            }
            painter.rect_stroke(place, radius, edge, StrokeKind::Inside);
        }
    }
}

/// The corrected outline and the network's beneath it, in the side panel; the network's can be switched off there.
pub(super) fn lines_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    if !context.state.shows_corrected() {
        return;
    }
    ui.add_space(GRID);
    let row = |ui: &mut Ui, sign: Sign| {
        let (place, _) = ui.allocate_exact_size(SIGN.into(), Sense::hover());
        sign_ui(ui.painter(), place, sign);
    };
    ui.horizontal(|ui| {
        row(ui, Sign::Line(palette::EDITED));
        ui.label(tr!(language, "correct-edited"));
    });
    ui.horizontal(|ui| {
        row(ui, Sign::Dashes(palette::PREDICTION));
        let mut is_shown = context.state.overlay.shows_network_outline;
        let label = Action::ToggleNetworkOutline.label(language);
        let hint = context.hint(Action::ToggleNetworkOutline);
        if ui.checkbox(&mut is_shown, label).on_hover_text(hint).changed() {
            context.send(Action::ToggleNetworkOutline);
        }
    });
}

fn heat_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect) {
    let language = context.language();
    let text = theme::colours(ui).text;
    let rect = Rect::from_min_size(area.left_top(), vec2(232.0, 52.0));
    ground(ui, rect);
    let painter = ui.painter();
    let font = FontId::proportional(theme::SIZE_SMALL);
    let is_vessels = context.state.meaning().is_vessels();
    let heading = if is_vessels { tr!(language, "key-heat-vessels") } else { tr!(language, "key-heat") };
    painter.text(rect.left_top() + vec2(12.0, 7.0), Align2::LEFT_TOP, heading, font.clone(), text);
    let bar = Rect::from_min_max(rect.left_bottom() + vec2(28.0, -20.0), rect.right_bottom() + vec2(-28.0, -10.0));
    heat_bar(painter, bar, surroundings(context), context.state.layer_opacity());
    painter.text(pos2(bar.left() - 8.0, bar.center().y), Align2::RIGHT_CENTER, "0", font.clone(), text);
    painter.text(pos2(bar.right() + 8.0, bar.center().y), Align2::LEFT_CENTER, "1", font, text);
}

/// The heat map's colours from 0 to 1 as they look over skin of the colour `skin`, at the layer's `opacity`.
pub(super) fn heat_bar(painter: &Painter, bar: Rect, skin: Rgb, opacity: f32) {
    let steps = 64;
    for step in 0..steps {
        let left = bar.left() + bar.width() * step as f32 / steps as f32;
        let slice =
            Rect::from_min_max(pos2(left, bar.top()), pos2(left + bar.width() / steps as f32 + 0.5, bar.bottom()));
        let probability = (step as f32 + 0.5) / steps as f32;
        let covers = palette::heat_opacity(probability) * opacity;
        let shade = palette::over(skin, palette::heat(probability), covers);
        painter.rect_filled(slice, CornerRadius::ZERO, outline::colour(shade));
    }
}

/// The colour of the skin around the lesion, as the screen shows it.
pub(super) fn surroundings(context: &ViewContext<'_>) -> Rgb {
    let current = &context.state.current;
    let mut rgb = current.derived.as_ref().map_or([0x80; 3], |derived| derived.surroundings);
    if let Some(to_srgb) = current.profile.to_srgb() {
        to_srgb.apply(&mut rgb);
    }
    rgb
}
