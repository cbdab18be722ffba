//! Dialogs: the list of shortcuts and the about page.

use eframe::egui::{self, Align, CornerRadius, Id, Layout, Margin, Modal, RichText, ScrollArea, Stroke, Ui, vec2};

use super::Desk;
use super::furniture::close_button_ui;
use crate::app::command::Action;
use crate::app::state::Dialog;
use crate::app::theme::{self, GRID};
use crate::inference::ModelOrigin;

/// Gestures that no key stands for.
const GESTURES: [(&str, &str); 6] = [
    ("Wheel, or pinch", "Zoom to the pointer"),
    ("Drag, or two fingers", "Move the photograph"),
    ("Double-click", "Show the whole photograph"),
    ("Hold Space", "Peek at the bare photograph"),
    ("Drop files", "Open them; …_segmentation becomes the reference"),
    ("F6, Tab, Esc", "Into the controls, through them, and back"),
];

pub(super) fn dialogs_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let (name, width) = match desk.state.dialog {
        Dialog::None => return,
        Dialog::Help => ("Shortcuts", 760.0_f32),
        Dialog::About => ("About Dermaloupe", 520.0),
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
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| close_button_ui(ui, "Close dialog")).inner
        })
        .inner
        .then(|| desk.send(Action::Dismiss));
        ui.add_space(2.0 * GRID);
        let height = room.height() - 180.0;
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            match desk.state.dialog {
                Dialog::About => about_ui(ui, desk),
                _ => help_ui(ui),
            }
        });
    });
    if modal.should_close() {
        desk.send(Action::Dismiss);
    }
}

fn help_ui(ui: &mut Ui) {
    ui.columns(2, |columns| {
        for (place, (group, actions)) in Action::GROUPS.into_iter().enumerate() {
            let ui = &mut columns[usize::from(matches!(place, 1 | 3 | 4))];
            group_ui(ui, &group.label(), actions.iter().map(|action| (action.shortcut_text(), action.label())));
        }
        let gestures = GESTURES.into_iter().map(|(hand, words)| (hand.to_owned(), words.to_owned()));
        group_ui(&mut columns[1], "By hand", gestures);
    });
}

fn group_ui(ui: &mut Ui, name: &str, rows: impl Iterator<Item = (String, String)>) {
    let colours = theme::colours(ui);
    ui.label(RichText::new(name).font(theme::strong_font(theme::SIZE_HEADING)));
    ui.add_space(GRID);
    ui.spacing_mut().item_spacing.y = GRID;
    for (key, words) in rows {
        ui.horizontal(|ui| {
            ui.allocate_ui_with_layout(vec2(132.0, 20.0), Layout::left_to_right(Align::Center), |ui| {
                ui.set_min_width(132.0);
                ui.label(RichText::new(key).color(colours.accent));
            });
            ui.add(egui::Label::new(words.trim_end_matches('…')).truncate());
        });
    }
    ui.add_space(4.0 * GRID);
}

fn about_ui(ui: &mut Ui, desk: &Desk<'_>) {
    let colours = theme::colours(ui);
    let network = &desk.state.network;
    let card = &network.model.card;
    let dim = |words: String| RichText::new(words).color(colours.dim);
    ui.label(dim(format!("Version {}", env!("CARGO_PKG_VERSION"))));
    ui.add_space(2.0 * GRID);
    egui::Frame::new()
        .fill(colours.raised)
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::same(14))
        .show(ui, |ui| {
            ui.label(RichText::new("Research use only").font(theme::strong_font(theme::SIZE_HEADING)));
            ui.label(
                "Dermaloupe is not a medical device. What it outlines is a network's estimate: it is no diagnosis, \
                 and no decision about a patient may rest on it.",
            );
        });
    ui.add_space(2.0 * GRID);
    ui.label(
        "It opens dermoscopy photographs, runs a light-weight segmentation network on this computer, and shows where \
         the lesion is and how sure the network is. Photographs are never changed, and nothing leaves the computer.",
    );
    ui.add_space(3.0 * GRID);
    let engine = network.engine.as_ref().map_or_else(|| "none has run yet".to_owned(), ToString::to_string);
    let origin = match &network.model.origin {
        ModelOrigin::BuiltIn => "built in".to_owned(),
        folder => folder.to_string(),
    };
    for (name, words) in [
        ("Network", format!("{} ({origin})", card.title)),
        ("Weights", format!("{}; trained on {} ({})", card.licence, card.data.name, card.data.licence)),
        ("Engine", engine),
        ("Graphics", super::about_graphics(ui.ctx())),
        ("Program", "MIT or Apache-2.0".to_owned()),
        ("Fonts", "Inter (OFL-1.1), Phosphor icons (MIT)".to_owned()),
    ] {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(84.0, 18.0), Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(84.0);
                ui.label(dim(name.to_owned()));
            });
            ui.add(egui::Label::new(words).wrap().selectable(true));
        });
    }
}
