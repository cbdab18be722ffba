//! Whether a photograph is fit to be judged, from its pixels and without a network: blur, exposure, glare, hair, dark
//! corners, a ruler, and how the lesion lies in it.
//!
//! Measured on a copy of at most 256 pixels a side, so that an original and a small copy of it are judged alike. Each check
//! has a threshold that was set on photographs degraded in known steps; docs/quality.md shows the curves, and says what a
//! threshold finds and how often it is wrong. A finding is a remark: it never changes an outline or a figure.

mod blur;
pub mod corners;
pub mod hair;
mod lesion_place;
mod light;
mod reduced;
mod ruler;

use std::fmt;

use serde::{Serialize, Serializer};
use strum::{IntoStaticStr, VariantArray};

use self::lesion_place::LesionPlace;
use self::light::Light;
use self::reduced::ReducedPhoto;
use crate::language::Words;
use crate::mask::Mask;
use crate::measure::lesion::Lesion;
use crate::photo::Photo;
use crate::words;

/// What is looked at, what spoils most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum QualityCheck {
    /// The blur effect of the sharper quarter of the photograph, 0 to 1.
    Blurred,
    /// Lightness of the skin, of full white; a finding where it is small.
    TooDark,
    /// Share of the field of view that is burnt out.
    TooBright,
    /// Share of the photograph that reflections cover.
    Glare,
    /// Share of the photograph that is hair.
    Hair,
    /// Share of the photograph that dark corners cover.
    DarkCorners,
    /// Share of the lesion's border that lies on the photograph's edge.
    LesionCut,
    /// The lesion's diameter, of the photograph's longer side; a finding where it is small.
    LesionSmall,
    /// How regular the marks of a ruler are, 0 to 1. A ruler is no fault.
    Ruler,
}

/// How many there are.
const CHECKS: usize = QualityCheck::VARIANTS.len();

impl QualityCheck {
    /// Its name in rows: `too_dark`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// The value from which it is a finding.
    #[must_use]
    pub fn threshold(self) -> f64 {
        match self {
            Self::Blurred => 0.4,
            Self::TooDark => 0.45,
            Self::TooBright => 0.15,
            Self::Glare => 0.01,
            Self::Hair => 0.08,
            Self::DarkCorners => 0.05,
            Self::LesionCut => 0.05,
            Self::LesionSmall => 0.1,
            Self::Ruler => 0.55,
        }
    }

    /// Whether small values are findings, not large ones.
    #[must_use]
    pub fn is_least(self) -> bool {
        matches!(self, Self::TooDark | Self::LesionSmall)
    }

    /// Whether the photograph is poor by it: the lesion's border may not be seen as it is.
    #[must_use]
    pub fn spoils(self) -> bool {
        matches!(self, Self::Blurred | Self::TooDark | Self::TooBright | Self::Glare | Self::Hair)
    }
}

/// A check whose threshold is passed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QualityFinding {
    /// What was looked at.
    pub check: QualityCheck,
    /// What was measured; its unit is the check's.
    pub value: f64,
}

impl QualityFinding {
    /// What was found, in a sentence; its attribute `label` is a word or two of it, and `advice` says what to do.
    #[must_use]
    pub fn message(&self) -> Words {
        let percent = percent(self.value);
        match self.check {
            QualityCheck::Blurred => words!("quality-blurred"),
            QualityCheck::TooDark => words!("quality-too-dark", percent = percent),
            QualityCheck::TooBright => words!("quality-too-bright", percent = percent),
            QualityCheck::Glare => words!("quality-glare", percent = percent),
            QualityCheck::Hair => words!("quality-hair", percent = percent),
            QualityCheck::DarkCorners => words!("quality-dark-corners", percent = percent),
            QualityCheck::LesionCut => words!("quality-lesion-cut", percent = percent),
            QualityCheck::LesionSmall => words!("quality-lesion-small", percent = percent),
            QualityCheck::Ruler => words!("quality-ruler"),
        }
    }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 9.95 { format!("{percent:.1}") } else { format!("{percent:.0}") }
}

/// The quality of a photograph: what each check measured.
#[derive(Clone, Copy, PartialEq)]
pub struct CaptureQuality {
    values: [Option<f64>; CHECKS],
}

