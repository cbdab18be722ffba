//! The settings dialog: what it changes is changed at once and remembered, and every command takes another key.

use std::path::Path;

use crate::common_app::Driven as _;
use crate::common_window::{Bench, folder_of_phantoms};
use crate::review::{folder_of_three, states};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::{CompareChange, SettingsChange};
use dermaloupe::app::command::keys::KeySet;
use dermaloupe::app::model::compare::{ComparisonLayout, SideChoice};
use dermaloupe::app::model::preferences::SettingsPage;
use dermaloupe::app::model::state::Dialog;
use dermaloupe::app::settings::Settings;
use dermaloupe::app::theme::ThemeChoice;
use dermaloupe::inference::{EngineChoice, EngineKind};
use dermaloupe::language::Language;
use dermaloupe::overlay::view::OverlayView;
use dermaloupe::records::ReviewState;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn dialog(path: &Path) -> Bench {
    let mut bench = Bench::with_settings(path);
    bench.press_with(Modifiers::COMMAND, Key::Comma);
    assert_eq!(bench.state().dialog, Dialog::Settings);
    bench
}

/// Clicks the control of the dialog with exactly this name: it is the last of that name, above all else.
fn choose(bench: &mut Bench, role: Role, name: &str) {
    let is_named = |node: &Node<'_>| node.accesskit_node().label().is_some_and(|label| label == name);
    let found = bench.harness.query_all_by_role(role).rfind(is_named);
    found.unwrap_or_else(|| panic!("no {name}")).click_accesskit();
    bench.harness.step();
    bench.settle();
}

/// Asks for another key of the command, as its button does.
fn ask(bench: &mut Bench, command: &str) {
    if bench.state().preferences.page != SettingsPage::Shortcuts {
        choose(bench, Role::RadioButton, "Shortcuts");
    }
    bench.choose(&format!("{command}: "));
    assert!(bench.shows_part("press the new key"), "{command}");
}

fn keys(path: &Path) -> serde_json::Value {
    serde_json::from_slice::<serde_json::Value>(&std::fs::read(path).unwrap()).unwrap()["keys"].clone()
}

#[test]
fn what_is_chosen_counts_at_once_and_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = dialog(&path);
    choose(&mut bench, Role::RadioButton, "Light");
    choose(&mut bench, Role::RadioButton, "Fill");
    choose(&mut bench, Role::RadioButton, "Built in");
    choose(&mut bench, Role::CheckBox, "Resume where I left off");
    choose(&mut bench, Role::CheckBox, "Side panel");
    choose(&mut bench, Role::RadioButton, "简体中文");
    assert!(bench.shows("常规"), "the dialog speaks it at once");
    choose(&mut bench, Role::RadioButton, "English");
    bench.harness.query_all_by_role(Role::TextInput).last().expect("the reviewer's field").focus();
    bench.harness.step();
    bench.harness.event(egui::Event::Text("A. Meier".into()));
    bench.harness.step();
    bench.settle();
    drop(bench);
    let settings = Settings::read(&path).0;
    assert_eq!((settings.theme, settings.view), (ThemeChoice::Light, OverlayView::Fill));
    assert_eq!((settings.engine, settings.language), (Some(EngineKind::Rten), Some(Language::English)));
    assert_eq!((settings.remember_session, settings.side_panel), (false, false));
    assert_eq!(settings.reviewer, "A. Meier");

    let mut bench = dialog(&path);
    assert_eq!(bench.state().network.choice, EngineChoice::Only(EngineKind::Rten));
    assert!(!bench.state().preferences.remembers_session && !bench.state().panels.side);
    choose(&mut bench, Role::RadioButton, "System");
    assert_eq!(bench.state().chosen_language, None);
    drop(bench);
    assert_eq!(Settings::read(&path).0.language, None);
}

#[test]
fn the_recommended_network_is_a_choice_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = dialog(&path);
    let recommended = bench.state().network.recommended.clone().expect("the zoo recommends one");
    let network = &bench.state().network;
    let other = network.models.iter().find(|model| model.card.name != recommended).expect("another").card.clone();
    bench.send(Command::UseModel(other.name.clone()));
    choose(&mut bench, Role::Button, &format!("Network: {}", other.title));
    bench.choose("Recommended network");
    assert_eq!((&bench.state().network.chosen, &bench.state().network.model.card.name), (&None, &recommended));
    drop(bench);
    assert_eq!(Settings::read(&path).0.model, None);
}

