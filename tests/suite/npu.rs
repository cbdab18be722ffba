//! The NPU's engine against a test double of its runtime: layouts, both ways of handing tensors over, order of calls,
//! cores, memory. No NPU runs here; that a board does the same is left to show.

use crate::common::{is_alone, resident_kib};
use crate::common_npu::{Board, INPUT, WITHOUT_CORES, WITHOUT_DUP, WITHOUT_SHARED_MEMORY, WITHOUT_SYNC};
use dermaloupe::inference::{self, Engine, EngineChoice, EngineKind, InputForm, preprocess};
use dermaloupe::photo::{Photo, PhotoSource};
use dermaloupe::pipeline::{self, SegmentOptions};

/// By how much an 8-bit answer may differ: half a step of 1/255, and rounding on the way.
const STEP: f32 = 0.5 / 255.0 + 1e-4;

/// A photo at the network's size whose every pixel is another.
fn photo(seed: u32) -> Photo {
    let [height, width] = INPUT.map(|side| side as u32);
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let pixels = (0..height * width * 3).map(|index| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // A slope in each direction, so that a turned picture shows, and noise.
        ((index / 3 % width + index / 3 / width + (state >> 25)) & 0xff) as u8
    });
    Photo::from_rgb(width, height, pixels.collect(), PhotoSource::BuiltIn("noise"))
}

