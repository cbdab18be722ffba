//! [`Doubt`]: how much an outline needs a person's look, and why.
//!
//! The score is what is missing from full expected agreement; the reasons are signs that a person understands. The limits of
//! the first three are those of the fifth of val's 150 photographs in which the sign is strongest, over the ten networks of
//! the zoo: that fifth holds 85 % (wide band), 83 % (pale map) and 77 % (networks differ) of the outlines with an IoU below
//! 0.65. A lesion that the photo's edge cuts is outlined as well as others: it is told because its measures are not of the
//! whole lesion.

use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

use super::Confidence;
use crate::language::Words;
use crate::words;

/// Of the mean IoU between every two networks' outlines: below it they differ.
const LEAST_NETWORK_AGREEMENT: f64 = 0.87;

/// Of [`super::OutlineBand::width_share`]: from it on the band is wide.
const WIDE: f64 = 1.43;

/// Of [`Confidence::mean_probability`]: below it the map is pale.
const PALE: f64 = 0.919;

/// Of [`super::LevelOutline::cut_share`]: from it on the photo's edge cuts the lesion, as in 8 % of val's photographs.
const CUT: f64 = 0.1;

/// Why an outline is doubtful, the most telling reason first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DoubtReason {
    /// There is no outline.
    NothingFound,
    /// Several networks draw different outlines.
    NetworksDiffer,
    /// The border may lie in a wide band.
    BandWide,
    /// The network is not sure of the pixels within the outline.
    MapPale,
    /// The photo's edge cuts the lesion.
    CutByEdge,
    /// The photograph is blurred, dark, or otherwise poor.
    PhotographPoor,
}

impl DoubtReason {
    /// As rows have it, such as `band_wide`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// What a person reads.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::NothingFound => words!("doubt-nothing-found"),
            Self::NetworksDiffer => words!("doubt-networks-differ"),
            Self::BandWide => words!("doubt-band-wide"),
            Self::MapPale => words!("doubt-map-pale"),
            Self::CutByEdge => words!("doubt-cut-by-edge"),
            Self::PhotographPoor => words!("doubt-photograph-poor"),
        }
    }
}

/// What the map itself cannot tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OtherEvidence {
    /// Mean IoU between every two outlines of several networks, where several were run.
    pub network_agreement: Option<f64>,
    /// The photograph is a poor one, by its own pixels.
    pub is_photograph_poor: bool,
}

/// How doubtful an outline is.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// 0 to 1, the higher the more doubtful: 1 minus the expected IoU, or minus the mean of that and the networks'
    /// agreement where several were run; 1 where nothing was found. None where the card says nothing of expected agreement.
    pub score: Option<f64>,
    /// In the order of [`DoubtReason`]; empty where nothing stands out.
    pub reasons: Vec<DoubtReason>,
}

impl Doubt {
    pub(super) fn of(found: &Confidence, other: OtherEvidence) -> Self {
        let reasons = DoubtReason::VARIANTS.iter().copied().filter(|&reason| applies(reason, found, other));
        Self { score: score(found, other), reasons: reasons.collect() }
    }
}

fn score(found: &Confidence, other: OtherEvidence) -> Option<f64> {
    if found.outline.area_px == 0 {
        return Some(1.0);
    }
    let expected = found.expected?.iou;
    Some(1.0 - other.network_agreement.map_or(expected, |agreement| f64::midpoint(expected, agreement)))
}

fn applies(reason: DoubtReason, found: &Confidence, other: OtherEvidence) -> bool {
    match reason {
        DoubtReason::NothingFound => found.outline.area_px == 0,
        DoubtReason::NetworksDiffer => {
            other.network_agreement.is_some_and(|agreement| agreement < LEAST_NETWORK_AGREEMENT)
        }
        DoubtReason::BandWide => found.band.and_then(|band| band.width_share()).is_some_and(|share| share >= WIDE),
        DoubtReason::MapPale => found.mean_probability.is_some_and(|mean| mean < PALE),
        DoubtReason::CutByEdge => found.outline.cut_share() >= CUT,
        DoubtReason::PhotographPoor => other.is_photograph_poor,
    }
}
