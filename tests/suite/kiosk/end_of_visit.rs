//! The end of a visit: a countdown, then everything is cleared, a fresh process is asked for, and who comes back is told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;

use dermaloupe::app::kiosk::messages::{Handover, ToScreen, ToSupervisor};

use super::*;
use crate::common_camera::FedCamera;

/// The supervisor's end of the line.
struct Supervisor {
    line: BufReader<UnixStream>,
}

impl Supervisor {
    /// One that says how to begin, and the screen's end of its line.
    fn new(handover: Option<Handover>) -> (Self, UnixStream) {
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        ours.set_nonblocking(true).expect("a socket may be asked without waiting");
        let supervisor = Self { line: BufReader::new(ours) };
        supervisor.tell(&ToScreen::Begin(handover));
        (supervisor, theirs)
    }

    fn tell(&self, message: &ToScreen) {
        let line = serde_json::to_string(message).expect("plain data becomes JSON");
        writeln!(self.line.get_ref(), "{line}").expect("the screen listens");
    }

    /// What was said since the last call, without signs of life.
    fn heard(&mut self) -> Vec<ToSupervisor> {
        let mut heard = Vec::new();
        let mut line = String::new();
        while matches!(self.line.read_line(&mut line), Ok(1..)) {
            heard.push(serde_json::from_str(&line).expect("a message"));
            line.clear();
        }
        heard.retain(|message| *message != ToSupervisor::Alive);
        heard
    }

    /// The handover, once the screen asks to be replaced.
    fn await_replace(&mut self, bench: &mut Bench) -> Handover {
        loop {
            bench.step();
            for message in self.heard() {
                if let ToSupervisor::Replace(handover) = message {
                    return handover;
                }
            }
        }
    }
}

impl Bench {
    /// A kiosk under a supervisor, over the folders of `place`.
    fn supervised(place: KioskPlace, handover: Option<Handover>) -> (Self, Supervisor) {
        let (supervisor, line) = Supervisor::new(handover);
        place.line.set(Some(line));
        (Self::start(place), supervisor)
    }

    fn touch_at(&mut self, place: egui::Pos2) {
        for pressed in [true, false] {
            let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
            self.harness.event(egui::Event::PointerMoved(place));
            self.harness.event(egui::Event::PointerButton { pos: place, button, pressed, modifiers });
            self.harness.step();
        }
    }
}

