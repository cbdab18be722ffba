//! The camera's picture in the window, from a camera that the test feeds.

mod looking;

use std::sync::Arc;

use crate::common_camera::{FedCamera, SIZE};
use crate::common_window::{Bench, folder_of_phantoms, models_with_a_broken_one, phantom};
use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::LiveChange;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::live::LivePhase;
use dermaloupe::capture::{CaptureError, SourceName};
use dermaloupe::decode;
use dermaloupe::live::LiveAdvice;
use dermaloupe::records::ReviewState;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

impl Bench {
    /// A window at a photo, with `camera` in place of this computer's.
    fn with_camera(camera: &FedCamera) -> Self {
        let mut bench = Self::open(&[&phantom("phantom2.jpg")]);
        bench.harness.state_mut().use_cameras(camera.access());
        bench
    }

    /// The same, at the camera's first frame.
    fn live(camera: &FedCamera) -> Self {
        let mut bench = Self::with_camera(camera);
        camera.show("phantom3.jpg");
        bench.press(Key::L);
        bench.until("a frame is shown", is_running);
        bench
    }

    fn phase(&self) -> LivePhase {
        self.state().live.phase.clone()
    }

    /// Until the frame of this picture is shown.
    fn until_shown(&mut self, picture: &Arc<Vec<u8>>) {
        self.until("it is shown", |window| shows(window, picture));
    }
}

fn shows(window: &Window, picture: &Arc<Vec<u8>>) -> bool {
    window.state().live.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(&shown.frame.bytes, picture))
}

fn is_running(window: &Window) -> bool {
    window.state().live.phase == LivePhase::Running
}

#[test]
fn the_key_shows_the_newest_frame_with_its_own_outline_and_escape_brings_the_photo_back() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let before = bench.state().current.number;
    let shown = bench.state().live.shown.clone().expect("a frame is shown");
    assert_eq!(shown.frame.format.size, SIZE);
    assert!(!shown.outlines.is_empty() && shown.picture.is_none(), "what stands on the card is not held twice");
    assert!(bench.shows("Live picture") && bench.shows_part("frames/s") && bench.shows_part("320 × 240 RGB"));
    assert!(!bench.shows("Threshold") && !bench.shows_part("Dice"), "nothing is shown of the photo");
    let picture = camera.show("phantom2.jpg");
    bench.until_shown(&picture);
    let next = bench.state().live.shown.clone().expect("a frame is shown");
    assert_ne!(next.outlines, shown.outlines, "each has its own");
    bench.press(Key::Escape);
    assert!(!bench.state().live.is_on && bench.state().live.shown.is_none());
    assert_eq!((bench.state().current.number, bench.name()), (before, "phantom2.jpg".to_owned()));
    assert!(bench.shows_part("Dice"));
    bench.until("the camera is let go", |_| camera.open() == 0);
}

#[test]
fn nothing_is_painted_again_once_live_is_off_and_frames_use_one_texture() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let textures = |bench: &Bench| bench.harness.ctx.tex_manager().read().num_allocated();
    let before = textures(&bench);
    for place in 0..20 {
        let picture = camera.show(if place % 2 == 0 { "phantom2.jpg" } else { "phantom3.jpg" });
        bench.until_shown(&picture);
        assert_eq!(textures(&bench), before);
    }
    bench.press(Key::L);
    assert_eq!(textures(&bench), before - 1, "it has gone with the picture");
    bench.until("the camera is let go", |_| camera.open() == 0);
    bench.settle();
    assert!(!bench.harness.ctx.has_requested_repaint(), "nothing moves");
}

#[test]
fn space_freezes_and_enter_keeps_the_picture_as_a_photo_like_any_other() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let (folder, count) = (tempfile::tempdir().unwrap(), bench.state().entries.len());
    bench.press(Key::Space);
    assert!(bench.state().live.is_frozen() && bench.shows("Frozen"));
    let still = bench.state().live.shown.clone().expect("it stands");
    camera.show("phantom2.jpg");
    bench.pass(1.0);
    assert!(Arc::ptr_eq(&still, bench.state().live.shown.as_ref().unwrap()), "no other takes its place");
    bench.send(LiveChange::Folder(folder.path().to_owned()).into());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "choosing a folder keeps nothing");
    bench.press(Key::Enter);
    bench.until("it goes on", is_running);
    let kept: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [path] = &kept[..] else { panic!("{kept:?}") };
    let photo = decode::photo_file(path).unwrap();
    assert_eq!((photo.size(), photo.rgb()), (SIZE, &still.frame.bytes[..]), "without loss");
    assert!(bench.notice().contains("Picture saved"), "{}", bench.notice());
    assert_eq!(bench.state().entries.len(), count + 1, "it is in the filmstrip");
    bench.send(Command::Select(count));
    assert!(!bench.state().live.is_on);
    assert!(matches!(bench.state().current.phase, Phase::Done) && bench.state().has_mask());
    assert!(bench.state().current.measured.is_some(), "it is measured");
    bench.press(Key::Num6);
    assert_eq!(bench.state().reviewing.state_of(&bench.state().entries[count].source), ReviewState::Accepted);
    assert!(folder.path().join(".dermaloupe").is_dir(), "and reviewed beside it");
}

