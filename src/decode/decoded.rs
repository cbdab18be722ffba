//! The result of every decoder, and the size limit that all of them enforce.

use image::DynamicImage;
use image::metadata::Orientation;

use super::error::{DecodeErrorKind, MAX_PIXELS};
use crate::photo::{EmbeddedProfile, PhotoWarning};

/// A file's stored pixels, upright, and its colour profile.
pub(super) struct Decoded {
    pub(super) image: DynamicImage,
    pub(super) profile: EmbeddedProfile,
    /// The file's EXIF orientation, which was applied.
    pub(super) orientation: Orientation,
    /// Why the picture may be damaged, though it could be decoded.
    pub(super) warning: Option<PhotoWarning>,
}

/// Refuses a photo by its declared size, before any pixel is decoded.
pub(super) fn check_pixels(width: u32, height: u32) -> Result<(), DecodeErrorKind> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeErrorKind::TooManyPixels { width, height });
    }
    Ok(())
}
