//! `segment`: writes the lesion mask of each photograph to a file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::console::{Console, json};
use super::inference_server::InferenceServer;
use super::memory::MemoryBudget;
use super::network::NetworkOptions;
use super::outputs::{Outputs, Planned, make_folder, plan};
use super::{concurrency, inputs, ordered_pool, outputs};
use crate::decode;
use crate::geometry::contour;
use crate::inference::EngineKind;
use crate::overlay::png;
use crate::photo::Photo;
use crate::pipeline::{SegmentOptions, Segmentation, StageMillis};
use crate::terminal::shown;

/// The job of `segment`.
#[derive(Clone, Debug)]
pub struct SegmentJob {
    /// Photographs and folders.
    pub paths: Vec<PathBuf>,
    /// Folder for the results.
    pub out: PathBuf,
    /// The network and the engine.
    pub network: NetworkOptions,
    /// Overrides the network's own threshold.
    pub threshold: Option<f32>,
    /// Also write overlays.
    pub overlay: bool,
    /// Also write probability maps.
    pub probability: bool,
    /// Files that are there already and differ are replaced.
    pub overwrite: bool,
    /// Print rows as JSON.
    pub json: bool,
}

/// Segments every photo of `job`; returns whether all succeeded.
///
/// # Errors
/// [`super::UsageError`] when nothing could be started, or the error of stdout.
pub fn segment(job: &SegmentJob) -> anyhow::Result<bool> {
    let found = inputs::walk_some(&job.paths)?;
    let mut network = job.network.open()?;
    make_folder(&job.out)?;
    let planned = plan(found, &job.out, job.overlay, job.probability);
    let mut console = Console::new(planned.len());
    let name_width = name_width(&planned);
    if !job.json {
        console.row(&heading(name_width))?;
    }
    let concurrency = concurrency::of(&job.network, &network, &planned);
    let memory = MemoryBudget::of(&job.network);
    network.serve(concurrency, |network| {
        let work = |planned: &Planned| {
            let _memory = memory.share(&planned.photo);
            one(job, network, planned, name_width)
        };
        ordered_pool::run(&planned, concurrency, work, |planned, done| {
            match done {
                Ok((row, warnings)) => {
                    console.row(&row)?;
                    console.photo_warnings(planned.photo.display(), &warnings);
                }
                Err(error) => console.failure_of(&planned.photo, &error, job.json)?,
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    Ok(console.all_went_well())
}

/// Reads and segments one photo and writes its files; returns its row, and why it may be damaged.
fn one(
    job: &SegmentJob,
    network: &InferenceServer<'_>,
    planned: &Planned,
    name_width: usize,
) -> anyhow::Result<(String, Vec<String>)> {
    let outputs = planned.outputs.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let photo = decode::photo_file(&planned.photo)?;
    let result = network.segment(&photo, SegmentOptions { threshold: job.threshold })?;
    outputs::write_all(&files_of(&photo, &result, outputs), job.overwrite)?;
    let warnings = photo.warnings_said();
    let row = if job.json {
        json(&SegmentRow::of(&planned.photo, &result, outputs, &warnings))
    } else {
        text_row(&planned.photo, &result, name_width)
    };
    Ok((row, warnings))
}

/// What is written for a photo, and where.
fn files_of<'a>(photo: &Photo, result: &Segmentation, outputs: &'a Outputs) -> Vec<(&'a Path, Vec<u8>)> {
    let mut files = vec![(outputs.mask.as_path(), png::of_mask(&result.mask))];
    if let Some(path) = &outputs.overlay {
        let outlines = contour::of_map(&result.probability, result.threshold);
        files.push((path, png::of_outlined_photo(photo, &outlines)));
    }
    if let Some(path) = &outputs.probability {
        files.push((path, png::of_probability(&result.probability)));
    }
    files
}

/// A photo's row as JSON.
#[derive(Serialize)]
struct SegmentRow<'a> {
    file: Cow<'a, str>,
    width: u32,
    height: u32,
    model: &'a str,
    engine: EngineKind,
    engine_version: &'a str,
    threshold: f32,
    lesion_px: u64,
    lesion_share: f64,
    millis: StageMillis,
    outputs: &'a Outputs,
    /// Why the photo may be damaged.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    photo_warnings: &'a [String],
}

impl<'a> SegmentRow<'a> {
    fn of(file: &'a Path, result: &'a Segmentation, outputs: &'a Outputs, photo_warnings: &'a [String]) -> Self {
        let [width, height] = result.mask.size();
        Self {
            file: file.to_string_lossy(),
            width,
            height,
            model: &result.model,
            engine: result.engine.kind,
            engine_version: &result.engine.version,
            threshold: result.threshold,
            lesion_px: result.mask.area_px(),
            lesion_share: share(result),
            millis: result.millis.rounded(),
            outputs,
            photo_warnings,
        }
    }
}

fn share(result: &Segmentation) -> f64 {
    let [width, height] = result.mask.size();
    result.mask.area_px() as f64 / (f64::from(width) * f64::from(height))
}

/// Width of the names' column; a longer name shifts its own row only.
fn name_width(planned: &[Planned]) -> usize {
    planned
        .iter()
        .map(|planned| shown(&inputs::name(&planned.photo)).chars().count())
        .max()
        .unwrap_or(0)
        .clamp(5, 40)
}

fn heading(name_width: usize) -> String {
    format!(
        "{:name_width$}  {:>10}  {:>7}  {:>8}  {:>10}  {:>8}  {:>11}  engine",
        "photo", "lesion px", "share", "decode", "preprocess", "infer", "postprocess"
    )
}

fn text_row(file: &Path, result: &Segmentation, name_width: usize) -> String {
    let millis = result.millis;
    let note = if result.mask.is_empty() { "  no lesion found" } else { "" };
    format!(
        "{:name_width$}  {:>10}  {:>5.1} %  {:>5.1} ms  {:>7.1} ms  {:>5.1} ms  {:>8.1} ms  {}{note}",
        shown(&inputs::name(file)),
        result.mask.area_px(),
        share(result) * 100.0,
        millis.decode,
        millis.preprocess,
        millis.infer,
        millis.postprocess,
        result.engine
    )
}