#[test]
fn the_next_picture_goes_into_the_folder_that_was_chosen() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let folder = tempfile::tempdir().unwrap();
    bench.send(LiveChange::Folder(folder.path().to_owned()).into());
    for count in 1..=2 {
        bench.press(Key::Enter);
        bench.until("it is kept", is_running);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), count);
    }
    assert_eq!(bench.state().asking, None);
    assert!(bench.shows_part("Folder for pictures: "), "and can be changed");
}

#[test]
fn a_picture_that_cannot_be_written_stays_and_says_why() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let count = bench.state().entries.len();
    bench.send(LiveChange::Folder("/no/such/folder".into()).into());
    bench.press(Key::Enter);
    assert!(bench.state().live.is_frozen(), "it can be kept elsewhere");
    assert!(bench.notice().contains("/no/such/folder"), "{}", bench.notice());
    assert_eq!(bench.state().entries.len(), count, "nothing has joined them");
}

#[test]
fn the_automatic_shutter_freezes_after_half_a_second_of_a_good_picture() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    bench.send(LiveChange::Shutter(true).into());
    let mut shares = Vec::new();
    for _ in 0..40 {
        let picture = camera.show("phantom3.jpg");
        bench.until("it is shown", |window| shows(window, &picture) || window.state().live.is_frozen());
        bench.step();
        if bench.state().live.is_frozen() {
            break;
        }
        let advice = bench.state().live.advice().expect("a frame came");
        if advice == LiveAdvice::Ready {
            assert!(bench.shows("Keep still…"), "and a ring that fills");
        } else {
            let words = advice.message().said_in(bench.state().language);
            assert!(bench.shows(&words), "{words}");
        }
        shares.push(bench.state().live.shutter_share());
    }
    assert_eq!(bench.phase(), LivePhase::Frozen { by_shutter: true }, "{shares:?}");
    assert!(shares.iter().any(|share| (0.2..1.0).contains(share)), "it is counted: {shares:?}");
    assert!(bench.shows("Picture taken"));
    bench.press(Key::Space);
    bench.until("it goes on", is_running);
}

#[test]
fn what_is_wrong_with_a_picture_is_said_before_it_is_taken() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let dark: Vec<u8> = decode::photo_file(&phantom("phantom3.jpg")).unwrap().reduced(SIZE);
    let dark: Vec<u8> = dark.into_iter().map(|level| level / 8).collect();
    camera.show_rgb(dark);
    bench.until("it is seen", |window| window.state().live.advice() == Some(LiveAdvice::MoreLight));
    bench.step();
    assert!(bench.shows("More light"));
}

#[test]
fn each_failure_of_a_camera_is_said_and_it_goes_on_by_itself() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let name = || "Dermatoscope".to_owned();
    let permission = CaptureError::NoPermission { group: "video".to_owned(), path: "/dev/video0".into() };
    for (error, said) in [
        (CaptureError::NoDevice, "No camera was found"),
        (CaptureError::Busy { camera: name() }, "Another program is using"),
        (permission, "join the group video"),
    ] {
        camera.refuse(Some(error));
        let mut bench = Bench::with_camera(&camera);
        bench.press(Key::L);
        bench.until("it is said", |window| matches!(window.state().live.phase, LivePhase::Waiting(_)));
        bench.step();
        assert!(bench.shows("No live picture") && bench.shows_part(said), "{said}");
        camera.refuse(None);
        camera.show("phantom3.jpg");
        bench.until("it goes on by itself", is_running);
    }
    for error in [CaptureError::Unplugged { camera: name() }, CaptureError::Frozen { camera: name(), seconds: 2.0 }]
    {
        let mut bench = Bench::live(&camera);
        let words = error.message().said_in(bench.state().language);
        camera.refuse(Some(CaptureError::NotFound { wanted: name() }));
        camera.fail(error);
        bench.until("it is said", |window| matches!(window.state().live.phase, LivePhase::Waiting(_)));
        bench.step();
        assert!(bench.state().live.shown.is_none(), "no old picture is taken for a live one");
        assert!(bench.shows("No live picture"), "{words}");
        camera.refuse(None);
        bench.until("it goes on by itself", is_running);
    }
}