#[test]
fn a_new_key_works_is_shown_everywhere_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = dialog(&path);
    ask(&mut bench, "Dark or light theme");
    // A real keyboard says that Ctrl and Shift go down, before the key itself.
    bench.press_with(Modifiers::COMMAND, Key::ControlLeft);
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::ShiftLeft);
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::K);
    assert!(bench.shows_part("Dark or light theme: Ctrl+Shift+K"));
    bench.press(Key::Escape);
    assert_eq!(bench.state().dialog, Dialog::None);
    let before = bench.state().theme;
    bench.press_with(Modifiers::COMMAND, Key::T);
    assert_eq!(bench.state().theme, before, "the old key is free");
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::K);
    assert_ne!(bench.state().theme, before);
    bench.press(Key::F1);
    assert!(bench.shows("Ctrl+Shift+K") && !bench.shows("Ctrl+T"), "help has the new one");
    drop(bench);
    assert_eq!(keys(&path), serde_json::json!({ "toggle-theme": ["Ctrl+Shift+K"] }));

    let mut bench = dialog(&path);
    let before = bench.state().theme;
    choose(&mut bench, Role::RadioButton, "Shortcuts");
    bench.choose("Reset Dark or light theme");
    assert!(!bench.shows_part("Reset Dark or light theme"));
    bench.press(Key::Escape);
    bench.press_with(Modifiers::COMMAND, Key::T);
    assert_ne!(bench.state().theme, before);
    drop(bench);
    assert_eq!(keys(&path), serde_json::json!({}));
}

#[test]
fn a_taken_key_is_named_and_left_until_the_person_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = dialog(&path);
    ask(&mut bench, "Save mask");
    bench.press_with(Modifiers::COMMAND, Key::T);
    assert!(bench.shows_part("Ctrl+T is already used by: Dark or light theme"));
    bench.click("Cancel");
    assert!(bench.shows_part("Save mask: Ctrl+S") && bench.shows_part("Dark or light theme: Ctrl+T"));
    ask(&mut bench, "Save mask");
    bench.press_with(Modifiers::COMMAND, Key::T);
    bench.click("Reassign");
    assert!(bench.shows_part("Save mask: Ctrl+T") && bench.shows_part("Dark or light theme: none"));
    bench.choose("Reset Dark or light theme");
    assert!(
        bench.shows_part("Ctrl+T is already used by: Save mask"),
        "also on the way back nothing is taken silently"
    );
    bench.choose("Reset all");
    assert!(bench.state().preferences.keys.is_empty() && bench.state().preferences.conflict.is_none());
}

#[test]
fn keys_that_cannot_be_given_away_are_refused_and_escape_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = dialog(&folder.path().join("settings.json"));
    ask(&mut bench, "Next photo");
    bench.press(Key::Space);
    assert!(bench.shows_part("Press another") && bench.state().preferences.waiting.is_some());
    bench.harness.event(egui::Event::Copy);
    bench.harness.step();
    bench.settle();
    assert!(bench.state().preferences.waiting.is_some());
    bench.press(Key::Escape);
    assert_eq!((bench.state().preferences.waiting, bench.state().dialog), (None, Dialog::Settings));
    // Letters, arrows and signs are given, and typed nowhere.
    ask(&mut bench, "Next photo");
    bench.press_with(Modifiers::SHIFT, Key::Questionmark);
    assert!(bench.shows_part("? is already used by: Shortcuts"));
    bench.click("Cancel");
    assert!(!bench.shows_part("Close dialog or notice: Esc. CompareChange"), "that one stays what it is");
}

#[test]
fn plain_keys_are_the_persons_own_too_while_walking_and_correcting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    std::fs::write(&path, r#"{ "keys": { "next": "J", "toggle-correction": "Ctrl+E", "toggle-panels": "F9" } }"#)
        .unwrap();
    let photos = folder_of_phantoms(2);
    let mut bench = Bench::with_settings_and(&path, |options| options.paths = vec![photos.path().to_owned()]);
    assert_eq!(bench.name(), "photo1.png");
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "photo1.png", "its keys are the person's, and no others");
    bench.press(Key::J);
    assert_eq!(bench.name(), "photo2.png");
    bench.press_with(Modifiers::COMMAND, Key::E);
    assert!(bench.state().correction.is_on);
    bench.press(Key::F9);
    assert!(bench.state().panels.canvas_only);
    assert_eq!(bench.state().notices.list().len(), 0);
}

