//! `evaluate --table --by`: agreement by group of photographs, in every form it is written, and tables that it cannot follow.

use crate::common::Workplace;
use serde_json::{Value, json};

const TABLE: &str = "lesion_id,image_id,dx,age,sex\nL1,A.jpg,nv,45.0,male\nL1,b,nv,41,\nL2,c,mel,80,unknown\n";

/// Four photographs with masks, of which the table lists three.
fn data_set(table: impl AsRef<[u8]>) -> Workplace {
    let place = Workplace::new();
    for name in ["a", "b", "c", "d"] {
        place.phantom(&format!("images/{name}.jpg"));
        place.phantom_mask(&format!("masks/{name}.png"));
    }
    place.file("facts.csv", table);
    place
}

const EVALUATE: &str = "evaluate --images images --masks masks --engine rten --table facts.csv";

#[test]
fn every_form_has_the_same_groups() {
    let place = data_set(TABLE);
    let outputs = "--groups g.csv --groups g.json --plot g.svg --plot g.png";
    let run = place.run(&format!("{EVALUATE} --by diagnosis,sex,age {outputs} --json")).went_well();
    assert!(run.stderr.contains("1 photograph not in the table, the first is 'd': facts.csv"), "{run:?}");
    let report = run.json();
    let groups = &report["groups"];
    let names = |by: &str| -> Vec<Value> {
        groups["by"][by].as_array().expect("groups").iter().map(|row| json!([row["group"], row["n"]])).collect()
    };
    assert_eq!(names("diagnosis"), [json!(["mel", 1]), json!(["nv", 2]), json!(["not stated", 1])]);
    assert_eq!(names("sex"), [json!(["male", 1]), json!(["not stated", 3])]);
    assert_eq!(names("age"), [json!(["40 to 49", 2]), json!(["80 to 89", 1]), json!(["not stated", 1])]);
    assert_eq!(groups["by"]["diagnosis"][1]["lesions"], 1);
    assert_eq!(groups["by"]["diagnosis"][1]["mean_iou_interval"], json!(null), "both are of one lesion");
    assert_eq!(groups["overall"]["mean_iou"], report["mean_iou"]);
    assert_eq!((&groups["resampled"], &groups["not_in_table"]), (&json!("lesion_id"), &json!(1)));

    let read = |name: &str| std::fs::read(place.path(name)).expect("it was written");
    let written: Value = serde_json::from_slice(&read("g.json")).expect("it is JSON");
    assert_eq!(&written, groups);
    let rows = String::from_utf8(read("g.csv")).expect("it is UTF-8");
    assert!(rows.lines().count() == 10 && rows.contains("\ndiagnosis,nv,2,1,"), "{rows}");
    assert!(String::from_utf8(read("g.svg")).is_ok_and(|svg| svg.contains(">80 to 89</text>")));
    assert!(read("g.png").starts_with(b"\x89PNG"));
}

#[test]
fn the_terminal_shows_a_table_of_eighty_columns() {
    let place = data_set(TABLE);
    let run = place.run(&format!("{EVALUATE} --by dx")).went_well();
    let table = run.stdout.split("by group").nth(1).expect("the table comes last");
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    for words in ["all photographs", "  not stated", "1*", "* fewer than 20 photographs", "lesions ('lesion_id')"] {
        assert!(table.contains(words), "{words}: {table}");
    }
}

#[test]
fn tables_of_other_programs_are_read() {
    let excel = "\u{FEFF}File;Ort;Alter\r\na.jpg;Rücken;45,5\r\nB.JPG;Arm;\r\nc;Arm;7\r\nd;Arm;12\r\n";
    let report = data_set(excel).run(&format!("{EVALUATE} --by ort,ALTER --json")).went_well().json();
    let by = &report["groups"]["by"];
    assert_eq!((&by["ort"][1]["group"], &by["ort"][0]["n"]), (&json!("Rücken"), &json!(3)));
    assert_eq!((&by["ALTER"][0]["group"], &by["ALTER"][3]["group"]), (&json!("0 to 9"), &json!("not stated")));
    assert_eq!(report["groups"]["resampled"], "photographs");
}

