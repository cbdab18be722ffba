//! Masks, probabilities and photos with their outlines as PNG.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

pub use super::mask_png::of_mask;
use super::palette::Rgb;
use super::render::{self, Stroked};
use crate::geometry::contour::Outline;
use crate::mask::ProbabilityMap;
use crate::photo::Photo;

/// A probability map at the photo's size: 8-bit grey, `round(255 * p)`.
#[must_use]
pub fn of_probability(map: &ProbabilityMap) -> Vec<u8> {
    encoded(map.photo_size(), &map.to_u8(), ExtendedColorType::L8)
}

/// The photo with its lesion's outlines in the colour of who drew them: 8-bit RGB.
#[must_use]
pub fn of_outlined_photo(photo: &Photo, outlines: &[Outline], colour: Rgb) -> Vec<u8> {
    let rgb = render::outlined_photo(photo, &[Stroked { outlines, colour }]);
    encoded(photo.size(), &rgb, ExtendedColorType::Rgb8)
}

/// PNG of `pixels`, fast rather than smallest: a 12-megapixel overlay is encoded in well under a second.
pub(crate) fn encoded(size: [u32; 2], pixels: &[u8], colour: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(pixels, size[0], size[1], colour)
        .expect("the pixels fit the size, and memory takes every write");
    bytes
}
