//! `report`: agreement with a reference and all measurements of each photograph, as rows.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::console::{Console, one_line};
use super::network::NetworkOptions;
use super::resident::Resident;
use super::{UsageError, inputs, lanes, pairs, width};
use crate::decode;
use crate::exchange::NOTE;
use crate::mask::Mask;
use crate::overlay::agreement::Confusion;
use crate::overlay::measures::Measures;
use crate::overlay::surface::SurfaceDistances;
use crate::photo::Photo;
use crate::photo_files;
use crate::pipeline::{SegmentOptions, Segmentation};
use crate::write;

/// What `report` is to do.
#[derive(Clone, Debug)]
pub struct ReportJob {
    /// Photographs and folders.
    pub paths: Vec<PathBuf>,
    /// Folder of reference masks; without it the mask beside each photo counts, where there is one.
    pub masks: Option<PathBuf>,
    /// Millimetres per pixel of every photograph, as the person states it; else what each file states.
    pub mm_per_px: Option<f64>,
    /// Which network in which engine.
    pub network: NetworkOptions,
    /// Instead of the network's own threshold.
    pub threshold: Option<f32>,
    /// Rows as CSV go here.
    pub csv: Option<PathBuf>,
    /// A JSON object a line instead of text.
    pub json: bool,
}

/// Reports on every photo of `job`; answers whether all were done.
///
/// # Errors
/// [`UsageError`] when nothing could be begun, or the error of stdout or of the CSV.
pub fn report(job: &ReportJob) -> anyhow::Result<bool> {
    let found = inputs::walk_some(&job.paths)?;
    if let Some(path) = &job.csv {
        check_csv(path)?;
    }
    let mut network = job.network.open()?;
    let mut console = Console::new(found.len());
    let mut rows = Vec::new();
    let width = width::of(&job.network, &network, &found);
    network.at_work(width, |network| {
        let work = |input: &inputs::Input| row(job, network, input);
        lanes::each(&found, width, work, |input, row| {
            match row {
                Ok(row) => {
                    console.row(&if job.json { row.to_string() } else { text(&row) })?;
                    rows.push(row);
                }
                Err(error) => {
                    console.failure(&error);
                    if job.json {
                        let file = input.path.to_string_lossy();
                        console.row(&json!({ "file": file, "error": one_line(&error.to_string()) }).to_string())?;
                    }
                }
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    if let Some(path) = &job.csv {
        write::whole_file(path, &csv(&rows)?)?;
    }
    Ok(console.failed() == 0)
}

fn check_csv(path: &Path) -> Result<(), UsageError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let complaint = if path.extension().is_none_or(|ending| ending != "csv") {
        "give a name ending in .csv"
    } else if path.is_dir() {
        "it is a folder; give a file"
    } else if !folder.is_dir() {
        "its folder does not exist; make it first"
    } else {
        return Ok(());
    };
    Err(UsageError::new(format!("cannot write --csv ({complaint}): {}", path.display())))
}

fn read(job: &ReportJob, input: &inputs::Input) -> anyhow::Result<(Photo, Option<Mask>)> {
    if let Some(reason) = &input.failure {
        anyhow::bail!("{reason}");
    }
    let photo = decode::photo_file(&input.path)?;
    let reference = match &job.masks {
        Some(folder) => Some(pairs::mask_of(&input.path, folder).map_err(|reason| anyhow::anyhow!("{reason}"))?),
        None => photo_files::mask_beside(&input.path),
    };
    let reference = reference.map(|path| decode::mask_file(&path, photo.size())).transpose()?;
    Ok((photo, reference))
}

/// Everything that is known of a photo, one object; what does not apply is null.
fn row(job: &ReportJob, network: &Resident<'_>, input: &inputs::Input) -> anyhow::Result<Value> {
    let (photo, reference) = read(job, input)?;
    let result = network.segment(&photo, SegmentOptions { threshold: job.threshold })?;
    let mm_per_px = job.mm_per_px.or(photo.mm_per_px);
    let measures = Measures::of(&photo, &result.mask, mm_per_px);
    Ok(json!({
        "file": input.path.to_string_lossy(),
        "sha256": photo.sha256,
        "width": photo.width(),
        "height": photo.height(),
        "mm_per_px": mm_per_px,
        "model": result.model,
        "engine": result.engine.kind,
        "engine_version": result.engine.version,
        "threshold": result.threshold,
        "lesion_px": result.mask.area_px(),
        "lesion_parts": measures.as_ref().map_or(0, |measures| measures.parts),
        "agreement": reference.map(|reference| agreement(&result, &reference, mm_per_px)),
        "measures": measures.as_ref().map(figures),
        "colours": measures.as_ref().map(colours),
        "explanations": measures.as_ref().map(explanations),
        "note": NOTE,
    }))
}

const AGREEMENT: [&str; 5] = ["iou", "dice", "sensitivity", "specificity", "accuracy"];
const DISTANCES_PX: [&str; 3] = ["hd_px", "hd95_px", "assd_px"];
const DISTANCES_MM: [&str; 3] = ["hd_mm", "hd95_mm", "assd_mm"];

/// The figures of agreement. Distances are in millimetres where the scale is known, else in pixels.
fn agreement(result: &Segmentation, reference: &Mask, mm_per_px: Option<f64>) -> Value {
    let counts = Confusion::of(&result.mask, reference);
    let values = [counts.iou(), counts.dice(), counts.sensitivity(), counts.specificity(), counts.accuracy()];
    let mut object: Map<String, Value> =
        AGREEMENT.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    match SurfaceDistances::of(&result.mask, reference) {
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

fn figures(measures: &Measures) -> Value {
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
const FIELDS: [&str; 11] = [
    "file",
    "sha256",
    "width",
    "height",
    "mm_per_px",
    "model",
    "engine",
    "engine_version",
    "threshold",
    "lesion_px",
    "lesion_parts",
];

fn csv(rows: &[Value]) -> anyhow::Result<Vec<u8>> {
    let mut measures = Measures::keys(false);
    measures.extend(Measures::keys(true).into_iter().filter(|key| !Measures::keys(false).contains(key)));
    let agreement = AGREEMENT.iter().chain(&DISTANCES_PX).chain(&DISTANCES_MM);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(FIELDS.iter().chain(agreement.clone()).copied().chain(measures.iter().map(String::as_str)))?;
    for row in rows {
        let cells = FIELDS.iter().map(|key| cell(&row[*key]));
        let cells = cells.chain(agreement.clone().map(|key| cell(&row["agreement"][*key])));
        writer.write_record(cells.chain(measures.iter().map(|key| cell(&row["measures"][key]))))?;
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

fn text(row: &Value) -> String {
    let mut lines = vec![format!(
        "{} ({}x{}, {}, threshold {})",
        cell(&row["file"]),
        row["width"],
        row["height"],
        cell(&row["model"]),
        row["threshold"]
    )];
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
    lines.join("\n")
}
