//! The field of view of a fundus photograph: the round part that shows the eye, found in the pixels.
//!
//! The brightest of the three colours, smoothed, above a share of its bright parts; of that the largest component,
//! without holes. As `find_field_of_view` of the recipe in models/recipe, by which the networks were trained.

use super::{components, contour};
use crate::mask::Mask;
use crate::photo::Photo;
use crate::resize;

/// Part of the photograph's bright parts above which a pixel is within. On DRIVE, whose fields of view are given, the
/// mean Dice is 0.9965 and the smallest 0.992; 0.1 to 0.25 differ by less than 0.004 (both by the recipe).
const SHARE: f32 = 0.15;

/// The share of pixels below the bright parts.
const BRIGHT: f64 = 0.75;

/// It is searched in a copy with at most so many pixels on its longer side.
const SIDE: u32 = 1000;

/// Radius of the mean filter, in longer sides of the copy.
const SMOOTHING: f64 = 1.0 / 250.0;

/// The field of view of `photo`, at its size; empty where all is black.
#[must_use]
pub fn of(photo: &Photo) -> Mask {
    let [width, height] = photo.size();
    let longer = width.max(height);
    if longer <= SIDE {
        return in_pixels(photo.rgb(), photo.size());
    }
    let scale = f64::from(SIDE) / f64::from(longer);
    let copy = [width, height].map(|side| ((f64::from(side) * scale).round_ties_even() as u32).max(1));
    let found = in_pixels(&resize::rgb(photo.rgb(), photo.size(), copy), copy);
    let grey: Vec<u8> = found.pixels().iter().map(|pixel| pixel * 255).collect();
    Mask::from_grey(width, height, resize::grey(&grey, copy, [width, height]))
}

/// The longer side of the field of view's bounding box, in pixels; the longer side of the mask where it is empty.
#[must_use]
pub fn diameter_px(field_of_view: &Mask) -> u32 {
    let [width, height] = field_of_view.size();
    contour::bounds(field_of_view)
        .map_or(width.max(height), |[left, top, right, bottom]| (right - left).max(bottom - top) as u32)
}

fn in_pixels(rgb: &[u8], size: [u32; 2]) -> Mask {
    let [width, height] = size.map(|side| side as usize);
    let brightest: Vec<f32> =
        rgb.chunks_exact(3).map(|pixel| f32::from(pixel[0].max(pixel[1]).max(pixel[2]))).collect();
    let radius = ((width.max(height) as f64 * SMOOTHING).round_ties_even() as usize).max(1);
    let smooth = mean_filter(&brightest, width, height, radius);
    let above = SHARE * percentile(&smooth, BRIGHT);
    let mut found = Mask::new(size[0], size[1], smooth.iter().map(|&value| u8::from(value > above)).collect());
    components::keep_largest(&mut found);
    components::fill_holes(&mut found);
    found
}

/// The mean over squares of `2 * radius + 1` pixels; beyond its edges the picture is mirrored, the edge included.
pub(crate) fn mean_filter(values: &[f32], width: usize, height: usize, radius: usize) -> Vec<f32> {
    let mut across = vec![0.0; values.len()];
    for (row, out) in values.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        mean_of_line(|x| row[x], width, radius, |x, mean| out[x] = mean);
    }
    let mut down = vec![0.0; values.len()];
    for x in 0..width {
        mean_of_line(|y| across[y * width + x], height, radius, |y, mean| down[y * width + x] = mean);
    }
    down
}

/// The running mean along one line of `length` values.
pub(crate) fn mean_of_line(
    value: impl Fn(usize) -> f32,
    length: usize,
    radius: usize,
    mut set: impl FnMut(usize, f32),
) {
    let mirrored = |place: isize| {
        let place = place.rem_euclid(2 * length as isize) as usize;
        f64::from(value(if place < length { place } else { 2 * length - 1 - place }))
    };
    let reach = radius as isize;
    let mut sum: f64 = (-reach..=reach).map(mirrored).sum();
    for place in 0..length as isize {
        set(place as usize, (sum / (2 * reach + 1) as f64) as f32);
        sum += mirrored(place + reach + 1) - mirrored(place - reach);
    }
}

/// The value below which a share of the values lies, between neighbours by straight lines.
pub(crate) fn percentile(values: &[f32], share: f64) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let place = share * (sorted.len() - 1) as f64;
    let below = place as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let (low, high) = (f64::from(sorted[below]), f64::from(sorted[above]));
    (low + (high - low) * (place - below as f64)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    /// A grey disc on black, darker towards its edge and with a black spot within.
    fn drawn(width: u32, height: u32, centre: [f64; 2], radius: f64) -> Photo {
        let mut rgb = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            for x in 0..width {
                let [dx, dy] = [f64::from(x) + 0.5 - centre[0], f64::from(y) + 0.5 - centre[1]];
                let from_centre = dx.hypot(dy);
                let is_spot = (dx - radius / 3.0).hypot(dy) < radius / 8.0;
                let bright =
                    if from_centre < radius && !is_spot { 200.0 - 100.0 * from_centre / radius } else { 0.0 };
                rgb.extend([bright as u8, (bright * 0.6) as u8, (bright * 0.2) as u8]);
            }
        }
        Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("drawn"))
    }

    #[test]
    fn a_disc_is_found_whole_in_small_and_in_large_photographs() {
        for scale in [1, 6] {
            let (width, height) = (400 * scale, 300 * scale);
            let (centre, radius) = ([210.0 * f64::from(scale), 150.0 * f64::from(scale)], 120.0 * f64::from(scale));
            let found = of(&drawn(width, height, centre, radius));
            assert_eq!(found.size(), [width, height]);
            let expected = std::f64::consts::PI * radius * radius;
            let off = (found.area_px() as f64 - expected).abs() / expected;
            assert!(off < 0.05, "{off} at {scale}");
            let diameter = f64::from(diameter_px(&found));
            assert!((diameter - 2.0 * radius).abs() < 0.05 * radius, "{diameter} at {scale}");
            let spot = [centre[0] + radius / 3.0, centre[1]].map(|at| at as u32);
            assert!(found.is_set(spot[0], spot[1]), "the dark spot is within");
        }
    }

    #[test]
    fn a_black_photograph_has_none_and_counts_with_its_longer_side() {
        let black = Photo::from_rgb(30, 20, vec![0; 1800], PhotoSource::BuiltIn("black"));
        let found = of(&black);
        assert!(found.is_empty());
        assert_eq!(diameter_px(&found), 30);
    }

    #[test]
    fn the_mean_filter_mirrors_at_the_edges() {
        // scipy.ndimage.uniform_filter([1, 2, 6], 3) is [4/3, 3, 14/3].
        let means = mean_filter(&[1.0, 2.0, 6.0], 3, 1, 1);
        for (mean, expected) in means.iter().zip([4.0 / 3.0, 3.0, 14.0 / 3.0]) {
            assert!((mean - expected).abs() < 1e-6, "{means:?}");
        }
    }

    #[test]
    fn a_percentile_lies_between_its_neighbours() {
        assert!((percentile(&[4.0, 1.0, 3.0, 2.0], 0.75) - 3.25).abs() < 1e-6);
    }
}
