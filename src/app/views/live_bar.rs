//! The bar below the camera's picture: which camera, how it is outlined and taken, and what is done with the picture. It
//! has room of its own, so that no button lies on a lesion.

use eframe::egui::{self, Align, CornerRadius, Layout, RichText, Role, Ui, UiBuilder, WidgetInfo, vec2};

use super::context::ViewContext;
use super::widgets::{bare_icon_ui, lit_button_ui, menu, menu_button_ui, menu_button_width, ring};
use crate::app::command::action::Action;
use crate::app::command::change::LiveChange;
use crate::app::icons;
use crate::app::theme::{self, GRID};
use crate::capture::SourceName;
use crate::tr;

/// Height of the bar; its buttons are as high as a finger is wide.
pub(super) const HEIGHT: f32 = 60.0;

/// Height of what is pressed most.
const BUTTON: f32 = 44.0;

/// Widest that the source's button is.
const SOURCE_WIDTH: f32 = 220.0;

/// From this width on the switches have words.
const WIDE: f32 = 1080.0;

/// Draws the bar.
pub(super) fn live_bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let bar = ui.max_rect();
    let right = ui
        .scope_builder(UiBuilder::new().max_rect(bar).layout(Layout::right_to_left(Align::Center)), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * GRID;
            picture_buttons_ui(ui, context);
            ui.min_rect().left()
        })
        .inner;
    let left = bar.with_max_x(right - 2.0 * GRID);
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.set_clip_rect(left.expand(2.0));
        ui.spacing_mut().item_spacing.x = 2.0 * GRID;
        source_ui(ui, context);
        let has_words = bar.width() >= WIDE;
        switches_ui(ui, context, has_words);
        folder_ui(ui, context);
    });
}

/// Which camera.
fn source_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let live = &context.state.live;
    let chosen = live.source.clone().unwrap_or(SourceName::FirstCamera);
    let name = match (live.figures.source.as_str(), &chosen) {
        ("", source) => names_of(context, source),
        (name, _) => name.to_owned(),
    };
    let width = menu_button_width(ui, &name, SOURCE_WIDTH);
    let button = menu_button_ui(ui, &tr!(language, "live-source-button", name = name.as_str()), &name, width);
    if button.clicked() {
        context.send(LiveChange::FindCameras);
    }
    let button = button.on_hover_text(tr!(language, "live-source-hint"));
    menu(&button).width(300.0).show(|ui| sources_ui(ui, context, &chosen));
}

/// What a source is called that has not said its name yet.
fn names_of(context: &ViewContext<'_>, source: &SourceName) -> String {
    let language = context.language();
    let known =
        context.state.live.cameras.iter().find(|camera| SourceName::Camera(camera.place.clone()) == *source);
    match known {
        Some(camera) => camera.name.clone(),
        None if *source == SourceName::FirstCamera => tr!(language, "live-first-camera"),
        None => source.shown(),
    }
}

/// The cameras by name, and what can be played in their place.
fn sources_ui(ui: &mut Ui, context: &mut ViewContext<'_>, chosen: &SourceName) {
    let language = context.language();
    let cameras = context.state.live.cameras.clone();
    for camera in &cameras {
        let source = SourceName::Camera(camera.place.clone());
        let is_first = cameras.first() == Some(camera) && *chosen == SourceName::FirstCamera;
        let is_chosen = source == *chosen || is_first;
        let label = if is_chosen { format!("{}   {}", icons::CHECK, camera.name) } else { camera.name.clone() };
        let row = ui.add(egui::Button::new(label).truncate().min_size(vec2(288.0, 40.0)));
        row.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_chosen, &camera.name));
        if row.on_hover_text(&camera.place).clicked() {
            context.send(LiveChange::Source(source));
            ui.close();
        }
    }
    if cameras.is_empty() {
        ui.label(RichText::new(tr!(language, "live-no-cameras")).color(theme::colours(ui).dim));
    }
    ui.separator();
    for (label, change) in [
        (tr!(language, "live-play-file"), LiveChange::AskForFile),
        (tr!(language, "live-play-folder"), LiveChange::AskForFolder),
    ] {
        let row = ui.add(egui::Button::new(label).min_size(vec2(288.0, 40.0)));
        if row.on_hover_text(tr!(language, "live-play-hint")).clicked() {
            context.send(change);
            ui.close();
        }
    }
}

