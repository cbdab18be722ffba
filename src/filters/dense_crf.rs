//! A fully connected conditional random field with Gaussian pairwise terms (Krähenbühl and Koltun 2011): pixels that are
//! near and alike in colour pull each other to the same side. Mean field, its messages by the permutohedral lattice.
//!
//! It works on a small copy of the photograph, so its time has a bound, whatever the photograph's size.

use super::lattice::Lattice;

/// Rounds of the mean field.
const ROUNDS: usize = 5;

/// The smoothness term: its weight, and its standard deviation in shares of the longer side.
const SMOOTHNESS: f32 = 1.0;
const SMOOTH_REACH: f32 = 3.0 / 256.0;

/// The standard deviations of the term of colour: in shares of the longer side, and in 8-bit levels.
const COLOUR_REACH: f32 = 20.0 / 256.0;
const COLOUR_LEVELS: f32 = 5.0;

/// A probability at least, and at most 1 less that: a network that is surer than sure can be pulled, too.
const LEAST: f32 = 1e-4;

/// The probabilities of a map of `[width, height]` over a photograph of the same size, so that `threshold` becomes 0.5;
/// `weight` is that of the term of colour.
pub(super) fn refined(
    map: &[f32],
    rgb: &[u8],
    [width, height]: [usize; 2],
    threshold: f32,
    weight: f32,
) -> Vec<f32> {
    let longer = width.max(height) as f32;
    let [mut near, mut alike] = [Vec::with_capacity(map.len() * 2), Vec::with_capacity(map.len() * 5)];
    for (index, pixel) in rgb.chunks_exact(3).enumerate() {
        let place = [index % width, index / width].map(|at| at as f32 / longer);
        near.extend(place.map(|at| at / SMOOTH_REACH));
        alike.extend(place.map(|at| at / COLOUR_REACH));
        alike.extend(pixel.iter().map(|&level| f32::from(level) / COLOUR_LEVELS));
    }
    let terms = [Pairwise::new(&near, 2, SMOOTHNESS), Pairwise::new(&alike, 5, weight)];
    let cut = logit(threshold);
    let unary: Vec<f32> = map.iter().map(|&probability| logit(probability) - cut).collect();
    let mut refined: Vec<f32> = unary.iter().copied().map(sigmoid).collect();
    for _ in 0..ROUNDS {
        // Lesion against background: with two classes one is what the other is not.
        let sides: Vec<f32> = refined.iter().map(|probability| 2.0 * probability - 1.0).collect();
        let messages = terms.each_ref().map(|term| term.messages(&sides));
        for (index, refined) in refined.iter_mut().enumerate() {
            *refined = sigmoid(unary[index] + messages.iter().map(|messages| messages[index]).sum::<f32>());
        }
    }
    refined
}

/// A Gaussian term between all pairs of pixels.
struct Pairwise {
    lattice: Lattice,
    /// Makes the sums of each pixel's weights alike, in both directions.
    norms: Vec<f32>,
    weight: f32,
}

impl Pairwise {
    fn new(features: &[f32], dimensions: usize, weight: f32) -> Self {
        let lattice = Lattice::new(features, dimensions);
        let ones = vec![1.0; features.len() / dimensions];
        let norms = lattice.filter(&ones).iter().map(|sum| 1.0 / (sum + 1e-20).sqrt()).collect();
        Self { lattice, norms, weight }
    }

    fn messages(&self, sides: &[f32]) -> Vec<f32> {
        let normed: Vec<f32> = sides.iter().zip(&self.norms).map(|(side, norm)| side * norm).collect();
        let mut messages = self.lattice.filter(&normed);
        messages.iter_mut().zip(&self.norms).for_each(|(message, norm)| *message *= self.weight * norm);
        messages
    }
}

fn logit(probability: f32) -> f32 {
    let probability = probability.clamp(LEAST, 1.0 - LEAST);
    (probability / (1.0 - probability)).ln()
}

fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}
