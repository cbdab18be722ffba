//! Baseline JPEGs with their components in scans of their own, by jpeg-decoder: zune-jpeg decodes their blocks in a wrong
//! order wherever a component is sampled differently, and mixes up their colours (0.5.15).

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::error::{DecodeErrorKind, MAX_PIXELS};
use super::jpeg_frame::unsupported;
use super::jpeg_stream::JpegStream;

/// The pixels: one byte for grey, three otherwise.
pub(super) fn decode(stream: &JpegStream) -> Result<Vec<u8>, DecodeErrorKind> {
    let bytes = without_guards_at_restarts(stream);
    let mut decoder = Decoder::new(&bytes[..]);
    decoder.set_max_decoding_buffer_size(MAX_PIXELS as usize * 4);
    let pixels = decoder.decode().map_err(failure)?;
    match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8 | PixelFormat::RGB24) => Ok(pixels),
        _ => Err(unsupported("CMYK with a scan for each component")),
    }
}

/// The stream as jpeg-decoder wants it: a restart marker directly behind the data before it. It compares their numbers.
fn without_guards_at_restarts(stream: &JpegStream) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(stream.bytes.len());
    let mut done = 0;
    for guard in &stream.guards {
        if matches!(stream.bytes.get(guard.to + 1), Some(0xD0..=0xD7)) {
            bytes.extend_from_slice(&stream.bytes[done..guard.from]);
            done = guard.to;
        }
    }
    bytes.extend_from_slice(&stream.bytes[done..]);
    bytes
}

fn failure(error: Error) -> DecodeErrorKind {
    match error {
        Error::Unsupported(feature) => unsupported(&format!("{feature:?}")),
        error => DecodeErrorKind::Damaged { format: "JPEG", detail: error.to_string() },
    }
}