#[test]
fn a_frozen_picture_outlives_its_camera_and_can_be_kept() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let folder = tempfile::tempdir().unwrap();
    bench.send(LiveChange::Folder(folder.path().to_owned()).into());
    bench.press(Key::Space);
    camera.refuse(Some(CaptureError::NoDevice));
    camera.fail(CaptureError::Unplugged { camera: "Dermatoscope".to_owned() });
    bench.until("it is gone", |_| camera.open() == 0);
    bench.settle();
    assert!(bench.state().live.is_frozen() && bench.state().live.shown.is_some());
    bench.press(Key::Enter);
    bench.until("it is kept, and then said", |window| matches!(window.state().live.phase, LivePhase::Waiting(_)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_source_that_panics_is_opened_again() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    camera.panic();
    bench.until("it is said", |window| matches!(window.state().live.phase, LivePhase::Waiting(_)));
    bench.until("it goes on by itself", is_running);
    assert_eq!(camera.opened().len(), 2);
}

#[test]
fn a_network_that_fails_is_said_and_another_goes_on() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let models = models_with_a_broken_one();
    let mut bench = Bench::open_with(|options| options.models = Some(models.path().to_owned()));
    let sound = bench.state().network.model.card.name.clone();
    bench.harness.state_mut().use_cameras(camera.access());
    bench.send(Command::UseModel("broken".into()));
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("it is said", |window| matches!(window.state().live.phase, LivePhase::NetworkFailed(_)));
    bench.step();
    assert!(bench.shows("The network could not run") && bench.shows("Try again"));
    bench.send(Command::UseModel(sound));
    camera.show("phantom3.jpg");
    bench.until("it goes on", is_running);
    assert!(!bench.shows("The network could not run"));
}

#[test]
fn a_network_that_cannot_outline_moving_pictures_says_so() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::with_camera(&camera);
    bench.send(Action::OpenFundusSample.into());
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("it is said", |window| matches!(window.state().live.phase, LivePhase::NetworkFailed(_)));
    bench.step();
    assert!(bench.shows_part("choose a model for lesions"));
}

#[test]
fn cameras_are_chosen_by_name_and_the_choice_is_opened() {
    let camera = FedCamera::named(&["Dermatoscope", "Webcam"]);
    let mut bench = Bench::live(&camera);
    bench.until("they are found", |window| window.state().live.cameras.len() == 2);
    bench.click("Camera: Dermatoscope");
    assert!(bench.shows("Play a file…") && bench.shows("Play a folder…"));
    bench.choose("Webcam");
    bench.until("it is opened", is_running);
    assert_eq!(camera.opened(), [SourceName::FirstCamera, SourceName::Camera("/dev/video1".to_owned())]);
    bench.until("only one is open", |_| camera.open() == 1);
    bench.step();
    assert_eq!(bench.state().live.figures.source, "Webcam");
}

#[test]
fn smoothing_and_shutter_are_switched_while_it_runs() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    assert!(bench.state().live.is_smoothed && !bench.state().live.has_shutter);
    bench.click("Smooth outline");
    bench.click("Automatic shutter");
    assert!(!bench.state().live.is_smoothed && bench.state().live.has_shutter);
    assert_eq!(camera.opened().len(), 1, "the camera stays open");
}

#[test]
fn what_is_about_photos_brings_them_back_and_keys_of_the_photo_do_nothing_before_the_camera() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let folder = folder_of_phantoms(3);
    let mut bench = Bench::open(&[folder.path()]);
    bench.harness.state_mut().use_cameras(camera.access());
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("a frame is shown", is_running);
    for key in [Key::ArrowRight, Key::Num6, Key::E, Key::R, Key::C, Key::T] {
        bench.press(key);
    }
    assert!(bench.state().live.is_on && bench.state().selected == 0);
    assert!(!bench.state().correction.is_on && !bench.state().comparing.is_on);
    assert_eq!(bench.state().reviewing.state_of(&bench.state().entries[0].source), ReviewState::NotSeen);
    bench.send(Command::Select(2));
    assert!(!bench.state().live.is_on && bench.name() == "photo3.png");
}

#[test]
fn help_lists_the_keys_of_the_camera() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::F1);
    for words in ["Camera", "Live", "Freeze", "Keep picture", "Folder for pictures"] {
        assert!(bench.shows(words), "{words}");
    }
    let line = |words: &str| {
        let nodes = bench.harness.query_all_by_label(words);
        nodes.map(|node| node.rect().center().y).collect::<Vec<f32>>()
    };
    for (key, words) in [("L", "Live"), ("Space", "Freeze"), ("Enter", "Keep picture")] {
        let is_beside = line(words).iter().any(|y| line(key).iter().any(|other| (y - other).abs() < 4.0));
        assert!(is_beside, "{key} for {words}");
    }
}

#[test]
fn a_window_begins_with_the_source_of_the_command_line() {
    let folder = folder_of_phantoms(2);
    let source = SourceName::Played(folder.path().to_owned());
    let mut bench = Bench::open_with(|options| options.live = Some(source.clone()));
    bench.until("it plays", is_running);
    assert!(bench.state().live.is_on && bench.state().live.source == Some(source));
    bench.press(Key::Escape);
    assert!(bench.state().current.photo.is_some(), "the sample is there");
}
