//! The pixels on either side of the border between lesion and background.

use crate::mask::{Mask, RowRun, rows_of, shared_columns};

/// `[x, y]` of the surface pixels of a mask, row by row: the mask without its erosion by a plus of five pixels.
#[must_use]
pub fn surface(mask: &Mask) -> Vec<[u32; 2]> {
    let runs = mask.runs();
    let rows: Vec<&[RowRun]> = rows_of(&runs, mask.size()[1]).collect();
    let row = |y: Option<usize>| y.and_then(|y| rows.get(y).copied()).unwrap_or_default();
    let mut found = Vec::new();
    for (y, here) in rows.iter().enumerate() {
        let enclosed: Vec<[u32; 2]> = shared_columns(row(y.checked_sub(1)), row(Some(y + 1))).collect();
        let mut enclosed = &enclosed[..];
        for run in *here {
            enclosed = &enclosed[enclosed.iter().take_while(|[_, to]| *to <= run.from).count()..];
            // Between its ends, what has lesion above and below is no surface.
            let mut place = run.from;
            for [from, to] in enclosed.iter().take_while(|[from, _]| *from < run.to) {
                let (from, to) = ((*from).max(run.from + 1), (*to).min(run.to - 1));
                if from < to {
                    found.extend((place..from).map(|x| [x, run.y]));
                    place = to;
                }
            }
            found.extend((place..run.to).map(|x| [x, run.y]));
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

    /// By the definition, pixel by pixel: without its erosion by a plus.
    fn rim(mask: &Mask) -> Vec<[u32; 2]> {
        let [width, height] = mask.size();
        let places = (0..height).flat_map(|y| (0..width).map(move |x| [x, y]));
        let beside = |x: u32, y: u32| [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
        let is_rim =
            |&[x, y]: &[u32; 2]| mask.is_set(x, y) && !beside(x, y).iter().all(|&(x, y)| mask.is_set(x, y));
        places.filter(is_rim).collect()
    }

    #[test]
    fn of_any_mask_it_is_what_an_erosion_by_a_plus_takes_away() {
        // A generator of remainders; from sparse to nearly full.
        let mut state = 7_u32;
        for (width, height, share) in
            [(40, 30, 40), (40, 30, 128), (31, 17, 220), (64, 64, 250), (1, 9, 128), (9, 1, 200)]
        {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                u8::from(state >> 24 < share)
            };
            let mask = Mask::new(width, height, (0..width * height).map(|_| next()).collect());
            assert_eq!(surface(&mask), rim(&mask), "{width} x {height}, {share} of 256");
        }
    }

    #[test]
    fn a_squares_surface_is_its_rim_and_a_photos_edge_counts() {
        assert_eq!(surface(&square(8, 2, 4)).len(), 12);
        assert_eq!(surface(&square(3, 0, 3)).len(), 8);
        assert_eq!(surface(&square(1, 0, 1)), [[0, 0]]);
    }
}
