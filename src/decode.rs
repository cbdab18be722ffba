//! Files to pixels: what a file is, is read from its content, never from its name; every refusal names the file.
//!
//! A file is refused before memory is taken for it when it is larger than [`MAX_PIXELS`] or [`MAX_FILE_BYTES`].

mod jpeg;
mod profile;
mod raster;

use std::borrow::Cow;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};

use self::raster::Decoded;
use crate::mask::Mask;
use crate::photo::{Photo, PhotoSource};

/// The most pixels a photo may have: 100 megapixels (300 MB of RGB), twice the largest camera in clinical use.
pub const MAX_PIXELS: u64 = 100_000_000;

/// The most bytes a file may have: 1 GiB, above any uncompressed photo that [`MAX_PIXELS`] admits at 16 bits.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Why a file did not become a photo or a mask. Displays as what happened, what to do, and the path last.
#[derive(Debug, thiserror::Error)]
#[error("{kind}: {}", path.display())]
pub struct DecodeError {
    /// The file.
    pub path: PathBuf,
    /// What was wrong with it.
    pub kind: DecodeErrorKind,
}

/// What was wrong with a file, without its path.
#[derive(Debug, thiserror::Error)]
pub enum DecodeErrorKind {
    /// The operating system did not let us read it.
    #[error("cannot read the file ({})", io_words(.0))]
    Unreadable(#[from] io::Error),
    /// A folder where a file was expected.
    #[error("this is a folder, not a photograph")]
    Folder,
    /// A pipe or a device: reading it might never end.
    #[error("this is no ordinary file; give a photograph's file")]
    NotAFile,
    /// No bytes.
    #[error("the file is empty; copy it again from where it came")]
    Empty,
    /// The content is no image format that we read.
    #[error("not a photograph: the content is none of JPEG, PNG, TIFF, BMP or WebP")]
    UnknownFormat,
    /// Refused from the header alone.
    #[error(
        "too large: {width}x{height} is {:.0} megapixels, and the limit is {:.0}; make a smaller copy",
        megapixels(*width, *height), MAX_PIXELS as f64 / 1e6
    )]
    TooManyPixels {
        /// Width by the header, in pixels.
        width: u32,
        /// Height by the header, in pixels.
        height: u32,
    },
    /// Refused by the file's length.
    #[error("too large: the file has {bytes} bytes, and the limit is {MAX_FILE_BYTES}; make a smaller copy")]
    TooManyBytes {
        /// Length of the file.
        bytes: u64,
    },
    /// A known format whose content is damaged or cut short.
    #[error("damaged or cut short {format} file ({detail}); copy it again from where it came")]
    Damaged {
        /// The format, as people call it.
        format: &'static str,
        /// The decoder's own words.
        detail: String,
    },
    /// A known format whose end is missing.
    #[error(
        "damaged or cut short {format} file (the end of the picture is missing); copy it again from where it came"
    )]
    CutShort {
        /// The format, as people call it.
        format: &'static str,
    },
    /// A valid file of a kind that the decoder does not know.
    #[error("this kind of {format} file is not supported ({detail}); save it as PNG or ordinary JPEG")]
    Unsupported {
        /// The format, as people call it.
        format: &'static str,
        /// The decoder's own words.
        detail: String,
    },
    /// The decoder panicked; the program goes on.
    #[error("the decoder failed on this file; please report it")]
    Panicked,
    /// A reference mask that does not lie over its photo.
    #[error(
        "the reference mask is {}x{} but the photo is {}x{}; give a mask of the photo's size",
        mask[0], mask[1], photo[0], photo[1]
    )]
    MaskSize {
        /// `[width, height]` of the mask.
        mask: [u32; 2],
        /// `[width, height]` of the photo.
        photo: [u32; 2],
    },
}

/// The operating system's words, in plain ones where there are any.
fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there; it may have been moved or renamed".to_owned(),
        io::ErrorKind::PermissionDenied => "you have no right to read it".to_owned(),
        _ => error.to_string(),
    }
}

