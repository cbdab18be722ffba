//! The command line as a person uses it: every command, its exit code, its JSON, its words on stderr.

use crate::common::{Workplace, keys};
use serde_json::json;

#[test]
fn segment_writes_a_mask_of_the_photos_size() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let run = place.run("segment lesion.jpg --out results --engine rten").went_well();
    assert_eq!(place.names("results"), ["lesion_mask.png"]);
    let mask = image::open(place.path("results/lesion_mask.png")).expect("it is a PNG").into_luma8();
    assert_eq!(mask.dimensions(), (1536, 1152));
    assert!(mask.as_raw().iter().all(|&level| level == 0 || level == 255));
    let row = run.stdout.lines().nth(1).expect("a heading and a row");
    assert!(row.starts_with("lesion.jpg") && row.contains(" % ") && row.contains("RTen (built in) 0."), "{row}");
    assert_eq!(run.stderr, "");
}

#[test]
fn segment_writes_overlay_and_probability_when_asked() {
    let place = Workplace::new();
    place.phantom("photos/lesion.jpg");
    place.run("segment photos --out a/b --overlay --probability --engine rten").went_well();
    assert_eq!(place.names("a/b"), ["lesion_mask.png", "lesion_overlay.png", "lesion_probability.png"]);
    for name in place.names("a/b") {
        let picture = image::open(place.path("a/b").join(name)).expect("it is a PNG");
        assert_eq!((picture.width(), picture.height()), (1536, 1152));
    }
}

#[test]
fn segment_prints_a_json_object_a_line() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    place.file("empty.jpg", "");
    let run = place.run("segment empty.jpg lesion.jpg --out o --engine rten --threshold 0.25 --json");
    let run = run.failed_on(1).says(&["empty"], "empty.jpg");
    let [failed, done] = &run.json_lines()[..] else { panic!("{run:?}") };
    assert_eq!(keys(failed), ["error", "file"]);
    let expected = [
        "area_px",
        "band_area_high_px",
        "band_area_low_px",
        "careful",
        "correction",
        "doubt",
        "doubt_reasons",
        "engine",
        "engine_version",
        "expected_dice",
        "expected_iou",
        "file",
        "height",
        "lesion_share",
        "mask_px",
        "mask_source",
        "millis",
        "model",
        "outputs",
        "quality",
        "regions",
        "second_look",
        "threshold",
        "threshold_choice",
        "width",
    ];
    assert_eq!(keys(done), expected);
    assert_eq!(keys(&done["millis"]), ["decode", "infer", "postprocess", "preprocess"]);
    assert_eq!((&done["width"], &done["threshold"], &done["engine"]), (&json!(1536), &json!(0.25), &json!("rten")));
    assert_eq!(done["outputs"], json!({ "mask": "o/lesion_mask.png" }));
    let share = done["lesion_share"].as_f64().expect("a number");
    assert!((share * 1536.0 * 1152.0 - done["area_px"].as_f64().expect("a number")).abs() < 1.0);
}

#[test]
fn rows_keep_the_order_of_the_input() {
    let place = Workplace::new();
    for name in ["p10.jpg", "p2.jpg", "p1.jpg"] {
        place.phantom(&format!("photos/{name}"));
    }
    let rows = place.run("segment photos --out o --engine rten --json").went_well().json_lines();
    let files: Vec<&str> = rows.iter().filter_map(|row| row["file"].as_str()).collect();
    assert_eq!(files, ["photos/p1.jpg", "photos/p2.jpg", "photos/p10.jpg"]);
}

#[test]
fn segment_says_when_there_is_no_lesion() {
    let place = Workplace::new();
    let skin = image::RgbImage::from_pixel(64, 64, image::Rgb([230, 190, 170]));
    skin.save(place.path("skin.png")).expect("it can be written");
    let run = place.run("segment skin.png --out o --engine rten --threshold 1").went_well();
    assert!(run.stdout.contains("no lesion found"), "{run:?}");
}

#[test]
fn a_second_photo_of_the_same_name_is_refused() {
    let place = Workplace::new();
    place.phantom("a/lesion.jpg");
    place.phantom("b/lesion.jpeg");
    let run = place.run("segment a b --out o --engine rten").failed_on(1);
    run.says(&["same name", "a/lesion.jpg"], "b/lesion.jpeg");
    assert_eq!(place.names("o"), ["lesion_mask.png"]);
}

#[test]
fn an_input_is_never_written_to() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let input = place.phantom("lesion_mask.png");
    place
        .run("segment lesion.jpg lesion_mask.png --out . --engine rten")
        .failed_on(1)
        .says(&["overwrite"], "lesion.jpg");
    assert_eq!(std::fs::read(input).expect("it is still there"), crate::common::phantom_jpeg());
}

