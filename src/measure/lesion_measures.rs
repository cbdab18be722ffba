//! Everything measured of a lesion. Descriptors for research: no score, no diagnosis.

use super::colours::ColourShares;
use super::lesion::Lesion;
use super::pixel_size::PixelSize;
use super::shape::Shape;
use super::shown_figure::ShownFigure;
use super::table::{Measure, Quantity};
use crate::geometry::area::Area;
use crate::mask::Mask;
use crate::photo::Photo;

/// The measured lesion of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct LesionMeasures {
    /// Its shape, in pixels.
    pub shape: Shape,
    /// Its colours.
    pub colours: ColourShares,
    /// The smallest rectangle of the photo's pixels that holds it.
    pub bounds: Area,
    /// How many regions the mask had, of which the largest is measured.
    pub regions: usize,
    /// How long a pixel is, where that is known.
    pub pixel: Option<PixelSize>,
}

/// One figure of a lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// What was measured.
    pub measure: Measure,
    /// In the unit of its name; none where it is not defined for this lesion.
    pub value: Option<f64>,
    /// How long a pixel is, where that is known: lengths and areas are then in millimetres, else in pixels.
    pub pixel: Option<PixelSize>,
}

impl Measurement {
    /// Name with unit, such as `perimeter_mm`.
    #[must_use]
    pub fn key(&self) -> String {
        self.measure.key(self.pixel.is_some())
    }

    /// As [`Quantity::uncertainty`].
    #[must_use]
    pub fn uncertainty(&self) -> Option<f64> {
        self.measure.quantity().uncertainty(self.value, self.pixel)
    }

    /// As people read it; none where it is not defined for this lesion.
    #[must_use]
    pub fn shown(&self) -> Option<ShownFigure> {
        let value = self.value?;
        let quantity = self.measure.quantity();
        let (_, unit) = quantity.unit(self.pixel.is_some());
        let px = value / quantity.factor(self.pixel.map(|pixel| pixel.mm));
        Some(match quantity {
            Quantity::Length => ShownFigure::length(px, self.pixel),
            Quantity::Area => ShownFigure::area(px, self.pixel),
            Quantity::Place => ShownFigure::place(px, self.pixel),
            // A minus sign, which is as wide as the digits.
            Quantity::Angle => ShownFigure::of(format!("{:.0}", value.round() + 0.0).replace('-', "−"), unit),
            Quantity::Share if matches!(self.measure, Measure::Colour(_)) => {
                ShownFigure::of(format!("{:.0}", value * 100.0), "%")
            }
            Quantity::Share | Quantity::Ratio => ShownFigure::of(format!("{value:.2}"), unit),
            Quantity::DeltaE => ShownFigure::of(format!("{value:.1}"), unit),
        })
    }
}

impl LesionMeasures {
    /// Measures the lesion of `mask` in `photo`, or `None` when the mask is empty.
    ///
    /// # Panics
    /// When the mask has not the photo's size.
    #[must_use]
    pub fn of(photo: &Photo, mask: &Mask, pixel: Option<PixelSize>) -> Option<Self> {
        let lesion = Lesion::largest_of(mask)?;
        let shape = Shape::of(&lesion);
        let colours = ColourShares::of(photo, &lesion, &shape);
        Some(Self { shape, colours, bounds: lesion.bounds(), regions: lesion.regions(), pixel })
    }

    /// All figures, in the order in which reports show them.
    pub fn list(&self) -> impl Iterator<Item = Measurement> + '_ {
        Measure::all().map(|measure| self.measurement(measure))
    }

    /// One figure.
    #[must_use]
    pub fn measurement(&self, measure: Measure) -> Measurement {
        let factor = measure.quantity().factor(self.pixel.map(|pixel| pixel.mm));
        Measurement { measure, value: self.unscaled(measure).map(|value| value * factor), pixel: self.pixel }
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
        let pixel = mm_per_px.map(|mm| PixelSize { mm, relative_uncertainty: Some(0.01) });
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        LesionMeasures::of(&photo, &mask, pixel).expect("it is drawn")
    }

    fn value(measures: &LesionMeasures, key: &str) -> f64 {
        let found = measures.list().find(|found| found.key() == key);
        found.and_then(|found| found.value).unwrap_or_else(|| panic!("no {key}"))
    }

    #[test]
    fn a_known_scale_turns_every_length_and_area_into_millimetres() {
        let (bare, scaled) = (square(None), square(Some(0.1)));
        assert_eq!((value(&bare, "area_px"), value(&bare, "centroid_x_px")), (400.0, 30.0));
        assert!((value(&scaled, "centroid_x_mm") - 3.0).abs() < 1e-9);
        assert!((value(&scaled, "area_mm2") - 4.0).abs() < 1e-9);
        assert!((value(&scaled, "longest_diameter_mm") - 8_f64.sqrt()).abs() < 1e-9);
        assert_eq!(value(&scaled, "border_irregularity_ratio"), value(&bare, "border_irregularity_ratio"));
    }

    #[test]
    fn units_are_never_mixed() {
        let endings = |measures: &LesionMeasures, ending: &str| {
            measures.list().filter(|found| found.key().ends_with(ending)).count()
        };
        let (bare, scaled) = (square(None), square(Some(0.1)));
        assert_eq!(endings(&scaled, "_px"), 0);
        assert_eq!(endings(&bare, "_mm") + endings(&bare, "_mm2"), 0);
        assert_eq!(endings(&bare, "_px"), endings(&scaled, "_mm") + endings(&scaled, "_mm2"));
    }

    #[test]
    fn lengths_are_as_uncertain_as_the_scale_and_areas_twice_so() {
        let (bare, scaled) = (square(None), square(Some(0.1)));
        let uncertainty = |measures: &LesionMeasures, measure| measures.measurement(measure).uncertainty();
        for (measure, times) in [(Measure::LongestDiameter, 1.0), (Measure::CentroidY, 1.0), (Measure::Area, 2.0)] {
            let value = scaled.measurement(measure).value.expect("it is measured");
            let found = uncertainty(&scaled, measure).expect("the scale's is known");
            assert!((found - value * 0.01 * times).abs() < 1e-12, "{measure:?}");
            assert_eq!(uncertainty(&bare, measure), None);
        }
        assert_eq!(uncertainty(&scaled, Measure::BorderIrregularity), None);
        let shown = |measure| scaled.measurement(measure).shown().expect("it is measured").words();
        assert_eq!([Measure::LongestDiameter, Measure::Area].map(shown), ["2.8 ± 0.1 mm", "4.0 ± 0.1 mm²"]);
    }

    #[test]
    fn every_measure_has_its_figure_in_the_tables_order() {
        let measures: Vec<Measure> = square(None).list().map(|found| found.measure).collect();
        assert_eq!(measures, Measure::all().collect::<Vec<_>>());
    }
}
