//! What a card may say beyond what the program needs to run its network: the NPU's estimate, the desktop's time, the
//! teacher, the recommendation. A block that is present must be complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::confidence_facts::{BandFacts, CalibrationFacts, ExpectedAgreementFacts};
use super::second_look_facts::SecondLookFacts;
use super::test_figures::{TestFigures, negative, outside};
use super::tiling::TilingFacts;

/// The optional blocks of a card; an older card has none of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct OptionalFacts {
    /// Figures from the NPU's compiler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub npu: Option<NpuFacts>,
    /// Milliseconds of the engines on one desktop machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<SpeedFacts>,
    /// The teacher that it learnt from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distillation: Option<DistillationFacts>,
    /// How the map is calibrated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationFacts>,
    /// Where the reference's border is to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<BandFacts>,
    /// What agreement is to be expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_agreement: Option<ExpectedAgreementFacts>,
    /// When and where it looks again at a small lesion; without it that was not measured, and it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_look: Option<SecondLookFacts>,
    /// Why this network is recommended; on one card of a zoo only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommended: Option<String>,
    /// How it runs in tiles; without it the photograph is squashed to the input's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiling: Option<TilingFacts>,
    /// The card's sentences in other languages, by the language's BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<BTreeMap<String, CardWords>>,
}

/// A card's sentences in another language.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct CardWords {
    /// Description of the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Why it is recommended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recommended: Option<String>,
}

/// The network as published, in contrast to the form that is shipped.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PublishedFacts {
    /// Parameters of the published form, counted.
    pub parameters: u64,
    /// Parameters that the paper gives.
    pub paper_parameters: u64,
    /// The paper's mean IoU, on one photograph.
    pub paper_miou: Option<f64>,
    /// The paper's seconds per photograph on its board.
    pub paper_seconds: Option<f64>,
}

/// The network in INT8, by the vendor's simulator.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Int8Facts {
    /// The toolkit and its version.
    pub toolkit: String,
    /// The chip it was quantised for.
    pub platform: String,
    /// How ranges were chosen.
    pub algorithm: String,
    /// Layers that stay in 16 bits.
    pub hybrid_layers: Vec<String>,
    /// Photographs whose values set the ranges.
    pub calibration_photos: u32,
    /// Figures on the test photographs.
    pub test: TestFigures,
    /// The cost of quantisation: `pooled_iou` in INT8 minus that in floats, so negative if accuracy is lost.
    pub pooled_iou_minus_float: f64,
}

/// What the NPU's compiler reports. Its milliseconds are an estimate, not measured on a board.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct NpuFacts {
    /// Layers after compiling.
    pub layers: u32,
    /// Those of them that run on the CPU.
    pub cpu_layers: Vec<String>,
    /// Cycles of the convolutions, from the compiler.
    pub conv_cycles: u64,
    /// Cycles of all layers, estimated.
    pub estimated_cycles: u64,
    /// Estimated minimum and maximum of milliseconds per photograph.
    pub estimated_millis: [f64; 2],
}

/// Milliseconds per photograph in each engine.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SpeedFacts {
    /// The machine that was measured.
    pub machine: String,
    /// ONNX Runtime.
    pub ort_millis: f64,
    /// The built-in engine.
    pub rten_millis: f64,
}

/// How close the student came to its teacher.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct DistillationFacts {
    /// The teacher's name.
    pub teacher: String,
    /// Loss between the two outputs.
    pub output_loss: SplitLoss,
    /// Loss between the intermediate stages, normalised; none of a student that has other stages than the teacher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature_loss: Option<SplitLoss>,
}

/// A loss on two splits.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct SplitLoss {
    /// On the training photographs.
    pub train: f64,
    /// On the photographs by which the weights were chosen.
    pub val: f64,
}

