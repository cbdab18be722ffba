//! Dialogs: the list of shortcuts and the about page.

use eframe::egui::{self, Align, CornerRadius, Id, Layout, Margin, Modal, RichText, ScrollArea, Stroke, Ui, vec2};

use super::context::ViewContext;
use super::report_dialog::report_ui;
use super::settings::{pages_ui, settings_ui};
use super::widgets::close_button_ui;
use crate::app::command::action::Action;
use crate::app::command::action_group::ActionGroup;
use crate::app::model::state::Dialog;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::tr;

/// Width of a column of the list of shortcuts.
const HELP_COLUMN: f32 = 380.0;

/// Width of the keys in it.
const KEY_WIDTH: f32 = 132.0;

/// Of what a dialog shows at most, however high the window.
const MOST_HEIGHT: f32 = 840.0;

/// Height at most of what the settings show: their longest page scrolls in any window.
const SETTINGS_HEIGHT: f32 = 680.0;

/// Gestures that no key stands for, and what each does.
fn gestures(language: Language) -> [(String, String); 6] {
    [
        (tr!(language, "gesture-wheel"), tr!(language, "gesture-wheel-does")),
        (tr!(language, "gesture-drag"), tr!(language, "gesture-drag-does")),
        (tr!(language, "gesture-double-click"), tr!(language, "gesture-double-click-does")),
        (tr!(language, "gesture-space"), tr!(language, "gesture-space-does")),
        (tr!(language, "gesture-drop"), tr!(language, "gesture-drop-does")),
        (tr!(language, "gesture-focus"), tr!(language, "gesture-focus-does")),
    ]
}

pub(super) fn dialogs_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let (name, width) = match context.state.dialog {
        Dialog::None => return,
        Dialog::Help => (Action::ShowHelp.label(language), HELP_COLUMN * help_columns(ui) as f32),
        Dialog::About => (Action::ShowAbout.label(language), 520.0),
        Dialog::Settings => (tr!(language, "settings"), 760.0),
        Dialog::Report => (tr!(language, "report-dialog"), 420.0),
    };
    let room = ui.ctx().content_rect();
    let colours = theme::colours(ui);
    let frame = egui::Frame::new()
        .fill(colours.panel)
        .stroke(Stroke::new(1.0, colours.hairline))
        .corner_radius(CornerRadius::same(12))
        .inner_margin(Margin::same(24));
    let modal = Modal::new(Id::unique("dialog")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(width.min(room.width() - 96.0));
        ui.horizontal(|ui| {
            ui.label(RichText::new(name).font(theme::strong_font(theme::SIZE_TITLE)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                close_button_ui(ui, &tr!(language, "close-dialog"))
            })
            .inner
        })
        .inner
        .then(|| context.send(Action::Dismiss));
        ui.add_space(2.0 * GRID);
        // Both pages of the settings are one size: nothing jumps between them.
        let is_tall = context.state.dialog == Dialog::Settings;
        let mut height = (room.height() - 180.0).min(if is_tall { SETTINGS_HEIGHT } else { MOST_HEIGHT });
        if is_tall {
            pages_ui(ui, context);
            ui.add_space(3.0 * GRID);
            height -= 52.0;
        }
        let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
        area.auto_shrink(!is_tall).show(ui, |ui| match context.state.dialog {
            Dialog::About => about_ui(ui, context),
            Dialog::Settings => settings_ui(ui, context),
            Dialog::Report => report_ui(ui, context),
            _ => help_ui(ui, context),
        });
    });
    if modal.should_close() {
        context.send(Action::Dismiss);
    }
}

fn help_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let count = help_columns(ui);
    ui.columns(count, |columns| {
        for (group, actions) in Action::GROUPS {
            group_ui(
                &mut columns[help_column(group, count)],
                &group.label(language),
                actions.iter().map(|action| (context.keys().shown(*action), action.label(language))),
            );
        }
        group_ui(&mut columns[count - 1], &tr!(language, "group-by-hand"), gestures(language).into_iter());
    });
}

/// Columns of the list of shortcuts: in a wide window all of it is in sight.
fn help_columns(ui: &Ui) -> usize {
    if ui.ctx().content_rect().width() < 4.0 * HELP_COLUMN + 160.0 { 2 } else { 4 }
}

/// Where a group stands, so that columns are about as long.
fn help_column(group: ActionGroup, count: usize) -> usize {
    let (of_two, of_four) = match group {
        ActionGroup::Files | ActionGroup::Review | ActionGroup::Measuring => (0, 0),
        ActionGroup::Overlay | ActionGroup::Window => (0, 1),
        ActionGroup::Live => (1, 1),
        ActionGroup::Correcting | ActionGroup::Walking => (1, 2),
        ActionGroup::Looking | ActionGroup::Display => (1, 3),
        ActionGroup::Comparing => (0, 3),
    };
    if count == 2 { of_two } else { of_four }
}

fn group_ui(ui: &mut Ui, name: &str, rows: impl Iterator<Item = (String, String)>) {
    let colours = theme::colours(ui);
    ui.label(RichText::new(name).font(theme::strong_font(theme::SIZE_HEADING)));
    ui.add_space(GRID);
    ui.spacing_mut().item_spacing.y = GRID;
    for (key, words) in rows {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(KEY_WIDTH, 20.0), Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(KEY_WIDTH);
                ui.label(RichText::new(key).color(colours.accent));
            });
            ui.add(egui::Label::new(words.trim_end_matches('…')).wrap());
        });
    }
    ui.add_space(4.0 * GRID);
}

fn about_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let colours = theme::colours(ui);
    let network = &context.state.network;
    let card = &network.model.card;
    let dim = |words: String| RichText::new(words).color(colours.dim);
    ui.label(dim(tr!(language, "version", version = env!("CARGO_PKG_VERSION"))));
    ui.add_space(2.0 * GRID);
    egui::Frame::new()
        .fill(colours.raised)
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(14))
        .show(ui, |ui| {
            ui.label(
                RichText::new(tr!(language, "research-use-only")).font(theme::strong_font(theme::SIZE_HEADING)),
            );
            ui.label(tr!(language, "about-not-a-device"));
        });
    ui.add_space(2.0 * GRID);
    ui.label(tr!(language, "about-what-it-does"));
    ui.add_space(3.0 * GRID);
    let engine = network
        .engine
        .as_ref()
        .map_or_else(|| tr!(language, "no-engine-yet"), |info| names::engine_and_version(info, language));
    let origin = names::origin(&network.model.origin, language);
    for (name, words) in [
        (tr!(language, "network"), tr!(language, "with-aside", words = card.title.clone(), aside = origin)),
        (
            tr!(language, "weights"),
            tr!(
                language,
                "weights-facts",
                licence = card.licence.clone(),
                data = card.facts.trained_on()[0].to_owned(),
                data_licence = card.facts.trained_on()[1].to_owned()
            ),
        ),
        (tr!(language, "engine"), engine),
        (tr!(language, "graphics"), context.state.graphics.clone().unwrap_or_else(|| tr!(language, "unknown"))),
        (tr!(language, "program"), tr!(language, "program-licence")),
        (tr!(language, "fonts"), tr!(language, "fonts-licences")),
    ] {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(84.0, 18.0), Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(84.0);
                ui.label(dim(name));
            });
            ui.add(egui::Label::new(words).wrap().selectable(true));
        });
    }
}
