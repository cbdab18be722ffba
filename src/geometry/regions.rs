//! Holes and parts of a mask, by spans of its rows that are joined where they touch: through the sides of pixels, not
//! their corners, as outlines are drawn.

use crate::mask::Mask;

/// Makes lesion of every background that cannot be reached from the photo's border.
pub fn fill_holes(mask: &mut Mask) {
    let [width, height] = mask.size();
    let mut spans = Spans::of(mask, 0);
    let count = spans.list.len();
    let mut is_outside = vec![false; count];
    for index in 0..count {
        let span = spans.list[index];
        if span.y == 0 || span.y + 1 == height || span.from == 0 || span.to == width {
            is_outside[spans.root(index)] = true;
        }
    }
    for index in 0..count {
        if !is_outside[spans.root(index)] {
            spans.list[index].set(mask, 1);
        }
    }
}

/// Takes away every part but the largest; of equal parts the first in reading order stays.
pub fn keep_largest(mask: &mut Mask) {
    let mut spans = Spans::of(mask, 1);
    let count = spans.list.len();
    let mut areas_px = vec![0_u64; count];
    for index in 0..count {
        areas_px[spans.root(index)] += u64::from(spans.list[index].to - spans.list[index].from);
    }
    // A part's root is its first span.
    let largest = (0..count).max_by_key(|&index| (areas_px[index], count - index));
    for index in 0..count {
        if Some(spans.root(index)) != largest {
            spans.list[index].set(mask, 0);
        }
    }
}

/// Columns `from..to` of a row.
#[derive(Clone, Copy)]
struct Span {
    y: u32,
    from: u32,
    to: u32,
}

impl Span {
    fn set(self, mask: &mut Mask, value: u8) {
        let start = self.y as usize * mask.size()[0] as usize;
        mask.pixels_mut()[start + self.from as usize..start + self.to as usize].fill(value);
    }
}

/// All spans of one value, in reading order, and which of them hang together.
struct Spans {
    list: Vec<Span>,
    /// A span of the same part that comes earlier; a part's first span is its own.
    parents: Vec<usize>,
}

impl Spans {
    fn of(mask: &Mask, value: u8) -> Self {
        let mut spans = Self { list: Vec::new(), parents: Vec::new() };
        let mut above = 0..0;
        for (y, row) in mask.pixels().chunks(mask.size()[0] as usize).enumerate() {
            let first = spans.list.len();
            spans.add_row(y as u32, row, value);
            spans.join(above, first);
            above = first..spans.list.len();
        }
        spans
    }

    fn add_row(&mut self, y: u32, row: &[u8], value: u8) {
        let mut from = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == value {
                self.parents.push(self.list.len());
                self.list.push(Span { y, from, to: from + run.len() as u32 });
            }
            from += run.len() as u32;
        }
    }

    /// Joins spans of one row with those of the row `above` that they touch.
    fn join(&mut self, above: std::ops::Range<usize>, first: usize) {
        let mut upper = above.start;
        for lower in first..self.list.len() {
            let span = self.list[lower];
            while upper < above.end && self.list[upper].to <= span.from {
                upper += 1;
            }
            let mut touching = upper;
            while touching < above.end && self.list[touching].from < span.to {
                let (one, other) = (self.root(touching), self.root(lower));
                self.parents[one.max(other)] = one.min(other);
                touching += 1;
            }
        }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.parents[index] != index {
            // Halving the way keeps later walks short.
            self.parents[index] = self.parents[self.parents[index]];
            index = self.parents[index];
        }
        index
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
}
