//! What is measured of the vessels of a retina: how much of the field of view they cover, how long their centre lines are, and
//! how wide they are. Every region counts as it is; outside the field of view nothing does.
//!
//! Descriptors for research: vessels that the network misses, mostly the thinnest, are missing from every figure.

use strum::{IntoEnumIterator, IntoStaticStr};

use super::lesion_runs::LesionArea;
use super::pixel_size::PixelSize;
use super::shown_figure::ShownFigure;
use super::table::Quantity;
use crate::geometry::boundary::outer_boundary;
use crate::geometry::centre_line;
use crate::geometry::components::Components;
use crate::geometry::distance::SiteGrid;
use crate::language::Words;
use crate::mask::Mask;
use crate::words;

/// A measure of vessels, in the order in which reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "`VesselMeasure::definition` says what each is")]
pub enum VesselMeasure {
    VesselDensity,
    CentreLineLength,
    MeanCalibre,
    MeanCalibreByDistance,
    VesselArea,
    FieldOfViewArea,
}

impl VesselMeasure {
    /// All of them, in the order in which reports show them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// What it counts.
    #[must_use]
    pub fn quantity(self) -> Quantity {
        match self {
            Self::VesselDensity => Quantity::Share,
            Self::CentreLineLength | Self::MeanCalibre | Self::MeanCalibreByDistance => Quantity::Length,
            Self::VesselArea | Self::FieldOfViewArea => Quantity::Area,
        }
    }

    /// The name with its unit, such as `mean_calibre_px`, in rows of a photo with or without a scale.
    #[must_use]
    pub fn key(self, is_scaled: bool) -> String {
        format!("{}_{}", <&str>::from(self), self.quantity().unit(is_scaled).0)
    }

    /// What it is and how it is measured.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::VesselDensity => "Share of the field of view that vessels cover.",
            Self::CentreLineLength => {
                "Length of all centre lines: the mask thinned to lines of one pixel, steps through sides and corners counted \
                 with Kulpa's factor; within 4 % on drawn vessels."
            }
            Self::MeanCalibre => "Mean width: area of the vessels over the length of their centre lines.",
            Self::MeanCalibreByDistance => {
                "Mean width by the distance map: twice the distance to the nearest background, averaged along the centre lines."
            }
            Self::VesselArea => "Area of the vessels in the field of view.",
            Self::FieldOfViewArea => {
                "Area of the field of view, the round part that shows the eye, as found in the pixels."
            }
        }
    }

    /// Its name for a person.
    #[must_use]
    pub fn words(self) -> Words {
        match self {
            Self::VesselDensity => words!("vessel-density"),
            Self::CentreLineLength => words!("vessel-length"),
            Self::MeanCalibre => words!("vessel-calibre"),
            Self::MeanCalibreByDistance => words!("vessel-calibre-by-distance"),
            Self::VesselArea => words!("vessel-area"),
            Self::FieldOfViewArea => words!("field-of-view-area"),
        }
    }

    /// What it is, for a person.
    #[must_use]
    pub fn hint(self) -> Words {
        match self {
            Self::VesselDensity => words!("vessel-density-hint"),
            Self::CentreLineLength => words!("vessel-length-hint"),
            Self::MeanCalibre => words!("vessel-calibre-hint"),
            Self::MeanCalibreByDistance => words!("vessel-calibre-by-distance-hint"),
            Self::VesselArea => words!("vessel-area-hint"),
            Self::FieldOfViewArea => words!("field-of-view-area-hint"),
        }
    }
}

/// The measured vessels of a photo, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VesselMeasures {
    /// Pixels of the field of view.
    pub field_px: u64,
    /// Pixels of vessels in it.
    pub area_px: u64,
    /// How many regions they are in.
    pub regions: usize,
    /// Length of the centre lines.
    pub length_px: f64,
    /// Mean of twice the distance from the centre lines to the background; none without vessels.
    pub calibre_by_distance_px: Option<f64>,
    /// How long a pixel is, where that is known.
    pub pixel: Option<PixelSize>,
}

/// One figure of vessels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VesselFigure {
    /// What was measured.
    pub measure: VesselMeasure,
    /// In the unit of its name; none where it is not defined, as the width of no vessel.
    pub value: Option<f64>,
    /// As of [`VesselMeasures`].
    pub pixel: Option<PixelSize>,
}

