//! [`SharpestFrame`]: of the frames for which the automatic shutter counts, the sharpest; and how sharp one is.

use super::frame::{LiveQuality, OutlinedFrame};
use super::shutter::ShutterStep;

/// Rows between two that are looked at: neighbours are much alike, and each frame is looked at.
const ROW_STEP: usize = 2;

/// How sharp a picture of `[width, height]` is, three bytes a pixel: Brenner's gradient of its green, the mean squared
/// difference of pixels two apart, across and down, in levels squared. It compares pictures of one size of one thing; what
/// it is worth says nothing alone.
///
/// J. F. Brenner et al., An automated microscope for cytologic research, J. Histochem. Cytochem. 24 (1976) 100.
pub(super) fn sharpness(rgb: &[u8], [width, height]: [u32; 2]) -> f64 {
    let (row, rows) = (3 * width as usize, height as usize);
    let squared = |one: &[u8], other: &[u8]| u64::from(one[1].abs_diff(other[1])).pow(2);
    let (mut sum, mut count) = (0_u64, 0_usize);
    for y in (0..rows.saturating_sub(2)).step_by(ROW_STEP) {
        let (here, below) = (&rgb[y * row..][..row], &rgb[(y + 2) * row..][..row]);
        let right = here.get(6..).unwrap_or_default();
        for ((pixel, right), below) in here.chunks_exact(3).zip(right.chunks_exact(3)).zip(below.chunks_exact(3)) {
            sum += squared(pixel, right) + squared(pixel, below);
            count += 1;
        }
    }
    sum as f64 / count.max(1) as f64
}

/// The sharpest of the frames since the shutter began to count.
#[derive(Debug, Default)]
pub(super) struct SharpestFrame(Option<(f64, OutlinedFrame)>);

impl SharpestFrame {
    /// Takes note of `frame`, with which the shutter came to `step`; returns what is to be shown: the frame, or, as the shutter is
    /// released, the sharpest of those that were counted. Of equally sharp ones that is the newest.
    pub(super) fn see(&mut self, frame: OutlinedFrame, sharpness: f64, step: ShutterStep) -> OutlinedFrame {
        if matches!(step, ShutterStep::Rests | ShutterStep::Begins) {
            self.0 = None;
        }
        if step == ShutterStep::Rests {
            return frame;
        }
        let size = frame.frame.format.size;
        let is_beaten = |(most, best): &(f64, OutlinedFrame)| sharpness >= *most || best.frame.format.size != size;
        if self.0.as_ref().is_none_or(is_beaten) {
            self.0 = Some((sharpness, frame.clone()));
        }
        match step {
            ShutterStep::IsReleased => self.0.take().map_or(frame, |(_, best)| OutlinedFrame {
                is_released: true,
                quality: LiveQuality { progress: 0.0, ..best.quality },
                ..best
            }),
            ShutterStep::Rests | ShutterStep::Begins | ShutterStep::Counts => frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Green of each pixel, with other colours that do not count.
    fn of(levels: &[u8]) -> Vec<u8> {
        levels.iter().flat_map(|&level| [7, level, 200 - level]).collect()
    }

    #[test]
    fn it_is_the_mean_squared_difference_two_pixels_apart() {
        // Across 10 and 20 and down 5 from the first two pixels of the first row, which alone has one two below it.
        let levels = [0, 1, 10, 21, 9, 9, 9, 9, 5, 6, 0, 0];
        let expected = f64::from((10 * 10 + 5 * 5) + (20 * 20 + 5 * 5)) / 2.0;
        assert_eq!(sharpness(&of(&levels), [4, 3]), expected);
    }

    #[test]
    fn a_blurred_picture_is_less_sharp_and_one_without_pixels_two_apart_is_not_sharp() {
        let stripes: Vec<u8> = (0..64 * 64).map(|at| if at / 2 % 2 == 0 { 40 } else { 160 }).collect();
        let blurred: Vec<u8> = stripes
            .windows(3)
            .map(|three| (three.iter().map(|&level| u32::from(level)).sum::<u32>() / 3) as u8)
            .collect();
        let blurred = [&blurred[..], &[100; 2]].concat();
        assert!(sharpness(&of(&stripes), [64, 64]) > 3.0 * sharpness(&of(&blurred), [64, 64]));
        assert_eq!([[1, 4], [2, 2], [0, 0]].map(|size| sharpness(&of(&[9; 4]), size)), [0.0; 3]);
    }
}
