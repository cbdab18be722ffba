//! Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) of the lightness, as OpenCV's `createCLAHE` makes it
//! on the L of its 8-bit CIELAB; the hue stays.
//!
//! Ours, since the crates that have it are for 16-bit radiographs, or differ from OpenCV in tiles that do not divide the
//! picture.

use super::mirror::mirrored;
use crate::lab;

/// Tiles along each side.
const TILES: usize = 8;

/// Levels of lightness.
const LEVELS: usize = 256;

/// Lightness 0 to 100 in levels.
const LEVELS_A_LIGHTNESS: f64 = 2.55;

/// Equalises the lightness of RGB of `[width, height]`, no level counted more than `clip` times the mean count.
pub(super) fn equalise(rgb: &mut [u8], [width, height]: [usize; 2], clip: u16) {
    let before = lightness(rgb);
    let after = equalised(&before, [width, height], usize::from(clip));
    set_lightness(rgb, &before, &after);
}

/// The lightness of each pixel in levels.
pub(super) fn lightness(rgb: &[u8]) -> Vec<u8> {
    let light = |pixel: &[u8]| (lab::of_rgb([pixel[0], pixel[1], pixel[2]])[0] * LEVELS_A_LIGHTNESS).round() as u8;
    rgb.chunks_exact(3).map(light).collect()
}

/// Gives each pixel whose lightness has changed the new one; the hue stays.
pub(super) fn set_lightness(rgb: &mut [u8], before: &[u8], after: &[u8]) {
    for ((pixel, before), after) in rgb.chunks_exact_mut(3).zip(before).zip(after) {
        if before != after {
            let [_, a, b] = lab::of_rgb([pixel[0], pixel[1], pixel[2]]);
            pixel.copy_from_slice(&lab::to_rgb([f64::from(*after) / LEVELS_A_LIGHTNESS, a, b]));
        }
    }
}

/// The levels after equalisation: each by the curves of the four tiles around it.
pub(super) fn equalised(levels: &[u8], [width, height]: [usize; 2], clip: usize) -> Vec<u8> {
    // Where one side is not divided by the tiles, both are continued by mirroring, as OpenCV does.
    let is_divided = width % TILES == 0 && height % TILES == 0;
    let tile = [width, height].map(|side| if is_divided { side / TILES } else { side / TILES + 1 });
    let curves = curves(levels, [width, height], tile, clip);
    let columns: Vec<NeighbourTiles> = (0..width).map(|x| NeighbourTiles::of(x, tile[0])).collect();
    let mut equalised = Vec::with_capacity(levels.len());
    for (y, row) in levels.chunks_exact(width).enumerate() {
        let rows = NeighbourTiles::of(y, tile[1]);
        let (above, below) = (&curves[rows.first * TILES..], &curves[rows.second * TILES..]);
        equalised.extend(row.iter().zip(&columns).map(|(&level, column)| {
            let along = |curves: &[[u8; LEVELS]]| {
                let [first, second] =
                    [column.first, column.second].map(|place| f32::from(curves[place][usize::from(level)]));
                first * (1.0 - column.weight) + second * column.weight
            };
            (along(above) * (1.0 - rows.weight) + along(below) * rows.weight).round_ties_even() as u8
        }));
    }
    equalised
}

/// The two tiles that a pixel lies between, and the weight of the second.
struct NeighbourTiles {
    first: usize,
    second: usize,
    weight: f32,
}

impl NeighbourTiles {
    fn of(place: usize, tile: usize) -> Self {
        let at = place as f32 / tile as f32 - 0.5;
        let first = at.floor();
        let bounded = |tile: f32| tile.clamp(0.0, (TILES - 1) as f32) as usize;
        Self { first: bounded(first), second: bounded(first + 1.0), weight: at - first }
    }
}

/// The curve of each tile, row by row.
fn curves(
    levels: &[u8],
    [width, height]: [usize; 2],
    [across, down]: [usize; 2],
    clip: usize,
) -> Vec<[u8; LEVELS]> {
    let area = across * down;
    let limit = (clip * area / LEVELS).max(1);
    let tile = |index: usize| {
        let [left, top] = [index % TILES * across, index / TILES * down];
        let mut counts = [0_usize; LEVELS];
        for y in top..top + down {
            let row = mirrored(y as isize, height) * width;
            (left..left + across).for_each(|x| counts[usize::from(levels[row + mirrored(x as isize, width)])] += 1);
        }
        limit_counts(&mut counts, limit);
        let scale = (LEVELS - 1) as f32 / area as f32;
        let mut sum = 0;
        counts.map(|count| {
            sum += count;
            (sum as f32 * scale).round_ties_even().min(255.0) as u8
        })
    };
    (0..TILES * TILES).map(tile).collect()
}

/// Takes what exceeds `limit` from each level and gives it to all; a remainder to levels at equal distances.
fn limit_counts(counts: &mut [usize; LEVELS], limit: usize) {
    let excess: usize = counts.iter().map(|count| count.saturating_sub(limit)).sum();
    let (share, left) = (excess / LEVELS, excess % LEVELS);
    counts.iter_mut().for_each(|count| *count = (*count).min(limit) + share);
    if let Some(step) = LEVELS.checked_div(left) {
        counts.iter_mut().step_by(step).take(left).for_each(|count| *count += 1);
    }
}
