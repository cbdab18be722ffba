//! Whatever is wrong with an input: a clear error that names the file, nothing half-written, the rest goes on.

use std::io::Write;

use crate::common::{Run, Workplace, phantom_jpeg, pipe};
use dermaloupe::decode::sha256_hex;

/// Memory that a refused file may take, in KiB of address space: the program itself, its threads, and little more.
const ADDRESS_SPACE_KIB: u32 = 400 << 10;

/// Segments `bad` together with a good photo, and checks that the good one is done and the bad one left nothing.
fn beside_a_good_one(place: &Workplace, bad: &str) -> Run {
    place.phantom("good.jpg");
    let run = place.run(&format!("segment {bad} good.jpg --out o --overlay --probability --engine rten"));
    assert_eq!(place.names("o"), ["good_mask.png", "good_overlay.png", "good_probability.png"], "{run:?}");
    assert!(run.stdout.lines().any(|line| line.starts_with("good.jpg")), "{run:?}");
    run.failed_on(1)
}

#[test]
fn an_empty_file_is_refused() {
    let place = Workplace::new();
    place.file("bad.jpg", "");
    beside_a_good_one(&place, "bad.jpg").says(&["empty"], "bad.jpg");
}

#[test]
fn a_truncated_jpeg_is_refused_wherever_it_is_cut() {
    let whole = phantom_jpeg();
    for share in [0.01, 0.3, 0.6, 0.9, 0.95, 0.99, 0.9999] {
        let place = Workplace::new();
        place.file("bad.jpg", &whole[..(whole.len() as f64 * share) as usize]);
        beside_a_good_one(&place, "bad.jpg").says(&["incomplete", "JPEG"], "bad.jpg");
    }
}

#[test]
fn text_called_jpg_is_refused() {
    let place = Workplace::new();
    place.file("bad.jpg", "Dear colleague, please find the photograph attached.");
    beside_a_good_one(&place, "bad.jpg").says(&["not JPEG, PNG"], "bad.jpg");
}

#[test]
fn a_photo_of_one_pixel_works() {
    let place = Workplace::new();
    image::RgbImage::from_pixel(1, 1, image::Rgb([90, 60, 50]))
        .save(place.path("dot.png"))
        .expect("it can be written");
    place.run("segment dot.png --out o --overlay --probability --engine rten").went_well();
    let mask = image::open(place.path("o/dot_mask.png")).expect("it is a PNG");
    assert_eq!((mask.width(), mask.height()), (1, 1));
}

/// What a PNG carries beside its pixels: a few MB that unpack to so many bytes.
#[derive(Clone, Copy)]
enum Swelling {
    Text(usize),
    Profile(usize),
}

/// A valid grey PNG of `side` x `side`, all black, written row by row.
fn black_png(side: u32, swelling: Option<Swelling>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::NoFilter);
    if let Some(Swelling::Text(length)) = swelling {
        encoder.add_ztxt_chunk("Comment".into(), "a".repeat(length)).expect("a plain text");
    }
    let mut writer = encoder.write_header().expect("memory takes it");
    if let Some(Swelling::Profile(length)) = swelling {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b'a'; length], 1);
        writer.write_chunk(png::chunk::iCCP, &[b"name\0\0", &packed[..]].concat()).expect("memory takes it");
    }
    let mut rows = writer.stream_writer().expect("memory takes it");
    let row = vec![0; side as usize];
    for _ in 0..side {
        rows.write_all(&row).expect("memory takes it");
    }
    rows.finish().expect("every row was written");
    drop(writer);
    bytes
}

