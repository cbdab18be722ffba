//! A folder of photographs as a camera sees them, each for a while. One at a time is in memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::CaptureError;
use super::super::frame::{ColourCoding, FrameEncoding, FrameFormat};
use super::super::options::SourceOptions;
use super::recording::Recording;
use crate::decode;
use crate::photo_files;
use crate::words;

/// What a camera would give of a photograph.
type PlayedPicture = (FrameFormat, Arc<Vec<u8>>);

pub(super) struct Photographs {
    paths: Vec<PathBuf>,
    /// Frames of each.
    hold: u64,
    /// The one that was read last, by its place.
    current: (usize, PlayedPicture),
}

impl Photographs {
    /// The photographs of a folder, or the one of a file, for `hold` frames each.
    pub(super) fn open(path: &Path, hold: u64) -> Result<Self, CaptureError> {
        let unreadable = |error: std::io::Error| {
            let reason = match error.kind() {
                std::io::ErrorKind::PermissionDenied => words!("file-no-right"),
                _ => words!("file-system-says", reason = &error),
            };
            CaptureError::Unreadable { reason, path: path.to_owned() }
        };
        let is_folder = path.is_dir();
        let paths =
            if is_folder { photo_files::in_folder(path).map_err(unreadable)? } else { vec![path.to_owned()] };
        // The first that can be read; the others are looked at when their turn comes.
        let mut refused = None;
        for (place, photo) in paths.iter().enumerate() {
            match read(photo) {
                Ok(picture) => return Ok(Self { current: (place, picture), paths, hold }),
                Err(error) => {
                    refused.get_or_insert(error);
                }
            }
        }
        Err(refused.filter(|_| !is_folder).unwrap_or(CaptureError::Empty { path: path.to_owned() }))
    }
}

impl Recording for Photographs {
    fn count(&self) -> u64 {
        self.paths.len() as u64 * self.hold
    }

    fn format(&self) -> FrameFormat {
        self.current.1.0
    }

    fn has_one_format(&self) -> bool {
        false
    }

    fn read(&mut self, index: u64) -> Result<PlayedPicture, CaptureError> {
        let place = (index / self.hold) as usize % self.paths.len();
        if self.current.0 != place {
            // One that cannot be read is tried once in its time, not for each of its frames.
            if !index.is_multiple_of(self.hold) && !self.paths.is_empty() {
                return Ok(self.current.1.clone());
            }
            let picture = read(&self.paths[place])
                .map_err(|error| CaptureError::DamagedFrame { detail: error.message().to_string() })?;
            self.current = (place, picture);
        }
        Ok(self.current.1.clone())
    }
}

/// A photograph at a camera's size.
fn read(path: &Path) -> Result<PlayedPicture, CaptureError> {
    let unreadable =
        |error: decode::DecodeError| CaptureError::Unreadable { reason: error.kind.message(), path: error.path };
    let photo = decode::photo_file(path).map_err(unreadable)?;
    let scale = [0, 1].map(|axis| f64::from(SourceOptions::USUAL_SIZE[axis]) / f64::from(photo.size()[axis]));
    let scale = scale[0].min(scale[1]).min(1.0);
    let size = photo.size().map(|side| ((f64::from(side) * scale).round() as u32).max(1));
    let rgb = if size == photo.size() { photo.rgb().to_vec() } else { photo.reduced(size) };
    let colour = ColourCoding::default();
    Ok((FrameFormat { encoding: FrameEncoding::Rgb, size, stride: 3 * size[0], colour }, Arc::new(rgb)))
}
