//! The side panel's section of the lesion: its lengths and areas, the scale, and what is drawn of them.

use eframe::egui::{self, RichText, Stroke, Ui, vec2};

use super::certainty::PENDING;
use super::context::ViewContext;
use super::figure_row::figure_row_ui;
use super::second_look;
use super::section::section_ui;
use super::widgets::{Segment, fact_row_ui, labelled_button_ui, segmented_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CorrectionChange;
use crate::app::command::change::MeasureChange;
use crate::app::icons;
use crate::app::model::measure::Measured;
use crate::app::model::scale::{Scale, ScaleSource};
use crate::app::model::sections::PanelSection;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Words;
use crate::measure::pixel_size::PixelSize;
use crate::measure::shape::Shape;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::surface_distances::SurfaceDistances;
use crate::measure::table::Measure;
use crate::{tr, words};

/// A length for a person, for a label on the photo: without its uncertainty.
pub(super) fn length_words(length_px: f64, scale: Option<Scale>) -> (String, &'static str) {
    let ShownFigure { value, unit, .. } = ShownFigure::length(length_px, scale.map(Scale::pixel));
    (value, unit)
}

pub(super) fn lesion_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Lesion, &tr!(language, "lesion"), "");
    source_ui(ui, context);
    let current = &context.state.current;
    let (Some(photo), Some(derived)) = (&current.photo, &current.derived) else {
        ui.label(RichText::new(tr!(language, "no-result-yet")).color(theme::colours(ui).dim));
        return;
    };
    if derived.area_px > 0 {
        let photo_px = f64::from(photo.width()) * f64::from(photo.height());
        shape_ui(ui, context, current.measured.as_deref(), photo_px, is_open);
        second_look::second_look_taken_ui(ui, context);
    }
    if !is_open {
        return;
    }
    ui.add_space(GRID);
    scale_ui(ui, context);
    ui.add_space(GRID);
    mean_probability_ui(ui, context, tr!(language, "mean-probability-hint"));
    ui.add_space(GRID);
    ui.horizontal(|ui| {
        let measuring = &context.state.measuring;
        let (diameters, abcd) = (measuring.shows_diameters, measuring.shows_abcd);
        toggle_ui(ui, context, Action::ToggleDiameters, diameters);
        toggle_ui(ui, context, Action::ToggleAbcd, abcd);
    });
}

/// Which mask is the lesion, once there are two.
pub(super) fn source_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let Some(edited) = &context.state.current.edited else { return };
    let segments = [
        Segment {
            value: false,
            label: tr!(language, "correct-network"),
            hint: tr!(language, "correct-network-hint"),
            enabled: true,
        },
        Segment {
            value: true,
            label: tr!(language, "correct-edited"),
            hint: tr!(language, "correct-edited-hint"),
            enabled: true,
        },
    ];
    if let Some(is_used) = segmented_ui(ui, &segments, edited.is_used) {
        context.send(CorrectionChange::UseEdited(is_used));
    }
    ui.add_space(GRID);
}

/// The figures of the largest region, all or those looked at most; of the outline before while the new one is measured.
/// They have the names and the units that they have on a report's page.
fn shape_ui(ui: &mut Ui, context: &ViewContext<'_>, measured: Option<&Measured>, photo_px: f64, has_all: bool) {
    let language = context.language();
    let pixel = context.state.scale().map(Scale::pixel);
    let shape = measured.and_then(|measured| measured.shape.as_ref());
    let row = |ui: &mut Ui, name: Option<Words>, hint: String, figure: Option<ShownFigure>| {
        let name = name.map(|name| name.said_in(language)).unwrap_or_default();
        let figure = figure.unwrap_or_else(|| ShownFigure::of(PENDING.to_owned(), ""));
        figure_row_ui(ui, &name, &figure, &hint, language);
    };
    let band = context.state.confidence().and_then(|confidence| confidence.band);
    let figures = [
        (Measure::Area, tr!(language, "lesion-area-hint")),
        (Measure::LongestDiameter, tr!(language, "lesion-longest-hint")),
        (Measure::AcrossDiameter, tr!(language, "lesion-across-hint")),
        (Measure::Perimeter, tr!(language, "lesion-perimeter-hint")),
    ];
    for (measure, hint) in figures.into_iter().take(if has_all { 4 } else { 3 }) {
        let figure = shape.and_then(|shape| figure_of(shape, measure, pixel));
        let figure = figure.map(|figure| match &band {
            Some(band) => band.about(measure, figure, pixel),
            None => figure,
        });
        row(ui, measure.words(), hint, figure);
    }
    let share = shape.map(|shape| ShownFigure::of(format!("{:.1}", shape.area_px / photo_px * 100.0), "%"));
    if has_all {
        row(ui, Some(words!("share-of-photo")), tr!(language, "lesion-share-hint"), share);
    }
    if let Some(measured) = measured.filter(|measured| measured.regions > 1) {
        let words = tr!(language, "figures-of-largest", regions = measured.regions);
        let small = RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim);
        ui.label(small).on_hover_text(tr!(language, "lesion-regions-hint"));
    }
}

/// An area or a length of the shape, as people read it.
fn figure_of(shape: &Shape, measure: Measure, pixel: Option<PixelSize>) -> Option<ShownFigure> {
    let length_px = match measure {
        Measure::Area => return Some(ShownFigure::area(shape.area_px, pixel)),
        Measure::LongestDiameter => shape.longest_diameter_px(),
        Measure::AcrossDiameter => shape.across_diameter_px(),
        Measure::Perimeter => shape.perimeter_px,
        _ => return None,
    };
    Some(ShownFigure::length(length_px, pixel))
}

