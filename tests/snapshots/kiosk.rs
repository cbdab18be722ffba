//! The visitors' screen with a photograph. With nobody there it moves, and which sample stands follows the clock: that
//! screen is looked at in the real window.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use dermaloupe::app::kiosk::{Kiosk, KioskOptions};
use dermaloupe::inference::{Model, ModelLibrary};
use eframe::egui::{ColorImage, Key, Theme, Vec2};

use crate::photos;
use crate::sheet::check;
use crate::stage::{SMALL, Stage, USUAL};

/// A kiosk with this network, whose watched folder holds the files that `fill` puts there.
fn kiosk(size: Vec2, dress: [&str; 2], name: &str, model: &str, fill: &impl Fn(&Path)) -> Stage<Kiosk> {
    let folder = photos::folder(&format!("kiosk-{name}"));
    // A relative folder is none of the kiosk's.
    let usb = std::path::absolute(folder.join("usb")).expect("there is a working directory");
    std::fs::create_dir_all(&usb).expect("a folder");
    fill(&usb);
    let [language, theme] = dress;
    let settings = format!(
        "watch = ['{}']\npoll_seconds = 1\nidle_seconds = 3600\nlanguage = '{language}'\ntheme = '{theme}'\nengine = 'rten'\n\
         model = '{model}'\n",
        usb.display()
    );
    let config = folder.join("kiosk.toml");
    std::fs::write(&config, settings).expect("it can be written");
    let options = KioskOptions { config: Some(config), ..KioskOptions::default() };
    let library = ModelLibrary::discover(None);
    let mut stage =
        Stage::of(size, |creation| Kiosk::new(&creation.egui_ctx, &options, &library).expect("it starts"));
    // The harness has a theme of its own.
    stage.harness.ctx.set_theme(if theme == "light" { Theme::Light } else { Theme::Dark });
    stage.until("a photograph stands", 1, Kiosk::is_settled);
    stage
}

/// The four pictures of a state that `go` leads to.
fn check_kiosk(name: &str, size: Vec2, model: &str, fill: impl Fn(&Path), go: impl Fn(&mut Stage<Kiosk>)) {
    let dresses = [["en", "dark"], ["en", "light"], ["zh-CN", "dark"], ["zh-CN", "light"]];
    let pictures: Vec<ColorImage> = dresses
        .into_iter()
        .map(|dress| {
            let mut stage = kiosk(size, dress, name, model, &fill);
            go(&mut stage);
            // One photograph fades into the next.
            stage.pass(4.0);
            stage.picture()
        })
        .collect();
    check(&format!("kiosk-{name}"), &pictures);
}

fn a_photo(usb: &Path) {
    aged(photos::copy(usb, "phantom2.jpg", "a.jpg"));
}

/// Old enough not to be waited for.
fn aged(path: PathBuf) {
    let old = SystemTime::now() - Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(path).expect("it is there");
    file.set_modified(old).expect("its time is set");
}

fn until_visited(stage: &mut Stage<Kiosk>) {
    stage.until("the photograph is there", 30, |kiosk| kiosk.visitors() > 0 && kiosk.is_settled());
}

#[test]
fn a_result() {
    for (size, name) in [(USUAL, "result"), (SMALL, "result-small")] {
        check_kiosk(name, size, Model::BUILT_IN, a_photo, until_visited);
    }
}

#[test]
fn heat() {
    check_kiosk("heat", USUAL, Model::BUILT_IN, a_photo, |stage| {
        until_visited(stage);
        stage.harness.key_press(Key::H);
        stage.until("the map is there", 30, Kiosk::is_settled);
    });
}

#[test]
fn failed() {
    let broken = |usb: &Path| {
        let path = usb.join("a.jpg");
        std::fs::write(&path, b"no photograph").expect("it can be written");
        aged(path);
    };
    check_kiosk("failed", USUAL, Model::BUILT_IN, broken, until_visited);
}

#[test]
fn banner() {
    // What the staff is told stays, unlike that a photograph is being copied.
    for (size, name) in [(USUAL, "banner"), (SMALL, "banner-small")] {
        check_kiosk(name, size, "gone", a_photo, until_visited);
    }
}
