//! Connected components of a mask, by runs of its rows that are joined where they touch: through the sides of pixels,
//! not their corners, as outlines are drawn. Holes and the largest component come from them.
//!
//! Two passes over runs with a union-find table, as Rosenfeld and Pfaltz (1966) label pixels and He, Chao and Suzuki
//! (2008) runs.

use std::ops::Range;

use crate::mask::{Mask, RowRun};

/// Makes lesion of every background that cannot be reached from the mask's border.
pub fn fill_holes(mask: &mut Mask) {
    let [width, height] = mask.size();
    let background = Components::of_runs(mask.background_runs());
    let mut is_outside = vec![false; background.list.len()];
    for (run, &component) in background.runs.iter().zip(&background.of_run) {
        is_outside[component] |= run.y == 0 || run.y + 1 == height || run.from == 0 || run.to == width;
    }
    for (run, &component) in background.runs.iter().zip(&background.of_run) {
        if !is_outside[component] {
            mask.set_run(*run, 1);
        }
    }
}

/// Takes away every component but the largest; of equal ones the first in reading order stays.
pub fn keep_largest(mask: &mut Mask) {
    let lesion = Components::of(mask);
    let largest = lesion.largest();
    for (run, &component) in lesion.runs.iter().zip(&lesion.of_run) {
        if Some(component) != largest {
            mask.set_run(*run, 0);
        }
    }
}

/// Size and place of a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Component {
    pub(crate) area_px: u64,
    /// `[x, y]` of the bounding box's first pixel.
    pub(crate) least: [u32; 2],
    /// `[x, y]` of its last pixel.
    pub(crate) most: [u32; 2],
}

impl Component {
    fn add(&mut self, run: RowRun) {
        self.area_px += run.length();
        self.least = [self.least[0].min(run.from), self.least[1].min(run.y)];
        self.most = [self.most[0].max(run.to - 1), self.most[1].max(run.y)];
    }
}

/// The components of pixels in runs.
pub(crate) struct Components {
    /// In reading order of their first pixels.
    pub(crate) list: Vec<Component>,
    /// In reading order.
    runs: Vec<RowRun>,
    /// For each run the index of its component.
    of_run: Vec<usize>,
}

impl Components {
    /// The components of the lesion of `mask`.
    pub(crate) fn of(mask: &Mask) -> Self {
        Self::of_runs(mask.runs().into_owned())
    }

    /// The components of pixels in runs, which stand in reading order.
    pub(crate) fn of_runs(runs: Vec<RowRun>) -> Self {
        let mut table = joined(&runs);
        let mut list: Vec<Component> = Vec::new();
        let mut of_run: Vec<usize> = Vec::with_capacity(runs.len());
        for (index, &run) in runs.iter().enumerate() {
            let root = table.root(index);
            // A component's root is its first run.
            if root == index {
                of_run.push(list.len());
                list.push(Component { area_px: 0, least: [u32::MAX; 2], most: [0; 2] });
            } else {
                of_run.push(of_run[root]);
            }
            list[of_run[index]].add(run);
        }
        Self { list, runs, of_run }
    }

    /// The index of the largest component; of equal ones the first.
    pub(crate) fn largest(&self) -> Option<usize> {
        let by_area = self.list.iter().enumerate();
        by_area.max_by_key(|(index, component)| (component.area_px, usize::MAX - index)).map(|(index, _)| index)
    }

    /// The runs of one component, in reading order.
    pub(crate) fn runs_of(&self, component: usize) -> impl Iterator<Item = RowRun> + '_ {
        self.runs.iter().zip(&self.of_run).filter(move |&(_, &of)| of == component).map(|(&run, _)| run)
    }

    /// The component of the pixel `[x, y]`, where it has one.
    pub(crate) fn at(&self, [x, y]: [u32; 2]) -> Option<usize> {
        let after = self.runs.partition_point(|run| (run.y, run.from) <= (y, x));
        let index = after.checked_sub(1)?;
        let run = self.runs[index];
        (run.y == y && x < run.to).then(|| self.of_run[index])
    }
}

