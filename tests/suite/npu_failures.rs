//! What can go wrong with the NPU, each in its own words, and the program goes on: against a test double of the
//! runtime that fails, hangs or is not there as it is told.

use std::time::{Duration, Instant};

use crate::common::Workplace;
use crate::common_npu::{Board, WITHOUT_SHARED_MEMORY, fixture};
use dermaloupe::inference::{self, Engine, EngineChoice, EngineKind, InferenceError, InputForm, Model, preprocess};

/// Short enough to wait for in a test.
pub(crate) const SHORT: Duration = Duration::from_millis(400);

fn try_open(board: &Board) -> Result<Box<dyn Engine>, String> {
    let opened = inference::open(EngineChoice::Only(EngineKind::Rknn), &board.model(), &board.options());
    opened.map(|opened| opened.engine).map_err(|error| error.to_string())
}

fn refusal(board: &Board) -> String {
    match try_open(board) {
        Ok(engine) => panic!("{} opened", engine.info()),
        Err(words) => words,
    }
}

/// The words of `auto` about the NPU; another engine was taken.
fn passed_over(board: &Board) -> String {
    let opened = inference::open(EngineChoice::Auto, &board.model(), &board.options()).expect("another engine");
    assert_ne!(opened.engine.info().kind, EngineKind::Rknn);
    assert_eq!(opened.passed_over[0].kind, EngineKind::Rknn);
    opened.passed_over[0].error.to_string()
}

fn infer(board: &Board, engine: &mut dyn Engine) -> Result<(), InferenceError> {
    let photo = dermaloupe::sample::photo().expect("the sample decodes");
    let input = preprocess::prepare(&photo, &board.model().card, InputForm::Pixels);
    engine.infer(&input).map(|_| ())
}

pub(crate) fn assert_says(words: &str, parts: &[&str]) {
    for part in parts {
        assert!(words.contains(part), "'{part}' is not in: {words}");
    }
}

#[test]
fn auto_takes_the_npu_where_it_works() {
    let board = Board::new(&[]);
    let opened = inference::open(EngineChoice::Auto, &board.model(), &board.options()).expect("it opens");
    assert_eq!((opened.engine.info().kind, opened.passed_over.len()), (EngineKind::Rknn, 0));
}

#[test]
fn each_code_of_init_is_explained_and_auto_goes_on() {
    for (code, parts) in [
        (-1, ["RKNN_LOG_LEVEL=4", "runtime 2.5.0, driver unknown"]),
        (-3, ["not responding", "restart the board"]),
        (-4, ["no memory", "close other programs"]),
        (-6, ["damaged", "copy the file again"]),
        (-10, ["do not match", "update librknnrt.so"]),
        (-13, ["another chip", "rk3588"]),
        (-99, ["RKNN_LOG_LEVEL=4", "returned -99"]),
    ] {
        let board = Board::new(&[&format!("fail rknn_init {code} 0")]);
        let words = refusal(&board);
        assert_says(&words, &["darkness", &format!("returned {code}")]);
        assert_says(&words, &parts);
        assert_eq!(passed_over(&board), words);
    }
}

#[test]
fn what_is_too_old_is_to_be_updated() {
    let old = "-DVERSION=\"1.5.0\"";
    for code in [-1, -6] {
        let board = Board::with(&[old], &[&format!("fail rknn_init {code} 0")]);
        let expected = ["runtime 1.5.0 is older than the toolkit 2.5.0", "update librknnrt.so to 2.5.0"];
        assert_says(&refusal(&board), &expected);
        let board = Board::new(&[&format!("fail rknn_init {code} 0")]);
        board.file("sys/kernel/debug/rknpu/version", b"RKNPU driver: v0.7.2\n");
        assert_says(&refusal(&board), &["driver 0.7.2 is older than 0.9.2", "update the board's kernel"]);
    }
    // The driver's version by the runtime itself, when a run fails.
    let board = Board::new(&["fail rknn_run -1 5", "driver 0.8.2"]);
    let mut engine = try_open(&board).expect("it opens");
    let words = infer(&board, engine.as_mut()).expect_err("it fails").to_string();
    assert_says(&words, &["the NPU", "rknn_run returned -1", "driver 0.8.2", "update the board's kernel"]);
}

#[test]
fn a_call_that_fails_while_loading_is_named() {
    for (call, before) in
        [("rknn_query", 0), ("rknn_query", 1), ("rknn_query", 2), ("rknn_set_core_mask", 0), ("rknn_run", 3)]
    {
        let board = Board::new(&[&format!("fail {call} -5 {before}")]);
        assert_says(&refusal(&board), &["darkness", &format!("{call} returned -5")]);
        assert_eq!((board.count("init"), board.count("destroy ")), (1, 1), "{call}");
    }
}

