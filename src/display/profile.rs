//! A photo's embedded ICC profile, which is not trusted: a profile that is damaged, not for RGB, or would invert light
//! and dark is refused, and the photo is then shown as stored.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use moxcms::{
    BarycentricWeightScale, ColorProfile, DataColorSpace, InterpolationMethod, Layout, ParsingOptions, ProfileText,
    Transform8BitExecutor, TransformOptions,
};

use crate::photo::EmbeddedProfile;

/// Characters of a profile's name that are shown.
const MOST_LETTERS: usize = 60;

/// Levels by which colours may change while the profile still counts as sRGB itself.
const SAME: u8 = 1;

/// Why an embedded profile is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFault {
    /// It cannot be read.
    #[error("it is damaged ({detail})")]
    Damaged {
        /// What the parser reports.
        detail: String,
    },
    /// It is too large to be valid.
    #[error("it has more than {} bytes", EmbeddedProfile::MOST_BYTES)]
    TooLarge,
    /// It describes a colour space other than RGB.
    #[error("it is for {space}, not for RGB")]
    NotRgb {
        /// The colour space that it describes.
        space: String,
    },
    /// It would show white dark, black light, or a lighter grey darker.
    #[error("it inverts light and dark")]
    Absurd,
}

/// The colour space of a photo's pixels, and how they are converted for the screen.
#[derive(Clone, Debug, Default)]
pub enum Profile {
    /// None is embedded; the pixels are taken as sRGB, as other programs do.
    #[default]
    None,
    /// sRGB itself: nothing is converted.
    Srgb {
        /// The profile's name for itself.
        name: String,
    },
    /// Colours are converted to sRGB for the screen.
    Applied {
        /// The profile's name for itself.
        name: String,
        /// The conversion.
        to_srgb: ToSrgb,
    },
    /// It is not used: colours are shown as stored.
    Refused(ProfileFault),
}

impl Profile {
    /// Reads the profile of a file. Never panics, whatever its bytes are.
    #[must_use]
    pub fn of(embedded: &EmbeddedProfile) -> Self {
        let damaged = |detail: &str| Err(ProfileFault::Damaged { detail: detail.to_owned() });
        let read = match embedded {
            EmbeddedProfile::None => return Self::None,
            EmbeddedProfile::TooLarge => Err(ProfileFault::TooLarge),
            EmbeddedProfile::Broken => damaged("its parts do not match"),
            EmbeddedProfile::Bytes(bytes) => {
                catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or_else(|_| damaged("its reader failed"))
            }
        };
        read.unwrap_or_else(Self::Refused)
    }

    /// The conversion, if colours have to be converted.
    #[must_use]
    pub fn to_srgb(&self) -> Option<&ToSrgb> {
        match self {
            Self::Applied { to_srgb, .. } => Some(to_srgb),
            _ => None,
        }
    }
}

fn read(bytes: &[u8]) -> Result<Profile, ProfileFault> {
    let damaged = |error: moxcms::CmsError| ProfileFault::Damaged { detail: error.to_string() };
    let options = ParsingOptions { max_profile_size: EmbeddedProfile::MOST_BYTES + 1, ..ParsingOptions::default() };
    let read = ColorProfile::new_from_slice_with_options(bytes, options).map_err(damaged)?;
    if read.color_space != DataColorSpace::Rgb {
        return Err(ProfileFault::NotRgb { space: format!("{:?}", read.color_space).to_uppercase() });
    }
    let transform = read
        .create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, finest())
        .map_err(damaged)?;
    let to_srgb = ToSrgb { transform };
    let name = read.description.as_ref().map(name).unwrap_or_default();
    if to_srgb.is_absurd() {
        return Err(ProfileFault::Absurd);
    }
    Ok(if to_srgb.is_identity() { Profile::Srgb { name } } else { Profile::Applied { name, to_srgb } })
}

