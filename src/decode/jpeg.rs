//! JPEG by zune-jpeg directly: the `image` crate uses it leniently, and a truncated photo would get a grey lower half
//! and a confident outline. Here it is an error.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decoded::{Decoded, check_pixels};
use super::error::DecodeErrorKind;
use super::jpeg_markers::{START_OF_SCAN, next_marker};
use super::profile;
use crate::photo::EmbeddedProfile;

pub(super) fn decode(bytes: &[u8]) -> Result<(Decoded, Orientation), DecodeErrorKind> {
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(65_535).set_max_height(65_535);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(failure)?;
    let damaged = |detail: &str| DecodeErrorKind::Damaged { format: "JPEG", detail: detail.to_owned() };
    let (width, height) = decoder.dimensions().ok_or_else(|| damaged("no size in the header"))?;
    let (width, height) = (width as u32, height as u32);
    check_pixels(width, height)?;
    if !reaches_its_end(bytes) {
        return Err(DecodeErrorKind::CutShort { format: "JPEG" });
    }
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let wanted = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let orientation =
        decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)).unwrap_or(Orientation::NoTransforms);
    let profile = match decoder.icc_profile() {
        None if profile::is_in_jpeg(bytes) => EmbeddedProfile::Broken,
        found => found.map_or(EmbeddedProfile::None, EmbeddedProfile::from),
    };
    let pixels = decoder.decode().map_err(failure)?;
    let image = if grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    image
        .map(|image| (Decoded { image, profile }, orientation))
        .ok_or_else(|| damaged("fewer pixels than its header says"))
}

/// Whether the picture's own end-of-image marker exists, walking from marker to marker: thumbnails in EXIF and videos
/// after the picture have markers of their own, which a plain search would mistake for the picture's.
fn reaches_its_end(bytes: &[u8]) -> bool {
    const END_OF_IMAGE: u8 = 0xD9;
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((marker, after)) = next_marker(rest) {
        if marker == END_OF_IMAGE {
            return true;
        }
        let [high, low, ..] = *after else { return false };
        let Some(body) = after.get(usize::from(u16::from_be_bytes([high, low]))..) else { return false };
        rest = if marker == START_OF_SCAN { behind_scan(body) } else { body };
    }
    false
}

/// The bytes after a scan's coded data, which ends at a marker that is neither a stuffed zero nor a restart.
fn behind_scan(bytes: &[u8]) -> &[u8] {
    let is_marker = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xD0..=0xD7 | 0xFF);
    let end = bytes.windows(2).position(is_marker).unwrap_or(bytes.len());
    &bytes[end..]
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn failure(error: DecodeErrors) -> DecodeErrorKind {
    let detail = error.to_string();
    match error {
        DecodeErrors::Unsupported(_) => DecodeErrorKind::Unsupported { format: "JPEG", detail },
        _ => DecodeErrorKind::Damaged { format: "JPEG", detail },
    }
}
