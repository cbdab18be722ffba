//! Several photographs in parallel: the same rows and files as one after the other, on one engine and on the
//! cores of an NPU (a double of its runtime; see `common_npu`).

use crate::common::Workplace;
use crate::common_npu::Board;
use serde_json::Value;

const FILES: [&str; 5] = ["c.jpg", "a.jpg", "broken.jpg", "d.jpg", "b.jpg"];

/// Photographs of different sizes, so that later ones overtake, and one that is none.
fn photographs() -> Workplace {
    let place = Workplace::new();
    for (name, sample) in [("c.jpg", "phantom.jpg"), ("a.jpg", "phantom2.jpg"), ("d.jpg", "phantom3.jpg")] {
        let bytes =
            std::fs::read(crate::common::root().join("assets/sample").join(sample)).expect("it is committed");
        place.file(name, bytes);
    }
    place.file(
        "b.jpg",
        std::fs::read(crate::common::root().join("tests/fixtures/decode/exif_1.jpg")).expect("it is committed"),
    );
    place.file("broken.jpg", b"no photograph");
    place
}

/// Rows without what differs from run to run.
fn rows(run: &crate::common::Run) -> Vec<Value> {
    let mut rows = run.json_lines();
    for row in &mut rows {
        let row = row.as_object_mut().expect("a row is an object");
        row.remove("millis");
        row.remove("outputs");
    }
    rows
}

#[test]
fn the_width_changes_neither_rows_nor_files_and_a_failure_stops_nothing() {
    let place = photographs();
    let mut seen = Vec::new();
    for width in ["1", "4"] {
        let line = format!("segment {} --out o{width} --engine rten --json --at-once {width}", FILES.join(" "));
        let run = place.run(&line).failed_on(1);
        let masks: Vec<Vec<u8>> = place
            .names(&format!("o{width}"))
            .iter()
            .map(|name| read(&place, &format!("o{width}/{name}")))
            .collect();
        assert_eq!(masks.len(), 4);
        seen.push((rows(&run), masks));
    }
    assert_eq!(seen[0], seen[1]);
    let files: Vec<&str> = seen[0].0.iter().filter_map(|row| row["file"].as_str()).collect();
    assert_eq!(files, FILES);
    assert!(seen[0].0[2]["error"].as_str().is_some_and(|words| words.contains("not a photograph")));
}

fn read(place: &Workplace, name: &str) -> Vec<u8> {
    std::fs::read(place.path(name)).expect("it is there")
}

#[test]
fn reports_and_evaluations_are_the_same_at_any_width() {
    let place = Workplace::new();
    for name in ["a", "b", "c"] {
        place.phantom(&format!("photos/{name}.jpg"));
        place.phantom_mask(&format!("masks/{name}_segmentation.png"));
    }
    let figures = |command: &str| {
        ["1", "3"].map(|width| {
            let run = place.run(&format!("{command} --engine rten --at-once {width}")).went_well();
            run.stdout.lines().filter(|line| !line.contains(" ms ")).map(str::to_owned).collect::<Vec<_>>()
        })
    };
    for command in ["report photos", "evaluate --images photos --masks masks"] {
        let [one, three] = figures(command);
        let least = if command.starts_with("report") { 4 } else { 9 };
        assert!(one.len() >= least, "{one:?}");
        assert_eq!(one, three, "{command}");
    }
}

#[test]
fn a_width_out_of_bounds_is_refused() {
    let place = photographs();
    for width in ["0", "257", "many"] {
        place.run(&format!("segment a.jpg --out o --at-once {width}")).was_refused();
    }
}

fn on_the_npu(place: &Workplace, board: &Board, more: &str) -> crate::common::Run {
    let options = board.words();
    let line = format!("segment {} --out o --engine rknn --model darkness --json {more}", FILES.join(" "));
    place.run_words(
        &line
            .split(' ')
            .filter(|word| !word.is_empty())
            .chain(options.iter().map(String::as_str))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn an_npu_has_a_resident_context_on_each_core() {
    let (place, board) = (photographs(), Board::new(&[]));
    let wide = rows(&on_the_npu(&place, &board, "--at-once 4").failed_on(1));
    let cores: Vec<String> = board.log().into_iter().filter(|line| line.starts_with("core")).collect();
    // The context that was opened first chooses by itself; the batch's are on the masks 1, 2 and 4.
    assert_eq!(cores, ["core 1 0", "core 2 1", "core 3 2", "core 4 4"]);
    assert_eq!((board.count("init"), board.count("dup"), board.count("destroy ")), (1, 3, 4));
    let board = Board::new(&[]);
    let narrow = rows(&on_the_npu(&place, &board, "--at-once 1").failed_on(1));
    assert_eq!(board.count("core"), 1);
    assert_eq!(wide, narrow);
}

#[test]
fn a_core_that_cannot_be_had_leaves_the_others() {
    // Shared weights do not work, and the second try to load the network fails as well.
    let (place, board) = (photographs(), Board::new(&["fail rknn_dup_context -1 1", "fail rknn_init -1 1"]));
    let run = on_the_npu(&place, &board, "--at-once 4");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.json_lines().iter().filter(|row| row["error"].is_null()).count(), 4, "{run:?}");
    assert!(run.stderr.contains("using 1 of 3 NPU cores: "), "{run:?}");
}

#[test]
fn without_any_further_core_the_first_context_does_the_whole_batch() {
    let (place, board) = (photographs(), Board::new(&["fail rknn_dup_context -1 0", "fail rknn_init -1 1"]));
    let run = on_the_npu(&place, &board, "--at-once 4");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.json_lines().iter().filter(|row| row["error"].is_null()).count(), 4, "{run:?}");
    assert!(run.stderr.contains("using 1 of 3 NPU cores: "), "{run:?}");
}

#[test]
fn runs_that_fail_are_each_reported_and_the_rest_goes_on() {
    // Five runs warm each of four contexts up; the first two photographs are done.
    let (place, board) = (photographs(), Board::new(&["fail rknn_run -1 22"]));
    let run = on_the_npu(&place, &board, "--at-once 4");
    assert_eq!(run.code, Some(1), "{run:?}");
    let rows = run.json_lines();
    assert_eq!(rows.len(), FILES.len());
    assert_eq!(rows.iter().filter(|row| row["error"].is_null()).count(), 2, "{run:?}");
}

#[test]
fn bench_compares_in_turn_with_overlapped() {
    let place = Workplace::new();
    place.file(
        "small.png",
        std::fs::read(crate::common::root().join("tests/fixtures/reference/small_120x90.png"))
            .expect("it is committed"),
    );
    let report = place.run("bench small.png --runs 2 --engine rten --at-once 2 --json").went_well().json();
    let batch = &report["engines"][0]["batch"];
    assert_eq!(
        (batch["at_once"].as_u64(), batch["rounds"].as_u64(), batch["photos"].as_u64()),
        (Some(2), Some(5), Some(4))
    );
    let median = |key: &str| batch[key]["median"].as_f64().expect("a figure");
    assert!(median("in_turn_millis") > 0.0 && median("overlapped_millis") > 0.0 && median("ratio") > 0.0);
}
