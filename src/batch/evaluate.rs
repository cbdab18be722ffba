//! `evaluate`: how well the network agrees with reference masks over a data set.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::console::{Console, print_line};
use super::inference_server::InferenceServer;
use super::kept::Kept;
use super::network::NetworkOptions;
use super::pairs::{self, Pair};
use super::quantiles::StageTimes;
use super::surface_means::{self, SurfaceMeans};
use super::{UsageError, concurrency, ordered_pool};
use crate::decode;
use crate::files;
use crate::inference::{Engine as _, EngineInfo};
use crate::measure::agreement::{Confusion, DatasetAgreement};
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::pipeline::{SegmentOptions, StageMillis};

/// What `evaluate` is to do.
#[derive(Clone, Debug)]
pub struct EvaluateJob {
    /// Folder of photographs.
    pub images: PathBuf,
    /// Folder of reference masks.
    pub masks: PathBuf,
    /// CSV that says which photographs count.
    pub list: Option<PathBuf>,
    /// The split of the list.
    pub split: Option<String>,
    /// Which network in which engine.
    pub network: NetworkOptions,
    /// Millimetres per pixel of every photograph, as the person states it; else as each is calibrated, or its file states.
    pub mm_per_px: Option<f64>,
    /// Figures of each photograph go here.
    pub csv: Option<PathBuf>,
    /// JSON instead of a report.
    pub json: bool,
}

/// What is gathered photo by photo.
#[derive(Default)]
struct Gathered {
    agreement: DatasetAgreement,
    surface: SurfaceMeans,
    times: StageTimes,
    rows: Vec<String>,
}

/// What the figures belong to.
struct Subject<'a> {
    model: &'a str,
    engine: EngineInfo,
    threshold: f32,
    split: Option<&'a str>,
}

/// Evaluates over `job`'s photographs; returns whether all were done.
///
/// # Errors
/// [`UsageError`] when nothing could be begun, or the error of stdout or of the CSV.
pub fn evaluate(job: &EvaluateJob) -> anyhow::Result<bool> {
    check_csv(job)?;
    let pairs = pairs::find(&job.images, &job.masks, job.list.as_deref(), job.split.as_deref())?;
    let mut network = job.network.open()?;
    let mut console = Console::new(pairs.len());
    let mut gathered = Gathered::default();
    let kept = Kept::of(pairs.iter().filter_map(|pair| pair.files.as_ref().ok()).map(|[photo, _]| photo.as_path()));
    let width = concurrency::of(&job.network, &network, &pairs);
    network.serve(width, |network| {
        let work = |pair: &Pair| score(job, network, &kept, pair);
        ordered_pool::each(&pairs, width, work, |pair, score| {
            match score {
                Ok(score) => gathered.add(pair, &score),
                Err(error) => console.failure(error),
            }
            console.step();
            anyhow::Ok(())
        })
    })?;
    console.finish();
    let card = &network.model.card;
    let engine = network.engine.info().clone();
    let subject = Subject { model: &card.name, engine, threshold: card.threshold, split: job.split.as_deref() };
    let report = report(&gathered, console.failed(), &subject);
    print_line(&if job.json { report.to_string() } else { text(&report, &gathered.surface) })?;
    if let Some(path) = &job.csv {
        files::write(path, csv(&gathered.rows).as_bytes())?;
    }
    Ok(console.failed() == 0)
}

/// Finds out before the long run whether its CSV can be written, and that it replaces nothing that is read.
fn check_csv(job: &EvaluateJob) -> Result<(), UsageError> {
    let Some(path) = &job.csv else { return Ok(()) };
    let fail = |detail: &str| Err(UsageError::new(format!("cannot write --csv ({detail}): {}", path.display())));
    let folder = files::folder_of(path);
    if path.is_dir() {
        fail("it is a folder; give a file")
    } else if !folder.is_dir() {
        fail("its folder does not exist; make it first")
    } else if job.list.as_deref().is_some_and(|list| files::same_file(path, list)) {
        fail("it is the --list; give another file")
    } else if crate::photo_files::PHOTO_ENDINGS.iter().any(|ending| path.extension().is_some_and(|e| e == *ending))
    {
        fail("its name is a picture's; give a name ending in .csv")
    } else {
        Ok(())
    }
}

/// What is found of one photo.
struct Score {
    counts: Confusion,
    distances: Result<SurfaceDistances, NoSurface>,
    mm_per_px: Option<f64>,
    millis: StageMillis,
}

