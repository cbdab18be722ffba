//! The lesion that is measured: the largest connected part of a mask, its holes filled.
//!
//! Parts are connected through the sides of pixels, not their corners, as outlines are drawn. Of equal parts the first
//! in reading order is taken. Holes are filled because a lesion's border is its outer one.

use crate::geometry::components::{Labels, fill_holes};
use crate::mask::Mask;

/// One lesion, cut out of its photo with a margin of background around it.
#[derive(Clone, Debug)]
pub struct Lesion {
    photo_size: [u32; 2],
    origin: [i64; 2],
    size: [usize; 2],
    pixels: Vec<u8>,
    area_px: u64,
    parts: usize,
}

/// Background around the lesion: Crofton's vectors reach two pixels.
const MARGIN: usize = 2;

impl Lesion {
    /// The largest part of `mask`, or `None` when the mask is empty.
    #[must_use]
    pub fn largest_of(mask: &Mask) -> Option<Self> {
        let Labels { labels, parts } = Labels::of(mask);
        let (label, part) = parts.iter().enumerate().max_by_key(|(label, part)| (part.area, usize::MAX - label))?;
        let [width, height] = [0, 1].map(|axis| (part.most[axis] - part.least[axis]) as usize + 1 + 2 * MARGIN);
        let mut pixels = vec![0; width * height];
        for y in part.least[1]..=part.most[1] {
            for x in part.least[0]..=part.most[0] {
                let in_part = labels[y as usize * mask.size()[0] as usize + x as usize] == label as u32 + 1;
                let (column, row) = ((x - part.least[0]) as usize + MARGIN, (y - part.least[1]) as usize + MARGIN);
                pixels[row * width + column] = u8::from(in_part);
            }
        }
        fill_holes(&mut pixels, width);
        let area_px = pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        let origin = part.least.map(|least| i64::from(least) - MARGIN as i64);
        Some(Self { photo_size: mask.size(), origin, size: [width, height], pixels, area_px, parts: parts.len() })
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

    /// How many parts the mask had.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// Whether the photo's pixel `(x, y)` is lesion; outside the photo none is.
    #[must_use]
    pub fn is_set(&self, x: i64, y: i64) -> bool {
        let (column, row) = (x - self.origin[0], y - self.origin[1]);
        let inside = column >= 0 && row >= 0 && column < self.size[0] as i64 && row < self.size[1] as i64;
        inside && self.pixels[row as usize * self.size[0] + column as usize] == 1
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
        let offset = (step[1] * self.size[0] as i64 + step[0]) as usize;
        // The margin is as wide as the longest step: what wraps around a row's end is background at both ends.
        self.pixels.iter().zip(&self.pixels[offset..]).map(|(one, other)| u64::from(one ^ other)).sum()
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
        self.pixels.chunks(self.size[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_part_is_taken_and_its_hole_filled() {
        let lesion =
            Lesion::largest_of(&Mask::drawn(&["#..###", "#..#.#", "#..###", "......"])).expect("there is lesion");
        assert_eq!((lesion.parts(), lesion.area_px()), (2, 9));
        assert_eq!(lesion.to_mask(), Mask::drawn(&["...###", "...###", "...###", "......"]));
    }

    #[test]
    fn corners_do_not_connect_and_the_first_of_equals_is_taken() {
        let lesion = Lesion::largest_of(&Mask::drawn(&["##..", "..##"])).expect("there is lesion");
        assert_eq!((lesion.parts(), lesion.area_px()), (2, 2));
        assert!(lesion.is_set(0, 0) && !lesion.is_set(2, 1) && !lesion.is_set(-1, 0));
    }

    #[test]
    fn an_empty_mask_has_no_lesion() {
        assert!(Lesion::largest_of(&Mask::drawn(&["...", "..."])).is_none());
    }
}
