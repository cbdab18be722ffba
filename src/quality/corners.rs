//! Dark corners: where a photograph shows the inside of the dermatoscope instead of skin.

use crate::geometry::components::Components;
use crate::geometry::field_of_view::{mean_filter, percentile};
use crate::mask::Mask;

/// Part of the bright parts below which a pixel is dark. The rim of a dermatoscope's field fades within a few pixels, and
/// the darkest lesions do not reach a corner.
const DARK: f32 = 0.25;

/// The share of pixels below the bright parts.
const BRIGHT: f64 = 0.75;

/// The dark components that hold one of the corner pixels of the picture `rgb` of `size`.
#[must_use]
pub fn of(rgb: &[u8], size: [u32; 2]) -> Mask {
    let [width, height] = size.map(|side| side as usize);
    let brightest: Vec<f32> =
        rgb.chunks_exact(3).map(|pixel| f32::from(pixel[0].max(pixel[1]).max(pixel[2]))).collect();
    let smooth = mean_filter(&brightest, width, height, 2);
    let below = DARK * percentile(&smooth, BRIGHT);
    let dark = Mask::new(size[0], size[1], smooth.iter().map(|&value| u8::from(value < below)).collect());
    let found = Components::of(&dark);
    let mut corners = Mask::empty(size);
    let [right, bottom] = size.map(|side| side - 1);
    for corner in [[0, 0], [right, 0], [0, bottom], [right, bottom]] {
        let runs = found.at(corner).into_iter().flat_map(|component| found.runs_of(component));
        runs.for_each(|run| corners.set_run(run, 1));
    }
    corners
}
