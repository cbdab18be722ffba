//! The kiosk without a screen: photographs that come and go, idle time, bad input, and memory over many photographs.

mod bad_photos;
#[cfg(unix)]
mod end_of_visit;
pub(crate) mod live_picture;

use std::path::Path;
use std::time::Duration;

use crate::common::{is_alone, resident_kib};
use crate::common_app::{AppBench, Driven};
use crate::common_window::phantom;
use dermaloupe::app::kiosk::screen::sentence;
#[cfg(unix)]
use dermaloupe::app::kiosk::supervised::Supervised;
use dermaloupe::app::kiosk::{Kiosk, KioskOptions};
use dermaloupe::app::model::state::State;
use dermaloupe::inference::ModelLibrary;
use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder};

/// What a kiosk is opened with: a folder with a `usb` in it to watch, and more lines of its settings.
pub struct KioskPlace {
    folder: tempfile::TempDir,
    more: String,
    /// The line to a supervisor, until the kiosk has it.
    #[cfg(unix)]
    line: std::cell::Cell<Option<std::os::unix::net::UnixStream>>,
}

impl Driven for Kiosk {
    type Place = KioskPlace;

    const SIZE: egui::Vec2 = egui::vec2(1280.0, 800.0);
    const QUIET_FRAMES: u32 = 1;
    const SETTLES_AFTER_INPUT: bool = false;

    fn harness() -> HarnessBuilder<Self> {
        Harness::builder().allow_missing_glyphs()
    }

    fn create(ctx: &egui::Context, place: &KioskPlace) -> Self {
        let KioskPlace { folder, more, .. } = place;
        // The bench's clock runs as fast as frames are drawn: nobody leaves unless the test says so.
        let patient = if more.contains("idle_seconds") { "" } else { "idle_seconds = 3600\n" };
        // Nor has this computer a camera, unless the test brings one.
        let camera = if more.contains("camera") { "" } else { "camera = 'none'\n" };
        let usb = folder.path().join("usb");
        let settings = format!("watch = ['{}']\npoll_seconds = 1\n{patient}{camera}{more}", usb.display());
        let config = folder.path().join("kiosk.toml");
        std::fs::write(&config, settings).expect("it can be written");
        let runtime = folder.path().join("run");
        std::fs::create_dir_all(&runtime).expect("a folder");
        let options = KioskOptions { config: Some(config), runtime: Some(runtime), ..KioskOptions::default() };
        let library = ModelLibrary::discover(None);
        #[cfg(unix)]
        if let Some(line) = place.line.take() {
            let supervised = Supervised::over(line).expect("its supervisor says how it begins");
            return Self::start(ctx, &options, &library, Some(supervised)).expect("it starts");
        }
        Self::new(ctx, &options, &library).expect("it starts")
    }

    fn is_at_rest(&self) -> bool {
        self.is_settled()
    }

    fn state(&self) -> &State {
        self.state()
    }

    fn notices(&self) -> Vec<String> {
        self.screen().banners().into_iter().map(|(words, _)| words.said_in(self.state().language)).collect()
    }
}

pub(crate) type Bench = AppBench<Kiosk>;

impl Bench {
    pub(crate) fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::create_dir(folder.path().join("usb")).expect("a folder");
        Self::start(KioskPlace {
            folder,
            more: more.to_owned(),
            #[cfg(unix)]
            line: std::cell::Cell::default(),
        })
    }

    /// The watched folder.
    pub(crate) fn usb(&self) -> std::path::PathBuf {
        self.place.folder.path().join("usb")
    }

    pub(crate) fn copy(&self, name: &str, sample: &str) {
        let target = self.usb().join(name);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        std::fs::copy(phantom(sample), target).expect("it can be copied");
    }

    fn name(&self) -> String {
        self.state().selected_entry().map(|entry| entry.source.name()).unwrap_or_default()
    }

    fn sentence(&self) -> String {
        let kiosk = self.harness.state();
        sentence(kiosk.state(), kiosk.screen()).0.said_in(kiosk.state().language)
    }

    fn banners(&self) -> Vec<String> {
        self.app().notices()
    }

    fn kept(&self) -> String {
        std::fs::read_to_string(self.place.folder.path().join("run/kiosk.json")).unwrap_or_default()
    }
}

