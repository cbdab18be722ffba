//! Non-local means (Buades, Coll and Morel 2005) in 8-bit CIELAB, lightness and colours apart, each as OpenCV's
//! `fastNlMeansDenoising`: every pixel becomes the mean of those within 10 pixels whose neighbourhoods look alike.
//!
//! Ours, since no kept crate has it. For each displacement the differences of all neighbourhoods come from running sums,
//! so the time does not depend on the neighbourhood's size: 441 passes over the picture.

use super::mirror::mirrored;
use crate::lab;

/// Pixels from the centre to the edge of a neighbourhood, and of the places that are compared.
const PATCH: usize = 3;
const SEARCH: usize = 10;

/// Pixels that the picture is continued by on each side.
const BORDER: usize = PATCH + SEARCH;

/// A weight below is none.
const LEAST_WEIGHT: f64 = 0.001;

/// CIELAB in 8 bits: the lightness 0 to 255, both colours from -128 on.
const LIGHTNESS: f64 = 2.55;
const NEUTRAL: f64 = 128.0;

/// Denoises RGB of `[width, height]`; places may differ by about `strength` levels.
pub(super) fn non_local_means(rgb: &mut [u8], size: [usize; 2], strength: u16) {
    let level = |value: f64| value.round().clamp(0.0, 255.0) as u8;
    let mut planes = [const { Vec::new() }; 3];
    for pixel in rgb.chunks_exact(3) {
        let [light, a, b] = lab::of_rgb([pixel[0], pixel[1], pixel[2]]);
        planes[0].push(level(light * LIGHTNESS));
        planes[1].push(level(a + NEUTRAL));
        planes[2].push(level(b + NEUTRAL));
    }
    let [light, a, b] = &planes;
    let light = averaged(&[light], size, strength);
    let colours = averaged(&[a, b], size, strength);
    for (index, pixel) in rgb.chunks_exact_mut(3).enumerate() {
        let lab = [
            f64::from(light[0][index]) / LIGHTNESS,
            f64::from(colours[0][index]) - NEUTRAL,
            f64::from(colours[1][index]) - NEUTRAL,
        ];
        pixel.copy_from_slice(&lab::to_rgb(lab));
    }
}

/// Planes that are compared together, averaged.
pub(super) fn averaged(planes: &[&Vec<u8>], size: [usize; 2], strength: u16) -> Vec<Vec<u8>> {
    let [width, height] = size;
    let continued: Vec<Vec<u8>> = planes.iter().map(|plane| continued(plane, size)).collect();
    let weights = weights(planes.len(), strength);
    let mut sums = vec![vec![0.0_f32; width * height]; planes.len()];
    let mut totals = vec![0.0_f32; width * height];
    let mut rows = PatchRows::new(size);
    let reach = -(SEARCH as isize)..=SEARCH as isize;
    for [dx, dy] in reach.clone().flat_map(|dy| reach.clone().map(move |dx| [dx, dy])) {
        rows.start(&continued, [dx, dy]);
        for y in 0..height {
            let differences = rows.next(&continued, [dx, dy], y);
            let row = y * width..(y + 1) * width;
            let from =
                ((y + BORDER) as isize + dy) as usize * (width + 2 * BORDER) + (BORDER as isize + dx) as usize;
            for (x, (total, &difference)) in totals[row.clone()].iter_mut().zip(differences).enumerate() {
                let Some(&weight) = weights.get(difference as usize) else { continue };
                *total += weight;
                for (sums, plane) in sums.iter_mut().zip(&continued) {
                    sums[row.start + x] += weight * f32::from(plane[from + x]);
                }
            }
        }
    }
    let mean = |sums: Vec<f32>| sums.iter().zip(&totals).map(|(sum, total)| (sum / total).round() as u8).collect();
    sums.into_iter().map(mean).collect()
}

/// The weight of each sum of squared differences over a neighbourhood, as far as it is one.
fn weights(planes: usize, strength: u16) -> Vec<f32> {
    let area = ((2 * PATCH + 1) * (2 * PATCH + 1)) as f64;
    let width = f64::from(strength).powi(2) * planes as f64;
    let all = (0..).map(|sum| (-f64::from(sum) / area / width).exp());
    all.take_while(|weight| *weight >= LEAST_WEIGHT).map(|weight| weight as f32).collect()
}

/// A plane continued by mirroring on each side.
fn continued(plane: &[u8], [width, height]: [usize; 2]) -> Vec<u8> {
    let mut continued = Vec::with_capacity((width + 2 * BORDER) * (height + 2 * BORDER));
    let border = BORDER as isize;
    for y in -border..height as isize + border {
        let row = mirrored(y, height) * width;
        continued.extend((-border..width as isize + border).map(|x| plane[row + mirrored(x, width)]));
    }
    continued
}

/// Sums of squared differences over the neighbourhoods of a row, from those of the row above.
struct PatchRows {
    width: usize,
    /// Over the rows of a neighbourhood, for each column that a neighbourhood reaches.
    down: Vec<u32>,
    /// Over the whole neighbourhood.
    whole: Vec<u32>,
}

impl PatchRows {
    fn new([width, _]: [usize; 2]) -> Self {
        Self { width, down: vec![0; width + 2 * PATCH], whole: vec![0; width] }
    }

    /// Sums the rows above the first neighbourhood's last one.
    fn start(&mut self, planes: &[Vec<u8>], shift: [isize; 2]) {
        self.down.fill(0);
        (0..2 * PATCH).for_each(|row| self.change(planes, shift, row, |sum, square| sum + square));
    }

    /// The sums of row `y`; rows come in their order.
    fn next(&mut self, planes: &[Vec<u8>], shift: [isize; 2], y: usize) -> &[u32] {
        self.change(planes, shift, y + 2 * PATCH, |sum, square| sum + square);
        let mut sum: u32 = self.down[..2 * PATCH].iter().sum();
        for (x, whole) in self.whole.iter_mut().enumerate() {
            sum += self.down[x + 2 * PATCH];
            *whole = sum;
            sum -= self.down[x];
        }
        self.change(planes, shift, y, |sum, square| sum - square);
        &self.whole
    }

    /// Takes a row of squared differences in, or out; row 0 is the first that a neighbourhood of the picture reaches.
    fn change(&mut self, planes: &[Vec<u8>], [dx, dy]: [isize; 2], row: usize, how: impl Fn(u32, u32) -> u32) {
        let stride = self.width + 2 * BORDER;
        let here = (row + SEARCH) * stride + SEARCH;
        let there = (here as isize + dy * stride as isize + dx) as usize;
        for plane in planes {
            let pairs = plane[here..].iter().zip(&plane[there..]);
            for (sum, (&one, &other)) in self.down.iter_mut().zip(pairs) {
                *sum = how(*sum, u32::from(one.abs_diff(other)).pow(2));
            }
        }
    }
}
