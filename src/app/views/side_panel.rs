//! The panel on the right: what was decided, what lies over the photo, the figures, the network. Notices stand at its foot.

use eframe::egui::{self, CornerRadius, Margin, RichText, ScrollArea, Sense, Ui, vec2};

use super::certainty;
use super::context::ViewContext;
use super::section::section_ui;
use super::widgets::{fact_row_ui, labelled_button_ui, section_line_ui, segmented_ui};
use super::{
    abcd_panel, display, former, legend, lesion, network_panel, notices, quality, review, steps, threshold,
    vessels, view_choice,
};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::sections::PanelSection;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::measure::agreement::Confusion;
use crate::overlay::view::OverlayView;
use crate::tr;

pub(super) fn side_panel_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    notices::in_panel_ui(ui, context);
    quality::quality_ui(ui, context);
    // Where the panel was scrolled to before ABCD was shown, it is again afterwards.
    let area = ScrollArea::vertical().id_salt(context.state.measuring.shows_abcd);
    area.auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
            review::review_ui(ui, context);
            section_line_ui(ui);
            overlay_ui(ui, context);
            section_line_ui(ui);
            former::figures_ui(ui, context, photo_figures_ui);
            display::display_ui(ui, context);
            section_line_ui(ui);
            steps::steps_ui(ui, context);
            section_line_ui(ui);
            network_panel::network_ui(ui, context);
        });
    });
}

/// What is known of the photograph on the canvas.
fn photo_figures_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    agreement_ui(ui, context);
    section_line_ui(ui);
    let is_vessels = context.state.meaning().is_vessels();
    if is_vessels {
        vessels::vessels_ui(ui, context);
    } else {
        lesion::lesion_ui(ui, context);
    }
    section_line_ui(ui);
    if context.state.measuring.shows_abcd && !is_vessels {
        abcd_panel::abcd_ui(ui, context);
        section_line_ui(ui);
    }
}

fn overlay_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Overlay, &tr!(language, "overlay"), "");
    // Without a mask nothing can lie over the photo; while the next one comes, what was chosen stays.
    let has_overlay = context.state.has_mask() || context.state.is_busy();
    let mut segments = view_choice::segments(context);
    for segment in segments.iter_mut().filter(|_| !has_overlay) {
        (segment.enabled, segment.hint) = (false, tr!(language, "no-result-yet"));
    }
    if let Some(view) = segmented_ui(ui, &segments, context.effective_view()) {
        context.send(Action::from(view));
    }
    if is_open {
        ui.add_space(2.0 * GRID);
        threshold_and_opacity_ui(ui, context, has_overlay);
    }
}

fn threshold_and_opacity_ui(ui: &mut Ui, context: &mut ViewContext<'_>, has_overlay: bool) {
    let language = context.language();
    let overlay = context.state.overlay;
    // A corrected mask has no threshold.
    ui.add_enabled_ui(has_overlay && context.state.edited_mask().is_none(), |ui| {
        fact_row_ui(ui, &tr!(language, "threshold"), &format!("{:.2}", overlay.threshold), "");
        if let Some(moved) =
            threshold::threshold_ui(ui, &context.state.current.histogram, overlay.threshold, language)
        {
            context.send(Command::SetThreshold(moved));
        }
    });
    opacity_ui(ui, context, has_overlay);
    legend::lines_ui(ui, context);
}

/// The opacity of the layer that is shown; while the mask is corrected, that of fill and trace.
fn opacity_ui(ui: &mut Ui, context: &mut ViewContext<'_>, has_overlay: bool) {
    let language = context.language();
    let view = context.effective_view();
    let is_correcting = context.state.correction.is_on;
    let has_layer = match view {
        OverlayView::Band | OverlayView::Fill | OverlayView::Heat | OverlayView::Error => true,
        OverlayView::Outline => is_correcting,
        OverlayView::Off => false,
    };
    // A line has no opacity: its slider would only push the figures below out of sight.
    if !has_layer {
        return;
    }
    let name = match view {
        OverlayView::Outline | OverlayView::Fill if is_correcting => tr!(language, "opacity-correcting"),
        _ => tr!(language, "opacity"),
    };
    ui.add_space(GRID);
    ui.add_enabled_ui(has_overlay, |ui| {
        let mut opacity = context.state.layer_opacity();
        fact_row_ui(ui, &name, &format!("{:.0}", opacity * 100.0), &names::percent_sign(language));
        ui.spacing_mut().slider_width = ui.available_width();
        let slider = ui.add(egui::Slider::new(&mut opacity, 0.0..=1.0).show_value(false));
        slider.widget_info(|| egui::WidgetInfo::slider(has_overlay, f64::from(opacity), &name));
        if slider.changed() {
            context.send(Command::SetOpacity(opacity));
        }
    });
}

