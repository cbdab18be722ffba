//! Everything measured of a lesion as a list for a person: a name that carries its unit, a value, and what it means.
//!
//! On a photo whose scale is known every length and area is in millimetres, on any other in pixels; never both. Places
//! on the photo (the centroid) are pixels of the photo either way. Descriptors for research: no score, no diagnosis.

use super::colours::{Colours, NAMED_COLOURS, SECTORS};
use super::lesion::Lesion;
use super::shape::Shape;
use crate::mask::Mask;
use crate::photo::Photo;

/// The measured lesion of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Its shape, in pixels.
    pub shape: Shape,
    /// Its colours.
    pub colours: Colours,
    /// How many parts the mask had, of which the largest is measured.
    pub parts: usize,
    /// Millimetres per pixel where they are known.
    pub mm_per_px: Option<f64>,
}

/// One figure of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Name with unit, such as `perimeter_mm`.
    pub key: String,
    /// The figure; none where it is not defined for this lesion.
    pub value: Option<f64>,
    /// The unit as people write it; empty for a bare number.
    pub unit: &'static str,
    /// What it is and how it is measured, in a sentence or two.
    pub explanation: &'static str,
}

/// What a figure counts, and so which unit it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Length,
    Area,
    Place,
    Degrees,
    Share,
    Ratio,
    DeltaE,
}

impl Kind {
    /// The ending of a name and the unit as written.
    fn unit(self, is_scaled: bool) -> (&'static str, &'static str) {
        match (self, is_scaled) {
            (Self::Length, true) => ("_mm", "mm"),
            (Self::Length | Self::Place, _) => ("_px", "px"),
            (Self::Area, true) => ("_mm2", "mm²"),
            (Self::Area, false) => ("_px", "px"),
            (Self::Degrees, _) => ("_degrees", "°"),
            (Self::Share, _) => ("_share", ""),
            (Self::Ratio, _) => ("_ratio", ""),
            (Self::DeltaE, _) => ("_delta_e", "ΔE"),
        }
    }

    fn factor(self, mm_per_px: Option<f64>) -> f64 {
        match (self, mm_per_px) {
            (Self::Length, Some(scale)) => scale,
            (Self::Area, Some(scale)) => scale * scale,
            _ => 1.0,
        }
    }
}

/// A figure before its scale: name without unit, kind, how it is read, explanation.
type Entry = (&'static str, Kind, fn(&Measures) -> Option<f64>, &'static str);

const SHAPE: [Entry; 13] = [
    (
        "area",
        Kind::Area,
        |m| Some(m.shape.area_px),
        "Area of the largest connected part of the lesion, holes filled.",
    ),
    (
        "perimeter",
        Kind::Length,
        |m| Some(m.shape.perimeter_px),
        "Length of its border by counting crossings of lines in eight directions (Crofton); within 0.5 % on circles of \
         10 pixels radius and more, within 2 % on straight borders.",
    ),
    (
        "longest_diameter",
        Kind::Length,
        |m| Some(m.shape.longest_diameter_px()),
        "The longest straight line between two points of the lesion.",
    ),
    (
        "across_diameter",
        Kind::Length,
        |m| Some(m.shape.across_diameter_px()),
        "The longest line at a right angle to the longest diameter, within the lesion's convex hull.",
    ),
    ("centroid_x", Kind::Place, |m| Some(m.shape.centroid[0]), "Centre of gravity, from the photo's left edge."),
    ("centroid_y", Kind::Place, |m| Some(m.shape.centroid[1]), "Centre of gravity, from the photo's upper edge."),
    (
        "major_axis",
        Kind::Length,
        |m| Some(m.shape.axes.major_px),
        "Length of the longer principal axis: that of the ellipse with the lesion's second moments.",
    ),
    ("minor_axis", Kind::Length, |m| Some(m.shape.axes.minor_px), "Length of the shorter principal axis."),
    (
        "major_axis_angle",
        Kind::Degrees,
        |m| Some(m.shape.axes.major_degrees),
        "Angle of the longer axis, clockwise from the photo's rightward direction; arbitrary where both are equal.",
    ),
    (
        "asymmetry_about_major_axis",
        Kind::Share,
        |m| Some(m.shape.asymmetry_about_major),
        "Share of the lesion that finds no lesion when folded over at the longer axis: 0 is symmetric.",
    ),
    (
        "asymmetry_about_minor_axis",
        Kind::Share,
        |m| Some(m.shape.asymmetry_about_minor),
        "Share of the lesion that finds no lesion when folded over at the shorter axis: 0 is symmetric.",
    ),
    (
        "border_irregularity",
        Kind::Ratio,
        |m| Some(m.shape.border_irregularity()),
        "Perimeter squared over 4 pi times area: 1 for a circle, more for a longer, uneven border.",
    ),
    ("border_band", Kind::Length, |m| Some(m.colours.band_px), "Width of the bands that the sectors compare."),
];

