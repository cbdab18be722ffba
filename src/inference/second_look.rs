//! A second look at a small lesion: the network sees a square around it once more, larger, and the map of that square takes
//! the first one's place there. Where the square lies and how both maps are joined is as `models/recipe` measures it, in
//! `dermaloupe_recipe/second_look.py`.

use super::engine::NetworkOutput;
use super::second_look_facts::SecondLookFacts;
use crate::geometry::area::Area;
use crate::geometry::components::Components;
use crate::mask::ProbabilityMap;

/// Pixels of the longer side of a joined map at most: a smaller photograph's is joined pixel by pixel, of a larger one it keeps
/// megabytes instead of a float for each of its pixels.
const MOST_SIDE: u32 = 1024;

/// Where a network looks again: a square of a grid that lies over the whole picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondLook {
    /// `[width, height]`.
    grid: [u32; 2],
    square: Area,
}

impl SecondLook {
    /// The square around the largest region at or above `threshold` of a first look's `map`; `None` where nothing is found, or
    /// too much for a second look.
    #[must_use]
    pub fn of(map: &ProbabilityMap, threshold: f32, facts: &SecondLookFacts) -> Option<Self> {
        let grid = grid_over(map);
        let runs = over(map, grid).runs(threshold);
        let found: u64 = runs.iter().map(|run| run.length()).sum();
        let [width, height] = grid.map(f64::from);
        if found as f64 / (width * height) >= facts.below_share {
            return None;
        }
        let regions = Components::of_runs(runs);
        let largest = regions.list[regions.largest()?];
        let [right, bottom] = largest.most.map(|last| last + 1);
        Some(Self::around(
            Area { left: largest.least[0], top: largest.least[1], right, bottom },
            grid,
            facts.margin,
        ))
    }

    /// The square around a lesion's `bounds` on a `grid`, moved and, where it must be, cut to lie within.
    #[must_use]
    pub fn around(bounds: Area, grid: [u32; 2], margin: f64) -> Self {
        let [width, height] = bounds.size();
        let side = (f64::from(width.max(height)) * (1.0 + 2.0 * margin)).round_ties_even().max(1.0) as u32;
        let along = |low: u32, high: u32, most: u32| {
            let length = side.min(most);
            let start = (f64::from(low + high) - f64::from(length)) / 2.0;
            let start = (start.round_ties_even().max(0.0) as u32).min(most - length);
            (start, start + length)
        };
        let (left, right) = along(bounds.left, bounds.right, grid[0]);
        let (top, bottom) = along(bounds.top, bounds.bottom, grid[1]);
        Self { grid, square: Area { left, top, right, bottom } }
    }

    /// The square in pixels of the grid.
    #[must_use]
    pub fn square(&self) -> Area {
        self.square
    }

    /// `[left, top, width, height]` of the square in pixels of a picture of `size`, which need not be whole.
    #[must_use]
    pub fn place_in(&self, size: [u32; 2]) -> [f64; 4] {
        let [across, down] = [0, 1].map(|axis| f64::from(size[axis]) / f64::from(self.grid[axis]));
        let Area { left, top, .. } = self.square;
        let [width, height] = self.square.size().map(f64::from);
        [f64::from(left) * across, f64::from(top) * down, width * across, height * down]
    }

    /// The pixels of a picture of `size` that the square touches.
    #[must_use]
    pub fn area_in(&self, size: [u32; 2]) -> Area {
        let [left, top, width, height] = self.place_in(size);
        let end = |end: f64, most: u32| ((end - 1e-6).ceil() as u32).min(most);
        let (right, bottom) = (end(left + width, size[0]), end(top + height, size[1]));
        Area { left: (left + 1e-6) as u32, top: (top + 1e-6) as u32, right, bottom }
    }

    /// The `first` map with that of the second look in the square.
    #[must_use]
    pub fn joined(&self, first: &ProbabilityMap, second: NetworkOutput) -> ProbabilityMap {
        let mut values = Vec::with_capacity(self.grid[0] as usize * self.grid[1] as usize);
        over(first, self.grid).for_each_row(|row| values.extend_from_slice(row));
        self.with_second(values, second.size(), second.into_values(), first.photo_size())
    }

    /// The map of a network that looked at the square alone, over a picture of `size`: its `values` of `map_size` in the square,
    /// and nothing likely elsewhere.
    #[must_use]
    pub fn alone(&self, map_size: [usize; 2], values: Vec<f32>, size: [u32; 2]) -> ProbabilityMap {
        let elsewhere = vec![0.0; self.grid[0] as usize * self.grid[1] as usize];
        self.with_second(elsewhere, map_size, values, size)
    }

    fn with_second(
        &self,
        mut values: Vec<f32>,
        map_size: [usize; 2],
        second: Vec<f32>,
        size: [u32; 2],
    ) -> ProbabilityMap {
        let [width, height] = self.grid.map(|side| side as usize);
        let Area { left, right, .. } = self.square;
        let mut rows = values.chunks_exact_mut(width).skip(self.square.top as usize);
        ProbabilityMap::new(map_size, second, self.square.size()).for_each_row(|row| {
            if let Some(whole) = rows.next() {
                whole[left as usize..right as usize].copy_from_slice(row);
            }
        });
        ProbabilityMap::new([width, height], values, size)
    }
}

