//! `dermaloupe models`: the table, one network in sentences, the JSON; and cards that say something wrong.

use crate::common::{Run, Workplace, keys};
use crate::common_card::say_figures;
use dermaloupe::inference::Model;
use serde_json::{Value, json};

/// Says all that a card can; `recommended` is left to the test.
fn say_all(card: &mut Value) {
    say_figures(card);
    card["parameters"] = 12_345.into();
    card["published"] = json!({"parameters": 63_133, "paper_parameters": 63_133, "paper_miou": 0.7594,
                               "paper_seconds": 0.014});
    card["speed"] = json!({"machine": "2 cores of a desktop", "ort_millis": 4.1, "rten_millis": 8.0});
    card["distillation"] = json!({"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.11},
                                  "feature_loss": {"train": 0.2, "val": 0.21}});
    card["what_nobody_knows"] = json!({"yet": true});
    let rknn = json!({"file": "model.rk3588.rknn", "format": "rknn", "bytes": 1_460_000, "sha256": "0".repeat(64)});
    card["artefacts"].as_array_mut().expect("a list").retain(|artefact| artefact["format"] == "onnx");
    card["artefacts"].as_array_mut().expect("a list").push(rknn);
}

/// A place with `light`, which is recommended and says all, and `plain`, which says what it must.
fn place() -> Workplace {
    let place = Workplace::new();
    place.network("light", |card, _| {
        say_all(card);
        card["recommended"] = "It is light and sure.".into();
    });
    place.network("plain", |card, _| {
        let optional = ["published", "centre_crop", "int8", "npu", "speed", "distillation"];
        card.as_object_mut().expect("an object").retain(|key, _| !optional.contains(&key.as_str()));
        card["artefacts"].as_array_mut().expect("a list").retain(|artefact| artefact["format"] == "onnx");
    });
    place
}

fn row<'a>(run: &'a Run, name: &str) -> Vec<&'a str> {
    let named = |words: &Vec<&str>| words.iter().take(2).any(|word| *word == name);
    let row = run.stdout.lines().map(|line| line.split_whitespace().collect()).find(named);
    row.unwrap_or_else(|| panic!("no row of {name}: {run:?}"))
}

#[test]
fn models_lists_the_built_in_network() {
    let place = Workplace::new();
    let list = place.run("models --json").went_well().json();
    assert_eq!(list["default"], Model::BUILT_IN);
    let models = list["models"].as_array().expect("a list");
    let built_in = models.iter().find(|model| model["name"] == Model::BUILT_IN).expect("it is listed");
    assert_eq!(built_in["origin"], "built in");
    assert!(built_in["macs"].as_u64() > Some(1_000_000) && built_in["test"]["mean_dice"].is_f64());
    let parameters = built_in["parameters"].to_string();
    assert!(place.run("models").went_well().stdout.contains(&parameters));
}

#[test]
fn models_of_a_folder_are_added_and_can_be_run() {
    let place = place();
    place.phantom("lesion.jpg");
    let line = "segment lesion.jpg --models models --model plain --out o --engine rten --json";
    assert_eq!(place.run(line).went_well().json_lines()[0]["model"], "plain");
    let line = "segment lesion.jpg --models models --out o --engine rten --json";
    assert_eq!(place.run(line).went_well().json_lines()[0]["model"], "light", "the recommended one is taken");
}