#[test]
fn a_call_that_fails_in_a_run_is_named_and_everything_is_put_away() {
    for (parts, call) in [
        (&[][..], "rknn_run"),
        (&[], "rknn_mem_sync"),
        (&[WITHOUT_SHARED_MEMORY], "rknn_run"),
        (&[WITHOUT_SHARED_MEMORY], "rknn_inputs_set"),
        (&[WITHOUT_SHARED_MEMORY], "rknn_outputs_get"),
        (&[WITHOUT_SHARED_MEMORY], "rknn_outputs_release"),
    ] {
        let before = if call == "rknn_mem_sync" { 10 } else { 5 };
        let board = Board::with(parts, &[&format!("fail {call} -2 {before}")]);
        let mut engine = try_open(&board).expect("it opens");
        for _ in 0..2 {
            let words = infer(&board, engine.as_mut()).expect_err("it fails").to_string();
            assert_says(
                &words,
                &["NPU (RK3588) could not run the network", &format!("{call} returned -2"), "try another engine"],
            );
        }
        drop(engine);
        assert_eq!(board.count("destroy "), 1);
    }
}

#[test]
fn calls_that_fail_at_the_end_harm_nobody() {
    let board = Board::new(&["fail rknn_destroy -1 0", "fail rknn_destroy_mem -1 0"]);
    drop(try_open(&board).expect("it opens"));
    assert_eq!((board.count("destroy_mem"), board.count("destroy ")), (2, 1));
}

#[test]
fn another_machine_is_told_apart_from_a_lack() {
    let board = Board::new(&[]);
    board.file("proc/device-tree/compatible", b"pine64,quartz64-a\0rockchip,rk3566\0");
    assert_says(&passed_over(&board), &["not an RK3588", "pine64,quartz64-a, rockchip,rk3566"]);
    std::fs::remove_file(board.path("proc/device-tree/compatible")).expect("it is there");
    assert_says(&passed_over(&board), &["not an RK3588", "no board model was reported"]);
    assert!(board.log().is_empty(), "the runtime was not touched");
}

#[test]
fn the_runtime_is_missing_foreign_or_another_library() {
    let board = Board::new(&[]);
    std::fs::write(board.library(), "no library").expect("it can be written");
    // In the loader's own words.
    assert_says(&passed_over(&board), &["cannot be opened", "file too short", "librknnrt.so"]);
    std::fs::remove_file(board.library()).expect("it is there");
    assert_says(&passed_over(&board), &["not found", "librknnrt.so", "--rknn-runtime PATH"]);
    let board = Board::with(&["-Drknn_run=another_function"], &[]);
    let words = passed_over(&board);
    assert_says(&words, &["not the NPU's runtime", "it has no rknn_run"]);
    assert!(words.ends_with("librknnrt.so"), "{words}");
}

#[test]
fn a_network_that_is_not_for_this_npu_is_refused_before_the_runtime_is_touched() {
    let board = Board::new(&[]);
    let whole = fixture("model.rk3588.rknn");
    board.npu_file(&fixture("model.rk3566.rknn"));
    assert_says(&refusal(&board), &["darkness", "compiled for rk3566, not for rk3588"]);
    board.npu_file(&whole[..whole.len() / 2]);
    assert_says(&refusal(&board), &["darkness", "incomplete", "copy it again"]);
    board.npu_file(&fixture("model.onnx"));
    let words = refusal(&board);
    assert_says(&words, &["darkness", "not a .rknn file"]);
    assert!(words.ends_with("models/darkness/model.rk3588.rknn"), "{words}");
    board.network(|card| card["artefacts"][1]["sha256"] = "0".repeat(64).into());
    assert_says(&refusal(&board), &["'darkness' refused", "SHA-256", "000000000000"]);
    std::fs::remove_file(board.path("models/darkness/model.rk3588.rknn")).expect("it is there");
    assert_says(&refusal(&board), &["cannot read the model's file", "model.rk3588.rknn"]);
    board.network(|card| card["artefacts"].as_array_mut().expect("a list").truncate(1));
    assert_says(&refusal(&board), &["'darkness' has no file for the NPU"]);
    assert!(board.log().is_empty(), "the runtime was not touched");
}

