//! A photo as a page shows it: JPEGs of a size for print, some hundred kilobytes of an original's many megabytes. One is the
//! lesion with a margin, one the whole photo.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use krilla::image::Image;

use super::crop;
use super::error::PdfError;
use super::style::CLOSE_UP;
use crate::geometry::area::Area;
use crate::geometry::contour::Outline;
use crate::overlay::render;
use crate::photo::Photo;
use crate::resize;

/// Longest side of the large picture: 300 dots an inch at the width that it is printed at.
const CLOSE_UP_PX: usize = 1440;
/// Longest side of the small one, likewise.
const WHOLE_PX: usize = 640;
/// A picture of less is enlarged: viewers show each pixel as a square.
const LEAST_PX: u32 = 640;
const JPEG_QUALITY: u8 = 88;

/// A photo for a page; cheap to clone.
#[derive(Clone, Debug)]
pub struct PagePicture {
    /// What lies in `shown`.
    pub(super) close_up: Image,
    /// What the large picture shows, in the photo's pixels.
    pub(super) shown: Area,
    pub(super) whole: Image,
    pub(super) photo_size: [u32; 2],
    pub(super) photo_sha256: String,
}

impl PagePicture {
    /// The pictures of `photo`, close to what `outlines` and `reference` go around; without any line the whole photo.
    ///
    /// # Errors
    /// [`PdfError`] when one cannot be compressed.
    pub fn of(photo: &Photo, outlines: &[Outline], reference: &[Outline]) -> Result<Self, PdfError> {
        let size = photo.size();
        let lines = [outlines, reference].map(|lines| crop::bounds(lines, size));
        let lesion = lines.into_iter().flatten().reduce(Area::with);
        let [width, height] = CLOSE_UP.map(f64::from);
        let shown = lesion.map_or(Area::whole(size), |lesion| crop::around(lesion, size, width / height));
        Ok(Self {
            close_up: if shown == Area::whole(size) {
                jpeg(photo.rgb(), size, CLOSE_UP_PX)?
            } else {
                jpeg(&cut(photo, shown), shown.size(), CLOSE_UP_PX)?
            },
            shown,
            whole: jpeg(photo.rgb(), size, WHOLE_PX)?,
            photo_size: size,
            photo_sha256: photo.sha256().to_owned(),
        })
    }
}

/// The photo's pixels in `area`, three bytes each, row by row.
fn cut(photo: &Photo, area: Area) -> Vec<u8> {
    let [_, height] = area.size();
    let row_bytes = photo.width() as usize * 3;
    let columns = area.left as usize * 3..area.right as usize * 3;
    let rows = photo.rgb().chunks(row_bytes).skip(area.top as usize).take(height as usize);
    rows.flat_map(|row| &row[columns.clone()]).copied().collect()
}

/// A picture for print of `pixels`, which are `size`; its longest side is at most `longest_px`.
fn jpeg(pixels: &[u8], size: [u32; 2], longest_px: usize) -> Result<Image, PdfError> {
    let longest = size[0].max(size[1]);
    let enlarged = LEAST_PX.div_ceil(longest);
    let [width, height] = match enlarged {
        0 | 1 => render::layer_size(size, longest_px).map(|side| side as u32),
        times => size.map(|side| side * times),
    };
    let resized;
    let rgb = if [width, height] == size {
        pixels
    } else {
        resized = resize::rgb(pixels, size, [width, height]);
        &resized
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| PdfError(error.to_string()))?;
    // PDF/A forbids to ask the viewer for interpolation.
    Image::from_jpeg(jpeg.into(), false).map_err(PdfError)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    #[test]
    fn a_cut_has_the_pixels_that_lie_there() {
        let rgb = (0..6 * 4).flat_map(|index: u8| [index, 0, 100]).collect();
        let photo = Photo::from_rgb(6, 4, rgb, PhotoSource::BuiltIn("drawn"));
        let part = cut(&photo, Area { left: 2, top: 1, right: 5, bottom: 3 });
        assert_eq!(part.len(), 3 * 3 * 2);
        let reds: Vec<u8> = part.chunks(3).map(|pixel| pixel[0]).collect();
        assert_eq!(reds, [8, 9, 10, 14, 15, 16]);
    }
}
