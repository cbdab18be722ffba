//! JPEG, PNG, TIFF, BMP and WebP by content, upright by their EXIF orientation, within the limits.

use std::borrow::Cow;
use std::io::Cursor;

use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::decoded::{Decoded, check_pixels};
use super::error::DecodeErrorKind;
use super::tiff_kind::{self, TiffKind};
use super::{jpeg, png_palette, profile, tiff_lzw, unread};
use crate::photo::EmbeddedProfile;

/// Memory that a decoder may take beside the pixels.
const HEADER_BYTES: u64 = 64 << 20;

/// Decodes `bytes`, applying the EXIF orientation and no colour profile.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, DecodeErrorKind> {
    if bytes.is_empty() {
        return Err(DecodeErrorKind::Empty);
    }
    if let Some(format) = unread::format_of(bytes) {
        return Err(DecodeErrorKind::UnreadFormat { format });
    }
    let format = format_of(bytes)?;
    let mut decoded = match format {
        ImageFormat::Jpeg => jpeg::decode(bytes)?,
        ImageFormat::Png | ImageFormat::Tiff | ImageFormat::Bmp | ImageFormat::WebP => other(bytes, format)?,
        _ => return Err(DecodeErrorKind::UnknownFormat),
    };
    decoded.image.apply_orientation(decoded.orientation);
    Ok(decoded)
}

/// The format that `bytes` begin like.
pub(super) fn format_of(bytes: &[u8]) -> Result<ImageFormat, DecodeErrorKind> {
    if tiff_kind::is_big(bytes) {
        return Ok(ImageFormat::Tiff);
    }
    image::guess_format(bytes).map_err(|_| DecodeErrorKind::UnknownFormat)
}

fn other(bytes: &[u8], format: ImageFormat) -> Result<Decoded, DecodeErrorKind> {
    let fail = |error| failure(format, error);
    let is_tiff = format == ImageFormat::Tiff;
    let kind = if is_tiff { tiff_kind::check(bytes)? } else { TiffKind::default() };
    let readable = if is_tiff { tiff_lzw::ready(bytes)? } else { Cow::Borrowed(bytes) };
    let mut limits = Limits::no_limits();
    // The header is read before the size is known, and its colour profiles may be compressed: enough for any real one.
    limits.max_alloc = Some(HEADER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(&readable[..]), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(fail)?;
    let (width, height) = decoder.dimensions();
    check_pixels(width, height)?;
    // Eight bytes per pixel hold 16-bit RGBA; twice that leaves room for a decoder's own rows and chunks.
    limits.max_alloc = Some((u64::from(width) * u64::from(height) * 16).max(HEADER_BYTES));
    if format == ImageFormat::Png {
        png_palette::check(bytes, limits.max_alloc.unwrap_or(HEADER_BYTES))?;
    }
    decoder.set_limits(limits).map_err(fail)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    // A profile that cannot be read does not make a photo fail: only the pixels matter.
    let profile = match (format, decoder.icc_profile()) {
        (ImageFormat::Tiff, _) => profile::of_tiff(bytes),
        (_, Ok(Some(found))) => found.into(),
        (ImageFormat::Png, Ok(None)) if profile::is_in_png(bytes) => EmbeddedProfile::Broken,
        (_, Ok(None)) => EmbeddedProfile::None,
        (_, Err(_)) => EmbeddedProfile::Broken,
    };
    let mut image = DynamicImage::from_decoder(decoder).map_err(fail)?;
    tiff_kind::check_pixels(kind, &mut image)?;
    Ok(Decoded { image, profile, orientation, warning: None })
}

fn failure(format: ImageFormat, error: ImageError) -> DecodeErrorKind {
    let format = match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::WebP => "WebP",
        _ => "image",
    };
    let detail = error.to_string();
    match error {
        ImageError::Unsupported(_) => DecodeErrorKind::Unsupported { format, detail },
        ImageError::Limits(limit) if limit.kind() == LimitErrorKind::InsufficientMemory => {
            DecodeErrorKind::Unsupported { format, detail: "it needs more memory than its size explains".into() }
        }
        _ => DecodeErrorKind::Damaged { format, detail },
    }
}
