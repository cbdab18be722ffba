//! The rows of a report's tables: a name to be said in the report's language, the figure as people write it, its unit.
//! Every figure stands in the JSON row too, under the key that it is made from here.

use super::content::{Agreement, Figures};
use crate::language::Words;
use crate::measure::colours::PRESENT_SHARE;
use crate::measure::lesion_measures::{LesionMeasures, Measurement};
use crate::measure::table::{Measure, MeasureGroup};
use crate::provenance::MaskSource;
use crate::records::{Review, ReviewState};
use crate::words;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FigureRow {
    pub(super) name: Words,
    pub(super) value: String,
    pub(super) unit: &'static str,
    /// Less than what counts as there.
    pub(super) is_faint: bool,
}

impl FigureRow {
    fn new(name: Words, value: String, unit: &'static str) -> Self {
        Self { name, value, unit, is_faint: false }
    }
}

/// Stands where a figure is not defined for this lesion.
const NONE: &str = "–";

/// Shape: area, lengths, axes, asymmetry.
pub(super) fn shape(figures: &Figures) -> Vec<FigureRow> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    let mut rows: Vec<FigureRow> =
        group(measures, MeasureGroup::Shape).map(|(name, found)| row(name, &found)).collect();
    rows.push(FigureRow::new(words!("report-parts"), measures.parts.to_string(), ""));
    rows
}

/// Asymmetry of colour, and how abruptly the border ends in each eighth.
pub(super) fn border(figures: &Figures) -> Vec<FigureRow> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    group(measures, MeasureGroup::Border).map(|(name, found)| row(name, &found)).collect()
}

/// The share of each named colour, in per cent.
pub(super) fn colours(figures: &Figures) -> Vec<FigureRow> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    group(measures, MeasureGroup::Colours)
        .map(|(name, found)| {
            let share = found.value.unwrap_or_default();
            FigureRow { name, value: format!("{:.1}", share * 100.0), unit: "%", is_faint: share < PRESENT_SHARE }
        })
        .collect()
}

/// Agreement with the reference, and why there is no distance where there is none.
pub(super) fn agreement(agreement: &Agreement, mm_per_px: Option<f64>) -> (Vec<FigureRow>, Option<Words>) {
    let counts = &agreement.counts;
    let shares = [
        (words!("report-dice"), counts.dice()),
        (words!("report-iou"), counts.iou()),
        (words!("report-sensitivity"), counts.sensitivity()),
        (words!("report-specificity"), counts.specificity()),
        (words!("report-accuracy"), counts.accuracy()),
    ];
    let mut rows: Vec<FigureRow> =
        shares.into_iter().map(|(name, value)| FigureRow::new(name, format!("{value:.3}"), "")).collect();
    let px = match &agreement.distances {
        Ok(px) => px,
        Err(_) => return (rows, Some(words!("report-no-distance"))),
    };
    let (factor, unit, places) = mm_per_px.map_or((1.0, "px", 1), |scale| (scale, "mm", 2));
    for (name, value) in
        [(words!("report-hd"), px.hd_px), (words!("report-hd95"), px.hd95_px), (words!("report-assd"), px.assd_px)]
    {
        rows.push(FigureRow::new(name, format!("{:.places$}", value * factor), unit));
    }
    (rows, None)
}

/// The figures of a table, each with its name.
fn group(measures: &LesionMeasures, group: MeasureGroup) -> impl Iterator<Item = (Words, Measurement)> + '_ {
    let of_group = measures.list().filter(move |found| found.measure.group() == group);
    of_group.filter_map(|found| Some((found.measure.words()?, found)))
}

fn row(name: Words, found: &Measurement) -> FigureRow {
    let is_area_px = found.measure == Measure::Area && !found.is_scaled;
    let places = match (found.unit(), is_area_px) {
        ("px", true) => 0,
        ("mm" | "mm²", _) => 2,
        ("px" | "°" | "ΔE", _) => 1,
        _ => 3,
    };
    let value = found.value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.places$}"));
    let unit = if is_area_px { "px²" } else { found.unit() };
    FigureRow::new(name, value, unit)
}

/// What was decided, and whether on an outline that a person made.
pub(super) fn decision(review: Option<&Review>) -> Words {
    let (state, mask) = review.map(|review| (review.state, review.mask)).unwrap_or_default();
    let decision = match state {
        ReviewState::NotSeen => words!("report-not-seen"),
        ReviewState::Accepted => words!("report-accepted"),
        ReviewState::Rejected => words!("report-rejected"),
        ReviewState::Unsure => words!("report-unsure"),
    };
    match mask {
        MaskSource::Corrected => words!("report-decided-corrected", decision = decision),
        MaskSource::Drawn => words!("report-decided-drawn", decision = decision),
        MaskSource::Network | MaskSource::None => decision,
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
            let measures = figures.measures.as_ref().expect("it is drawn");
            let on_page = |found: &Measurement| {
                let groups = [MeasureGroup::Shape, MeasureGroup::Border, MeasureGroup::Colours];
                groups.iter().any(|of| group(measures, *of).any(|(_, shown)| shown.measure == found.measure))
            };
            let left_over: Vec<String> =
                measures.list().filter(|found| !on_page(found)).map(|found| found.key()).collect();
            // The width of the bands is a setting of the measure, not a measure of the lesion.
            assert_eq!(left_over, [if scale.is_some() { "border_band_mm" } else { "border_band_px" }]);
            assert_eq!((shape(&figures).len(), border(&figures).len(), colours(&figures).len()), (13, 10, 8));
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
