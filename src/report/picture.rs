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
use crate::inference::preprocess;
use crate::overlay::render;
use crate::photo::{Photo, PhotoSource};

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
                jpeg(photo, CLOSE_UP_PX)?
            } else {
                jpeg(&cut(photo, shown), CLOSE_UP_PX)?
            },
            shown,
            whole: jpeg(photo, WHOLE_PX)?,
            photo_size: size,
            photo_sha256: photo.sha256.clone(),
        })
    }
}

/// The photo's pixels in `area`.
fn cut(photo: &Photo, area: Area) -> Photo {
    let [width, height] = area.size();
    let row_bytes = photo.width() as usize * 3;
    let columns = area.left as usize * 3..area.right as usize * 3;
    let rows = photo.rgb().chunks(row_bytes).skip(area.top as usize).take(height as usize);
    let rgb = rows.flat_map(|row| &row[columns.clone()]).copied().collect();
    Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("part of a photo"))
}

/// A picture for print, its longest side at most `longest_px`.
fn jpeg(photo: &Photo, longest_px: usize) -> Result<Image, PdfError> {
    let longest = photo.width().max(photo.height());
    let enlarged = LEAST_PX.div_ceil(longest);
    let [width, height] = match enlarged {
        0 | 1 => render::layer_size(photo.size(), longest_px).map(|side| side as u32),
        times => photo.size().map(|side| side * times),
    };
    let resized;
    let rgb = if [width, height] == photo.size() {
        photo.rgb()
    } else {
        resized = preprocess::squash(photo, width, height);
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

    #[test]
    fn a_cut_has_the_pixels_that_lie_there() {
        let rgb = (0..6 * 4).flat_map(|index: u8| [index, 0, 100]).collect();
        let photo = Photo::from_rgb(6, 4, rgb, PhotoSource::BuiltIn("drawn"));
        let part = cut(&photo, Area { left: 2, top: 1, right: 5, bottom: 3 });
        assert_eq!(part.size(), [3, 2]);
        let reds: Vec<u8> = part.rgb().chunks(3).map(|pixel| pixel[0]).collect();
        assert_eq!(reds, [8, 9, 10, 14, 15, 16]);
    }
}
