//! The rows of a report's tables: a name in the reader's language, the figure as people write it, its unit. Every
//! figure stands in the JSON row too, under the key that it is made from here.

use super::{Agreement, Figures};
use crate::measure::colours::{NAMED_COLOURS, PRESENT_SHARE};
use crate::measure::measures::Measurement;
use crate::records::ReviewState;
use crate::tr;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) unit: &'static str,
    /// Less than what counts as there.
    pub(super) is_faint: bool,
}

impl Row {
    fn new(name: String, value: String, unit: &'static str) -> Self {
        Self { name, value, unit, is_faint: false }
    }
}

/// Stands where a figure is not defined for this lesion.
const NONE: &str = "–";

/// Shape: area, lengths, axes, asymmetry.
pub(super) fn shape(figures: &Figures) -> Vec<Row> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    let mut rows: Vec<Row> =
        measures.list().iter().filter_map(|found| Some(row(shape_name(&found.key)?, found))).collect();
    rows.push(Row::new(tr!("report-parts"), measures.parts.to_string(), ""));
    rows
}

/// Asymmetry of colour, and how abruptly the border ends in each eighth.
pub(super) fn border(figures: &Figures) -> Vec<Row> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    let list = measures.list();
    list.iter().filter_map(|found| Some(row(border_name(&found.key)?, found))).collect()
}

/// The share of each named colour, in per cent.
pub(super) fn colours(figures: &Figures) -> Vec<Row> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    let shares = NAMED_COLOURS.iter().zip(measures.colours.shares);
    shares
        .map(|(colour, share)| Row {
            name: colour_name(colour.key),
            value: format!("{:.1}", share * 100.0),
            unit: "%",
            is_faint: share < PRESENT_SHARE,
        })
        .collect()
}

/// Agreement with the reference, and why there is no distance where there is none.
pub(super) fn agreement(agreement: &Agreement, mm_per_px: Option<f64>) -> (Vec<Row>, Option<String>) {
    let counts = &agreement.counts;
    let shares = [
        (tr!("report-dice"), counts.dice()),
        (tr!("report-iou"), counts.iou()),
        (tr!("report-sensitivity"), counts.sensitivity()),
        (tr!("report-specificity"), counts.specificity()),
        (tr!("report-accuracy"), counts.accuracy()),
    ];
    let mut rows: Vec<Row> =
        shares.into_iter().map(|(name, value)| Row::new(name, format!("{value:.3}"), "")).collect();
    let px = match &agreement.distances {
        Ok(px) => px,
        Err(_) => return (rows, Some(tr!("report-no-distance"))),
    };
    let (factor, unit, places) = mm_per_px.map_or((1.0, "px", 1), |scale| (scale, "mm", 2));
    for (name, value) in
        [(tr!("report-hd"), px.hd_px), (tr!("report-hd95"), px.hd95_px), (tr!("report-assd"), px.assd_px)]
    {
        rows.push(Row::new(name, format!("{:.places$}", value * factor), unit));
    }
    (rows, None)
}

fn row(name: String, found: &Measurement) -> Row {
    let places = match (found.unit, found.key.as_str()) {
        ("px", "area_px") => 0,
        ("mm" | "mm²", _) => 2,
        ("px" | "°" | "ΔE", _) => 1,
        _ => 3,
    };
    let value = found.value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.places$}"));
    let unit = if found.key == "area_px" { "px²" } else { found.unit };
    Row::new(name, value, unit)
}

/// A measure's key without its unit.
fn bare(key: &str) -> &str {
    let endings = ["_mm2", "_mm", "_px", "_degrees", "_share", "_ratio", "_delta_e"];
    endings.iter().find_map(|ending| key.strip_suffix(ending)).unwrap_or(key)
}

fn shape_name(key: &str) -> Option<String> {
    Some(match bare(key) {
        "area" => tr!("report-area"),
        "perimeter" => tr!("report-perimeter"),
        "longest_diameter" => tr!("report-longest-diameter"),
        "across_diameter" => tr!("report-across-diameter"),
        "major_axis" => tr!("report-major-axis"),
        "minor_axis" => tr!("report-minor-axis"),
        "major_axis_angle" => tr!("report-axis-angle"),
        "asymmetry_about_major_axis" => tr!("report-asymmetry-major"),
        "asymmetry_about_minor_axis" => tr!("report-asymmetry-minor"),
        "border_irregularity" => tr!("report-irregularity"),
        "centroid_x" => tr!("report-centroid-x"),
        "centroid_y" => tr!("report-centroid-y"),
        _ => return None,
    })
}

fn border_name(key: &str) -> Option<String> {
    Some(match bare(key) {
        "colour_asymmetry_about_major_axis" => tr!("report-colour-asymmetry-major"),
        "colour_asymmetry_about_minor_axis" => tr!("report-colour-asymmetry-minor"),
        sector => {
            let number = sector.strip_prefix("border_sector_")?;
            tr!("report-border-sector", number = number)
        }
    })
}

fn colour_name(key: &str) -> String {
    match key {
        "white" => tr!("report-white"),
        "red" => tr!("report-red"),
        "light_brown" => tr!("report-light-brown"),
        "dark_brown" => tr!("report-dark-brown"),
        "blue_grey" => tr!("report-blue-grey"),
        _ => tr!("report-black"),
    }
}

/// What was decided, in a word.
pub(super) fn state_name(state: ReviewState) -> String {
    match state {
        ReviewState::NotSeen => tr!("report-not-seen"),
        ReviewState::Accepted => tr!("report-accepted"),
        ReviewState::Corrected => tr!("report-corrected"),
        ReviewState::Rejected => tr!("report-rejected"),
        ReviewState::Unsure => tr!("report-unsure"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Mask;
    use crate::photo::{Photo, PhotoSource};
    use crate::records::{Scale, ScaleSource};

    #[test]
    fn every_measure_has_its_row() {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        for scale in [None, Some(Scale { mm_per_px: 0.1, source: ScaleSource::Photo })] {
            let figures = Figures::of(&photo, &mask, Some(&mask), scale);
            let list = figures.measures.as_ref().expect("it is drawn").list();
            let left_over: Vec<&str> = list
                .iter()
                .map(|found| found.key.as_str())
                .filter(|key| {
                    shape_name(key).is_none() && border_name(key).is_none() && !key.starts_with("colour_")
                })
                .collect();
            // The width of the bands is a setting of the measure, not a measure of the lesion.
            assert_eq!(left_over, [if scale.is_some() { "border_band_mm" } else { "border_band_px" }]);
            assert_eq!((shape(&figures).len(), border(&figures).len(), colours(&figures).len()), (13, 10, 6));
        }
    }

    #[test]
    fn a_known_scale_changes_value_and_unit_together() {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        let area = |mm_per_px: Option<f64>| {
            let scale = mm_per_px.map(|mm_per_px| Scale { mm_per_px, source: ScaleSource::File });
            let row = shape(&Figures::of(&photo, &mask, None, scale)).remove(0);
            format!("{} {}", row.value, row.unit)
        };
        assert_eq!([area(None), area(Some(0.1))], ["400 px²", "4.00 mm²"]);
    }
}
