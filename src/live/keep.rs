//! [`keep`]: a frame becomes a photograph, without loss, with its time, camera and settings in it.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use png::{BitDepth, ColorType, Compression, Encoder};

use super::frame::OutlinedFrame;
use crate::capture::CaptureError;
use crate::capture::pixels::FramePixels;
use crate::files::{self, WriteError};
use crate::language::Words;
use crate::local_time;
use crate::{display_as_message, words};

/// Frames of one second that get a name of their own.
const MOST_NAMES: u32 = 1000;

/// Why a frame was not kept. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It is damaged.
    Frame(CaptureError),
    /// It could not be made a PNG.
    Png(png::EncodingError),
    /// It could not be written.
    Write(WriteError),
}

impl KeepError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Frame(error) => error.message(),
            Self::Png(error) => words!("live-keep-png", detail = error.to_string()),
            Self::Write(error) => error.message(),
        }
    }
}

display_as_message!(KeepError);

/// Writes the frame as a PNG of all its pixels into `folder`, under a name of `moment`, when it was taken, in this computer's
/// time; whole or not at all, and never in the place of another file. It waits for the disk.
///
/// # Errors
/// [`KeepError`].
pub fn keep(outlined: &OutlinedFrame, moment: Timestamp, folder: &Path) -> Result<PathBuf, KeepError> {
    let bytes = png_of(outlined, moment)?;
    let name = local_time::here(moment).strftime("%Y-%m-%d_%H-%M-%S").to_string();
    for number in 1..=MOST_NAMES {
        let name = if number == 1 { format!("{name}.png") } else { format!("{name}_{number}.png") };
        let path = folder.join(name);
        match files::write_new(&path, &bytes) {
            Ok(()) => return Ok(path),
            Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists && number < MOST_NAMES => {}
            Err(error) => return Err(KeepError::Write(error)),
        }
    }
    unreachable!("the last one returns")
}

fn png_of(outlined: &OutlinedFrame, moment: Timestamp) -> Result<Vec<u8>, KeepError> {
    let pixels = FramePixels::of(&outlined.frame).map_err(KeepError::Frame)?;
    let [width, height] = pixels.size();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    for (key, text) in metadata(outlined, moment) {
        encoder.add_itxt_chunk(key.to_owned(), text).map_err(KeepError::Png)?;
    }
    let mut writer = encoder.write_header().map_err(KeepError::Png)?;
    writer.write_image_data(&pixels.rgb()).map_err(KeepError::Png)?;
    writer.finish().map_err(KeepError::Png)?;
    Ok(bytes)
}

/// PNG's own keywords, and the settings as JSON under one of ours.
fn metadata(outlined: &OutlinedFrame, moment: Timestamp) -> [(&'static str, String); 4] {
    let OutlinedFrame { frame, source, threshold, quality, model, engine, .. } = outlined;
    let zoned = local_time::here(moment);
    let settings = serde_json::json!({
        "time": moment.to_string(),
        "local_time": zoned.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
        "camera": source.name,
        "bus": source.bus,
        "format": frame.format.encoding.name(),
        "width": frame.format.size[0],
        "height": frame.format.size[1],
        "colour_matrix": frame.format.colour.matrix.key(),
        "full_range": frame.format.colour.is_full_range,
        "frame": frame.number,
        "automatic_shutter": outlined.is_released,
        "model": model,
        "engine": engine.to_string(),
        "threshold": threshold,
        "advice": quality.advice.key(),
    });
    [
        ("Creation Time", zoned.strftime("%a, %d %b %Y %H:%M:%S %z").to_string()),
        ("Source", source.name.clone()),
        ("Software", format!("Dermaloupe {}", env!("CARGO_PKG_VERSION"))),
        ("Dermaloupe", settings.to_string()),
    ]
}
