//! Which TIFF files are read: the kinds whose picture is known to come out right. TIFF is a frame for almost anything; a
//! kind that is read by mistake becomes another picture, so every other kind is refused with its name.

use std::io::Cursor;

use image::DynamicImage;
use tiff::TiffError;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::error::DecodeErrorKind;

/// The version of a raw photograph (DNG 1.6.0).
const DNG_VERSION: Tag = Tag::Unknown(50_706);

/// How far float samples may lie outside of 0 to 1: what rounding leaves.
const FLOAT_TOLERANCE: f32 = 1e-3;

/// Whether `bytes` are a BigTIFF, which `image` does not recognise.
pub(super) fn is_big(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II\x2B\0\x08\0") || bytes.starts_with(b"MM\0\x2B\0\x08")
}

fn unsupported(detail: impl Into<String>) -> DecodeErrorKind {
    DecodeErrorKind::Unsupported { format: "TIFF", detail: detail.into() }
}

fn failure(error: TiffError) -> DecodeErrorKind {
    match error {
        TiffError::UnsupportedError(detail) => unsupported(detail.to_string()),
        error => DecodeErrorKind::Damaged { format: "TIFF", detail: error.to_string() },
    }
}

/// The tags that say what the first picture of a file is.
struct TiffTags {
    photometric: u64,
    bits: Vec<u64>,
    formats: Vec<u64>,
    subfile: u64,
    fill_order: u64,
    is_raw: bool,
    /// Its transparency is already multiplied into its colours.
    is_premultiplied: bool,
}

impl TiffTags {
    fn of(bytes: &[u8]) -> Result<Self, DecodeErrorKind> {
        let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(failure)?;
        let mut all = |tag: Tag, otherwise: u64| -> Result<Vec<u64>, DecodeErrorKind> {
            let found = decoder.find_tag_unsigned_vec::<u64>(tag).map_err(failure)?;
            Ok(found.filter(|values| !values.is_empty()).unwrap_or_else(|| vec![otherwise]))
        };
        Ok(Self {
            photometric: all(Tag::PhotometricInterpretation, u64::MAX)?[0],
            subfile: all(Tag::NewSubfileType, 0)?[0],
            fill_order: all(Tag::FillOrder, 1)?[0],
            is_raw: all(DNG_VERSION, u64::MAX)? != [u64::MAX],
            is_premultiplied: all(Tag::ExtraSamples, 0)?[0] == 1,
            bits: all(Tag::BitsPerSample, 1)?,
            formats: all(Tag::SampleFormat, 1)?,
        })
    }
}

/// What is still to be checked when the pixels are there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TiffKind {
    is_premultiplied: bool,
}

/// Refuses a TIFF of a kind that is not read.
pub(super) fn check(bytes: &[u8]) -> Result<TiffKind, DecodeErrorKind> {
    const UNSIGNED: u64 = 1;
    const FLOAT: u64 = 3;
    let tags = TiffTags::of(bytes)?;
    let (bits, format) = (tags.bits[0], tags.formats[0]);
    let colours = match tags.photometric {
        0 | 1 => "grey",
        2 => "RGB",
        5 => "CMYK",
        3 => return Err(unsupported("a colour palette")),
        4 => return Err(unsupported("a transparency mask")),
        6 => return Err(unsupported("YCbCr colours")),
        8..=10 => return Err(unsupported("Lab colours")),
        32_803 | 34_892 => return Err(unsupported("a raw photograph")),
        other => return Err(unsupported(format!("colours of kind {other}"))),
    };
    if tags.is_raw {
        return Err(unsupported("a raw photograph (DNG)"));
    }
    if tags.subfile & 1 != 0 {
        return Err(unsupported("its first picture is a reduced copy of another"));
    }
    if tags.fill_order != 1 {
        return Err(unsupported("reversed bits"));
    }
    if tags.bits.iter().any(|other| *other != bits) || tags.formats.iter().any(|other| *other != format) {
        return Err(unsupported("channels that differ in their bits"));
    }
    match (format, bits, colours) {
        (UNSIGNED, 1, "grey") | (UNSIGNED, 8 | 16, _) | (FLOAT, 32, "RGB") => {
            Ok(TiffKind { is_premultiplied: tags.is_premultiplied })
        }
        (UNSIGNED, ..) => Err(unsupported(format!("{bits} bits a sample"))),
        (FLOAT, ..) => Err(unsupported(format!("{colours} floating-point samples of {bits} bits"))),
        (2, ..) => Err(unsupported(format!("signed samples of {bits} bits"))),
        (other, ..) => Err(unsupported(format!("samples of kind {other}, {bits} bits"))),
    }
}

/// Refuses pixels that mean something else than their values: float samples beyond 0 to 1, where what is white is not known,
/// and colours that transparency has darkened.
pub(super) fn check_pixels(kind: TiffKind, image: &DynamicImage) -> Result<(), DecodeErrorKind> {
    let is_opaque = match image {
        DynamicImage::ImageRgba8(image) => image.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageRgba16(image) => image.pixels().all(|pixel| pixel.0[3] == u16::MAX),
        DynamicImage::ImageRgba32F(image) => image.pixels().all(|pixel| pixel.0[3] >= 1.0),
        _ => true,
    };
    if kind.is_premultiplied && !is_opaque {
        return Err(unsupported("transparency that is multiplied into the colours"));
    }
    let samples: &[f32] = match image {
        DynamicImage::ImageRgb32F(image) => image.as_raw(),
        DynamicImage::ImageRgba32F(image) => image.as_raw(),
        _ => return Ok(()),
    };
    let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
    for &sample in samples {
        if !sample.is_finite() {
            return Err(unsupported("floating-point samples that are no numbers"));
        }
        (least, most) = (least.min(sample), most.max(sample));
    }
    if least < -FLOAT_TOLERANCE || most > 1.0 + FLOAT_TOLERANCE {
        return Err(unsupported(format!("floating-point samples from {least} to {most} instead of 0 to 1")));
    }
    Ok(())
}
