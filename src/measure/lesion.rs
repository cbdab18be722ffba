//! The lesion that is measured, everywhere: the largest region of a mask, its holes filled. Whatever is called the area of a
//! lesion is its area; a plain count of a mask's pixels is called `mask_px`.
//!
//! Regions are connected through the sides of pixels, not their corners, as outlines are drawn. Of equal regions the first
//! in reading order is taken. Holes are filled because a lesion's border is its outer one.

use crate::geometry::area::Area;
use crate::geometry::components::{self, Components};
use crate::mask::{Mask, RowRun};

/// One lesion, cut out of its photo with a margin of background around it.
#[derive(Clone, Debug)]
pub struct Lesion {
    photo_size: [u32; 2],
    /// The place in the photo of the first pixel of `cut`; the margin may lie outside.
    origin: [i64; 2],
    cut: Mask,
    area_px: u64,
    regions: usize,
}

/// Background around the lesion: Crofton's vectors reach two pixels.
const MARGIN: u32 = 2;

impl Lesion {
    /// The largest region of `mask`, or `None` when the mask is empty.
    #[must_use]
    pub fn largest_of(mask: &Mask) -> Option<Self> {
        let found = Components::of(mask);
        let largest = found.largest()?;
        let part = found.list[largest];
        let [width, height] = [0, 1].map(|axis| part.most[axis] - part.least[axis] + 1 + 2 * MARGIN);
        let moved = |run: RowRun| {
            let [from, to] = [run.from, run.to].map(|x| x - part.least[0] + MARGIN);
            RowRun { y: run.y - part.least[1] + MARGIN, from, to }
        };
        let mut cut = Mask::of_runs([width, height], found.runs_of(largest).map(moved).collect());
        components::fill_holes(&mut cut);
        let origin = part.least.map(|least| i64::from(least) - i64::from(MARGIN));
        Some(Self { photo_size: mask.size(), origin, area_px: cut.area_px(), cut, regions: found.list.len() })
    }

    /// `[width, height]` of the photo.
    #[must_use]
    pub fn photo_size(&self) -> [u32; 2] {
        self.photo_size
    }

    /// Pixels of the lesion, filled holes with them.
    #[must_use]
    pub fn area_px(&self) -> u64 {
        self.area_px
    }

    /// How many regions the mask had.
    #[must_use]
    pub fn regions(&self) -> usize {
        self.regions
    }

    /// The smallest rectangle that holds it.
    #[must_use]
    pub fn bounds(&self) -> Area {
        let [left, top] = self.origin.map(|first| (first + i64::from(MARGIN)) as u32);
        let [width, height] = self.cut.size().map(|side| side - 2 * MARGIN);
        Area { left, top, right: left + width, bottom: top + height }
    }

    /// Whether the photo's pixel `(x, y)` is lesion; outside the photo none is.
    #[must_use]
    pub fn is_set(&self, x: i64, y: i64) -> bool {
        let (column, row) = (x - self.origin[0], y - self.origin[1]);
        u32::try_from(column).is_ok_and(|column| u32::try_from(row).is_ok_and(|row| self.cut.is_set(column, row)))
    }

    /// The photo's pixels `[x, y]` that are lesion, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = [u32; 2]> + '_ {
        let place = |index: usize, axis: usize| (index as i64 + self.origin[axis]) as u32;
        self.rows().enumerate().flat_map(move |(row, pixels)| {
            let set = pixels.iter().enumerate().filter(|&(_, &pixel)| pixel == 1);
            set.map(move |(column, _)| [place(column, 0), place(row, 1)])
        })
    }

    /// The first and last lesion pixel of each of the photo's rows that has any: `(y, first, last)`.
    pub(super) fn spans(&self) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
        self.rows().enumerate().filter_map(|(row, pixels)| {
            let first = pixels.iter().position(|&pixel| pixel == 1)? as i64;
            let last = pixels.iter().rposition(|&pixel| pixel == 1)? as i64;
            Some((row as i64 + self.origin[1], first + self.origin[0], last + self.origin[0]))
        })
    }

    /// How many pairs of pixels `step` apart, of which one is lesion and the other is not.
    pub(super) fn changes_along(&self, step: [i64; 2]) -> u64 {
        let pixels = self.cut.pixels();
        let offset = (step[1] * i64::from(self.cut.size()[0]) + step[0]) as usize;
        // The margin is as wide as the longest step: what wraps around a row's end is background at both ends.
        pixels.iter().zip(&pixels[offset..]).map(|(one, other)| u64::from(one ^ other)).sum()
    }

    /// The lesion as a mask of the photo's size.
    #[must_use]
    pub fn to_mask(&self) -> Mask {
        let [width, height] = self.photo_size;
        let mut pixels = vec![0; width as usize * height as usize];
        for [x, y] in self.pixels() {
            pixels[y as usize * width as usize + x as usize] = 1;
        }
        Mask::new(width, height, pixels)
    }

    fn rows(&self) -> std::slice::Chunks<'_, u8> {
        self.cut.pixels().chunks(self.cut.size()[0] as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_region_is_taken_and_its_hole_filled() {
        let lesion =
            Lesion::largest_of(&Mask::drawn(&["#..###", "#..#.#", "#..###", "......"])).expect("there is lesion");
        assert_eq!((lesion.regions(), lesion.area_px()), (2, 9));
        assert_eq!(lesion.bounds(), Area { left: 3, top: 0, right: 6, bottom: 3 });
        assert_eq!(lesion.to_mask(), Mask::drawn(&["...###", "...###", "...###", "......"]));
    }

    #[test]
    fn corners_do_not_connect_and_the_first_of_equals_is_taken() {
        let lesion = Lesion::largest_of(&Mask::drawn(&["##..", "..##"])).expect("there is lesion");
        assert_eq!((lesion.regions(), lesion.area_px()), (2, 2));
        assert!(lesion.is_set(0, 0) && !lesion.is_set(2, 1) && !lesion.is_set(-1, 0));
    }

    #[test]
    fn an_empty_mask_has_no_lesion() {
        assert!(Lesion::largest_of(&Mask::drawn(&["...", "..."])).is_none());
    }
}
