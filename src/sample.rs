//! The samples that are built into the program: procedurally drawn phantoms of skin and of a fundus with their true masks,
//! made by `models/recipe/phantom.py` and `fundus_phantom.py`. No patient stands behind them.

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

/// The name of the drawn fundus.
pub const FUNDUS_NAME: &str = "Fundus sample (drawn phantom)";

/// The drawn fundus as a source; its mask means vessels.
pub const FUNDUS: PhotoSource = PhotoSource::BuiltIn(FUNDUS_NAME);

/// The pixels of the sample of that name in [`SOURCES`], or of [`FUNDUS`].
///
/// # Errors
/// Never in a build whose tests passed.
pub fn named(name: &'static str) -> Result<Photo, DecodeError> {
    if name == FUNDUS_NAME {
        return decode::photo_built_in(name, include_bytes!("../assets/sample/fundus.jpg"));
    }
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

/// The true mask of the first sample, or of the fundus where that is the `name`.
///
/// # Errors
/// When `photo_size` is not the phantom's.
pub fn mask_of(name: &str, photo_size: [u32; 2]) -> Result<Mask, DecodeError> {
    if name == FUNDUS_NAME {
        let bytes = include_bytes!("../assets/sample/fundus_segmentation.png");
        return decode::mask_built_in(FUNDUS_NAME, bytes, photo_size);
    }
    mask(photo_size)
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
    use crate::geometry::field_of_view;
    use crate::measure::vessels::{VesselMeasure, VesselMeasures};

    #[test]
    fn every_sample_is_another_photograph() {
        let samples = SOURCES.map(|source| {
            named(match source {
                PhotoSource::BuiltIn(name) => name,
                PhotoSource::File(_) => panic!("samples are built in"),
            })
        });
        let hashes: std::collections::HashSet<String> =
            samples.into_iter().map(|photo| photo.expect("it decodes").sha256().to_owned()).collect();
        assert_eq!(hashes.len(), SOURCES.len());
    }

    #[test]
    fn the_drawn_fundus_has_the_figures_that_it_was_drawn_with() {
        let known: serde_json::Value =
            serde_json::from_slice(include_bytes!("../assets/sample/fundus.json")).unwrap();
        let photo = named(FUNDUS_NAME).expect("the built-in photo decodes");
        let mask = mask_of(FUNDUS_NAME, photo.size()).expect("the built-in mask fits");
        let field = field_of_view::of(&photo);
        let found = VesselMeasures::of(&mask, &field, None);
        let value = |measure| found.figure(measure).value.expect("there are vessels");
        for (measure, tolerance) in [
            (VesselMeasure::FieldOfViewArea, 0.02),
            (VesselMeasure::VesselDensity, 0.02),
            (VesselMeasure::CentreLineLength, 0.04),
            (VesselMeasure::MeanCalibre, 0.04),
            (VesselMeasure::MeanCalibreByDistance, 0.08),
        ] {
            let key = if measure == VesselMeasure::MeanCalibreByDistance {
                VesselMeasure::MeanCalibre.key(false)
            } else {
                measure.key(false)
            };
            let known = known[key].as_f64().expect("it is known");
            assert!((value(measure) / known - 1.0).abs() < tolerance, "{measure:?}: {} of {known}", value(measure));
        }
    }

    #[test]
    fn the_sample_and_its_mask_fit_each_other() {
        let photo = photo().expect("the built-in photo decodes");
        let mask = mask(photo.size()).expect("the built-in mask fits");
        let share = mask.area_px() as f64 / f64::from(photo.width() * photo.height());
        assert!((0.03..0.6).contains(&share), "the lesion covers {share}");
    }
}
