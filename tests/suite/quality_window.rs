//! Capture quality in the window: a line that says what is to be remarked, and hair that is hidden on the screen alone.

use std::sync::Arc;

use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use egui::{Key, Modifiers};

use crate::common_window::Bench;
use crate::quality::draw_photos;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    draw_photos(folder.path());
    folder
}

#[test]
fn a_line_says_what_is_to_be_remarked_and_folds_away_where_nothing_is() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    assert!(!bench.shows_part("Photograph: "), "all is well");
    bench.press(Key::ArrowRight);
    assert!(bench.shows_part("Photograph: The photograph is dark"));
    let measured = bench.state().current.measured.clone().unwrap();
    assert!(measured.quality.is_poor());
    bench.press(Key::ArrowRight);
    assert!(bench.shows_part("Hair covers") && !bench.shows_part("The photograph is dark"));
    bench.send(Command::Do(Action::ToggleLanguage));
    assert!(bench.shows_part("毛发遮挡照片的"));
}

#[test]
fn hidden_hair_is_for_the_screen_alone_and_goes_with_its_photo() {
    let folder = folder();
    let saved = tempfile::tempdir().unwrap();
    let [with, without] = ["with.png", "without.png"].map(|name| saved.path().join(name));
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::End);
    let before = bench.state().current.clone();
    bench.send(Command::SaveOverlayTo(with.clone()));
    bench.press_with(Modifiers::SHIFT, Key::H);
    assert!(bench.state().display.hidden.hair && bench.shows_part("Hair hidden"));
    let after = bench.state().current.clone();
    assert!(Arc::ptr_eq(&before.photo.unwrap(), &after.photo.unwrap()), "another photo");
    let [one, other] = [before.segmentation.unwrap(), after.segmentation.unwrap()];
    assert!(Arc::ptr_eq(&one, &other), "the network ran again");
    assert!(Arc::ptr_eq(&before.derived.unwrap(), &after.derived.unwrap()), "the outline was drawn again");
    assert!(Arc::ptr_eq(&before.measured.unwrap(), &after.measured.unwrap()), "it was measured again");
    // A network that is run while hair is hidden sees the stored pixels.
    bench.press(Key::F5);
    let again = bench.state().current.segmentation.clone().unwrap();
    assert_eq!((&one.probability, &one.mask), (&again.probability, &again.mask));
    bench.send(Command::SaveOverlayTo(without.clone()));
    assert_eq!(std::fs::read(with).unwrap(), std::fs::read(without).unwrap());
    bench.press(Key::O);
    assert!(!bench.state().display.hidden.hair && !bench.shows_part("Hair hidden"));
    bench.press_with(Modifiers::SHIFT, Key::H);
    bench.press(Key::ArrowLeft);
    assert!(!bench.state().display.hidden.hair, "the next photo opens as it is stored");
}

#[test]
fn dark_corners_are_hidden_beside_hair_and_both_come_back_by_one_key() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press_with(Modifiers::SHIFT, Key::K);
    assert!(bench.shows_part("Dark corners hidden") && !bench.shows_part("Hair hidden"));
    bench.press_with(Modifiers::SHIFT, Key::H);
    assert!(bench.shows_part("Hair hidden") && bench.shows_part("Dark corners hidden"));
    bench.press_with(Modifiers::SHIFT, Key::K);
    assert!(bench.shows_part("Hair hidden") && !bench.shows_part("Dark corners hidden"));
    bench.press_with(Modifiers::SHIFT, Key::K);
    bench.press(Key::O);
    assert!(bench.state().display.is_as_stored());
    assert!(!bench.shows_part("Hair hidden") && !bench.shows_part("Dark corners hidden"));
}