#[test]
fn the_review_set_decides_by_letters_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let photos = folder_of_three();
    let open = || Bench::with_settings_and(&path, |options| options.paths = vec![photos.path().to_owned()]);
    let mut bench = open();
    bench.send(Action::ShowSettings.into());
    bench.send(Command::Settings(SettingsChange::Page(SettingsPage::Shortcuts)));
    choose(&mut bench, Role::RadioButton, "Review");
    assert_eq!(bench.state().preferences.keys.set(), KeySet::Review);
    assert!(bench.shows_part("Accept outline: A   Enter. Change the key"));
    ask(&mut bench, "Next photo");
    bench.press(Key::U);
    assert!(bench.shows_part("U is already used by: Mark as unsure"), "the set's keys are taken as others are");
    bench.click("Cancel");
    bench.press(Key::Escape);
    bench.press(Key::Questionmark);
    assert!(bench.shows("A") && bench.shows("R") && bench.shows("U"), "help shows the keys that count");
    bench.press(Key::Escape);
    for (key, name) in [(Key::A, "photo2.png"), (Key::R, "photo3.png"), (Key::U, "photo3.png")] {
        bench.press(key);
        assert_eq!(bench.name(), name);
    }
    assert_eq!(states(&bench), [ReviewState::Accepted, ReviewState::Rejected, ReviewState::Unsure]);
    bench.press(Key::Num7);
    assert_eq!(states(&bench)[2], ReviewState::Unsure, "the other set's keys mean nothing");
    drop(bench);
    let mut bench = open();
    bench.press(Key::Home);
    bench.press(Key::Enter);
    assert_eq!(bench.name(), "photo2.png", "Enter accepts, and goes on");
    bench.press(Key::E);
    bench.press(Key::Enter);
    assert_eq!((bench.name().as_str(), states(&bench)[1]), ("photo2.png", ReviewState::Rejected), "the tools' key");
}

#[test]
fn a_file_with_impossible_keys_is_told_and_the_rest_of_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let text =
        r#"{ "theme": "light", "keys": { "fly": "F2", "save-mask": "Ctrl+O", "compare": "F9", "next": 5 } }"#;
    std::fs::write(&path, text).unwrap();
    let bench = Bench::with_settings(&path);
    assert_eq!(bench.state().theme, ThemeChoice::Light);
    let told: Vec<String> = bench.app().notices();
    for word in ["'fly'", "Ctrl+O", "next"] {
        assert!(told.iter().any(|words| words.contains(word)), "{word}: {told:?}");
    }
    assert_eq!(bench.state().preferences.keys.shown(Action::Compare), "F9");
    assert_eq!(bench.state().preferences.keys.shown(Action::SaveMask), "Ctrl+S");
}

#[test]
fn a_comparison_is_remembered_where_it_was_chosen_and_without_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = Bench::with_settings(&path);
    bench.send(Action::Compare.into());
    bench.send(Command::Compare(CompareChange::Layout(ComparisonLayout::Swipe)));
    bench.send(Command::Compare(CompareChange::Blink(None)));
    drop(bench);
    let settings = Settings::read(&path).0;
    assert_eq!(
        (settings.compare_layout, settings.compare_sides),
        (ComparisonLayout::Swipe, None),
        "the sides were not chosen"
    );
    let mut bench = Bench::with_settings(&path);
    assert_eq!(
        (bench.state().comparing.layout, bench.state().comparing.blink_seconds),
        (ComparisonLayout::Swipe, None)
    );
    bench.send(Command::Compare(CompareChange::Blink(Some(2.0))));
    bench.send(Action::Compare.into());
    bench.send(Command::Compare(CompareChange::Choose(0, SideChoice::Photo)));
    let sides = bench.state().comparing.sides.clone();
    drop(bench);
    let mut bench = Bench::with_settings(&path);
    bench.send(Action::Compare.into());
    assert_eq!((&bench.state().comparing.sides, bench.state().comparing.blink_seconds), (&sides, Some(2.0)));
    drop(bench);
    let mut settings = Settings::read(&path).0;
    // Faster than any that is offered: it could harm.
    settings.blink_seconds = Some(0.05);
    settings.compare_sides = Some([SideChoice::Model("gone".into()), SideChoice::Photo]);
    std::fs::write(&path, settings.to_json()).unwrap();
    let mut bench = Bench::with_settings(&path);
    bench.send(Action::Compare.into());
    assert!(!bench.state().comparing.sides.contains(&SideChoice::Model("gone".into())));
    assert_eq!(bench.state().comparing.blink_seconds, Some(1.0));
}

#[test]
fn everything_is_reached_by_the_keyboard_and_has_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = dialog(&folder.path().join("settings.json"));
    let mut met = Vec::new();
    for _ in 0..60 {
        bench.harness.key_press(Key::Tab);
        bench.harness.step();
        bench.settle();
        let focused =
            bench.harness.query_all(egui_kittest::kittest::by().predicate(|node| node.is_focused())).last();
        met.extend(focused.and_then(|node| node.accesskit_node().label()));
    }
    for name in ["General", "Shortcuts", "Light", "Side panel", "Opacity", "Reviewer", "Built in"] {
        assert!(met.iter().any(|label| label == name), "{name} is not reached: {met:?}");
    }
}
