//! Polygons to pixels: a pixel is inside when its centre is, by the even-odd rule.

/// Sets the pixels of a photo of `size` whose centres lie within `ring` to `value`. What lies outside is passed over.
pub(crate) fn fill(pixels: &mut [u8], size: [u32; 2], ring: &[[f64; 2]], value: u8) {
    let [width, height] = size.map(|side| side as usize);
    let rows = ring.iter().fold(height..0, |rows, point| {
        let row = point[1].clamp(0.0, height as f64);
        rows.start.min(row.floor() as usize)..rows.end.max(row.ceil() as usize)
    });
    if rows.is_empty() {
        return;
    }
    // Where the inside changes to outside or back, row by row; one place more for changes right of the photo.
    let mut changes = vec![0_u8; (width + 1) * rows.len()];
    for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (upper, lower) = if from[1] < to[1] { (from, to) } else { (to, from) };
        let slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
        for row in first_centre(upper[1], rows.end).max(rows.start)..first_centre(lower[1], rows.end) {
            let crossing = upper[0] + (row as f64 + 0.5 - upper[1]) * slope;
            changes[(row - rows.start) * (width + 1) + first_centre(crossing, width)] ^= 1;
        }
    }
    for (row, changes) in rows.zip(changes.chunks(width + 1)) {
        let mut is_inside = 0;
        for (pixel, change) in pixels[row * width..(row + 1) * width].iter_mut().zip(changes) {
            is_inside ^= change;
            if is_inside == 1 {
                *pixel = value;
            }
        }
    }
}

/// The first pixel whose centre does not lie before `at`, at most `most`.
fn first_centre(at: f64, most: usize) -> usize {
    (at - 0.5).ceil().clamp(0.0, most as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(ring: &[[f64; 2]]) -> Vec<u8> {
        let mut pixels = vec![0; 16];
        fill(&mut pixels, [4, 4], ring, 1);
        pixels
    }

    #[test]
    fn centres_decide() {
        let square = filled(&[[0.6, 0.6], [3.4, 0.6], [3.4, 3.4], [0.6, 3.4]]);
        assert_eq!(square, [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_lies_outside_the_photo_is_cut_off() {
        assert_eq!(filled(&[[-1e9, -5.0], [1e9, -5.0], [1e9, 1e9], [-1e9, 1e9]]), [1; 16]);
        assert_eq!(filled(&[[9.0, 9.0], [12.0, 9.0], [9.0, 12.0]]), [0; 16]);
    }

    #[test]
    fn absurd_coordinates_do_no_harm() {
        filled(&[[1e308, -1e308], [-1e308, 1e308], [1e308, 1e308], [0.5, 0.5], [-1e308, 2.0]]);
    }

    #[test]
    fn lines_and_points_hold_nothing() {
        for ring in [&[][..], &[[1.0, 1.0]], &[[1.0, 1.0], [3.0, 3.0]]] {
            assert_eq!(filled(ring), [0; 16]);
        }
    }
}