impl VesselMeasures {
    /// Measures the vessels of `mask` within `field_of_view`.
    ///
    /// # Panics
    /// When the sizes differ.
    #[must_use]
    pub fn of(mask: &Mask, field_of_view: &Mask, pixel: Option<PixelSize>) -> Self {
        let vessels = within(mask, field_of_view);
        let line = centre_line::of(&vessels);
        Self {
            field_px: field_of_view.area_px(),
            area_px: vessels.area_px(),
            regions: Components::of(&vessels).list.len(),
            length_px: centre_line::length_px(&line),
            calibre_by_distance_px: calibre_by_distance(&vessels, &line),
            pixel,
        }
    }

    /// All figures, in the order in which reports show them.
    pub fn list(self) -> impl Iterator<Item = VesselFigure> {
        VesselMeasure::all().map(move |measure| self.figure(measure))
    }

    /// One figure.
    #[must_use]
    pub fn figure(self, measure: VesselMeasure) -> VesselFigure {
        let factor = measure.quantity().factor(self.pixel.map(|pixel| pixel.mm));
        let value = self.unscaled(measure).map(|value| value * factor);
        VesselFigure { measure, value, pixel: self.pixel }
    }

    fn unscaled(self, measure: VesselMeasure) -> Option<f64> {
        let [field, area] = [self.field_px, self.area_px].map(|px| px as f64);
        match measure {
            VesselMeasure::VesselDensity => (self.field_px > 0).then(|| area / field),
            VesselMeasure::CentreLineLength => Some(self.length_px),
            VesselMeasure::MeanCalibre => (self.length_px > 0.0).then(|| area / self.length_px),
            VesselMeasure::MeanCalibreByDistance => self.calibre_by_distance_px,
            VesselMeasure::VesselArea => Some(area),
            VesselMeasure::FieldOfViewArea => Some(field),
        }
    }
}

impl VesselFigure {
    /// Name with unit, such as `mean_calibre_mm`.
    #[must_use]
    pub fn key(&self) -> String {
        self.measure.key(self.pixel.is_some())
    }

    /// As [`Quantity::uncertainty`].
    #[must_use]
    pub fn uncertainty(&self) -> Option<f64> {
        self.measure.quantity().uncertainty(self.value, self.pixel)
    }

    /// As people read it; none where it is not defined.
    #[must_use]
    pub fn shown(&self) -> Option<ShownFigure> {
        let value = self.value?;
        let px = value / self.measure.quantity().factor(self.pixel.map(|pixel| pixel.mm));
        Some(match self.measure {
            VesselMeasure::VesselDensity => ShownFigure::of(format!("{:.1}", value * 100.0), "%"),
            VesselMeasure::CentreLineLength => ShownFigure::length(px, self.pixel),
            VesselMeasure::MeanCalibre | VesselMeasure::MeanCalibreByDistance => match self.pixel {
                Some(_) => ShownFigure::of(format!("{value:.3}"), "mm"),
                None => ShownFigure::distance(px, None),
            },
            VesselMeasure::VesselArea | VesselMeasure::FieldOfViewArea => ShownFigure::area(px, self.pixel),
        })
    }
}

/// What of `mask` lies in `field_of_view`.
///
/// # Panics
/// When the sizes differ.
#[must_use]
pub fn within(mask: &Mask, field_of_view: &Mask) -> Mask {
    assert_eq!(mask.size(), field_of_view.size(), "masks of one photo have one size");
    let [width, height] = mask.size();
    let both = mask.pixels().iter().zip(field_of_view.pixels()).map(|(pixel, is_within)| pixel & is_within);
    Mask::new(width, height, both.collect())
}

/// How large the vessels of `mask` within `field_of_view` are, and how many regions they are in.
///
/// # Panics
/// When the sizes differ.
#[must_use]
pub fn area(mask: &Mask, field_of_view: &Mask) -> LesionArea {
    let vessels = within(mask, field_of_view);
    LesionArea { area_px: vessels.area_px(), regions: Components::of(&vessels).list.len() }
}