#[test]
fn with_nobody_there_the_samples_follow_each_other_and_say_what_this_is() {
    let mut bench = Bench::new("");
    assert!(bench.app().screen().is_attracting);
    let label = bench.harness.get_by_label_contains("Research use only");
    assert!(label.accesskit_node().value().is_some_and(|words| words.contains("Dermaloupe")));
    // On a busy machine the second may stand by now.
    let (first, selected) = (bench.name(), bench.state().selected);
    bench.pass(30.0);
    bench.until("the next sample is asked for", |kiosk| kiosk.state().selected != selected);
    assert_ne!(bench.name(), first);
    bench.until("it stands", Kiosk::is_settled);
    assert!(bench.sentence().starts_with("Lesion outlined in "), "{}", bench.sentence());
}

#[test]
fn a_photograph_appears_by_itself_and_three_buttons_do_all() {
    let mut bench = Bench::new("");
    bench.copy("DCIM/a.jpg", "phantom2.jpg");
    bench.until("it is there", |kiosk| kiosk.visitors() == 1);
    bench.copy("DCIM/b.jpg", "phantom3.jpg");
    bench.until("both are there", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    assert!(!bench.app().screen().is_attracting);
    let first = bench.name();
    bench.click("Next");
    bench.until("the other is shown", Kiosk::is_settled);
    assert_ne!(bench.name(), first);
    bench.click("Next");
    bench.until("it goes round", Kiosk::is_settled);
    assert_eq!(bench.name(), first);
    let words = bench.sentence();
    assert!(words.starts_with("Lesion outlined in ") && words.ends_with('s'), "no engine is named: {words}");
    assert!(bench.shows("Hide outline (hold)"));
    bench.click("Show heat map");
    bench.until("the map is there", Kiosk::is_settled);
    assert!(bench.app().screen().heat && bench.sentence().contains("How sure"));
    assert!(bench.shows("Photo only (hold)"), "map and outline are hidden");
    bench.click("Hide heat map");
    bench.harness.key_down(Key::C);
    bench.harness.step();
    bench.harness.step();
    assert!(bench.app().screen().comparing, "as long as it is held");
    assert_eq!(bench.sentence(), "The photograph alone, without the outline");
    bench.harness.key_up(Key::C);
    bench.harness.step();
    bench.harness.step();
    assert!(!bench.app().screen().comparing);
}

#[test]
fn every_target_is_large_enough_for_a_finger() {
    for size in
        [egui::vec2(1024.0, 600.0), egui::vec2(1280.0, 800.0), egui::vec2(1920.0, 1080.0), egui::vec2(800.0, 480.0)]
    {
        let mut bench = Bench::new("");
        bench.harness.set_size(size);
        bench.press(Key::ArrowRight);
        bench.until("the buttons are there", Kiosk::is_settled);
        bench.harness.step();
        let buttons: Vec<egui::Rect> =
            bench.harness.query_all_by_role(egui::accesskit::Role::Button).map(|node| node.rect()).collect();
        assert_eq!(buttons.len(), 3, "{size}");
        for rect in &buttons {
            assert!(rect.width() >= 44.0 && rect.height() >= 44.0, "{rect} on {size}");
            assert!(egui::Rect::from_min_size(egui::Pos2::ZERO, size).contains_rect(*rect), "{rect} on {size}");
        }
    }
}

#[test]
fn after_the_idle_time_the_visitors_photographs_are_forgotten() {
    let mut bench = Bench::new("idle_seconds = 300\n");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench.until("its place is kept", |_| true);
    bench.pass(301.0);
    let kiosk = bench.app();
    assert!(kiosk.screen().is_attracting && kiosk.visitors() == 0);
    let state = kiosk.state();
    assert!(state.entries.iter().all(|entry| entry.source.path().is_none()), "only samples");
    assert!(
        state.recent.is_empty() && state.current.photo.as_ref().is_none_or(|photo| photo.source.path().is_none())
    );
    // It stays forgotten while it lies there, also for a visitor who touches the screen, also after a restart.
    bench.press(Key::ArrowRight);
    bench.until("a sample stands", Kiosk::is_settled);
    assert_eq!(bench.app().visitors(), 0);
    let place = bench.close();
    let kept = std::fs::read_to_string(place.folder.path().join("run/kiosk.json")).expect("it is kept");
    assert!(!kept.contains("a.jpg"), "not even the name stays: {kept}");
    let mut bench = Bench::start(place);
    bench.copy("b.jpg", "phantom3.jpg");
    bench.until("the new one is there", |kiosk| kiosk.visitors() == 1);
    assert_eq!(bench.name(), "b.jpg");
}

#[test]
fn a_restart_goes_on_with_the_same_photograph_and_view() {
    let mut bench = Bench::new("");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.until("it is there", |kiosk| kiosk.visitors() == 1);
    bench.copy("b.jpg", "phantom3.jpg");
    bench.until("both are there", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    while bench.name() != "b.jpg" {
        bench.press(Key::ArrowRight);
        bench.until("it is shown", Kiosk::is_settled);
    }
    bench.press(Key::H);
    bench.until("the map is there", Kiosk::is_settled);
    bench.harness.step();
    let mut bench = bench.reopen();
    bench.until("both are there", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    assert_eq!(bench.name(), "b.jpg");
    assert!(bench.app().screen().heat && !bench.app().screen().is_attracting);
}

#[test]
fn a_stick_pulled_out_is_said_and_the_samples_come_back() {
    let mut bench = Bench::new("");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    let half = std::fs::read(phantom("phantom3.jpg")).expect("the sample is here");
    std::fs::write(bench.usb().join("b.jpg"), &half[..half.len() / 2]).expect("it can be written");
    bench.until("the copy is seen", |kiosk| kiosk.screen().copying == 1);
    assert!(bench.banners()[0].contains("still being copied"), "{:?}", bench.banners());
    std::fs::remove_dir_all(bench.usb()).expect("it can be removed");
    bench.until("nothing is left", |kiosk| kiosk.visitors() == 0 && kiosk.screen().copying == 0);
    let words = bench.banners().join("; ");
    assert!(
        words.contains("is missing") || words.contains("were removed") || words.contains("was removed"),
        "{words}"
    );
    bench.until("a sample stands", Kiosk::is_settled);
    assert!(bench.app().screen().is_attracting);
    // The folder comes back, and with it the photographs.
    bench.copy("c.jpg", "phantom3.jpg");
    bench.until("it goes on", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert_eq!(bench.name(), "c.jpg");
}

#[test]
fn a_photograph_that_cannot_be_read_is_said_and_the_next_one_goes() {
    let mut bench = Bench::new("");
    // Old enough not to be waited for.
    let broken = bench.usb().join("a.jpg");
    std::fs::write(&broken, b"no photograph").expect("it can be written");
    let old = std::time::SystemTime::now() - Duration::from_secs(3600);
    std::fs::File::options()
        .write(true)
        .open(&broken)
        .and_then(|file| file.set_modified(old))
        .expect("its time is set");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert_eq!(bench.sentence(), "This photograph cannot be read");
    bench.harness.step();
    for (label, is_enabled) in [("Hide outline (hold)", false), ("Show heat map", false), ("Next", true)] {
        let button = bench.harness.get_by_label(label);
        assert_eq!(!button.accesskit_node().is_disabled(), is_enabled, "{label}");
    }
    bench.copy("b.jpg", "phantom3.jpg");
    bench.until("the next is there", |kiosk| kiosk.visitors() == 2);
    while bench.name() != "b.jpg" {
        bench.click("Next");
    }
    bench.until("the next one goes", Kiosk::is_settled);
    assert!(bench.sentence().starts_with("Lesion outlined"), "{}", bench.sentence());
}

#[test]
fn settings_that_are_wrong_are_said_on_the_screen_and_the_kiosk_runs() {
    for (more, part) in [("idle = 3\n", "`idle`"), ("model = 'none-such'\n", "none-such"), ("exit = ", "line 5")] {
        let bench = Bench::new(more);
        let words = bench.banners().join("; ");
        assert!(words.contains(part), "{words}");
        assert!(bench.shows_part(part), "it stands on the screen");
        assert!(bench.sentence().starts_with("Lesion outlined"), "{}", bench.sentence());
    }
}

#[test]
fn it_speaks_chinese_where_it_is_told_to() {
    let mut bench = Bench::new("language = 'zh-CN'\n");
    bench.press(Key::ArrowRight);
    bench.until("a sample stands", Kiosk::is_settled);
    bench.harness.step();
    assert!(bench.sentence().contains("勾画出皮损"), "{}", bench.sentence());
    assert!(!bench.sentence().contains("RTen"), "{}", bench.sentence());
    assert!(bench.shows_part("下一张"));
}

#[test]
fn it_cannot_be_closed_at_the_screen_unless_the_settings_say_so() {
    use egui::{Modifiers, ViewportCommand, ViewportEvent, ViewportId};
    let closes = |bench: &Bench, wanted: &ViewportCommand| {
        let output = bench.harness.output();
        output.viewport_output.get(&ViewportId::ROOT).is_some_and(|root| root.commands.contains(wanted))
    };
    let ask = |bench: &mut Bench| {
        let input = bench.harness.input_mut();
        input.viewports.entry(ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
        bench.harness.step();
    };
    let mut bench = Bench::new("");
    ask(&mut bench);
    assert!(closes(&bench, &ViewportCommand::CancelClose), "the window manager's wish is refused");
    bench.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::ALT, Key::Q);
    bench.harness.step();
    assert!(!bench.app().is_closing());
    let mut bench = Bench::new("exit = 'key'\n");
    bench.harness.key_press_modifiers(Modifiers::CTRL | Modifiers::ALT, Key::Q);
    bench.harness.step();
    assert!(bench.app().is_closing(), "the staff may");
    // The desktop's keys lead nowhere.
    for key in [Key::O, Key::S, Key::R] {
        bench.harness.key_press_modifiers(Modifiers::COMMAND, key);
        bench.harness.step();
    }
    assert!(bench.state().entries.iter().all(|entry| entry.source.path().is_none()));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_flat_over_many_photographs() {
    if !is_alone("kiosk::memory_is_flat_over_many_photographs") {
        return;
    }
    // 10,000 by hand: DERMALOUPE_SOAK=10000 cargo test --release --test suite kiosk::memory -- --nocapture
    let count: usize = std::env::var("DERMALOUPE_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(120);
    let mut bench = Bench::new("idle_seconds = 3600\n");
    for number in 0..4 {
        bench.copy(&format!("{number}.jpg"), if number % 2 == 0 { "phantom2.jpg" } else { "phantom3.jpg" });
    }
    bench.until("all are there", |kiosk| kiosk.visitors() == 4 && kiosk.is_settled());
    let mut resident: Vec<(f64, f64)> = Vec::new();
    for number in 0..count {
        bench.press(Key::ArrowRight);
        if number % 5 == 0 {
            bench.press(Key::H);
        }
        bench.until("it stands", Kiosk::is_settled);
        resident.push((number as f64, resident_kib() as f64));
    }
    // The first third warms caches and the allocator up.
    let slope = crate::soak::slope(&resident[count / 3..]);
    println!("{count} photographs, {slope:.2} KiB each, {} MiB resident", resident_kib() / 1024);
    // A photo of this size takes 3 MiB and its texture 4: one that stays behind now and then would show.
    assert!(slope < 64.0, "memory grows by {slope:.1} KiB a photograph");
}

#[test]
fn nothing_but_its_place_is_written() {
    let mut bench = Bench::new("");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench.until("its place is kept", |_| true);
    let _ = bench.kept();
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder").flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(&bench.usb()), ["a.jpg"]);
    assert!(
        names(&bench.place.folder.path().join("run"))
            .iter()
            .all(|name| name.starts_with("kiosk") && name.ends_with(".json") || name.starts_with('.'))
    );
}
