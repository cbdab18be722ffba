//! JPEG by zune-jpeg itself: the `image` crate drives it leniently, and a photo that was cut short would come out
//! with a grey lower half and a confident outline. Here it is an error.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::DecodeErrorKind;
use super::raster::check_pixels;

pub(super) fn decode(bytes: &[u8]) -> Result<(DynamicImage, Orientation), DecodeErrorKind> {
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(65_535).set_max_height(65_535);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(failure)?;
    let damaged = |detail: &str| DecodeErrorKind::Damaged { format: "JPEG", detail: detail.to_owned() };
    let (width, height) = decoder.dimensions().ok_or_else(|| damaged("no size in the header"))?;
    let (width, height) = (width as u32, height as u32);
    check_pixels(width, height)?;
    if !reaches_its_end(bytes) {
        return Err(damaged("the end of the picture is missing"));
    }
    let grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let wanted = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let orientation =
        decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)).unwrap_or(Orientation::NoTransforms);
    let pixels = decoder.decode().map_err(failure)?;
    let image = if grey {
        GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    };
    image.map(|image| (image, orientation)).ok_or_else(|| damaged("fewer pixels than its header says"))
}

/// Whether an end-of-image marker follows the last start of scan. Thumbnails in EXIF have markers of their own, but
/// they come before the picture's first scan.
fn reaches_its_end(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    match (last([0xFF, 0xDA]), last([0xFF, 0xD9])) {
        (Some(scan), Some(end)) => end > scan,
        _ => false,
    }
}

fn failure(error: DecodeErrors) -> DecodeErrorKind {
    let detail = error.to_string();
    match error {
        DecodeErrors::Unsupported(_) => DecodeErrorKind::Unsupported { format: "JPEG", detail },
        _ => DecodeErrorKind::Damaged { format: "JPEG", detail },
    }
}
