//! Which photographs to look at first: their order by doubt, the way to the next doubtful one, and the pass through those that
//! nobody has opened.

use std::path::Path;

use crate::common_window::{Bench, add_network, folder_of_phantoms, models_with_a_strict_one};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::list_order::ListOrder;
use dermaloupe::app::model::review::ReviewFilter;
use dermaloupe::confidence::DoubtReason;
use dermaloupe::inference::Model;
use dermaloupe::records::ReviewState;
use egui::{Key, Modifiers};

/// Three photographs, of which no lesion is found in the last, and a file that is none.
fn folder() -> tempfile::TempDir {
    let folder = folder_of_phantoms(2);
    bare_skin(&folder.path().join("photo3.png"));
    std::fs::write(folder.path().join("photo4.png"), [&b"\x89PNG\r\n\x1a\n"[..], &[0; 40]].concat()).unwrap();
    folder
}

fn bare_skin(path: &Path) {
    image::RgbImage::from_pixel(320, 240, image::Rgb([214, 170, 150])).save(path).unwrap();
}

fn look_through(bench: &mut Bench) {
    bench.press_with(Modifiers::SHIFT, Key::Y);
}

#[test]
fn the_folder_is_looked_through_and_the_doubtful_photograph_comes_first() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.state().looked_at(), 1, "the photograph on the canvas");
    bench.press(Key::Y);
    assert!(bench.notice().contains("look through the folder with Shift+Y"), "{}", bench.notice());
    look_through(&mut bench);
    let state = bench.state();
    assert_eq!((state.looked_at(), state.queue.is_looking_through), (4, false));
    assert!(bench.notice().starts_with("4 photographs looked through"), "{}", bench.notice());
    assert_eq!(state.doubt(2).unwrap().reasons, [DoubtReason::NothingFound]);
    assert!(state.doubt(3).is_none(), "a file that cannot be read is in no order");
    assert!(state.entries.iter().all(|entry| entry.failure.is_none()), "it fails aloud when a person gets there");
    assert_eq!(state.listed(), [0, 1, 2, 3]);
    bench.send(Command::Review(ReviewChange::Order(ListOrder::Doubt)));
    let listed = bench.state().listed();
    assert_eq!((listed[0], listed[3]), (2, 3));
    bench.press(Key::Home);
    assert_eq!(bench.name(), "photo3.png");
    assert!(bench.shows_part("Look closer: no lesion was found"));
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().selected, listed[1]);
    assert_eq!(bench.state().neighbours().collect::<Vec<_>>(), [listed[2], listed[0]]);
}

#[test]
fn the_next_doubtful_one_is_the_most_doubtful_without_a_decision() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    look_through(&mut bench);
    let doubtful = bench.state().count(ReviewFilter::Doubtful);
    assert!((1..4).contains(&doubtful), "{doubtful}");
    bench.press(Key::Y);
    assert_eq!((bench.name().as_str(), bench.state().listed().len()), ("photo3.png", 4));
    bench.click("Show: All, 4");
    bench.choose(&format!("Doubtful, {doubtful}"));
    assert_eq!(bench.state().listed().len(), doubtful);
    for place in bench.state().listed() {
        bench.send(Command::Select(place));
        bench.send(Command::Review(ReviewChange::Decide(ReviewState::Rejected)));
    }
    bench.press(Key::Y);
    assert!(bench.notice().contains("No photograph without a decision"), "{}", bench.notice());
}

#[test]
fn a_pass_that_is_stopped_leaves_what_it_has_found_and_goes_on_from_there() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    let key = |pressed| egui::Event::Key {
        key: Key::Y,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::SHIFT,
    };
    bench.in_one_frame(vec![key(true), key(false), key(true), key(false)]);
    assert_eq!((bench.state().looked_at(), bench.state().queue.is_looking_through), (1, false));
    bench.send(Command::Review(ReviewChange::Filter(ReviewFilter::Doubtful)));
    bench.click_role_button("Look through the folder");
    assert_eq!(bench.state().looked_at(), 4);
    look_through(&mut bench);
    assert!(bench.notice().starts_with("4 photographs looked through"), "there is nothing left to look at");
}

#[test]
fn a_careful_network_looks_eight_times_and_what_it_saw_by_one_look_is_another_thing() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    look_through(&mut bench);
    let once = bench.state().current.segmentation.clone().unwrap();
    bench.press_with(Modifiers::SHIFT, Key::F5);
    let careful = bench.state().current.segmentation.clone().unwrap();
    assert!(careful.is_careful && !once.is_careful && careful.probability != once.probability);
    assert_eq!(bench.state().looked_at(), 1, "the photograph on the canvas");
    bench.press(Key::ArrowRight);
    assert!(bench.state().current.segmentation.as_ref().unwrap().is_careful, "the next one too");
    bench.press_with(Modifiers::SHIFT, Key::F5);
    assert_eq!((bench.state().looked_at(), bench.state().network.is_careful), (4, false));
}

#[test]
fn a_second_network_that_draws_another_outline_is_a_reason_for_doubt() {
    let (folder, models) = (folder(), tempfile::tempdir().unwrap());
    add_network(models.path(), "strict", |card| {
        card["threshold"] = 0.99.into();
        // The most accurate of all.
        card["test"]["mean_dice"] = 0.999.into();
    });
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
    });
    let alone = bench.state().doubt(0).unwrap().clone();
    assert!(!alone.reasons.contains(&DoubtReason::NetworksDiffer));
    bench.press_with(Modifiers::COMMAND, Key::F5);
    let second = bench.state().current.measured.as_ref().unwrap().second.clone().unwrap();
    let agreement = second.agreement.unwrap();
    let own = &bench.state().network.model.card.name;
    let other = bench.state().network.second().unwrap();
    assert!(own != "strict" && other.card.name == "strict" && other.card.title == second.title);
    // It counts only what is certain, so it draws a smaller outline.
    assert!(agreement > 0.2 && agreement < 0.87, "{agreement}");
    assert!(bench.shows_part("Second network (IoU)") && bench.shows_part("draw different outlines"));
    let doubt = bench.state().doubt(0).unwrap();
    assert_eq!(doubt.reasons[0], DoubtReason::NetworksDiffer);
    assert!(doubt.score > alone.score);
    assert_eq!(bench.state().looked_at(), 1, "with a second network nothing else was looked at");
    look_through(&mut bench);
    assert!(bench.state().doubt(1).unwrap().reasons.contains(&DoubtReason::NetworksDiffer));
    bench.press_with(Modifiers::COMMAND, Key::F5);
    assert_eq!(bench.state().doubt(0).unwrap(), &alone, "as before");
    assert!(!bench.shows_part("Second network (IoU)"));
}

#[test]
fn a_corrected_outline_is_in_no_doubt_and_another_network_has_looked_at_nothing_yet() {
    let (folder, models) = (folder(), models_with_a_strict_one());
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
    });
    look_through(&mut bench);
    assert!(bench.state().doubt(0).is_some());
    for key in [Key::E, Key::G, Key::E] {
        bench.press(key);
    }
    assert!(bench.state().edited_mask().is_some() && bench.state().doubt(0).is_none());
    bench.send(Command::Select(2));
    bench.send(Command::UseModel("strict".into()));
    assert_eq!(bench.state().looked_at(), 1, "the photograph on the canvas");
    bench.send(Command::UseModel(Model::BUILT_IN.into()));
    assert_eq!(bench.state().looked_at(), 4, "what was found is kept while the window is open");
}
