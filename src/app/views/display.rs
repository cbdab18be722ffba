//! The side panel's section of the display: brightness, contrast and gamma, live. It is folded at first.

use eframe::egui::{self, FontId, Role, Sense, Ui, WidgetInfo, vec2};

use super::Desk;
use super::widgets::{fact_row_ui, labelled_button_ui, ring};
use crate::app::command::Command;
use crate::app::display::Change;
use crate::app::icons;
use crate::app::theme::{self, GRID};
use crate::display::Tone;
use crate::tr;

pub(super) fn display_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let is_open = desk.state.display.is_open;
    if fold_ui(ui, &tr!("display"), is_open) {
        desk.commands.push(Command::Display(Change::Open(!is_open)));
    }
    if !is_open {
        return;
    }
    let tone = desk.state.display.tone;
    let mut changed = tone;
    ui.add_space(GRID);
    slider_ui(ui, &tr!("display-brightness"), &mut changed.brightness, -1.0..=1.0, &percent(tone.brightness));
    slider_ui(ui, &tr!("display-contrast"), &mut changed.contrast, -1.0..=1.0, &percent(tone.contrast));
    // As far to the left as to the right of no change.
    let mut exponent = changed.gamma.log2();
    let bounds = Tone::GAMMA.start().log2()..=Tone::GAMMA.end().log2();
    slider_ui(ui, &tr!("display-gamma"), &mut exponent, bounds, &format!("{:.2}", tone.gamma));
    changed.gamma = if (exponent - tone.gamma.log2()).abs() > 1e-6 { exponent.exp2() } else { tone.gamma };
    if changed != tone {
        desk.commands.push(Command::Display(Change::Tone(changed)));
    }
    ui.add_space(GRID);
    let mut keeps = desk.state.display.keeps_tone;
    if ui.checkbox(&mut keeps, tr!("display-keep")).on_hover_text(tr!("display-keep-hint")).changed() {
        desk.commands.push(Command::Display(Change::Keep(keeps)));
    }
    ui.add_enabled_ui(!tone.is_neutral(), |ui| {
        if labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!("display-reset")).clicked() {
            desk.commands.push(Command::Display(Change::Tone(Tone::default())));
        }
    });
    let words = if desk.state.display.has_profile { tr!("display-profile") } else { tr!("display-no-profile") };
    let dim = theme::colours(ui).dim;
    ui.label(egui::RichText::new(words).size(theme::SIZE_SMALL).color(dim));
}

fn percent(share: f32) -> String {
    format!("{:+.0}", share * 100.0)
}

fn slider_ui(ui: &mut Ui, name: &str, value: &mut f32, bounds: std::ops::RangeInclusive<f32>, words: &str) {
    fact_row_ui(ui, name, words, "");
    ui.spacing_mut().slider_width = ui.available_width();
    let slider = egui::Slider::new(value, bounds).show_value(false).trailing_fill(false).step_by(0.01);
    let response = ui.add(slider);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(*value), name));
    if response.double_clicked() {
        *value = 0.0;
    }
}

/// A heading that folds its section; whether it was clicked.
fn fold_ui(ui: &mut Ui, name: &str, is_open: bool) -> bool {
    let colours = theme::colours(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, name));
    let font = theme::strong_font(theme::SIZE_HEADING);
    ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, name, font, colours.text);
    let caret = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let shade = if response.hovered() || response.has_focus() { colours.text } else { colours.dim };
    let font = FontId::proportional(theme::ICON_SMALL);
    ui.painter().text(rect.right_center(), egui::Align2::RIGHT_CENTER, caret, font, shade);
    if response.has_focus() {
        ring(ui, rect.expand2(vec2(4.0, 0.0)), colours.accent);
    }
    response.clicked()
}
