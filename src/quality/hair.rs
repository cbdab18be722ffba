//! Hair: long thin lines that are darker than what is beside them.
//!
//! After DullRazor (Lee, Ng, Gallagher, Coldman and McLean, Computers in Biology and Medicine 27, 1997): grey closings
//! with lines in twelve directions, of the red channel, in which vessels and red skin hardly show. A closing across a hair
//! fills it and one along it does not, while dots and meshes of pigment are filled in every direction or in none; so what
//! counts is how far the directions differ. What of it lies on straight runs is hair.

use super::reduced::ReducedPhoto;
use crate::geometry::field_of_view::mean_filter;
use crate::mask::Mask;

/// Length of the lines, in longer sides: a hair is narrower.
const LINE: f64 = 15.0 / 256.0;

/// Levels by which the closings of the directions differ at least on a hair.
const CONTRAST: u8 = 20;

/// The shortest straight run of a hair, in longer sides.
const SHORTEST: f64 = 0.06;

/// Directions over half a turn that runs are looked for in: a run of 20 pixels stays on a hair of one.
const RUN_DIRECTIONS: usize = 32;

/// The widest hair, in longer sides: what is counted may be two that lie side by side,
const WIDEST: f64 = 0.027;

/// but what is hidden must not be a crust or a streak of pigment.
const WIDEST_HIDDEN: f64 = 0.013;

/// Part of a surrounding square that hair covers at most, and half the square's side in longer sides: where there is more,
/// it is the mesh of a pigmented lesion.
const DENSEST: f32 = 0.36;
const SURROUNDING: f64 = 0.035;

/// Directions of the lines over half a turn: at half the angle between two, a line of 15 pixels leaves a hair by one.
const LINE_DIRECTIONS: usize = 12;

/// At the edges a closing sees one side alone: so much is left out there, in longer sides.
const MARGIN: f64 = 0.03;

/// Which pixels of a picture (`[width, height]`, three bytes a pixel) are hair. Meant for pictures of at most a thousand
/// pixels a side: a hair is a few pixels wide there.
#[must_use]
pub fn of(rgb: &[u8], size: [u32; 2]) -> Mask {
    in_lines(&line_contrast(rgb, size), size, WIDEST_HIDDEN)
}

/// Which pixels are hair, from the contrast of lines; none is wider than `widest` longer sides.
fn in_lines(contrast: &[u8], size: [u32; 2], widest: f64) -> Mask {
    let mut hair = straight_runs(&standing_out(contrast, CONTRAST), size, widest);
    let [width, height] = size.map(|side| side as usize);
    let radius = ((SURROUNDING * width.max(height) as f64).round() as usize).max(1);
    let found: Vec<f32> = hair.pixels().iter().map(|&pixel| f32::from(pixel)).collect();
    for (pixel, density) in hair.pixels_mut().iter_mut().zip(mean_filter(&found, width, height, radius)) {
        *pixel &= u8::from(density <= DENSEST);
    }
    hair
}

/// 1 where lines stand out by more than `least` levels, else 0.
pub(super) fn standing_out(contrast: &[u8], least: u8) -> Vec<u8> {
    contrast.iter().map(|&contrast| u8::from(contrast > least)).collect()
}

/// By how many levels dark thin lines stand out, whatever their length: how far the closings of a picture differ.
pub(super) fn line_contrast(rgb: &[u8], size: [u32; 2]) -> Vec<u8> {
    let [width, height] = size.map(|side| side as usize);
    let longer = width.max(height) as f64;
    let red: Vec<u8> = rgb.chunks_exact(3).map(|pixel| pixel[0]).collect();
    let mut least = vec![u8::MAX; red.len()];
    let mut most = vec![0_u8; red.len()];
    for direction in 0..LINE_DIRECTIONS {
        let turn = direction as f64 * std::f64::consts::PI / LINE_DIRECTIONS as f64;
        close_along(&red, [width, height], turn, LINE * longer, |index, closed| {
            least[index] = least[index].min(closed);
            most[index] = most[index].max(closed);
        });
    }
    least.iter().zip(&most).map(|(least, most)| most - least).collect()
}

/// The share of a photograph that is hair; the rim of dark corners is none.
pub(super) fn share(copy: &ReducedPhoto, contrast: &[u8]) -> f64 {
    let hair = in_lines(contrast, copy.size.map(|side| side as u32), WIDEST);
    let inside = hair.pixels().iter().zip(&copy.is_inside).filter(|(hair, inside)| **hair == 1 && **inside);
    inside.count() as f64 / copy.is_inside.len() as f64
}

