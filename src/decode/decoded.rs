//! What each decoder returns, and the limit that all of them hold to.

use image::DynamicImage;

use super::error::{DecodeErrorKind, MAX_PIXELS};
use crate::photo::EmbeddedProfile;

/// A file's upright pixels as they are stored, and how its colours are meant.
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
