//! The copy of a photograph that its quality is measured on: at most 256 pixels on its longer side, so that a large
//! original and a small copy of it are judged alike, and a photograph of 50 megapixels costs little more than one of one.

use super::corners;
use crate::geometry::field_of_view::mean_filter;
use crate::photo::Photo;

/// Pixels on its longer side at most. Smaller photographs are measured as they are.
pub(super) const SIDE: u32 = 256;

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
        let is_corner: Vec<bool> = corners::of(&rgb, size).pixels().iter().map(|&pixel| pixel == 1).collect();
        let size = size.map(|side| side as usize);
        let is_inside = inside(&is_corner, size);
        Self { size, rgb, luma, is_corner, is_inside }
    }

    pub(super) fn longer_side(&self) -> usize {
        self.size[0].max(self.size[1])
    }
}

/// What is no corner and lies a rim's width from one; everything where nothing would be left.
fn inside(is_corner: &[bool], [width, height]: [usize; 2]) -> Vec<bool> {
    let rim = ((width.max(height) as f64 * RIM).round() as usize).max(1);
    let corner: Vec<f32> = is_corner.iter().map(|&corner| f32::from(u8::from(corner))).collect();
    let is_inside: Vec<bool> = mean_filter(&corner, width, height, rim).iter().map(|&near| near < 1e-6).collect();
    if is_inside.contains(&true) { is_inside } else { vec![true; width * height] }
}
