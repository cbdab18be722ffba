//! What a frame costs while the brush paints, in the real window, beside a pointer that only hovers and beside sending the
//! whole mask to the graphics card at every step; and while the photo's brightness moves.
//!
//!     cargo bench --bench window_frames -- [PHOTO] [--runs N] [--json] [--model NAME] [--engine NAME] [--models DIR]
//!
//! Frames follow each other without a pause and without waiting for the screen. Nothing is written.
#![allow(clippy::disallowed_methods, reason = "what it reads is our own")]

#[path = "../shared/cpu_time.rs"]
mod cpu_time;
mod observer;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use dermaloupe::app;
use dermaloupe::batch::of_millis;
use dermaloupe::inference::{EngineChoice, EngineKind, ModelLibrary};
use dermaloupe::startup::StartupOptions;
use dermaloupe::{decode, sample};
use serde_json::{Value, json};

use observer::{Activity, FrameTimer, FrameTimes, Measurements};

/// `[width, height]` of the photo when none is named: 12 megapixels.
const SIZE: [u32; 2] = [4032, 3024];

#[derive(Debug, Parser)]
struct Arguments {
    /// The photograph to measure with; the built-in sample, enlarged, unless given
    path: Option<PathBuf>,
    /// Frames of each row
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
    /// The network, by its name in 'dermaloupe models'
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Folder with more networks, each in a folder of its own with card.json
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// What runs it: auto, rknn, ort or rten
    #[arg(long, default_value = "auto", value_parser = engine)]
    engine: EngineChoice,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Cargo gives it to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

fn engine(name: &str) -> Result<EngineChoice, String> {
    match name {
        "auto" => Ok(EngineChoice::Auto),
        "rknn" => Ok(EngineChoice::Only(EngineKind::Rknn)),
        "ort" => Ok(EngineChoice::Only(EngineKind::Ort)),
        "rten" => Ok(EngineChoice::Only(EngineKind::Rten)),
        other => Err(format!("auto, rknn, ort or rten was expected, not {other}")),
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir().context("cannot make a folder for the bench's photo")?;
    let path = match &arguments.path {
        Some(path) => path.clone(),
        None => large_sample(folder.path())?,
    };
    let size = decode::photo_file(&path)?.size();
    let measured = Measurements::default();
    let options = StartupOptions {
        paths: vec![path],
        model: arguments.model,
        engine: arguments.engine,
        size: Some([1280.0, 800.0]),
        is_benchmark: true,
        ..StartupOptions::default()
    };
    let timer = FrameTimer::new(measured.clone(), arguments.runs as usize);
    app::run_observed(options, ModelLibrary::discover(arguments.models.as_deref()), timer)?;
    let (rows, graphics) = measured.take();
    anyhow::ensure!(!rows.is_empty(), "the window was closed before anything was measured");
    let report = report(&rows, size, &graphics);
    println!("{}", if arguments.json { report.to_string() } else { text(&report) });
    Ok(())
}

/// The sample, enlarged: a photo's pixels count here, not what is on it.
fn large_sample(folder: &Path) -> anyhow::Result<PathBuf> {
    let photo = sample::photo()?;
    let [width, height] = photo.size();
    let rgb = image::RgbImage::from_raw(width, height, photo.rgb().to_vec()).context("the sample is whole")?;
    let large = image::imageops::resize(&rgb, SIZE[0], SIZE[1], image::imageops::FilterType::Triangle);
    let path = folder.join("sample.jpg");
    large.save(&path).with_context(|| format!("cannot write the bench's photo: {}", path.display()))?;
    Ok(path)
}

fn report(rows: &[FrameTimes], size: [u32; 2], graphics: &str) -> Value {
    let quantiles = |millis: &[f64]| {
        of_millis(millis, [0.0, 0.5, 0.95, 1.0])
            .map(|[min, median, p95, max]| json!({ "min": min, "median": median, "p95": p95, "max": max }))
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let activity = match row.activity {
                Activity::Hovering => "hover",
                Activity::Adjusting => "adjust brightness",
                Activity::Painting => "paint",
                Activity::PaintingWhole => "paint, whole mask sent",
                Activity::Outlining => "paint, outline follows",
            };
            json!({
                "way": activity,
                "zoom": row.zoom,
                "brush_px": row.brush_px,
                "frames": row.wall_millis.len(),
                "wall_millis": quantiles(&row.wall_millis),
                "cpu_millis": quantiles(&row.cpu_millis),
            })
        })
        .collect();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    json!({ "width": size[0], "height": size[1], "graphics": graphics, "cores": cores, "rows": rows })
}

fn text(report: &Value) -> String {
    let mut lines = vec![
        format!(
            "{}x{}, {} cores, {}",
            report["width"],
            report["height"],
            report["cores"],
            report["graphics"].as_str().unwrap_or_default()
        ),
        "milliseconds from frame to frame, the whole frame with OpenGL; in brackets processor time of all threads"
            .to_owned(),
        format!("\n{:24}{:>7}{:>8}{:>20}{:>20}{:>20}", "", "zoom", "brush", "median", "95 %", "worst"),
    ];
    for row in report["rows"].as_array().into_iter().flatten() {
        let pair = |name: &str| {
            let of =
                |clock: &str| row[clock][name].as_f64().map_or("–".to_owned(), |millis| format!("{millis:.1}"));
            format!("{} ({})", of("wall_millis"), of("cpu_millis"))
        };
        lines.push(format!(
            "{:24}{:>7.2}{:>8}{:>20}{:>20}{:>20}",
            row["way"].as_str().unwrap_or_default(),
            row["zoom"].as_f64().unwrap_or_default(),
            row["brush_px"].to_string(),
            pair("median"),
            pair("p95"),
            pair("max")
        ));
    }
    lines.join("\n")
}
