//! What a card may say beyond what the program needs to run its network: the paper's figures, other measurements, the
//! NPU's estimate, the desktop's time, the teacher, the recommendation. A block that is present must be complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::confidence_facts::{BandFacts, CalibrationFacts, ExpectedAgreementFacts};
use super::test_figures::{TestFigures, negative, outside};
use super::tiling::TilingFacts;

/// The optional blocks of a card; an older card has none of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct OptionalFacts {
    /// The network as the paper describes it, and the paper's figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PublishedFacts>,
    /// Figures on the largest centred square of the same photographs, their aspect restored: a different framing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre_crop: Option<TestFigures>,
    /// Figures in 8-bit integers, as an NPU computes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub int8: Option<Int8Facts>,
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
    /// Loss between the intermediate stages, normalised.
    pub feature_loss: SplitLoss,
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
        block(card, "published", PublishedFacts::fault)?;
        block(card, "centre_crop", TestFigures::fault)?;
        block(card, "int8", Int8Facts::fault)?;
        block(card, "npu", NpuFacts::fault)?;
        block(card, "speed", SpeedFacts::fault)?;
        block(card, "distillation", DistillationFacts::fault)?;
        block(card, "calibration", CalibrationFacts::fault)?;
        block(card, "band", BandFacts::fault)?;
        block(card, "expected_agreement", ExpectedAgreementFacts::fault)?;
        block(card, "tiling", TilingFacts::fault)?;
        block(card, "recommended", |reason: &String| reason_fault(reason))?;
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
        [&self.description, &self.recommended].into_iter().flatten().find_map(|words| reason_fault(words))
    }
}

/// Reads the block called `key` by itself, so that a fault can name it. Absent and null are no block.
fn block<'a, T: Deserialize<'a>>(
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
    fn fault(&self) -> Option<CardFault> {
        self.paper_miou
            .and_then(|figure| outside("paper_miou", figure, 0.0, 1.0))
            .or_else(|| self.paper_seconds.and_then(|seconds| negative("paper_seconds", seconds)))
    }
}

impl Int8Facts {
    fn fault(&self) -> Option<CardFault> {
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
        let losses = [("output_loss", self.output_loss), ("feature_loss", self.feature_loss)];
        losses.into_iter().find_map(|(name, loss)| negative(name, loss.train).or_else(|| negative(name, loss.val)))
    }
}

