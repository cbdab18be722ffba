//! What a card says of second looks at small lesions.

use serde::{Deserialize, Serialize};

use super::card_error::CardFault;
use super::test_figures::outside;

/// Shares of a picture below which a card may ask for a second look.
const BELOW_SHARE: [f64; 2] = [0.0001, 0.5];

/// Margins that a card may ask for.
const MARGIN: [f64; 2] = [0.0, 8.0];

/// When a network looks again, and where, as its card says it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct SecondLookFacts {
    /// Part of the picture that the first look finds, 0 to 1: only below it there is a second.
    pub below_share: f64,
    /// Skin about the box that holds the lesion, on each side, as a part of its longer side.
    pub margin: f64,
    /// What it gained on photographs with reference masks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<SecondLookGain>,
}

/// What second looks gained on a set of photographs.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct SecondLookGain {
    /// The set's name.
    pub photographs: String,
    /// Photographs in it.
    pub n: u32,
    /// Those that were looked at again.
    pub looked_again: u32,
    /// Mean IoU of all of them with second looks, minus that without.
    pub mean_iou_gain: f64,
    /// Its 95 % interval.
    pub interval: [f64; 2],
    /// The gain among the fifth with the smallest lesions.
    pub smallest_fifth_gain: f64,
}

impl SecondLookFacts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        outside("below_share", self.below_share, BELOW_SHARE[0], BELOW_SHARE[1])
            .or_else(|| outside("margin", self.margin, MARGIN[0], MARGIN[1]))
            .or_else(|| self.measured.iter().find_map(SecondLookGain::fault).map(|fault| fault.within("measured")))
    }
}

impl SecondLookGain {
    fn fault(&self) -> Option<CardFault> {
        let [low, high] = self.interval;
        outside("mean_iou_gain", self.mean_iou_gain, -1.0, 1.0)
            .or_else(|| outside("interval", high, -1.0, 1.0))
            .or_else(|| outside("interval", low, -1.0, high))
            .or_else(|| outside("smallest_fifth_gain", self.smallest_fifth_gain, -1.0, 1.0))
            .or_else(|| outside("looked_again", self.looked_again.into(), 0.0, self.n.into()))
    }
}
