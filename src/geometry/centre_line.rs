//! Centre lines of masks by thinning: one pixel wide, in the middle, connected as the mask is; and how long they are.
//!
//! Thinned as by Zhang and Suen, 'A fast parallel algorithm for thinning digital patterns' (1984), as the recipe in
//! models/recipe does; then the corners of the stairs that this leaves in slanting lines are taken away, which would
//! make them longer than they are. Lines are connected through sides and corners.

use std::f64::consts::SQRT_2;

use crate::mask::Mask;

/// By this much a chain of pixels is longer than the line that it stands for, on average over all directions: Kulpa, 'Area
/// and perimeter measurement of blobs in discrete binary pictures' (1977).
const KULPA: f64 = 0.948;

/// What may be deleted, by the neighbours of a pixel: one bit each, clockwise from the one above.
struct Tables {
    /// In the two alternating passes.
    thin: [[bool; 256]; 2],
    /// A corner: the neighbours stay connected without it, and it is no end.
    corner: [bool; 256],
}

impl Tables {
    fn new() -> Self {
        let mut tables = Self { thin: [[false; 256]; 2], corner: [false; 256] };
        for code in 0..256_usize {
            let is_set = |place: usize| code >> (place % 8) & 1 == 1;
            let count = code.count_ones();
            let changes = (0..8).filter(|&place| !is_set(place) && is_set(place + 1)).count();
            if (2..=6).contains(&count) && changes == 1 {
                let [above, right, below, left] = [0, 2, 4, 6].map(is_set);
                tables.thin[0][code] = !(right && below && (above || left));
                tables.thin[1][code] = !(above && left && (right || below));
            }
            // The neighbours' connected parts, where a part may go around a corner (Yokoi's number for eight neighbours).
            let parts = [0, 2, 4, 6].into_iter();
            let parts = parts.filter(|&side| !is_set(side) && (is_set(side + 1) || is_set(side + 2))).count();
            tables.corner[code] = parts == 1 && count >= 2;
        }
        tables
    }
}

/// The centre line of `mask`, at its size.
#[must_use]
pub fn of(mask: &Mask) -> Mask {
    let mut thinning = Thinning::of(mask);
    let tables = Tables::new();
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for table in &tables.thin {
            has_changed |= thinning.pass(table);
        }
    }
    thinning.take_corners(&tables.corner);
    thinning.into_mask(mask.size())
}

/// The length of a centre line, in pixels: its steps through sides count 1 and those through corners the square root of 2,
/// times Kulpa's factor. On straight lines of every direction and 2 to 8 pixels width it is right within 2 % on average.
#[must_use]
pub fn length_px(line: &Mask) -> f64 {
    let [width, height] = line.size();
    let is_set = |x: u32, y: u32| x < width && y < height && line.is_set(x, y);
    let (mut straight, mut slanting) = (0_u64, 0_u64);
    for [x, y] in pixels(line) {
        let (right, below) = (is_set(x + 1, y), is_set(x, y + 1));
        straight += u64::from(right) + u64::from(below);
        slanting += u64::from(!right && !below && is_set(x + 1, y + 1));
        if let Some(left) = x.checked_sub(1) {
            slanting += u64::from(!is_set(left, y) && !below && is_set(left, y + 1));
        }
    }
    KULPA * (straight as f64 + SQRT_2 * slanting as f64)
}

/// The pixels `[x, y]` of a mask, row by row.
pub fn pixels(mask: &Mask) -> impl Iterator<Item = [u32; 2]> + '_ {
    let rows = mask.pixels().chunks_exact(mask.size()[0] as usize);
    rows.zip(0..)
        .flat_map(|(row, y)| row.iter().zip(0..).filter(|(pixel, _)| **pixel == 1).map(move |(_, x)| [x, y]))
}

/// A mask with a margin of background, and the places in it that are still set.
struct Thinning {
    width: usize,
    flat: Vec<u8>,
    set: Vec<usize>,
    /// Steps to the eight neighbours, clockwise from the one above.
    steps: [isize; 8],
}

impl Thinning {
    fn of(mask: &Mask) -> Self {
        let [width, height] = mask.size().map(|side| side as usize + 2);
        let mut flat = vec![0; width * height];
        for (row, pixels) in mask.pixels().chunks_exact(width - 2).enumerate() {
            flat[(row + 1) * width + 1..(row + 2) * width - 1].copy_from_slice(pixels);
        }
        let set = (0..flat.len()).filter(|&place| flat[place] == 1).collect();
        let row = width as isize;
        Self { width, flat, set, steps: [-row, 1 - row, 1, row + 1, row, row - 1, -1, -row - 1] }
    }

    fn code(&self, place: usize) -> usize {
        let bits = self.steps.iter().enumerate();
        bits.map(|(bit, step)| usize::from(self.flat[place.wrapping_add_signed(*step)]) << bit).sum()
    }

    /// Deletes all pixels at once that `table` lets go; whether there were any.
    fn pass(&mut self, table: &[bool; 256]) -> bool {
        let (gone, left): (Vec<usize>, Vec<usize>) = self.set.iter().partition(|&&place| table[self.code(place)]);
        for place in &gone {
            self.flat[*place] = 0;
        }
        self.set = left;
        !gone.is_empty()
    }

    /// Deletes corners one after the other, so that no line is cut.
    fn take_corners(&mut self, table: &[bool; 256]) {
        for place in std::mem::take(&mut self.set) {
            if table[self.code(place)] {
                self.flat[place] = 0;
            }
        }
    }

    fn into_mask(self, [width, height]: [u32; 2]) -> Mask {
        let rows = self.flat.chunks_exact(self.width).skip(1).take(height as usize);
        Mask::new(width, height, rows.flat_map(|row| row[1..=width as usize].iter().copied()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_becomes_a_line_and_stairs_lose_their_corners() {
        let bar = Mask::drawn(&[".........", ".#######.", ".#######.", ".#######.", "........."]);
        let line = of(&bar);
        assert!(pixels(&line).all(|[_, y]| y == 2) && line.area_px() >= 3, "{:?}", line.pixels());
        let stairs = Mask::drawn(&["##....", ".##...", "..##..", "...##."]);
        let line = of(&stairs);
        assert!(length_px(&line) <= KULPA * (3.0 * SQRT_2 + 1.0) + 1e-9, "{line:?}");
    }

    #[test]
    fn what_is_one_pixel_or_none_stays() {
        for mask in [Mask::drawn(&["...", ".#.", "..."]), Mask::empty([3, 2])] {
            assert_eq!(of(&mask), mask);
            assert_eq!(length_px(&mask), 0.0);
        }
    }

    #[test]
    fn rings_stay_closed_and_parts_apart() {
        let mask = Mask::drawn(&[
            "##########.###",
            "##########.###",
            "##......##.###",
            "##......##....",
            "##########...#",
            "##########.###",
        ]);
        let line = of(&mask);
        let holes = |mask: &Mask| {
            let mut filled = mask.clone();
            super::super::components::fill_holes(&mut filled);
            filled.area_px() - mask.area_px()
        };
        assert!(holes(&line) > 0, "the ring is still one");
        assert!(pixels(&line).any(|[x, _]| x > 10), "what is apart is still there");
    }

    #[test]
    fn steps_are_counted_once() {
        let angle = Mask::drawn(&["#..", "#..", "###"]);
        assert!((length_px(&angle) - KULPA * 4.0).abs() < 1e-12);
        let slanting = Mask::drawn(&["#..", ".#.", "..#"]);
        assert!((length_px(&slanting) - KULPA * 2.0 * SQRT_2).abs() < 1e-12);
    }
}
