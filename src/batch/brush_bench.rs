//! `bench --brush`: frame times while a mask is painted or the photo adjusted, as a table or JSON. The measuring is the window's.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::bench::BenchJob;
use super::console::print_line;
use super::quantiles::of_millis;
use crate::app::brush_bench::{Measured, Row, Way};
use crate::inference::ModelLibrary;
use crate::startup::{BrushBenchOptions, StartupOptions};
use crate::{app, sample};

/// `[width, height]` of the photo when none is named: 12 megapixels.
const SIZE: [u32; 2] = [4032, 3024];

/// Opens the window, measures, and prints; answers whether all went well.
///
/// # Errors
/// When there is no display or no OpenGL, or the photo cannot be read.
pub fn brush_bench(job: &BenchJob, library: ModelLibrary) -> anyhow::Result<bool> {
    let folder = tempfile::tempdir().context("cannot make a folder for the bench's photo")?;
    let path = match &job.path {
        Some(path) => path.clone(),
        None => large_sample(folder.path())?,
    };
    let size = crate::decode::photo_file(&path)?.size();
    let measured = Measured::default();
    let options = StartupOptions {
        paths: vec![path.clone()],
        libraries: job.network.libraries.clone(),
        model: job.network.model.clone(),
        engine: job.network.engine,
        size: Some([1280.0, 800.0]),
        brush_bench: Some(BrushBenchOptions { frames: job.runs as usize, measured: measured.clone() }),
        ..StartupOptions::default()
    };
    app::run(options, library)?;
    let (rows, graphics) = measured.take();
    let report = report(&rows, size, &graphics);
    print_line(&if job.json { report.to_string() } else { text(&report) })?;
    Ok(!rows.is_empty())
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

fn report(rows: &[Row], size: [u32; 2], graphics: &str) -> Value {
    let quantiles = |millis: &[f64]| {
        of_millis(millis, [0.0, 0.5, 0.95, 1.0])
            .map(|[min, median, p95, max]| json!({ "min": min, "median": median, "p95": p95, "max": max }))
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let way = match row.way {
                Way::Hovering => "hover",
                Way::Adjusting => "adjust brightness",
                Way::Parts => "paint",
                Way::Whole => "paint, whole mask sent",
            };
            json!({
                "way": way,
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
