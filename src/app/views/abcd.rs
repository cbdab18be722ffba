//! The ABCD descriptors on the photo: both axes with their asymmetry, the border's eight sectors, the diameter.

use std::f32::consts::{FRAC_PI_4, FRAC_PI_8, TAU};

use eframe::egui::{self, Painter, Pos2, Stroke, Vec2};

use super::context::ViewContext;
use super::labels::Labels;
use super::lesion::length_words;
use super::outline::colour;
use super::{diameters, marks};
use crate::app::model::geometry::Geometry;
use crate::measure::colours::{ColourShares, SECTORS};
use crate::measure::shape::Shape;
use crate::overlay::palette::{self, Rgb};
use crate::tr;

/// The colour difference at which a sector's colour ends its scale: beyond it a border is abrupt to every eye.
const MOST_DELTA_E: f64 = 20.0;

/// Width of the lit border.
const BORDER: f32 = 4.0;

/// The colour of a sector whose border changes by `delta_e`: darker is softer, brighter is sharper.
pub(super) fn sector_colour(delta_e: f64) -> Rgb {
    palette::heat((delta_e / MOST_DELTA_E) as f32)
}

/// Draws axes, sectors and diameter.
pub(super) fn paint(painter: &Painter, context: &ViewContext<'_>, size: [u32; 2], geometry: &Geometry) {
    let (Some(measured), Some(derived)) = (context.state.current.fresh_measures(), &context.state.current.derived)
    else {
        return;
    };
    let Some(shape) = &measured.shape else { return };
    let border = marks::largest(geometry, size, &derived.outlines);
    let sides: Vec<[Pos2; 2]> = marks::sides(&border).collect();
    let centre = marks::on_screen(geometry, size, shape.centroid);
    let mut labels = diameters::labels(context, geometry, size);
    let axes = axes(shape, geometry, size, &sides, centre);
    let diameter = shape.diameters.longest.map(|point| marks::on_screen(geometry, size, point));
    for ends in axes.iter().chain([&diameter]) {
        labels.avoid(*ends);
    }
    if let Some(colours) = &measured.colours {
        paint_sectors(painter, colours, &border, &sides, centre);
    }
    for ends in axes {
        marks::dashes(painter, ends, 1.5, marks::LINE);
    }
    marks::dimension(painter, diameter, 1.5, colour(palette::PREDICTION));
    write_labels(painter, context, &mut labels, measured.colours.as_ref(), shape, &axes, diameter);
    if let Some(colours) = &measured.colours {
        write_sectors(painter, &mut labels, colours, &sides, centre);
    }
}

/// Both principal axes, from border to border and a little beyond.
fn axes(shape: &Shape, geometry: &Geometry, size: [u32; 2], sides: &[[Pos2; 2]], centre: Pos2) -> [[Pos2; 2]; 2] {
    let [x, y] = shape.axes.direction().map(|value| value as f32);
    let per_px = geometry.points_per_px(size);
    let own = [shape.axes.major_px, shape.axes.minor_px].map(|length| length as f32 * per_px / 2.0);
    [(Vec2::new(x, y), own[0]), (Vec2::new(-y, x), own[1])].map(|(along, own)| {
        [-along, along].map(|way| centre + way * (marks::reach(sides, centre, way).unwrap_or(own) + 14.0))
    })
}

fn sector_of(point: Pos2, centre: Pos2) -> usize {
    let turn = (point - centre).angle().rem_euclid(TAU);
    ((turn / FRAC_PI_4) as usize).min(SECTORS - 1)
}

/// The border of each sector in its colour, and the lines that part them.
fn paint_sectors(painter: &Painter, colours: &ColourShares, border: &[Pos2], sides: &[[Pos2; 2]], centre: Pos2) {
    for sector in 0..SECTORS {
        let way = Vec2::angled(sector as f32 * FRAC_PI_4);
        let reach = marks::reach(sides, centre, way).unwrap_or_default();
        let spoke = [centre + way * reach * 0.55, centre + way * (reach + 8.0)];
        marks::line(painter, spoke, 1.0, marks::LINE.gamma_multiply(0.55));
    }
    let halo = marks::halo(BORDER);
    let mut runs: Vec<(usize, Vec<Pos2>)> = Vec::new();
    for &point in border.iter().chain(border.first()) {
        let sector = sector_of(point, centre);
        match runs.last_mut() {
            Some((last, run)) if *last == sector => run.push(point),
            Some((_, run)) => {
                // The next run begins where this one ends, so that no gap is left.
                let joint = run.last().copied().unwrap_or(point);
                runs.push((sector, vec![joint, point]));
            }
            None => runs.push((sector, vec![point])),
        }
    }
    for (_, run) in &runs {
        painter.add(egui::Shape::line(run.clone(), halo));
    }
    for (sector, run) in runs {
        let lit = match colours.border_sectors_delta_e[sector] {
            Some(delta_e) => colour(sector_colour(delta_e)),
            None => marks::LINE.gamma_multiply(0.35),
        };
        painter.add(egui::Shape::line(run, Stroke::new(BORDER, lit)));
    }
}

fn write_labels(
    painter: &Painter,
    context: &ViewContext<'_>,
    labels: &mut Labels,
    colours: Option<&ColourShares>,
    shape: &Shape,
    axes: &[[Pos2; 2]; 2],
    diameter: [Pos2; 2],
) {
    let language = context.language();
    let (value, unit) = length_words(shape.longest_diameter_px(), context.state.scale());
    let asymmetries = [
        (shape.asymmetry_about_major, colours.and_then(|c| c.asymmetry_about_major_delta_e)),
        (shape.asymmetry_about_minor, colours.and_then(|c| c.asymmetry_about_minor_delta_e)),
    ];
    for (ends, (of_shape, of_colour)) in axes.iter().zip(asymmetries) {
        let colour = of_colour.map_or_else(|| "–".to_owned(), |delta_e| format!("{delta_e:.1} ΔE"));
        let words = tr!(language, "abcd-axis", shape = format!("{of_shape:.2}"), colour = colour);
        labels.write(painter, &format!("A  {words}"), ends[1], ends[1] - ends[0]);
    }
    labels.write(painter, &format!("D  {value} {unit}"), diameter[0], diameter[0] - diameter[1]);
}

fn write_sectors(
    painter: &Painter,
    labels: &mut Labels,
    colours: &ColourShares,
    sides: &[[Pos2; 2]],
    centre: Pos2,
) {
    for (sector, delta_e) in colours.border_sectors_delta_e.iter().enumerate() {
        let way = Vec2::angled(sector as f32 * FRAC_PI_4 + FRAC_PI_8);
        let Some(reach) = marks::reach(sides, centre, way) else { continue };
        let figure = delta_e.map_or_else(|| "–".to_owned(), |delta_e| format!("{delta_e:.0}"));
        labels.write(painter, &format!("B{}  {figure}", sector + 1), centre + way * reach, way);
    }
}
