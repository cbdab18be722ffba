//! The rows of a report's tables: a name in the reader's language, the figure as people write it, its unit. Every
//! figure stands in the JSON row too, under the key that it is made from here.

use super::{Agreement, Figures};
use crate::measure::colours::PRESENT_SHARE;
use crate::measure::lesion_measures::{LesionMeasures, Measurement};
use crate::measure::table::{Measure, MeasureGroup};
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
    let mut rows: Vec<Row> = group(measures, MeasureGroup::Shape).map(|(name, found)| row(name, &found)).collect();
    rows.push(Row::new(tr!("report-parts"), measures.parts.to_string(), ""));
    rows
}

/// Asymmetry of colour, and how abruptly the border ends in each eighth.
pub(super) fn border(figures: &Figures) -> Vec<Row> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    group(measures, MeasureGroup::Border).map(|(name, found)| row(name, &found)).collect()
}

/// The share of each named colour, in per cent.
pub(super) fn colours(figures: &Figures) -> Vec<Row> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    group(measures, MeasureGroup::Colours)
        .map(|(name, found)| {
            let share = found.value.unwrap_or_default();
            Row { name, value: format!("{:.1}", share * 100.0), unit: "%", is_faint: share < PRESENT_SHARE }
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

/// The figures of a table, each with its name.
fn group(measures: &LesionMeasures, group: MeasureGroup) -> impl Iterator<Item = (String, Measurement)> + '_ {
    let of_group = measures.list().filter(move |found| found.measure.group() == group);
    of_group.filter_map(|found| Some((found.measure.words()?.to_string(), found)))
}

fn row(name: String, found: &Measurement) -> Row {
    let is_area_px = found.measure == Measure::Area && !found.is_scaled;
    let places = match (found.unit(), is_area_px) {
        ("px", true) => 0,
        ("mm" | "mm²", _) => 2,
        ("px" | "°" | "ΔE", _) => 1,
        _ => 3,
    };
    let value = found.value.map_or_else(|| NONE.to_owned(), |value| format!("{value:.places$}"));
    let unit = if is_area_px { "px²" } else { found.unit() };
    Row::new(name, value, unit)
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
            let measures = figures.measures.as_ref().expect("it is drawn");
            let on_page = |found: &Measurement| {
                let groups = [MeasureGroup::Shape, MeasureGroup::Border, MeasureGroup::Colours];
                groups.iter().any(|of| group(measures, *of).any(|(_, shown)| shown.measure == found.measure))
            };
            let left_over: Vec<String> =
                measures.list().filter(|found| !on_page(found)).map(|found| found.key()).collect();
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