impl OptionalFacts {
    /// Checks each block of `card` that is present: its form, then every value that is shown.
    ///
    /// # Errors
    /// The fault, within the block's key.
    pub(super) fn check(card: &Value) -> Result<(), CardFault> {
        block(card, "npu", NpuFacts::fault)?;
        block(card, "speed", SpeedFacts::fault)?;
        block(card, "distillation", DistillationFacts::fault)?;
        block(card, "calibration", CalibrationFacts::fault)?;
        block(card, "band", BandFacts::fault)?;
        block(card, "expected_agreement", ExpectedAgreementFacts::fault)?;
        block(card, "second_look", SecondLookFacts::fault)?;
        block(card, "tiling", TilingFacts::fault)?;
        block(card, "recommended", |reason: &String| sentence_fault(reason))?;
        block(card, "translations", |words: &BTreeMap<String, CardWords>| words.values().find_map(CardWords::fault))
    }

    /// Why the network is recommended, in the language with the tag `language` or, without a translation, in English.
    #[must_use]
    pub fn recommended_in(&self, language: &str) -> Option<&str> {
        let translated = self.words_in(language).and_then(|words| words.recommended.as_deref());
        self.recommended.as_deref().map(|english| translated.unwrap_or(english))
    }

    pub(super) fn words_in(&self, language: &str) -> Option<&CardWords> {
        self.translations.as_ref()?.get(language)
    }
}

impl CardWords {
    fn fault(&self) -> Option<CardFault> {
        [&self.description, &self.recommended].into_iter().flatten().find_map(|words| sentence_fault(words))
    }
}

/// Reads the block called `key` by itself, so that a fault can name it. Absent and null are no block.
pub(super) fn block<'a, T: Deserialize<'a>>(
    card: &'a Value,
    key: &'static str,
    fault: impl Fn(&T) -> Option<CardFault>,
) -> Result<(), CardFault> {
    let Some(value) = card.get(key).filter(|value| !value.is_null()) else { return Ok(()) };
    let found = match T::deserialize(value) {
        Ok(block) => fault(&block),
        Err(error) => Some(error.into()),
    };
    found.map_or(Ok(()), |fault| Err(fault.within(key)))
}

impl PublishedFacts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        self.paper_miou
            .and_then(|figure| outside("paper_miou", figure, 0.0, 1.0))
            .or_else(|| self.paper_seconds.and_then(|seconds| negative("paper_seconds", seconds)))
    }
}

impl Int8Facts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        let test = self.test.fault().map(|fault| fault.within("test"));
        test.or_else(|| outside("pooled_iou_minus_float", self.pooled_iou_minus_float, -1.0, 1.0))
    }
}

impl NpuFacts {
    fn fault(&self) -> Option<CardFault> {
        let [least, most] = self.estimated_millis;
        let fault = [least, most].into_iter().find_map(|millis| negative("estimated_millis", millis));
        if fault.is_none() && least > most {
            return Some(CardFault::Order { first: least, second: most });
        }
        if self.cpu_layers.len() > self.layers as usize {
            return Some(CardFault::CpuLayers { found: self.cpu_layers.len(), layers: self.layers });
        }
        fault
    }
}

impl SpeedFacts {
    fn fault(&self) -> Option<CardFault> {
        negative("ort_millis", self.ort_millis).or_else(|| negative("rten_millis", self.rten_millis))
    }
}

impl DistillationFacts {
    fn fault(&self) -> Option<CardFault> {
        let losses = [("output_loss", Some(self.output_loss)), ("feature_loss", self.feature_loss)];
        let mut losses = losses.into_iter().filter_map(|(name, loss)| Some((name, loss?)));
        losses.find_map(|(name, loss)| negative(name, loss.train).or_else(|| negative(name, loss.val)))
    }
}

pub(super) fn sentence_fault(reason: &str) -> Option<CardFault> {
    let is_sentence = !reason.trim().is_empty() && !reason.contains(char::is_control);
    (!is_sentence).then_some(CardFault::NoSentence)
}

#[cfg(test)]
mod tests;
