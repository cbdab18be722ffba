//! The measures of a lesion in one table: name, unit, definition, and the message that names each to a person. On a
//! photo whose scale is known every length, place and area is in millimetres, on any other in pixels; never both.

use strum::{IntoEnumIterator as _, VariantArray as _};

use super::colours::SECTORS;
use super::named_colour::NamedColour;
use super::pixel_size::PixelSize;
use crate::language::Words;
use crate::words;

/// A measure, in the order in which reports show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "`Measure::definition` says what each is")]
pub enum Measure {
    Area,
    Perimeter,
    LongestDiameter,
    AcrossDiameter,
    CentroidX,
    CentroidY,
    MajorAxis,
    MinorAxis,
    MajorAxisAngle,
    AsymmetryAboutMajorAxis,
    AsymmetryAboutMinorAxis,
    BorderIrregularity,
    BorderBand,
    ColourAsymmetryAboutMajorAxis,
    ColourAsymmetryAboutMinorAxis,
    /// By its number, 1 to [`SECTORS`].
    BorderSector(usize),
    Colour(NamedColour),
}

/// What a measure counts, and so which unit it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Millimetres or pixels.
    Length,
    /// Square millimetres or pixels.
    Area,
    /// From an edge of the photo, in millimetres or pixels.
    Place,
    /// Degrees.
    Angle,
    /// A part of the whole, 0 to 1.
    Share,
    /// A bare number.
    Ratio,
    /// Difference of colours by CIE76.
    DeltaE,
}

impl Quantity {
    /// The ending of a measure's key and the unit as people write it, empty for a bare number.
    #[must_use]
    pub fn unit(self, is_scaled: bool) -> (&'static str, &'static str) {
        match (self, is_scaled) {
            (Self::Length | Self::Place, true) => ("mm", "mm"),
            (Self::Length | Self::Place, false) => ("px", "px"),
            (Self::Area, true) => ("mm2", "mm²"),
            (Self::Area, false) => ("px", "px²"),
            (Self::Angle, _) => ("degrees", "°"),
            (Self::Share, _) => ("share", ""),
            (Self::Ratio, _) => ("ratio", ""),
            (Self::DeltaE, _) => ("delta_e", "ΔE"),
        }
    }

    /// What a figure in pixels is multiplied with.
    #[must_use]
    pub fn factor(self, mm_per_px: Option<f64>) -> f64 {
        match (self, mm_per_px) {
            (Self::Length | Self::Place, Some(scale)) => scale,
            (Self::Area, Some(scale)) => scale * scale,
            _ => 1.0,
        }
    }

    /// How far a figure of `value` may be off by the scale, in its own unit (about 95 % confidence); none where that is not
    /// known, or the scale has no part in it.
    #[must_use]
    pub fn uncertainty(self, value: Option<f64>, pixel: Option<PixelSize>) -> Option<f64> {
        Some(value? * pixel?.relative_uncertainty? * f64::from(self.power_of_scale()?))
    }

    /// By how much of itself a figure is off for each share that the scale is off; none where the scale has no part in it.
    #[must_use]
    pub fn power_of_scale(self) -> Option<i32> {
        match self {
            Self::Length | Self::Place => Some(1),
            Self::Area => Some(2),
            Self::Angle | Self::Share | Self::Ratio | Self::DeltaE => None,
        }
    }
}

/// Which table of a report a measure stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureGroup {
    /// Size, axes and asymmetry.
    Shape,
    /// Asymmetry of colour, and the border's eighths.
    Border,
    /// Shares of the named colours.
    Colours,
    /// In rows alone: how the measuring was set, no property of the lesion.
    Setting,
}