fn megapixels(width: u32, height: u32) -> f64 {
    f64::from(width) * f64::from(height) / 1e6
}

/// Reads and decodes the photograph at `path`, upright, as 8-bit RGB.
///
/// # Errors
/// A [`DecodeError`] that names the file; the process survives whatever the file holds.
pub fn photo_file(path: &Path) -> Result<Photo, DecodeError> {
    photo(path, PhotoSource::File(path.to_owned()), || read_limited(path).map(Cow::Owned))
}

/// `[width, height]` by the header of the photograph at `path`, as stored; `None` where it cannot be read.
#[must_use]
pub fn size_in_header(path: &Path) -> Option<[u32; 2]> {
    // Asked before opening, as for a whole file.
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    catch_unwind(|| raster::size_in_header(path)).ok().flatten()
}

/// Decodes a photograph that is built into the program.
///
/// # Errors
/// As [`photo_file`]; the built-in files are covered by a test.
pub fn photo_built_in(name: &'static str, bytes: &[u8]) -> Result<Photo, DecodeError> {
    photo(Path::new(name), PhotoSource::BuiltIn(name), || Ok(Cow::Borrowed(bytes)))
}

fn photo<'a>(
    path: &Path,
    source: PhotoSource,
    read: impl FnOnce() -> Result<Cow<'a, [u8]>, DecodeErrorKind>,
) -> Result<Photo, DecodeError> {
    let started = Instant::now();
    let mut photo = contained(path, || {
        let bytes = read()?;
        let Decoded { image, profile } = raster::decode(&bytes)?;
        let (width, height) = (image.width(), image.height());
        let mut photo = Photo::from_rgb(width, height, image.into_rgb8().into_raw(), source);
        photo.sha256 = sha256_hex(&bytes);
        photo.profile = profile;
        Ok(photo)
    })?;
    photo.decode_millis = started.elapsed().as_secs_f64() * 1e3;
    Ok(photo)
}

/// Reads the reference mask at `path` for a photo of `photo_size`: foreground above 128.
///
/// # Errors
/// As [`photo_file`], and [`DecodeErrorKind::MaskSize`] when the sizes differ: a mask is never resized.
pub fn mask_file(path: &Path, photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    contained(path, || mask_from(&read_limited(path)?, photo_size))
}

/// As [`mask_file`], from bytes that are built into the program.
///
/// # Errors
/// As [`mask_file`].
pub fn mask_built_in(name: &'static str, bytes: &[u8], photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    contained(Path::new(name), || mask_from(bytes, photo_size))
}

fn mask_from(bytes: &[u8], photo_size: [u32; 2]) -> Result<Mask, DecodeErrorKind> {
    let image = raster::decode(bytes)?.image;
    let size = [image.width(), image.height()];
    if size != photo_size {
        return Err(DecodeErrorKind::MaskSize { mask: size, photo: photo_size });
    }
    Ok(Mask::from_grey(size[0], size[1], image.into_luma8().into_raw()))
}

/// Runs `work`, turning a panic into an error, and puts the path on whatever goes wrong.
fn contained<T>(path: &Path, work: impl FnOnce() -> Result<T, DecodeErrorKind>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or(Err(DecodeErrorKind::Panicked))
        .map_err(|kind| DecodeError { path: path.to_owned(), kind })
}

fn read_limited(path: &Path) -> Result<Vec<u8>, DecodeErrorKind> {
    // Asked before opening: opening a pipe that nobody writes to would wait for ever.
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(DecodeErrorKind::Folder);
    }
    if !metadata.is_file() {
        return Err(DecodeErrorKind::NotAFile);
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(DecodeErrorKind::TooManyBytes { bytes: metadata.len() });
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    std::fs::File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    if bytes.is_empty() { Err(DecodeErrorKind::Empty) } else { Ok(bytes) }
}

/// SHA-256 of `bytes` in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