/// Smoothing and the automatic shutter.
fn switches_ui(ui: &mut Ui, context: &mut ViewContext<'_>, has_words: bool) {
    let language = context.language();
    let live = &context.state.live;
    let (is_smoothed, has_shutter) = (live.is_smoothed, live.has_shutter);
    let switches = [
        (
            icons::TARGET,
            tr!(language, "live-smoothing"),
            tr!(language, "live-smoothing-hint"),
            is_smoothed,
            LiveChange::Smoothing(!is_smoothed),
        ),
        (
            icons::TIMER,
            tr!(language, "live-shutter"),
            tr!(language, "live-shutter-hint"),
            has_shutter,
            LiveChange::Shutter(!has_shutter),
        ),
    ];
    for (icon, label, hint, is_on, change) in switches {
        let response =
            if has_words { lit_button_ui(ui, icon, &label, is_on) } else { lit_icon_ui(ui, icon, &label, is_on) };
        let hint = if has_words { hint } else { format!("{label}: {hint}") };
        if response.on_hover_text(hint).clicked() {
            context.send(change);
        }
    }
}

/// A way of working that is on or off, by its icon.
fn lit_icon_ui(ui: &mut Ui, icon: &str, label: &str, is_on: bool) -> egui::Response {
    let colours = theme::colours(ui);
    let words = RichText::new(icon).size(theme::ICON);
    let words = if is_on { words.color(colours.on_accent) } else { words };
    let button = egui::Button::new(words).min_size(vec2(36.0, 32.0));
    let response = ui.add(if is_on { button.fill(colours.accent) } else { button });
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, label));
    response
}

/// Where pictures are kept, once that is chosen.
fn folder_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let Some(folder) = context.state.live.folder.clone() else { return };
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
    let label = format!("{}  {name}", icons::FOLDER_OPEN);
    let room = ui.available_width().min(200.0);
    if room < 60.0 {
        return;
    }
    let button = egui::Button::new(RichText::new(label)).truncate().frame(false);
    let width = menu_button_width(ui, &name, room);
    let button = ui.add_sized(vec2(width, 32.0), button);
    let language = context.language();
    let spoken = tr!(language, "live-folder-button", name = name.as_str());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let hint = format!("{}\n{}", folder.display(), context.hint(Action::ChooseFrameFolder));
    if button.on_hover_text(hint).clicked() {
        context.send(Action::ChooseFrameFolder);
    }
}

/// From the right: leave, keep, freeze.
fn picture_buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let live = &context.state.live;
    let (is_frozen, has_frame, is_keeping) = (live.is_frozen(), live.shown.is_some(), live.is_keeping);
    let close = tr!(language, "live-close");
    let close = bare_icon_ui(ui, icons::X, &close).on_hover_text(context.with_key(close, Action::Dismiss));
    if close.clicked() {
        context.send(Action::ToggleLive);
    }
    let keep = Action::KeepFrame.label(language);
    if large_button_ui(ui, icons::CAMERA, &keep, (has_frame && !is_keeping, is_frozen))
        .on_hover_text(context.hint(Action::KeepFrame))
        .clicked()
    {
        context.send(Action::KeepFrame);
    }
    let (icon, label) = if is_frozen {
        (icons::PLAY, tr!(language, "live-go-on"))
    } else {
        (icons::PAUSE, Action::FreezeFrame.label(language))
    };
    if large_button_ui(ui, icon, &label, (has_frame && !is_keeping, false))
        .on_hover_text(context.hint(Action::FreezeFrame))
        .clicked()
    {
        context.send(Action::FreezeFrame);
    }
}

/// A large button, filled where it is the next thing to do.
fn large_button_ui(ui: &mut Ui, icon: &str, label: &str, (is_enabled, is_next): (bool, bool)) -> egui::Response {
    let colours = theme::colours(ui);
    let words = RichText::new(format!("{icon}  {label}")).size(theme::SIZE_HEADING);
    let words = if is_next { words.color(colours.on_accent) } else { words };
    let button = egui::Button::new(words).min_size(vec2(104.0, BUTTON)).corner_radius(CornerRadius::same(8));
    let button = if is_next { button.fill(colours.accent) } else { button };
    let response = ui.add_enabled(is_enabled, button);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, label));
    if response.has_focus() {
        ring(ui, response.rect, if is_next { colours.on_accent } else { colours.accent });
    }
    response
}
