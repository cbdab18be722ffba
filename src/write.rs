//! Writing files whole or not at all: temp file beside the target, fsync, rename.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::geometry::contour::Outline;
use crate::mask::{Mask, ProbabilityMap};
use crate::overlay::palette;
use crate::overlay::render::{self, Stroked};
use crate::photo::Photo;

/// Why a file was not written. Nothing half-written is left behind. Displays with the path last.
#[derive(Debug, thiserror::Error)]
#[error("cannot write ({source}); check that the folder exists and may be written to: {}", path.display())]
pub struct WriteError {
    /// The file that was to be written.
    pub path: PathBuf,
    /// The operating system's words.
    pub source: std::io::Error,
}

/// Puts `bytes` at `path`, replacing what stood there in one step.
///
/// # Errors
/// [`WriteError`]; whatever stood at `path` is then unchanged.
pub fn whole_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let fail = |source| WriteError { path: path.to_owned(), source: without_temp_name(source) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".dermaloupe-").tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    set_usual_permissions(file.as_file()).map_err(fail)?;
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// tempfile puts its random name into the system's words, which tells the person nothing: the kind says enough.
fn without_temp_name(error: std::io::Error) -> std::io::Error {
    if error.get_ref().is_some() { error.kind().into() } else { error }
}

/// Temp files are private to their owner; what a person asked for is readable as any file of theirs.
#[cfg(unix)]
fn set_usual_permissions(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_permissions(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// A mask as PNG: 8-bit grey, lesion 255, everything else 0.
#[must_use]
pub fn mask_png(mask: &Mask) -> Vec<u8> {
    let grey: Vec<u8> = mask.pixels().iter().map(|&pixel| pixel * 255).collect();
    png(mask.size(), &grey, ExtendedColorType::L8)
}

/// A probability map at the photo's size as PNG: 8-bit grey, `round(255 * p)`.
#[must_use]
pub fn probability_png(map: &ProbabilityMap) -> Vec<u8> {
    png(map.photo_size(), &map.to_u8(), ExtendedColorType::L8)
}

/// The photo with its lesion's outlines as PNG: 8-bit RGB.
#[must_use]
pub fn overlay_png(photo: &Photo, outlines: &[Outline]) -> Vec<u8> {
    let rgb = render::outlined_photo(photo, &[Stroked { outlines, colour: palette::PREDICTION }]);
    png(photo.size(), &rgb, ExtendedColorType::Rgb8)
}

/// PNG of `pixels`, fast rather than smallest: a 12-megapixel overlay is written in well under a second.
pub(crate) fn png(size: [u32; 2], pixels: &[u8], colour: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(pixels, size[0], size[1], colour)
        .expect("the pixels fit the size, and memory takes every write");
    bytes
}