/// `[width, height]` of the grid on which maps over this picture are joined: the picture's own where it is not too large,
/// and never coarser than the map.
fn grid_over(map: &ProbabilityMap) -> [u32; 2] {
    let [width, height] = map.photo_size();
    let scale = (f64::from(MOST_SIDE) / f64::from(width.max(height))).min(1.0);
    let of_map = map.network_size().map(|side| side as u32);
    let side = |photo: u32, of_map: u32| ((f64::from(photo) * scale).round() as u32).max(of_map);
    [side(width, of_map[0]), side(height, of_map[1])]
}

/// `map` at the size of a grid.
fn over(map: &ProbabilityMap, grid: [u32; 2]) -> ProbabilityMap {
    ProbabilityMap::new(map.network_size(), map.network_values().to_vec(), grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> SecondLookFacts {
        SecondLookFacts { below_share: 0.04, margin: 1.0, measured: Vec::new() }
    }

    /// A map of the picture's own size that finds the pixels of `lesion` alone.
    fn found(size: [u32; 2], lesion: Area) -> ProbabilityMap {
        let [width, height] = size.map(|side| side as usize);
        let is_lesion = |x: usize, y: usize| {
            (lesion.left..lesion.right).contains(&(x as u32)) && (lesion.top..lesion.bottom).contains(&(y as u32))
        };
        let values = (0..width * height).map(|at| f32::from(u8::from(is_lesion(at % width, at / width)))).collect();
        ProbabilityMap::new([width, height], values, size)
    }

    fn area(left: u32, top: u32, right: u32, bottom: u32) -> Area {
        Area { left, top, right, bottom }
    }

    #[test]
    fn only_a_small_lesion_is_looked_at_again() {
        let of = |lesion| SecondLook::of(&found([100, 50], lesion), 0.5, &facts()).map(|look| look.square());
        assert_eq!(of(area(0, 0, 0, 0)), None, "nothing was found");
        assert_eq!(of(area(40, 20, 60, 30)), None, "4 % is not below 4 %");
        assert_eq!(of(area(40, 20, 59, 30)), Some(area(21, 0, 78, 50)), "19 x 3 = 57, cut to the height");
        assert_eq!(of(area(0, 40, 5, 50)), Some(area(0, 20, 30, 50)), "moved to lie within");
        assert_eq!(of(area(50, 25, 51, 26)), Some(area(49, 24, 52, 27)));
    }

    #[test]
    fn of_two_lesions_the_larger_one_is_looked_at_and_both_count() {
        let mut map = found([100, 100], area(10, 10, 25, 20)).network_values().to_vec();
        for y in 60..80 {
            map[y * 100 + 70..y * 100 + 80].fill(0.9);
        }
        let map = ProbabilityMap::new([100, 100], map, [100, 100]);
        let look = SecondLook::of(&map, 0.5, &facts()).expect("3.5 % of the picture");
        assert_eq!(look.square(), area(40, 40, 100, 100), "three times 20, moved to lie within");
        let fewer = SecondLookFacts { below_share: 0.03, ..facts() };
        assert_eq!(SecondLook::of(&map, 0.5, &fewer), None);
    }

    #[test]
    fn the_second_map_stands_in_the_square_alone() {
        let first = found([60, 40], area(20, 10, 26, 16));
        let look = SecondLook::of(&first, 0.5, &facts()).unwrap();
        assert_eq!(look.area_in([60, 40]), area(14, 4, 32, 22));
        let second = || NetworkOutput::new("double", 2, 1, vec![0.25; 2]).unwrap();
        let joined = look.joined(&first, second());
        for (x, y) in [(0, 0), (13, 4), (14, 3), (32, 10), (20, 22)] {
            assert_eq!(joined.at(x, y), first.at(x, y), "{x}, {y}");
        }
        for (x, y) in [(14, 4), (22, 12), (31, 21)] {
            assert_eq!(joined.at(x, y), Some(0.25), "{x}, {y}");
        }
        let alone = look.alone([2, 1], vec![0.25; 2], [600, 400]);
        assert_eq!((alone.at(0, 0), alone.at(225, 125)), (Some(0.0), Some(0.25)));
        assert_eq!(look.place_in([600, 400]), [140.0, 40.0, 180.0, 180.0]);
    }

    #[test]
    fn a_large_photograph_keeps_a_map_of_bounded_size_that_is_nowhere_coarser_than_the_first() {
        let network = ProbabilityMap::new([256, 256], vec![0.0; 256 * 256], [4000, 3000]);
        assert_eq!(grid_over(&network), [1024, 768]);
        let oblong = ProbabilityMap::new([256, 256], vec![0.0; 256 * 256], [8000, 400]);
        assert_eq!(grid_over(&oblong), [1024, 256]);
        let small = ProbabilityMap::new([256, 256], vec![0.0; 256 * 256], [200, 150]);
        assert_eq!(grid_over(&small), [200, 150]);
    }
}
