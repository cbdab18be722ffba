//! The side panel's section of the lesion: its lengths and areas, the scale, and what is drawn of them.

use eframe::egui::{self, RichText, Stroke, Ui, vec2};

use super::context::ViewContext;
use super::widgets::{Segment, fact_row_ui, grouped, heading_ui, labelled_button_ui, segmented_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CorrectionChange;
use crate::app::command::change::MeasureChange;
use crate::app::icons;
use crate::app::model::measure::Measured;
use crate::app::model::scale::{Scale, ScaleSource};
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::measure::shape::Shape;
use crate::measure::surface_distances::SurfaceDistances;
use crate::tr;

/// A length for a person: millimetres where the scale is known, else pixels.
pub(super) fn length_words(length_px: f64, scale: Option<Scale>) -> (String, &'static str) {
    match scale {
        Some(scale) => (format!("{:.2}", length_px * scale.mm_per_px), "mm"),
        None => (grouped(length_px.round() as u64), "px"),
    }
}

/// An area for a person.
fn area_words(area_px: f64, scale: Option<Scale>) -> (String, &'static str) {
    match scale {
        Some(scale) => (format!("{:.2}", area_px * scale.mm_per_px.powi(2)), "mm²"),
        None => (grouped(area_px.round() as u64), "px"),
    }
}

/// A distance between borders: a pixel of it matters more than of a diameter.
fn distance_words(distance_px: f64, scale: Option<Scale>) -> (String, &'static str) {
    match scale {
        Some(scale) => (format!("{:.2}", distance_px * scale.mm_per_px), "mm"),
        None => (format!("{distance_px:.1}"), "px"),
    }
}

/// What stands for a figure that is being measured.
const PENDING: &str = "…";

pub(super) fn lesion_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    heading_ui(ui, &tr!(language, "lesion"));
    source_ui(ui, context);
    let current = &context.state.current;
    let (Some(photo), Some(derived)) = (&current.photo, &current.derived) else {
        ui.label(RichText::new(tr!(language, "no-result-yet")).color(theme::colours(ui).dim));
        return;
    };
    if derived.area_px > 0 {
        shape_ui(ui, context, current.measured.as_deref());
    }
    let share = derived.area_px as f64 / (f64::from(photo.width()) * f64::from(photo.height())) * 100.0;
    fact_row_ui(ui, &tr!(language, "share-of-photo"), &format!("{share:.1}"), "%")
        .on_hover_text(tr!(language, "lesion-share-hint"));
    fact_row_ui(ui, &tr!(language, "regions"), &derived.regions.to_string(), "")
        .on_hover_text(tr!(language, "lesion-regions-hint"));
    if let Some(result) = current.segmentation.as_ref().filter(|_| derived.edited.is_none()) {
        let mean = mean_probability(&result.probability, derived.threshold);
        let value = mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.2}"));
        fact_row_ui(ui, &tr!(language, "mean-probability-inside"), &value, "")
            .on_hover_text(tr!(language, "mean-probability-hint"));
    }
    ui.add_space(GRID);
    ui.horizontal(|ui| {
        let measuring = &context.state.measuring;
        let (diameters, abcd) = (measuring.shows_diameters, measuring.shows_abcd);
        toggle_ui(ui, context, Action::ToggleDiameters, diameters);
        toggle_ui(ui, context, Action::ToggleAbcd, abcd);
    });
    ui.add_space(2.0 * GRID);
    scale_ui(ui, context);
}

/// Which mask is the lesion, once there are two.
fn source_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
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

/// The figures of the largest part; of the outline before while the new one is measured.
fn shape_ui(ui: &mut Ui, context: &ViewContext<'_>, measured: Option<&Measured>) {
    let language = context.language();
    let scale = context.state.scale();
    let shape = measured.and_then(|measured| measured.shape.as_ref());
    let row = |ui: &mut Ui, name: String, hint: String, words: Option<(String, &'static str)>| {
        let (value, unit) = words.unwrap_or((PENDING.to_owned(), ""));
        fact_row_ui(ui, &name, &value, unit).on_hover_text(hint);
    };
    let area = shape.map(|shape| area_words(shape.area_px, scale));
    row(ui, tr!(language, "area"), tr!(language, "lesion-area-hint"), area);
    let length = |read: fn(&Shape) -> f64| shape.map(|shape| length_words(read(shape), scale));
    row(
        ui,
        tr!(language, "lesion-perimeter"),
        tr!(language, "lesion-perimeter-hint"),
        length(|shape| shape.perimeter_px),
    );
    row(
        ui,
        tr!(language, "lesion-longest"),
        tr!(language, "lesion-longest-hint"),
        length(Shape::longest_diameter_px),
    );
    row(ui, tr!(language, "lesion-across"), tr!(language, "lesion-across-hint"), length(Shape::across_diameter_px));
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

fn scale_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let scale = context.state.scale();
    let source = match scale {
        Some(scale) => {
            let value = format!("{:.4}", scale.mm_per_px);
            fact_row_ui(ui, &tr!(language, "scale"), &value, "mm/px");
            match scale.source {
                ScaleSource::File | ScaleSource::Given => tr!(language, "scale-from-file"),
                ScaleSource::Photo => tr!(language, "scale-of-photo"),
                ScaleSource::Folder => tr!(language, "scale-of-folder"),
            }
        }
        None => tr!(language, "scale-none"),
    };
    ui.label(RichText::new(source).size(theme::SIZE_SMALL).color(dim));
    calibrated_ui(ui, context);
    ui.add_space(GRID);
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
        Some(Ok(found)) => Some(distance_words(read(found), scale)),
        Some(Err(_)) => Some(("–".to_owned(), "")),
        None => None,
    };
    for (name, hint, words) in [
        ("HD", tr!(language, "distance-hd-hint"), of(|found| found.hd_px)),
        ("HD95", tr!(language, "distance-hd95-hint"), of(|found| found.hd95_px)),
        ("ASSD", tr!(language, "distance-assd-hint"), of(|found| found.assd_px)),
    ] {
        let (value, unit) = words.unwrap_or((PENDING.to_owned(), ""));
        fact_row_ui(ui, name, &value, unit).on_hover_text(hint);
    }
}

/// Mean of the network's probabilities that reach `threshold`.
fn mean_probability(map: &crate::mask::ProbabilityMap, threshold: f32) -> Option<f32> {
    let inside: Vec<f32> = map.network_values().iter().copied().filter(|&p| p >= threshold).collect();
    (!inside.is_empty()).then(|| inside.iter().sum::<f32>() / inside.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_areas_are_all_in_millimetres_or_all_in_pixels() {
        let scale = Some(Scale { mm_per_px: 0.02, source: ScaleSource::Photo });
        assert_eq!(length_words(425.4, None), ("425".to_owned(), "px"));
        assert_eq!(length_words(425.4, scale), ("8.51".to_owned(), "mm"));
        assert_eq!(area_words(2500.0, scale), ("1.00".to_owned(), "mm²"));
        assert_eq!(distance_words(3.25, None), ("3.2".to_owned(), "px"));
        assert_eq!(distance_words(3.25, scale), ("0.07".to_owned(), "mm"));
    }
}
