//! [`Toggles`]: which pixels of a mask an edit changed, as runs. Applied once they do the edit, applied again they undo
//! it.

use serde::{Deserialize, Serialize};

use super::area::{Area, both};
use crate::mask::Mask;

/// Lengths of runs over a mask's pixels, row by row: left alone, changed, left alone, changed, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toggles(Vec<u32>);

impl Toggles {
    /// The pixels in which two masks of one size differ, looked for in `within`.
    #[must_use]
    pub fn between(before: &Mask, after: &Mask, within: Area) -> Self {
        let width = before.size()[0] as usize;
        let columns = within.left as usize..within.right as usize;
        let mut runs = Runs::default();
        for y in within.top as usize..within.bottom as usize {
            let start = y * width;
            let one = &before.pixels()[start..start + width][columns.clone()];
            let other = &after.pixels()[start..start + width][columns.clone()];
            // Most rows of a large area are untouched; slices compare many pixels at a time.
            if one != other {
                let differing = one.iter().zip(other).enumerate().filter(|(_, (one, other))| one != other);
                differing.for_each(|(x, _)| runs.change(start + columns.start + x));
            }
        }
        Self(runs.lengths)
    }

    /// What makes an empty mask into this one.
    #[must_use]
    pub fn of_mask(mask: &Mask) -> Self {
        let mut runs = Runs::default();
        let lesion = mask.pixels().iter().enumerate().filter(|&(_, &pixel)| pixel == 1);
        lesion.for_each(|(index, _)| runs.change(index));
        Self(runs.lengths)
    }

    /// Changes the pixels; returns where, or `None` when there are none.
    ///
    /// # Panics
    /// When the runs are longer than the mask; [`Self::fits`] says so before.
    pub fn apply(&self, mask: &mut Mask) -> Option<Area> {
        let [width, height] = mask.size().map(|side| side as usize);
        let mut touched = None;
        for (from, to) in self.changed() {
            for pixel in &mut mask.pixels_mut()[from..to] {
                *pixel ^= 1;
            }
            touched = both(touched, Some(area_of(from, to, width)));
        }
        debug_assert!(touched.is_none_or(|area| area.bottom as usize <= height));
        touched
    }

    /// Whether the runs end within a mask of `size`.
    #[must_use]
    pub fn fits(&self, size: [u32; 2]) -> bool {
        let total: u64 = self.0.iter().map(|&length| u64::from(length)).sum();
        total <= u64::from(size[0]) * u64::from(size[1])
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed().next().is_none()
    }

    /// Number of pixels that change.
    #[must_use]
    pub fn count_px(&self) -> u64 {
        self.changed().map(|(from, to)| (to - from) as u64).sum()
    }

    /// Memory that the runs take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.len() * size_of::<u32>()
    }

    /// Changed pixels as `(first, after the last)` of their indices.
    fn changed(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut place = 0;
        self.0.chunks(2).filter_map(move |pair| {
            let from = place + pair[0] as usize;
            let to = from + pair.get(1).copied().unwrap_or_default() as usize;
            place = to;
            (from < to).then_some((from, to))
        })
    }
}

/// Runs under way.
#[derive(Default)]
struct Runs {
    lengths: Vec<u32>,
    /// The pixel after the last that changed.
    end: usize,
}

impl Runs {
    /// Adds a pixel; they come in order.
    fn change(&mut self, index: usize) {
        match self.lengths.last_mut() {
            Some(length) if self.end == index => *length += 1,
            _ => self.lengths.extend([(index - self.end) as u32, 1]),
        }
        self.end = index + 1;
    }
}

fn area_of(from: usize, to: usize, width: usize) -> Area {
    let (top, last) = (from / width, (to - 1) / width);
    let (left, right) = if top == last { (from % width, (to - 1) % width + 1) } else { (0, width) };
    Area { left: left as u32, top: top as u32, right: right as u32, bottom: last as u32 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toggles_lead_from_one_mask_to_the_other_and_back() {
        let (before, after) = (Mask::drawn(&["#...", ".##.", "...."]), Mask::drawn(&["....", ".#.#", "...#"]));
        let toggles = Toggles::between(&before, &after, Area::whole(before.size()));
        let mut mask = before.clone();
        assert_eq!(toggles.apply(&mut mask), Some(Area { left: 0, top: 0, right: 4, bottom: 3 }));
        assert_eq!(mask, after);
        toggles.apply(&mut mask);
        assert_eq!(mask, before);
        assert_eq!(toggles.count_px(), 4);
    }

    #[test]
    fn a_run_over_the_end_of_a_row_spans_the_width() {
        let toggles = Toggles::of_mask(&Mask::drawn(&["...#", "#..."]));
        assert_eq!(toggles, Toggles(vec![3, 2]));
        let mut mask = Mask::empty([4, 2]);
        assert_eq!(toggles.apply(&mut mask), Some(Area { left: 0, top: 0, right: 4, bottom: 2 }));
    }

    #[test]
    fn nothing_changed_is_empty_and_too_much_does_not_fit() {
        let mask = Mask::drawn(&["#."]);
        let none = Toggles::between(&mask, &mask, Area::whole([2, 1]));
        assert!(none.is_empty() && none.apply(&mut mask.clone()).is_none());
        assert!(Toggles(vec![1, 1]).fits([2, 1]) && !Toggles(vec![1, 2]).fits([2, 1]));
        assert!(!Toggles(vec![u32::MAX, u32::MAX]).fits([2, 1]));
    }
}
