//! [`AutomaticShutter`]: released when all has been well for half a second.

use std::time::Duration;

/// How long all has to be well.
const STEADY: Duration = Duration::from_millis(500);

/// A longer gap between two frames was not looked at, and does not count as well.
const MOST_GAP: Duration = Duration::from_millis(250);

/// Goes by the times of frames, not by a clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct AutomaticShutter {
    /// Since when all is well, and the last frame of that.
    well: Option<(Duration, Duration)>,
    is_released: bool,
}

/// What a frame means to the shutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutterStep {
    /// All is not well, or it was released already.
    Rests,
    /// The half second begins with it.
    Begins,
    /// The half second goes on.
    Counts,
    /// The half second is over with it.
    IsReleased,
}

impl AutomaticShutter {
    /// Looks at a frame taken at `time`. After the shutter is released something has to change before it is released again: it
    /// takes one photograph of a lesion, not one every half second.
    pub fn see(&mut self, time: Duration, is_well: bool) -> ShutterStep {
        if !is_well {
            *self = Self::default();
            return ShutterStep::Rests;
        }
        match &mut self.well {
            Some((since, last)) if time >= *last && time - *last <= MOST_GAP => {
                *last = time;
                let is_due = time - *since >= STEADY;
                if self.is_released {
                    return ShutterStep::Rests;
                }
                self.is_released = is_due;
                if is_due { ShutterStep::IsReleased } else { ShutterStep::Counts }
            }
            well => {
                *well = Some((time, time));
                if self.is_released { ShutterStep::Rests } else { ShutterStep::Begins }
            }
        }
    }

    /// How much of the half second has passed, 0 to 1; 0 when it was released already.
    #[must_use]
    pub fn progress(&self) -> f32 {
        let (since, last) = self.well.filter(|_| !self.is_released).unwrap_or_default();
        ((last - since).as_secs_f32() / STEADY.as_secs_f32()).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames, by place, that release it: one every `step` milliseconds, each well or not.
    fn released(step: u64, frames: &[bool]) -> Vec<usize> {
        let mut shutter = AutomaticShutter::default();
        let time = |place: usize| Duration::from_millis(step * place as u64);
        let is_released = |&place: &usize| shutter.see(time(place), frames[place]) == ShutterStep::IsReleased;
        (0..frames.len()).filter(is_released).collect()
    }

    #[test]
    fn it_is_released_once_after_half_a_second() {
        assert_eq!(released(100, &[true; 20]), [5]);
        assert_eq!(released(33, &[true; 60]), [16], "528 ms");
    }

    #[test]
    fn one_bad_frame_begins_the_half_second_anew() {
        let mut frames = [true; 20];
        frames[4] = false;
        assert_eq!(released(100, &frames), [10]);
    }

    #[test]
    fn it_is_released_again_when_something_changed() {
        let mut frames = [true; 20];
        frames[8] = false;
        assert_eq!(released(100, &frames), [5, 14]);
    }

    #[test]
    fn frames_that_did_not_come_do_not_count_as_well() {
        let mut shutter = AutomaticShutter::default();
        let steps = [0, 400, 800, 1200, 100, 300].map(|time| shutter.see(Duration::from_millis(time), true));
        assert_eq!(steps, [&[ShutterStep::Begins; 5][..], &[ShutterStep::Counts]].concat()[..]);
        assert!((shutter.progress() - 0.4).abs() < 1e-3);
    }
}