#[test]
fn a_table_that_cannot_be_followed_is_refused_before_anything_is_done() {
    let place = data_set(TABLE);
    let refused = |rest: &str| place.run(&format!("{EVALUATE} --groups g.csv --plot g.png {rest}")).was_refused();
    refused("--by hospital").says(&["'hospital' is missing, found lesion_id, image_id, dx, age, sex"], "facts.csv");
    let with = |table: &[u8]| {
        place.file("facts.csv", table);
        refused("--by dx")
    };
    with(b"name,dx\na,nv\n").says(&["'image_id' is missing, found name, dx"], "facts.csv");
    with(b"image_id,dx\na,nv\nA.jpg,nv\n").says(&["'A' is listed twice"], "facts.csv");
    with(b"image_id,dx\n").says(&["no photograph is listed"], "facts.csv");
    with(b"image_id,dx\nISIC_1,nv\n").says(&["none of the photographs", "'a'", "'isic_1'"], "facts.csv");
    with(b"image_id,dx\na,R\xFCcken\n").says(&["CSV UTF-8"], "facts.csv");
    with(b"").says(&["'image_id' is missing"], "facts.csv");
    let ids: String = (0..200).map(|row| format!("a{row},x{row}\n")).collect();
    with(format!("image_id,dx\n{ids}").as_bytes()).says(&["200 different values"], "facts.csv");
    // Not read at all: nothing of 65 MiB reaches the memory.
    let huge = std::fs::File::create(place.path("facts.csv")).expect("it can be made");
    huge.set_len(65 << 20).expect("it can be long");
    refused("--by dx").says(&["cannot read --table"], "facts.csv");
    std::fs::remove_file(place.path("facts.csv")).expect("it is there");
    refused("--by dx").says(&["cannot read --table"], "facts.csv");
    assert_eq!([place.path("g.csv"), place.path("g.png")].map(|path| path.exists()), [false, false]);
}

#[test]
fn files_that_cannot_be_written_are_refused_before_the_long_run() {
    let place = data_set(TABLE);
    let refused = |rest: &str| place.run(&format!("{EVALUATE} --by dx {rest}")).was_refused();
    refused("--groups g.txt").says(&["--groups", ".csv or .json"], "g.txt");
    refused("--plot g.pdf").says(&["--plot", ".png or .svg"], "g.pdf");
    refused("--plot gone/g.png").says(&["does not exist"], "gone/g.png");
    refused("--groups ./facts.csv").says(&["another option names this file"], "facts.csv");
    refused("--groups g.csv --csv g.csv").says(&["another option names this file"], "g.csv");
    let run = |line: &str| place.run(&format!("evaluate --images images --masks masks {line}")).was_refused();
    run("--by dx");
    run("--table facts.csv");
    run("--plot g.png");
}

#[test]
fn ids_without_a_photograph_are_counted_and_the_first_is_named() {
    let place = data_set("image_id,dx\na,nv\nb,nv\nc,mel\nd,nv\nz,nv\ny,nv\n");
    let run = place.run(&format!("{EVALUATE} --by dx --json")).went_well();
    assert!(run.stderr.contains("2 ids of the table without a photograph, the first is 'y': facts.csv"), "{run:?}");
    assert_eq!(run.json()["groups"]["overall"]["n"], 4);
    // A list chose fewer photographs: that the table has more is no news.
    place.file("list.csv", "image_id\na\nc\n");
    let run = place.run(&format!("{EVALUATE} --by dx --json --list list.csv")).went_well();
    assert_eq!((run.stderr.as_str(), &run.json()["groups"]["overall"]["n"]), ("", &json!(2)));
}