/// Three photos with the network's own masks as reference, and a list of two splits.
fn data_set() -> Workplace {
    let place = Workplace::new();
    for name in ["a", "b", "c"] {
        place.phantom(&format!("images/{name}.jpg"));
    }
    place.run("segment images --out masks --engine rten").went_well();
    for (from, to) in [("a_mask.png", "a.png"), ("b_mask.png", "b_segmentation.png"), ("c_mask.png", "c.png")] {
        std::fs::rename(place.path("masks").join(from), place.path("masks").join(to)).expect("it can be renamed");
    }
    place.file("list.csv", "image_id,split,note\na,test,\"quoted, field\"\n\"b\",test,\nc,train,\n");
    place
}

#[test]
fn evaluate_reports_every_figure_by_its_name() {
    let place = data_set();
    let line = "evaluate --images images --masks masks --list list.csv --split test --engine rten --json";
    let report = place.run(line).went_well().json();
    let expected = [
        "accuracy",
        "careful",
        "class_mean_iou",
        "engine",
        "engine_version",
        "expected_agreement",
        "failed",
        "masks_by_hand",
        "mean_dice",
        "mean_iou",
        "millis",
        "model",
        "n",
        "pooled_dice",
        "pooled_iou",
        "sensitivity",
        "specificity",
        "split",
        "surface",
        "threshold",
        "threshold_choice",
    ];
    assert_eq!(keys(&report), expected);
    assert_eq!(keys(&report["millis"]), ["decode", "infer", "postprocess", "preprocess"]);
    assert_eq!(keys(&report["millis"]["infer"]), ["p50", "p95"]);
    assert_eq!((&report["n"], &report["failed"], &report["split"]), (&json!(2), &json!(0), &json!("test")));
    for figure in ["mean_iou", "mean_dice", "pooled_iou", "class_mean_iou", "sensitivity", "accuracy"] {
        assert_eq!(report[figure], 1.0, "the reference is the network's own mask");
    }
}

#[test]
fn evaluate_names_its_figures_in_words() {
    let run = data_set().run("evaluate --images images --masks masks --engine rten").went_well();
    for words in ["3 photographs, 0 failed", "mean over photographs", "all pixels pooled", "ms 95th percentile"] {
        assert!(run.stdout.contains(words), "{words}: {run:?}");
    }
}

#[test]
fn evaluate_writes_a_row_a_photo() {
    let place = data_set();
    place.run("evaluate --images images --masks masks --csv rows.csv --engine rten").went_well();
    let rows = std::fs::read_to_string(place.path("rows.csv")).expect("it was written");
    let lines: Vec<&str> = rows.lines().collect();
    let columns = "image_id,iou,dice,sensitivity,specificity,accuracy,tp,fp,fn,tn,area_px,regions,mask_px,millis,\
                   hd_px,hd95_px,assd_px,hd_mm,hd95_mm,assd_mm,mask_source,reference_notes,photo_warnings,quality,\
                   threshold_choice,careful,second_look,expected_iou,expected_dice,band_area_low_px,band_area_high_px,\
                   band_area_low_mm2,band_area_high_mm2,doubt,doubt_reasons";
    assert_eq!(lines[0], columns);
    assert_eq!(lines.len(), 4);
    assert!(
        lines[1].contains(",0.000000,0.000000,0.000000,,,,network,,,,card,false,false,"),
        "no scale, no millimetres: {}",
        lines[1]
    );
    assert!(lines[1].starts_with("a,1.000000,1.000000,1.000000,1.000000,1.000000,"), "{}", lines[1]);
}

#[test]
fn evaluate_goes_on_without_what_is_missing() {
    let place = data_set();
    std::fs::remove_file(place.path("masks/a.png")).expect("it is there");
    place.file("list.csv", "image_id,split\na,test\nb,test\ngone,test\n");
    let line = "evaluate --images images --masks masks --list list.csv --split test --engine rten --json";
    let run = place
        .run(line)
        .failed_on(2)
        .says(&["no reference mask", "a_segmentation"], "masks")
        .says(&["'gone'"], "images");
    assert_eq!((&run.json()["n"], &run.json()["failed"]), (&json!(1), &json!(2)));
}

#[test]
fn evaluate_refuses_a_list_that_it_cannot_follow() {
    let place = data_set();
    let with = |rest: &str| place.run(&format!("evaluate --images images --masks masks {rest}")).was_refused();
    with("--list list.csv --split tset").says(&["'tset'", "test, train"], "list.csv");
    with("--list gone.csv --split test").says(&["cannot read"], "gone.csv");
    with("--split test");
    with("--csv gone/rows.csv").says(&["does not exist"], "gone/rows.csv");
    with("--list list.csv --csv ./list.csv").says(&["--list"], "list.csv");
    place.file("list.csv", "name,split\na,test\n");
    with("--list list.csv --split test").says(&["'image_id' is missing"], "list.csv");
}