/// The darkness network on paper.
fn expected(photo: &Photo) -> Vec<f32> {
    let [height, width] = INPUT;
    let at = |y: usize, x: usize| {
        let pixel = &photo.rgb()[(y * width + x) * 3..];
        (0.5 * f32::from(pixel[0]) + 0.3 * f32::from(pixel[1]) + 0.2 * f32::from(pixel[2])) / 255.0
    };
    let cell = |y: usize, x: usize| (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4.0;
    let cells = (0..height / 2).flat_map(|y| (0..width / 2).map(move |x| (2 * y, 2 * x)));
    cells.map(|(y, x)| 1.0 / (1.0 + (-8.0 * (0.5 - cell(y, x))).exp())).collect()
}

fn open(board: &Board) -> Box<dyn Engine> {
    let opened = inference::open(EngineChoice::Only(EngineKind::Rknn), &board.model(), &board.options());
    opened.unwrap_or_else(|error| panic!("{error}")).engine
}

fn run(board: &Board, engine: &mut dyn Engine, seed: u32) {
    let photo = photo(seed);
    let result = pipeline::segment(&photo, &board.model().card, engine, SegmentOptions::default());
    let values = result.unwrap_or_else(|error| panic!("{error}")).probability.network_values().to_vec();
    let differences = values.iter().zip(expected(&photo)).map(|(ours, theirs)| (ours - theirs).abs());
    let worst = differences.fold(0.0, f32::max);
    assert!(values.len() == 48 * 64 && worst < STEP, "{worst}");
}

#[test]
fn every_layout_type_and_stride_gives_the_same_map() {
    let plans: [&[&str]; 11] = [
        &[],
        &["native_format nhwc"],
        &["native_format nchw"],
        &["native_format nchw", "out_stride 80"],
        &["out_stride 72"],
        &["in_stride 144"],
        &["type uint8", "zero_point 0"],
        &["type float32"],
        &["type float16", "native_format nhwc"],
        &["scale 0.0078", "zero_point 0"],
        &["type float32", "native_format nchw", "out_stride 65", "in_stride 129"],
    ];
    for plan in plans {
        println!("{plan:?}");
        let board = Board::new(plan);
        let mut engine = open(&board);
        if plan.contains(&"scale 0.0078") {
            // Its step is wider than a 255th.
            continue;
        }
        for seed in 0..3 {
            run(&board, engine.as_mut(), seed);
        }
        assert_eq!((board.count("create_mem"), board.count("set_io_mem")), (2, 2), "{plan:?}");
    }
}

#[test]
fn a_runtime_without_shared_memory_copies() {
    for plan in
        [&[][..], &["general_format nhwc"], &["type float32"], &["type float16"], &["type uint8", "zero_point 0"]]
    {
        println!("{plan:?}");
        let board = Board::with(&[WITHOUT_SHARED_MEMORY], plan);
        let mut engine = open(&board);
        for seed in 0..3 {
            run(&board, engine.as_mut(), seed);
        }
        drop(engine);
        // Five runs to warm up, three photos; every answer is given back.
        assert_eq!(board.log().last().map(String::as_str), Some("destroy 1 runs 8 sets 8 gets 8 releases 8"));
    }
}

#[test]
fn a_runtime_that_cannot_sync_shares_memory_all_the_same() {
    let board = Board::with(&[WITHOUT_SYNC], &[]);
    run(&board, open(&board).as_mut(), 5);
    assert_eq!(board.count("set_io_mem"), 2);
}

#[test]
fn where_shared_memory_fails_a_fresh_context_copies() {
    let plans = [
        "fail rknn_create_mem -1 0",
        "fail rknn_create_mem -1 1",
        "fail rknn_set_io_mem -5 1",
        "native_input nc1hwc2",
    ];
    for plan in plans {
        println!("{plan}");
        let board = Board::new(&[plan]);
        let mut engine = open(&board);
        run(&board, engine.as_mut(), 1);
        drop(engine);
        // What was begun is put away, and no context goes both ways: the double would tell.
        assert_eq!((board.count("init"), board.count("destroy ")), (2, 2));
        assert_eq!(board.count("create_mem"), board.count("destroy_mem"));
        assert!(board.log().last().is_some_and(|line| line.contains("runs 6 sets 6")), "{:?}", board.log());
    }
}

#[test]
fn everything_is_put_away_memory_before_its_context() {
    let board = Board::new(&[]);
    let mut engine = open(&board);
    run(&board, engine.as_mut(), 1);
    drop(engine);
    let log = board.log();
    let calls: Vec<&str> = log.iter().filter_map(|line| line.split(' ').next()).collect();
    let expected = [
        "init",
        "core",
        "create_mem",
        "create_mem",
        "set_io_mem",
        "set_io_mem",
        "destroy_mem",
        "destroy_mem",
        "destroy",
    ];
    assert_eq!(calls, expected);
    assert_eq!(log.last().map(String::as_str), Some("destroy 1 runs 6 sets 0 gets 0 releases 0"));
}

#[test]
fn it_takes_the_photos_bytes_and_says_versions_and_its_own_time() {
    let board = Board::new(&["micros 2345", "runtime 2.6.0", "driver 0.9.9"]);
    let mut engine = open(&board);
    assert_eq!(engine.input_form(), InputForm::Pixels);
    assert_eq!(engine.device_millis(), None);
    run(&board, engine.as_mut(), 1);
    assert_eq!(engine.device_millis(), Some(2.345));
    assert_eq!(engine.info().to_string(), "NPU (RK3588) 2.6.0 (driver 0.9.9)");
}

#[test]
fn workers_have_a_core_each_and_share_the_model() {
    let board = Board::new(&[]);
    let mut first = open(&board);
    let mut workers: Vec<Box<dyn Engine>> =
        (0..3).map(|worker| first.for_worker(worker).expect("it has cores")().expect("it opens")).collect();
    std::thread::scope(|scope| {
        for (seed, engine) in (0..).zip(&mut workers) {
            let board = &board;
            scope.spawn(move || (0..20).for_each(|_| run(board, engine.as_mut(), seed)));
        }
    });
    let lines: Vec<String> = board.log().into_iter().filter(|line| line.starts_with("core")).collect();
    assert_eq!(lines, ["core 1 0", "core 2 1", "core 3 2", "core 4 4"]);
    assert_eq!((board.count("init"), board.count("dup")), (1, 3));
    // The first goes before those that share its weights, but its context stays until they are gone.
    drop(first);
    assert_eq!(board.count("destroy "), 0);
    run(&board, workers[0].as_mut(), 9);
    drop(workers);
    let last = board.log().last().cloned().unwrap_or_default();
    assert_eq!(board.count("destroy "), 4);
    assert!(last.starts_with("destroy 1 "), "{last}");
}

#[test]
fn a_runtime_without_duplicates_loads_the_model_again() {
    for (parts, plan, inits) in
        [(&[WITHOUT_DUP, WITHOUT_CORES][..], &[][..], 2), (&[], &["fail rknn_dup_context -1 0"], 2)]
    {
        let board = Board::with(parts, plan);
        let mut first = open(&board);
        let mut second = first.for_worker(1).expect("it has cores")().expect("it opens");
        run(&board, second.as_mut(), 2);
        run(&board, first.as_mut(), 3);
        assert_eq!(board.count("init"), inits);
    }
}

#[test]
fn the_double_notes_every_misuse() {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    let program = place.path().join("misuse");
    std::fs::copy(crate::common_npu::misuser(), &program).expect("it can be copied");
    let network = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rknn/model.rk3588.rknn");
    let log = place.path().join("misuse.log");
    for misuse in 0..=23 {
        let _ = std::fs::remove_file(&log);
        let run = std::process::Command::new(&program).arg(misuse.to_string()).arg(&network).status();
        let noted = std::fs::read_to_string(&log).unwrap_or_default();
        assert!(run.is_ok_and(|status| status.success()), "{misuse} was not refused: {noted}");
        assert_eq!(noted.lines().filter(|line| line.starts_with("VIOLATION")).count(), 1, "{misuse}: {noted}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_flat_over_ten_thousand_runs() {
    if !is_alone("npu::memory_is_flat_over_ten_thousand_runs") {
        return;
    }
    for parts in [&[][..], &[WITHOUT_SHARED_MEMORY]] {
        let board = Board::with(parts, &[]);
        let mut engine = open(&board);
        let input = preprocess::prepare(&photo(1), &board.model().card, InputForm::Pixels);
        let mut after_the_first = 0;
        for number in 0..10_000 {
            engine.infer(&input).expect("it runs");
            if number == 500 {
                after_the_first = resident_kib();
            }
        }
        let grown = resident_kib().saturating_sub(after_the_first);
        println!("{parts:?}: {grown} KiB");
        assert!(grown < 1024, "{grown} KiB more after 10,000 runs");
        drop(engine);
        assert!(board.count("create_mem") <= 2);
        assert!(board.log().last().is_some_and(|line| line.contains("runs 10005 ")), "{:?}", board.log().last());
    }
}
