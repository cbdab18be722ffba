//! How a photo's stored pixels look on the screen: its embedded ICC profile to sRGB, then brightness, contrast, gamma.
//! For display only: networks and measures are given the stored pixels, never these.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

/// Why an embedded profile is not used; the photo is then shown as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the photograph's embedded colour profile is damaged or not for RGB ({detail}); its colours are shown as stored"
)]
pub struct ProfileError {
    /// What the profile's reader says.
    pub detail: String,
}

/// From a photo's own colours to the screen's sRGB.
#[derive(Clone)]
pub struct ToSrgb {
    transform: Arc<Transform8BitExecutor>,
}

impl std::fmt::Debug for ToSrgb {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ToSrgb")
    }
}

/// Levels by which colours may change and the profile still counts as sRGB's own.
const SAME: u8 = 1;

impl ToSrgb {
    /// Reads an embedded profile; `None` when it changes no colour, as sRGB's own and those of grey photos.
    ///
    /// # Errors
    /// [`ProfileError`] when it is damaged, or of another kind than RGB.
    pub fn of(profile: &[u8]) -> Result<Option<Self>, ProfileError> {
        let fail = |detail: String| ProfileError { detail };
        let read = ColorProfile::new_from_slice(profile).map_err(|error| fail(error.to_string()))?;
        match read.color_space {
            DataColorSpace::Rgb => {}
            DataColorSpace::Gray => return Ok(None),
            other => return Err(fail(format!("it is for {other:?}"))),
        }
        let srgb = ColorProfile::new_srgb();
        let transform = read
            .create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default())
            .map_err(|error| fail(error.to_string()))?;
        let found = Self { transform };
        Ok((!found.is_identity()).then_some(found))
    }

    /// Whether no colour of a coarse cube moves by more than rounding.
    fn is_identity(&self) -> bool {
        let cube: Vec<u8> = (0..729_u32)
            .flat_map(|index| [index % 9, index / 9 % 9, index / 81].map(|step| (step * 31) as u8))
            .collect();
        let mut moved = cube.clone();
        self.apply(&mut moved);
        cube.iter().zip(&moved).all(|(before, after)| before.abs_diff(*after) <= SAME)
    }

    /// Changes RGB pixels in place.
    pub fn apply(&self, rgb: &mut [u8]) {
        let stored = rgb.to_vec();
        // The lengths are equal and whole pixels; nothing else makes it fail, and the stored colours stay if it does.
        if self.transform.transform(&stored, rgb).is_err() {
            rgb.copy_from_slice(&stored);
        }
    }
}

/// Brightness, contrast and gamma, as a person sets them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Added to every level: -1 is black, 1 is white.
    pub brightness: f32,
    /// -1 is one grey, 0 is as stored, 1 is four times as steep around the middle.
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
    /// Gamma's bounds.
    pub const GAMMA: std::ops::RangeInclusive<f32> = 0.25..=4.0;

    /// Whether nothing is changed.
    #[must_use]
    pub fn is_neutral(self) -> bool {
        self == Self::default()
    }

    /// The tone within its bounds.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            brightness: self.brightness.clamp(-1.0, 1.0),
            contrast: self.contrast.clamp(-1.0, 1.0),
            gamma: self.gamma.clamp(*Self::GAMMA.start(), *Self::GAMMA.end()),
        }
    }

    /// What each level becomes: first gamma, then contrast around the middle, then brightness.
    #[must_use]
    pub fn table(self) -> [u8; 256] {
        let Self { brightness, contrast, gamma } = self.clamped();
        let slope = if contrast < 0.0 { 1.0 + contrast } else { 1.0 + 3.0 * contrast };
        std::array::from_fn(|level| {
            let value = (level as f32 / 255.0).powf(1.0 / gamma);
            let value = (value - 0.5) * slope + 0.5 + brightness;
            (value * 255.0).round().clamp(0.0, 255.0) as u8
        })
    }
}

/// Everything that is done to a photo's pixels before they are shown.
#[derive(Clone, Debug, Default)]
pub struct Dress {
    /// By its profile.
    pub to_srgb: Option<ToSrgb>,
    /// By hand.
    pub tone: Tone,
}

impl Dress {
    /// Changes stored RGB pixels to shown ones, in place.
    pub fn apply(&self, rgb: &mut [u8]) {
        if let Some(to_srgb) = &self.to_srgb {
            to_srgb.apply(rgb);
        }
        if !self.tone.is_neutral() {
            let table = self.tone.table();
            for level in rgb {
                *level = table[usize::from(*level)];
            }
        }
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
        assert_eq!((tone(1.0, 0.0, 1.0)[0], tone(-1.0, 0.0, 1.0)[255]), (255, 0));
        assert_eq!((tone(0.0, -1.0, 1.0)[0], tone(0.0, -1.0, 1.0)[255]), (128, 128));
        assert!(tone(0.0, 0.5, 1.0)[64] < 64 && tone(0.0, 0.5, 1.0)[192] > 192);
        // 255 * (64 / 255)^(1 / 2) = 127.7
        assert_eq!((tone(0.0, 0.0, 2.0)[64], tone(0.0, 0.0, 2.0)[255]), (128, 255));
        let beyond = Tone { brightness: 9.0, contrast: -9.0, gamma: 0.0 };
        assert_eq!(beyond.clamped(), Tone { brightness: 1.0, contrast: -1.0, gamma: 0.25 });
    }

    #[test]
    fn levels_never_change_their_order() {
        for gamma in [0.25, 0.7, 1.0, 4.0] {
            for contrast in [-1.0, -0.3, 0.0, 1.0] {
                let table = Tone { brightness: 0.1, contrast, gamma }.table();
                assert!(table.windows(2).all(|pair| pair[0] <= pair[1]));
            }
        }
    }

    #[test]
    fn srgbs_own_profile_changes_nothing_and_a_broken_one_is_refused() {
        let srgb = ColorProfile::new_srgb().encode().expect("it is written");
        assert!(ToSrgb::of(&srgb).expect("it is whole").is_none());
        for broken in [&srgb[..40], b"no profile at all, though it is long enough to have a header of one hundred and twenty-eight bytes, which is what is read first of it", &[]] {
            assert!(ToSrgb::of(broken).is_err());
        }
    }
}