/// A button that stays down.
pub(super) fn toggle_ui(ui: &mut Ui, context: &mut ViewContext<'_>, action: Action, is_on: bool) {
    let language = context.language();
    let label = action.label(language);
    let colours = theme::colours(ui);
    let (fill, text) = if is_on { (colours.accent, colours.on_accent) } else { (colours.raised, colours.text) };
    let button = egui::Button::new(RichText::new(&label).color(text))
        .fill(fill)
        .stroke(Stroke::new(1.0, colours.hairline))
        .min_size(vec2(0.0, 32.0));
    let response = ui.add(button);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_on, &label));
    if response.on_hover_text(context.hint(action)).clicked() {
        context.send(action);
    }
}

pub(super) fn scale_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let scale = context.state.scale();
    let source = match scale {
        Some(scale) => {
            let value = format!("{:.4}", scale.mm_per_px);
            fact_row_ui(ui, &tr!(language, "scale"), &value, "mm/px")
                .on_hover_text(tr!(language, "scale-uncertainty-hint"));
            let source = match scale.source {
                ScaleSource::File | ScaleSource::Given => tr!(language, "scale-from-file"),
                ScaleSource::Photo => tr!(language, "scale-of-photo"),
                ScaleSource::Folder => tr!(language, "scale-of-folder"),
            };
            match scale.relative_uncertainty {
                Some(relative) => tr!(language, "scale-known-to", source = source, percent = per_cent(relative)),
                None => source,
            }
        }
        None => tr!(language, "scale-none"),
    };
    ui.horizontal(|ui| {
        let calibrate = labelled_button_ui(ui, icons::RULER, &Action::Calibrate.label(language));
        if calibrate.on_hover_text(context.hint(Action::Calibrate)).clicked() {
            context.send(Action::Calibrate);
        }
        if scale.is_some_and(|scale| scale.source != ScaleSource::File) {
            let remove = labelled_button_ui(ui, icons::X, &tr!(language, "scale-remove"));
            if remove.on_hover_text(tr!(language, "scale-remove-hint")).clicked() {
                context.send(Command::Measure(MeasureChange::RemoveScale));
            }
        }
    });
    ui.label(RichText::new(source).size(theme::SIZE_SMALL).color(dim));
    calibrated_ui(ui, context);
}

/// A share in per cent, for a person.
pub(super) fn per_cent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// By whom and when the scale was calibrated, and whether that is in the records.
fn calibrated_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let Some(photo) = &context.state.current.photo else { return };
    let measuring = &context.state.measuring;
    let colours = theme::colours(ui);
    if let Some(known) = measuring.scales.calibration_of(photo) {
        let when = names::moment(known.made);
        let words = match known.reviewer.as_str() {
            "" => tr!(language, "scale-calibrated", when = when),
            who => tr!(language, "scale-calibrated-by", who = who, when = when),
        };
        ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(colours.dim));
    }
    let Some(unsaved) = measuring.unsaved.iter().find(|unsaved| unsaved.is_about(photo)) else { return };
    let words = RichText::new(tr!(language, "scale-unkept")).size(theme::SIZE_SMALL).color(colours.failure);
    ui.label(words).on_hover_text(unsaved.reason.said_in(language));
    if labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "scale-keep-again")).clicked() {
        context.send(Command::Measure(MeasureChange::SaveAgain));
    }
}

/// How far the border lies from the reference's: rows for the section of agreement.
pub(super) fn distances_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let scale = context.state.scale();
    let Some(measured) = &context.state.current.measured else { return };
    let of = |read: fn(&SurfaceDistances) -> f64| match &measured.distances {
        Some(Ok(found)) => Some(ShownFigure::distance(read(found), scale.map(Scale::pixel))),
        Some(Err(_)) => Some(ShownFigure::of("–".to_owned(), "")),
        None => None,
    };
    for (name, hint, figure) in [
        ("HD", tr!(language, "distance-hd-hint"), of(|found| found.hd_px)),
        ("HD95", tr!(language, "distance-hd95-hint"), of(|found| found.hd95_px)),
        ("ASSD", tr!(language, "distance-assd-hint"), of(|found| found.assd_px)),
    ] {
        let figure = figure.unwrap_or_else(|| ShownFigure::of(PENDING.to_owned(), ""));
        fact_row_ui(ui, name, &figure.value, figure.unit).on_hover_text(hint);
    }
}

/// How sure the network is of what it marks; nothing for a mask that a person made.
pub(super) fn mean_probability_ui(ui: &mut Ui, context: &ViewContext<'_>, hint: String) {
    let current = &context.state.current;
    let derived = current.derived.as_ref().filter(|derived| derived.edited.is_none());
    if let (Some(derived), Some(_)) = (derived, &current.segmentation) {
        let value = derived.mean_probability.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.2}"));
        let language = context.language();
        fact_row_ui(ui, &tr!(language, "mean-probability-inside"), &value, "").on_hover_text(hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_areas_are_all_in_millimetres_or_all_in_pixels() {
        let stated = Some(Scale::stated(0.02, ScaleSource::File));
        let drawn = Some(Scale { mm_per_px: 0.02, relative_uncertainty: Some(0.008), source: ScaleSource::Photo });
        assert_eq!(length_words(425.4, None), ("425".to_owned(), "px"));
        assert_eq!(length_words(425.4, stated), ("8.51".to_owned(), "mm"));
        assert_eq!(length_words(425.4, drawn), ("8.5".to_owned(), "mm"));
    }
}
