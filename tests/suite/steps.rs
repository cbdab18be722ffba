//! Steps before and after the network on the command line: what they change, where they are said, and what is refused.

use serde_json::{Value, json};

use crate::common::{Workplace, root};

/// A photograph whose network's mask has specks that an opening takes away.
fn place() -> Workplace {
    let place = Workplace::new();
    place.phantom("photos/lesion.jpg");
    place.phantom_mask("photos/lesion_segmentation.png");
    place
}

/// The object without what depends on the computer's speed.
fn untimed(mut row: Value) -> Value {
    row.as_object_mut().expect("a row").remove("millis");
    row
}

#[test]
fn without_steps_nothing_changes_and_nothing_is_said() {
    let place = place();
    let plain = place.run("segment photos --out a --engine rten --json").went_well().json();
    assert_eq!((&plain["before"], &plain["after"]), (&Value::Null, &Value::Null));
    assert!(!place.run("report photos --engine rten --csv a.csv").went_well().stdout.contains("before"));
    let report = place.run("evaluate --images photos --masks photos --engine rten").went_well();
    assert!(!report.stdout.contains("before "), "{}", report.stdout);
}

#[test]
fn steps_change_the_mask_and_stand_in_every_row() {
    let place = place();
    let steps = "--before normalise,clahe:4 --after open:20,largest";
    let line = |command: &str| format!("{command} {steps} --engine rten --network-only");
    let said = (json!("normalise,clahe:4"), json!("open:20,largest"));
    let of = |row: &Value| (row["before"].clone(), row["after"].clone());

    let plain = place.run("segment photos --out a --engine rten --probability").went_well();
    assert!(plain.stderr.is_empty());
    let row = place.run(&line("segment photos --out b --json --probability")).went_well().json();
    assert_eq!(of(&row), said);
    for name in ["lesion_mask.png", "lesion_probability.png"] {
        let [one, other] = ["a", "b"].map(|folder| std::fs::read(place.path(folder).join(name)).expect("written"));
        assert_ne!(one, other, "{name}");
    }

    let row = place.run(&line("report photos --json --csv rows.csv")).went_well().json();
    assert_eq!(of(&row), said);
    let csv = std::fs::read_to_string(place.path("rows.csv")).expect("it is written");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let mut place_of = |name: &str| rows.headers().expect("a heading").iter().position(|column| column == name);
    let (before, after) = (place_of("before").expect("a column"), place_of("after").expect("a column"));
    let record = rows.records().next().expect("a row").expect("it reads");
    assert_eq!((&record[before], &record[after]), ("normalise,clahe:4", "open:20,largest"));

    let whole = place.run(&line("evaluate --images photos --masks photos --json")).went_well().json();
    assert_eq!(of(&whole), said);
    let text = place.run(&line("evaluate --images photos --masks photos")).went_well().stdout;
    assert!(text.contains(", before normalise,clahe:4, after open:20,largest\n"), "{text}");
    let bench = place.run("bench --runs 1 --engine rten --after fill --json").went_well().json();
    assert_eq!((&bench["after"], &bench["before"]), (&json!("fill"), &Value::Null));
}

#[test]
fn steps_after_the_network_leave_its_probabilities_alone() {
    let place = place();
    place.run("segment photos --out a --engine rten --probability").went_well();
    place.run("segment photos --out b --engine rten --probability --after crf,lesion").went_well();
    let [one, other] =
        ["a", "b"].map(|folder| std::fs::read(place.path(folder).join("lesion_probability.png")).expect("written"));
    assert_eq!(one, other);
}

#[test]
fn a_run_with_steps_gives_the_same_each_time_and_many_at_once() {
    let place = place();
    let line = "report photos --before grey-world,nlm --after crf:5,close,fill --engine rten --json";
    let rows: Vec<Value> =
        ["1", "2"].map(|count| untimed(place.run(&format!("{line} --at-once {count}")).json())).into();
    assert_eq!(rows[0], rows[1]);
}

#[test]
fn steps_that_cannot_be_are_refused_before_anything_is_read() {
    let place = place();
    let complaints: [(&str, &[&str]); 7] = [
        ("--before blur", &["blur", "grey-world, normalise, window, nlm, clahe"]),
        ("--after sharpen", &["sharpen", "crf, open, close, fill, largest, lesion"]),
        ("--before largest", &["largest", "--after"]),
        ("--after clahe", &["clahe", "--before"]),
        ("--after open:99", &["open:99", "open:1–32"]),
        ("--after fill,fill", &["fill", "twice"]),
        ("--after largest,crf", &["crf", "comes first"]),
    ];
    for command in ["segment photos --out o", "report photos", "evaluate --images photos --masks photos", "bench"] {
        for (steps, words) in complaints {
            let run = place.run(&format!("{command} {steps}")).was_refused();
            assert!(words.iter().all(|word| run.stderr.contains(word)), "{steps}: {}", run.stderr);
        }
    }
    assert!(place.names("o").is_empty());
}

#[test]
fn steps_that_see_a_small_copy_are_refused_for_tiles() {
    let place = place();
    let models = root().join("models/vessels");
    let models = models.to_str().expect("the checkout's path is text");
    for (steps, step) in [(["--before", "clahe,nlm"], "'nlm'"), (["--after", "crf"], "'crf'")] {
        let line = ["segment", "photos", "--out", "o", "--models", models, "--model", "wnet", "--engine", "rten"];
        let run = place.run_words(&[&line[..], &steps].concat()).was_refused();
        assert!(run.stderr.contains(step) && run.stderr.contains("tiles"), "{}", run.stderr);
    }
}