/// Tables are read between their steps as LittleCMS does, with fine weights, so that dark parts keep their gradients.
fn finest() -> TransformOptions {
    TransformOptions {
        interpolation_method: InterpolationMethod::Tetrahedral,
        barycentric_weight_scale: BarycentricWeightScale::High,
        ..TransformOptions::default()
    }
}

/// The profile's own name, in English if it has one, as one line of bounded length; may be empty.
fn name(text: &ProfileText) -> String {
    let words = match text {
        ProfileText::PlainString(words) => words.as_str(),
        ProfileText::Localizable(all) => {
            let english = all.iter().find(|one| one.language == "en");
            english.or(all.first()).map_or("", |one| one.value.as_str())
        }
        ProfileText::Description(words) => match words.ascii_string.as_str() {
            "" => words.unicode_string.as_str(),
            ascii => ascii,
        },
    };
    let letters = words.chars().filter(|letter| !letter.is_control()).take(MOST_LETTERS);
    letters.collect::<String>().trim().to_owned()
}

/// Converts a photo's own colours to the screen's sRGB.
#[derive(Clone)]
pub struct ToSrgb {
    transform: Arc<Transform8BitExecutor>,
}

impl std::fmt::Debug for ToSrgb {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ToSrgb")
    }
}

impl ToSrgb {
    /// Converts RGB pixels in place.
    pub fn apply(&self, rgb: &mut [u8]) {
        let stored = rgb.to_vec();
        // It fails only for unequal lengths or partial pixels, which cannot occur; the stored colours stay if it does.
        if self.transform.transform(&stored, rgb).is_err() {
            rgb.copy_from_slice(&stored);
        }
    }

    /// Whether no colour of a coarse cube moves by more than rounding.
    fn is_identity(&self) -> bool {
        let cube: Vec<u8> = (0..729_u32)
            .flat_map(|index| [index % 9, index / 9 % 9, index / 81].map(|step| (step * 255 / 8) as u8))
            .collect();
        let mut moved = cube.clone();
        self.apply(&mut moved);
        cube.iter().zip(&moved).all(|(before, after)| before.abs_diff(*after) <= SAME)
    }

    /// Whether greys do not get lighter from black to white: no camera does that, and a lesion would be lost in it.
    fn is_absurd(&self) -> bool {
        let mut greys: Vec<u8> = (0..=255_u8).flat_map(|level| [level; 3]).collect();
        self.apply(&mut greys);
        let light: Vec<u32> = greys
            .chunks_exact(3)
            .map(|grey| (2126 * u32::from(grey[0]) + 7152 * u32::from(grey[1]) + 722 * u32::from(grey[2])) / 10_000)
            .collect();
        // Tables with few steps may go back by some levels.
        let falters = light.windows(2).any(|pair| pair[1] + 4 < pair[0]);
        falters || light[0] > 80 || light[255] < 176
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgbs_own_profile_changes_nothing() {
        let srgb = ColorProfile::new_srgb().encode().expect("it is written");
        assert!(matches!(Profile::of(&EmbeddedProfile::Bytes(srgb)), Profile::Srgb { .. }));
        assert!(matches!(Profile::of(&EmbeddedProfile::None), Profile::None));
    }

    #[test]
    fn a_names_controls_and_excess_are_left_out() {
        let plain = |words: &str| name(&ProfileText::PlainString(words.to_owned()));
        assert_eq!(plain(" Display\u{0} P3\n"), "Display P3");
        assert_eq!(plain(&"x".repeat(5000)).len(), MOST_LETTERS);
        let german = moxcms::LocalizableString::new("de".into(), "DE".into(), "Anzeige".into());
        let english = moxcms::LocalizableString::new("en".into(), "US".into(), "Display".into());
        assert_eq!(name(&ProfileText::Localizable(vec![german.clone(), english])), "Display");
        assert_eq!(name(&ProfileText::Localizable(vec![german])), "Anzeige");
        assert_eq!(name(&ProfileText::Localizable(Vec::new())), "");
    }
}