fn score(job: &EvaluateJob, network: &InferenceServer<'_>, kept: &Kept, pair: &Pair) -> anyhow::Result<Score> {
    let [photo, mask] = pair.files.as_ref().map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let photo = decode::photo_file(photo)?;
    let reference = decode::mask_file(mask, photo.size())?;
    let result = network.segment(&photo, SegmentOptions::default())?;
    Ok(Score {
        counts: Confusion::of(&result.mask, &reference),
        distances: SurfaceDistances::of(&result.mask, &reference),
        mm_per_px: kept.scale(&photo, job.mm_per_px).map(|scale| scale.mm_per_px),
        millis: result.millis,
    })
}

impl Gathered {
    fn add(&mut self, pair: &Pair, score: &Score) {
        let surface_cells = self.surface.add(&pair.id, score.distances, score.mm_per_px);
        self.agreement.add(&score.counts);
        self.times.add(score.millis);
        self.rows.push(format!("{},{surface_cells}", csv_row(&pair.id, &score.counts, score.millis)));
    }
}

const CSV_HEADING: &str = "image_id,iou,dice,sensitivity,specificity,accuracy,tp,fp,fn,tn,millis";

fn csv_row(id: &str, counts: &Confusion, millis: StageMillis) -> String {
    // Quotes only where a name needs them.
    let id = if id.contains([',', '"', '\n']) { format!("\"{}\"", id.replace('"', "\"\"")) } else { id.to_owned() };
    let figures = [counts.iou(), counts.dice(), counts.sensitivity(), counts.specificity(), counts.accuracy()]
        .map(|figure| format!("{figure:.6}"))
        .join(",");
    let Confusion { true_positive, false_positive, false_negative, true_negative } = counts;
    format!(
        "{id},{figures},{true_positive},{false_positive},{false_negative},{true_negative},{:.3}",
        millis.total()
    )
}

fn csv(rows: &[String]) -> String {
    let mut text = format!("{CSV_HEADING},{}\n", surface_means::CSV_COLUMNS);
    for row in rows {
        text += row;
        text.push('\n');
    }
    text
}

/// The report as JSON; figures are null when no photograph was done.
fn report(gathered: &Gathered, failed: u64, subject: &Subject<'_>) -> Value {
    let figures = gathered.agreement.figures();
    let of = |figure: fn(&crate::measure::agreement::DatasetFigures) -> f64| figures.as_ref().map(figure);
    json!({
        "n": figures.map_or(0, |figures| figures.n),
        "failed": failed,
        "mean_iou": of(|f| f.mean_iou),
        "mean_dice": of(|f| f.mean_dice),
        "pooled_iou": of(|f| f.pooled_iou),
        "pooled_dice": of(|f| f.pooled_dice),
        "class_mean_iou": of(|f| f.class_mean_iou),
        "sensitivity": of(|f| f.sensitivity),
        "specificity": of(|f| f.specificity),
        "accuracy": of(|f| f.accuracy),
        "surface": gathered.surface.to_json(),
        "engine": subject.engine.kind,
        "engine_version": subject.engine.version,
        "model": subject.model,
        "threshold": subject.threshold,
        "split": subject.split,
        "millis": gathered.times.to_json([0.5, 0.95], ["p50", "p95"]),
    })
}

/// What each figure is, in the report's order.
const FIGURES: [(&str, &str); 8] = [
    ("mean_iou", "intersection over union, mean over photographs"),
    ("mean_dice", "Dice coefficient, mean over photographs"),
    ("pooled_iou", "intersection over union of all pixels together"),
    ("pooled_dice", "Dice coefficient of all pixels together"),
    ("class_mean_iou", "lesion's and background's pooled IoU, averaged"),
    ("sensitivity", "mean over photographs"),
    ("specificity", "mean over photographs"),
    ("accuracy", "mean over photographs"),
];

fn text(report: &Value, surface: &SurfaceMeans) -> String {
    let word = |key: &str| report[key].as_str().map_or_else(|| report[key].to_string(), str::to_owned);
    let split = report["split"].as_str().map(|split| format!(", split '{split}'")).unwrap_or_default();
    let mut lines = vec![
        format!("{} photographs, {} failed{split}", word("n"), word("failed")),
        format!(
            "{} in {} {}, threshold {}",
            word("model"),
            word("engine"),
            word("engine_version"),
            word("threshold")
        ),
        String::new(),
    ];
    for (key, meaning) in FIGURES {
        let figure = report[key].as_f64().map_or_else(|| "-".to_owned(), |figure| format!("{figure:.4}"));
        lines.push(format!("{key:14}  {figure:>6}  {meaning}"));
    }
    lines.extend(surface.to_lines());
    lines.push(String::new());
    for stage in StageMillis::NAMES {
        if let (Some(half), Some(most)) =
            (report["millis"][stage]["p50"].as_f64(), report["millis"][stage]["p95"].as_f64())
        {
            lines.push(format!("{stage:14}  {half:>6.1} ms in half of them, {most:.1} ms in 95 %"));
        }
    }
    lines.join("\n").trim_end().to_owned()
}
