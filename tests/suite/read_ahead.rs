//! The photographs next to the one on the canvas are in memory before anybody asks for them, and nothing of them shows
//! before it is reached, nor what they were before they changed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use crate::common_window::{Bench, folder_of_phantoms, models_with_a_strict_one, phantom};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::read_ahead::ReadPhoto;
use dermaloupe::decode::sha256_hex;
use dermaloupe::photo::PhotoSource;
use egui::Key;

/// A folder of photographs that were written an hour ago, as photographs are.
fn folder_of(count: usize) -> tempfile::TempDir {
    let folder = folder_of_phantoms(count);
    for number in 1..=count {
        date_back(&photo(folder.path(), number));
    }
    folder
}

fn photo(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("photo{number}.png"))
}

fn date_back(path: &Path) {
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    File::options().append(true).open(path).unwrap().set_modified(hour_ago).unwrap();
}

/// What is in memory of the photograph of that number.
fn ahead(bench: &Bench, folder: &Path, number: usize) -> Option<Arc<ReadPhoto>> {
    bench.state().read_ahead.photo(&PhotoSource::File(photo(folder, number))).cloned()
}

/// The numbers of those of which all is known that can be.
fn finished(bench: &Bench, folder: &Path) -> Vec<usize> {
    let is_finished =
        |number: &usize| ahead(bench, folder, *number).is_some_and(|read| read.finished_for.is_some());
    (1..=bench.state().entries.len()).filter(is_finished).collect()
}

#[test]
fn both_neighbours_are_in_memory_and_nothing_else() {
    let folder = folder_of(5);
    let mut bench = Bench::open(&[&photo(folder.path(), 3)]);
    assert_eq!(finished(&bench, folder.path()), [2, 4]);
    bench.press(Key::ArrowRight);
    assert_eq!(finished(&bench, folder.path()), [3, 5], "the one before goes, the one that was shown stays");
    bench.press(Key::Home);
    assert_eq!(finished(&bench, folder.path()), [2]);
    assert!(bench.state().read_ahead.bytes() <= bench.state().read_ahead.budget_bytes);
}

#[test]
fn after_a_walk_nothing_asks_for_another_frame() {
    let folder = folder_of(6);
    let mut bench = Bench::open(&[folder.path()]);
    // A key moves the focus to nothing, and the pointer lies over the photograph.
    bench.harness.hover_at(egui::pos2(400.0, 400.0));
    for _ in 0..5 {
        bench.press(Key::ArrowRight);
    }
    // Notices leave by themselves, and animations end.
    bench.pass(20.0);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    bench.harness.ctx.set_request_repaint_callback(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    for _ in 0..30 {
        bench.step();
        assert!(!bench.harness.ctx.has_requested_repaint(), "{:?}", bench.harness.ctx.repaint_causes());
    }
    assert_eq!(
        asked.load(Ordering::Relaxed),
        0,
        "at rest no frame follows by itself, nor does a thread wake the window"
    );
    bench.press(Key::ArrowLeft);
    assert!(asked.load(Ordering::Relaxed) > 0, "what is asked for is counted");
}

#[test]
fn what_was_read_ahead_is_what_is_shown() {
    let folder = folder_of(2);
    std::fs::copy(phantom("phantom2_segmentation.png"), folder.path().join("photo2_segmentation.png")).unwrap();
    date_back(&folder.path().join("photo2_segmentation.png"));
    let mut bench = Bench::open(&[folder.path()]);
    let read = ahead(&bench, folder.path(), 2).unwrap();
    let (segmented, outline) = (read.segmented.clone().unwrap(), read.outline.clone().unwrap());
    bench.press(Key::ArrowRight);
    let current = &bench.state().current;
    assert!(matches!(current.phase, Phase::Done));
    assert!(Arc::ptr_eq(current.photo.as_ref().unwrap(), &read.photo));
    assert!(Arc::ptr_eq(current.segmentation.as_ref().unwrap(), &segmented.segmentation));
    assert!(Arc::ptr_eq(current.derived.as_ref().unwrap(), &outline.outlined), "it is not drawn again");
    assert_eq!(current.reference.as_ref().unwrap().name.as_deref(), Some("photo2_segmentation.png"));
    assert!(current.derived.as_ref().unwrap().agreement.unwrap().dice() > 0.9);
    assert_eq!(current.histogram, segmented.histogram);

    bench.press(Key::ArrowLeft);
    bench.press(Key::ArrowRight);
    assert!(
        Arc::ptr_eq(bench.state().current.photo.as_ref().unwrap(), &read.photo),
        "nor is it read for the way back"
    );
}

#[test]
fn a_run_of_the_network_is_timed_once_however_often_its_photograph_is_shown() {
    let folder = folder_of(2);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::ArrowRight);
    let both = bench.state().network.times.clone();
    bench.press(Key::ArrowLeft);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().network.times, both);
}

#[test]
fn a_photograph_that_was_changed_meanwhile_is_read_again() {
    let folder = folder_of(2);
    let mut bench = Bench::open(&[folder.path()]);
    assert!(ahead(&bench, folder.path(), 2).is_some());
    std::fs::copy(phantom("phantom3.jpg"), photo(folder.path(), 2)).unwrap();
    date_back(&photo(folder.path(), 2));
    bench.press(Key::ArrowRight);
    let shown = bench.state().current.photo.clone().unwrap();
    assert_eq!(shown.sha256(), sha256_hex(&std::fs::read(phantom("phantom3.jpg")).unwrap()));
}

