//! JPEG by zune-jpeg directly: the `image` crate uses it leniently, and a truncated photo would get a grey lower half
//! and a confident outline. Here it is an error, whatever marker stands behind the data.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZByteReaderTrait;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::decoded::{Decoded, check_pixels};
use super::error::DecodeErrorKind;
use super::jpeg_frame::unsupported;
use super::jpeg_reader::{GuardReport, GuardedReader};
use super::jpeg_stream::{CUT_SHORT, JpegStream};
use super::{jpeg_scans, profile};
use crate::photo::{EmbeddedProfile, PhotoWarning};

pub(super) fn decode(file: &[u8]) -> Result<Decoded, DecodeErrorKind> {
    let stream = JpegStream::of(file)?;
    let [width, height] = stream.frame.size;
    check_pixels(width, height)?;
    // zune-jpeg silently makes another picture of it (0.5.15), and no camera writes it.
    if stream.frame.is_colour_finer() && !stream.is_in_separate_scans() {
        return Err(unsupported("colour at a higher resolution than brightness"));
    }
    let report = GuardReport::default();
    let options = strict();
    let reader = GuardedReader::new(&stream.bytes, &stream.guards, &report);
    let mut decoder = JpegDecoder::new_with_options(reader, options);
    decoder.decode_headers().map_err(failure)?;
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let orientation = orientation_in(&decoder);
    let profile = profile_in(&decoder, file);
    let pixels = if stream.is_in_separate_scans() {
        jpeg_scans::decode(&stream)?
    } else {
        let wanted = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
        decoder.set_options(options.jpeg_set_out_colorspace(wanted));
        let pixels = decoder.decode();
        // Lets go of the reader, which then reports.
        drop(decoder);
        if report.is_short.get() || (pixels.is_err() && report.is_in_guard.get()) {
            return Err(CUT_SHORT);
        }
        pixels.map_err(failure)?
    };
    let left_over = Some(report.left_over.get()).filter(|&bytes| bytes > 0);
    let warning = stream.warning.or(left_over.map(|bytes| PhotoWarning::DataLeftOver { bytes }));
    let image = if grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    let short =
        || DecodeErrorKind::Damaged { format: "JPEG", detail: "fewer pixels than its header states".to_owned() };
    image.map(|image| Decoded { image, profile, orientation, warning }).ok_or_else(short)
}

/// Options of a decoder that says what it finds.
pub(super) fn strict() -> DecoderOptions {
    DecoderOptions::default().set_strict_mode(true).set_max_width(65_535).set_max_height(65_535)
}

/// The EXIF orientation that a decoder found.
pub(super) fn orientation_in<R: ZByteReaderTrait>(decoder: &JpegDecoder<R>) -> Orientation {
    decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)).unwrap_or(Orientation::NoTransforms)
}

/// The colour profile that a decoder found in `file`.
pub(super) fn profile_in<R: ZByteReaderTrait>(decoder: &JpegDecoder<R>, file: &[u8]) -> EmbeddedProfile {
    match decoder.icc_profile() {
        None if profile::is_in_jpeg(file) => EmbeddedProfile::Broken,
        found => found.map_or(EmbeddedProfile::None, EmbeddedProfile::from),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn failure(error: DecodeErrors) -> DecodeErrorKind {
    let detail = error.to_string();
    match error {
        DecodeErrors::Unsupported(_) => DecodeErrorKind::Unsupported { format: "JPEG", detail },
        _ => DecodeErrorKind::Damaged { format: "JPEG", detail },
    }
}