#[test]
fn photos_and_masks_may_share_a_folder() {
    let place = data_set();
    place.file("images/a.png", std::fs::read(place.path("masks/a.png")).expect("it is there"));
    for name in ["b", "c"] {
        std::fs::remove_file(place.path(&format!("images/{name}.jpg"))).expect("it is there");
    }
    let report = place.run("evaluate --images images --masks images --engine rten --json").went_well().json();
    assert_eq!((&report["n"], &report["mean_iou"]), (&json!(1), &json!(1.0)));
}

#[test]
fn doctor_says_what_is_found_and_why_not() {
    let place = Workplace::new();
    let report = place.run("doctor --json").went_well().json();
    assert_eq!(
        keys(&report),
        ["auto", "cores", "default", "engines", "models", "notices", "refused", "rga", "searched", "version"]
    );
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    let rten = report["engines"].as_array().and_then(|engines| engines.iter().find(|e| e["engine"] == "rten"));
    assert!(rten.is_some_and(|rten| rten["available"] == true), "{report}");

    let run = place.run("doctor --onnxruntime nowhere.so");
    assert_eq!(run.code, Some(1), "what was named cannot be used: {run:?}");
    assert!(
        run.stdout.contains("looked for nowhere.so") && run.stdout.contains("auto uses        rten"),
        "{run:?}"
    );
}

#[test]
fn bench_measures_every_stage() {
    let report = Workplace::new().run("bench --runs 2 --engine rten --json").went_well().json();
    let expected = [
        "careful",
        "conditions_after",
        "conditions_before",
        "engines",
        "height",
        "infer_ratio",
        "machine",
        "model",
        "notices",
        "photo",
        "runs",
        "version",
        "width",
    ];
    assert_eq!(keys(&report), expected);
    let engine = &report["engines"][0];
    for stage in ["decode", "preprocess", "infer", "postprocess"] {
        let spread = ["min", "median", "p95", "max"].map(|name| engine["millis"][stage][name].as_f64());
        assert!(spread[0].is_some() && spread.is_sorted(), "{report}");
    }
    let cold = ["loaded", "first_outline"].map(|name| engine["cold_start_millis"][name].as_f64());
    assert!(cold[0].is_some_and(|millis| millis > 0.0) && cold[0] < cold[1], "{report}");
    assert!(engine.get("npu").is_none() && engine["batch"].get("contexts").is_none(), "not the NPU's: {report}");
    let run = Workplace::new().run("bench --runs 1 --engine rten").went_well();
    assert!(run.stdout.contains("infer") && run.stdout.contains("median"), "{run:?}");
    assert!(run.stdout.contains("cold start: loaded after"), "{run:?}");
}

#[test]
fn wrong_usage_is_refused_before_anything_is_done() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    std::fs::create_dir(place.path("none")).expect("it can be made");
    place.run("segment lesion.jpg --out o --model gone").was_refused().says(&["'gone'", "malunet"], "");
    place.run("segment lesion.jpg --out o --models gone").was_refused().says(&["--models"], "gone");
    place.run("segment lesion.jpg --out o --engine warp").was_refused();
    place.run("segment lesion.jpg --out o --threshold 1.01").was_refused();
    place
        .run("segment lesion.jpg --out o --engine ort --onnxruntime gone.so")
        .was_refused()
        .says(&["gone.so"], "PATH");
    place.run("segment none --out o").was_refused().says(&["no photograph"], "none");
    place.run("segment --out o").was_refused();
    place.run("--theme dark models").was_refused();
    place.run("bench --runs 0").was_refused();
    assert_eq!(place.names("o"), Vec::<String>::new());
}

#[test]
fn whoever_names_a_library_learns_that_it_is_not_used() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let run = place.run("segment lesion.jpg --out o --onnxruntime gone.so").went_well();
    assert!(run.stdout.contains("RTen (built in)"), "{run:?}");
    run.says(&["warn", "ONNX Runtime is not used", "gone.so"], "PATH");
}

#[test]
fn a_path_without_photos_fails_in_its_turn() {
    let place = Workplace::new();
    std::fs::create_dir(place.path("none")).expect("it can be made");
    place.phantom("lesion.jpg");
    let rows = place.run("segment lesion.jpg none gone.jpg --out o --engine rten --json").failed_on(2).json_lines();
    let files: Vec<&str> = rows.iter().filter_map(|row| row["file"].as_str()).collect();
    assert_eq!(files, ["lesion.jpg", "none", "gone.jpg"]);
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let run = Workplace::new().run("--help").went_well();
    let commands = ["segment", "evaluate", "report", "export", "import", "models", "doctor", "bench"];
    for word in commands.into_iter().chain(["Exit codes", "research use only"]) {
        assert!(run.stdout.contains(word), "{word}: {run:?}");
    }
}
