//! `models`: the networks at hand, with their facts, and the refused ones with the reason.

use serde_json::{Value, json};

use super::NetworkOptions;
use super::console::{one_line, print_line};
use crate::inference::{Model, ModelLibrary};

/// Lists the networks; answers whether none was refused.
///
/// # Errors
/// [`super::UsageError`] when `--models` is no folder, or the error of stdout.
pub fn models(options: &NetworkOptions, json: bool) -> anyhow::Result<bool> {
    let library = options.library()?;
    print_line(&if json { to_json(&library).to_string() } else { text(&library) })?;
    Ok(library.refused().is_empty())
}

/// The library as `{models: [...], refused: [...]}`.
pub(super) fn to_json(library: &ModelLibrary) -> Value {
    let models: Vec<Value> = library.models().iter().map(|model| facts(model)).collect();
    let refused: Vec<Value> = library
        .refused()
        .iter()
        .map(|refused| json!({ "name": refused.name, "reason": one_line(&refused.error.to_string()) }))
        .collect();
    json!({ "models": models, "refused": refused })
}

fn facts(model: &Model) -> Value {
    let card = &model.card;
    json!({
        "name": card.name,
        "title": card.title,
        "family": card.family,
        "parameters": card.parameters,
        "macs": card.macs,
        "threshold": card.threshold,
        "data": card.data.name,
        "licence": card.licence,
        "test": card.test,
        "origin": model.origin.to_string(),
    })
}

fn text(library: &ModelLibrary) -> String {
    let mut lines = vec![format!(
        "{:20}  {:>10}  {:>9}  {:>9}  {:>9}  {:16}  origin",
        "name", "parameters", "MACs", "mean Dice", "mean IoU", "measured on"
    )];
    for model in library.models() {
        let card = &model.card;
        lines.push(format!(
            "{:20}  {:>10}  {:>7.1} M  {:>9.4}  {:>9.4}  {:16}  {}",
            card.name,
            card.parameters,
            card.macs as f64 / 1e6,
            card.test.mean_dice,
            card.test.mean_iou,
            format!("{} {}", card.test.n, card.test.split),
            model.origin
        ));
    }
    lines.extend(
        library.refused().iter().map(|refused| format!("refused: {}", one_line(&refused.error.to_string()))),
    );
    lines.join("\n")
}
