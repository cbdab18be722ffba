//! What lies over the window: settings, help, about, the network's menu, notices.

use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::SettingsChange;
use dermaloupe::app::model::preferences::SettingsPage;

use crate::photos;
use crate::sheet::check_window;
use crate::stage::{SMALL, Stage, USUAL};

#[test]
fn settings() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = Stage::window(size, |_| {});
        stage.send(Action::ShowSettings);
        check_window(&format!("settings{end}"), stage);
        let mut stage = Stage::window(size, |_| {});
        stage.send(Action::ShowSettings);
        stage.send(Command::Settings(SettingsChange::Page(SettingsPage::Shortcuts)));
        check_window(&format!("settings-keys{end}"), stage);
    }
}

#[test]
fn a_key_that_another_command_has() {
    let mut stage = Stage::window(USUAL, |_| {});
    stage.send(Action::ShowSettings);
    stage.send(Command::Settings(SettingsChange::Page(SettingsPage::Shortcuts)));
    stage.send(Command::Settings(SettingsChange::Wait(Action::OpenPhotos)));
    stage.press(eframe::egui::Key::D);
    check_window("settings-key-taken", stage);
}

#[test]
fn help() {
    for (size, name) in [(USUAL, "help"), (SMALL, "help-small")] {
        let mut stage = Stage::window(size, |_| {});
        stage.send(Action::ShowHelp);
        check_window(name, stage);
    }
}

#[test]
fn about() {
    let mut stage = Stage::window(USUAL, |_| {});
    stage.send(Action::ShowAbout);
    check_window("about", stage);
}

#[test]
fn network_menu() {
    for (size, name) in [(USUAL, "network-menu"), (SMALL, "network-menu-small")] {
        let mut stage = Stage::window(size, |_| {});
        stage.send(Action::ChooseNetwork);
        check_window(name, stage);
    }
}

#[test]
fn notices() {
    let folder = photos::three("notices");
    let wrong = photos::flat(&folder, "wrong size.png", [60, 40]);
    for (size, name) in [(USUAL, "notices"), (SMALL, "notices-small")] {
        let mut stage = Stage::with_photos(size, &[folder.join("naevus 3.jpg")]);
        stage.send(Command::UseReference(wrong.clone()));
        stage.send(Command::Open(vec!["target/snapshots/no such folder".into()]));
        stage.send(Command::DialogFailed);
        check_window(name, stage);
    }
}
