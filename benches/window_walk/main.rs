//! How long a person waits for the next photograph in the real window, with and without reading ahead: from the key until
//! its picture is on the screen, and until its outline is; the memory that a walk takes, and the processor at rest.
//!
//!     cargo bench --bench window_walk -- [FOLDER] [--dwell SECONDS] [--photos N] [--passes N] [--json]
//!
//! Without a folder the originals in `$DERMALOUPE_DATA` are walked. Nothing is written beside them.
#![allow(clippy::disallowed_methods, reason = "what it reads is our own")]

#[path = "../shared/cpu_time.rs"]
mod cpu_time;
mod observer;
mod process;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use dermaloupe::app;
use dermaloupe::batch::of_millis;
use dermaloupe::inference::ModelLibrary;
use dermaloupe::startup::StartupOptions;
use serde_json::{Value, json};

use observer::{PassTimes, Results, Walker};

#[derive(Debug, Parser)]
struct Arguments {
    /// The folder to walk; $DERMALOUPE_DATA/originals unless given
    folder: Option<PathBuf>,
    /// Seconds for which each photograph is looked at before the key goes down
    #[arg(long, value_name = "SECONDS", default_value_t = 2.5)]
    dwell: f64,
    /// Walk as many, by links to those of the folder
    #[arg(long, value_name = "N")]
    photos: Option<usize>,
    /// How often the folder is walked in each way
    #[arg(long, value_name = "N", default_value_t = 1)]
    passes: usize,
    /// Walk with reading ahead alone
    #[arg(long)]
    ahead_only: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Cargo gives it to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = match &arguments.folder {
        Some(folder) => folder.clone(),
        None => {
            PathBuf::from(std::env::var_os("DERMALOUPE_DATA").context("give a folder, or set DERMALOUPE_DATA")?)
                .join("originals")
        }
    };
    let links = tempfile::tempdir().context("cannot make a folder for links")?;
    let folder = match arguments.photos {
        Some(count) => linked(&folder, links.path(), count)?,
        None => folder,
    };
    let ways: &[bool] = if arguments.ahead_only { &[true] } else { &[false, true] };
    let passes = ways.iter().flat_map(|way| std::iter::repeat_n(*way, arguments.passes)).collect();
    let results = Results::default();
    let options = StartupOptions {
        paths: vec![folder],
        size: Some([1280.0, 800.0]),
        is_benchmark: true,
        ..StartupOptions::default()
    };
    let walker = Walker::new(results.clone(), passes, Duration::from_secs_f64(arguments.dwell));
    app::run_observed(options, ModelLibrary::discover(None), walker)?;
    let (passes, graphics) = results.take();
    anyhow::ensure!(!passes.is_empty(), "the window was closed before anything was measured");
    let report = report(&passes, &graphics);
    println!("{}", if arguments.json { report.to_string() } else { text(&report) });
    Ok(())
}

/// A folder of `count` photographs, with the masks beside them, all of them links to those in `from`.
fn linked(from: &Path, folder: &Path, count: usize) -> anyhow::Result<PathBuf> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(from)?.flatten().map(|entry| entry.path()).collect();
    names.sort();
    let is_mask = |path: &&PathBuf| path.to_string_lossy().contains("_segmentation");
    let (masks, photos): (Vec<_>, Vec<_>) = names.iter().partition(is_mask);
    anyhow::ensure!(!photos.is_empty(), "no photographs in {}", from.display());
    for number in 0..count {
        let photo = photos[number % photos.len()];
        let [stem, ending] =
            [photo.file_stem(), photo.extension()].map(|part| part.unwrap_or_default().to_string_lossy());
        std::os::unix::fs::symlink(photo, folder.join(format!("{number:04}-{stem}.{ending}")))?;
        for mask in masks.iter().filter(|mask| mask.to_string_lossy().contains(&format!("{stem}_"))) {
            let name = mask.file_name().unwrap_or_default().to_string_lossy();
            std::os::unix::fs::symlink(mask, folder.join(format!("{number:04}-{name}")))?;
        }
    }
    Ok(folder.to_owned())
}

fn report(passes: &[PassTimes], graphics: &str) -> Value {
    let quantiles = |millis: &[f64]| {
        of_millis(millis, [0.0, 0.5, 1.0])
            .map(|[min, median, max]| json!({ "min": min, "median": median, "max": max }))
    };
    let rows: Vec<Value> = passes
        .iter()
        .map(|pass| {
            json!({
                "reads_ahead": pass.reads_ahead,
                "photos": pass.picture_millis.len(),
                "picture_millis": quantiles(&pass.picture_millis),
                "outline_millis": quantiles(&pass.outline_millis),
                "cpu_millis": quantiles(&pass.cpu_millis),
                "frame_millis": quantiles(&pass.frame_millis),
                "resident_mb": pass.resident_mb,
                "most_resident_mb": pass.most_resident_mb,
                "idle_cpu_percent": pass.idle_cpu_percent,
                "idle_frames": pass.idle_frames,
            })
        })
        .collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    json!({ "graphics": graphics, "cores": cores, "passes": rows })
}

fn text(report: &Value) -> String {
    let mut lines = vec![
        format!("{} cores, {}", report["cores"], report["graphics"].as_str().unwrap_or_default()),
        "milliseconds from the key to picture and outline on the screen, median (worst); processor time of all threads to the \
         picture, and the frame that brings it; resident memory at the end (most); processor at rest, and frames drawn in five seconds of it"
            .to_owned(),
        format!("\n{:16}{:>8}{:>18}{:>18}{:>18}{:>18}{:>18}{:>10}", "", "photos", "picture", "outline", "cpu", "frame", "MB", "idle"),
    ];
    for row in report["passes"].as_array().into_iter().flatten() {
        let number = |value: &Value| value.as_f64().map_or("–".to_owned(), |number| format!("{number:.1}"));
        let pair = |name: &str| format!("{} ({})", number(&row[name]["median"]), number(&row[name]["max"]));
        let way = if row["reads_ahead"] == true { "read ahead" } else { "not read ahead" };
        let memory = format!("{} ({})", number(&row["resident_mb"]), number(&row["most_resident_mb"]));
        lines.push(format!(
            "{way:16}{:>8}{:>18}{:>18}{:>18}{:>18}{memory:>18}{:>8} %, {} frames",
            row["photos"].to_string(),
            pair("picture_millis"),
            pair("outline_millis"),
            pair("cpu_millis"),
            pair("frame_millis"),
            number(&row["idle_cpu_percent"]),
            row["idle_frames"],
        ));
    }
    lines.join("\n")
}
