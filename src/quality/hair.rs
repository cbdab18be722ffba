//! Hair: long thin lines that are darker than what is beside them.
//!
//! After DullRazor (Lee, Ng, Gallagher, Coldman and McLean, Computers in Biology and Medicine 27, 1997): grey closings
//! with lines in eight directions, of the red channel, in which vessels and red skin hardly show. A closing across a hair
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

/// The widest hair, in longer sides.
const WIDEST: f64 = 0.027;

/// Part of a surrounding square that hair covers at most, and half the square's side in longer sides: where there is more,
/// it is the mesh of a pigmented lesion.
const DENSEST: f32 = 0.36;
const SURROUNDING: f64 = 0.035;

/// Steps of the lines: right, down, both diagonals, and what lies between.
const STEPS: [[isize; 2]; 8] = [[1, 0], [2, 1], [1, 1], [1, 2], [0, 1], [1, -2], [1, -1], [2, -1]];

/// At the edges a closing sees one side alone: so much is left out there, in longer sides.
const MARGIN: f64 = 0.03;

/// Which pixels of a picture (`[width, height]`, three bytes a pixel) are hair. Meant for pictures of at most a thousand
/// pixels a side: a hair is a few pixels wide there.
#[must_use]
pub fn of(rgb: &[u8], size: [u32; 2]) -> Mask {
    in_lines(&line_contrast(rgb, size), size)
}

/// Which pixels are hair, from the contrast of lines.
fn in_lines(contrast: &[u8], size: [u32; 2]) -> Mask {
    let mut hair = straight_runs(&standing_out(contrast, CONTRAST), size);
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
    for step in STEPS {
        let reach = (step[0] as f64).hypot(step[1] as f64);
        let length = ((LINE * longer / reach / 2.0).round() as usize * 2 + 1).max(3);
        close_along(&red, [width, height], step, length, |index, closed| {
            least[index] = least[index].min(closed);
            most[index] = most[index].max(closed);
        });
    }
    least.iter().zip(&most).map(|(least, most)| most - least).collect()
}

/// The share of a photograph that is hair; the rim of dark corners is none.
pub(super) fn share(copy: &ReducedPhoto, contrast: &[u8]) -> f64 {
    let hair = in_lines(contrast, copy.size.map(|side| side as u32));
    let inside = hair.pixels().iter().zip(&copy.is_inside).filter(|(hair, inside)| **hair == 1 && **inside);
    inside.count() as f64 / copy.is_inside.len() as f64
}

/// What of `thin` lies on a straight and narrow run in any of 32 directions: over such a length a hair is straight, while the
/// lines of a mesh of pigment end at the next knot.
fn straight_runs(thin: &[u8], size: [u32; 2]) -> Mask {
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
    let (reach, widest) = ((SHORTEST * longer).ceil() as usize, (WIDEST * longer).ceil() as usize);
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

/// The grey closing with a line of `length` pixels, by lines in the direction `step`: `found` is told of each pixel.
fn close_along(
    values: &[u8],
    [width, height]: [usize; 2],
    step: [isize; 2],
    length: usize,
    mut found: impl FnMut(usize, u8),
) {
    let is_within = |x: isize, y: isize| (0..width as isize).contains(&x) && (0..height as isize).contains(&y);
    let places = (0..height as isize).flat_map(|y| (0..width as isize).map(move |x| [x, y]));
    let starts = places.filter(|[x, y]| !is_within(x - step[0], y - step[1]));
    let mut line = Vec::new();
    let mut indices = Vec::new();
    for [x, y] in starts {
        indices.clear();
        let (mut x, mut y) = (x, y);
        while is_within(x, y) {
            indices.push(y as usize * width + x as usize);
            (x, y) = (x + step[0], y + step[1]);
        }
        line.clear();
        line.extend(indices.iter().map(|&index| values[index]));
        let dilated = windowed(&line, length, u8::max);
        let closed = windowed(&dilated, length, u8::min);
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
        close_along(&row, [row.len(), 1], [1, 0], 7, |index, value| closed[index] = value);
        let expected: Vec<u8> = serde_json::from_value(reference["closed_row"].clone()).expect("numbers");
        assert_eq!(closed, expected);
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
