//! Which TIFF files are read: the kinds whose picture is known to come out right. TIFF is a frame for almost anything; a
//! kind that is read by mistake becomes another picture, so every other kind is refused with its name.

use std::io::Cursor;

use image::DynamicImage;
use tiff::TiffError;
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::depth;
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

/// What the decoder says, in our kinds.
pub(super) fn failure(error: TiffError) -> DecodeErrorKind {
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
    /// The largest value of each sample.
    largest: Vec<u64>,
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
            largest: all(Tag::MaxSampleValue, u64::MAX)?,
        })
    }
}

/// What is still to be checked when the pixels are there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TiffKind {
    is_premultiplied: bool,
    /// The value of white, where 16 bits hold fewer and the file says how many.
    white: Option<u16>,
}

/// The white of 8 to 15 bits in 16, where the file states it for all samples. TIFF 6.0 has the tag for statistics: only a
/// value that fills whole bits says how many are used.
fn stated_white(largest: &[u64]) -> Option<u16> {
    let white = u16::try_from(*largest.first()?).ok()?;
    let is_full = (255..u16::MAX).contains(&white) && white & (white + 1) == 0;
    (is_full && largest.iter().all(|value| *value == u64::from(white))).then_some(white)
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
        return Err(unsupported("its first image is a reduced copy"));
    }
    if tags.fill_order != 1 {
        return Err(unsupported("reversed bits"));
    }
    if tags.bits.iter().any(|other| *other != bits) || tags.formats.iter().any(|other| *other != format) {
        return Err(unsupported("channels of different bit depths"));
    }
    match (format, bits, colours) {
        (UNSIGNED, 1, "grey") | (UNSIGNED, 8 | 16, _) | (FLOAT, 32, "RGB") => {
            let white = stated_white(&tags.largest).filter(|_| format == UNSIGNED && bits == 16);
            Ok(TiffKind { is_premultiplied: tags.is_premultiplied, white })
        }
        (UNSIGNED, ..) => Err(unsupported(format!("{bits} bits a sample"))),
        (FLOAT, ..) => Err(unsupported(format!("{colours} floating-point samples of {bits} bits"))),
        (2, ..) => Err(unsupported(format!("signed samples of {bits} bits"))),
        (other, ..) => Err(unsupported(format!("samples of kind {other}, {bits} bits"))),
    }
}

/// Refuses pixels that mean something else than their values: float samples beyond 0 to 1, where what is white is not known,
/// and colours that transparency has darkened. Spreads those of a stated white.
pub(super) fn check_pixels(kind: TiffKind, image: &mut DynamicImage) -> Result<(), DecodeErrorKind> {
    if let Some(white) = kind.white {
        depth::spread(image, white);
    }
    let is_opaque = match image {
        DynamicImage::ImageRgba8(image) => image.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageRgba16(image) => image.pixels().all(|pixel| pixel.0[3] == u16::MAX),
        DynamicImage::ImageRgba32F(image) => image.pixels().all(|pixel| pixel.0[3] >= 1.0),
        _ => true,
    };
    if kind.is_premultiplied && !is_opaque {
        return Err(unsupported("colours premultiplied by transparency"));
    }
    let samples: &[f32] = match image {
        DynamicImage::ImageRgb32F(image) => image.as_raw(),
        DynamicImage::ImageRgba32F(image) => image.as_raw(),
        _ => return Ok(()),
    };
    let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
    for &sample in samples {
        if !sample.is_finite() {
            return Err(unsupported("floating-point samples that are not numbers (NaN)"));
        }
        (least, most) = (least.min(sample), most.max(sample));
    }
    if least < -FLOAT_TOLERANCE || most > 1.0 + FLOAT_TOLERANCE {
        return Err(unsupported(format!("floating-point samples from {least} to {most} instead of 0 to 1")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_value_that_fills_whole_bits_is_white() {
        for (largest, white) in [
            (vec![16_383, 16_383, 16_383], Some(16_383)),
            (vec![255], Some(255)),
            (vec![4095, 4095, 4094], None),
            (vec![40_000], None),
            (vec![127], None),
            (vec![65_535], None),
            (vec![u64::MAX], None),
        ] {
            assert_eq!(stated_white(&largest), white, "{largest:?}");
        }
    }
}