/// clDice (Shit et al., 2021): the harmonic mean of the shares of each mask's centre line that lie in the other mask, both
/// within the field of view. A mask without a line has nothing to miss: its share is 1.
///
/// # Panics
/// When the sizes differ.
#[must_use]
pub fn centre_line_dice(prediction: &Mask, reference: &Mask, field_of_view: &Mask) -> f64 {
    let [prediction, reference] = [prediction, reference].map(|mask| within(mask, field_of_view));
    let share = |of: &Mask, other: &Mask| {
        let line = centre_line::of(of);
        let found = within(&line, other).area_px();
        if line.is_empty() { 1.0 } else { found as f64 / line.area_px() as f64 }
    };
    let (precision, recall) = (share(&prediction, &reference), share(&reference, &prediction));
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

fn calibre_by_distance(vessels: &Mask, line: &Mask) -> Option<f64> {
    let (places, sites) = (centre_line::pixels(line).collect::<Vec<_>>(), outer_boundary(vessels));
    if places.is_empty() || sites.is_empty() {
        return None;
    }
    let distances = SiteGrid::distances(&places, &sites);
    Some(2.0 * distances.iter().sum::<f64>() / distances.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two bars of 5 pixels width, of which one ends half way in the field of view.
    fn bars() -> [Mask; 2] {
        let size = [120, 60];
        let drawn = |inside: &dyn Fn(u32, u32) -> bool| {
            let pixels = (0..size[0] * size[1]).map(|index| u8::from(inside(index % size[0], index / size[0])));
            Mask::new(size[0], size[1], pixels.collect())
        };
        let vessels = drawn(&|x, y| (10..15).contains(&y) || (40..45).contains(&y) && x < 60);
        [vessels, drawn(&|x, _| x < 100)]
    }

    #[test]
    fn bars_have_the_figures_that_they_have_on_paper() {
        let [vessels, field] = bars();
        let found = VesselMeasures::of(&vessels, &field, None);
        assert_eq!((found.field_px, found.area_px), (6000, 800));
        let value = |measure| found.figure(measure).value.unwrap();
        assert!((value(VesselMeasure::VesselDensity) - 0.1333).abs() < 1e-3);
        // 160 pixels by the factor for lines of all directions, less the ends.
        assert!((value(VesselMeasure::CentreLineLength) - 0.948 * 160.0).abs() < 13.0, "{found:?}");
        assert!((value(VesselMeasure::MeanCalibre) - 5.0 / 0.948).abs() < 0.5, "{found:?}");
        assert!((value(VesselMeasure::MeanCalibreByDistance) - 6.0).abs() < 0.2, "{found:?}");
    }

    #[test]
    fn a_scale_changes_values_and_units_together() {
        let [vessels, field] = bars();
        let pixel = PixelSize { mm: 0.01, relative_uncertainty: Some(0.02) };
        let [bare, scaled] = [None, Some(pixel)].map(|pixel| VesselMeasures::of(&vessels, &field, pixel));
        let keys = |found: VesselMeasures| found.list().map(|figure| figure.key()).collect::<Vec<_>>();
        assert_eq!(keys(bare)[..3], ["vessel_density_share", "centre_line_length_px", "mean_calibre_px"]);
        assert_eq!(keys(scaled)[3..], ["mean_calibre_by_distance_mm", "vessel_area_mm2", "field_of_view_area_mm2"]);
        for measure in VesselMeasure::all() {
            let [one, other] = [bare, scaled].map(|found| found.figure(measure));
            let factor = measure.quantity().factor(Some(0.01));
            assert!((one.value.unwrap() * factor - other.value.unwrap()).abs() < 1e-9, "{measure:?}");
            assert_eq!(one.uncertainty(), None);
        }
        assert_eq!(scaled.figure(VesselMeasure::VesselArea).shown().unwrap().unit, "mm²");
    }

    #[test]
    fn without_vessels_or_field_of_view_no_width_and_no_density_is_made_up() {
        let empty = Mask::empty([20, 10]);
        let found = VesselMeasures::of(&empty, &empty, None);
        let undefined = found.list().filter(|figure| figure.value.is_none()).map(|figure| figure.measure);
        assert_eq!(
            undefined.collect::<Vec<_>>(),
            [VesselMeasure::VesselDensity, VesselMeasure::MeanCalibre, VesselMeasure::MeanCalibreByDistance]
        );
    }

    #[test]
    fn centre_lines_agree_with_themselves_and_not_with_nothing() {
        let [vessels, field] = bars();
        assert_eq!(centre_line_dice(&vessels, &vessels, &field), 1.0);
        assert_eq!(centre_line_dice(&vessels, &Mask::empty(vessels.size()), &field), 0.0);
        assert_eq!(centre_line_dice(&Mask::empty([9, 9]), &Mask::empty([9, 9]), &Mask::empty([9, 9])), 1.0);
    }
}
