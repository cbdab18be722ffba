//! How blurred a photograph is: the blur effect of Crete, Dolmiere, Ladret and Nicolas (The blur effect: perception and
//! estimation with a new no-reference perceptual blur metric, SPIE 6492, 2007), which blurs the picture once more and looks
//! how much of its contrast between neighbours is lost: a sharp picture loses most of it, a blurred one little. Skin without
//! a lesion has few edges and a dermatoscope's focus is uneven, so it is taken in squares, and the sharper ones count.

use super::reduced::ReducedPhoto;
use crate::geometry::field_of_view::mean_of_line;
use crate::measure::quantile;

/// Half the width of the second blur: 11 pixels, as in the paper and in scikit-image.
const RADIUS: usize = 5;

/// A square's side in pixels.
const SQUARE: usize = 32;

/// The quantile of the squares' blur effects that counts: if a tenth of the photograph is sharp, the camera
/// was in focus, and smooth skin says nothing.
const SHARPER: f64 = 0.1;

/// Change between neighbours, in levels, below which a square shows nothing that could be sharp.
const LEAST_CONTRAST: f64 = 0.4;

/// The blur effect of the sharper squares, 0 (sharp) to 1; none where nothing is seen.
pub(super) fn effect(copy: &ReducedPhoto) -> Option<f64> {
    let fields = [0, 1].map(|axis| Sharpness::along(&copy.luma, copy.size, axis));
    let [width, height] = copy.size;
    let mut effects = Vec::new();
    for top in (0..height).step_by(SQUARE) {
        for left in (0..width).step_by(SQUARE) {
            let square = [left, top, (left + SQUARE).min(width), (top + SQUARE).min(height)];
            let pixels = || pixels_of(square, width).filter(|&index| copy.is_inside[index]);
            if pixels().count() * 2 >= SQUARE * SQUARE {
                effects.extend(effect_of(&fields, pixels));
            }
        }
    }
    if effects.is_empty() {
        // A photograph smaller than a square, or one with all its contrast in a few places.
        effects.extend(effect_of(&fields, || pixels_of([0, 0, width, height], width)));
    }
    effects.sort_unstable_by(f64::total_cmp);
    (!effects.is_empty()).then(|| quantile::of_sorted(&effects, SHARPER))
}

fn pixels_of([left, top, right, bottom]: [usize; 4], width: usize) -> impl Iterator<Item = usize> {
    (top..bottom).flat_map(move |y| (left..right).map(move |x| y * width + x))
}

/// The larger blur effect of both directions; none where there is too little contrast.
fn effect_of<I: Iterator<Item = usize>>(fields: &[Sharpness; 2], pixels: impl Fn() -> I) -> Option<f64> {
    let count = pixels().count().max(1) as f64;
    let mut most: Option<f64> = None;
    for field in fields {
        let contrast: f64 = pixels().map(|index| f64::from(field.contrast[index])).sum();
        let lost: f64 = pixels().map(|index| f64::from(field.lost[index])).sum();
        if contrast / count >= LEAST_CONTRAST {
            most = Some(most.unwrap_or_default().max(1.0 - lost / contrast));
        }
    }
    most
}

/// The contrast between neighbours in one direction, and what of it the second blur takes.
struct Sharpness {
    contrast: Vec<f32>,
    lost: Vec<f32>,
}

impl Sharpness {
    fn along(luma: &[f32], size: [usize; 2], axis: usize) -> Self {
        let contrast = edges(luma, size, axis);
        let blurred = edges(&blurred(luma, size, axis), size, axis);
        let lost = contrast.iter().zip(blurred).map(|(sharp, blurred)| (sharp - blurred).max(0.0)).collect();
        Self { contrast, lost }
    }
}

/// The mean over 11 pixels along one axis, mirrored at the edges.
fn blurred(values: &[f32], [width, height]: [usize; 2], axis: usize) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    if axis == 0 {
        for (row, out) in values.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            mean_of_line(|x| row[x], width, RADIUS, |x, mean| out[x] = mean);
        }
    } else {
        for x in 0..width {
            mean_of_line(|y| values[y * width + x], height, RADIUS, |y, mean| out[y * width + x] = mean);
        }
    }
    out
}

/// The magnitude of Sobel's filter along one axis, mirrored at the edges, with weights of 1/8 as scikit-image has them.
fn edges(values: &[f32], [width, height]: [usize; 2], axis: usize) -> Vec<f32> {
    let at = |x: isize, y: isize| {
        let place = |place: isize, length: usize| place.clamp(0, length as isize - 1) as usize;
        values[place(y, height) * width + place(x, width)]
    };
    let mut out = Vec::with_capacity(values.len());
    for y in 0..height as isize {
        for x in 0..width as isize {
            let step = |across: isize| {
                if axis == 0 {
                    at(x + 1, y + across) - at(x - 1, y + across)
                } else {
                    at(x + across, y + 1) - at(x + across, y - 1)
                }
            };
            out.push(((step(-1) + 2.0 * step(0) + step(1)) / 8.0).abs());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [usize; 2] = [40, 36];

    /// The picture of tests/fixtures/quality/make.py.
    fn drawn() -> Vec<f32> {
        let level = |x: f64, y: f64| {
            let waves = 60.0 * (x * 0.9 + y * 0.2).sin() + 40.0 * (y * 0.35 - x * 0.1).cos();
            (120.0 + waves + if x > 25.0 { 20.0 } else { 0.0 }).round() as f32
        };
        (0..SIZE[0] * SIZE[1]).map(|index| level((index % SIZE[0]) as f64, (index / SIZE[0]) as f64)).collect()
    }

    #[test]
    fn the_effect_is_that_of_scikit_image() {
        let reference = include_str!("../../tests/fixtures/quality/reference.json");
        let reference: serde_json::Value = serde_json::from_str(reference).expect("it is JSON");
        let blurred = crate::geometry::field_of_view::mean_filter(&drawn(), SIZE[0], SIZE[1], 1);
        for (key, luma) in [("blur_effect", drawn()), ("blur_effect_blurred", blurred)] {
            let fields = [0, 1].map(|axis| Sharpness::along(&luma, SIZE, axis));
            // It leaves out two pixels at the beginning and one at the end.
            let inner = [2, 2, SIZE[0] - 1, SIZE[1] - 1];
            let found = effect_of(&fields, || pixels_of(inner, SIZE[0])).expect("it has contrast");
            let expected = reference[key].as_f64().expect("a number");
            assert!((found - expected).abs() < 1e-4, "{key}: {found}, not {expected}");
        }
    }
}
