//! What `bench` tells of the NPU, against a test double of its runtime on a board on paper: no figure of it is an NPU's.

use crate::common::Workplace;
use crate::common_npu::{Board, WITHOUT_SHARED_MEMORY};
use serde_json::Value;

/// Runs `bench` on the board with these words, four photographs at once.
fn bench(board: &Board, more: &str) -> Value {
    let line = format!("bench --runs 3 --engine rknn --model darkness --at-once 4 --json{more}");
    let options = board.words();
    let words: Vec<&str> = line.split(' ').chain(options.iter().map(String::as_str)).collect();
    Workplace::new().run_words(&words).went_well().json()
}

/// A board with an NPU whose clock follows its load, at this temperature and step of its cooling.
pub(crate) fn warm_board(plan: &[&str], temperature: &str, step: &str) -> Board {
    let board = Board::new(plan);
    board.file("proc/device-tree/model", b"Radxa ROCK 5B\0");
    board.file("proc/sys/kernel/osrelease", b"6.1.84-8-rk2410\n");
    board.file("sys/kernel/debug/rknpu/version", b"RKNPU driver: v0.9.8\n");
    let npu = "sys/class/devfreq/fdab0000.npu";
    for (name, text) in [
        ("governor", "rknpu_ondemand\n"),
        ("cur_freq", "1000000000\n"),
        ("max_freq", "1000000000\n"),
        ("available_frequencies", "300000000 1000000000\n"),
    ] {
        board.file(&format!("{npu}/{name}"), text.as_bytes());
    }
    board.file("sys/class/thermal/thermal_zone0/type", b"npu-thermal\n");
    board.file("sys/class/thermal/thermal_zone0/temp", temperature.as_bytes());
    board.file("sys/class/thermal/cooling_device1/type", b"thermal-devfreq-0\n");
    board.file("sys/class/thermal/cooling_device1/cur_state", step.as_bytes());
    board.file("sys/class/thermal/cooling_device1/max_state", b"5\n");
    board
}

#[test]
fn one_file_has_all_that_a_comparison_of_boards_needs() {
    let board = warm_board(&["micros 2500", "internal_kib 3072"], "48000\n", "0\n");
    let report = bench(&board, "");
    let machine = &report["machine"];
    assert_eq!(machine["board"], "Radxa ROCK 5B");
    assert_eq!((&machine["kernel"], &machine["npu_driver"]), (&"6.1.84-8-rk2410".into(), &"0.9.8".into()));
    assert!(machine["npu"].as_str().is_some_and(|npu| npu.contains("version 2.5.0")), "{machine}");
    for moment in ["conditions_before", "conditions_after"] {
        let moment = &report[moment];
        assert_eq!(moment["clocks"][0]["governor"], "rknpu_ondemand");
        assert_eq!((&moment["clocks"][0]["mhz"], &moment["clocks"][0]["most_mhz"]), (&1000.into(), &1000.into()));
        assert_eq!(moment["temperatures"][0]["celsius"], 48.0);
        assert!(moment["free_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{moment}");
    }
    let engine = &report["engines"][0];
    assert_eq!(engine["device_millis"]["p95"], 2.5);
    let npu = &engine["npu"];
    assert_eq!((&npu["core_mask"], &npu["is_zero_copy"]), (&0.into(), &true.into()));
    assert_eq!(
        (&npu["memory"]["weights_bytes"], &npu["memory"]["internal_bytes"]),
        (&1_048_576.into(), &3_145_728.into())
    );
    let contexts = engine["batch"]["contexts"].as_array().expect("it has contexts");
    let masks: Vec<u64> = contexts.iter().filter_map(|context| context["core_mask"].as_u64()).collect();
    assert_eq!((masks, &engine["batch"]["engines"]), (vec![1, 2, 4], &3.into()));
    let notices = report["notices"].as_array().expect("it has notices");
    assert!(notices.len() == 1 && notices[0].as_str().is_some_and(|n| n.contains("rknpu_ondemand")), "{notices:?}");
}

#[test]
fn contexts_stay_between_batches_and_all_are_put_away() {
    let board = Board::new(&[]);
    bench(&board, "");
    assert_eq!((board.count("init"), board.count("dup"), board.count("destroy ")), (1, 3, 4));
    assert_eq!(board.count("create_mem"), board.count("destroy_mem"));
}

#[test]
fn copied_tensors_are_told_from_shared_ones() {
    let board = Board::with(&[WITHOUT_SHARED_MEMORY], &[]);
    let report = bench(&board, "");
    assert_eq!(report["engines"][0]["npu"]["is_zero_copy"], false);
}

#[test]
fn heat_is_said_by_bench_and_doctor() {
    let board = warm_board(&[], "86500\n", "2\n");
    let sentence =
        "thermal-devfreq-0 is slowed down because of heat, by 2 of 5 steps, at 86 °C: check heat sink and fan";
    let report = bench(&board, "");
    assert_eq!(report["notices"][0], sentence);
    let options = board.words();
    let words: Vec<&str> = ["doctor"].into_iter().chain(options.iter().map(String::as_str)).collect();
    let run = Workplace::new().run_words(&words);
    assert!(run.stdout.contains(&format!("notice: {sentence}")), "{run:?}");
}

#[test]
fn every_network_is_measured_or_says_why_not() {
    let board = Board::new(&[]);
    board.network(|card| card["name"] = "darkness".into());
    let report = bench(&board, " --every-network");
    let others = report["other_networks"].as_array().expect("the built-in network is another one");
    assert!(
        others.iter().any(|other| other["refused"].as_str().is_some_and(|reason| !reason.is_empty())),
        "{others:?}"
    );
    assert!(others.iter().all(|other| other["model"] != "darkness"), "{others:?}");
}
