//! The menu of networks without a screen: by label, by key, with what is remembered.

use std::path::{Path, PathBuf};

use crate::common_card::say_figures;
use crate::common_window::{Bench, add_network};
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::inference::{EngineKind, Model, ModelLibrary, Subject};
use egui::{Key, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::{Value, json};

/// Nine networks: `light` is recommended and says all that a card can; `plain` says nothing beyond what it must.
fn networks() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=7 {
        add_network(folder.path(), &format!("other{number}"), |_| {});
    }
    add_network(folder.path(), "light", say_all);
    add_network(folder.path(), "plain", |card| {
        card.as_object_mut()
            .unwrap()
            .retain(|key, _| !["centre_crop", "int8", "npu", "speed", "distillation"].contains(&key.as_str()));
    });
    folder
}

fn say_all(card: &mut Value) {
    card["family"] = "Zebra".into();
    card["parameters"] = 63_133.into();
    say_figures(card);
    card["speed"] = json!({"machine": "2 cores", "ort_millis": 4.1, "rten_millis": 8.0});
    card["recommended"] = "It is light and sure.".into();
}

fn open(models: &Path) -> Bench {
    let models: PathBuf = models.to_owned();
    Bench::open_with(|options| options.models = Some(models))
}

/// What a screen reader says of the rows, in their order.
fn rows(bench: &Bench) -> Vec<String> {
    let rows = bench.harness.query_all_by_role(Role::MenuItemRadio);
    rows.filter_map(|row| row.accesskit_node().label()).collect()
}

fn focused(bench: &Bench) -> Option<String> {
    let rows = bench.harness.query_all_by_role(Role::MenuItemRadio);
    rows.filter(|row| row.is_focused()).find_map(|row| row.accesskit_node().label())
}

#[test]
fn the_recommended_network_is_taken_at_first_and_stands_first_with_its_reason() {
    let models = networks();
    let mut bench = open(models.path());
    assert_eq!(bench.state().network.model.card.name, "light");
    let sentence = "Recommended: Best balance of accuracy and speed.";
    assert!(bench.shows(sentence), "the side panel says so");
    assert!(!bench.shows_part("It is light and sure."), "the card's own reason is a detail");
    bench.unfold(PanelSection::Network);
    assert!(bench.shows("Why it is recommended: It is light and sure."));
    bench.click_role_button("Network: Light");
    let rows = rows(&bench);
    assert_eq!(rows.len(), ModelLibrary::discover(Some(models.path())).models().len());
    let light = bench.state().network.model.card.clone();
    let accuracy = format!("accuracy {:.3}", light.facts.mean_dice());
    let ran = between(&rows[0], &format!("Light. {sentence} {accuracy}, "), " ms on this computer, 515 kB");
    assert!(ran.parse::<f64>().is_ok_and(|millis| millis > 0.0), "{rows:?}");
    assert!(rows[1..].iter().all(|row| !row.contains("Recommended")), "{rows:?}");
    assert!(rows[1..].iter().all(|row| row.contains("not run on this computer yet")), "{rows:?}");
    assert!(rows.iter().all(|row| !row.contains("NPU") && !row.contains("INT8")), "{rows:?}");
    let order: Vec<(Subject, f64)> = bench.state().network.in_order()[1..]
        .iter()
        .map(|model| (model.card.subject, model.card.facts.mean_dice()))
        .collect();
    assert!(order.is_sorted_by(|one, next| (one.0, next.1) <= (next.0, one.1)), "{order:?}");
    assert!(bench.shows("Skin lesions") && bench.shows("Retinal vessels"), "they stand in two groups");
    assert!(rows.last().expect("there are some").starts_with("W-Net"), "{rows:?}");
    for head in ["Accuracy: mean Dice on test photographs", "Time: the network alone, measured on this computer"] {
        assert!(bench.shows_part(head), "{head}");
    }
}

/// What stands between `begin` and `end`.
fn between<'a>(words: &'a str, begin: &str, end: &str) -> &'a str {
    words.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end)).unwrap_or_else(|| panic!("{words}"))
}

