//! The pixels on either side of the border between lesion and background.

use memchr::memchr_iter;

use crate::mask::{Mask, runs_of_row};

/// `[x, y]` of the surface pixels of a mask, row by row: the mask without its erosion by a plus of five pixels.
#[must_use]
pub fn surface(mask: &Mask) -> Vec<[u32; 2]> {
    let [width, height] = mask.size().map(|side| side as usize);
    let row = |y: usize| &mask.pixels()[y * width..(y + 1) * width];
    let (mut found, mut in_run) = (Vec::new(), Vec::new());
    for y in 0..height {
        for run in runs_of_row(row(y), 1) {
            in_run.clear();
            if y == 0 || y + 1 == height {
                in_run.extend(run);
            } else {
                in_run.extend([run.start, run.end - 1]);
                for beside in [row(y - 1), row(y + 1)] {
                    in_run.extend(memchr_iter(0, &beside[run.clone()]).map(|x| run.start + x));
                }
                in_run.sort_unstable();
                in_run.dedup();
            }
            found.extend(in_run.iter().map(|&x| [x as u32, y as u32]));
        }
    }
    found
}

/// `[x, y]` of the background pixels with lesion to their left, right, above or below, row by row. The background
/// nearest to a lesion pixel is always one of them.
#[must_use]
pub fn outer_boundary(mask: &Mask) -> Vec<[u32; 2]> {
    let [width, height] = mask.size().map(|side| side as usize);
    let pixels = mask.pixels();
    let mut found = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let index = y * width + x;
            let is_outside = pixels[index] == 0
                && (x > 0 && pixels[index - 1] == 1
                    || x + 1 < width && pixels[index + 1] == 1
                    || y > 0 && pixels[index - width] == 1
                    || y + 1 < height && pixels[index + width] == 1);
            if is_outside {
                found.push([x as u32, y as u32]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(size: u32, corner: u32, side: u32) -> Mask {
        let inside = |index: u32| {
            let range = corner..corner + side;
            range.contains(&(index % size)) && range.contains(&(index / size))
        };
        Mask::new(size, size, (0..size * size).map(|index| u8::from(inside(index))).collect())
    }

    #[test]
    fn a_squares_surface_is_its_rim_and_a_photos_edge_counts() {
        assert_eq!(surface(&square(8, 2, 4)).len(), 12);
        assert_eq!(surface(&square(3, 0, 3)).len(), 8);
        assert_eq!(surface(&square(1, 0, 1)), [[0, 0]]);
    }
}
