//! Gaussian filtering in a space of few dimensions on the permutohedral lattice (Adams, Baek and Davis 2010): each value
//! is spread over the corners of its simplex, blurred along the lattice's axes, and read back. The time grows with the
//! number of values, not with its square.
//!
//! Ours, since no kept crate has it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Dimensions at most: two of place, three of colour.
const MOST: usize = 5;

/// A lattice point, by its coordinates but the last, which follows from them.
type Corner = [i16; MOST];

/// The lattice over a set of places.
pub(super) struct Lattice {
    dimensions: usize,
    /// For each place the indexes of its simplex's corners and their weights.
    corners: Vec<[(u32, f32); MOST + 1]>,
    /// Along each axis both neighbours of each point; without one, the point past the last, which is always 0.
    neighbours: Vec<Vec<[u32; 2]>>,
    points: usize,
}

impl Lattice {
    /// The lattice of places, `dimensions` coordinates each, in standard deviations of the Gaussian.
    pub(super) fn new(places: &[f32], dimensions: usize) -> Self {
        let mut indexes: HashMap<Corner, u32, BuildHasherDefault<CornerHasher>> = HashMap::default();
        let mut points: Vec<Corner> = Vec::new();
        let scales = scales(dimensions);
        let simplex = |place: &[f32]| {
            let mut corners = [(0, 0.0); MOST + 1];
            let simplex = Simplex::around(place, &scales);
            for (remainder, corner) in corners.iter_mut().enumerate().take(dimensions + 1) {
                let key = simplex.corner(remainder);
                let index = *indexes.entry(key).or_insert_with(|| {
                    points.push(key);
                    points.len() as u32 - 1
                });
                *corner = (index, simplex.weights[remainder]);
            }
            corners
        };
        let corners = places.chunks_exact(dimensions).map(simplex).collect();
        let none = points.len() as u32;
        let along = |axis: usize| {
            let both = |point: &Corner| {
                [1, -1].map(|step: i16| {
                    let mut key = [0; MOST];
                    for (place, (key, at)) in key.iter_mut().zip(point).enumerate().take(dimensions) {
                        *key = at + if place == axis { step * dimensions as i16 } else { -step };
                    }
                    indexes.get(&key).copied().unwrap_or(none)
                })
            };
            points.iter().map(both).collect()
        };
        let neighbours = (0..=dimensions).map(along).collect();
        Self { dimensions, corners, neighbours, points: points.len() }
    }

    /// For each place the sum of all `values`, weighted by the Gaussian of their distance.
    pub(super) fn filter(&self, values: &[f32]) -> Vec<f32> {
        let count = self.dimensions + 1;
        let mut lattice = vec![0.0_f32; self.points + 1];
        for (corners, value) in self.corners.iter().zip(values) {
            corners[..count].iter().for_each(|&(index, weight)| lattice[index as usize] += weight * value);
        }
        let mut blurred = vec![0.0_f32; self.points + 1];
        for neighbours in &self.neighbours {
            for (index, &[one, other]) in neighbours.iter().enumerate() {
                blurred[index] = lattice[index] + 0.5 * (lattice[one as usize] + lattice[other as usize]);
            }
            std::mem::swap(&mut lattice, &mut blurred);
        }
        // What the blur along all axes adds up to.
        let scale = 1.0 / (1.0 + 0.5_f32.powi(self.dimensions as i32));
        let read = |corners: &[(u32, f32); MOST + 1]| {
            corners[..count].iter().map(|&(index, weight)| weight * lattice[index as usize]).sum::<f32>() * scale
        };
        self.corners.iter().map(read).collect()
    }
}

/// Factors that make a Gaussian of standard deviation 1 of the lattice's blur.
fn scales(dimensions: usize) -> Vec<f32> {
    let deviation = (2.0_f32 / 3.0).sqrt() * (dimensions + 1) as f32;
    (0..dimensions).map(|axis| deviation / (((axis + 1) * (axis + 2)) as f32).sqrt()).collect()
}

/// The simplex around a place.
struct Simplex {
    dimensions: usize,
    /// Its corner whose coordinates are multiples of `dimensions + 1`.
    origin: [i16; MOST + 1],
    /// The order of the place's distances from there along the axes, the largest first.
    rank: [usize; MOST + 1],
    weights: [f32; MOST + 2],
}

impl Simplex {
    fn around(place: &[f32], scales: &[f32]) -> Self {
        let dimensions = place.len();
        let axes = dimensions + 1;
        // The place on the hyperplane whose coordinates add up to 0.
        let mut elevated = [0.0_f32; MOST + 1];
        let mut sum = 0.0;
        for axis in (1..axes).rev() {
            let scaled = place[axis - 1] * scales[axis - 1];
            elevated[axis] = sum - axis as f32 * scaled;
            sum += scaled;
        }
        elevated[0] = sum;

        let mut nearest = [0_i32; MOST + 1];
        (0..axes).for_each(|axis| nearest[axis] = (elevated[axis] / axes as f32).round() as i32);
        let excess: i32 = nearest[..axes].iter().sum();
        let off = |axis: usize, nearest: &[i32]| elevated[axis] - (nearest[axis] * axes as i32) as f32;
        let mut rank = [0_i32; MOST + 1];
        for one in 0..axes {
            for other in one + 1..axes {
                rank[if off(one, &nearest) < off(other, &nearest) { one } else { other }] += 1;
            }
        }
        // Those that were rounded furthest go to the next multiple, until the sum is 0.
        for axis in 0..axes {
            rank[axis] += excess;
            if rank[axis] < 0 {
                (rank[axis], nearest[axis]) = (rank[axis] + axes as i32, nearest[axis] + 1);
            } else if rank[axis] >= axes as i32 {
                (rank[axis], nearest[axis]) = (rank[axis] - axes as i32, nearest[axis] - 1);
            }
        }
        let rank = rank.map(|rank| rank as usize);
        let mut weights = [0.0; MOST + 2];
        for axis in 0..axes {
            let share = off(axis, &nearest) / axes as f32;
            weights[dimensions - rank[axis]] += share;
            weights[axes - rank[axis]] -= share;
        }
        weights[0] += 1.0 + weights[axes];
        Self { dimensions, origin: nearest.map(|multiple| (multiple * axes as i32) as i16), rank, weights }
    }

    /// The corner whose coordinates leave this remainder.
    fn corner(&self, remainder: usize) -> Corner {
        let mut corner = [0; MOST];
        for (axis, at) in corner.iter_mut().enumerate().take(self.dimensions) {
            let is_beyond = self.rank[axis] > self.dimensions - remainder;
            let back = if is_beyond { self.dimensions + 1 } else { 0 };
            *at = self.origin[axis] + remainder as i16 - back as i16;
        }
        corner
    }
}

/// Fowler, Noll and Vo's hash, by words: the standard one takes longer than the filter.
struct CornerHasher(u64);

impl Default for CornerHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for CornerHasher {
    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(2) {
            let word = word.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
            self.0 = (self.0 ^ word).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        // Tables use the upper bits, too.
        self.0 ^ self.0 >> 29
    }
}
