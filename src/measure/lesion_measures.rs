//! Everything measured of a lesion. Descriptors for research: no score, no diagnosis.

use super::colours::Colours;
use super::lesion::Lesion;
use super::shape::Shape;
use super::table::Measure;
use crate::mask::Mask;
use crate::photo::Photo;

/// The measured lesion of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct LesionMeasures {
    /// Its shape, in pixels.
    pub shape: Shape,
    /// Its colours.
    pub colours: Colours,
    /// How many parts the mask had, of which the largest is measured.
    pub parts: usize,
    /// Millimetres per pixel where they are known.
    pub mm_per_px: Option<f64>,
}

/// One figure of a lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// In the unit that [`Self::unit`] says; none where it is not defined for this lesion.
    pub value: Option<f64>,
    /// Whether the photo has a scale: lengths and areas are then in millimetres, else in pixels.
    pub is_scaled: bool,
}

impl Measurement {
    /// The unit as people write it; empty for a bare number.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        self.measure.quantity().unit(self.is_scaled).1
    }

    /// Name with unit, such as `perimeter_mm`.
    #[must_use]
    pub fn key(&self) -> String {
        self.measure.key(self.is_scaled)
    }
}

impl LesionMeasures {
    /// Measures the lesion of `mask` in `photo`, or `None` when the mask is empty.
    ///
    /// # Panics
    /// When the mask has not the photo's size.
    #[must_use]
    pub fn of(photo: &Photo, mask: &Mask, mm_per_px: Option<f64>) -> Option<Self> {
        let lesion = Lesion::largest_of(mask)?;
        let shape = Shape::of(&lesion);
        let colours = Colours::of(photo, &lesion, &shape);
        Some(Self { shape, colours, parts: lesion.parts(), mm_per_px })
    }

    /// All figures, in the order in which reports show them.
    pub fn list(&self) -> impl Iterator<Item = Measurement> + '_ {
        let is_scaled = self.mm_per_px.is_some();
        Measure::all().map(move |measure| {
            let factor = measure.quantity().factor(self.mm_per_px);
            Measurement { measure, value: self.unscaled(measure).map(|value| value * factor), is_scaled }
        })
    }

    /// The figure of a measure, lengths and areas in pixels.
    fn unscaled(&self, measure: Measure) -> Option<f64> {
        let (shape, colours) = (&self.shape, &self.colours);
        Some(match measure {
            Measure::Area => shape.area_px,
            Measure::Perimeter => shape.perimeter_px,
            Measure::LongestDiameter => shape.longest_diameter_px(),
            Measure::AcrossDiameter => shape.across_diameter_px(),
            Measure::CentroidX => shape.centroid[0],
            Measure::CentroidY => shape.centroid[1],
            Measure::MajorAxis => shape.axes.major_px,
            Measure::MinorAxis => shape.axes.minor_px,
            Measure::MajorAxisAngle => shape.axes.major_degrees,
            Measure::AsymmetryAboutMajorAxis => shape.asymmetry_about_major,
            Measure::AsymmetryAboutMinorAxis => shape.asymmetry_about_minor,
            Measure::BorderIrregularity => shape.border_irregularity(),
            Measure::BorderBand => colours.band_px,
            Measure::ColourAsymmetryAboutMajorAxis => return colours.asymmetry_about_major_delta_e,
            Measure::ColourAsymmetryAboutMinorAxis => return colours.asymmetry_about_minor_delta_e,
            Measure::BorderSector(number) => return *colours.border_sectors_delta_e.get(number - 1)?,
            Measure::Colour(colour) => colours.shares[colour as usize],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    fn square(mm_per_px: Option<f64>) -> LesionMeasures {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        LesionMeasures::of(&photo, &mask, mm_per_px).expect("it is drawn")
    }

    fn value(measures: &LesionMeasures, key: &str) -> f64 {
        let found = measures.list().find(|found| found.key() == key);
        found.and_then(|found| found.value).unwrap_or_else(|| panic!("no {key}"))
    }

    #[test]
    fn a_known_scale_turns_every_length_and_area_into_millimetres() {
        let (bare, scaled) = (square(None), square(Some(0.1)));
        assert_eq!((value(&bare, "area_px"), value(&bare, "centroid_x_px")), (400.0, 30.0));
        assert!((value(&scaled, "area_mm2") - 4.0).abs() < 1e-9);
        assert!((value(&scaled, "longest_diameter_mm") - 8_f64.sqrt()).abs() < 1e-9);
        assert_eq!(value(&scaled, "border_irregularity_ratio"), value(&bare, "border_irregularity_ratio"));
    }

    #[test]
    fn units_are_never_mixed() {
        let endings = |measures: &LesionMeasures, ending: &str| {
            let of_place = |key: &str| key.starts_with("centroid");
            measures.list().filter(|found| found.key().ends_with(ending) && !of_place(&found.key())).count()
        };
        let (bare, scaled) = (square(None), square(Some(0.1)));
        assert_eq!(endings(&scaled, "_px"), 0);
        assert_eq!(endings(&bare, "_mm") + endings(&bare, "_mm2"), 0);
        assert_eq!(endings(&bare, "_px"), endings(&scaled, "_mm") + endings(&scaled, "_mm2"));
    }

    #[test]
    fn every_measure_has_its_figure_in_the_tables_order() {
        let measures: Vec<Measure> = square(None).list().map(|found| found.measure).collect();
        assert_eq!(measures, Measure::all().collect::<Vec<_>>());
    }
}
