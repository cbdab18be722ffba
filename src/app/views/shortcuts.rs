//! The table of shortcuts in the settings: each command with its keys, which are changed by pressing another.

use eframe::egui::{
    self, Align, Color32, CornerRadius, Layout, Margin, RichText, Role, Stroke, Ui, WidgetInfo, vec2,
};

use strum::VariantArray as _;

use super::context::ViewContext;
use super::widgets::{Segment, bare_icon_ui, heading_ui, labelled_button_ui, segmented_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::SettingsChange;
use crate::app::command::keys::{KeySet, text_of};
use crate::app::icons;
use crate::app::model::preferences::KeyConflict;
use crate::app::theme::{self, GRID};
use crate::tr;

/// Width of a command's keys.
const KEYS_WIDTH: f32 = 208.0;

/// Width of the choice between sets of keys.
const SETS_WIDTH: f32 = 208.0;

pub(super) fn shortcuts_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    ui.horizontal(|ui| {
        let dim = theme::colours(ui).dim;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let is_any = !context.state.preferences.keys.is_empty();
            let reset = ui.add_enabled_ui(is_any, |ui| {
                labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "keys-reset-all"))
            });
            if reset.inner.on_hover_text(tr!(language, "keys-reset-all-hint")).clicked() {
                context.commands.push(Command::Settings(SettingsChange::ResetAll));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                key_set_ui(ui, context);
                ui.add(egui::Label::new(RichText::new(tr!(language, "keys-how")).color(dim)).truncate());
            });
        });
    });
    ui.add_space(2.0 * GRID);
    for (group, actions) in Action::GROUPS {
        heading_ui(ui, &group.label(language));
        for &action in actions {
            command_ui(ui, context, action);
        }
        ui.add_space(3.0 * GRID);
    }
}

/// Which set of keys commands come with.
fn key_set_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let sets = KeySet::VARIANTS.iter().map(|&value| {
        let (label, hint) = match value {
            KeySet::Standard => (tr!(language, "keys-standard"), tr!(language, "keys-standard-hint")),
            KeySet::Review => (tr!(language, "keys-review"), tr!(language, "keys-review-hint")),
        };
        Segment { value, label, hint, enabled: true }
    });
    let sets: Vec<_> = sets.collect();
    ui.scope(|ui| {
        ui.set_max_width(SETS_WIDTH);
        if let Some(set) = segmented_ui(ui, &sets, context.keys().set()) {
            context.commands.push(Command::Settings(SettingsChange::KeySet(set)));
        }
    });
    ui.add_space(GRID);
}

/// A command, its keys, and what stands in the way of new ones.
fn command_ui(ui: &mut Ui, context: &mut ViewContext<'_>, action: Action) {
    let language = context.language();
    let label = action.label(language);
    let label = label.trim_end_matches('…');
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = GRID;
            reset_ui(ui, context, action, label);
            keys_ui(ui, context, action, label);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(label).truncate()).on_hover_text(action.tooltip(language));
            });
        });
    });
    let preferences = &context.state.preferences;
    if preferences.waiting == Some(action) && preferences.is_refused {
        let words = RichText::new(tr!(language, "keys-refused")).color(theme::colours(ui).warning);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.label(words));
    }
    if let Some(conflict) = preferences.conflict.clone().filter(|conflict| conflict.action == action) {
        conflict_ui(ui, context, &conflict);
    }
}

/// The keys as a button: the next key that is pressed is the command's.
fn keys_ui(ui: &mut Ui, context: &mut ViewContext<'_>, action: Action, label: &str) {
    let language = context.language();
    let colours = theme::colours(ui);
    let preferences = &context.state.preferences;
    let keys: Vec<String> = preferences.keys.of(action).iter().map(text_of).collect();
    let shown = if keys.is_empty() { tr!(language, "keys-none") } else { keys.join("   ") };
    if action.has_fixed_keys() {
        let size = vec2(KEYS_WIDTH, 30.0);
        let words = egui::Label::new(RichText::new(shown).color(colours.dim));
        ui.add_sized(size, words).on_hover_text(tr!(language, "keys-fixed"));
        return;
    }
    let is_waiting = preferences.waiting == Some(action);
    let (words, fill) = match (is_waiting, preferences.keys.is_own(action)) {
        (true, _) => (RichText::new(tr!(language, "keys-press")).color(colours.on_accent), colours.accent),
        (false, true) => (RichText::new(&shown).color(colours.accent), colours.raised),
        (false, false) if keys.is_empty() => (RichText::new(&shown).color(colours.dim), colours.raised),
        (false, false) => (RichText::new(&shown).color(colours.text), colours.raised),
    };
    let button = egui::Button::new(words).fill(fill).min_size(vec2(KEYS_WIDTH, 30.0)).truncate();
    let button = ui.add_sized(vec2(KEYS_WIDTH, 30.0), button);
    let spoken = match is_waiting {
        true => tr!(language, "keys-spoken-waiting", command = label),
        false => tr!(language, "keys-spoken", command = label, keys = shown),
    };
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if button.clicked() {
        let change = if is_waiting { SettingsChange::GiveUp } else { SettingsChange::Wait(action) };
        context.commands.push(Command::Settings(change));
    } else if is_waiting && button.lost_focus() {
        // Tab has moved on, or the pointer has clicked elsewhere.
        context.commands.push(Command::Settings(SettingsChange::GiveUp));
    }
    if button.clicked() {
        button.request_focus();
    }
}

/// Room for the way back, where there is one.
fn reset_ui(ui: &mut Ui, context: &mut ViewContext<'_>, action: Action, label: &str) {
    let language = context.language();
    if !context.state.preferences.keys.is_own(action) {
        ui.allocate_exact_size(vec2(32.0, 32.0), egui::Sense::hover());
        return;
    }
    let first: Vec<String> = context.keys().first(action).iter().map(text_of).collect();
    let name = tr!(language, "keys-reset", command = label, keys = first.join(", "));
    if bare_icon_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &name).on_hover_text(&name).clicked() {
        context.commands.push(Command::Settings(SettingsChange::Reset(action)));
    }
}

/// Who has the key already, and both ways on.
fn conflict_ui(ui: &mut Ui, context: &mut ViewContext<'_>, conflict: &KeyConflict) {
    let language = context.language();
    let colours = theme::colours(ui);
    let names: Vec<String> =
        conflict.holders.iter().map(|holder| holder.label(language).trim_end_matches('…').to_owned()).collect();
    let keys: Vec<String> = conflict.keys.iter().map(text_of).collect();
    egui::Frame::new()
        .fill(colours.raised)
        .stroke(Stroke::new(1.0, colours.warning))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(icons::WARNING).color(colours.warning).size(theme::ICON));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let keep = egui::Button::new(tr!(language, "keys-keep")).min_size(vec2(0.0, 30.0));
                    if ui.add(keep).clicked() {
                        context.commands.push(Command::Settings(SettingsChange::GiveUp));
                    }
                    let words = RichText::new(tr!(language, "keys-take")).color(colours.on_accent);
                    let take = egui::Button::new(words)
                        .fill(colours.accent)
                        .stroke(Stroke::new(0.0, Color32::TRANSPARENT));
                    let take = ui.add(take.min_size(vec2(0.0, 30.0)));
                    if take.clicked() {
                        context.commands.push(Command::Settings(SettingsChange::Take));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let words = tr!(language, "keys-taken", key = keys.join(", "), holder = names.join(", "));
                        ui.add(egui::Label::new(words).wrap());
                    });
                });
            });
        })
        .response
        .scroll_to_me(None);
}