#[test]
fn a_network_of_another_form_is_refused() {
    for (plan, words) in [
        ("height 64", "its input is 1x3x64x128, expected 1x3x96x128"),
        ("out_width 32", "its output is 1x1x48x32, expected 1x1x48x64"),
        ("outputs 2", "one input and one output"),
        ("inputs 0", "one input and one output"),
    ] {
        let board = Board::new(&[plan]);
        assert_says(&refusal(&board), &["darkness", words]);
        assert_eq!(board.count("destroy "), 1);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn whoever_may_not_open_the_device_is_told_the_group() {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    let board = Board::new(&["fail rknn_init -1 0"]);
    let node = board.path("dev/dri/renderD129");
    std::fs::remove_file(&node).expect("it is there");
    // Nobody, not even root, may write there.
    symlink("/proc/sys/kernel/ostype", &node).expect("links can be made");
    let group = std::fs::symlink_metadata(&node).expect("it is there").gid();
    board.file("etc/group", format!("video:x:99999:\nrender:x:{group}:someone\n").as_bytes());
    assert_says(&refusal(&board), &["join the group render", "usermod -aG render", "dev/dri/renderD129"]);
    let probes = inference::probe(&board.options());
    assert!(!probes[0].available);
    assert_says(&probes[0].detail, &["join the group render"]);
}

#[test]
fn a_run_that_hangs_is_given_up_and_another_engine_takes_over() {
    let mut board = Board::new(&["hang rknn_run 5"]);
    board.run_limit = SHORT;
    let mut engine = try_open(&board).expect("it opens");
    let words = infer(&board, engine.as_mut()).expect_err("it hangs").to_string();
    assert_says(&words, &["the NPU did not respond within 0.4 s", "abandoned", "try another engine"]);
    let words = infer(&board, engine.as_mut()).expect_err("it is given up").to_string();
    assert_says(&words, &["abandoned in an earlier run"]);
    let started = Instant::now();
    drop(engine);
    assert!(started.elapsed() < SHORT, "nobody waits for what hangs");
    assert_says(&passed_over(&board), &["still stuck", "restart the program"]);
    assert_eq!((board.count("init"), board.count("destroy ")), (1, 0), "leaked on purpose");
    board.release();
    // Once the call has come back, its thread puts everything away, and the NPU can be used again.
    wait_until(|| board.count("destroy ") == 1);
    wait_until(|| try_open(&board).is_ok());
}

#[test]
fn loading_that_hangs_is_given_up_too() {
    for plan in ["hang rknn_init 0", "hang rknn_set_core_mask 0", "hang rknn_run 2"] {
        let mut board = Board::new(&[plan]);
        board.run_limit = SHORT;
        assert_says(&refusal(&board), &["did not respond within 0.4 s", "'darkness'", "restart the board"]);
        assert_says(&passed_over(&board), &["still stuck"]);
        board.release();
        wait_until(|| board.count("destroy ") == 1);
    }
}

#[test]
fn an_end_that_hangs_is_not_waited_for() {
    let mut board = Board::new(&["hang rknn_destroy 0"]);
    board.run_limit = SHORT;
    let engine = try_open(&board).expect("it opens");
    let started = Instant::now();
    drop(engine);
    assert!(started.elapsed() < 20 * SHORT);
    assert_says(&passed_over(&board), &["still stuck"]);
    board.release();
    wait_until(|| board.count("destroy ") == 1);
}

#[test]
fn a_slow_answer_is_an_answer() {
    let board = Board::new(&["slow_millis 60"]);
    let mut engine = try_open(&board).expect("it opens");
    let started = Instant::now();
    infer(&board, engine.as_mut()).expect("it answers");
    assert!(started.elapsed() >= Duration::from_millis(60));
}

pub(crate) fn wait_until(holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::yield_now();
    }
}

fn words<'a>(line: &'a str, board: &'a [String]) -> Vec<&'a str> {
    line.split(' ').chain(board.iter().map(String::as_str)).collect()
}

#[test]
fn the_command_line_runs_on_the_npu_and_doctor_describes_it() {
    let board = Board::new(&["micros 2500"]);
    board.file("sys/class/devfreq/fdab0000.npu/governor", b"rknpu_ondemand\n");
    board.file("sys/class/devfreq/fdab0000.npu/cur_freq", b"1000000000\n");
    board.file("sys/kernel/debug/rknpu/version", b"RKNPU driver: v0.9.8\n");
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let options = board.words();
    let line = "segment lesion.jpg --out o --engine rknn --model darkness";
    let run = place.run_words(&words(line, &options)).went_well();
    assert!(run.stdout.contains("NPU (RK3588) 2.5.0 (driver 0.9.8)"), "{run:?}");
    let report = place.run_words(&words("doctor --json", &options)).went_well().json();
    let npu = &report["engines"][0];
    assert_eq!((npu["engine"].as_str(), npu["available"].as_bool()), (Some("rknn"), Some(true)));
    assert_says(npu["detail"].as_str().unwrap_or_default(), &["version 2.5.0", "driver 0.9.8", "renderD129"]);
    let reason = report["auto"]["passed_over"][0]["reason"].as_str().unwrap_or_default();
    assert_says(reason, &[Model::BUILT_IN, "its input is 1x3x96x128, expected 1x3x256x256"]);
    let line = "bench --runs 3 --engine rknn --model darkness";
    let run = place.run_words(&words(line, &options)).went_well();
    assert_says(&run.stdout, &["device's own clock", "2.50", "npu: rknpu_ondemand, 1000 MHz"]);
    let report = place.run_words(&words(&format!("{line} --json"), &options)).went_well().json();
    assert_eq!(report["engines"][0]["device_millis"]["median"].as_f64(), Some(2.5));
    assert_eq!(report["conditions_after"]["clocks"][0]["mhz"].as_u64(), Some(1000));
}

#[test]
fn whoever_asks_for_the_npu_on_another_machine_is_refused_in_words() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    let run = place.run("segment lesion.jpg --out o --engine rknn --system-root .").was_refused();
    assert_says(&run.stderr, &["not an RK3588"]);
    assert_eq!(place.names("o"), Vec::<String>::new());
    let run = place.run("segment lesion.jpg --out o --system-root . --rknn-runtime gone.so").went_well();
    run.says(&["warn", "NPU (RK3588) is not used", "not an RK3588"], "runs only on RK3588");
}
