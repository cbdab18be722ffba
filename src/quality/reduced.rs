//! The copy of a photograph that its quality is measured on: at most 256 pixels on its longer side, so that a large
//! original and a small copy of it are judged alike, and a photograph of 50 megapixels costs little more than one of one.

use crate::geometry::components::Components;
use crate::geometry::field_of_view::{mean_filter, percentile};
use crate::mask::Mask;
use crate::photo::Photo;

/// Pixels on its longer side at most. Smaller photographs are measured as they are.
pub(super) const SIDE: u32 = 256;

/// Part of the bright parts below which a pixel is dark. The rim of a dermatoscope's field fades within a few pixels, and
/// the darkest lesions do not reach a corner.
const DARK: f32 = 0.25;

/// The share of pixels below the bright parts.
const BRIGHT: f64 = 0.75;

/// How far the rim of the field blurs and darkens what lies beside it, in longer sides.
const RIM: f64 = 0.03;

/// A photograph's copy, its lightness, and where its dark corners are.
pub(super) struct ReducedPhoto {
    pub(super) size: [usize; 2],
    pub(super) rgb: Vec<u8>,
    /// Lightness from 0 to 255: luma of Rec. 601.
    pub(super) luma: Vec<f32>,
    /// Dark parts that reach one of the four corners.
    pub(super) is_corner: Vec<bool>,
    /// Within the field of view, and not beside its rim.
    pub(super) is_inside: Vec<bool>,
}

impl ReducedPhoto {
    pub(super) fn of(photo: &Photo) -> Self {
        let longer = photo.width().max(photo.height());
        let scale = (f64::from(SIDE) / f64::from(longer)).min(1.0);
        let size = photo.size().map(|side| ((f64::from(side) * scale).round() as u32).max(1));
        let rgb = if size == photo.size() { photo.rgb().to_vec() } else { photo.reduced(size) };
        let luma = rgb
            .chunks_exact(3)
            .map(|pixel| 0.299 * f32::from(pixel[0]) + 0.587 * f32::from(pixel[1]) + 0.114 * f32::from(pixel[2]))
            .collect();
        let is_corner = dark_corners(&rgb, size);
        let size = size.map(|side| side as usize);
        let is_inside = inside(&is_corner, size);
        Self { size, rgb, luma, is_corner, is_inside }
    }

    pub(super) fn longer_side(&self) -> usize {
        self.size[0].max(self.size[1])
    }
}

/// The dark components that hold one of the corner pixels.
fn dark_corners(rgb: &[u8], size: [u32; 2]) -> Vec<bool> {
    let [width, height] = size.map(|side| side as usize);
    let brightest: Vec<f32> =
        rgb.chunks_exact(3).map(|pixel| f32::from(pixel[0].max(pixel[1]).max(pixel[2]))).collect();
    let smooth = mean_filter(&brightest, width, height, 2);
    let below = DARK * percentile(&smooth, BRIGHT);
    let dark = Mask::new(size[0], size[1], smooth.iter().map(|&value| u8::from(value < below)).collect());
    let found = Components::of(&dark, 1);
    let mut is_corner = vec![false; width * height];
    let [right, bottom] = size.map(|side| side - 1);
    for corner in [[0, 0], [right, 0], [0, bottom], [right, bottom]] {
        let runs = found.at(corner).into_iter().flat_map(|component| found.runs_of(component));
        for run in runs {
            let start = run.y as usize * width;
            is_corner[start + run.from as usize..start + run.to as usize].fill(true);
        }
    }
    is_corner
}

/// What is no corner and lies a rim's width from one; everything where nothing would be left.
fn inside(is_corner: &[bool], [width, height]: [usize; 2]) -> Vec<bool> {
    let rim = ((width.max(height) as f64 * RIM).round() as usize).max(1);
    let corner: Vec<f32> = is_corner.iter().map(|&corner| f32::from(u8::from(corner))).collect();
    let is_inside: Vec<bool> = mean_filter(&corner, width, height, rim).iter().map(|&near| near < 1e-6).collect();
    if is_inside.contains(&true) { is_inside } else { vec![true; width * height] }
}