fn reason_fault(reason: &str) -> Option<CardFault> {
    let is_sentence = !reason.trim().is_empty() && !reason.contains(char::is_control);
    (!is_sentence).then_some(CardFault::NoSentence)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::ModelCard;
    use super::*;

    /// The committed teacher's card without optional blocks, and then with every one of them.
    fn cards() -> [Value; 2] {
        let json = include_bytes!("../../models/zoo/malunet/card.json");
        let mut old: Value = serde_json::from_slice(json).unwrap();
        let blocks = blocks(&old["test"]);
        let object = old.as_object_mut().unwrap();
        object.retain(|key, _| !blocks.contains_key(key));
        let mut full = object.clone();
        full.extend(blocks);
        full["output"] = json!({"height": 256, "width": 256, "meaning": "probability"});
        [old, Value::Object(full)]
    }

    fn blocks(test: &Value) -> serde_json::Map<String, Value> {
        let blocks = json!({
            "published": {"parameters": 177_943, "paper_parameters": 177_943, "paper_miou": 0.8122,
                          "paper_seconds": null},
            "centre_crop": test,
            "int8": {"toolkit": "rknn-toolkit2 2.5.0", "platform": "rk3588", "algorithm": "mmse",
                     "hybrid_layers": [], "calibration_photos": 150, "test": test,
                     "pooled_iou_minus_float": -0.0012},
            "npu": {"layers": 201, "cpu_layers": [], "conv_cycles": 1_000_000, "estimated_cycles": 1_480_000,
                    "estimated_millis": [1.8, 2.5]},
            "speed": {"machine": "2 cores", "ort_millis": 4.1, "rten_millis": 8.0},
            "distillation": {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.1},
                             "feature_loss": {"train": 0.1, "val": 0.1}},
            "calibration": {"method": "temperature", "temperature": 1.25, "fitted_on": "val",
                            "test_calibration_error": {"before": 0.008, "after": 0.002}},
            "band": {"share": 0.9, "fitted_on": "val", "outer_level": 0.02, "inner_level": 0.98,
                     "test": {"n": 650, "border": 0.9, "area": 0.95}},
            "expected_agreement": {"model": "nested", "fitted_on": "val", "threshold": 0.5,
                                   "iou": [[0.0, 0.0], [0.9, 0.8]], "dice": [[0.0, 0.0], [0.9, 0.9]]},
            "tiling": {"tile": 256, "overlap": 32, "scale": 0.5},
            "recommended": "It is the lightest that agrees as well as its teacher.",
            "translations": {"zh-CN": {"description": "教师模型。"}}
        });
        match blocks {
            Value::Object(blocks) => blocks,
            _ => unreachable!("it is an object"),
        }
    }

    fn read(card: &Value) -> Result<ModelCard, String> {
        ModelCard::from_json(card.to_string().as_bytes()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn an_older_card_has_no_optional_facts_and_stays_valid() {
        let [old, _] = cards();
        let card = read(&old).unwrap();
        assert!(card.optional.int8.is_none() && card.optional.recommended.is_none());
        let written = serde_json::to_value(&card).unwrap();
        assert!(written.get("int8").is_none(), "what is not there is not written");
    }

    #[test]
    fn every_block_is_read_and_written_again() {
        let [_, full] = cards();
        let card = read(&full).unwrap();
        let npu = card.optional.npu.as_ref().unwrap();
        assert_eq!((npu.layers, npu.estimated_millis), (201, [1.8, 2.5]));
        assert_eq!(card.optional.published.as_ref().unwrap().paper_seconds, None);
        let written = serde_json::to_value(&card).unwrap();
        for key in blocks(&full["test"]).keys() {
            assert_eq!(written[key], full[key], "{key}");
        }
    }

    #[test]
    fn null_is_no_block() {
        let [_, mut full] = cards();
        full["npu"] = Value::Null;
        assert!(read(&full).unwrap().optional.npu.is_none());
    }

    #[test]
    fn a_broken_block_refuses_the_card_and_is_named() {
        let spoilt = [
            ("/published/paper_miou", json!(1.2), "published: paper_miou must be 0 to 1, found 1.2"),
            ("/published/parameters", json!(-1), "published: "),
            ("/centre_crop/mean_iou", json!(-0.1), "centre_crop: mean_iou must be 0 to 1"),
            ("/int8/test/pooled_iou", json!(7), "int8: test: pooled_iou must be 0 to 1, found 7"),
            ("/int8/pooled_iou_minus_float", json!(-2), "int8: pooled_iou_minus_float must be -1 to 1"),
            ("/int8/toolkit", json!(5), "int8: "),
            ("/npu/estimated_millis", json!([2.5, 1.8]), "npu: estimated_millis must be the minimum"),
            ("/npu/estimated_millis", json!([-1.0, 1.8]), "npu: estimated_millis must be 0 or more"),
            ("/npu/estimated_millis", json!([1.8]), "npu: "),
            ("/npu/layers", json!("many"), "npu: "),
            ("/speed/ort_millis", json!(-4.1), "speed: ort_millis must be 0 or more"),
            ("/speed", json!("fast"), "speed: "),
            ("/distillation/output_loss/val", json!(-0.1), "distillation: output_loss must be"),
            ("/calibration/method", json!("isotonic"), "calibration: method must be temperature, found isotonic"),
            ("/calibration/temperature", json!(0), "calibration: temperature must be above 0, found 0"),
            ("/calibration/temperature", json!(-1.5), "calibration: temperature must be above 0, found -1.5"),
            ("/calibration/temperature", json!("warm"), "calibration: "),
            (
                "/calibration/test_calibration_error/after",
                json!(2),
                "calibration: test_calibration_error must be 0",
            ),
            ("/band/outer_level", json!(0.99), "band: outer_level must be below inner_level, found 0.99 and 0.98"),
            ("/band/inner_level", json!(1.5), "band: inner_level must be 0 to 1, found 1.5"),
            ("/band/share", json!(-0.9), "band: share must be 0 to 1"),
            ("/band/test/border", json!(9), "band: test: border must be 0 to 1"),
            ("/band", json!([0.1, 0.9]), "band: "),
            ("/expected_agreement/model", json!("independent"), "expected_agreement: model must be nested"),
            (
                "/expected_agreement/iou",
                json!([[0, 0], [0.5, 0.6], [0.4, 0.7]]),
                "expected_agreement: iou must have",
            ),
            (
                "/expected_agreement/iou",
                json!([[0, 0], [0.5, 1.2]]),
                "expected_agreement: iou must have two or more",
            ),
            ("/expected_agreement/dice", json!([[0, 0]]), "expected_agreement: dice must have two or more rows"),
            ("/expected_agreement/dice", json!([[0, 0], [1]]), "expected_agreement: "),
            ("/tiling/overlap", json!(256), "tiling: overlap must be less than the tile, found 256 and 256"),
            (
                "/tiling",
                json!({"tile": 256, "overlap": 9, "scale": 1, "field_of_view_px": 900}),
                "tiling: expected either scale or field_of_view_px",
            ),
            ("/tiling/scale", Value::Null, "tiling: expected either scale or field_of_view_px"),
            ("/tiling/scale", json!(0), "tiling: scale must be 0.015625 to 8, found 0"),
            ("/tiling/tile", json!(-1), "tiling: "),
            ("/recommended", json!(" "), "recommended: expected one sentence"),
            ("/recommended", json!(true), "recommended: "),
            ("/translations/zh-CN/description", json!(""), "translations: expected one sentence"),
            ("/translations", json!([]), "translations: "),
            ("/test/mean_dice", json!(1.01), "test: mean_dice must be 0 to 1, found 1.01"),
            ("/artefacts/0/sha256", json!("abc"), "artefact sha256"),
        ];
        for (place, value, words) in spoilt {
            let [_, mut full] = cards();
            *full.pointer_mut(place).unwrap() = value;
            let complaint = read(&full).unwrap_err();
            assert!(complaint.starts_with(words), "{place}: {complaint}");
        }
    }

    #[test]
    fn sentences_are_in_the_language_asked_for_where_the_card_has_them() {
        let card = read(&cards()[1]).unwrap();
        assert_eq!(card.description_in("zh-CN"), "教师模型。");
        assert_eq!(card.description_in("en"), card.description);
        assert_eq!(card.optional.recommended_in("zh-CN"), card.optional.recommended.as_deref());
        assert_eq!(read(&cards()[0]).unwrap().optional.recommended_in("en"), None);
    }

    #[test]
    fn a_block_that_lacks_a_key_says_both() {
        let [_, mut full] = cards();
        full["int8"].as_object_mut().unwrap().remove("test");
        assert_eq!(read(&full).unwrap_err(), "int8: missing field `test`");
    }
}
