//! The display: profiles as LittleCMS shows them, stored pixels for the network, tones that stay on the screen.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod common_window;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common_window::{Bench, folder_of_phantoms};
use dermaloupe::app::command::Command;
use dermaloupe::app::display::Change;
use dermaloupe::decode;
use dermaloupe::display::{ToSrgb, Tone};
use dermaloupe::inference::{InputForm, Model, preprocess};
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/icc").join(name)
}

#[test]
fn embedded_profiles_are_shown_as_littlecms_shows_them() {
    let vectors: Value = serde_json::from_slice(&std::fs::read(fixture("shown.json")).unwrap()).unwrap();
    for name in ["display_p3", "adobe_rgb"] {
        let photo = decode::photo_file(&fixture(&format!("{name}.png"))).unwrap();
        let to_srgb = ToSrgb::of(photo.icc_profile.as_deref().expect("it is embedded")).unwrap().unwrap();
        let mut shown = photo.rgb().to_vec();
        to_srgb.apply(&mut shown);
        let expected = vectors["shown"][name].as_array().unwrap();
        assert_eq!(shown.len(), expected.len());
        let off =
            shown.iter().zip(expected).map(|(&found, level)| u64::from(found).abs_diff(level.as_u64().unwrap()));
        let most = off.max().unwrap();
        assert!(most <= 2, "{name}: {most} levels");
        assert_ne!(shown, photo.rgb(), "{name} moves colours");
    }
}

#[test]
fn jpegs_profiles_are_found_too() {
    for name in ["display_p3", "adobe_rgb"] {
        let [png, jpeg] =
            ["png", "jpg"].map(|kind| decode::photo_file(&fixture(&format!("{name}.{kind}"))).unwrap());
        assert!(jpeg.icc_profile.is_some() && jpeg.icc_profile == png.icc_profile, "{name}");
    }
}

#[test]
fn the_network_sees_the_stored_pixels_with_a_profile_or_without() {
    let stored = decode::photo_file(&fixture("stored.png")).unwrap();
    assert!(stored.icc_profile.is_none());
    let card = Model::built_in().unwrap().card.clone();
    for name in ["display_p3.png", "adobe_rgb.png", "broken.png"] {
        let photo = decode::photo_file(&fixture(name)).unwrap();
        assert_eq!(photo.rgb(), stored.rgb(), "{name}");
        let tensor = |photo| preprocess::prepare(photo, &card, InputForm::Normalised).values().to_vec();
        assert_eq!(tensor(&photo), tensor(&stored), "{name}");
    }
}

#[test]
fn a_broken_profile_is_said_and_the_photo_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["broken.png", "display_p3.png"] {
        std::fs::copy(fixture(name), folder.path().join(name)).unwrap();
    }
    let mut bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.name(), "broken.png");
    assert!(bench.notice().contains("colour profile cannot be used"), "{}", bench.notice());
    assert!(!bench.state().display.has_profile && bench.state().current.segmentation.is_some());
    bench.press(Key::ArrowRight);
    assert!(bench.state().display.has_profile);
}

#[test]
fn a_tone_is_for_the_screen_alone() {
    let mut bench = Bench::open(&[]);
    let before = bench.state().current.clone();
    bench.choose("Display");
    bench.send(Command::Display(Change::Tone(Tone { brightness: 0.4, contrast: 0.3, gamma: 2.0 })));
    assert!(bench.shows("+40") && bench.shows("+30") && bench.shows("2.00"));
    let after = bench.state().current.clone();
    assert!(Arc::ptr_eq(&before.photo.unwrap(), &after.photo.unwrap()));
    assert!(Arc::ptr_eq(&before.segmentation.unwrap(), &after.segmentation.unwrap()), "the network ran again");
    bench.choose("As stored");
    assert!(bench.state().display.tone.is_neutral());
}

#[test]
fn a_tone_goes_with_its_photo_unless_it_is_kept() {
    let folder = folder_of_phantoms(3);
    let mut bench = Bench::open(&[folder.path()]);
    let tone = Tone { brightness: 0.2, ..Tone::default() };
    bench.send(Command::Display(Change::Tone(tone)));
    bench.press(Key::ArrowRight);
    assert!(bench.state().display.tone.is_neutral());
    bench.send(Command::Display(Change::Open(true)));
    bench.send(Command::Display(Change::Tone(tone)));
    bench.harness.get_by_label("Keep for the next photographs").click_accesskit();
    bench.settle();
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().display.tone, tone);
}
