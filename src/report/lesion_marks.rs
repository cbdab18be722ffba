//! What the large picture has on it: outlines, both diameters, the border's sectors with their numbers, and a bar of a round
//! length.

use std::f64::consts::{FRAC_PI_4, FRAC_PI_8};

use super::content::{Figures, PhotoReport};
use super::ink::LineStyle;
use super::photo_canvas::PhotoCanvas;
use super::style::{ON_PHOTO, SECTOR_NUMBER};
use crate::geometry::area::Area;
use crate::geometry::contour::Outline;
use crate::measure::colours::SECTORS;
use crate::measure::diameters::LineSegment;
use crate::measure::lesion_measures::LesionMeasures;
use crate::measure::shown_figure::round_length;
use crate::measure::table::Measure;
use crate::overlay::palette;

/// The outline that the figures are of.
pub(super) const OUTLINE: LineStyle = LineStyle::new(palette::PREDICTION, 1.3);
/// The band about it; its width is that of the sample in the legend.
pub(super) const BAND: LineStyle = LineStyle { width: 5.0, opacity: 0.45, ..OUTLINE };
pub(super) const REFERENCE: LineStyle = LineStyle::new(palette::REFERENCE, 1.3);
/// Both diameters are white, which stands off from both outlines.
pub(super) const LONGEST: LineStyle = LineStyle::new([255; 3], 1.1);
pub(super) const ACROSS: LineStyle = LineStyle { dash: Some(3.0), ..LONGEST };
/// Between two sectors.
pub(super) const SECTOR: LineStyle = LineStyle { width: 0.7, opacity: 0.75, ..LONGEST };

/// Half the length of the tick at a diameter's end.
const TICK: f32 = 3.5;
/// From the border to the middle of a sector's number.
const NUMBER_GAP: f32 = 11.0;

/// Draws all of it; labels last, so that no line runs over one.
pub(super) fn draw(canvas: &mut PhotoCanvas<'_, '_>, report: &PhotoReport<'_>) {
    canvas.image(&report.picture.close_up);
    if let Some(band) = report.confidence.and_then(|found| found.band.as_ref()) {
        canvas.band(band, BAND);
    }
    if let Some((reference, _)) = report.reference {
        canvas.outlines(reference, REFERENCE);
    }
    canvas.outlines(report.outlines, OUTLINE);
    if let Some(measures) = &report.figures.measures {
        let border = border_of(measures.bounds, report.outlines);
        sector_lines(canvas, measures, border);
        let diameters = measures.shape.diameters;
        diameter(canvas, diameters.across, ACROSS);
        diameter(canvas, diameters.longest, LONGEST);
        scale_bar(canvas, report.figures);
        sector_numbers(canvas, measures, border);
        for (line, measure) in
            [(diameters.longest, Measure::LongestDiameter), (diameters.across, Measure::AcrossDiameter)]
        {
            let words = measures.measurement(measure).shown().map(|shown| shown.short()).unwrap_or_default();
            diameter_label(canvas, line, &words);
        }
    } else {
        scale_bar(canvas, report.figures);
    }
}

/// The line around the region that is measured: the one whose bounds are nearest to the region's.
fn border_of(bounds: Area, outlines: &[Outline]) -> &[[f32; 2]] {
    let wanted = [bounds.left, bounds.top, bounds.right, bounds.bottom].map(|side| side as f32);
    let apart = |outline: &&Outline| -> f32 {
        let ends = |axis: usize| {
            let values = outline.iter().map(|point| point[axis]);
            values.fold([f32::MAX, f32::MIN], |[least, most], value| [least.min(value), most.max(value)])
        };
        let ([left, right], [top, bottom]) = (ends(0), ends(1));
        [left, top, right, bottom].iter().zip(wanted).map(|(found, wanted)| (found - wanted).abs()).sum()
    };
    outlines.iter().min_by(|one, other| apart(one).total_cmp(&apart(other))).map_or(&[], Vec::as_slice)
}

/// How far from `centre` in direction `[x, y]` the line is met last.
fn reach(border: &[[f32; 2]], centre: [f64; 2], [x, y]: [f64; 2]) -> Option<f64> {
    let sides = border.iter().zip(border.iter().cycle().skip(1));
    let hits = sides.filter_map(|(from, to)| {
        let [from, to] = [from, to].map(|point| point.map(f64::from));
        let (side, start) = ([to[0] - from[0], to[1] - from[1]], [from[0] - centre[0], from[1] - centre[1]]);
        let turn = x * side[1] - y * side[0];
        let along = (start[0] * side[1] - start[1] * side[0]) / turn;
        let place = (start[0] * y - start[1] * x) / turn;
        (turn != 0.0 && along > 0.0 && (0.0..=1.0).contains(&place)).then_some(along)
    });
    hits.reduce(f64::max)
}

/// The page's point on the border in direction `turn`, moved outwards by `points`.
fn on_border(
    canvas: &PhotoCanvas<'_, '_>,
    measures: &LesionMeasures,
    border: &[[f32; 2]],
    turn: f64,
    points: f64,
) -> Option<[f32; 2]> {
    let (centre, way) = (measures.shape.centroid, [turn.cos(), turn.sin()]);
    let along = reach(border, centre, way)? + points / canvas.frame.points_per_px();
    Some(canvas.frame.at([centre[0] + along * way[0], centre[1] + along * way[1]]))
}

