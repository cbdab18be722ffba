//! Files to pixels: what a file is, is read from its content, never from its name; every error names the file.
//!
//! [`photo_file`] reads a photograph, [`ReferenceMask`] a mask, and nothing else does.
//! A file larger than [`MAX_PIXELS`] or [`MAX_FILE_BYTES`] is refused before memory is allocated for it.

mod contained;
mod decoded;
mod depth;
mod error;
mod header;
mod inline_mask;
mod jpeg;
mod jpeg_bit_reader;
mod jpeg_frame;
mod jpeg_frequencies;
mod jpeg_huffman;
mod jpeg_markers;
mod jpeg_reader;
mod jpeg_scans;
mod jpeg_stream;
mod mask_note;
mod mask_values;
mod png_palette;
mod profile;
mod raster;
mod reference;
mod tiff_kind;
mod tiff_lzw;
mod unread;

use std::borrow::Cow;
use std::panic::{catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};

use self::contained::{contained, read_limited};
use self::decoded::Decoded;
pub use self::error::{DecodeError, DecodeErrorKind, MAX_FILE_BYTES, MAX_PIXELS, MaskFault};
use self::jpeg_frequencies::JpegFrequencies;
pub use self::mask_note::MaskNote;
pub use self::reference::{ReferenceFrame, ReferenceMask};
use crate::mask::Mask;
use crate::photo::{Photo, PhotoSource};

/// When a photograph's pixels are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PixelTime {
    /// With the rest of it.
    Now,
    /// When they are first asked for, where a network needs none of them.
    OnDemand,
}

/// Reads and decodes the photograph at `path`, upright, as 8-bit RGB.
///
/// # Errors
/// A [`DecodeError`] that names the file; the process survives whatever the file contains.
pub fn photo_file(path: &Path) -> Result<Photo, DecodeError> {
    photo(path, PhotoSource::File(path.to_owned()), PixelTime::Now, || read_limited(path).map(Cow::Owned))
}

/// As [`photo_file`], for who wants a network's mask and may never look at the pixels: of a large JPEG only what a
/// network's input is made of is decoded, and the pixels when [`Photo::rgb`] is called.
///
/// # Errors
/// As [`photo_file`].
pub fn photo_for_network(path: &Path) -> Result<Photo, DecodeError> {
    photo(path, PhotoSource::File(path.to_owned()), PixelTime::OnDemand, || read_limited(path).map(Cow::Owned))
}

/// `[width, height]` from the header of the photograph at `path`, as stored; `None` if it cannot be read.
#[must_use]
pub fn size_in_header(path: &Path) -> Option<[u32; 2]> {
    catch_unwind(|| header::size_of(path)).ok().flatten()
}

/// Decodes a photograph that is built into the program.
///
/// # Errors
/// As [`photo_file`]; the built-in files are covered by a test.
pub fn photo_built_in(name: &'static str, bytes: &[u8]) -> Result<Photo, DecodeError> {
    photo(Path::new(name), PhotoSource::BuiltIn(name), PixelTime::Now, || Ok(Cow::Borrowed(bytes)))
}

fn photo<'a>(
    path: &Path,
    source: PhotoSource,
    time: PixelTime,
    read: impl FnOnce() -> Result<Cow<'a, [u8]>, DecodeErrorKind>,
) -> Result<Photo, DecodeError> {
    let started = Instant::now();
    let mut photo = contained(path, || {
        let bytes = read()?;
        let photo = match time {
            PixelTime::Now => {
                let (frequencies, photo) = both(|| JpegFrequencies::of(&bytes), || with_pixels(&bytes, source));
                photo?.with_frequencies(frequencies.map(|found| found.frequencies))
            }
            PixelTime::OnDemand => match JpegFrequencies::of(&bytes) {
                Some(found) => without_pixels(found, bytes.into_owned(), source),
                None => with_pixels(&bytes, source)?,
            },
        };
        Ok(photo)
    })?;
    photo.decode_millis = started.elapsed().as_secs_f64() * 1e3;
    Ok(photo)
}
/// Calls both, the first on a thread of its own if there is one to be had.
fn both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let started = std::thread::Builder::new().name("frequencies".to_owned()).spawn_scoped(scope, &first);
        let second = second();
        let first = match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => first(),
        };
        (first, second)
    })
}

fn with_pixels(file: &[u8], source: PhotoSource) -> Result<Photo, DecodeErrorKind> {
    let Decoded { mut image, profile, orientation, warning } = raster::decode(file)?;
    let dark = depth::check(&mut image)?;
    let (width, height) = (image.width(), image.height());
    let sha256 = sha256_hex(file);
    let photo = Photo::from_rgb(width, height, image.into_rgb8().into_raw(), source);
    let mut photo = photo.with_sha256(move || sha256);
    photo.profile = profile;
    photo.orientation = orientation.to_exif();
    photo.warnings.extend(warning.into_iter().chain(dark));
    Ok(photo)
}

/// `[width, height]` and RGB of a camera's frame that is a JPEG.
///
/// # Errors
/// [`DecodeErrorKind`]: one that is cut short or damaged gives no picture.
pub fn jpeg_frame(bytes: &[u8]) -> Result<([u32; 2], Vec<u8>), DecodeErrorKind> {
    let decoded = contained(Path::new(""), || jpeg::decode(bytes)).map_err(|error| error.kind)?;
    let size = [decoded.image.width(), decoded.image.height()];
    Ok((size, decoded.image.into_rgb8().into_raw()))
}

/// The photo of a JPEG that is in order to the last bit, so that its decoder finds nothing to refuse later. Its pixels and
/// its hash are made when they are asked for.
fn without_pixels(found: JpegFrequencies, file: Vec<u8>, source: PhotoSource) -> Photo {
    let JpegFrequencies { size, frequencies, profile, orientation } = found;
    let file = Arc::new(file);
    let hashed = Arc::clone(&file);
    let decode = move || {
        let decoded = raster::decode(&file).expect("all of its data were read before");
        decoded.image.into_rgb8().into_raw()
    };
    let photo = Photo::of_frequencies(size, frequencies, source, decode);
    let mut photo = photo.with_sha256(move || sha256_hex(&hashed));
    photo.profile = profile;
    photo.orientation = orientation.to_exif();
    photo
}

/// Reads the mask at `path` for an upright photo of `photo_size`; how it was read is not told.
///
/// # Errors
/// As [`ReferenceMask::read`].
pub fn mask_file(path: &Path, photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    ReferenceMask::read(path, ReferenceFrame::upright(photo_size)).map(|read| read.mask)
}

/// As [`mask_file`], from bytes that are built into the program.
///
/// # Errors
/// As [`mask_file`].
pub fn mask_built_in(name: &'static str, bytes: &[u8], photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    let read = || ReferenceMask::from_bytes(bytes, ReferenceFrame::upright(photo_size));
    contained(Path::new(name), read).map(|read| read.mask)
}

/// Decodes a mask of `size` that stands as a PNG within another file: everything but 0 is foreground.
///
/// # Errors
/// [`DecodeErrorKind`], among them [`DecodeErrorKind::MaskSize`]; the process survives whatever the bytes are.
pub fn inline_mask(png: &[u8], size: [u32; 2]) -> Result<Mask, DecodeErrorKind> {
    contained(Path::new(""), || inline_mask::decode(png, size)).map_err(|error| error.kind)
}

/// Whether `text` is a SHA-256 as [`sha256_hex`] writes it: 64 digits, the letters small.
#[must_use]
pub(crate) fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// SHA-256 of `bytes` in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
