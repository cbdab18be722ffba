//! The bar at the top: opening on the left, the photo's name in the middle, network, theme and help on the right.

use std::path::Path;

use eframe::egui::{
    self, Align, CornerRadius, Layout, RichText, Role, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::network_menu::network_menu_ui;
use super::widgets::{bare_icon_ui, icon_button_ui, labelled_button_ui, lit_button_ui, menu, quiet_button_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID, ThemeChoice};
use crate::tr;

/// How much the bar says, by its width in points: labels beside all icons, beside those that nobody guesses, or as little
/// as leaves the photo's name and size their room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Room {
    Narrow,
    Usual,
    Wide,
}

impl Room {
    fn of(width: f32) -> Self {
        match width {
            1640.0.. => Self::Wide,
            1180.0.. => Self::Usual,
            _ => Self::Narrow,
        }
    }
}

pub(super) fn top_bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let bar = ui.max_rect();
    let room = Room::of(bar.width());
    let left = ui
        .scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::left_to_right(Align::Center)), |ui| {
            open_buttons_ui(ui, context, room);
            ui.min_rect().right()
        })
        .inner;
    let right = ui
        .scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::right_to_left(Align::Center)), |ui| {
            right_buttons_ui(ui, context, room);
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

fn open_buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>, room: Room) {
    let language = context.language();
    ui.spacing_mut().item_spacing.x = GRID;
    // A file dialog may be long in coming: its button stays down meanwhile.
    let asking = context.state.asking;
    let ask_ui = |ui: &mut Ui, icon: &str, label: &str, action: Action| match asking == Some(action) {
        true => lit_button_ui(ui, icon, label, true),
        false => labelled_button_ui(ui, icon, label),
    };
    let open = ask_ui(ui, icons::IMAGE, &tr!(language, "open"), Action::OpenPhotos);
    let folder = if room == Room::Narrow {
        bare_icon_ui(ui, icons::FOLDER_OPEN, &tr!(language, "folder"))
    } else {
        ask_ui(ui, icons::FOLDER_OPEN, &tr!(language, "folder"), Action::OpenFolder)
    };
    for (button, action) in [(open, Action::OpenPhotos), (folder, Action::OpenFolder)] {
        if button.on_hover_text(context.hint(action)).clicked() {
            context.send(action);
        }
    }
    let recent = bare_icon_ui(ui, icons::CLOCK_COUNTER_CLOCKWISE, &tr!(language, "recent-files"));
    let recent = recent.on_hover_text(tr!(language, "recent-files-hint"));
    menu(&recent).width(360.0).show(|ui| recent_ui(ui, context));
    live_button_ui(ui, context, room);
    if context.state.live.is_on {
        return;
    }
    if context.state.current.photo.is_some() {
        let is_on = context.state.correction.is_on;
        let label = Action::ToggleCorrection.label(language);
        let correct = lit_button_ui(ui, icons::PENCIL_SIMPLE, &label, is_on);
        if correct.on_hover_text(context.hint(Action::ToggleCorrection)).clicked() {
            context.send(Action::ToggleCorrection);
        }
    }
    if context.state.has_mask() {
        let save = match room {
            Room::Narrow => bare_icon_ui(ui, icons::FLOPPY_DISK, &tr!(language, "save")),
            Room::Usual | Room::Wide => quiet_button_ui(ui, icons::FLOPPY_DISK, &tr!(language, "save")),
        };
        let save = save.on_hover_text(tr!(language, "save-hint"));
        menu(&save).width(240.0).show(|ui| save_ui(ui, context));
    }
}

/// The camera's picture, or the photo.
fn live_button_ui(ui: &mut Ui, context: &mut ViewContext<'_>, room: Room) {
    let language = context.language();
    let (label, is_on) = (Action::ToggleLive.label(language), context.state.live.is_on);
    let button = if room == Room::Narrow && !is_on {
        bare_icon_ui(ui, icons::VIDEO_CAMERA, &label)
    } else {
        lit_button_ui(ui, icons::VIDEO_CAMERA, &label, is_on)
    };
    if button.on_hover_text(context.hint(Action::ToggleLive)).clicked() {
        context.send(Action::ToggleLive);
    }
}

fn save_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    for action in [Action::SaveMask, Action::SaveOverlay, Action::SaveReport] {
        let button = egui::Button::new(action.label(language)).shortcut_text(context.keys().shown(action));
        if ui.add(button.min_size(vec2(240.0, 32.0))).on_hover_text(action.tooltip(language)).clicked() {
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
        let words = egui::Button::new(RichText::new(name)).truncate().min_size(vec2(348.0, 32.0));
        if ui.add(words).on_hover_text(folder).clicked() {
            context.commands.push(Command::Open(vec![path.clone()]));
            ui.close();
        }
    }
    if context.state.recent.is_empty() {
        ui.label(RichText::new(tr!(language, "nothing-opened-yet")).color(theme::colours(ui).dim));
    }
    ui.separator();
    for action in [Action::OpenSample, Action::OpenFundusSample, Action::ToggleLive] {
        let sample = egui::Button::new(action.label(language)).min_size(vec2(348.0, 32.0));
        if ui.add(sample).on_hover_text(context.hint(action)).clicked() {
            context.send(action);
            ui.close();
        }
    }
}

