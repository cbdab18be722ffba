//! [`LiveAdvice`]: the one thing to do next while looking through the camera.

use strum::{IntoStaticStr, VariantArray};

use crate::language::Words;
use crate::quality::{CaptureQuality, QualityCheck};
use crate::words;

/// What to do next, what hinders most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LiveAdvice {
    /// It is too dark.
    MoreLight,
    /// It is too bright.
    LessLight,
    /// No lesion is seen.
    PointAtLesion,
    /// The lesion is cut off by the picture's edge.
    WholeLesion,
    /// The lesion is small.
    ComeCloser,
    /// The picture moves.
    HoldStill,
    /// The picture stands still and is blurred.
    Focus,
    /// All is well.
    Ready,
}

/// Motion from which the picture is no longer steady: about a twelfth of the picture's width within a second.
const MOST_MOTION: f64 = 0.05;

impl LiveAdvice {
    /// Its name in rows: `hold_still`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// A few words for the person with the camera.
    #[must_use]
    pub fn message(self) -> Words {
        match self {
            Self::MoreLight => words!("live-more-light"),
            Self::LessLight => words!("live-less-light"),
            Self::PointAtLesion => words!("live-point-at-lesion"),
            Self::WholeLesion => words!("live-whole-lesion"),
            Self::ComeCloser => words!("live-come-closer"),
            Self::HoldStill => words!("live-hold-still"),
            Self::Focus => words!("live-focus"),
            Self::Ready => words!("live-ready"),
        }
    }

    /// Of what was measured; a picture that nothing was compared with yet does not stand still.
    #[must_use]
    pub fn of(motion: Option<f64>, capture: &CaptureQuality) -> Self {
        let is_found = |wanted| capture.findings().any(|finding| finding.check == wanted);
        let has_lesion = capture.value(QualityCheck::LesionSmall).is_some();
        if is_found(QualityCheck::TooDark) {
            Self::MoreLight
        } else if is_found(QualityCheck::TooBright) {
            Self::LessLight
        } else if !has_lesion {
            Self::PointAtLesion
        } else if is_found(QualityCheck::LesionCut) {
            Self::WholeLesion
        } else if is_found(QualityCheck::LesionSmall) {
            Self::ComeCloser
        } else if motion.is_none_or(|motion| motion >= MOST_MOTION) {
            Self::HoldStill
        } else if is_found(QualityCheck::Blurred) {
            Self::Focus
        } else {
            Self::Ready
        }
    }
}
