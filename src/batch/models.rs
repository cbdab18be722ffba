//! `models`: the available networks as a table, one of them in sentences, or their whole cards as JSON.

use indicatif::HumanCount;
use serde::Serialize;
use serde_json::Value;

use super::console::{json, one_line, print_line};
use super::table::{self, Column};
use super::{NetworkOptions, UsageError, card_words, vessel_models};
use crate::inference::{LesionFacts, Model, ModelLibrary};
use crate::terminal::shown;

/// Lists the networks, or describes the one named `options.model`; returns whether none was refused.
///
/// # Errors
/// [`UsageError`] when `--models` is not a folder or no network has that name, or the error of stdout.
pub fn models(options: &NetworkOptions, is_json: bool) -> anyhow::Result<bool> {
    let library = options.library()?;
    if let Some(name) = &options.model {
        let model = library.find(Some(name)).map_err(UsageError::new)?;
        let is_recommended = is_recommended(&library, &model);
        let words = if is_json { json(&ModelFacts::of(&model)) } else { card_words::of(&model, is_recommended) };
        print_line(&words)?;
        return Ok(true);
    }
    print_line(&if is_json { json(&LibraryReport::of(&library)) } else { text(&library) })?;
    Ok(library.refused().is_empty())
}

/// The library as JSON.
#[derive(Serialize)]
struct LibraryReport<'a> {
    models: Vec<ModelFacts<'a>>,
    /// The one that is used if none is named.
    default: Option<String>,
    refused: Vec<RefusedRow<'a>>,
    notices: Vec<String>,
}

/// A card as it is, with its origin.
#[derive(Serialize)]
struct ModelFacts<'a> {
    #[serde(flatten)]
    card: &'a Value,
    origin: String,
}

/// A refused network, with the reason.
#[derive(Serialize)]
pub(super) struct RefusedRow<'a> {
    name: &'a str,
    pub(super) reason: String,
}

impl<'a> LibraryReport<'a> {
    fn of(library: &'a ModelLibrary) -> Self {
        Self {
            models: library.models().iter().map(|model| ModelFacts::of(model)).collect(),
            default: default_name(library),
            refused: RefusedRow::all_of(library),
            notices: library.notices().iter().map(ToString::to_string).collect(),
        }
    }
}

impl<'a> ModelFacts<'a> {
    fn of(model: &'a Model) -> Self {
        Self { card: &model.written_card, origin: model.origin.to_string() }
    }
}

impl<'a> RefusedRow<'a> {
    pub(super) fn all_of(library: &'a ModelLibrary) -> Vec<Self> {
        let refused = library.refused().iter();
        refused.map(|model| Self { name: &model.name, reason: one_line(&model.error.to_string()) }).collect()
    }
}

/// The name of the network that is used if none is named.
pub(super) fn default_name(library: &ModelLibrary) -> Option<String> {
    library.find(None).ok().map(|model| model.card.name.clone())
}

fn is_recommended(library: &ModelLibrary, model: &Model) -> bool {
    library.recommended().is_some_and(|recommended| recommended.card.name == model.card.name)
}

/// The facts of a network side by side; the recommended one is marked. The title gets the remaining width.
const COLUMNS: [Column; 10] = [
    Column::left("  name"),
    Column::left("title").yielding(),
    Column::right("params"),
    Column::right("MACs"),
    Column::right("IoU"),
    Column::right("INT8"),
    Column::right("crop"),
    Column::right("NPU ms"),
    Column::right("ort ms"),
    Column::left("files"),
];

fn row(library: &ModelLibrary, model: &Model, facts: &LesionFacts) -> [String; 10] {
    let card = &model.card;
    let optional = &card.optional;
    let iou = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.4}"));
    let npu = optional.npu.as_ref().map(|npu| npu.estimated_millis);
    let formats: Vec<&str> = card.artefacts.iter().map(|artefact| artefact.format.as_str()).collect();
    [
        format!("{} {}", if is_recommended(library, model) { '*' } else { ' ' }, card.name),
        shown(&card.title).into_owned(),
        card.parameters.to_string(),
        format!("{:.1} M", card.macs as f64 / 1e6),
        iou(Some(facts.test.pooled_iou)),
        iou(facts.int8.as_ref().map(|int8| int8.test.pooled_iou)),
        iou(facts.centre_crop.as_ref().map(|crop| crop.mean_iou)),
        npu.map_or_else(|| "-".to_owned(), |[least, most]| format!("{least:.1}-{most:.1}")),
        optional.speed.as_ref().map_or_else(|| "-".to_owned(), |speed| format!("{:.1}", speed.ort_millis)),
        formats.join(" "),
    ]
}

fn text(library: &ModelLibrary) -> String {
    let models = library.models().iter();
    let rows = models.filter_map(|model| Some(row(library, model, model.card.facts.of_lesion()?)));
    let mut lines = table::lines(&COLUMNS, &rows.collect::<Vec<_>>());
    lines.extend(vessel_models::table(library));
    lines.push(String::new());
    for words in remarks(library) {
        lines.push(table::wrapped(&words));
    }
    lines.extend(library.notices().iter().map(|notice| format!("notice: {}", one_line(&notice.to_string()))));
    lines.extend(
        library.refused().iter().map(|refused| format!("refused: {}", one_line(&refused.error.to_string()))),
    );
    lines.join("\n")
}

/// What the columns mean, if any row fills them; the recommendation comes first.
fn remarks(library: &ModelLibrary) -> Vec<String> {
    let cards = || library.models().iter().map(|model| &model.card);
    let mut words = Vec::new();
    if let Some(model) = library.recommended() {
        let reason = model.card.optional.recommended.as_deref().unwrap_or_default();
        words.push(format!("* recommended: {reason}"));
    }
    let of_lesion = || cards().filter_map(|card| card.facts.of_lesion());
    let counts =
        distinct(of_lesion().map(|card| format!("{} {}", HumanCount(card.test.n.into()), card.test.split)));
    words.push(format!(
        "IoU and INT8 are pooled_iou over {} photographs, in floats and in 8-bit integers; crop is mean_iou over \
         their centre squares.",
        counts.join(" or ")
    ));
    words.extend(vessel_models::remark(library));
    if cards().any(|card| card.optional.npu.is_some()) {
        words.push(
            "NPU ms is estimated from the compiler's cycles for one RK3588 core, not measured on a board."
                .to_owned(),
        );
    }
    let machines = distinct(cards().filter_map(|card| card.optional.speed.as_ref()).map(|s| s.machine.clone()));
    if !machines.is_empty() {
        words.push(format!(
            "ort ms is the time of ONNX Runtime for one photograph on {}.",
            machines.join(" or on ")
        ));
    }
    words.push("'dermaloupe models NAME' describes one network in detail.".to_owned());
    words
}

fn distinct(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}
