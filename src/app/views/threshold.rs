//! The threshold slider, under a small histogram of the probability map, so that a person sees where it cuts.

use eframe::egui::{self, CornerRadius, Rect, Sense, Ui, pos2, vec2};

use super::outline::colour;
use crate::app::theme;
use crate::language::Language;
use crate::overlay::palette;
use crate::tr;

/// Height of the histogram.
const HEIGHT: f32 = 36.0;

/// Draws histogram and slider; returns the new threshold when it was moved.
pub(super) fn threshold_ui(ui: &mut Ui, histogram: &[u32], threshold: f32, language: Language) -> Option<f32> {
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    // The middle of a slider's handle stays one radius inside; egui's radius is its height over two and a half.
    let inset = ui.spacing().interact_size.y / 2.5;
    paint_histogram(ui, rect.shrink2(vec2(inset, 0.0)), histogram, threshold);
    ui.add_space(-2.0);
    let mut value = threshold;
    ui.spacing_mut().slider_width = width;
    let slider = egui::Slider::new(&mut value, 0.0..=1.0).show_value(false).step_by(0.01).trailing_fill(false);
    let response = ui.add(slider);
    response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(value), tr!(language, "threshold")));
    (response.changed() && value != threshold).then_some(value)
}

fn paint_histogram(ui: &Ui, rect: Rect, histogram: &[u32], threshold: f32) {
    let colours = theme::colours(ui);
    let painter = ui.painter();
    // Most pixels are near 0 or 1; the fourth root keeps the few between visible.
    let height = |count: u32| f64::from(count).sqrt().sqrt() as f32;
    let tallest = histogram.iter().map(|&count| height(count)).fold(1.0, f32::max);
    let step = rect.width() / histogram.len().max(1) as f32;
    for (bin, &count) in histogram.iter().enumerate() {
        let left = rect.left() + bin as f32 * step;
        let top = rect.bottom() - 2.0 - (rect.height() - 4.0) * height(count) / tallest;
        let is_lesion = (bin as f32 + 0.5) / histogram.len() as f32 >= threshold;
        let fill = if is_lesion { colour(palette::PREDICTION) } else { colours.dim.gamma_multiply(0.45) };
        let bar = Rect::from_min_max(pos2(left + 0.5, top), pos2(left + step - 0.5, rect.bottom() - 1.0));
        painter.rect_filled(bar, CornerRadius::ZERO, fill);
    }
    let x = rect.left() + rect.width() * threshold;
    painter.vline(x, rect.y_range(), egui::Stroke::new(1.5, colours.text));
}
