//! The marks of a ruler in a photo: the dark mark nearest to an end of a line, so that the end can snap to it.

use crate::photo::Photo;

/// How much darker than its surroundings a mark must be, in levels of 0 to 255: the grain of skin stays below.
const LEAST_DEPTH: f64 = 14.0;

/// The point on the line from `other` to `end` in the middle of the dark mark across the line that is nearest to `end`, within
/// `reach_px` of it; `None` if there is no such mark. In photo coordinates.
#[must_use]
pub fn nearest_mark(photo: &Photo, other: [f64; 2], end: [f64; 2], reach_px: f64) -> Option<[f64; 2]> {
    let full = (end[0] - other[0]).hypot(end[1] - other[1]);
    let along = [(end[0] - other[0]) / full, (end[1] - other[1]) / full];
    // An end that snaps must not reach the other one.
    if full.is_nan() || full < 4.0 * reach_px || reach_px < 1.0 {
        return None;
    }
    let reach = reach_px.ceil() as i64;
    let step = |offset: i64| [0, 1].map(|axis| end[axis] + offset as f64 * along[axis]);
    let levels: Vec<f64> =
        (-2 * reach..=2 * reach).map(|offset| level_across(photo, step(offset), along)).collect();
    let ground = median(&levels);
    let is_mark = |place: usize| {
        let level = levels[place];
        ground - level >= LEAST_DEPTH && level <= levels[place - 1] && level < levels[place + 1]
    };
    let (first, last) = (reach as usize, 3 * reach as usize);
    let found = (first.max(1)..=last).filter(|&place| is_mark(place));
    let place = found.min_by_key(|&place| (place as i64 - 2 * reach).abs())?;
    let offset = middle(&levels, place, ground) - 2.0 * reach as f64;
    Some([0, 1].map(|axis| end[axis] + offset * along[axis]))
}

/// The middle of the mark whose darkest level is at `place`: of the levels around it that are at least half as dark, each
/// counted by how dark it is. So a broad mark is not measured from one of its edges.
fn middle(levels: &[f64], place: usize, ground: f64) -> f64 {
    let depth = |place: usize| ground - levels[place];
    let half = depth(place) / 2.0;
    let before = (0..place).rev().take_while(|&other| depth(other) >= half).count();
    let after = (place + 1..levels.len()).take_while(|&other| depth(other) >= half).count();
    let mark = place - before..=place + after;
    let (sum, weight) =
        mark.fold((0.0, 0.0), |(sum, weight), other| (sum + other as f64 * depth(other), weight + depth(other)));
    sum / weight
}

/// Mean grey level of a short line across `along`, so that a mark counts and a speck does not.
fn level_across(photo: &Photo, at: [f64; 2], along: [f64; 2]) -> f64 {
    let levels = (-3..=3).filter_map(|side| {
        let (x, y) = (at[0] - f64::from(side) * along[1], at[1] + f64::from(side) * along[0]);
        let is_inside = x >= 0.0 && y >= 0.0;
        let [r, g, b] = is_inside.then(|| photo.pixel(x as u32, y as u32)).flatten()?.map(f64::from);
        Some(0.299 * r + 0.587 * g + 0.114 * b)
    });
    let (sum, count) = levels.fold((0.0, 0.0), |(sum, count), level| (sum + level, count + 1.0));
    if count > 0.0 { sum / count } else { 255.0 }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    /// Skin with dark upright marks, three pixels wide, at every hundredth column from 50 on.
    fn ruled() -> Photo {
        let grain = |x: u32, y: u32| (x * 7 + y * 13) % 5;
        let pixel = |index: u32| {
            let (x, y) = (index % 600, index / 600);
            let is_mark = (20..60).contains(&y) && (x % 100).abs_diff(50) <= 1;
            let level = if is_mark { 60 } else { 190 + grain(x, y) };
            [level as u8, (level - 20) as u8, (level - 30) as u8]
        };
        Photo::from_rgb(600, 80, (0..600 * 80).flat_map(pixel).collect(), PhotoSource::BuiltIn("ruler"))
    }

    #[test]
    fn an_end_rests_on_the_nearest_mark() {
        let photo = ruled();
        for aim in [445.0, 450.5, 456.0] {
            let [x, y] = nearest_mark(&photo, [50.0, 40.0], [aim, 40.0], 12.0).expect("there is a mark");
            assert!((x - 450.5).abs() <= 0.5, "{x} for {aim}");
            assert!((y - 40.0).abs() < 1e-9, "it stays on the line");
        }
    }

    #[test]
    fn between_the_marks_and_beside_them_nothing_is_found() {
        let photo = ruled();
        assert_eq!(nearest_mark(&photo, [50.0, 40.0], [500.0, 40.0], 12.0), None);
        assert_eq!(nearest_mark(&photo, [50.0, 70.0], [450.0, 70.0], 12.0), None);
        assert_eq!(nearest_mark(&photo, [50.0, 40.0], [50.0, 40.0], 12.0), None, "a line without length");
    }

    #[test]
    fn a_line_that_leaves_the_photo_has_no_mark() {
        assert_eq!(nearest_mark(&ruled(), [50.0, 40.0], [-30.0, 4000.0], 12.0), None);
    }
}