#[test]
fn every_network_is_timed_on_this_computer_when_a_person_asks() {
    let models = networks();
    let mut bench = open(models.path());
    bench.click_role_button("Network: Light");
    bench.choose("Time all");
    let (for_vessels, for_skin): (Vec<String>, Vec<String>) =
        rows(&bench).into_iter().partition(|row| ["W-Net", "M2U-Net"].iter().any(|title| row.starts_with(title)));
    assert!(for_skin.iter().all(|row| row.contains(" ms on this computer")), "{for_skin:?}");
    assert_eq!(for_vessels.len(), 2, "those for vessels are not run on a photograph of skin: {for_vessels:?}");
    assert!(!bench.shows("Time all"), "nothing is left to measure");
    let engine = bench.state().network.engine.clone().unwrap().kind;
    let other = if engine == EngineKind::Rten { EngineKind::Ort } else { EngineKind::Rten };
    let times = &bench.state().network.times;
    assert!(times.median("light", engine).is_some() && times.median("light", other).is_none());
}

#[test]
fn the_side_panel_shows_what_the_card_says() {
    let models = networks();
    let mut bench = open(models.path());
    assert!(!bench.shows("NPU, estimate"), "figures of a chip are a detail");
    bench.unfold(PanelSection::Network);
    for (name, value) in [
        ("INT8 IoU, pooled", "0.809"),
        ("Centre crop IoU, mean", "0.792"),
        ("Desktop", "4.1"),
        ("NPU, estimate", "1.8–2.5"),
    ] {
        assert!(bench.shows(name) && bench.shows(value), "{name}");
    }
    bench.click_role_button("Network: Light");
    bench.choose("Plain. ");
    assert_eq!(bench.state().network.model.card.name, "plain");
    for name in ["INT8 IoU, pooled", "Centre crop IoU, mean", "Desktop", "NPU, estimate"] {
        assert!(!bench.shows(name), "{name} is not known of this one");
    }
    assert!(bench.shows("Test IoU, pooled"));
}

#[test]
fn a_network_is_chosen_by_keys_alone() {
    let models = networks();
    let mut bench = open(models.path());
    bench.press(Key::N);
    assert!(focused(&bench).is_some_and(|row| row.starts_with("Light. ")), "{:?}", focused(&bench));
    bench.press(Key::ArrowDown);
    let second = rows(&bench)[1].clone();
    assert_eq!(focused(&bench), Some(second.clone()));
    bench.press(Key::Enter);
    assert!(rows(&bench).is_empty(), "the menu closes");
    let title = bench.state().network.model.card.title.clone();
    assert!(second.starts_with(&format!("{title}. ")), "{title}: {second}");
    assert_eq!(bench.state().current.segmentation.as_ref().unwrap().model, bench.state().network.model.card.name);
    bench.press(Key::N);
    assert!(focused(&bench).is_some_and(|row| row.starts_with(&title)), "the arrows go on from the chosen one");
    bench.press(Key::Escape);
    assert!(rows(&bench).is_empty());
    // The keys are the photograph's again.
    bench.press(Key::CloseBracket);
    assert!((bench.state().overlay.threshold - 0.55).abs() < 1e-6);
}

#[test]
fn the_key_brings_the_bar_back_that_the_menu_hangs_in() {
    let models = networks();
    let mut bench = open(models.path());
    bench.press_tab();
    assert!(bench.state().panels.canvas_only);
    bench.press(Key::N);
    assert!(!bench.state().panels.canvas_only && !rows(&bench).is_empty());
}

#[test]
fn in_a_small_window_the_menu_scrolls_to_the_row_that_has_the_focus() {
    let models = networks();
    let mut bench = open(models.path());
    bench.harness.set_size(vec2(720.0, 480.0));
    bench.settle();
    bench.press(Key::N);
    assert_is_in_sight(&bench, 0);
    // Up from the first is the button at the foot, and then the last.
    bench.press(Key::ArrowUp);
    bench.press(Key::ArrowUp);
    let last = rows(&bench).len() - 1;
    assert_is_in_sight(&bench, last);
    bench.press(Key::Enter);
    assert_ne!(bench.state().network.model.card.name, "light");
    bench.press(Key::N);
    assert_is_in_sight(&bench, last);
}

