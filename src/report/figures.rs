//! The rows of a report's tables: a name to be said in the report's language, the figure as people write it, its unit.
//! Every figure stands in the JSON row too, under the key that it is made from here.

use super::content::{Agreement, Figures};
use crate::language::Words;
use crate::measure::colours::PRESENT_SHARE;
use crate::measure::lesion_measures::{LesionMeasures, Measurement};
use crate::measure::shown_figure::ShownFigure;
use crate::measure::table::MeasureGroup;
use crate::measure::vessels::VesselMeasures;
use crate::provenance::MaskSource;
use crate::records::{Review, ReviewState, Scale};
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
    fn new(name: Words, figure: &ShownFigure) -> Self {
        Self { name, value: figure.number(), unit: figure.unit, is_faint: false }
    }
}

/// Stands where a figure is not defined for this lesion.
const NONE: &str = "–";

/// Shape: area, lengths, axes, asymmetry.
pub(super) fn shape(figures: &Figures) -> Vec<FigureRow> {
    of_group(figures, MeasureGroup::Shape)
}

/// The figures of vessels.
pub(super) fn vessels(figures: &Figures) -> Vec<FigureRow> {
    let found = figures.vessels.into_iter().flat_map(VesselMeasures::list);
    found
        .map(|figure| {
            let shown = figure.shown().unwrap_or_else(|| ShownFigure::of(NONE.to_owned(), ""));
            FigureRow::new(figure.measure.words(), &shown)
        })
        .collect()
}

/// Asymmetry of colour, and how abruptly the border ends in each eighth.
pub(super) fn border(figures: &Figures) -> Vec<FigureRow> {
    of_group(figures, MeasureGroup::Border)
}

/// The share of each named colour, in per cent.
pub(super) fn colours(figures: &Figures) -> Vec<FigureRow> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    let of_colour = |(name, found): (Words, Measurement)| {
        let is_faint = found.value.unwrap_or_default() < PRESENT_SHARE;
        FigureRow { is_faint, ..row(name, &found) }
    };
    group(measures, MeasureGroup::Colours).map(of_colour).collect()
}

/// Agreement with the reference, and why there is no distance where there is none.
pub(super) fn agreement(agreement: &Agreement, scale: Option<Scale>) -> (Vec<FigureRow>, Option<Words>) {
    let counts = &agreement.counts;
    let shares = [
        (words!("report-dice"), counts.dice()),
        (words!("report-iou"), counts.iou()),
        (words!("report-sensitivity"), counts.sensitivity()),
        (words!("report-specificity"), counts.specificity()),
        (words!("report-accuracy"), counts.accuracy()),
    ];
    let bare = |(name, value): (Words, f64)| FigureRow::new(name, &ShownFigure::of(format!("{value:.3}"), ""));
    let mut rows: Vec<FigureRow> = shares.into_iter().map(bare).collect();
    if let Some(cldice) = agreement.centre_line_dice {
        rows.push(bare((words!("report-cldice"), cldice)));
        return (rows, Some(words!("within-field-of-view")));
    }
    let px = match &agreement.distances {
        Ok(px) => px,
        Err(_) => return (rows, Some(words!("report-no-distance"))),
    };
    for (name, value) in
        [(words!("report-hd"), px.hd_px), (words!("report-hd95"), px.hd95_px), (words!("report-assd"), px.assd_px)]
    {
        rows.push(FigureRow::new(name, &ShownFigure::distance(value, scale.map(Scale::pixel))));
    }
    (rows, None)
}

/// A share of the agreement that can be expected.
pub(super) fn expected(name: Words, value: f64) -> FigureRow {
    FigureRow::new(name, &ShownFigure::of(format!("{value:.2}"), ""))
}

fn of_group(figures: &Figures, of: MeasureGroup) -> Vec<FigureRow> {
    let Some(measures) = &figures.measures else { return Vec::new() };
    group(measures, of).map(|(name, found)| row(name, &found)).collect()
}

/// The figures of a table, each with its name.
fn group(measures: &LesionMeasures, group: MeasureGroup) -> impl Iterator<Item = (Words, Measurement)> + '_ {
    let of_group = measures.list().filter(move |found| found.measure.group() == group);
    of_group.filter_map(|found| Some((found.measure.words()?, found)))
}

fn row(name: Words, found: &Measurement) -> FigureRow {
    FigureRow::new(name, &found.shown().unwrap_or_else(|| ShownFigure::of(NONE.to_owned(), "")))
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
    use crate::records::ScaleSource;

    #[test]
    fn every_measure_has_its_row() {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        for scale in [None, Some(Scale::stated(0.1, ScaleSource::Photo))] {
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
            assert_eq!((shape(&figures).len(), border(&figures).len(), colours(&figures).len()), (12, 10, 8));
        }
    }

    #[test]
    fn a_known_scale_changes_value_and_unit_together() {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let inside = |index: usize| (20..40).contains(&(index % 60)) && (10..30).contains(&(index / 60));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from(inside(index))).collect());
        let area = |mm_per_px: Option<f64>| {
            let scale = mm_per_px.map(|mm_per_px| Scale::stated(mm_per_px, ScaleSource::File));
            let row = shape(&Figures::of(&photo, &mask, None, scale)).remove(0);
            format!("{} {}", row.value, row.unit)
        };
        assert_eq!([area(None), area(Some(0.1))], ["400 px²", "4.0 mm²"]);
    }
}
