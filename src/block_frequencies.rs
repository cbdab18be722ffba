//! [`BlockFrequencies`]: the six lowest frequencies of each block of a JPEG, which are all that a picture a sixth of its
//! size and smaller is made of.
//!
//! A resize is a sum of pixels by weights that change little within a block of 8 x 8: the few lowest terms of the block's
//! cosine transform hold what is left of it. So the weights are transformed instead of the picture.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

/// Frequencies that are kept of a block, in the order of the file: zigzag from the mean on.
pub const KEPT: usize = 6;

/// Down and across, of each that is kept.
const PLACES: [[usize; 2]; KEPT] = [[0, 0], [0, 1], [1, 0], [2, 0], [1, 1], [0, 2]];

/// Frequencies along one axis.
const ALONG: usize = 3;

/// A picture of less than this share of a side is made of more frequencies than are kept. At a sixth a noisy
/// drawing differs from one that is made of all pixels by a quarter of a level in the mean, and by eight at worst; eleven
/// photographs of 5 to 12 megapixels by a fifth of a level at most in the mean.
pub const LEAST_REDUCTION: u32 = 6;

/// The lowest frequencies of a photograph's blocks, as its file has them.
#[derive(Clone, Debug)]
pub struct BlockFrequencies {
    /// `[width, height]` as stored.
    size: [u32; 2],
    orientation: Orientation,
    /// Brightness, or brightness and the two colours of JFIF.
    planes: Vec<FrequencyPlane>,
}

/// The frequencies of one component.
#[derive(Clone, Debug)]
pub struct FrequencyPlane {
    /// Pixels of the photograph that one sample covers, across and down: 1 or 2.
    pub pixels_a_sample: [usize; 2],
    /// Blocks across.
    pub columns: usize,
    /// Of each row of blocks the first frequency of all its blocks, then the second, and so on.
    pub values: Vec<i16>,
}

impl BlockFrequencies {
    /// Of a photograph of `size` as stored, which is turned by `orientation`; one plane or three.
    #[must_use]
    pub fn new(size: [u32; 2], orientation: Orientation, planes: Vec<FrequencyPlane>) -> Self {
        assert!(matches!(planes.len(), 1 | 3), "grey or colours");
        Self { size, orientation, planes }
    }

    /// `[width, height]` of the upright photograph.
    #[must_use]
    pub fn upright_size(&self) -> [u32; 2] {
        self.turned(self.size)
    }

    /// A size as stored from an upright one, and the other way round.
    fn turned(&self, [width, height]: [u32; 2]) -> [u32; 2] {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        let is_transposed = matches!(self.orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH);
        if is_transposed { [height, width] } else { [width, height] }
    }

    /// RGB of the upright photograph squashed to `to` = `[width, height]`, nearly that of [`crate::resize::rgb`], which
    /// clips each pixel to 0..=255 before it averages, where this clips the average;
    /// `None` where that is too large.
    #[must_use]
    pub fn squash(&self, to: [u32; 2]) -> Option<Vec<u8>> {
        let stored = self.turned(to);
        if (0..2).any(|axis| stored[axis] == 0 || self.size[axis] / stored[axis] < LEAST_REDUCTION) {
            return None;
        }
        let planes: Vec<Vec<f32>> = self.planes.iter().map(|plane| plane.squash(self.size, stored)).collect();
        let rgb = RgbImage::from_raw(stored[0], stored[1], rgb_of(&planes))?;
        let mut image = DynamicImage::ImageRgb8(rgb);
        image.apply_orientation(self.orientation);
        Some(image.into_rgb8().into_raw())
    }
}

