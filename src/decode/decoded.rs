//! The result of every decoder, and the size limit that all of them enforce.

use image::DynamicImage;

use super::error::{DecodeErrorKind, MAX_PIXELS};
use crate::photo::EmbeddedProfile;

/// A file's stored pixels, upright, and its colour profile.
pub(super) struct Decoded {
    pub(super) image: DynamicImage,
    pub(super) profile: EmbeddedProfile,
}

/// Refuses a photo by its declared size, before any pixel is decoded.
pub(super) fn check_pixels(width: u32, height: u32) -> Result<(), DecodeErrorKind> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeErrorKind::TooManyPixels { width, height });
    }
    Ok(())
}
