//! Pictures of 16 bits that use only some of them: cameras and microscopes store 8, 10 or 12 bits so. Read as they are,
//! they are nearly black, and a network finds something in them all the same.

use image::DynamicImage;

use super::error::DecodeErrorKind;

/// Values below this leave four bits and more unused; a photograph whose lightest point is so dark is none.
const LEAST_WHITE: u16 = 1 << 12;

/// Refuses a photograph of 16 bits whose values all lie near 0; all of them 0 is a black picture, whatever its bits.
pub(super) fn check(image: &DynamicImage) -> Result<(), DecodeErrorKind> {
    let (samples, channels, colours): (&[u16], usize, usize) = match image {
        DynamicImage::ImageLuma16(image) => (image.as_raw(), 1, 1),
        DynamicImage::ImageLumaA16(image) => (image.as_raw(), 2, 1),
        DynamicImage::ImageRgb16(image) => (image.as_raw(), 3, 3),
        DynamicImage::ImageRgba16(image) => (image.as_raw(), 4, 3),
        _ => return Ok(()),
    };
    let of_pixel = |pixel: &[u16]| pixel[..colours].iter().copied().max().unwrap_or_default();
    match samples.chunks_exact(channels).map(of_pixel).max() {
        Some(largest @ 1..LEAST_WHITE) => Err(DecodeErrorKind::UnusedBits { largest }),
        _ => Ok(()),
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
        assert!(matches!(check(&grey(&[3, 255])), Err(DecodeErrorKind::UnusedBits { largest: 255 })));
        assert!(matches!(check(&grey(&[4095])), Err(DecodeErrorKind::UnusedBits { largest: 4095 })));
        assert!(check(&grey(&[0, 4096])).is_ok());
        assert!(check(&grey(&[0, 0])).is_ok());
        let clear = DynamicImage::ImageLumaA16(ImageBuffer::from_raw(1, 1, vec![200, 65535]).unwrap());
        assert!(check(&clear).is_err(), "transparency is no light");
    }
}
