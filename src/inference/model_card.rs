//! [`ModelCard`]: what `card.json` says about a network, checked before anything relies on it.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::mask_facts::MaskFacts;
use super::optional_facts::{OptionalFacts, block};
use crate::decode::is_sha256_hex;
use crate::subject::{MaskMeaning, Subject};

/// The card format this program reads.
const SCHEMA: u32 = 1;

/// Means and standard deviations of colours from 0 to 255; beyond them all photographs would look alike to the network.
const MEAN: RangeInclusive<f32> = 0.0..=255.0;
const STD: RangeInclusive<f32> = 0.1..=1000.0;

/// The facts of one network, as written by `models/recipe/export.py` beside the network's files.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ModelCard {
    /// Version of the card's format.
    pub schema: u32,
    /// Name on the command line and of the card's folder.
    pub name: String,
    /// Display name.
    pub title: String,
    /// The family of networks, such as MALUNet.
    pub family: String,
    /// One plain sentence.
    pub description: String,
    /// Trainable parameters.
    pub parameters: u64,
    /// Multiply-accumulate operations for one photo, counted from the ONNX graph.
    pub macs: u64,
    /// The input.
    pub input: InputFacts,
    /// The output.
    pub output: OutputFacts,
    /// Probability from which a pixel counts, in `0..=1`.
    pub threshold: f32,
    /// The photographs that it is for.
    #[serde(default)]
    pub subject: Subject,
    /// Licence of the weights.
    pub licence: String,
    /// The files of the network, with their hashes.
    pub artefacts: Vec<Artefact>,
    /// What its mask means, how it was trained, and its figures.
    #[serde(flatten)]
    pub facts: MaskFacts,
    /// Optional facts.
    #[serde(flatten)]
    pub optional: OptionalFacts,
}

/// The network's input: always one RGB photo, squashed to `width` x `height`, then `(x - mean) / std` per channel.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct InputFacts {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Axis order; only `NCHW` is known.
    pub layout: String,
    /// Channel order; only `RGB` is known.
    pub colour: String,
    /// Mean of each channel in 0..255 units.
    pub mean: [f32; 3],
    /// Standard deviation of each channel in 0..255 units.
    pub std: [f32; 3],
}

/// The network's output: one map over the whole photo.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct OutputFacts {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// Only `probability` (0..=1) is known.
    pub meaning: String,
}

/// One file of the network.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Artefact {
    /// File name beside the card.
    pub file: String,
    /// `onnx`, or a board's own format such as `rknn`.
    pub format: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

impl ModelCard {
    /// Reads a card from JSON and checks every value that the program relies on.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_json(json: &[u8]) -> Result<Self, CardFault> {
        let mut value: Value = serde_json::from_slice(json)?;
        // Before the whole: only so does a fault of a block name its key.
        OptionalFacts::check(&value)?;
        let meaning = purpose(&mut value)?;
        MaskFacts::check(&value, meaning)?;
        let card: Self = serde_json::from_value(value)?;
        card.check()?;
        Ok(card)
    }

    /// What its mask means.
    #[must_use]
    pub fn meaning(&self) -> MaskMeaning {
        self.facts.meaning()
    }

    /// What the network is, in the language with the BCP 47 tag `language` or, without a translation, in English.
    #[must_use]
    pub fn description_in(&self, language: &str) -> &str {
        let translated = self.optional.words_in(language).and_then(|words| words.description.as_deref());
        translated.unwrap_or(&self.description)
    }

    fn check(&self) -> Result<(), CardFault> {
        let sizes = [self.input.height, self.input.width, self.output.height, self.output.width];
        let expectations = [
            (self.schema == SCHEMA, CardFault::Newer),
            (is_plain_name(&self.name), CardFault::Name),
            (self.input.layout == "NCHW", CardFault::InputLayout),
            (self.input.colour == "RGB", CardFault::InputColour),
            (self.output.meaning == "probability", CardFault::OutputMeaning),
            (sizes.iter().all(|&side| (1..=4096).contains(&side)), CardFault::Sizes),
            (self.input.mean.iter().all(|mean| MEAN.contains(mean)), CardFault::Mean),
            (self.input.std.iter().all(|std| STD.contains(std)), CardFault::Std),
            ((0.0..=1.0).contains(&self.threshold), CardFault::Threshold),
            (self.optional.tiling.is_none_or(|tiling| sizes == [tiling.tile; 4]), CardFault::TileSize),
            (self.optional.second_look.is_none() || self.can_look_again(), CardFault::SecondLook),
            (self.meaning().subject() == self.subject, CardFault::MaskOfSubject),
            (self.onnx().is_some(), CardFault::NoOnnx),
            (self.artefacts.iter().all(|a| is_plain_name(&a.file)), CardFault::ArtefactPlace),
            (self.artefacts.iter().all(|a| is_sha256_hex(&a.sha256)), CardFault::ArtefactHash),
        ];
        match expectations.into_iter().find(|(holds, _)| !holds) {
            Some((_, fault)) => Err(fault),
            None => {
                let fault = self.facts.of_lesion().and_then(|facts| facts.test.fault());
                fault.map_or(Ok(()), |fault| Err(fault.within("test")))
            }
        }
    }

    /// Whether a second look has a meaning: not in tiles, and not for vessels, which are everywhere.
    fn can_look_again(&self) -> bool {
        self.optional.tiling.is_none() && !self.meaning().is_vessels()
    }

    /// The ONNX file's entry.
    #[must_use]
    pub fn onnx(&self) -> Option<&Artefact> {
        self.artefacts.iter().find(|artefact| artefact.format == "onnx")
    }
}

/// What the card's network is for: where it does not say so, that is written into it.
fn purpose(card: &mut Value) -> Result<MaskMeaning, CardFault> {
    block(card, "subject", |_: &Subject| None)?;
    block(card, "mask", |_: &MaskMeaning| None)?;
    let Some(card) = card.as_object_mut() else { return Ok(MaskMeaning::default()) };
    card.retain(|key, value| !(value.is_null() && ["subject", "mask"].contains(&key.as_str())));
    let mask = card.entry("mask").or_insert_with(|| Value::from("lesion"));
    Ok(MaskMeaning::deserialize(&*mask)?)
}

fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}
