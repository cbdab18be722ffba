//! The bar at the top: opening on the left, the photo's name in the middle, network, theme and help on the right.

use std::path::Path;

use eframe::egui::{self, Align, Layout, RichText, Ui, UiBuilder, vec2};

use super::context::ViewContext;
use super::network_menu::network_menu_ui;
use super::widgets::{icon_button_ui, labelled_button_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID, ThemeChoice};
use crate::tr;

pub(super) fn top_bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let bar = ui.max_rect();
    let left = ui
        .scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)), |ui| {
            open_buttons_ui(ui, context);
            ui.min_rect().right()
        })
        .inner;
    let right = ui
        .scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::right_to_left(Align::Center)), |ui| {
            right_buttons_ui(ui, context);
            ui.min_rect().left()
        })
        .inner;
    // The title stands in the middle of the window, as wide as the wider side leaves room for; in a narrow window
    // between the two.
    let half = (bar.center().x - left).min(right - bar.center().x) - 4.0 * GRID;
    let gap = egui::Rangef::new(left + 4.0 * GRID, right - 4.0 * GRID);
    let centred = egui::Rect::from_center_size(bar.center(), vec2(2.0 * half, bar.height()));
    let place =
        if 2.0 * half < 0.75 * gap.span() { egui::Rect::from_x_y_ranges(gap, bar.y_range()) } else { centred };
    if place.width() > 120.0 {
        title_ui(ui, context, place);
    }
}

fn open_buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    ui.spacing_mut().item_spacing.x = GRID;
    let open = labelled_button_ui(ui, icons::IMAGE, &tr!(language, "open"))
        .on_hover_text(context.hint(Action::OpenPhotos));
    if open.clicked() {
        context.send(Action::OpenPhotos);
    }
    let folder = labelled_button_ui(ui, icons::FOLDER_OPEN, &tr!(language, "folder"))
        .on_hover_text(context.hint(Action::OpenFolder));
    if folder.clicked() {
        context.send(Action::OpenFolder);
    }
    let recent = super::widgets::bare_icon_ui(ui, icons::CLOCK_COUNTER_CLOCKWISE, &tr!(language, "recent-files"));
    let recent = recent.on_hover_text(tr!(language, "recent-files-hint"));
    egui::Popup::menu(&recent).width(360.0).show(|ui| recent_ui(ui, context));
    if context.state.current.photo.is_some() {
        let is_on = context.state.correction.is_on;
        let label = Action::ToggleCorrection.label(language);
        let correct = super::widgets::lit_button_ui(ui, icons::PENCIL_SIMPLE, &label, is_on);
        if correct.on_hover_text(context.hint(Action::ToggleCorrection)).clicked() {
            context.send(Action::ToggleCorrection);
        }
    }
    if context.state.has_mask() {
        let save = super::widgets::bare_icon_ui(ui, icons::FLOPPY_DISK, &tr!(language, "save"));
        let save = save.on_hover_text(tr!(language, "save-hint"));
        egui::Popup::menu(&save).width(220.0).show(|ui| save_ui(ui, context));
    }
}

fn save_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    for action in [Action::SaveMask, Action::SaveOverlay, Action::SaveReport] {
        let button = egui::Button::new(action.label(language)).shortcut_text(context.keys().shown(action));
        if ui.add(button.min_size(vec2(220.0, 28.0))).on_hover_text(action.tooltip(language)).clicked() {
            context.send(action);
            ui.close();
        }
    }
}

fn recent_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    for path in &context.state.recent {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let folder = path.parent().map(Path::to_string_lossy).unwrap_or_default();
        let words = egui::Button::new(RichText::new(name)).truncate().min_size(vec2(340.0, 28.0));
        if ui.add(words).on_hover_text(folder).clicked() {
            context.commands.push(Command::Open(vec![path.clone()]));
            ui.close();
        }
    }
    if context.state.recent.is_empty() {
        ui.label(RichText::new(tr!(language, "nothing-opened-yet")).color(theme::colours(ui).dim));
    }
    ui.separator();
    let sample = egui::Button::new(Action::OpenSample.label(language)).min_size(vec2(340.0, 28.0));
    if ui.add(sample).on_hover_text(context.hint(Action::OpenSample)).clicked() {
        context.send(Action::OpenSample);
        ui.close();
    }
}

fn right_buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    ui.spacing_mut().item_spacing.x = GRID;
    icon_button_ui(ui, context, icons::QUESTION, Action::ShowHelp);
    icon_button_ui(ui, context, icons::INFO, Action::ShowAbout);
    icon_button_ui(ui, context, icons::GEAR_SIX, Action::ShowSettings);
    let theme_icon = match context.state.theme {
        ThemeChoice::Dark => icons::SUN,
        ThemeChoice::Light => icons::MOON,
    };
    icon_button_ui(ui, context, theme_icon, Action::ToggleTheme);
    icon_button_ui(ui, context, icons::TRANSLATE, Action::ToggleLanguage);
    icon_button_ui(ui, context, icons::SIDEBAR_SIMPLE, Action::ToggleSidePanel);
    icon_button_ui(ui, context, icons::COLUMNS, Action::Compare);
    ui.add_space(2.0 * GRID);
    network_menu_ui(ui, context);
}

fn title_ui(ui: &mut Ui, context: &ViewContext<'_>, place: egui::Rect) {
    let language = context.language();
    let state = context.state;
    let colours = theme::colours(ui);
    let Some(entry) = state.selected_entry() else { return };
    let mut facts = Vec::new();
    if let Some(photo) = state.current.photo.as_ref().filter(|photo| photo.source == entry.source) {
        facts.push(format!("{} × {}", photo.width(), photo.height()));
    }
    if state.entries.len() > 1 {
        facts.push(tr!(language, "place-in-list", place = state.selected + 1, count = state.entries.len()));
    }
    let name = names::source(&entry.source, language);
    let font = theme::strong_font(theme::SIZE_BODY);
    let small = egui::FontId::proportional(theme::SIZE_BODY);
    let width_of =
        |facts: &[String]| ui.painter().layout_no_wrap(facts.join("  ·  "), small.clone(), colours.dim).size().x;
    // The size goes before the place in the list, and both before the name.
    while !facts.is_empty() && width_of(&facts) > place.width() - 80.0 {
        facts.remove(0);
    }
    let facts_width = width_of(&facts);
    let facts = facts.join("  ·  ");
    let name_width = ui.painter().layout_no_wrap(name.clone(), font.clone(), colours.text).size().x;
    let gap = if facts.is_empty() { 0.0 } else { 3.0 * GRID };
    let room = (place.width() - facts_width - gap).max(40.0);
    let width = name_width.min(room) + gap + facts_width;
    let line = egui::Rect::from_center_size(place.center(), vec2(width + 2.0, place.height()));
    let builder = UiBuilder::new().max_rect(line).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.scope(|ui| {
            ui.set_max_width(name_width.min(room) + 1.0);
            let path = entry.source.path().map_or_else(|| name.clone(), |path| path.display().to_string());
            ui.add(egui::Label::new(RichText::new(&name).font(font)).truncate()).on_hover_text(path);
        });
        ui.label(RichText::new(facts).color(colours.dim));
    });
}
