//! The settings dialog: everything but the keys on one page, the keys on the other.

use eframe::egui::{self, Align, Layout, Response, RichText, Role, Ui, WidgetInfo, vec2};
use strum::VariantArray as _;

use super::context::ViewContext;
use super::network_panel::engine_choice_ui;
use super::shortcuts::shortcuts_ui;
use super::view_choice;
use super::widgets::{Segment, heading_ui, menu, menu_button_ui, segmented_ui, text_field_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ReviewChange;
use crate::app::command::change::SettingsChange;
use crate::app::model::preferences::SettingsPage;
use crate::app::names;
use crate::app::theme::{self, GRID, ThemeChoice};
use crate::language::Language;
use crate::{tr, words};

/// Width of the names at the left.
const NAMES_WIDTH: f32 = 168.0;

/// Widest control at the right.
const CONTROL_WIDTH: f32 = 540.0;

pub(super) fn settings_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    // The scroll bar has room of its own.
    ui.set_max_width(ui.available_width() - 4.0 * GRID);
    match context.state.preferences.page {
        SettingsPage::General => general_ui(ui, context),
        SettingsPage::Shortcuts => shortcuts_ui(ui, context),
    }
}

/// The two halves, side by side above what scrolls.
pub(super) fn pages_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let page = |value, label: String| Segment { value, hint: label.clone(), label, enabled: true };
    let pages = [
        page(SettingsPage::General, tr!(language, "settings-general")),
        page(SettingsPage::Shortcuts, tr!(language, "settings-shortcuts")),
    ];
    ui.scope(|ui| {
        ui.set_max_width(2.0 * NAMES_WIDTH);
        if let Some(page) = segmented_ui(ui, &pages, context.state.preferences.page) {
            context.commands.push(Command::Settings(SettingsChange::Page(page)));
        }
    });
}

fn general_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    heading_ui(ui, &tr!(language, "settings-look"));
    row_ui(ui, &tr!(language, "settings-language"), |ui| language_ui(ui, context));
    row_ui(ui, &tr!(language, "settings-theme"), |ui| theme_ui(ui, context));
    row_ui(ui, &tr!(language, "settings-panels"), |ui| panels_ui(ui, context));
    ui.add_space(3.0 * GRID);
    heading_ui(ui, &tr!(language, "overlay"));
    row_ui(ui, &tr!(language, "settings-view"), |ui| view_ui(ui, context));
    row_ui(ui, &tr!(language, "opacity"), |ui| opacity_ui(ui, context));
    ui.add_space(3.0 * GRID);
    heading_ui(ui, &tr!(language, "settings-work"));
    row_ui(ui, &tr!(language, "review-reviewer"), |ui| reviewer_ui(ui, context));
    row_ui(ui, &tr!(language, "settings-start"), |ui| {
        let mut remembers = context.state.preferences.remembers_session;
        let label = tr!(language, "settings-remember");
        if ui.checkbox(&mut remembers, label).on_hover_text(tr!(language, "settings-remember-hint")).changed() {
            context.commands.push(Command::Settings(SettingsChange::RememberSession(remembers)));
        }
    });
    ui.add_space(3.0 * GRID);
    heading_ui(ui, &tr!(language, "network"));
    row_ui(ui, &tr!(language, "network"), |ui| network_ui(ui, context));
    row_ui(ui, &tr!(language, "engine"), |ui| engine_choice_ui(ui, context));
    ui.add_space(2.0 * GRID);
}

/// A name at the left and its control at the right of it.
fn row_ui(ui: &mut Ui, name: &str, control: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(vec2(NAMES_WIDTH, 32.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(NAMES_WIDTH);
            ui.add(egui::Label::new(RichText::new(name).color(theme::colours(ui).dim)).truncate());
        });
        let width = ui.available_width().min(CONTROL_WIDTH);
        ui.allocate_ui_with_layout(vec2(width, 32.0), Layout::left_to_right(Align::Center), control);
    });
    ui.add_space(GRID);
}

