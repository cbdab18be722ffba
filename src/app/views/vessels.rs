//! The side panel's section of the vessels of a retina, in the lesion's place: density, length and width, and the scale.

use eframe::egui::{RichText, Ui};

use super::certainty::PENDING;
use super::context::ViewContext;
use super::figure_row::figure_row_ui;
use super::lesion::{mean_probability_ui, scale_ui, source_ui};
use super::section::section_ui;
use super::widgets::fact_row_ui;
use crate::app::model::scale::Scale;
use crate::app::model::sections::PanelSection;
use crate::app::theme::{self, GRID};
use crate::inference::MaskMeaning;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::vessels::{VesselMeasure, VesselMeasures};
use crate::tr;

/// What stands for a figure that is not defined.
const NONE: &str = "–";

/// Figures that are read first, in a section that is folded.
const FIRST: usize = 3;

/// Share of the photograph from which on a field of view is no round part of it: photographs of a fundus have black corners.
const WHOLE: f64 = 0.95;

pub(super) fn vessels_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Lesion, &tr!(language, "vessels"), "");
    source_ui(ui, context);
    let current = &context.state.current;
    if current.derived.is_none() {
        ui.label(RichText::new(tr!(language, "no-result-yet")).color(theme::colours(ui).dim));
        return;
    }
    let measures = current.measured.as_ref().and_then(|measured| measured.vessels).map(|found| found.measures);
    figures_ui(ui, context, measures, is_open);
    purpose_ui(ui, context, measures);
    if !is_open {
        return;
    }
    ui.add_space(GRID);
    scale_ui(ui, context);
    ui.add_space(GRID);
    mean_probability_ui(ui, context, tr!(language, "mean-probability-vessels-hint"));
}

/// All figures, or those looked at most; of the outline before while the new one is measured.
fn figures_ui(ui: &mut Ui, context: &ViewContext<'_>, measures: Option<VesselMeasures>, has_all: bool) {
    let language = context.language();
    let pixel = context.state.scale().map(Scale::pixel);
    let count = if has_all { usize::MAX } else { FIRST };
    for measure in VesselMeasure::all().take(count) {
        let figure = measures.map(|measures| VesselMeasures { pixel, ..measures }.figure(measure).shown());
        let figure = match figure {
            Some(Some(figure)) => figure,
            Some(None) => ShownFigure::of(NONE.to_owned(), ""),
            None => ShownFigure::of(PENDING.to_owned(), ""),
        };
        let (name, hint) = (measure.words().said_in(language), measure.hint().said_in(language));
        figure_row_ui(ui, &name, &figure, &hint, language);
    }
}

/// What the network is for, where the photograph has no dark surround: it may be of something else.
fn purpose_ui(ui: &mut Ui, context: &ViewContext<'_>, measures: Option<VesselMeasures>) {
    let (Some(measures), Some(photo)) = (measures, &context.state.current.photo) else { return };
    let photo_px = f64::from(photo.width()) * f64::from(photo.height());
    if measures.field_px as f64 >= WHOLE * photo_px {
        let language = context.language();
        let words = tr!(language, "no-dark-surround");
        ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim));
    }
}

/// clDice with the reference: a row for the section of agreement.
pub(super) fn centre_line_dice_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let found = context.state.current.measured.as_ref().and_then(|measured| measured.vessels);
    let value = match found.map(|found| found.centre_line_dice) {
        Some(Some(dice)) => format!("{dice:.2}"),
        Some(None) => NONE.to_owned(),
        None => PENDING.to_owned(),
    };
    fact_row_ui(ui, "clDice", &value, "").on_hover_text(tr!(language, "cldice-hint"));
    let small = RichText::new(tr!(language, "within-field-of-view")).size(theme::SIZE_SMALL);
    ui.label(small.color(theme::colours(ui).dim));
}

/// That the reference looks like a mask of something else than the network marks.
pub(super) fn reference_of_other_kind_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let likely = context.state.current.reference.as_ref().and_then(|reference| reference.likely);
    let words = match (likely, context.state.meaning()) {
        (Some(MaskMeaning::Vessels), MaskMeaning::Lesion) => tr!(language, "mask-note-vessels"),
        (Some(MaskMeaning::Lesion), MaskMeaning::Vessels) => tr!(language, "mask-note-lesion"),
        _ => return,
    };
    let words = crate::language::sentence(&words);
    ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).failure));
}