/// For each run an earlier one of the same component; a component's first run stands for itself.
struct UnionFind(Vec<usize>);

impl UnionFind {
    fn root(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            // Path halving keeps later walks short.
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

fn joined(runs: &[RowRun]) -> UnionFind {
    let mut table = UnionFind((0..runs.len()).collect());
    let mut above = 0..0;
    for row in runs.chunk_by(|one, next| one.y == next.y) {
        let here = above.end..above.end + row.len();
        if !above.is_empty() && runs[above.start].y + 1 == row[0].y {
            join_rows(&runs[..here.end], &mut table, above, here.start);
        }
        above = here;
    }
    table
}

/// Joins the runs from `first` on with those of the row `above` that they touch.
fn join_rows(runs: &[RowRun], table: &mut UnionFind, above: Range<usize>, first: usize) {
    let mut upper = above.start;
    for (lower, run) in runs.iter().enumerate().skip(first) {
        while upper < above.end && runs[upper].to <= run.from {
            upper += 1;
        }
        let mut touching = upper;
        while touching < above.end && runs[touching].from < run.to {
            table.join(touching, lower);
            touching += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_filled_and_a_bay_is_not() {
        let mut mask = Mask::drawn(&["#####.", "#.#.#.", "#.#...", "#####.", "......"]);
        fill_holes(&mut mask);
        assert_eq!(mask, Mask::drawn(&["#####.", "###.#.", "###...", "#####.", "......"]));
    }

    #[test]
    fn a_hole_that_leaks_through_a_corner_is_still_a_hole() {
        let mut mask = Mask::drawn(&[".....", ".##..", ".#.#.", ".###.", "....."]);
        fill_holes(&mut mask);
        assert!(mask.is_set(2, 2));
    }

    #[test]
    fn the_largest_part_stays_and_the_first_of_equals() {
        let mut mask = Mask::drawn(&["#.##", "#.##", ".#.."]);
        keep_largest(&mut mask);
        assert_eq!(mask, Mask::drawn(&["..##", "..##", "...."]));
        let mut equals = Mask::drawn(&["..#", "#..", "..."]);
        keep_largest(&mut equals);
        assert_eq!(equals, Mask::drawn(&["..#", "...", "..."]));
    }

    #[test]
    fn a_u_is_one_part_though_its_arms_meet_below() {
        let u = Mask::drawn(&["#.#", "#.#", "###"]);
        let mut mask = u.clone();
        keep_largest(&mut mask);
        assert_eq!(mask, u);
    }

    #[test]
    fn empty_and_full_masks_stay() {
        for full in [0, 1] {
            let mut mask = Mask::new(3, 2, vec![full; 6]);
            fill_holes(&mut mask);
            keep_largest(&mut mask);
            assert_eq!(mask.area_px(), u64::from(full) * 6);
        }
    }

    #[test]
    fn components_are_found_by_their_pixels_in_reading_order() {
        let mask = Mask::drawn(&["#.#.", "#.##", "...."]);
        let found = Components::of(&mask);
        let (areas, corners): (Vec<u64>, Vec<_>) =
            found.list.iter().map(|component| (component.area_px, (component.least, component.most))).unzip();
        assert_eq!(areas, [2, 3]);
        assert_eq!(corners, [([0, 0], [0, 1]), ([2, 0], [3, 1])]);
        assert_eq!(
            [[0, 1], [3, 1], [1, 1], [3, 0], [3, 2]].map(|pixel| found.at(pixel)),
            [Some(0), Some(1), None, None, None]
        );
        assert_eq!(
            found.runs_of(1).map(|run| (run.y, run.from, run.to)).collect::<Vec<_>>(),
            [(0, 2, 3), (1, 2, 4)]
        );
    }
}