fn language_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let segment = |value, label: String, hint: String| Segment { value, label, hint, enabled: true };
    let mut segments = vec![segment(
        None,
        tr!(language, "settings-language-system"),
        tr!(language, "settings-language-system-hint"),
    )];
    segments.extend(Language::VARIANTS.iter().map(|&language| {
        let name = words!("language-name").said_in(language);
        segment(Some(language), name.clone(), name)
    }));
    if let Some(chosen) = segmented_ui(ui, &segments, context.state.chosen_language) {
        context.commands.push(Command::Settings(SettingsChange::Language(chosen)));
    }
}

fn theme_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let segment = |value, label: String| Segment { value, hint: label.clone(), label, enabled: true };
    let segments = [
        segment(ThemeChoice::Dark, tr!(language, "settings-dark")),
        segment(ThemeChoice::Light, tr!(language, "settings-light")),
    ];
    if let Some(choice) = segmented_ui(ui, &segments, context.state.theme) {
        context.commands.push(Command::Settings(SettingsChange::Theme(choice)));
    }
}

fn panels_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    ui.spacing_mut().item_spacing.x = 4.0 * GRID;
    let panels = context.state.panels;
    for (is_shown, action) in [(panels.filmstrip, Action::ToggleFilmstrip), (panels.side, Action::ToggleSidePanel)]
    {
        let mut shown = is_shown;
        if ui.checkbox(&mut shown, action.label(language)).on_hover_text(context.hint(action)).changed() {
            context.send(action);
        }
    }
}

fn view_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let segments = view_choice::segments(context);
    if let Some(view) = segmented_ui(ui, &segments, context.state.overlay.view) {
        context.send(Action::from(view));
    }
}

fn opacity_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let mut opacity = context.state.layer_opacity();
    ui.spacing_mut().slider_width = (ui.available_width() - 56.0).max(80.0);
    let slider = ui.add(egui::Slider::new(&mut opacity, 0.0..=1.0).show_value(false));
    slider.widget_info(|| WidgetInfo::slider(true, f64::from(opacity), tr!(language, "opacity")));
    ui.label(names::percent(f64::from(opacity), language));
    if slider.changed() {
        context.send(Command::SetOpacity(opacity));
    }
}

fn reviewer_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let mut reviewer = context.state.reviewing.reviewer.clone();
    let field = egui::TextEdit::singleline(&mut reviewer)
        .hint_text(tr!(language, "review-reviewer-hint"))
        .desired_width(f32::INFINITY)
        .margin(vec2(8.0, 6.0));
    let named = text_field_ui(ui, field);
    named.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, tr!(language, "review-reviewer")));
    if named.changed() {
        context.send(Command::Review(ReviewChange::Reviewer(reviewer)));
    }
}

fn network_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let title = |name: &str| {
        let known = network.models.iter().find(|model| model.card.name == name);
        known.map_or_else(|| name.to_owned(), |model| model.card.title.clone())
    };
    let used = title(&network.model.card.name);
    let recommended = tr!(language, "settings-recommended");
    let label = match &network.chosen {
        Some(_) => used.clone(),
        None => tr!(language, "settings-recommended-is", title = used.as_str()),
    };
    let spoken = tr!(language, "network-button", title = label.as_str());
    let button: Response = menu_button_ui(ui, &spoken, &label, ui.available_width());
    menu(&button).width(CONTROL_WIDTH).show(|ui| {
        egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
            let row = |is_chosen, words: &str| {
                egui::Button::selectable(is_chosen, words).min_size(vec2(CONTROL_WIDTH - 16.0, 30.0))
            };
            let hint = tr!(language, "settings-recommended-hint");
            if ui.add(row(network.chosen.is_none(), &recommended)).on_hover_text(hint).clicked() {
                context.commands.push(Command::Settings(SettingsChange::Recommended));
                ui.close();
            }
            for model in &network.models {
                let card = &model.card;
                let is_chosen = network.chosen.as_ref() == Some(&card.name);
                if ui.add(row(is_chosen, &card.title)).clicked() {
                    context.commands.push(Command::UseModel(card.name.clone()));
                    ui.close();
                }
            }
        });
    });
}
