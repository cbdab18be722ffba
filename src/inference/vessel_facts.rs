//! [`VesselFacts`]: what a card says of training, publication and figures of a network for the vessels of a retina.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::optional_facts::{block, sentence_fault};
use super::test_figures::outside;

/// What a card says of a network for vessels.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselFacts {
    /// What it was trained on.
    pub data: VesselData,
    /// Figures on photographs that were not used in training.
    pub test: VesselFigures,
    /// How it was made.
    pub recipe: VesselRecipe,
    /// The network as the paper describes it, and the paper's figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<VesselPublished>,
    /// Figures by cross-validation, by the name of each set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_validation: Option<BTreeMap<String, VesselFigures>>,
    /// Figures on DRIVE, which nothing was trained on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive: Option<VesselFigures>,
    /// Figures of a second person on the test photographs, held to the first like a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_observer: Option<VesselFigures>,
    /// Figures in 8-bit integers, as an NPU computes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub int8: Option<VesselInt8>,
}

/// What a network for vessels was trained on.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselData {
    /// The photographs, in words.
    pub train: String,
    /// Their licence.
    pub licence: String,
    /// Who published them.
    pub source: String,
}

/// How well vessels agree with a person's: means over photographs, at their own size, within the field of view.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselFigures {
    /// The photographs, where the figures stand under no name of a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// How many there are.
    pub n: u32,
    /// Dice coefficient.
    pub dice: f64,
    /// Sensitivity.
    pub sensitivity: f64,
    /// Specificity.
    pub specificity: f64,
    /// Harmonic mean of the shares of each mask's centre line that lie in the other mask.
    pub cldice: f64,
    /// Area under the receiver operating characteristic; a person's mask has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
}

/// How a network for vessels was made.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselRecipe {
    /// Commit the training ran from.
    pub commit: String,
    /// The command.
    pub command: String,
    /// Steps of the optimiser.
    pub steps: u32,
    /// Seed of every random choice.
    pub seed: u64,
}

/// A network for vessels as published.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselPublished {
    /// Parameters of the published form, counted.
    pub parameters: u64,
    /// The paper's Dice on CHASE_DB1.
    pub paper_dice: f64,
}

/// A network for vessels in INT8, by the vendor's simulator.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct VesselInt8 {
    /// The toolkit and its version.
    pub toolkit: String,
    /// The chip it was quantised for.
    pub platform: String,
    /// How ranges were chosen.
    pub algorithm: String,
    /// Tiles whose values set the ranges.
    pub calibration_tiles: u32,
    /// The figures.
    #[serde(flatten)]
    pub figures: VesselFigures,
    /// The cost of quantisation: Dice in INT8 minus that in floats, so negative if accuracy is lost.
    pub dice_minus_float: f64,
}

impl VesselFacts {
    /// Checks each block of `card` that is present.
    ///
    /// # Errors
    /// The fault, within the block's key.
    pub(super) fn check(card: &Value) -> Result<(), CardFault> {
        block(card, "data", |data: &VesselData| sentence_fault(&data.train))?;
        block(card, "test", VesselFigures::fault)?;
        block(card, "published", |paper: &VesselPublished| outside("paper_dice", paper.paper_dice, 0.0, 1.0))?;
        block(card, "cross_validation", |sets: &BTreeMap<String, VesselFigures>| {
            sets.values().find_map(VesselFigures::fault)
        })?;
        block(card, "drive", VesselFigures::fault)?;
        block(card, "second_observer", VesselFigures::fault)?;
        block(card, "int8", |int8: &VesselInt8| {
            int8.figures.fault().or_else(|| outside("dice_minus_float", int8.dice_minus_float, -1.0, 1.0))
        })
    }
}

impl VesselFigures {
    /// The first fault of the figures: each must be 0 to 1.
    fn fault(&self) -> Option<CardFault> {
        let figures = [
            ("dice", Some(self.dice)),
            ("sensitivity", Some(self.sensitivity)),
            ("specificity", Some(self.specificity)),
            ("cldice", Some(self.cldice)),
            ("auc", self.auc),
        ];
        figures.into_iter().find_map(|(name, figure)| outside(name, figure?, 0.0, 1.0))
    }
}
