//! The sample that is built into the program: a procedurally drawn dermoscopy phantom with its true mask, made by
//! `models/recipe/phantom.py`. No patient stands behind it.

use crate::decode::{self, DecodeError};
use crate::mask::Mask;
use crate::photo::{Photo, PhotoSource};

/// The sample's name.
pub const NAME: &str = "Sample (drawn phantom)";

/// The sample as a source.
pub const SOURCE: PhotoSource = PhotoSource::BuiltIn(NAME);

/// All samples that are built in, [`SOURCE`] first; the others have no mask here.
pub const SOURCES: [PhotoSource; 3] =
    [SOURCE, PhotoSource::BuiltIn("Sample 2 (drawn phantom)"), PhotoSource::BuiltIn("Sample 3 (drawn phantom)")];

/// The pixels of the sample of that name in [`SOURCES`].
///
/// # Errors
/// Never in a build whose tests passed.
pub fn named(name: &'static str) -> Result<Photo, DecodeError> {
    match SOURCES.iter().position(|source| *source == PhotoSource::BuiltIn(name)) {
        Some(1) => decode::photo_built_in(name, include_bytes!("../assets/sample/phantom2.jpg")),
        Some(2) => decode::photo_built_in(name, include_bytes!("../assets/sample/phantom3.jpg")),
        _ => photo(),
    }
}

/// The phantom's pixels.
///
/// # Errors
/// Never in a build whose tests passed.
pub fn photo() -> Result<Photo, DecodeError> {
    decode::photo_built_in(NAME, include_bytes!("../assets/sample/phantom.jpg"))
}

/// The phantom's true mask.
///
/// # Errors
/// When `photo_size` is not the phantom's.
pub fn mask(photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    decode::mask_built_in(NAME, include_bytes!("../assets/sample/phantom_segmentation.png"), photo_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_another_photograph() {
        let samples = SOURCES.map(|source| {
            named(match source {
                PhotoSource::BuiltIn(name) => name,
                PhotoSource::File(_) => panic!("samples are built in"),
            })
        });
        let hashes: std::collections::HashSet<String> =
            samples.into_iter().map(|photo| photo.expect("it decodes").sha256).collect();
        assert_eq!(hashes.len(), SOURCES.len());
    }

    #[test]
    fn the_sample_and_its_mask_fit_each_other() {
        let photo = photo().expect("the built-in photo decodes");
        let mask = mask(photo.size()).expect("the built-in mask fits");
        let share = mask.area_px() as f64 / f64::from(photo.width() * photo.height());
        assert!((0.03..0.6).contains(&share), "the lesion covers {share}");
    }
}
