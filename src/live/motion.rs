//! [`Motion`]: how much a picture moves, from small grey copies of it.

use std::collections::VecDeque;
use std::time::Duration;

/// The copy's side in squares. A square is the mean of at least 64 pixels of a network's input, so that noise hardly counts.
const SIDE: usize = 32;

/// How far back a picture is compared: a hand's tremor has some 8 to 12 cycles a second, and averages out.
const SPAN: Duration = Duration::from_millis(200);

/// Pictures that are kept lie at least so far apart, so that a fast camera's are not too many.
const STEP: Duration = Duration::from_millis(15);

/// Contrast, in levels, that a picture is taken to have at least: of bare skin only noise would be left.
const LEAST_CONTRAST: f64 = 6.0;

/// The pictures of the last moments.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    last: Option<(Duration, Vec<f32>)>,
    /// Those of the span, and the last one before it.
    kept: VecDeque<(Duration, Vec<f32>)>,
}

/// What moved, as the mean change of brightness in shares of the picture's contrast: about 0.09 where a lesion of two
/// thirds of the picture's height moves by a thirtieth of its width.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Since the picture before; `None` without one.
    pub since_last: Option<f64>,
    /// Within the span of a fifth of a second; `None` while there was none so long ago.
    pub within_span: Option<f64>,
}

impl Motion {
    /// Looks at the picture of `[width, height]`, three bytes a pixel, that was taken at `time`. One that was taken before the last,
    /// or long after it, begins anew.
    pub fn see(&mut self, time: Duration, rgb: &[u8], size: [usize; 2]) -> Moved {
        let copy = grey_squares(rgb, size);
        let is_next = |last: Duration| time > last && time - last < 2 * SPAN;
        if !self.last.as_ref().is_some_and(|(last, _)| is_next(*last)) {
            *self = Self::default();
        }
        // The newest that is older than the span stays, to be compared with.
        while self.kept.get(1).is_some_and(|(then, _)| time - *then >= SPAN) {
            self.kept.pop_front();
        }
        let since_last = self.last.as_ref().map(|(_, last)| change(last, &copy));
        let of_span = |(then, first): &(Duration, Vec<f32>)| (time - *then >= SPAN).then(|| change(first, &copy));
        let within_span = self.kept.front().and_then(of_span);
        if self.kept.back().is_none_or(|(then, _)| time - *then >= STEP) {
            self.kept.push_back((time, copy.clone()));
        }
        self.last = Some((time, copy));
        Moved { since_last, within_span }
    }
}

/// Mean brightness of each square, without the picture's own mean: a camera changes its exposure by itself.
fn grey_squares(rgb: &[u8], [width, height]: [usize; 2]) -> Vec<f32> {
    let mut sums = vec![(0_u32, 0_u32); SIDE * SIDE];
    for (y, row) in rgb.chunks_exact(3 * width).enumerate() {
        let squares = &mut sums[y * SIDE / height * SIDE..][..SIDE];
        for (x, pixel) in row.chunks_exact(3).enumerate() {
            let square = &mut squares[x * SIDE / width];
            square.0 += u32::from(pixel[0]) + 2 * u32::from(pixel[1]) + u32::from(pixel[2]);
            square.1 += 4;
        }
    }
    let mut squares: Vec<f32> = sums.iter().map(|&(sum, count)| sum as f32 / count.max(1) as f32).collect();
    let mean = squares.iter().sum::<f32>() / squares.len() as f32;
    squares.iter_mut().for_each(|level| *level -= mean);
    squares
}

fn change(before: &[f32], now: &[f32]) -> f64 {
    let count = now.len() as f64;
    let contrast = (now.iter().map(|level| f64::from(level * level)).sum::<f64>() / count).sqrt();
    let moved: f64 = before.iter().zip(now).map(|(before, now)| f64::from((before - now).abs())).sum();
    moved / count / contrast.max(LEAST_CONTRAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [usize; 2] = [128, 96];

    /// A dark disc on skin, `right` pixels from the middle, all `brighter` by so many levels.
    fn disc(right: f64, brighter: u8) -> Vec<u8> {
        let level = |index: usize| {
            let (x, y) = ((index % SIZE[0]) as f64, (index / SIZE[0]) as f64);
            let is_lesion = (x - 64.0 - right).hypot(y - 48.0) < 30.0;
            if is_lesion { 70 + brighter } else { 170 + brighter }
        };
        (0..SIZE[0] * SIZE[1]).flat_map(|index| [level(index); 3]).collect()
    }

    fn millis(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn a_picture_that_stands_still_has_no_motion_however_bright_it_gets() {
        let mut motion = Motion::default();
        for frame in 0..12 {
            let moved = motion.see(millis(33 * frame), &disc(0.0, frame as u8), SIZE);
            assert_eq!(moved.since_last.is_none(), frame == 0);
            assert_eq!(moved.within_span.is_none(), frame < 7, "frame {frame}");
            assert!(moved.within_span.unwrap_or(0.0) < 1e-3 && moved.since_last.unwrap_or(0.0) < 1e-3);
        }
    }

    #[test]
    fn motion_is_that_of_a_fifth_of_a_second() {
        let mut motion = Motion::default();
        // Four pixels, a thirtieth of the width, in 200 ms; by hand: a border of 2 * 60 pixels' height passes 4 pixels,
        // with 100 levels, over 128 * 96 pixels, at a contrast of 42 levels.
        let moved = [0, 1, 2, 3].map(|step| motion.see(millis(step * 100), &disc(2.0 * step as f64, 0), SIZE));
        let expected = 120.0 * 4.0 * 100.0 / (128.0 * 96.0) / 42.1;
        let found = moved[2].within_span.expect("there is one 200 ms ago");
        assert!((found - expected).abs() < 0.01, "{found}, not {expected}");
        assert!(moved[2].since_last.expect("there is one") < 0.6 * found);
    }

    #[test]
    fn after_a_gap_or_backwards_in_time_it_begins_anew() {
        let mut motion = Motion::default();
        motion.see(millis(1000), &disc(0.0, 0), SIZE);
        for time in [1500, 400] {
            assert_eq!(motion.see(millis(time), &disc(0.0, 0), SIZE), Moved::default());
        }
    }

    #[test]
    fn a_fast_camera_is_measured_too_and_what_is_kept_is_bounded() {
        let mut motion = Motion::default();
        let moved: Vec<Moved> = (0..1000).map(|frame| motion.see(millis(frame), &disc(0.0, 0), SIZE)).collect();
        assert!(moved[220..].iter().all(|moved| moved.within_span.is_some()));
        assert!(motion.kept.len() <= 16, "{}", motion.kept.len());
    }
}