/// What of `thin` lies on a straight and narrow run in any of 32 directions: over such a length a hair is straight, while the
/// lines of a mesh of pigment end at the next knot.
fn straight_runs(thin: &[u8], size: [u32; 2], widest: f64) -> Mask {
    let [width, height] = size.map(|side| side as isize);
    let steps: Vec<[f32; 2]> = (0..RUN_DIRECTIONS)
        .map(|direction| (direction as f32 * std::f32::consts::PI / RUN_DIRECTIONS as f32).sin_cos())
        .map(|(sin, cos)| [cos, sin])
        .collect();
    let is_thin = |x: f32, y: f32| {
        let (x, y) = (x.round() as isize, y.round() as isize);
        x >= 0 && y >= 0 && x < width && y < height && thin[(y * width + x) as usize] == 1
    };
    let longer = width.max(height) as f64;
    let (reach, widest) = ((SHORTEST * longer).ceil() as usize, (widest * longer).ceil() as usize);
    let margin = (MARGIN * longer).round() as isize;
    let mut hair = Mask::empty(size);
    for (index, pixel) in hair.pixels_mut().iter_mut().enumerate().filter(|(index, _)| thin[*index] == 1) {
        let (x, y) = (index as isize % width, index as isize / width);
        if x.min(y).min(width - 1 - x).min(height - 1 - y) < margin {
            continue;
        }
        let (x, y) = (x as f32, y as f32);
        let length = |[right, down]: [f32; 2], reach: usize| {
            let is_hair = |far: f32| is_thin(x + far * right, y + far * down);
            // A pixel may be missing, but not two in a row.
            let along = |sign: f32| {
                let steps = (1..=reach).map(|step| sign * step as f32);
                steps.take_while(|&far| is_hair(far) || is_hair(far + sign)).count()
            };
            1 + along(1.0) + along(-1.0)
        };
        let is_run = |&[right, down]: &[f32; 2]| {
            length([right, down], reach) >= reach && length([-down, right], widest) <= widest
        };
        *pixel = u8::from(steps.iter().any(is_run));
    }
    hair
}

/// The grey closing with a line of `length` pixels at `turn`: `found` is told of each pixel. The lines are digital ones, each
/// the one before a pixel further on (Soille, Breen and Jones, 1996), so that every pixel lies on one of them.
fn close_along(
    values: &[u8],
    [width, height]: [usize; 2],
    turn: f64,
    length: f64,
    mut found: impl FnMut(usize, u8),
) {
    let (sin, cos) = turn.sin_cos();
    let is_flat = cos.abs() >= sin.abs();
    let slope = if is_flat { sin / cos } else { cos / sin };
    let (along, across) = if is_flat { (width, height) } else { (height, width) };
    let half = (length * cos.abs().max(sin.abs()) / 2.0).round() as usize;
    let length = (2 * half + 1).max(3);
    let shift = |place: usize| (place as f64 * slope).round() as isize;
    let farthest = shift(along - 1);
    let (mut line, mut indices) = (Vec::with_capacity(along), Vec::with_capacity(along));
    for start in -farthest.max(0)..across as isize - farthest.min(0) {
        indices.clear();
        indices.extend((0..along).filter_map(|place| {
            let beside = usize::try_from(start + shift(place)).ok().filter(|&beside| beside < across)?;
            Some(if is_flat { beside * width + place } else { place * width + beside })
        }));
        line.clear();
        line.extend(indices.iter().map(|&index| values[index]));
        let closed = windowed(&windowed(&line, length, u8::max), length, u8::min);
        for (&index, &closed) in indices.iter().zip(&closed) {
            found(index, closed.max(values[index]));
        }
    }
}

/// The extreme of each window of `length` values around a place, cut off at the ends. Windows of powers of two are made
/// from their halves, and two of these cover any window.
fn windowed(values: &[u8], length: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let (count, half) = (values.len(), length / 2);
    let mut power = values.to_vec();
    let mut width = 1;
    while width * 2 <= length {
        for place in 0..count.saturating_sub(width) {
            power[place] = pick(power[place], power[place + width]);
        }
        width *= 2;
    }
    // `power[place]` is the extreme of `place..place + width`, cut off at the end.
    (0..count)
        .map(|place| {
            let (first, end) = (place.saturating_sub(half), (place + half + 1).min(count));
            if end - first <= width {
                return values[first..end].iter().copied().reduce(pick).unwrap_or_default();
            }
            pick(power[first], power[end - width])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_along_a_row_is_that_of_scipy() {
        let reference = include_str!("../../tests/fixtures/quality/reference.json");
        let reference: serde_json::Value = serde_json::from_str(reference).expect("it is JSON");
        // Row 10 of the picture of tests/fixtures/quality/make.py.
        let level = |x: f64| {
            let waves = 60.0 * (x * 0.9 + 2.0).sin() + 40.0 * (3.5 - x * 0.1).cos();
            (120.0 + waves + if x > 25.0 { 20.0 } else { 0.0 }).round() as u8
        };
        let row: Vec<u8> = (0..40).map(|x| level(f64::from(x))).collect();
        let mut closed = vec![0; row.len()];
        close_along(&row, [row.len(), 1], 0.0, 6.0, |index, value| closed[index] = value);
        let expected: Vec<u8> = serde_json::from_value(reference["closed_row"].clone()).expect("numbers");
        assert_eq!(closed, expected);
    }

    #[test]
    fn every_pixel_lies_on_one_line_of_each_direction() {
        for direction in 0..LINE_DIRECTIONS {
            let turn = direction as f64 * std::f64::consts::PI / LINE_DIRECTIONS as f64;
            for size in [[7, 5], [5, 7], [1, 1], [9, 1]] {
                let mut met = vec![0; size[0] * size[1]];
                close_along(&vec![3; met.len()], size, turn, 3.0, |index, _| met[index] += 1);
                assert!(met.iter().all(|&times| times == 1), "{direction}: {met:?}");
            }
        }
    }

    #[test]
    fn windows_are_cut_off_at_the_ends() {
        let values = [3, 1, 4, 1, 5, 9, 2, 6];
        assert_eq!(windowed(&values, 3, u8::max), [3, 4, 4, 5, 9, 9, 9, 6]);
        assert_eq!(windowed(&values, 5, u8::min), [1, 1, 1, 1, 1, 1, 2, 2]);
        assert_eq!(windowed(&values, 99, u8::max), [9; 8]);
        assert!(windowed(&[], 3, u8::max).is_empty());
    }
}
