//! The second look in the window: by key and by its box, for networks that were measured with it, and said of a photograph.

use dermaloupe::app::command::Command;
use dermaloupe::app::model::sections::PanelSection;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::common_window::{Bench, add_network};

const LABEL: &str = "Second look at small lesions";
const SAID: &str = "Small lesion: outlined by a second look";

/// A small lesion and a large one, drawn.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, radius) in [("a.png", 45.0_f32), ("b.png", 200.0)] {
        let photo = image::RgbImage::from_fn(900, 700, |x, y| {
            let away = (x as f32 - 430.0).hypot(y as f32 - 340.0) - radius;
            let lesion = 1.0 / (1.0 + (away / 3.0).exp());
            image::Rgb(
                [[222.0, 96.0], [178.0, 62.0], [158.0, 48.0]]
                    .map(|[skin, dark]: [f32; 2]| (skin * (1.0 - lesion) + dark * lesion) as u8),
            )
        });
        photo.save(folder.path().join(name)).unwrap();
    }
    folder
}

fn press(bench: &mut Bench) {
    bench.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::F5);
}

fn is_checked(bench: &Bench) -> bool {
    let found = bench.harness.get_by_role_and_label(Role::CheckBox, LABEL);
    found.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

#[test]
fn a_second_look_is_taken_by_key_at_small_lesions_alone_and_said() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    let once = bench.state().current.segmentation.clone().unwrap();
    assert!(once.second_look.is_none() && !is_checked(&bench) && !bench.shows(SAID));
    press(&mut bench);
    let twice = bench.state().current.segmentation.clone().unwrap();
    assert!(twice.second_look.is_some() && twice.probability != once.probability);
    assert!(is_checked(&bench) && bench.shows(SAID));
    bench.press(Key::ArrowRight);
    assert!(bench.state().current.segmentation.as_ref().unwrap().second_look.is_none(), "a large lesion");
    assert!(is_checked(&bench) && !bench.shows(SAID));
    bench.press(Key::ArrowLeft);
    press(&mut bench);
    assert_eq!(bench.state().current.segmentation.as_ref().unwrap().probability, once.probability);
    assert!(!is_checked(&bench));
}

#[test]
fn the_decision_is_kept_with_what_was_looked_at() {
    let folder = folder();
    let mut bench = Bench::open(&[folder.path()]);
    press(&mut bench);
    bench.press(Key::Num6);
    bench.close();
    let record = std::fs::read_to_string(folder.path().join(".dermaloupe/audit.jsonl")).unwrap();
    assert!(record.lines().any(|line| line.contains("\"second_look\":true")), "{record}");
}

#[test]
fn a_network_that_was_not_measured_with_it_says_so_and_names_one_that_was() {
    let (folder, models) = (folder(), tempfile::tempdir().unwrap());
    add_network(models.path(), "bare", |card| {
        card["title"] = "Bare".into();
        card["test"]["mean_dice"] = 0.5.into();
        card.as_object_mut().unwrap().remove("second_look");
    });
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
    });
    press(&mut bench);
    assert!(bench.state().current.segmentation.as_ref().unwrap().second_look.is_some());
    bench.send(Command::UseModel("bare".to_owned()));
    assert!(bench.state().current.segmentation.as_ref().unwrap().second_look.is_none());
    assert!(!is_checked(&bench), "it takes none");
    press(&mut bench);
    let notice = bench.notice();
    assert!(notice.starts_with("Bare has no second look; use "), "{notice}");
    let measured = bench.state().network.that_looks_again().unwrap().card.name.clone();
    bench.send(Command::UseModel(measured));
    assert!(is_checked(&bench), "the choice stands for the networks that can");
    bench.unfold(PanelSection::Network);
}