fn visited(idle: &str) -> Bench {
    let mut bench = Bench::new(idle);
    bench.copy("visitors-own-name.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench
}

#[test]
fn ten_seconds_before_it_clears_the_kiosk_asks_who_is_there_and_a_touch_says_so() {
    let mut bench = visited("idle_seconds = 60\n");
    bench.copy("another.jpg", "phantom3.jpg");
    bench.until("both are there", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    bench.press(Key::Space);
    bench.pass(48.6);
    assert!(!bench.shows_part("Still there?"));
    bench.pass(3.0);
    assert!(bench.shows_part("Still there? Touch the screen to continue."));
    let seconds = bench.app().screen().countdown.expect("it counts");
    assert!((8..=10).contains(&seconds), "{seconds}");
    bench.pass(3.0);
    assert_eq!(bench.app().screen().countdown, Some(seconds - 3));
    // Even where a button lies below the finger it says no more than that.
    let (shown, next) = (bench.name(), bench.harness.get_by_label("Next").rect().center());
    bench.touch_at(next);
    bench.step();
    assert_eq!((bench.app().screen().countdown, bench.name()), (None, shown.clone()));
    assert!(!bench.shows_part("Still there?"));
    bench.touch_at(next);
    assert_ne!(bench.name(), shown, "the next touch is one of the button");
    bench.pass(61.0);
    assert!(bench.app().screen().is_attracting && bench.app().visitors() == 0);
}

#[test]
fn who_comes_back_is_told_once_that_the_photographs_were_cleared() {
    let mut bench = visited("idle_seconds = 90\n");
    bench.pass(91.0);
    assert!(bench.banners().is_empty(), "nobody is there to read it");
    bench.press(Key::Space);
    let words = bench.banners().join("; ");
    assert!(words.contains("were cleared after 90 s without a touch"), "{words}");
    assert!(words.contains("take the stick out and insert it again"), "{words}");
    bench.pass(21.0);
    assert!(bench.banners().is_empty(), "it goes by itself");
    bench.pass(91.0);
    bench.press(Key::Space);
    assert!(bench.banners().is_empty(), "nothing was cleared this time: only samples were shown");
}

#[test]
fn beside_another_visitors_photograph_nothing_is_said_of_the_former_ones() {
    let mut bench = visited("idle_seconds = 90\n");
    bench.pass(91.0);
    bench.press(Key::Space);
    assert!(!bench.banners().is_empty());
    bench.copy("anothers.jpg", "phantom3.jpg");
    bench.until("the other one is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert!(bench.banners().is_empty(), "{:?}", bench.banners());
}

#[test]
fn nobody_is_told_of_photographs_that_were_taken_away_or_never_came() {
    let mut bench = Bench::new("idle_seconds = 60\n");
    bench.press(Key::Space);
    bench.pass(52.0);
    assert_eq!(bench.app().screen().countdown, None, "samples need no countdown");
    bench.pass(10.0);
    assert!(bench.app().screen().is_attracting);
    bench.press(Key::Space);
    assert!(bench.banners().is_empty());
    let mut bench = visited("idle_seconds = 60\n");
    bench.pass(61.0);
    std::fs::remove_file(bench.usb().join("visitors-own-name.jpg")).expect("it can be removed");
    std::fs::write(bench.usb().join("sign.jpg"), "").expect("it can be written");
    bench.until("the folder was looked at", |kiosk| kiosk.screen().copying == 1);
    bench.press(Key::Space);
    let words = bench.banners().join("; ");
    assert!(!words.contains("cleared"), "the stick is not there to be inserted again: {words}");
}

#[test]
fn after_a_visit_and_only_then_a_fresh_process_is_asked_for() {
    let place = Bench::new("idle_seconds = 30\n").close();
    let (mut bench, mut supervisor) = Bench::supervised(place, None);
    bench.press(Key::Space);
    bench.pass(60.0);
    assert_eq!(supervisor.heard(), [ToSupervisor::Ready], "samples are no visit");
    bench.copy("visitors-own-name.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench.pass(31.0);
    let handover = supervisor.await_replace(&mut bench);
    assert_eq!((handover.forgotten.len(), handover.untold.len()), (1, 1));
    // From now on it reads nothing, shows the same and asks no more.
    bench.copy("too-late.jpg", "phantom3.jpg");
    bench.pass(60.0);
    assert_eq!((bench.app().visitors(), bench.state().selected), (0, handover.sample));
    assert_eq!(supervisor.heard(), []);
    bench.press(Key::Space);
    bench.press(Key::ArrowRight);
    assert_eq!(supervisor.heard(), [ToSupervisor::Touched], "the next one knows of who is there, once");
}

#[test]
fn after_the_cameras_picture_a_fresh_process_is_asked_for_too() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let place = Bench::new("idle_seconds = 30\ncamera = ''\n").close();
    let (mut bench, mut supervisor) = Bench::supervised(place, None);
    bench.harness.state_mut().use_cameras(camera.access());
    bench.until("it was looked for", |kiosk| !kiosk.state().live.cameras.is_empty());
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("a frame is shown", live_picture::is_running);
    bench.pass(31.0);
    let handover = supervisor.await_replace(&mut bench);
    assert!(handover.forgotten.is_empty(), "of frames nothing is known that could be forgotten");
    bench.press(Key::L);
    bench.step();
    assert!(!bench.state().live.is_on, "the next screen shows it");
}

#[test]
fn the_fresh_screen_begins_whole_and_knows_what_was_forgotten() {
    let place = visited("idle_seconds = 30\n").close();
    let (mut bench, mut supervisor) = Bench::supervised(place, None);
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench.pass(31.0);
    let handover = supervisor.await_replace(&mut bench);
    let place = bench.close();

    let (line, screen) = Supervisor::new(Some(handover.clone()));
    let options = KioskOptions {
        config: Some(place.folder.path().join("kiosk.toml")),
        runtime: Some(place.folder.path().join("run")),
        ..KioskOptions::default()
    };
    let supervised = Supervised::over(screen).expect("its supervisor says how it begins");
    let library = ModelLibrary::discover(None);
    let fresh = Kiosk::start(&egui::Context::default(), &options, &library, Some(supervised)).expect("it starts");
    let screen = fresh.screen();
    assert!(fresh.is_settled() && screen.fade(0.0) >= 1.0 && screen.drawn(0.0) >= 1.0, "before any frame");
    drop((fresh, line));

    let (mut bench, supervisor) = Bench::supervised(place, Some(handover));
    bench.copy("b.jpg", "phantom3.jpg");
    supervisor.tell(&ToScreen::Touched);
    bench.until("the touch is passed on", |kiosk| !kiosk.screen().is_attracting);
    assert!(bench.banners().join("; ").contains("were cleared after 30 s"), "{:?}", bench.banners());
    bench.until("the new one is there", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert_eq!(bench.name(), "b.jpg", "the forgotten one is not shown again");
    // The stick is taken out and inserted again.
    std::fs::rename(bench.usb(), bench.usb().with_file_name("away")).expect("it can be taken out");
    bench.until("it is away", |kiosk| kiosk.visitors() == 0);
    std::fs::rename(bench.usb().with_file_name("away"), bench.usb()).expect("it can be inserted");
    bench.until("both are there", |kiosk| kiosk.visitors() == 2);
}

#[test]
fn a_screen_ends_with_its_supervisor() {
    let place = Bench::new("").close();
    let (mut bench, supervisor) = Bench::supervised(place, None);
    drop(supervisor);
    bench.until("it closes", Kiosk::is_closing);
}
