//! Pictures continued beyond their edges.

/// The place within `0..length` that `place` is mirrored to, the edge itself not repeated.
pub(super) fn mirrored(place: isize, length: usize) -> usize {
    let period = 2 * (length as isize - 1);
    if period == 0 {
        return 0;
    }
    let place = place.rem_euclid(period);
    place.min(period - place) as usize
}