/// Lines across the border where one sector ends and the next begins.
fn sector_lines(canvas: &mut PhotoCanvas<'_, '_>, measures: &LesionMeasures, border: &[[f32; 2]]) {
    for sector in 0..SECTORS {
        let turn = sector as f64 * FRAC_PI_4;
        let ends = [-9.0, 9.0].map(|points| on_border(canvas, measures, border, turn, points));
        if let [Some(from), Some(to)] = ends {
            canvas.line([from, to], SECTOR);
        }
    }
}

/// The number of each sector, outside its middle.
fn sector_numbers(canvas: &mut PhotoCanvas<'_, '_>, measures: &LesionMeasures, border: &[[f32; 2]]) {
    for sector in 0..SECTORS {
        let turn = sector as f64 * FRAC_PI_4 + FRAC_PI_8;
        // Outside where there is room; else inside, beside the border.
        let gap = f64::from(NUMBER_GAP);
        let centres: Vec<[f32; 2]> = [gap, -gap, -2.0 * gap]
            .into_iter()
            .filter_map(|points| on_border(canvas, measures, border, turn, points))
            .collect();
        canvas.label(&(sector + 1).to_string(), &centres, SECTOR_NUMBER);
    }
}

/// A line with a tick across each end.
fn diameter(canvas: &mut PhotoCanvas<'_, '_>, line: LineSegment, style: LineStyle) {
    let ends = line.map(|point| canvas.frame.at(point));
    canvas.line(ends, style);
    let [x, y] = along(ends);
    for [end_x, end_y] in ends {
        let tick = [-TICK, TICK].map(|half| [end_x - y * half, end_y + x * half]);
        canvas.line(tick, LineStyle { dash: None, ..style });
    }
}

/// Its length, beyond an end or beside the line near one.
fn diameter_label(canvas: &mut PhotoCanvas<'_, '_>, line: LineSegment, words: &str) {
    let ends = line.map(|point| canvas.frame.at(point));
    let [x, y] = along(ends);
    let beyond = |[end_x, end_y]: [f32; 2], way: f32, by: f32, aside: f32| {
        [end_x + way * x * by - y * aside, end_y + way * y * by + x * aside]
    };
    let mut centres = Vec::new();
    // Its middle lies so far beyond the end that the label begins after the tick.
    let half = canvas.label_size(words, ON_PHOTO).map(|side| side / 2.0);
    let clear = TICK + 2.0 + half[0] * x.abs() + half[1] * y.abs();
    for (by, aside) in [(clear, 0.0), (clear + 8.0, 0.0), (6.0, 24.0), (6.0, -24.0), (-26.0, 24.0), (-26.0, -24.0)]
    {
        centres.push(beyond(ends[0], -1.0, by, aside));
        centres.push(beyond(ends[1], 1.0, by, aside));
    }
    canvas.label(words, &centres, ON_PHOTO);
}

/// Unit vector from the first end to the second.
fn along([from, to]: [[f32; 2]; 2]) -> [f32; 2] {
    let [x, y] = [to[0] - from[0], to[1] - from[1]];
    let length = x.hypot(y).max(f32::EPSILON);
    [x / length, y / length]
}

fn scale_bar(canvas: &mut PhotoCanvas<'_, '_>, figures: &Figures) {
    let (points_per_unit, unit) = match figures.mm_per_px() {
        Some(mm_per_px) => (canvas.frame.points_per_px() / mm_per_px, "mm"),
        None => (canvas.frame.points_per_px(), "px"),
    };
    let width = f64::from(canvas.frame.place[2]);
    let length = bar_length(width / points_per_unit, unit);
    canvas.scale_bar((length * points_per_unit) as f32, &format!("{length} {unit}"));
}

/// The bar's length in a picture that is `across` wide: 5 mm where that can be seen and leaves room, else the longest of 1,
/// 2 and 5 times a power of ten up to a third of the picture.
fn bar_length(across: f64, unit: &str) -> f64 {
    if unit == "mm" && (0.06..=0.6).contains(&(5.0 / across)) {
        return 5.0;
    }
    round_length(across / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(left: f32, top: f32, side: f32) -> Outline {
        vec![[left, top], [left + side, top], [left + side, top + side], [left, top + side]]
    }

    #[test]
    fn the_border_is_that_of_the_measured_region() {
        let outlines = [square(0.0, 0.0, 90.0), square(100.0, 0.0, 20.0), square(105.0, 5.0, 4.0)];
        let bounds = Area { left: 100, top: 0, right: 120, bottom: 20 };
        assert_eq!(border_of(bounds, &outlines), outlines[1]);
        assert!(border_of(bounds, &[]).is_empty());
    }

    #[test]
    fn a_ray_reaches_the_last_crossing() {
        let notched = [[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [6.0, 5.0], [10.0, 6.0], [10.0, 10.0], [0.0, 10.0]];
        assert_eq!(reach(&notched, [5.0, 5.0], [1.0, 0.0]), Some(1.0));
        assert_eq!(reach(&notched, [5.0, 5.0], [-1.0, 0.0]), Some(5.0));
        assert_eq!(reach(&notched, [5.0, 50.0], [1.0, 0.0]), None);
    }

    #[test]
    fn the_bar_is_five_millimetres_where_that_can_be() {
        let lengths = [(18.0, "mm"), (60.0, "mm"), (6.0, "mm"), (300.0, "mm"), (900.0, "px"), (1536.0, "px")]
            .map(|(across, unit)| bar_length(across, unit));
        assert_eq!(lengths, [5.0, 5.0, 2.0, 100.0, 200.0, 500.0]);
    }
}
