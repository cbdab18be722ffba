//! A quiet line at the foot of the side panel: what is to be remarked of the photograph, and on hover what to do. There is
//! none where all is well.

use eframe::egui::{self, Margin, Response, RichText, Role, Sense, Ui, WidgetInfo};

use super::context::ViewContext;
use crate::app::icons;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::quality::QualityFinding;
use crate::tr;

/// Width of the words on hover.
const HINT_WIDTH: f32 = 300.0;

pub(super) fn quality_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let state = context.state;
    let Some(measured) = &state.current.measured else { return };
    let remarks: Vec<QualityFinding> = measured.quality.remarks(state.scale().is_some()).collect();
    if remarks.is_empty() {
        return;
    }
    let language = context.language();
    let frame = egui::Frame::new().fill(theme::colours(ui).panel).inner_margin(Margin {
        left: 16,
        right: 16,
        top: 5,
        bottom: 5,
    });
    egui::Panel::bottom("quality").resizable(false).frame(frame).show(ui, |ui| {
        let line = line_ui(ui, &remarks, measured.quality.is_poor(), language);
        line.on_hover_ui(|ui| hint_ui(ui, &remarks, language));
    });
}

/// An icon and the remarks in a word or two each; the last are left out where there is no room.
fn line_ui(ui: &mut Ui, remarks: &[QualityFinding], is_poor: bool, language: Language) -> Response {
    let colours = theme::colours(ui);
    let line = ui.horizontal(|ui| {
        // To be pointed at beside the words too.
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.x = GRID * 1.5;
        let (icon, colour) = if is_poor { (icons::WARNING, colours.warning) } else { (icons::INFO, colours.dim) };
        ui.label(RichText::new(icon).size(theme::ICON_SMALL).color(colour));
        let labels: Vec<String> =
            remarks.iter().map(|finding| finding.message().attribute_in(language, "label")).collect();
        let words = RichText::new(labels.join("  ·  ")).size(theme::SIZE_SMALL).color(colours.dim);
        ui.add(egui::Label::new(words).truncate().selectable(false));
    });
    let said: Vec<String> = remarks.iter().map(|finding| finding.message().said_in(language)).collect();
    let response = line.response.interact(Sense::hover());
    let name = format!("{}: {}", tr!(language, "quality"), said.join(" "));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    response
}

/// Each remark in a sentence, and what to do.
fn hint_ui(ui: &mut Ui, remarks: &[QualityFinding], language: Language) {
    ui.set_max_width(HINT_WIDTH);
    for (place, finding) in remarks.iter().enumerate() {
        if place > 0 {
            ui.add_space(2.0 * GRID);
        }
        let message = finding.message();
        ui.label(RichText::new(message.said_in(language)).strong());
        ui.label(message.attribute_in(language, "advice"));
    }
}