const COLOUR: [Entry; 2] = [
    (
        "colour_asymmetry_about_major_axis",
        Kind::DeltaE,
        |m| m.colours.asymmetry_about_major_delta_e,
        "Mean colour difference (CIE76) between a point and its mirror image at the longer axis, where both are lesion.",
    ),
    (
        "colour_asymmetry_about_minor_axis",
        Kind::DeltaE,
        |m| m.colours.asymmetry_about_minor_delta_e,
        "Mean colour difference (CIE76) between a point and its mirror image at the shorter axis, where both are lesion.",
    ),
];

const SECTOR: &str = "How abruptly the colour changes across the border in this eighth, counted clockwise from the right: difference \
                      (CIE76) between narrow bands inside and outside; empty where the lesion leaves the photo.";
const COLOUR_SHARE: &str = "Share of the lesion nearest to this colour of dermoscopy, by our own prototypes in CIELAB; \
                            from 0.05 on it counts as there.";

impl Measures {
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
    #[must_use]
    pub fn list(&self) -> Vec<Measurement> {
        entries(self.mm_per_px.is_some())
            .into_iter()
            .zip(self.values())
            .map(|((key, unit, explanation), value)| Measurement { key, value, unit, explanation })
            .collect()
    }

    fn values(&self) -> impl Iterator<Item = Option<f64>> + '_ {
        let listed = SHAPE.iter().chain(&COLOUR);
        listed
            .map(|(_, kind, read, _)| read(self).map(|value| value * kind.factor(self.mm_per_px)))
            .chain(self.colours.border_sectors_delta_e)
            .chain(self.colours.shares.map(Some))
    }

    /// The names of [`Self::list`] on a photo with or without a scale.
    #[must_use]
    pub fn keys(is_scaled: bool) -> Vec<String> {
        entries(is_scaled).into_iter().map(|(key, _, _)| key).collect()
    }
}

fn entries(is_scaled: bool) -> Vec<(String, &'static str, &'static str)> {
    let listed = SHAPE.iter().chain(&COLOUR).map(|(name, kind, _, explanation)| {
        let (ending, unit) = kind.unit(is_scaled);
        (format!("{name}{ending}"), unit, *explanation)
    });
    let sectors = (1..=SECTORS).map(|sector| (format!("border_sector_{sector}_delta_e"), "ΔE", SECTOR));
    let colours = NAMED_COLOURS.iter().map(|colour| (format!("colour_{}_share", colour.key), "", COLOUR_SHARE));
    listed.chain(sectors).chain(colours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    fn square(mm_per_px: Option<f64>) -> Measures {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        Measures::of(&photo, &mask, mm_per_px).expect("it is drawn")
    }

    fn value(measures: &Measures, key: &str) -> f64 {
        let found = measures.list().into_iter().find(|found| found.key == key);
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
        let endings = |measures: &Measures, ending: &str| {
            let of_place = |key: &str| key.starts_with("centroid");
            measures.list().iter().filter(|found| found.key.ends_with(ending) && !of_place(&found.key)).count()
        };
        let (bare, scaled) = (square(None), square(Some(0.1)));
        assert_eq!(endings(&scaled, "_px"), 0);
        assert_eq!(endings(&bare, "_mm") + endings(&bare, "_mm2"), 0);
        assert_eq!(endings(&bare, "_px"), endings(&scaled, "_mm") + endings(&scaled, "_mm2"));
    }

    #[test]
    fn every_figure_has_its_own_name_and_is_explained() {
        let list = square(None).list();
        let keys: std::collections::HashSet<&str> = list.iter().map(|found| found.key.as_str()).collect();
        assert_eq!((keys.len(), list.len()), (29, 29));
        assert!(list.iter().all(|found| found.explanation.ends_with('.')));
        assert_eq!(Measures::keys(false), list.iter().map(|found| found.key.clone()).collect::<Vec<_>>());
    }
}
