//! Pictures of 16 bits that use only some of them: cameras and microscopes store 8, 10, 12 or 14 bits so. Read as they
//! are, they are nearly black, and a network finds something in them all the same.

use image::DynamicImage;

use super::error::DecodeErrorKind;
use crate::photo::PhotoWarning;

/// Values below this leave four bits and more unused; a photograph whose lightest point is so dark is none.
const LEAST_WHITE: u16 = 1 << 12;

/// Values below this leave two bits unused: a photograph may be so dark, and a camera of 14 bits looks the same.
const USUAL_WHITE: u16 = 1 << 14;

/// The samples of a picture of 16 bits, how many a pixel has, and how many of them are colours and not transparency.
fn samples(image: &mut DynamicImage) -> Option<(&mut [u16], usize, usize)> {
    match image {
        DynamicImage::ImageLuma16(image) => Some((&mut **image, 1, 1)),
        DynamicImage::ImageLumaA16(image) => Some((&mut **image, 2, 1)),
        DynamicImage::ImageRgb16(image) => Some((&mut **image, 3, 3)),
        DynamicImage::ImageRgba16(image) => Some((&mut **image, 4, 3)),
        _ => None,
    }
}

fn largest(samples: &[u16], channels: usize, colours: usize) -> u16 {
    samples.chunks_exact(channels).flat_map(|pixel| &pixel[..colours]).copied().max().unwrap_or_default()
}

/// Spreads the colours of a picture whose file states that `white` is the lightest value there can be over all 16 bits.
/// A file that has lighter ones states something else, and stays as it is.
pub(super) fn spread(image: &mut DynamicImage, white: u16) {
    let Some((samples, channels, colours)) = samples(image) else { return };
    if largest(samples, channels, colours) > white {
        return;
    }
    let white = u32::from(white);
    for sample in samples.chunks_exact_mut(channels).flat_map(|pixel| &mut pixel[..colours]) {
        *sample = ((u32::from(*sample) * u32::from(u16::MAX) + white / 2) / white) as u16;
    }
}

/// Refuses a photograph of 16 bits whose values all lie near 0, and warns of one that may be darker than it was; all of
/// them 0 is a black picture, whatever its bits.
pub(super) fn check(image: &mut DynamicImage) -> Result<Option<PhotoWarning>, DecodeErrorKind> {
    let Some((samples, channels, colours)) = samples(image) else { return Ok(None) };
    match largest(samples, channels, colours) {
        largest @ 1..LEAST_WHITE => Err(DecodeErrorKind::UnusedBits { largest }),
        largest @ LEAST_WHITE..USUAL_WHITE => Ok(Some(PhotoWarning::UnusedBits { largest })),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageBuffer;

    fn grey(values: &[u16]) -> DynamicImage {
        DynamicImage::ImageLuma16(ImageBuffer::from_raw(values.len() as u32, 1, values.to_vec()).unwrap())
    }

    #[test]
    fn pictures_with_unused_bits_are_refused_and_black_ones_are_not() {
        assert!(matches!(check(&mut grey(&[3, 255])), Err(DecodeErrorKind::UnusedBits { largest: 255 })));
        assert!(matches!(check(&mut grey(&[4095])), Err(DecodeErrorKind::UnusedBits { largest: 4095 })));
        assert!(check(&mut grey(&[0, 4096])).is_ok());
        assert!(check(&mut grey(&[0, 0])).is_ok());
        let mut clear = DynamicImage::ImageLumaA16(ImageBuffer::from_raw(1, 1, vec![200, 65535]).unwrap());
        assert!(check(&mut clear).is_err(), "transparency is not light");
    }

    #[test]
    fn fourteen_bits_in_sixteen_are_a_warning() {
        for (largest, warned) in [(4096, true), (16_383, true), (16_384, false), (0, false)] {
            let warning = check(&mut grey(&[0, largest])).unwrap();
            assert_eq!(warning, warned.then_some(PhotoWarning::UnusedBits { largest }));
        }
    }

    #[test]
    fn a_stated_white_becomes_white_unless_there_are_lighter_values() {
        for (white, values, expected) in [
            (16_383, [0, 8192, 16_383], [0, 32_770, 65_535]),
            (255, [0, 1, 255], [0, 257, 65_535]),
            (4095, [0, 1, 4096], [0, 1, 4096]),
        ] {
            let mut image = grey(&values);
            spread(&mut image, white);
            assert_eq!(image, grey(&expected), "{white}");
        }
        let mut clear = DynamicImage::ImageLumaA16(ImageBuffer::from_raw(1, 1, vec![255, 65_535]).unwrap());
        spread(&mut clear, 255);
        assert_eq!(clear.as_luma_alpha16().unwrap().as_raw(), &[65_535, 65_535], "transparency stays");
    }
}
