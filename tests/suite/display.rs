//! The display: profiles as LittleCMS shows them, stored pixels for everything else, tones that stay on the screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dermaloupe::app::command::{Action, Command};
use dermaloupe::app::display::Change;
use dermaloupe::decode;
use dermaloupe::display::{Profile, ProfileFault, Tone};
use dermaloupe::inference::{InputForm, Model, preprocess};
use dermaloupe::measure::colours::Colours;
use dermaloupe::measure::lesion::Lesion;
use dermaloupe::measure::shape::Shape;
use dermaloupe::photo::{EmbeddedProfile, Photo};
use eframe::egui::{Key, Modifiers};

use crate::common_window::{Bench, folder_of_phantoms};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/display").join(name)
}

fn photo(name: &str) -> Photo {
    decode::photo_file(&fixture(name)).unwrap()
}

fn profile(name: &str) -> Profile {
    Profile::of(&photo(name).profile)
}

/// A folder of copies, in the order of their names.
fn folder_of(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (place, name) in names.iter().enumerate() {
        std::fs::copy(fixture(name), folder.path().join(format!("{place} {name}"))).unwrap();
    }
    folder
}

/// Levels that colours may differ from LittleCMS's at most; half of them do not differ at all. Both round, and near black
/// and at the edge of sRGB, where a table's steps are coarse, each reads between them in its own way.
const TOLERANCE: [(&str, u8); 4] = [("display_p3", 1), ("adobe_rgb", 1), ("swapped", 1), ("table", 5)];

#[test]
fn embedded_profiles_are_shown_as_littlecms_shows_them() {
    for (name, tolerance) in TOLERANCE {
        let photo = photo(&format!("{name}.png"));
        let profile = Profile::of(&photo.profile);
        let mut shown = photo.rgb().to_vec();
        profile.to_srgb().unwrap_or_else(|| panic!("{name} is used: {profile:?}")).apply(&mut shown);
        let expected = decode::photo_file(&fixture(&format!("shown_{name}.png"))).unwrap();
        assert_ne!(expected.rgb(), photo.rgb(), "{name} moves colours");
        let mut off: Vec<u8> =
            shown.iter().zip(expected.rgb()).map(|(found, expected)| found.abs_diff(*expected)).collect();
        off.sort_unstable();
        let [median, most] = [off[off.len() / 2], off[off.len() - 1]];
        assert!(median == 0 && most <= tolerance, "{name}: {median} levels off in the middle, {most} at most");
    }
}

#[test]
fn a_profile_is_found_in_every_kind_of_file_and_in_pieces() {
    let whole = photo("display_p3.png").profile;
    assert!(matches!(&whole, EmbeddedProfile::Bytes(_)));
    for name in ["display_p3.jpg", "display_p3.tif", "display_p3.webp", "pieces.jpg"] {
        assert!(photo(name).profile == whole, "{name}");
    }
    assert_eq!(photo("stored.png").profile, EmbeddedProfile::None);
}

#[test]
fn profiles_say_their_names() {
    for (file, expected) in [("display_p3.jpg", "Display P3"), ("adobe_rgb.png", "Adobe RGB (1998)")] {
        assert!(matches!(profile(file), Profile::Applied { name, .. } if name == expected), "{file}");
    }
    assert!(matches!(profile("srgb.png"), Profile::Srgb { name } if name.contains("sRGB")));
}

#[test]
fn a_profile_that_is_of_no_use_is_refused_with_its_reason() {
    let fault = |name: &str| match profile(name) {
        Profile::Refused(fault) => fault,
        other => panic!("{name}: {other:?}"),
    };
    for name in ["garbage.png", "cut.png", "missing_piece.jpg"] {
        assert!(matches!(fault(name), ProfileFault::Damaged { .. }), "{name}: {}", fault(name));
    }
    assert_eq!(fault("cmyk.png"), ProfileFault::NotRgb { space: "CMYK".into() });
    assert_eq!(fault("grey.png"), ProfileFault::NotRgb { space: "GRAY".into() });
    assert_eq!(fault("inverted.png"), ProfileFault::Absurd);
    assert_eq!(fault("large.png"), ProfileFault::TooLarge);
    assert_eq!(photo("large.png").profile, EmbeddedProfile::TooLarge, "its bytes are let go of");
}

