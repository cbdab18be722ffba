//! A photo as a page shows it: a JPEG of a size for print, some hundred kilobytes of an original's many megabytes.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use krilla::image::Image;

use super::error::PdfError;
use crate::inference::preprocess;
use crate::overlay::render;
use crate::photo::Photo;

/// Longest side of the embedded photo: 300 dots an inch at the width that it is printed at.
const LONGEST_SIDE_PX: usize = 1100;
const JPEG_QUALITY: u8 = 88;

/// A photo for a page; cheap to clone.
#[derive(Clone, Debug)]
pub struct PagePicture {
    pub(super) image: Image,
    pub(super) photo_size: [u32; 2],
    pub(super) photo_sha256: String,
}

impl PagePicture {
    /// The picture of `photo`.
    ///
    /// # Errors
    /// [`PdfError`] when it cannot be compressed.
    pub fn of(photo: &Photo) -> Result<Self, PdfError> {
        let [width, height] = render::layer_size(photo.size(), LONGEST_SIDE_PX).map(|side| side as u32);
        let reduced;
        let rgb = if [width, height] == photo.size() {
            photo.rgb()
        } else {
            reduced = preprocess::squash(photo, width, height);
            &reduced
        };
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
            .write_image(rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| PdfError(error.to_string()))?;
        // PDF/A forbids to ask the viewer for interpolation.
        let image = Image::from_jpeg(jpeg.into(), false).map_err(PdfError)?;
        Ok(Self { image, photo_size: photo.size(), photo_sha256: photo.sha256.clone() })
    }
}
