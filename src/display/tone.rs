//! Brightness, contrast and gamma as the user sets them: one lookup table of levels, applied by the graphics card.

/// Brightness, contrast and gamma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Added to every level: -1 is black, 1 is white.
    pub brightness: f32,
    /// -1 is uniform grey, 0 is as stored, 1 is four times as steep around the middle.
    pub contrast: f32,
    /// Above 1 brightens the dark parts most.
    pub gamma: f32,
}

impl Default for Tone {
    fn default() -> Self {
        Self { brightness: 0.0, contrast: 0.0, gamma: 1.0 }
    }
}

impl Tone {
    /// Bounds of brightness and contrast. At -1 and 1 nothing of a photograph would be visible.
    pub const SHIFT: std::ops::RangeInclusive<f32> = -0.75..=0.75;

    /// Bounds of gamma: the same factor down and up.
    pub const GAMMA: std::ops::RangeInclusive<f32> = 0.25..=4.0;

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_neutral(self) -> bool {
        self == Self::default()
    }

    /// The tone within its bounds, rounded to the hundredths that are shown: a tone that reads as neutral is neutral.
    #[must_use]
    pub fn rounded(self) -> Self {
        let within = |value: f32, bounds: std::ops::RangeInclusive<f32>| {
            // Adding zero turns negative zero into zero.
            ((value * 100.0).round() / 100.0).clamp(*bounds.start(), *bounds.end()) + 0.0
        };
        Self {
            brightness: within(self.brightness, Self::SHIFT),
            contrast: within(self.contrast, Self::SHIFT),
            gamma: within(self.gamma, Self::GAMMA),
        }
    }

    /// What each level becomes: first gamma, then contrast around the middle, then brightness.
    #[must_use]
    pub fn table(self) -> [u8; 256] {
        let Self { brightness, contrast, gamma } = self;
        let slope = if contrast < 0.0 { 1.0 + contrast } else { 1.0 + 3.0 * contrast };
        std::array::from_fn(|level| {
            let value = (level as f32 / 255.0).powf(1.0 / gamma);
            let value = (value - 0.5) * slope + 0.5 + brightness;
            (value * 255.0).round().clamp(0.0, 255.0) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neutral_tone_leaves_every_level() {
        let table = Tone::default().table();
        assert!(table.iter().enumerate().all(|(level, &shown)| usize::from(shown) == level));
    }

    #[test]
    fn each_control_does_what_it_says() {
        let tone = |brightness, contrast, gamma| Tone { brightness, contrast, gamma }.table();
        assert_eq!(tone(0.2, 0.0, 1.0)[100], 151);
        assert_eq!((tone(0.75, 0.0, 1.0)[64], tone(-0.75, 0.0, 1.0)[191]), (255, 0));
        // Half as steep around 127.5: 127.5 - 63.75 and 127.5 + 63.75.
        assert_eq!((tone(0.0, -0.5, 1.0)[0], tone(0.0, -0.5, 1.0)[255]), (64, 191));
        // Two and a half times as steep: 127.5 + 2.5 * (192 - 127.5) = 288.75, which is white.
        assert_eq!((tone(0.0, 0.5, 1.0)[100], tone(0.0, 0.5, 1.0)[192]), (59, 255));
        // 255 * (64 / 255)^(1 / 2) = 127.7
        assert_eq!((tone(0.0, 0.0, 2.0)[64], tone(0.0, 0.0, 2.0)[255]), (128, 255));
    }

    #[test]
    fn a_tone_stays_within_its_bounds_and_what_reads_as_none_is_none() {
        let beyond = Tone { brightness: 9.0, contrast: -9.0, gamma: 0.0 };
        assert_eq!(beyond.rounded(), Tone { brightness: 0.75, contrast: -0.75, gamma: 0.25 });
        assert!(Tone { brightness: -0.004, contrast: 0.001, gamma: 1.004 }.rounded().is_neutral());
    }

    #[test]
    fn levels_never_change_their_order() {
        for gamma in [0.25, 0.7, 1.0, 4.0] {
            for contrast in [-0.75, -0.3, 0.0, 0.75] {
                let table = Tone { brightness: 0.1, contrast, gamma }.table();
                assert!(table.windows(2).all(|pair| pair[0] <= pair[1]));
            }
        }
    }
}