#[test]
fn a_png_whose_profile_cannot_be_inflated_says_so() {
    let mut bytes = std::fs::read(fixture("display_p3.png")).unwrap();
    let at = bytes.windows(4).position(|name| name == b"iCCP").unwrap();
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    bytes[at + 60..at + 4 + length].fill(0x55);
    let sum = crc32fast::hash(&bytes[at..at + 4 + length]);
    bytes[at + 4 + length..at + 8 + length].copy_from_slice(&sum.to_be_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.png");
    std::fs::write(&path, bytes).unwrap();
    let photo = decode::photo_file(&path).unwrap();
    assert_eq!(photo.profile, EmbeddedProfile::Broken);
    assert_eq!(photo.rgb(), self::photo("stored.png").rgb());
}

#[test]
fn a_tiffs_profile_that_lies_beyond_its_end_says_so() {
    let mut bytes = std::fs::read(fixture("display_p3.tif")).unwrap();
    // The entry of tag 34675, little-endian: its type, its length, where it lies.
    let at = bytes.windows(4).position(|entry| entry == [0x73, 0x87, 7, 0]).unwrap();
    let mut read_with = |place: usize, value: u32| {
        bytes[at + place..at + place + 4].copy_from_slice(&value.to_le_bytes());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrong.tif");
        std::fs::write(&path, &bytes).unwrap();
        let photo = decode::photo_file(&path).unwrap();
        assert_eq!(photo.rgb(), self::photo("stored.png").rgb());
        photo.profile
    };
    assert_eq!(read_with(8, 0x7FFF_0000), EmbeddedProfile::Broken);
    assert_eq!(read_with(4, 0x7FFF_0000), EmbeddedProfile::TooLarge);
}

/// Every byte of a profile wrong in turn, and the profile cut at every length: whatever that gives, it is an answer.
#[test]
fn no_damage_to_a_profile_brings_the_program_down() {
    for name in ["display_p3.png", "adobe_rgb.png"] {
        let file = photo(name);
        let EmbeddedProfile::Bytes(whole) = &file.profile else { panic!("it is embedded") };
        let mut answers = [0; 2];
        let mut ask = |bytes: Vec<u8>| {
            let profile = Profile::of(&EmbeddedProfile::Bytes(bytes));
            if let Some(to_srgb) = profile.to_srgb() {
                to_srgb.apply(&mut [0, 1, 2, 253, 254, 255]);
            }
            answers[usize::from(matches!(profile, Profile::Refused(_)))] += 1;
        };
        for at in 0..whole.len() {
            ask(whole[..at].to_vec());
            for wrong in [0x00, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = wrong;
                ask(bytes);
            }
        }
        assert!(answers.iter().all(|&count| count > whole.len() / 4), "{name}: {answers:?}");
    }
}

#[test]
fn networks_and_measures_are_given_the_stored_pixels_with_a_profile_or_without() {
    let stored = photo("stored.png");
    let card = Model::built_in().unwrap().card.clone();
    let tensor = |photo: &Photo| preprocess::prepare(photo, &card, InputForm::Normalised).values().to_vec();
    let [width, height] = stored.size();
    let mask = dermaloupe::mask::Mask::from_grey(width, height, vec![255; stored.rgb().len() / 3]);
    let lesion = Lesion::largest_of(&mask).unwrap();
    let colours = |photo: &Photo| format!("{:?}", Colours::of(photo, &lesion, &Shape::of(&lesion)));
    for name in ["display_p3.png", "adobe_rgb.png", "swapped.png", "table.png", "garbage.png", "inverted.png"] {
        let photo = photo(name);
        assert_eq!(photo.rgb(), stored.rgb(), "{name}");
        assert_eq!(tensor(&photo), tensor(&stored), "{name}");
        assert_eq!(colours(&photo), colours(&stored), "{name}");
        assert_eq!(photo.sha256, decode::sha256_hex(&std::fs::read(fixture(name)).unwrap()), "{name}");
    }
}

#[test]
fn the_panel_names_the_profile_or_says_why_it_is_not_used() {
    let folder =
        folder_of(&["display_p3.png", "inverted.png", "cmyk.png", "large.png", "garbage.png", "stored.png"]);
    let mut bench = Bench::open(&[folder.path()]);
    assert!(bench.shows("Display P3") && bench.shows_part("Shown in sRGB"));
    for reason in ["light and dark", "for CMYK", "larger than any real one", "is damaged"] {
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
    bench.send(Command::Display(Change::Tone(Tone { brightness: 0.4, contrast: -0.3, gamma: 2.0 })));
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
    bench.send(Command::Display(Change::Tone(Tone { brightness: 0.5, ..Tone::default() })));
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
    let open = || Bench::with_settings_and(&settings, |options| options.paths = vec![folder.path().to_owned()]);
    let tone = Tone { brightness: 0.2, ..Tone::default() };
    let mut bench = open();
    bench.send(Command::Display(Change::Tone(tone)));
    bench.press(Key::ArrowRight);
    assert!(tone_of(&bench).is_neutral());
    bench.send(Command::Display(Change::Open(true)));
    bench.choose("Keep for the next photographs");
    bench.send(Command::Display(Change::Tone(tone)));
    bench.press(Key::ArrowRight);
    assert_eq!(tone_of(&bench), tone);
    drop(bench);
    let bench = open();
    assert!(bench.state().display.keeps_tone && bench.state().display.is_open);
    assert!(tone_of(&bench).is_neutral(), "no window begins with an adjusted photo");
}

#[test]
fn a_note_has_its_capitals_and_moves_of_the_cursor() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::M);
    bench.press_with(Modifiers::SHIFT, Key::ArrowUp);
    assert!(tone_of(&bench).is_neutral(), "the note has the key");
}
