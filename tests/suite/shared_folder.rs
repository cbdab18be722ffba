//! Two windows, and two batches, at work on one folder at once: nothing of either is lost, and who comes second is told.

use std::process::Stdio;

use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::records::{RecordsLocation, ReviewState};
use egui::Key;

use crate::common::{Run, Workplace};
use crate::common_window::{Bench, folder_of_phantoms};
use crate::soak::drawn;

/// Four photographs, none of which is another's copy.
fn folder_of_photos() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..4 {
        std::fs::write(folder.path().join(format!("{number}.png")), drawn(number)).expect("it can be written");
    }
    folder
}

#[test]
fn two_windows_on_one_folder_lose_no_decision_of_each_other() {
    let folder = folder_of_photos();
    let [mut one, mut other] = [0, 1].map(|_| Bench::open(&[folder.path()]));
    let decide = |bench: &mut Bench, place: usize, state: ReviewState| {
        bench.send(Command::Select(place));
        bench.send(Command::Review(ReviewChange::Decide(state)));
    };
    decide(&mut one, 0, ReviewState::Accepted);
    decide(&mut other, 3, ReviewState::Rejected);
    decide(&mut one, 1, ReviewState::Accepted);
    // Of both on one photograph the later counts.
    decide(&mut one, 2, ReviewState::Accepted);
    decide(&mut other, 2, ReviewState::Unsure);
    drop((one.close(), other.close()));
    let found = RecordsLocation::of_folder(folder.path(), None).read();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    let mut states: Vec<(&str, ReviewState)> =
        found.list.photos.iter().map(|review| (review.name.as_str(), review.state)).collect();
    states.sort_by_key(|(name, _)| *name);
    let [accepted, rejected, unsure] = [ReviewState::Accepted, ReviewState::Rejected, ReviewState::Unsure];
    assert_eq!(states, [("0.png", accepted), ("1.png", accepted), ("2.png", unsure), ("3.png", rejected)]);
}

#[test]
fn of_two_windows_that_correct_one_photograph_the_second_is_told() {
    let folder = folder_of_phantoms(1);
    let [mut one, mut other] = [0, 1].map(|_| Bench::open(&[folder.path()]));
    for bench in [&mut one, &mut other] {
        bench.press(Key::E);
        bench.press(Key::G);
    }
    let said = other.app().state().notices.list().iter().map(|notice| notice.words.to_string()).collect::<String>();
    assert!(said.contains("another window is correcting this photograph"), "{said}");
    let kept = one.state().editing.history.as_ref().map(|history| (**history.mask()).clone()).expect("it corrects");
    drop((other.close(), one.close()));
    let again = Bench::open(&[folder.path()]);
    let found = again.state().editing.history.as_ref().map(|history| (**history.mask()).clone());
    assert!(found == Some(kept), "the first one's strokes are there");
}

#[test]
fn two_batches_on_one_folder_write_what_one_writes() {
    let place = Workplace::new();
    for name in ["a", "b", "c"] {
        place.phantom(&format!("photos/{name}.jpg"));
    }
    place.run("segment photos --out alone --overlay --engine rten").went_well();
    let start = || {
        let mut command = place.command();
        command.args("segment photos --out both --overlay --engine rten".split_whitespace());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    for child in [start(), start()] {
        let output = child.wait_with_output().expect("it ends");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        Run { code: output.status.code(), stdout, stderr }.went_well();
    }
    assert_eq!(place.names("both"), place.names("alone"));
    for name in place.names("alone") {
        let [both, alone] =
            ["both", "alone"].map(|folder| std::fs::read(place.path(folder).join(&name)).expect("read"));
        assert!(both == alone, "{name} differs");
    }
}
