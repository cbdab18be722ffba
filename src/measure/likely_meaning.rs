//! What a mask of unknown origin most likely marks: vessels are thin everywhere and reach far, a lesion is not.

use crate::decode::MaskNote;
use crate::mask::Mask;
use crate::subject::MaskMeaning;

/// Mean thickness of vessels at most, in shorter sides of the photo. Of the 63 masks of people in CHASE_DB1, HRF and DRIVE
/// none is above 0.021 (`likely_meaning` in tests/suite/vessels_real.rs).
const VESSELS_AT_MOST: f64 = 0.03;

/// That of a lesion at least: a disc that covers half a per cent of the photo has more.
const LESION_AT_LEAST: f64 = 0.05;

/// Columns that are looked at, nearly: a mean needs no more of a large mask.
const COLUMNS: usize = 160;

/// How far a mask of vessels reaches at least, in each direction, in sides of the photo.
const VESSELS_REACH: f64 = 0.5;

/// What `mask` marks by its form; none where that is not clear, as where it is empty.
#[must_use]
pub fn of(mask: &Mask) -> Option<MaskMeaning> {
    let [width, height] = mask.size().map(|side| side as usize);
    let found = Extent::of(mask)?;
    let thickness = found.thickness_px / width.min(height) as f64;
    let [across, down] = found.bounds.map(|[first, last]| (last - first + 1) as f64);
    let is_far = across >= VESSELS_REACH * width as f64 && down >= VESSELS_REACH * height as f64;
    if thickness <= VESSELS_AT_MOST && is_far {
        Some(MaskMeaning::Vessels)
    } else {
        (thickness >= LESION_AT_LEAST).then_some(MaskMeaning::Lesion)
    }
}

/// What to say of a reference `mask` where the network marks `meaning`; nothing where both may be the same.
#[must_use]
pub fn note(mask: &Mask, meaning: MaskMeaning) -> Option<MaskNote> {
    match (of(mask)?, meaning) {
        (MaskMeaning::Vessels, MaskMeaning::Lesion) => Some(MaskNote::LooksLikeVessels),
        (MaskMeaning::Lesion, MaskMeaning::Vessels) => Some(MaskNote::LooksLikeLesion),
        _ => None,
    }
}

struct Extent {
    /// Mean over the pixels of some columns of the shorter of the runs, across and down, that each lies in.
    thickness_px: f64,
    /// First and last column, first and last row.
    bounds: [[usize; 2]; 2],
}

impl Extent {
    fn of(mask: &Mask) -> Option<Self> {
        let [width, height] = mask.size().map(|side| side as usize);
        let step = (width / COLUMNS).max(1);
        let columns = width.div_ceil(step);
        let mut bounds = [[usize::MAX, 0]; 2];
        let mut across = vec![0_u32; columns * height];
        for run in mask.runs().iter() {
            let [y, from, to] = [run.y, run.from, run.to].map(|place| place as usize);
            across[y * columns..][from.div_ceil(step)..to.div_ceil(step)].fill(run.to - run.from);
            bounds[0] = [bounds[0][0].min(from), bounds[0][1].max(to - 1)];
            bounds[1] = [bounds[1][0].min(y), bounds[1][1].max(y)];
        }
        let (mut sum, mut count) = (0_u64, 0_u64);
        for x in 0..columns {
            let mut column: Vec<u32> = Vec::new();
            for place in (x..across.len()).step_by(columns).chain([across.len()]) {
                if let Some(&run) = across.get(place).filter(|run| **run > 0) {
                    column.push(run);
                    continue;
                }
                let down = column.len() as u32;
                sum += column.iter().map(|&run| u64::from(run.min(down))).sum::<u64>();
                count += u64::from(down);
                column.clear();
            }
        }
        (count > 0).then(|| Self { thickness_px: sum as f64 / count as f64, bounds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(inside: impl Fn(f64, f64) -> bool) -> Mask {
        let pixels = (0..400 * 300).map(|index| u8::from(inside(f64::from(index % 400), f64::from(index / 400))));
        Mask::new(400, 300, pixels.collect())
    }

    #[test]
    fn a_net_of_lines_is_vessels_and_a_disc_a_lesion() {
        let net = drawn(|x, y| (x - y).rem_euclid(60.0) < 4.0 || (x + 2.0 * y).rem_euclid(90.0) < 5.0);
        assert_eq!(of(&net), Some(MaskMeaning::Vessels));
        for radius in [14.0, 60.0, 140.0] {
            assert_eq!(of(&drawn(|x, y| (x - 200.0).hypot(y - 150.0) < radius)), Some(MaskMeaning::Lesion));
        }
    }

    #[test]
    fn what_is_not_clear_is_left_open() {
        assert_eq!(of(&drawn(|_, _| false)), None);
        assert_eq!(of(&drawn(|x, y| x < 3.0 && y < 40.0)), None, "one short line");
    }
}
