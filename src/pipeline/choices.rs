//! What a person chooses of a run: the threshold of the outline, and how often the network looks.

use serde::{Deserialize, Serialize};

use crate::confidence::SortedMap;
use crate::inference::{InferenceError, ModelCard};
use crate::mask::ProbabilityMap;
use crate::steps::ImageSteps;

/// Options of one run, as the person set them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SegmentOptions<'a> {
    /// The probability from which a pixel counts as lesion.
    pub threshold: ThresholdChoice,
    /// Whether the map is the mean over the eight ways to turn and mirror the photograph: eight times the network's work.
    pub is_careful: bool,
    /// Whether the network looks again at a small lesion, where its card says when and where: a second run for those alone.
    pub takes_second_look: bool,
    /// What is done before and after the network; usually nothing.
    pub steps: &'a ImageSteps,
}

impl SegmentOptions<'_> {
    /// Whether the network of `card` can look again, if it is to.
    ///
    /// # Errors
    /// [`InferenceError::NoSecondLook`] where its card does not say when and where.
    pub fn check_second_look(&self, card: &ModelCard) -> Result<(), InferenceError> {
        if self.takes_second_look && card.optional.second_look.is_none() {
            let is_tiled = card.optional.tiling.is_some();
            return Err(InferenceError::NoSecondLook { model: card.name.clone(), is_tiled });
        }
        Ok(())
    }
}

/// Where the threshold comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThresholdChoice {
    /// The card's.
    #[default]
    Card,
    /// This one, in `0..=1`.
    Given(f32),
    /// That whose outline has the highest expected IoU, for each photograph.
    Auto,
}

impl ThresholdChoice {
    /// As rows have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Given(_) => "given",
            Self::Auto => "auto",
        }
    }

    /// Whether the network of `card` can have it.
    ///
    /// # Errors
    /// [`InferenceError::NotCalibrated`] where it needs a calibration that the card has not.
    pub fn check(self, card: &ModelCard) -> Result<(), InferenceError> {
        let needs_calibration = self == Self::Auto && card.optional.calibration.is_none();
        if needs_calibration {
            return Err(InferenceError::NotCalibrated { model: card.name.clone() });
        }
        Ok(())
    }

    /// The threshold for `map`, in `0..=1`.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn level(self, map: &ProbabilityMap, card: &ModelCard) -> Result<f32, InferenceError> {
        self.check(card)?;
        Ok(match (self, &card.optional.calibration) {
            (Self::Given(threshold), _) => threshold,
            (Self::Auto, Some(calibration)) => SortedMap::of(map, calibration).best_level(),
            (Self::Card | Self::Auto, _) => card.threshold,
        })
    }
}
