//! What a run was: results of two runs belong together only where all of it is the same.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::super::found_lesion::LesionOptions;
use super::super::network::Network;
use super::super::review_first::says_doubt;
use super::super::shard::Shard;
use super::super::table::name_width;
use crate::decode::sha256_hex;
use crate::inference::{Engine as _, EngineInfo, ModelCard};

/// A command that has results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub(in crate::batch) enum BatchCommand {
    Segment,
    Evaluate,
    Report,
}

impl BatchCommand {
    pub(in crate::batch) fn name(self) -> &'static str {
        self.into()
    }
}

/// The options that a result depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::batch) struct RunOptions {
    pub(in crate::batch) lesion: LesionOptions,
    /// Capture quality is in the rows.
    pub(in crate::batch) quality: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) mm_per_px: Option<f64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::batch) masks_as_stored: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) split: Option<String>,
    /// A list chose the photographs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::batch) is_selection: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::batch) overlay: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::batch) probability: bool,
}

/// The photographs of all shards, by name and in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::batch) struct ListedPhotos {
    pub(in crate::batch) count: usize,
    sha256: String,
    /// Of the column of their names.
    pub(in crate::batch) name_width: usize,
}

/// What is said of the network beside its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::batch) struct CardSummary {
    sha256: String,
    pub(in crate::batch) threshold: f32,
    pub(in crate::batch) says_doubt: bool,
    pub(in crate::batch) is_of_vessels: bool,
}

/// The run of a results file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::batch) struct RunFacts {
    pub(in crate::batch) command: BatchCommand,
    program: String,
    pub(in crate::batch) model: String,
    pub(in crate::batch) card: CardSummary,
    pub(in crate::batch) engine: EngineInfo,
    pub(in crate::batch) options: RunOptions,
    pub(in crate::batch) shard: Shard,
    pub(in crate::batch) photographs: ListedPhotos,
}

impl ListedPhotos {
    fn of(names: &[String]) -> Self {
        let mut hash = Sha256::new();
        for name in names {
            hash.update(name.as_bytes());
            // No name holds it.
            hash.update([0]);
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { count: names.len(), sha256, name_width: name_width(names.iter().map(String::as_str)) }
    }
}

impl CardSummary {
    fn of(card: &ModelCard, written: &Value) -> Self {
        Self {
            sha256: sha256_hex(written.to_string().as_bytes()),
            threshold: card.threshold,
            says_doubt: says_doubt(card),
            is_of_vessels: card.meaning().is_vessels(),
        }
    }
}

impl RunFacts {
    /// Of a run of `command` over the photographs called `names`, of which it does those of `shard`.
    pub(in crate::batch) fn of(
        command: BatchCommand,
        network: &Network,
        options: RunOptions,
        shard: Shard,
        names: &[String],
    ) -> Self {
        Self {
            command,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            model: network.model.card.name.clone(),
            card: CardSummary::of(&network.model.card, &network.model.written_card),
            engine: network.engine.info().clone(),
            options,
            shard,
            photographs: ListedPhotos::of(names),
        }
    }

    /// What its results and those of `other` differ by, the photographs left out: `engine ort 1.22 and rten 0.27`. `None`
    /// where nothing differs.
    pub(in crate::batch) fn difference(&self, other: &Self) -> Option<String> {
        let pairs = self.named().into_iter().zip(other.named());
        let differing = pairs.filter(|(one, another)| one != another);
        let said = differing.map(|((name, one), (_, another))| format!("{name} {one} and {another}"));
        Some(said.collect::<Vec<_>>().join(", ")).filter(|said| !said.is_empty())
    }

    /// Everything by name, in one order.
    fn named(&self) -> Vec<(&'static str, String)> {
        let RunOptions { lesion, quality, mm_per_px, masks_as_stored, split, is_selection, overlay, probability } =
            &self.options;
        let shortened = |hash: &str| hash.chars().take(12).collect::<String>();
        let plain = |value: String| value.trim_matches('"').to_owned();
        let json = |value: serde_json::Result<String>| plain(value.unwrap_or_default());
        let given = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
        vec![
            ("command", self.command.name().to_owned()),
            ("version", self.program.clone()),
            ("network", self.model.clone()),
            ("card", shortened(&self.card.sha256)),
            ("engine", format!("{} {}", self.engine.kind.id(), self.engine.version)),
            ("threshold", json(serde_json::to_string(&lesion.threshold))),
            ("--careful", lesion.is_careful.to_string()),
            ("--second-look", lesion.takes_second_look.to_string()),
            ("steps", json(serde_json::to_string(&lesion.steps))),
            ("--network-only", lesion.network_only.to_string()),
            ("capture quality", quality.to_string()),
            ("--mm-per-px", given(mm_per_px.map(|scale| scale.to_string()))),
            ("--masks-as-stored", masks_as_stored.to_string()),
            ("--split", given(split.clone())),
            ("--list", is_selection.to_string()),
            ("--overlay", overlay.to_string()),
            ("--probability", probability.to_string()),
        ]
    }
}
