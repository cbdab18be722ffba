//! The card over a photo on which nothing is lesion: how far the network was from it, and the two ways on.

use eframe::egui::{Align2, Rect, RichText, Ui};

use super::context::ViewContext;
use super::legend;
use super::messages::float_ui;
use super::widgets::labelled_button_ui;
use crate::app::command::Command;
use crate::app::command::change::CorrectionChange;
use crate::app::icons;
use crate::app::model::current::{Derived, Phase};
use crate::app::theme::{self, GRID};
use crate::overlay::view::OverlayView;
use crate::tr;

pub(super) fn no_lesion_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let state = context.state;
    // Who corrects has begun to mend it, and needs the photo.
    let is_wanted = matches!(state.current.phase, Phase::Done)
        && state.overlay.view != OverlayView::Off
        && !state.correction.is_on
        && !state.comparing.is_on;
    let Some(derived) = state.current.derived.clone().filter(|derived| is_wanted && derived.area_px == 0) else {
        return;
    };
    let language = context.language();
    let area = area.with_min_y(area.top() + legend::height(context));
    float_ui(ui, "no lesion", area, Align2::CENTER_TOP, |ui| {
        let dim = theme::colours(ui).dim;
        ui.horizontal(|ui| {
            ui.label(RichText::new(icons::INFO).size(theme::ICON_SMALL).color(dim));
            let is_vessels = context.state.meaning().is_vessels();
            let title = if is_vessels { tr!(language, "no-vessels") } else { tr!(language, "no-lesion") };
            ui.label(RichText::new(title).font(theme::strong_font(theme::SIZE_HEADING)));
        });
        ui.label(RichText::new(reason(context, &derived)).color(dim));
        ui.add_space(GRID);
        ui.horizontal(|ui| ways_on_ui(ui, context, &derived));
    });
}

fn reason(context: &ViewContext<'_>, derived: &Derived) -> String {
    let language = context.language();
    match derived.below_threshold {
        Some(found) => tr!(
            language,
            "no-lesion-highest",
            highest = format!("{:.2}", found.highest),
            threshold = format!("{:.2}", derived.threshold),
        ),
        None => tr!(language, "no-lesion-corrected"),
    }
}

fn ways_on_ui(ui: &mut Ui, context: &mut ViewContext<'_>, derived: &Derived) {
    let language = context.language();
    if let Some(threshold) = derived.below_threshold.and_then(|found| found.useful_threshold) {
        let label = tr!(language, "no-lesion-lower", threshold = format!("{threshold:.2}"));
        let lower = labelled_button_ui(ui, icons::TARGET, &label);
        let is_vessels = context.state.meaning().is_vessels();
        let hint =
            if is_vessels { tr!(language, "no-vessels-lower-hint") } else { tr!(language, "no-lesion-lower-hint") };
        if lower.on_hover_text(hint).clicked() {
            context.send(Command::SetThreshold(threshold));
        }
    }
    let draw = labelled_button_ui(ui, icons::PAINT_BRUSH, &tr!(language, "no-lesion-draw"));
    if draw.on_hover_text(tr!(language, "no-lesion-draw-hint")).clicked() {
        context.send(CorrectionChange::DrawByHand);
    }
}