#[test]
fn a_reference_that_was_changed_closed_or_added_meanwhile_is_not_the_one_that_was_read() {
    let folder = folder_of(2);
    let mask = folder.path().join("photo2_segmentation.png");
    let mut bench = Bench::open(&[folder.path()]);
    assert!(ahead(&bench, folder.path(), 2).unwrap().reference.is_none());
    std::fs::copy(phantom("phantom2_segmentation.png"), &mask).unwrap();
    date_back(&mask);
    bench.press(Key::ArrowRight);
    let first = bench.state().current.reference.clone().expect("the one that was added");
    assert!(bench.state().current.derived.as_ref().unwrap().agreement.is_some(), "it is in the figures");

    bench.press(Key::ArrowLeft);
    assert!(ahead(&bench, folder.path(), 2).unwrap().reference.is_some());
    image::GrayImage::new(first.mask.size()[0], first.mask.size()[1]).save(&mask).unwrap();
    date_back(&mask);
    bench.press(Key::ArrowRight);
    let second = bench.state().current.reference.clone().expect("the one that took its place");
    assert!(second.mask.is_empty() && !first.mask.is_empty());

    bench.send(Action::CloseReference.into());
    bench.press(Key::ArrowLeft);
    bench.press(Key::ArrowRight);
    assert!(bench.state().current.reference.is_none(), "it was closed");
}

#[test]
fn a_damaged_neighbour_is_said_when_the_person_gets_there() {
    let folder = folder_of(3);
    std::fs::write(photo(folder.path(), 2), "no photograph").unwrap();
    date_back(&photo(folder.path(), 2));
    let mut bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.app().state().notices.list().len(), 0);
    assert!(bench.state().entries.iter().all(|entry| entry.failure.is_none()));
    bench.press(Key::ArrowRight);
    assert!(matches!(bench.state().current.phase, Phase::FileFailed(_)));
    assert_eq!(finished(&bench, folder.path()), [1, 3], "those beside it are in memory");
    bench.press(Key::ArrowRight);
    assert!(matches!(bench.state().current.phase, Phase::Done));
}

#[test]
fn a_photograph_that_may_just_be_written_is_left_alone() {
    let folder = folder_of_phantoms(2);
    let mut bench = Bench::open(&[folder.path()]);
    assert!(ahead(&bench, folder.path(), 2).is_none());
    bench.press(Key::ArrowRight);
    assert!(matches!(bench.state().current.phase, Phase::Done));
}

#[test]
fn with_another_network_pixels_stay_and_its_own_mask_is_shown() {
    let folder = folder_of(2);
    let models = models_with_a_strict_one();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
        options.model = Some(dermaloupe::inference::Model::BUILT_IN.to_owned());
    });
    let before = ahead(&bench, folder.path(), 2).unwrap();
    bench.send(Command::UseModel("strict".to_owned()));
    let after = ahead(&bench, folder.path(), 2).unwrap();
    assert!(Arc::ptr_eq(&before.photo, &after.photo), "it is not decoded again");
    bench.press(Key::ArrowRight);
    let current = &bench.state().current;
    assert_eq!(current.segmentation.as_ref().unwrap().model, "strict");
    assert_eq!(current.derived.as_ref().unwrap().threshold, 0.8);
}

#[test]
fn a_moved_threshold_and_another_view_are_those_of_the_next_photograph() {
    let folder = folder_of(2);
    let mut bench = Bench::open(&[folder.path()]);
    let before = ahead(&bench, folder.path(), 2).unwrap();
    bench.send(Command::SetThreshold(0.7));
    bench.press(Key::Num2);
    let after = ahead(&bench, folder.path(), 2).unwrap();
    let result = |read: &ReadPhoto| Arc::clone(&read.segmented.as_ref().unwrap().segmentation);
    assert!(Arc::ptr_eq(&result(&before), &result(&after)), "the network does not run again");
    let outline = after.outline.clone().unwrap();
    assert!(outline.layer.is_some() && outline.outlined.threshold == 0.7);
    bench.press(Key::ArrowRight);
    assert!(Arc::ptr_eq(bench.state().current.derived.as_ref().unwrap(), &outline.outlined));
    bench.send(Command::SetThreshold(0.2));
    bench.send(Command::SetThreshold(0.7));
    let derived = bench.state().current.derived.clone().unwrap();
    assert!(derived.threshold == 0.7 && derived.area_px == outline.outlined.area_px);
}

#[test]
fn a_photograph_that_was_corrected_is_shown_with_its_corrected_mask() {
    let folder = folder_of(2);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::ArrowRight);
    bench.send(Action::ToggleCorrection.into());
    bench.send(Action::Grow.into());
    bench.send(Action::ToggleCorrection.into());
    let corrected = bench.state().current.derived.as_ref().unwrap().area_px;
    bench.press(Key::ArrowLeft);
    let network = ahead(&bench, folder.path(), 2).unwrap().outline.clone().unwrap();
    assert!(network.outlined.area_px < corrected);
    bench.harness.key_press(Key::ArrowRight);
    bench.until("its outline is there", |window| {
        window.state().shown == Some(1) && window.state().current.derived.is_some()
    });
    assert_eq!(bench.state().current.derived.as_ref().unwrap().area_px, corrected, "the network's is never shown");
}