/// Runs `segment` on a file with little memory to take.
fn with_little_memory(place: &Workplace, file: &str) -> Run {
    let program = env!("CARGO_BIN_EXE_dermaloupe");
    let line = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec {program} segment {file} --out o --engine rten");
    let mut shell = std::process::Command::new("sh");
    // Every thread and its arena would take address space, the more the more cores there are.
    shell.args(["-c", &line]).envs([("MALLOC_ARENA_MAX", "1"), ("RTEN_NUM_THREADS", "1")]);
    let output = shell.current_dir(place.path("")).output();
    let output = output.expect("the shell starts");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_png_of_900_megapixels_is_refused_before_memory_is_taken() {
    let place = Workplace::new();
    let bytes = black_png(30_000, None);
    assert!(bytes.len() < 16 << 20, "a few MB: {}", bytes.len());
    place.file("bomb.png", bytes);
    with_little_memory(&place, "bomb.png")
        .failed_on(1)
        .says(&["30000 × 30000", "900 megapixels", "limit is 100"], "bomb.png");
    assert_eq!(place.names("o"), Vec::<String>::new());
}

#[test]
fn what_swells_beside_the_pixels_takes_no_memory() {
    for swelling in [Swelling::Text(1 << 29), Swelling::Profile(1 << 29)] {
        let place = Workplace::new();
        let bytes = black_png(16, Some(swelling));
        assert!(bytes.len() < 16 << 20, "a few MB: {}", bytes.len());
        place.file("bomb.png", bytes);
        // The pixels are whole, so the photo is done; what swells is passed over.
        with_little_memory(&place, "bomb.png").went_well();
    }
}

#[test]
fn a_link_to_nothing_is_refused() {
    let place = Workplace::new();
    std::os::unix::fs::symlink("gone.jpg", place.path("bad.jpg")).expect("links can be made");
    beside_a_good_one(&place, "bad.jpg").says(&["cannot read"], "bad.jpg");
}

#[test]
fn a_file_that_cannot_be_read_is_refused() {
    let place = Workplace::new();
    // Its first byte cannot be read, whoever asks.
    std::os::unix::fs::symlink("/proc/self/mem", place.path("bad.jpg")).expect("links can be made");
    beside_a_good_one(&place, "bad.jpg").says(&["cannot read"], "bad.jpg");
}

#[test]
fn a_pipe_is_refused_and_never_waited_for() {
    let place = Workplace::new();
    pipe(&place.path("bad.jpg"));
    beside_a_good_one(&place, "bad.jpg").says(&["not a regular file"], "bad.jpg");
}

#[test]
fn a_folder_called_jpg_is_a_folder() {
    let place = Workplace::new();
    std::fs::create_dir(place.path("bad.jpg")).expect("it can be made");
    beside_a_good_one(&place, "bad.jpg").says(&["no photograph in this folder"], "bad.jpg");
}

#[test]
fn a_reference_mask_of_another_size_is_refused() {
    let place = Workplace::new();
    place.phantom("images/small.jpg");
    place.phantom("images/good.jpg");
    place.phantom_mask("masks/good.png");
    image::GrayImage::new(256, 192).save(place.path("masks/small.png")).expect("it can be written");
    let run = place.run("evaluate --images images --masks masks --engine rten --json").failed_on(1);
    let run = run.says(&["256 × 192", "1536 × 1152"], "masks/small.png");
    assert_eq!((run.json()["n"].as_u64(), run.json()["failed"].as_u64()), (Some(1), Some(1)));
}

#[test]
fn a_network_that_is_not_its_cards_is_refused_by_name() {
    let place = Workplace::new();
    place.phantom("good.jpg");
    place.network("changed", |_, onnx| onnx[1000] ^= 1);
    let line = "segment good.jpg --out o --models models --model changed";
    place.run(line).was_refused().says(&["changed", "model.onnx"], "models/changed/model.onnx");
    let listed = place.run("models --models models");
    assert_eq!(listed.code, Some(1));
    assert!(listed.stdout.contains("refused: ") && listed.stdout.contains("malunet"), "{listed:?}");
    assert_eq!(place.names("o"), Vec::<String>::new());
}

#[test]
fn a_network_of_garbage_is_refused_by_every_engine() {
    let place = Workplace::new();
    place.phantom("good.jpg");
    place.network("garbage", |card, onnx| {
        *onnx = b"not a network at all".repeat(100);
        card["artefacts"][0]["sha256"] = sha256_hex(onnx).into();
    });
    for engine in ["rten", "auto"] {
        let line = format!("segment good.jpg --out o --models models --model garbage --engine {engine}");
        place
            .run(&line)
            .was_refused()
            .says(&["'garbage'", "the file is not valid ONNX"], "models/garbage/model.onnx");
    }
    assert_eq!(place.names("o"), Vec::<String>::new());
}

#[test]
fn a_network_of_another_shape_is_refused() {
    let place = Workplace::new();
    place.phantom("good.jpg");
    place.network("smaller", |card, _| card["input"]["height"] = 128.into());
    let line = "segment good.jpg --out o --models models --model smaller --engine rten";
    place.run(line).was_refused().says(&["1x3x256x256", "1x3x128x256"], "models/smaller");
}

#[test]
fn a_card_that_cannot_be_read_is_refused() {
    let place = Workplace::new();
    place.file("models/odd/card.json", "{ \"schema\": 1, ");
    place.run("bench --models models --model odd").was_refused().says(&["card"], "models/odd/card.json");
}

#[test]
fn results_that_cannot_be_written_leave_nothing() {
    let place = Workplace::new();
    place.phantom("good.jpg");
    place.file("taken", "a file");
    place.run("segment good.jpg --out taken").was_refused().says(&["it is a file"], "taken");
    place.run("segment good.jpg --out taken/below").was_refused().says(&["cannot write"], "taken/below");
    place.run("segment good.jpg --out /proc/none").was_refused().says(&["cannot write"], "/proc/none");
    // /proc takes no files, whoever asks.
    let run = place.run("segment good.jpg --out /proc/self --engine rten").failed_on(1);
    run.says(&["cannot write"], "/proc/self/good_mask.png");
    assert_eq!(place.names(""), ["good.jpg", "taken"]);
}

#[test]
fn a_result_in_the_way_of_a_folder_fails_alone() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom("b.jpg");
    place.file("o/a_mask.png/kept", "in the way");
    place.run("segment a.jpg b.jpg --out o --engine rten").failed_on(1).says(&["cannot write"], "o/a_mask.png");
    assert_eq!(place.names("o"), ["a_mask.png", "b_mask.png"]);
    assert_eq!(place.names("o/a_mask.png"), ["kept"]);
}