impl Measure {
    /// All measures, in the order in which reports show them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter().flat_map(|measure| match measure {
            Self::BorderSector(_) => (1..=SECTORS).map(Self::BorderSector).collect(),
            Self::Colour(_) => NamedColour::VARIANTS.iter().copied().map(Self::Colour).collect(),
            measure => vec![measure],
        })
    }

    /// The name with its unit, such as `perimeter_mm`, in rows of a photo with or without a scale.
    #[must_use]
    pub fn key(self, is_scaled: bool) -> String {
        let (ending, _) = self.quantity().unit(is_scaled);
        match self {
            Self::BorderSector(number) => format!("border_sector_{number}_{ending}"),
            Self::Colour(colour) => format!("colour_{}_{ending}", colour.key()),
            measure => format!("{}_{ending}", <&str>::from(measure)),
        }
    }

    /// What it counts.
    #[must_use]
    pub fn quantity(self) -> Quantity {
        match self {
            Self::Area => Quantity::Area,
            Self::Perimeter | Self::LongestDiameter | Self::AcrossDiameter => Quantity::Length,
            Self::MajorAxis | Self::MinorAxis | Self::BorderBand => Quantity::Length,
            Self::CentroidX | Self::CentroidY => Quantity::Place,
            Self::MajorAxisAngle => Quantity::Angle,
            Self::AsymmetryAboutMajorAxis | Self::AsymmetryAboutMinorAxis | Self::Colour(_) => Quantity::Share,
            Self::BorderIrregularity => Quantity::Ratio,
            Self::ColourAsymmetryAboutMajorAxis | Self::ColourAsymmetryAboutMinorAxis => Quantity::DeltaE,
            Self::BorderSector(_) => Quantity::DeltaE,
        }
    }

    /// What it is and how it is measured, in a sentence or two.
    #[must_use]
    pub fn definition(self) -> &'static str {
        match self {
            Self::Area => "Area of the largest region of the mask, holes filled.",
            Self::Perimeter => {
                "Length of its border by counting crossings of lines in eight directions (Crofton); within 0.5 % on circles of \
                 10 pixels radius and more, within 2 % on straight borders."
            }
            Self::LongestDiameter => "The longest straight line between two points of the lesion.",
            Self::AcrossDiameter => {
                "The longest line perpendicular to the longest diameter, within the lesion's convex hull."
            }
            Self::CentroidX => "Centre of gravity, from the photo's left edge.",
            Self::CentroidY => "Centre of gravity, from the photo's upper edge.",
            Self::MajorAxis => {
                "Length of the longer principal axis: that of the ellipse with the lesion's second moments."
            }
            Self::MinorAxis => "Length of the shorter principal axis.",
            Self::MajorAxisAngle => {
                "Angle of the longer axis, clockwise from the photo's rightward direction; arbitrary where both are equal."
            }
            Self::AsymmetryAboutMajorAxis => {
                "Share of the lesion with no lesion on the opposite side when folded along the longer axis: 0 is symmetric."
            }
            Self::AsymmetryAboutMinorAxis => {
                "Share of the lesion with no lesion on the opposite side when folded along the shorter axis: 0 is symmetric."
            }
            Self::BorderIrregularity => {
                "Perimeter squared over 4 pi times area: 1 for a circle, more for a longer, uneven border."
            }
            Self::BorderBand => "Width of the bands that the sectors compare.",
            Self::ColourAsymmetryAboutMajorAxis => {
                "Mean colour difference (CIE76) between a point and its mirror image at the longer axis, where both are lesion."
            }
            Self::ColourAsymmetryAboutMinorAxis => {
                "Mean colour difference (CIE76) between a point and its mirror image at the shorter axis, where both are lesion."
            }
            Self::BorderSector(_) => {
                "How abruptly the colour changes across the border in this eighth, counted clockwise from the right: difference \
                 (CIE76) between narrow bands inside and outside; empty where the lesion leaves the photo."
            }
            Self::Colour(_) => {
                "Share of the lesion that has this colour of dermoscopy beside the skin around the lesion, by our own \
                 prototypes in CIELAB; from 0.05 on it counts as there."
            }
        }
    }

    /// Which table of a report it stands in.
    #[must_use]
    pub fn group(self) -> MeasureGroup {
        match self {
            Self::Area | Self::Perimeter | Self::LongestDiameter | Self::AcrossDiameter => MeasureGroup::Shape,
            Self::CentroidX | Self::CentroidY | Self::BorderIrregularity => MeasureGroup::Shape,
            Self::MajorAxis | Self::MinorAxis | Self::MajorAxisAngle => MeasureGroup::Shape,
            Self::AsymmetryAboutMajorAxis | Self::AsymmetryAboutMinorAxis => MeasureGroup::Shape,
            Self::ColourAsymmetryAboutMajorAxis | Self::ColourAsymmetryAboutMinorAxis => MeasureGroup::Border,
            Self::BorderSector(_) => MeasureGroup::Border,
            Self::Colour(_) => MeasureGroup::Colours,
            Self::BorderBand => MeasureGroup::Setting,
        }
    }

    /// Its name for a person; none for what stands in rows alone.
    #[must_use]
    pub fn words(self) -> Option<Words> {
        Some(match self {
            Self::Area => words!("report-area"),
            Self::Perimeter => words!("report-perimeter"),
            Self::LongestDiameter => words!("report-longest-diameter"),
            Self::AcrossDiameter => words!("report-across-diameter"),
            Self::CentroidX => words!("report-centroid-x"),
            Self::CentroidY => words!("report-centroid-y"),
            Self::MajorAxis => words!("report-major-axis"),
            Self::MinorAxis => words!("report-minor-axis"),
            Self::MajorAxisAngle => words!("report-axis-angle"),
            Self::AsymmetryAboutMajorAxis => words!("report-asymmetry-major"),
            Self::AsymmetryAboutMinorAxis => words!("report-asymmetry-minor"),
            Self::BorderIrregularity => words!("report-irregularity"),
            Self::BorderBand => return None,
            Self::ColourAsymmetryAboutMajorAxis => words!("report-colour-asymmetry-major"),
            Self::ColourAsymmetryAboutMinorAxis => words!("report-colour-asymmetry-minor"),
            Self::BorderSector(number) => words!("report-border-sector", number = number.to_string()),
            Self::Colour(NamedColour::White) => words!("report-white"),
            Self::Colour(NamedColour::Red) => words!("report-red"),
            Self::Colour(NamedColour::LightBrown) => words!("report-light-brown"),
            Self::Colour(NamedColour::DarkBrown) => words!("report-dark-brown"),
            Self::Colour(NamedColour::BlueGrey) => words!("report-blue-grey"),
            Self::Colour(NamedColour::Black) => words!("report-black"),
            Self::Colour(NamedColour::PinkOrSkin) => words!("report-pink-or-skin"),
            Self::Colour(NamedColour::NoneOfThese) => words!("report-none-of-these"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_measure_has_its_own_key_and_definition() {
        for is_scaled in [false, true] {
            let keys: HashSet<String> = Measure::all().map(|measure| measure.key(is_scaled)).collect();
            assert_eq!((keys.len(), Measure::all().count()), (31, 31));
        }
        assert!(Measure::all().all(|measure| measure.definition().ends_with('.')));
    }

    #[test]
    fn keys_are_those_of_the_rows() {
        assert_eq!(Measure::AsymmetryAboutMajorAxis.key(true), "asymmetry_about_major_axis_share");
        assert_eq!([false, true].map(|is_scaled| Measure::Area.key(is_scaled)), ["area_px", "area_mm2"]);
        assert_eq!(Measure::BorderSector(8).key(false), "border_sector_8_delta_e");
        assert_eq!(Measure::Colour(NamedColour::BlueGrey).key(true), "colour_blue_grey_share");
    }

    #[test]
    fn what_stands_on_a_page_has_a_name() {
        let without: Vec<Measure> = Measure::all().filter(|measure| measure.words().is_none()).collect();
        assert_eq!(without, [Measure::BorderBand]);
        assert_eq!(Measure::BorderBand.group(), MeasureGroup::Setting);
    }
}
