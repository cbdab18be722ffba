//! While the next photograph is read, the one before stays on the canvas. Where that takes longer than a moment, it and its
//! figures fade: they are not those of the photograph whose name stands above.

use eframe::egui::{CornerRadius, Id, Rect, Ui};

use super::context::ViewContext;
use crate::app::theme;

/// Seconds for which nothing fades: most photographs have been read ahead, and nothing should flicker.
const AT_FIRST: f64 = 0.15;

/// Seconds in which it fades.
const FADING: f64 = 0.25;

/// How much of the photograph the canvas's colour covers in the end, and how much of the figures is gone.
const MOST: f32 = 0.65;

/// How far what is shown has faded, from 0 to [`MOST`]; 0 where it is the photograph that is asked for.
pub(super) fn fading(ui: &Ui, context: &ViewContext<'_>) -> f32 {
    let (since, now) = (Id::unique("former photograph since"), ui.input(|input| input.time));
    if !context.state.shows_former() {
        ui.data_mut(|data| data.remove::<f64>(since));
        return 0.0;
    }
    after(now - ui.data_mut(|data| *data.get_temp_mut_or(since, now)))
}

fn after(seconds: f64) -> f32 {
    ((seconds - AT_FIRST) / FADING).clamp(0.0, 1.0) as f32 * MOST
}

/// Covers the former photograph as far as it has faded.
pub(super) fn cover_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect) {
    let fading = fading(ui, context);
    if fading > 0.0 {
        let cover = theme::colours(ui).canvas.gamma_multiply(fading);
        ui.painter().rect_filled(area, CornerRadius::ZERO, cover);
    }
}

/// The figures of the former photograph, faded as far as it has.
pub(super) fn figures_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    show: impl FnOnce(&mut Ui, &mut ViewContext<'_>),
) {
    let (fading, before) = (fading(ui, context), ui.opacity());
    ui.multiply_opacity(1.0 - fading);
    show(ui, context);
    ui.set_opacity(before);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_in_a_moment_does_not_flicker_and_what_takes_long_fades() {
        assert!(after(0.0) + after(AT_FIRST) < 1e-6);
        assert!(after(AT_FIRST + FADING / 2.0) > 0.3);
        assert!((after(10.0) - MOST).abs() < 1e-6, "it never goes altogether");
    }
}
