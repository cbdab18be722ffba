//! Baseline JPEGs with their components in scans of their own, by jpeg-decoder: zune-jpeg decodes their blocks in a wrong
//! order wherever a component is sampled differently, and mixes up their colours (0.5.15).

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::error::{DecodeErrorKind, MAX_PIXELS};
use super::jpeg_frame::unsupported;
use super::jpeg_stream::JpegStream;

/// The pixels: one byte for grey, three otherwise.
pub(super) fn decode(stream: &JpegStream) -> Result<Vec<u8>, DecodeErrorKind> {
    let mut decoder = Decoder::new(&stream.bytes[..]);
    decoder.set_max_decoding_buffer_size(MAX_PIXELS as usize * 4);
    let pixels = decoder.decode().map_err(failure)?;
    match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8 | PixelFormat::RGB24) => Ok(pixels),
        _ => Err(unsupported("CMYK with a scan for each component")),
    }
}

fn failure(error: Error) -> DecodeErrorKind {
    match error {
        Error::Unsupported(feature) => unsupported(&format!("{feature:?}")),
        error => DecodeErrorKind::Damaged { format: "JPEG", detail: error.to_string() },
    }
}