#[test]
fn the_table_shows_each_networks_figures_and_marks_the_recommended_one() {
    let run = place().run("models --models models").went_well();
    let heading: Vec<&str> = run.stdout.lines().next().expect("a heading").split_whitespace().collect();
    assert_eq!(
        heading,
        ["name", "title", "params", "MACs", "IoU", "INT8", "crop", "NPU", "ms", "ort", "ms", "files"]
    );
    let light = row(&run, "light");
    assert_eq!(light[..2], ["*", "light"]);
    assert_eq!(light[light.len() - 7..], ["0.8110", "0.8090", "0.7920", "1.8-2.5", "4.1", "onnx", "rknn"]);
    let plain = row(&run, "plain");
    assert_eq!(plain[0], "plain", "no mark");
    assert_eq!(plain[plain.len() - 5..], ["-", "-", "-", "-", "onnx"]);
    for words in [
        "* recommended: It is light and sure.",
        "pooled_iou over 650 test",
        "estimated from the compiler's cycles for one RK3588 core",
        "2 cores of a desktop",
    ] {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
}

#[test]
fn networks_for_vessels_have_a_table_of_their_own_and_are_found_by_doctor() {
    let place = place();
    let run = place.run("models --models models").went_well();
    let heading = run.stdout.lines().position(|line| line.starts_with("Networks for the vessels of fundus"));
    let below: Vec<&str> = run.stdout.lines().skip(heading.expect("it is there") + 2).collect();
    let words: Vec<&str> = below[0].split_whitespace().collect();
    assert_eq!(words, ["name", "title", "params", "MACs", "Dice", "clDice", "INT8", "NPU", "ms", "files"]);
    assert!(below[1].trim_start().starts_with("m2unet") && below[2].trim_start().starts_with("wnet"), "{below:?}");
    assert_eq!(row(&run, "wnet")[3..6], ["3472.9", "M", "0.8207"]);
    let doctor = place.run("doctor --models models").went_well();
    let (_, vessels) = doctor.stdout.split_once("Networks for fundus photographs").expect("they are told apart");
    assert!(vessels.contains("wnet") && !vessels.contains("plain"), "{vessels}");
    assert_eq!(place.run("models --models models --json").went_well().json()["default"], "light");
}

#[test]
fn the_table_is_aligned_and_at_most_a_hundred_columns_wide() {
    let place = place();
    place.network("long", |card, _| card["title"] = "A title that goes on and on ".repeat(9).into());
    let run = place.run("models --models models").went_well();
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
    let end_of =
        |line: &str, word: &str| line.find(word).map(|start| line[..start].chars().count() + word.chars().count());
    let lines: Vec<&str> = run.stdout.lines().collect();
    let heading = end_of(lines[0], "INT8");
    assert_eq!(heading, lines.iter().find_map(|line| end_of(line, "0.8090")));
    assert!(run.stdout.contains('…'), "the long title gives way");
}

#[test]
fn the_recommended_one_stands_first_and_the_others_by_family_and_name() {
    let place = place();
    place.network("aaa", |card, _| card["family"] = "Zebra".into());
    let list = place.run("models --models models --json").went_well().json();
    let models = list["models"].as_array().expect("a list").clone();
    assert_eq!(models[0]["name"], "light");
    let order = |model: &Value| ["subject", "family", "name"].map(|key| model[key].as_str().map(str::to_owned));
    assert!(models[1..].is_sorted_by_key(order), "{models:?}");
    let for_skin: Vec<&Value> = models.iter().filter(|model| model["subject"] != "fundus").collect();
    assert_eq!(for_skin.last().expect("there are some")["name"], "aaa");
}

#[test]
fn json_gives_the_whole_cards() {
    let place = place();
    let list = place.run("models --models models --json").went_well().json();
    assert_eq!(keys(&list), ["default", "models", "notices", "refused"]);
    assert_eq!(list["default"], "light");
    let mut light = list["models"][0].clone();
    light.as_object_mut().expect("an object").remove("origin");
    let written = std::fs::read(place.path("models/light/card.json")).expect("it is there");
    let written: Value = serde_json::from_slice(&written).expect("it is JSON");
    assert_eq!(light, written, "and nothing is left out, known or not");
    let one = place.run("models light --models models --json").went_well().json();
    assert_eq!((&one["name"], &one["npu"]["layers"]), (&json!("light"), &json!(201)));
}

#[test]
fn one_network_is_described_in_sentences() {
    let place = place();
    let words = |name: &str| {
        let run = place.run(&format!("models {name} --models models")).went_well();
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
        run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let light = words("light");
    for sentence in [
        "Recommended: It is light and sure.",
        "It has 12,345 parameters",
        "its output is probabilities at 128 × 128",
        "the paper states 63,133",
        "gives a mean IoU of 0.7594 and 0.014 s on its board; these are for one photograph",
        "pooled_iou 0.8090, 0.0020 below that of floats",
        "mean_iou 0.7920",
        "should take 1.8 to 2.5 ms: estimated from",
        "all 201 layers run on the NPU",
        "4.1 ms with ONNX Runtime and 8.0 ms with the built-in engine",
        "Distilled from 'malunet'",
        "model.rk3588.rknn (rknn, 1,460,000 bytes)",
    ] {
        assert!(light.contains(sentence), "{sentence}: {light}");
    }
    let plain = words("plain");
    for word in ["Recommended", "INT8", "NPU", "Distilled", "paper"] {
        assert!(!plain.contains(word), "{word}: {plain}");
    }
    let wnet = words("wnet");
    for sentence in [
        "It is for fundus photographs and marks the vessels of the retina.",
        "scaled until its field of view is 1200 pixels wide, and run in tiles of 512 pixels that overlap by 64",
        "On the photographs of chase-test (20): Dice 0.8207, clDice 0.8405",
        "A second person on the same photographs (20): Dice 0.7687",
        "By cross-validation on hrf",
        "On DRIVE, which it has not seen (20): Dice 0.7261",
        "Dice 0.8188, 0.0019 below that of floats",
        "On the NPU, a tile should take",
    ] {
        assert!(wnet.contains(sentence), "{sentence}: {wnet}");
    }
    place.run("models gone --models models").was_refused().says(&["'gone'", "light", "plain"], "");
}

#[test]
fn a_card_with_a_broken_block_is_refused_and_the_key_is_named() {
    let place = place();
    place.network("spoilt", |card, _| {
        say_all(card);
        card["int8"]["test"]["pooled_iou"] = 7.into();
    });
    let run = place.run("models --models models");
    assert_eq!(run.code, Some(1), "{run:?}");
    let line = run.stdout.lines().find(|line| line.starts_with("refused: ")).expect("it is said");
    assert!(line.contains("int8: test: pooled_iou must be 0 to 1, found 7"), "{line}");
    assert!(line.ends_with("models/spoilt/card.json"), "{line}");
    row(&run, "light");
    place.phantom("lesion.jpg");
    let run = place.run("segment lesion.jpg --out o --models models --model spoilt").was_refused();
    run.says(&["int8: test: pooled_iou"], "models/spoilt/card.json");
    assert_eq!(place.names("o"), Vec::<String>::new());
}

#[test]
fn two_recommended_ones_are_said_and_the_first_by_name_counts() {
    let place = place();
    place.network("also", |card, _| card["recommended"] = "So am I.".into());
    let run = place.run("models --models models").went_well();
    assert_eq!(row(&run, "also")[0], "*");
    let notice = run.stdout.lines().find(|line| line.starts_with("notice: ")).expect("it is said");
    assert!(notice.contains("(also, light)") && notice.ends_with("models"), "{notice}");
    assert!(place.run("doctor --models models").went_well().stdout.contains("notice: "));
    let list = place.run("models --models models --json").went_well().json();
    assert_eq!((&list["default"], list["notices"].as_array().map(Vec::len)), (&json!("also"), Some(1)));
}