impl CaptureQuality {
    /// Of the pixels alone: the checks of the lesion have no values.
    #[must_use]
    pub fn of(photo: &Photo) -> Self {
        let copy = ReducedPhoto::of(photo);
        let light = Light::of(&copy);
        let lines = hair::line_contrast(&copy.rgb, copy.size.map(|side| side as u32));
        let corners = copy.is_corner.iter().filter(|&&is_corner| is_corner).count();
        let mut values = [None; CHECKS];
        for (check, value) in [
            (QualityCheck::Blurred, blur::effect(&copy)),
            (QualityCheck::TooDark, Some(light.skin)),
            (QualityCheck::TooBright, Some(light.burnt_out)),
            (QualityCheck::Glare, Some(light.glare)),
            (QualityCheck::Hair, Some(hair::share(&copy, &lines))),
            (QualityCheck::DarkCorners, Some(corners as f64 / copy.is_corner.len() as f64)),
            (QualityCheck::Ruler, Some(ruler::regularity(&copy, &lines))),
        ] {
            values[check as usize] = value;
        }
        Self { values }
    }

    /// Sharpness and light alone, of a camera's frame at the size that photographs are measured at: what can be measured
    /// some ten times a second.
    #[must_use]
    pub fn while_looking(frame: &Photo) -> Self {
        let copy = ReducedPhoto::of(frame);
        let light = Light::of(&copy);
        let mut values = [None; CHECKS];
        values[QualityCheck::Blurred as usize] = blur::effect(&copy);
        values[QualityCheck::TooDark as usize] = Some(light.skin);
        values[QualityCheck::TooBright as usize] = Some(light.burnt_out);
        Self { values }
    }

    /// Of a photograph that is none of skin: the checks are not made for it, and none has a value.
    #[must_use]
    pub fn unchecked() -> Self {
        Self { values: [None; CHECKS] }
    }

    /// With the checks of the lesion in the same photograph; without one they have no values.
    #[must_use]
    pub fn with_lesion(mut self, lesion: Option<&Lesion>) -> Self {
        let place = lesion.map(LesionPlace::of);
        self.values[QualityCheck::LesionCut as usize] = place.map(|place| place.on_edge);
        self.values[QualityCheck::LesionSmall as usize] = place.map(|place| place.diameter);
        self
    }

    /// Of the pixels of `photo` and of the lesion of `mask`.
    #[must_use]
    pub fn of_mask(photo: &Photo, mask: &Mask) -> Self {
        Self::of(photo).with_lesion(Lesion::largest_of(mask).as_ref())
    }

    /// What a check measured, where it could.
    #[must_use]
    pub fn value(&self, check: QualityCheck) -> Option<f64> {
        self.values[check as usize]
    }

    /// What is to be remarked, what spoils most first.
    pub fn findings(&self) -> impl Iterator<Item = QualityFinding> + '_ {
        QualityCheck::VARIANTS.iter().filter_map(|&check| {
            let value = self.value(check)?;
            let (found, threshold) = (value, check.threshold());
            let is_found = if check.is_least() { found < threshold } else { found >= threshold };
            is_found.then_some(QualityFinding { check, value })
        })
    }

    /// The findings that are to be told a person; a ruler is none where the scale is known.
    pub fn remarks(&self, knows_scale: bool) -> impl Iterator<Item = QualityFinding> + '_ {
        self.findings().filter(move |finding| finding.check != QualityCheck::Ruler || !knows_scale)
    }

    /// Whether the photograph is poor: blurred, badly lit, or covered by glare or hair.
    #[must_use]
    pub fn is_poor(&self) -> bool {
        self.findings().any(|finding| finding.check.spoils())
    }

    /// The keys of the findings with a space between them, as rows have them.
    #[must_use]
    pub fn keys(&self) -> String {
        self.findings().map(|finding| finding.check.key()).collect::<Vec<_>>().join(" ")
    }
}

/// The keys of the findings, as a list.
impl Serialize for CaptureQuality {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings().map(|finding| finding.check.key()))
    }
}

impl fmt::Debug for CaptureQuality {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = QualityCheck::VARIANTS.iter().map(|check| (check.key(), self.value(*check)));
        out.debug_map().entries(named).finish()
    }
}

#[cfg(test)]
mod tests;
