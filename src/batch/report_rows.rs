//! One photo's row of `report`: everything that is known of it as one object, and that as a line of CSV or as text.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::exchange::NOTE;
use crate::inference::EngineInfo;
use crate::measure::measures::Measures;
use crate::provenance::MaskOrigin;
use crate::records::Review;
use crate::report::{Agreement, Figures};

/// What the report says of a photo. It has no pixels: where a photo is done before an earlier one, this waits.
pub(super) struct Reported {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
    pub(super) size: [u32; 2],
    /// Who made the mask.
    pub(super) origin: MaskOrigin,
    /// Where a network made it.
    pub(super) engine: Option<EngineInfo>,
    pub(super) figures: Figures,
}

/// Everything that is known of a photo, one object; what does not apply is null.
pub(super) fn row(reported: &Reported, review: Option<&Review>) -> Value {
    let (figures, origin, engine) = (&reported.figures, &reported.origin, reported.engine.as_ref());
    let measures = figures.measures.as_ref();
    json!({
        "file": reported.path.to_string_lossy(),
        "sha256": reported.sha256,
        "width": reported.size[0],
        "height": reported.size[1],
        "mm_per_px": figures.mm_per_px(),
        "mm_per_px_source": figures.scale.map(|scale| scale.source.key()),
        "model": origin.network().map(|(model, _)| model),
        "engine": engine.map(|engine| engine.kind),
        "engine_version": engine.map(|engine| &engine.version),
        "threshold": origin.network().map(|(_, threshold)| threshold),
        "lesion_px": figures.lesion_px,
        "lesion_parts": measures.map_or(0, |measures| measures.parts),
        "mask_source": origin.key(),
        "correction": origin.correction(),
        "agreement": figures.agreement.as_ref().map(|found| agreement(found, figures.mm_per_px())),
        "measures": measures.map(figures_of),
        "colours": measures.map(colours),
        "explanations": measures.map(explanations),
        "review": review.map(|review| json!({
            "state": review.state.key(),
            "reviewer": review.reviewer,
            "note": review.note,
            "changed": review.changed,
        })),
        "note": NOTE,
    })
}

const AGREEMENT: [&str; 5] = ["iou", "dice", "sensitivity", "specificity", "accuracy"];
const DISTANCES_PX: [&str; 3] = ["hd_px", "hd95_px", "assd_px"];
const DISTANCES_MM: [&str; 3] = ["hd_mm", "hd95_mm", "assd_mm"];

/// The figures of agreement. Distances are in millimetres where the scale is known, else in pixels.
fn agreement(agreement: &Agreement, mm_per_px: Option<f64>) -> Value {
    let counts = &agreement.counts;
    let values = [counts.iou(), counts.dice(), counts.sensitivity(), counts.specificity(), counts.accuracy()];
    let mut object: Map<String, Value> =
        AGREEMENT.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    match &agreement.distances {
        Ok(px) => {
            let (names, values) = match mm_per_px.map(|scale| px.in_mm(scale)) {
                Some(mm) => (DISTANCES_MM, [mm.hd_mm, mm.hd95_mm, mm.assd_mm]),
                None => (DISTANCES_PX, [px.hd_px, px.hd95_px, px.assd_px]),
            };
            object.extend(names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))));
        }
        Err(reason) => {
            object.insert("no_distances".to_owned(), json!(reason.to_string()));
        }
    }
    Value::Object(object)
}

fn figures_of(measures: &Measures) -> Value {
    Value::Object(measures.list().into_iter().map(|found| (found.key, json!(found.value))).collect())
}

fn explanations(measures: &Measures) -> Value {
    Value::Object(measures.list().into_iter().map(|found| (found.key, json!(found.explanation))).collect())
}

fn colours(measures: &Measures) -> Value {
    let present = measures.colours.present();
    present.into_iter().map(|(colour, share)| json!({ "name": colour.name, "share": share })).collect()
}

/// Columns that are fields of a row; agreement and measures follow, each in both units, one of them empty.
const FIELDS: [&str; 13] = [
    "file",
    "sha256",
    "width",
    "height",
    "mm_per_px",
    "mm_per_px_source",
    "model",
    "engine",
    "engine_version",
    "threshold",
    "lesion_px",
    "lesion_parts",
    "mask_source",
];

/// Columns of the review record.
const REVIEW: [&str; 4] = ["state", "reviewer", "note", "changed"];

pub(super) fn csv(rows: &[Value]) -> anyhow::Result<Vec<u8>> {
    let mut measures = Measures::keys(false);
    measures.extend(Measures::keys(true).into_iter().filter(|key| !Measures::keys(false).contains(key)));
    let agreement = AGREEMENT.iter().chain(&DISTANCES_PX).chain(&DISTANCES_MM);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let review = REVIEW.iter().map(|key| format!("review_{key}"));
    let names = FIELDS.iter().chain(agreement.clone()).map(|name| (*name).to_owned());
    writer.write_record(names.chain(measures.iter().cloned()).chain(review))?;
    for row in rows {
        let cells = FIELDS.iter().map(|key| cell(&row[*key]));
        let cells = cells.chain(agreement.clone().map(|key| cell(&row["agreement"][*key])));
        let cells = cells.chain(measures.iter().map(|key| cell(&row["measures"][key])));
        writer.write_record(cells.chain(REVIEW.iter().map(|key| cell(&row["review"][*key]))))?;
    }
    Ok(writer.into_inner()?)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn scale_words(source: &str) -> &'static str {
    match source {
        "given" => "as given by --mm-per-px",
        "ruler" => "calibrated along a ruler in the photograph",
        "ruler-of-folder" => "calibrated along a ruler for this folder and size",
        _ => "as the file states it",
    }
}

pub(super) fn text(row: &Value) -> String {
    let made = match row["mask_source"].as_str() {
        Some("corrected") => "corrected by hand".to_owned(),
        _ => format!("{}, threshold {}", cell(&row["model"]), row["threshold"]),
    };
    let mut lines = vec![format!("{} ({}x{}, {made})", cell(&row["file"]), row["width"], row["height"])];
    if let (Some(mm), Some(source)) = (row["mm_per_px"].as_f64(), row["mm_per_px_source"].as_str()) {
        lines.push(format!("  scale: {mm:.4} mm a pixel, {}", scale_words(source)));
    }
    let figure = |value: &Value| value.as_f64().map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    for key in AGREEMENT.iter().chain(&DISTANCES_PX).chain(&DISTANCES_MM) {
        if let Some(value) = row["agreement"].get(key) {
            lines.push(format!("  {key:42}  {:>12}", figure(value)));
        }
    }
    if let Some(reason) = row["agreement"]["no_distances"].as_str() {
        lines.push(format!("  {reason}"));
    }
    match row["measures"].as_object() {
        Some(measures) => {
            let keys = if row["mm_per_px"].is_null() { Measures::keys(false) } else { Measures::keys(true) };
            lines.extend(keys.iter().map(|key| format!("  {key:42}  {:>12}", figure(&measures[key]))));
            let names: Vec<String> =
                row["colours"].as_array().into_iter().flatten().map(|colour| cell(&colour["name"])).collect();
            lines.push(format!("  colours of 5 % of the lesion or more: {}", names.join(", ")));
        }
        None => lines.push("  no lesion found".to_owned()),
    }
    if let Some(state) = row["review"]["state"].as_str() {
        let note = cell(&row["review"]["note"]).replace('\n', " ");
        let note = if note.is_empty() { note } else { format!(": {note}") };
        lines.push(format!("  reviewed: {state}{note}"));
    }
    lines.join("\n")
}