/// JFIF's colours, without their offset of 128.
fn rgb_of(planes: &[Vec<f32>]) -> Vec<u8> {
    // Floats become bytes within 0 to 255.
    let level = |value: f32| (value + 128.5) as u8;
    match planes {
        [brightness, blue, red] => {
            let colours = brightness.iter().zip(blue).zip(red);
            let rgb = |((y, cb), cr): ((&f32, &f32), &f32)| {
                [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(level)
            };
            colours.flat_map(rgb).collect()
        }
        planes => planes.first().into_iter().flatten().flat_map(|&y| [level(y); 3]).collect(),
    }
}

/// The blocks that a pixel of the result is made of, along one axis, and the weights of their frequencies.
struct BlockTaps {
    first: usize,
    weights: Vec<[f32; ALONG]>,
}

impl FrequencyPlane {
    /// The component squashed, of a photograph of `size`.
    fn squash(&self, size: [u32; 2], to: [u32; 2]) -> Vec<f32> {
        let [across, down] = [0, 1].map(|axis| taps(size[axis], to[axis], self.pixels_a_sample[axis]));
        let mut squashed = Vec::with_capacity(across.len() * down.len());
        let mut sums = vec![0.0_f32; ALONG * self.columns];
        for row in &down {
            self.sum_rows(row, &mut sums);
            let frequencies: [&[f32]; ALONG] =
                std::array::from_fn(|frequency| &sums[frequency * self.columns..][..self.columns]);
            squashed.extend(across.iter().map(|column| {
                let places = column.first..column.first + column.weights.len();
                let [mean, slope, curve] = frequencies.map(|sums| &sums[places.clone()]);
                let mut along = [0.0_f32; ALONG];
                for (((weights, mean), slope), curve) in column.weights.iter().zip(mean).zip(slope).zip(curve) {
                    along[0] += mean * weights[0];
                    along[1] += slope * weights[1];
                    along[2] += curve * weights[2];
                }
                along.iter().sum::<f32>()
            }));
        }
        squashed
    }

    /// For each frequency across: the rows of blocks by their weights, put into `sums`.
    fn sum_rows(&self, taps: &BlockTaps, sums: &mut [f32]) {
        sums.fill(0.0);
        let rows = self.values.chunks_exact(KEPT * self.columns).skip(taps.first);
        for (row, weights) in rows.zip(&taps.weights) {
            for (values, [down, across]) in row.chunks_exact(self.columns).zip(PLACES) {
                let sums = &mut sums[across * self.columns..][..self.columns];
                for (sum, &value) in sums.iter_mut().zip(values) {
                    *sum += f32::from(value) * weights[down];
                }
            }
        }
    }
}

/// The taps of Pillow's antialiased bilinear filter from `from` pixels to `to`, over the blocks of a component.
fn taps(from: u32, to: u32, pixels_a_sample: usize) -> Vec<BlockTaps> {
    let scale = f64::from(from) / f64::from(to);
    let last = (from as usize).div_ceil(pixels_a_sample) - 1;
    let cosines: [_; 8] = std::array::from_fn(cosines);
    let taps_of = |place: u32| {
        let centre = (f64::from(place) + 0.5) * scale;
        let least = (centre - scale + 0.5).max(0.0) as usize;
        let end = ((centre + scale + 0.5) as usize).min(from as usize);
        let weight = |pixel: usize| (1.0 - ((pixel as f64 + 0.5 - centre) / scale).abs()).max(0.0);
        let shares: Vec<f64> = (least..end).map(weight).collect();
        let total: f64 = shares.iter().sum();
        let blocks = [least, end - 1].map(|pixel| samples_of(pixel, pixels_a_sample, last));
        let first = blocks[0].iter().map(|(sample, _)| sample / 8).min().unwrap_or(0);
        let most = blocks[1].iter().map(|(sample, _)| sample / 8).max().unwrap_or(0);
        let mut weights = vec![[0.0_f64; ALONG]; most - first + 1];
        for (pixel, weight) in (least..end).zip(shares) {
            for (sample, share) in samples_of(pixel, pixels_a_sample, last) {
                for (sum, cosine) in weights[sample / 8 - first].iter_mut().zip(cosines[sample % 8]) {
                    *sum += weight / total * share * cosine;
                }
            }
        }
        BlockTaps { first, weights: weights.iter().map(|weights| weights.map(|weight| weight as f32)).collect() }
    };
    (0..to).map(taps_of).collect()
}

/// The samples of a component that make a pixel, and their shares: where two pixels have one, decoders interpolate.
fn samples_of(pixel: usize, pixels_a_sample: usize, last: usize) -> [(usize, f64); 2] {
    if pixels_a_sample == 1 {
        return [(pixel, 1.0), (pixel, 0.0)];
    }
    let sample = pixel / 2;
    let neighbour = if pixel.is_multiple_of(2) { sample.saturating_sub(1) } else { (sample + 1).min(last) };
    [(sample, 0.75), (neighbour, 0.25)]
}

/// What the lowest frequencies add to the sample at `place` of a block (T.81, A.3.3).
fn cosines(place: usize) -> [f64; ALONG] {
    std::array::from_fn(|frequency| {
        let norm = if frequency == 0 { 0.125_f64.sqrt() } else { 0.5 };
        norm * ((2 * place + 1) as f64 * frequency as f64 * std::f64::consts::PI / 16.0).cos()
    })
}
