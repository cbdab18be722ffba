//! The display in the window: which profile is named, and tones that stay on the screen.

use std::sync::Arc;

use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::DisplayChange;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::display::Tone;
use egui::{Key, Modifiers};

use crate::colour_profiles::fixture;
use crate::common_window::{Bench, folder_of_phantoms};

/// A folder of copies, in the order of their names.
fn folder_of(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (place, name) in names.iter().enumerate() {
        std::fs::copy(fixture(name), folder.path().join(format!("{place} {name}"))).unwrap();
    }
    folder
}

#[test]
fn the_panel_names_the_profile_or_says_why_it_is_not_used() {
    let folder =
        folder_of(&["display_p3.png", "inverted.png", "cmyk.png", "large.png", "garbage.png", "stored.png"]);
    let mut bench = Bench::open(&[folder.path()]);
    assert!(bench.shows("Display P3") && bench.shows_part("Shown in sRGB"));
    for reason in ["light and dark", "for CMYK", "too large to be valid", "is damaged"] {
        bench.press(Key::ArrowRight);
        assert!(bench.shows_part(reason), "{} says: {reason}", bench.name());
        assert!(bench.state().current.segmentation.is_some() && bench.state().notices.list().is_empty());
    }
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "5 stored.png");
    assert!(!bench.shows_part("olour profile"));
}

fn tone_of(bench: &Bench) -> Tone {
    bench.state().display.tone
}

#[test]
fn a_tone_is_for_the_screen_alone() {
    let mut bench = Bench::open(&[]);
    let before = bench.state().current.clone();
    bench.choose("Display");
    bench.send(Command::Display(DisplayChange::Tone(Tone { brightness: 0.4, contrast: -0.3, gamma: 2.0 })));
    assert!(bench.shows("+40") && bench.shows("−30") && bench.shows("2.00"));
    assert!(bench.shows("Adjusted display: Brightness +40  ·  Contrast −30  ·  Gamma 2.00"));
    let saved = bench.harness.state().state().current.clone();
    assert!(Arc::ptr_eq(&before.photo.unwrap(), &saved.photo.unwrap()));
    assert!(Arc::ptr_eq(&before.segmentation.unwrap(), &saved.segmentation.unwrap()), "the network ran again");
    assert!(Arc::ptr_eq(&before.measured.unwrap(), &saved.measured.unwrap()), "it was measured again");
    bench.press(Key::O);
    assert!(tone_of(&bench).is_neutral() && !bench.shows_part("Adjusted display"));
}

#[test]
fn a_saved_overlay_has_the_stored_pixels() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, toned] = ["plain.png", "toned.png"].map(|name| folder.path().join(name));
    let mut bench = Bench::open(&[]);
    bench.send(Command::SaveOverlayTo(plain.clone()));
    bench.send(Command::Display(DisplayChange::Tone(Tone { brightness: 0.5, ..Tone::default() })));
    bench.send(Command::SaveOverlayTo(toned.clone()));
    assert_eq!(std::fs::read(plain).unwrap(), std::fs::read(toned).unwrap());
}

#[test]
fn keys_adjust_in_steps_while_correcting_too_and_one_shows_the_stored_photo() {
    let mut bench = Bench::open(&[]);
    for is_correcting in [false, true] {
        assert_eq!(bench.state().correction.is_on, is_correcting);
        for (key, times) in [(Key::ArrowUp, 3), (Key::ArrowDown, 1), (Key::ArrowLeft, 2), (Key::PageUp, 8)] {
            for _ in 0..times {
                bench.press_with(Modifiers::SHIFT, key);
            }
        }
        let tone = tone_of(&bench);
        assert_eq!((tone.brightness, tone.contrast), (0.1, -0.1));
        assert!((tone.gamma - 2.0).abs() < 0.05, "eight steps double it: {}", tone.gamma);
        assert!(bench.shows_part("Adjusted display"));
        bench.press(Key::O);
        assert!(tone_of(&bench).is_neutral());
        bench.send(Action::ToggleCorrection.into());
    }
}

#[test]
fn a_tone_goes_with_its_photo_unless_it_is_kept_which_is_remembered() {
    let folder = folder_of_phantoms(3);
    let settings = folder.path().join("settings.json");
    let tone = Tone { brightness: 0.2, ..Tone::default() };
    let mut bench = Bench::with_settings_and(&settings, |options| options.paths = vec![folder.path().to_owned()]);
    bench.send(Command::Display(DisplayChange::Tone(tone)));
    bench.press(Key::ArrowRight);
    assert!(tone_of(&bench).is_neutral());
    bench.unfold(PanelSection::Display);
    bench.choose("Keep for following photographs");
    bench.send(Command::Display(DisplayChange::Tone(tone)));
    bench.press(Key::ArrowRight);
    assert_eq!(tone_of(&bench), tone);
    let bench = bench.reopen();
    assert!(bench.state().display.keeps_tone && bench.state().sections.is_open(PanelSection::Display, 0.0));
    assert!(tone_of(&bench).is_neutral(), "no window begins with an adjusted photo");
}

#[test]
fn a_note_has_its_capitals_and_moves_of_the_cursor() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::M);
    bench.press_with(Modifiers::SHIFT, Key::ArrowUp);
    assert!(tone_of(&bench).is_neutral(), "the note has the key");
}