fn right_buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>, room: Room) {
    let language = context.language();
    ui.spacing_mut().item_spacing.x = GRID;
    let theme_icon = match context.state.theme {
        ThemeChoice::Dark => icons::SUN,
        ThemeChoice::Light => icons::MOON,
    };
    let seldom = [
        (icons::QUESTION, Action::ShowHelp, Action::ShowHelp.label(language)),
        (icons::INFO, Action::ShowAbout, tr!(language, "bar-about")),
        (icons::GEAR_SIX, Action::ShowSettings, tr!(language, "settings")),
        (theme_icon, Action::ToggleTheme, tr!(language, "bar-theme")),
        (icons::TRANSLATE, Action::ToggleLanguage, tr!(language, "bar-language")),
    ];
    if room == Room::Narrow {
        more_ui(ui, context, &seldom);
    } else {
        for (icon, action, label) in &seldom {
            action_ui(ui, context, icon, *action, (room == Room::Wide).then_some(label.as_str()));
        }
    }
    if !context.state.live.is_on {
        side_panel_button_ui(ui, context, room == Room::Wide);
        let compare = Action::Compare.label(language);
        let label = (room != Room::Narrow).then_some(compare.as_str());
        action_ui(ui, context, icons::COLUMNS, Action::Compare, label);
    }
    ui.add_space(GRID);
    network_menu_ui(ui, context, room != Room::Narrow);
}

/// An action's button: its icon, and its label where there is room.
fn action_ui(ui: &mut Ui, context: &mut ViewContext<'_>, icon: &str, action: Action, label: Option<&str>) {
    let Some(label) = label else {
        icon_button_ui(ui, context, icon, action);
        return;
    };
    if quiet_button_ui(ui, icon, label).on_hover_text(context.hint(action)).clicked() {
        context.send(action);
    }
}

/// What a narrow bar has no room for.
fn more_ui(ui: &mut Ui, context: &mut ViewContext<'_>, actions: &[(&str, Action, String)]) {
    let language = context.language();
    let more = bare_icon_ui(ui, icons::DOTS_THREE, &tr!(language, "more"));
    menu(&more).width(260.0).show(|ui| {
        for (icon, action, _) in actions {
            let label = format!("{icon}   {}", action.label(language));
            let button = egui::Button::new(label).shortcut_text(context.keys().shown(*action));
            let button = ui.add(button.min_size(vec2(260.0, 32.0)));
            let label = action.label(language);
            button.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, &label));
            if button.on_hover_text(action.tooltip(language)).clicked() {
                context.send(*action);
                ui.close();
            }
        }
    });
}

/// The panel's button shows the window with the panel on its right, filled while it is there.
fn side_panel_button_ui(ui: &mut Ui, context: &mut ViewContext<'_>, has_label: bool) {
    let language = context.language();
    let action = Action::ToggleSidePanel;
    let label = action.label(language);
    let is_shown = context.state.panels.side;
    // The icon's place in the row of letters.
    let response = if has_label { quiet_button_ui(ui, "\u{2003}", &label) } else { bare_icon_ui(ui, "", &label) };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_shown, &label));
    let left = if has_label { response.rect.left() + 2.0 * GRID + 10.0 } else { response.rect.center().x };
    let frame = egui::Rect::from_center_size(pos2(left, response.rect.center().y), vec2(17.0, 14.0));
    let colours = theme::colours(ui);
    let colour = if has_label || response.hovered() || response.has_focus() { colours.text } else { colours.dim };
    let painter = ui.painter();
    painter.rect_stroke(frame, CornerRadius::same(2), Stroke::new(1.4, colour), StrokeKind::Inside);
    let panel = frame.with_min_x(frame.right() - 6.0).shrink2(vec2(0.0, 1.0));
    if is_shown {
        painter.rect_filled(panel, CornerRadius::same(1), colour);
    } else {
        painter.vline(panel.left(), frame.y_range(), Stroke::new(1.4, colour));
    }
    if response.on_hover_text(context.hint(action)).clicked() {
        context.send(action);
    }
}

fn title_ui(ui: &mut Ui, context: &ViewContext<'_>, place: egui::Rect) {
    let language = context.language();
    let state = context.state;
    let colours = theme::colours(ui);
    if state.live.is_on {
        return;
    }
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