fn agreement_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Agreement, &tr!(language, "agreement"), "");
    let Some(counts) = context.state.current.derived.as_ref().and_then(|derived| derived.agreement) else {
        certainty::expected_ui(ui, context);
        certainty::second_ui(ui, context);
        let has_reference = context.state.has_reference();
        if has_reference || is_open {
            let words =
                if has_reference { tr!(language, "no-result-yet") } else { tr!(language, "agreement-needs") };
            ui.add_space(GRID);
            ui.label(RichText::new(words).color(theme::colours(ui).dim));
            ui.add_space(GRID);
        }
        if is_open || !has_reference {
            reference_ui(ui, context);
        }
        return;
    };
    figures_ui(ui, &counts, language);
    vessels::reference_of_other_kind_ui(ui, context);
    if is_open {
        ui.add_space(2.0 * GRID);
        shares_ui(ui, &counts, language);
        certainty::expected_ui(ui, context);
        certainty::second_ui(ui, context);
        if context.state.meaning().is_vessels() {
            vessels::centre_line_dice_ui(ui, context);
        } else {
            lesion::distances_ui(ui, context);
        }
        reference_ui(ui, context);
    }
}

/// The reference's name, and the ways to another one, to none, and to all networks.
fn reference_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let reference = context.state.current.reference.as_ref();
    let name = reference.map(|reference| names::reference(reference, language));
    if let Some(name) = &name {
        fact_row_ui(ui, &tr!(language, "reference"), name, "").on_hover_text(name);
        ui.add_space(GRID);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = GRID;
        let label =
            if name.is_some() { tr!(language, "change-reference") } else { tr!(language, "choose-reference") };
        let choose = labelled_button_ui(ui, icons::STACK, &label);
        if choose.on_hover_text(context.hint(Action::OpenReference)).clicked() {
            context.send(Action::OpenReference);
        }
        if name.is_some() {
            let remove = labelled_button_ui(ui, icons::X, &tr!(language, "remove"));
            if remove.on_hover_text(context.hint(Action::CloseReference)).clicked() {
                context.send(Action::CloseReference);
            }
        }
        let all = labelled_button_ui(ui, icons::TABLE, &Action::ToggleTable.label(language));
        if all.on_hover_text(context.hint(Action::ToggleTable)).clicked() {
            context.send(Action::ToggleTable);
        }
    });
}

fn figures_ui(ui: &mut Ui, counts: &Confusion, language: Language) {
    ui.columns(2, |columns| {
        figure_ui(&mut columns[0], &tr!(language, "dice"), counts.dice());
        figure_ui(&mut columns[1], &tr!(language, "iou"), counts.iou());
    });
}

fn shares_ui(ui: &mut Ui, counts: &Confusion, language: Language) {
    for (name, value) in [
        (tr!(language, "sensitivity"), counts.sensitivity()),
        (tr!(language, "specificity"), counts.specificity()),
        (tr!(language, "accuracy"), counts.accuracy()),
    ] {
        fact_row_ui(ui, &name, &format!("{value:.2}"), "");
    }
}

/// A large figure between 0 and 1, with a bar of its length under it.
fn figure_ui(ui: &mut Ui, name: &str, value: f64) {
    let colours = theme::colours(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.label(RichText::new(name).color(colours.dim));
    ui.label(RichText::new(format!("{value:.2}")).font(theme::strong_font(theme::SIZE_FIGURE)));
    let (track, _) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), Sense::hover());
    ui.painter().rect_filled(track, CornerRadius::same(2), colours.hovered);
    let mut bar = track;
    bar.set_width(track.width() * value.clamp(0.0, 1.0) as f32);
    ui.painter().rect_filled(bar, CornerRadius::same(2), colours.accent);
}