/// The row at `place` has the focus and lies in the window, between the bar and the menu's foot.
fn assert_is_in_sight(bench: &Bench, place: usize) {
    let row = bench.harness.query_all_by_role(Role::MenuItemRadio).nth(place).expect("there is such a row");
    assert!(row.is_focused());
    let foot = bench.harness.get_by_label_contains("not used in training").rect();
    let rect = row.rect();
    assert!(rect.top() >= 40.0 && rect.bottom() <= foot.top() && rect.left() >= 0.0, "{rect:?} above {foot:?}");
    assert!(foot.bottom() <= 480.0, "{foot:?}");
}

#[test]
fn only_a_choice_is_remembered() {
    let models = networks();
    let place = tempfile::tempdir().unwrap();
    let settings = place.path().join("settings.json");
    let with_models = |name: Option<&str>| {
        let name = name.map(str::to_owned);
        Bench::with_settings_and(&settings, |options| {
            options.models = Some(models.path().to_owned());
            options.model = name;
        })
    };
    let remembered = || {
        let json = std::fs::read(&settings).unwrap_or_else(|_| b"{}".to_vec());
        serde_json::from_slice::<Value>(&json).unwrap()["model"].clone()
    };
    drop(with_models(Some("other1")));
    assert_eq!(remembered(), Value::Null, "the command line counts for one start");
    let mut bench = with_models(None);
    assert_eq!(bench.state().network.model.card.name, "light");
    bench.click_role_button("Network: Light");
    bench.choose("Other3. ");
    drop(bench);
    assert_eq!(remembered(), "other3");
    assert_eq!(with_models(None).state().network.model.card.name, "other3");
    std::fs::remove_dir_all(models.path().join("other3")).unwrap();
    assert_eq!(with_models(None).state().network.model.card.name, "light", "what is gone is passed over");
}

#[test]
fn two_recommended_ones_are_said_and_the_first_by_name_counts() {
    let models = networks();
    add_network(models.path(), "also", say_all);
    let bench = open(models.path());
    assert_eq!(bench.state().network.recommended.as_deref(), Some("also"));
    assert!(bench.notice().contains("also, light"), "{}", bench.notice());
}

#[test]
fn a_card_with_a_broken_block_is_refused_in_a_notice_and_the_others_stay() {
    let models = networks();
    add_network(models.path(), "spoilt", |card| {
        say_all(card);
        card["npu"]["estimated_millis"] = json!([-1, 2]);
    });
    let bench = open(models.path());
    let notice = bench.notice();
    assert!(notice.contains("npu: estimated_millis") && notice.ends_with("spoilt/card.json"), "{notice}");
    assert_eq!(bench.state().network.model.card.name, "light");
}

#[test]
fn without_a_recommended_one_the_built_in_network_is_taken_or_what_the_zoo_recommends() {
    let bench = Bench::open(&[]);
    assert_eq!(bench.state().network.model.card.name, Model::BUILT_IN);
    assert!(Action::all().any(|action| action == Action::ChooseNetwork), "help lists the key");
}

#[test]
fn a_network_that_answers_at_half_the_size_is_drawn_at_the_photos() {
    let models = tempfile::tempdir().unwrap();
    let half = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/half");
    std::fs::create_dir(models.path().join("half")).unwrap();
    for name in ["card.json", "model.onnx"] {
        std::fs::copy(half.join(name), models.path().join("half").join(name)).unwrap();
    }
    let mut bench = Bench::open_with(|options| {
        options.models = Some(models.path().to_owned());
        options.model = Some("half".to_owned());
    });
    for key in [Key::Num2, Key::Num3, Key::Num4, Key::Num1] {
        bench.press(key);
    }
    let current = &bench.state().current;
    let (photo, result) = (current.photo.as_ref().unwrap(), current.segmentation.as_ref().unwrap());
    assert_eq!((result.model.as_str(), result.probability.network_size()), ("half", [128, 128]));
    assert_eq!(result.mask.size(), photo.size());
    let derived = current.derived.as_ref().unwrap();
    assert_eq!(derived.area_px, result.mask.area_px());
    let inside = |point: &[f32; 2]| {
        (0.0..=photo.width() as f32).contains(&point[0]) && (0.0..=photo.height() as f32).contains(&point[1])
    };
    assert!(!derived.outlines.is_empty() && derived.outlines.iter().flatten().all(inside));
    bench.unfold(PanelSection::Network);
    assert!(bench.shows("128 × 128"), "the side panel says the answer's size");
}
