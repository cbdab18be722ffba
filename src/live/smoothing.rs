//! [`Smoothing`]: the mean of the last moments' probability maps, so that an outline does not flicker.

use std::time::Duration;

/// How long a map counts, as of an exponential mean: an outline then follows within four or five frames.
const TIME: f64 = 0.15;

/// After such a gap the maps before no longer count.
const MOST_GAP: Duration = Duration::from_millis(500);

/// Change of the picture from one frame to the next from which only the newest map counts: the outline belongs to the frame
/// that it is drawn on.
const NEW_PICTURE: f64 = 0.05;

/// The smoothed map.
#[derive(Clone, Debug, Default)]
pub struct Smoothing {
    last: Option<(Duration, [usize; 2], Vec<f32>)>,
}

impl Smoothing {
    /// The smoothed map of `size` = `[width, height]` at `time`, where the picture changed by so much since the one before, as
    /// [`super::Motion`] measures it.
    pub fn smooth(&mut self, time: Duration, size: [usize; 2], mut map: Vec<f32>, change: Option<f64>) -> Vec<f32> {
        if let (Some((then, of_size, before)), Some(change)) = (&self.last, change)
            && *of_size == size
            && time > *then
            && time - *then <= MOST_GAP
        {
            let by_time = 1.0 - (-(time - *then).as_secs_f64() / TIME).exp();
            let weight = by_time.max(change / NEW_PICTURE).min(1.0) as f32;
            map.iter_mut().zip(before).for_each(|(now, before)| *now = weight * *now + (1.0 - weight) * before);
        }
        self.last = Some((time, size, map.clone()));
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn a_map_that_flickers_comes_to_its_mean() {
        let mut smoothing = Smoothing::default();
        let last = (0..40)
            .map(|frame| smoothing.smooth(millis(33 * frame), [1, 1], vec![(frame % 2) as f32], Some(0.0))[0])
            .collect::<Vec<_>>();
        // By the exponential mean's series: weight / (2 - weight) around a half, with weight 1 - exp(-33 / 150).
        let expected = [0.445, 0.555];
        assert!(
            (last[38] - expected[0]).abs() < 0.002 && (last[39] - expected[1]).abs() < 0.002,
            "{:?}",
            &last[38..]
        );
    }

    #[test]
    fn a_new_picture_counts_alone() {
        let cases = [
            (millis(33), [1, 1], Some(0.2), "it has changed"),
            (millis(33), [1, 1], None, "nothing is known of the change"),
            (millis(900), [1, 1], Some(0.0), "after a gap"),
            (millis(0), [1, 1], Some(0.0), "backwards in time"),
        ];
        for (time, size, change, why) in cases {
            let mut smoothing = Smoothing::default();
            smoothing.smooth(millis(0), [1, 1], vec![0.0], None);
            assert_eq!(smoothing.smooth(time, size, vec![1.0], change), [1.0], "{why}");
        }
        let mut smoothing = Smoothing::default();
        smoothing.smooth(millis(0), [1, 1], vec![0.0], None);
        assert_eq!(smoothing.smooth(millis(33), [2, 1], vec![1.0; 2], Some(0.0)), [1.0; 2], "of another size");
    }
}
