//! [`LesionFacts`]: what a card says of training, publication and figures of a network for lesions of the skin.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::optional_facts::{Int8Facts, PublishedFacts, block};
use super::test_figures::TestFigures;

/// What a card says of a network for lesions.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LesionFacts {
    /// What it was trained on.
    pub data: DataFacts,
    /// Figures on photographs that were not used in training.
    pub test: TestFigures,
    /// How it was made.
    pub recipe: RecipeFacts,
    /// The network as the paper describes it, and the paper's figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedFacts>,
    /// Figures on the largest centred square of the same photographs, their aspect restored: a different framing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre_crop: Option<TestFigures>,
    /// Figures in 8-bit integers, as an NPU computes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub int8: Option<Int8Facts>,
}

/// What the network was trained on.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct DataFacts {
    /// The data set.
    pub name: String,
    /// Its licence.
    pub licence: String,
    /// Who published it.
    pub source: String,
    /// Photographs used for training.
    pub train: u32,
    /// Photographs used to choose the weights.
    pub val: u32,
    /// Photographs used once, for the figures.
    pub test: u32,
}

/// How the network was made.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RecipeFacts {
    /// Commit the training ran from.
    pub commit: String,
    /// The commands, in order.
    pub commands: Vec<String>,
    /// Passes over the training photographs.
    pub epochs: u32,
    /// Seed of every random choice.
    pub seed: u64,
}

impl LesionFacts {
    /// Checks each block of `card` that is present.
    ///
    /// # Errors
    /// The fault, within the block's key.
    pub(super) fn check(card: &Value) -> Result<(), CardFault> {
        block(card, "published", PublishedFacts::fault)?;
        block(card, "centre_crop", TestFigures::fault)?;
        block(card, "int8", Int8Facts::fault)
    }
}
