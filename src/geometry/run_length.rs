//! COCO's run-length code: pixels column by column, runs of background and lesion in turn, background first.

use crate::mask::Mask;

/// Why a code does not hold the runs of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RunLengthError {
    /// The runs do not add up to the photo's pixels.
    #[error("its runs have {runs} pixels, but the photo has {photo}")]
    Total {
        /// Pixels of all runs together.
        runs: u64,
        /// Pixels of the photo.
        photo: usize,
    },
    /// The text ends within a number, or has a letter that is none of the code's.
    #[error("a compressed run is cut short")]
    CutShort,
    /// A difference leads below zero.
    #[error("a compressed run is negative")]
    Negative,
}

/// The runs of the pixels of `mask`.
pub(crate) fn encode(mask: &Mask) -> Vec<u64> {
    let [width, height] = mask.size().map(|side| side as usize);
    let pixels = mask.pixels();
    let mut runs = vec![0];
    let mut last = 0;
    for x in 0..width {
        for y in 0..height {
            let pixel = pixels[y * width + x];
            if pixel != last {
                runs.push(0);
                last = pixel;
            }
            if let Some(run) = runs.last_mut() {
                *run += 1;
            }
        }
    }
    runs
}

/// Whether `runs` hold the pixels of a photo of `size`.
pub(crate) fn check(runs: &[u64], size: [u32; 2]) -> Result<(), RunLengthError> {
    let photo = size[0] as usize * size[1] as usize;
    let total = runs.iter().fold(0_u64, |total, run| total.saturating_add(*run));
    if total == photo as u64 { Ok(()) } else { Err(RunLengthError::Total { runs: total, photo }) }
}

/// Adds the lesion of all `codes` to `mask`; each pixel is set once, however many codes have it.
///
/// # Errors
/// The first code that does not fit the mask; nothing is set then.
pub(crate) fn decode(codes: &[&[u64]], mask: &mut Mask) -> Result<(), RunLengthError> {
    let mut spans: Vec<[usize; 2]> = Vec::new();
    for runs in codes {
        check(runs, mask.size())?;
        let mut place = 0;
        for (index, run) in runs.iter().enumerate() {
            let next = place + *run as usize;
            if index % 2 == 1 && next > place {
                spans.push([place, next]);
            }
            place = next;
        }
    }
    spans.sort_unstable();
    let [width, height] = mask.size().map(|side| side as usize);
    let pixels = mask.pixels_mut();
    let mut done = 0;
    for [from, to] in spans {
        for place in from.max(done)..to {
            pixels[place % height * width + place / height] = 1;
        }
        done = done.max(to);
    }
    Ok(())
}

/// The runs of the compressed form: groups of five bits, the lowest first, and from the third run on the difference
/// from the run before the last.
pub(crate) fn from_text(text: &str) -> Result<Vec<u64>, RunLengthError> {
    let mut runs: Vec<i64> = Vec::new();
    let mut bytes = text.bytes().peekable();
    while bytes.peek().is_some() {
        let (mut value, mut shift) = (0_i64, 0);
        loop {
            let group =
                bytes.next().and_then(|byte| byte.checked_sub(48)).filter(|group| *group < 64 && shift < 60);
            let group = i64::from(group.ok_or(RunLengthError::CutShort)?);
            value |= (group & 31) << shift;
            shift += 5;
            if group & 32 == 0 {
                if group & 16 != 0 {
                    value |= -1 << shift;
                }
                break;
            }
        }
        let before = if runs.len() > 2 { runs[runs.len() - 2] } else { 0 };
        runs.push(value.saturating_add(before));
    }
    runs.into_iter().map(|run| u64::try_from(run).map_err(|_| RunLengthError::Negative)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_run_column_by_column_and_background_first() {
        let drawn = Mask::drawn(&[".##", ".#."]);
        assert_eq!(encode(&drawn), [2, 3, 1]);
        assert_eq!(encode(&Mask::drawn(&["#.", "#."])), [0, 2, 2]);
        let mut mask = Mask::empty([3, 2]);
        decode(&[&[2, 3, 1]], &mut mask).expect("it fits");
        assert_eq!(mask, drawn);
        decode(&[&[0, 1, 5], &[1, 2, 3], &[2, 3, 1], &[6]], &mut mask).expect("they fit");
        assert_eq!(mask, Mask::drawn(&["###", "##."]));
    }

    #[test]
    fn runs_that_do_not_fit_the_photo_are_refused() {
        for runs in [&[2, 3][..], &[2, 3, 2], &[u64::MAX, u64::MAX]] {
            assert!(decode(&[&[6], runs], &mut Mask::empty([3, 2])).is_err(), "{runs:?}");
        }
    }

    #[test]
    fn the_compressed_form_is_read() {
        // What pycocotools writes for runs of 6, 1, 40, 4, 5, 4, 5, 4, 21.
        let expected = [6, 1, 40, 4, 5, 4, 5, 4, 21];
        assert_eq!(from_text("61X13mN000`0").expect("it is whole"), expected);
        for text in ["6", "6\u{7f}", "~~"] {
            assert!(from_text(text).is_err() || text == "6", "{text}");
        }
        assert!(from_text("X").is_err(), "a group that announces another");
    }
}
