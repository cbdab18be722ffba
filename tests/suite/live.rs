//! The live outline by the command line, from files and folders that are played as a camera; and frames by hand, through the
//! stages that its threads run.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dermaloupe::capture::{self, CaptureError, Frame, FrameSource, Pace, SourceName, SourceOptions};
use dermaloupe::decode;
use dermaloupe::inference::{EngineChoice, EngineKind, EngineOptions, LoadedNetworks, Model};
use dermaloupe::live::{self, Converting, Inferring, LiveAdvice, LiveOptions, OutlinedFrame, Outlining};
use dermaloupe::measure::agreement::Confusion;
use dermaloupe::pipeline::{self, SegmentOptions};
use serde_json::Value;

use crate::common::{Workplace, pipe, root};
use crate::npu_bench::warm_board;

/// A short run by the engine that is everywhere.
const SHORT: &str = "--seconds 0.3 --engine rten --json";

fn frame_jpeg() -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/capture/frame.jpg")).expect("it is committed")
}

/// A Y4M file of `count` grey frames of 32x16, each a level brighter.
fn y4m(count: u8) -> Vec<u8> {
    y4m_of([32, 16], count)
}

/// The same of `[width, height]`, both even.
fn y4m_of([width, height]: [usize; 2], count: u8) -> Vec<u8> {
    let frames = (0..count).flat_map(|frame| {
        let planes = [vec![100 + frame; width * height], vec![128; width * height / 2]].concat();
        [b"FRAME\n".to_vec(), planes].concat()
    });
    let header = format!("YUV4MPEG2 W{width} H{height} F25:1 Ip A1:1 C420jpeg\n");
    header.into_bytes().into_iter().chain(frames).collect()
}

fn jpeg_of(picture: &image::RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("it is written");
    bytes.into_inner()
}

#[test]
fn a_folder_of_photographs_is_outlined_as_a_camera_would_be() {
    let place = Workplace::new();
    place.phantom("photos/a.jpg");
    let run = place.run(&format!("live --source photos {SHORT}")).went_well();
    let found = run.json();
    assert_eq!((&found["source"], &found["place"]), (&Value::from("photos"), &Value::from("photos")));
    // The phantom of 1536x1152 at the size of a camera.
    assert_eq!((found["width"].as_u64(), found["height"].as_u64()), (Some(1280), Some(960)));
    let count = |key: &str| found[key].as_u64().unwrap_or_else(|| panic!("{key}: {found}"));
    assert!(count("outlined") >= 1 && count("damaged") == 0, "{found}");
    for key in ["frames_per_second", "cpu_share", "seconds"] {
        assert!(found[key].as_f64().is_some_and(|value| value > 0.0), "{key}: {found}");
    }
    let latency = &found["latency_millis"];
    assert!(latency["p50"].as_f64() <= latency["p95"].as_f64(), "{found}");
    assert!(count("peak_memory_bytes") > 1 << 20);
    assert!(found["engine"].as_str().is_some_and(|engine| engine.contains("RTen")), "{found}");
    assert_eq!(found["interruptions"], Value::Array(Vec::new()));
}

#[test]
fn streams_of_jpegs_and_of_raw_frames_are_played() {
    let place = Workplace::new();
    place.file("a.mjpeg", frame_jpeg().repeat(3));
    place.file("b.y4m", y4m(3));
    for (file, format, size) in [("a.mjpeg", "MJPEG", [32, 20]), ("b.y4m", "I420", [32, 16])] {
        let found = place.run(&format!("live --source {file} {SHORT}")).went_well().json();
        assert_eq!(found["format"], format, "{found}");
        assert_eq!([&found["width"], &found["height"]], size.map(Value::from).each_ref(), "{found}");
    }
}

#[test]
fn another_size_of_the_picture_is_said_among_the_interruptions_and_outlined() {
    let place = Workplace::new();
    let other = jpeg_of(&image::RgbImage::from_pixel(48, 32, image::Rgb([200, 170, 160])));
    place.file("a.mjpeg", [frame_jpeg(), other].concat());
    place.file("b.y4m", [y4m(1), y4m_of([48, 32], 1)].concat());
    for (file, from, to) in
        [("a.mjpeg", "32 × 20 MJPEG", "48 × 32 MJPEG"), ("b.y4m", "32 × 16 I420", "48 × 32 I420")]
    {
        let said = format!("the camera {file} changed its picture from {from} to {to}");
        let run = place.run(&format!("live --source {file} --seconds 1 --engine rten --json")).went_well();
        let found = run.json();
        let interruptions = found["interruptions"].as_array().expect("a list");
        assert!(interruptions.contains(&Value::from(said.as_str())), "{found}");
        assert!(run.stderr.contains(&format!("warning: {said}")), "{}", run.stderr);
        assert!(found["outlined"].as_u64() > Some(0) && found["damaged"] == 0, "{found}");
        let run = place.run(&format!("live --source {file} --seconds 1 --engine rten")).went_well();
        assert!(run.stdout.contains(&format!("interruption: {said}")), "{}", run.stdout);
        assert!(!run.stderr.contains("the picture is back"), "it was never gone: {}", run.stderr);
    }
}

#[test]
fn raw_files_one_behind_the_other_are_played_each_at_its_own_size() {
    let place = Workplace::new();
    let path = place.file("a.y4m", [y4m(2), y4m_of([48, 32], 1), y4m(1)].concat());
    let mut source = opened(&path, SourceOptions { pace: Pace::AsAsked, ..SourceOptions::default() });
    let seen = [(); 5].map(|()| {
        let frame = source.next_frame(Duration::ZERO).expect("it is read").expect("it is there");
        (frame.format.size, frame.bytes[0], frame.bytes.len())
    });
    let small = |level| ([32, 16], level, 768);
    assert_eq!(seen, [small(100), small(101), ([48, 32], 100, 2304), small(100), small(100)]);
}

#[test]
fn what_cannot_be_played_is_said_with_its_path_and_nothing_waits() {
    let place = Workplace::new();
    place.file("notes.txt", "no pictures");
    place.file("broken.y4m", "RIFF");
    place.file("empty.mjpeg", "no picture in it");
    place.file("wide.y4m", "YUV4MPEG2 W32 H16 F25:1 C444\nFRAME\n");
    place.file("mixed.y4m", [y4m(1), b"YUV4MPEG2 W32 H16 F25:1 C444\nFRAME\n".to_vec()].concat());
    place.file("damaged.jpg", &frame_jpeg()[..200]);
    std::fs::create_dir(place.path("bare")).expect("a folder");
    pipe(&place.path("pipe.y4m"));
    for (source, words, end) in [
        ("gone/camera.mjpeg", "cannot play this as a camera (No such file", "gone/camera.mjpeg"),
        ("notes.txt", "expected a folder of photographs", "notes.txt"),
        ("broken.y4m", "expected a folder of photographs", "broken.y4m"),
        ("empty.mjpeg", "there is no picture in it", "empty.mjpeg"),
        ("bare", "there is no picture in it", "bare"),
        ("wide.y4m", "its colours are stored as 444", "wide.y4m"),
        ("mixed.y4m", "its colours are stored as 444", "mixed.y4m"),
        ("damaged.jpg", "cannot play this as a camera", "damaged.jpg"),
        ("pipe.y4m", "this is a pipe", "pipe.y4m"),
    ] {
        place.run(&format!("live --source {source} {SHORT}")).failed_on(1).says(&[words], end);
    }
}

#[cfg(all(feature = "camera", target_os = "linux"))]
#[test]
fn a_camera_that_is_not_there_is_said() {
    let place = Workplace::new();
    for camera in ["/dev/video987", "no-such-microscope"] {
        let words = format!("there is no camera called {camera}");
        place.run(&format!("live --source {camera} {SHORT}")).failed_on(1).says(&[&words], "choose another one");
    }
    place.run("live --list").went_well();
    assert!(place.run("live --list --json").went_well().json().is_array());
}

#[cfg(not(all(feature = "camera", target_os = "linux")))]
#[test]
fn a_build_without_cameras_says_so() {
    let place = Workplace::new();
    place.run(&format!("live --source /dev/video0 {SHORT}")).failed_on(1).says(&["cannot use cameras"], "folder");
    place.run("live --list").was_refused().says(&["cannot use cameras"], "folder");
}

#[test]
fn what_makes_no_sense_is_refused_before_a_camera_starts() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    for line in [
        "--threshold auto",
        "--seconds 0",
        "--rate 0",
        "--frame-size 640",
        "--pixels rgb",
        "--model no-such-network",
        "--model wnet",
    ] {
        place.run(&format!("live --source a.jpg {line}")).was_refused();
    }
}

#[test]
fn frames_that_are_cut_short_are_counted_and_the_others_outlined() {
    let place = Workplace::new();
    let (whole, cut) = (frame_jpeg(), &frame_jpeg()[..600]);
    place.file("a.mjpeg", [&whole, cut, &whole].concat());
    let options = SourceOptions { pace: Pace::AsAsked, ..SourceOptions::default() };
    let mut source = opened(&place.path("a.mjpeg"), options);
    let mut converting = Converting::new(&model().card);
    let info = Arc::new(source.info().clone());
    let converted = [(); 3].map(|()| {
        let frame = source.next_frame(Duration::ZERO).expect("it is read").expect("it is there");
        converting.convert(frame, &info, &LiveOptions::default()).map(drop)
    });
    assert!(matches!(converted, [Ok(()), Err(CaptureError::DamagedFrame { .. }), Ok(())]), "{converted:?}");
}

fn opened(path: &Path, options: SourceOptions) -> Box<dyn FrameSource> {
    capture::open(&SourceName::Played(path.to_owned()), &options).expect("it can be played")
}

fn model() -> Arc<Model> {
    Arc::new(Model::built_in().expect("the built-in network is sound"))
}

/// The stages of a run, by hand.
pub(crate) struct ByHand {
    source: Box<dyn FrameSource>,
    converting: Converting,
    inferring: Inferring,
    outlining: Outlining,
}

impl ByHand {
    pub(crate) fn of(path: &Path, options: SourceOptions) -> Self {
        let networks = LoadedNetworks::new(EngineOptions::default(), 1);
        Self {
            source: opened(path, SourceOptions { pace: Pace::AsAsked, ..options }),
            converting: Converting::new(&model().card),
            inferring: Inferring::new(networks, model(), EngineChoice::Only(EngineKind::Rten)),
            outlining: Outlining::new(model()),
        }
    }

    pub(crate) fn next(&mut self, options: &LiveOptions) -> OutlinedFrame {
        let frame = self.source.next_frame(Duration::ZERO).expect("it is read").expect("it is there");
        self.outline(frame, options)
    }

    fn outline(&mut self, frame: Frame, options: &LiveOptions) -> OutlinedFrame {
        let info = Arc::new(self.source.info().clone());
        self.converting.look_at(self.outlining.next_look());
        let converted = self.converting.convert(frame, &info, options).expect("it is whole");
        let found = self.inferring.infer(converted).expect("the network runs");
        self.outlining.outline(found, options)
    }
}

#[test]
fn a_frame_has_the_outline_that_its_photograph_has() {
    let place = Workplace::new();
    let path = place.phantom("a.jpg");
    let mut by_hand = ByHand::of(&path, SourceOptions::default());
    let live = by_hand.next(&LiveOptions::default());
    let picture = live.picture.as_ref().expect("it is wanted");
    // The same pixels as a photograph, by the function that everything else calls.
    let kept = live::keep(&live, "2026-11-26T16:05:12.3Z".parse().unwrap(), &place.path("")).expect("it is kept");
    let photo = decode::photo_file(&kept).expect("it is a photograph");
    assert_eq!((photo.size(), photo.rgb()), (picture.size, &picture.rgb[..]), "kept without loss");
    let mut engine = LoadedNetworks::new(EngineOptions::default(), 1)
        .take(&model(), EngineChoice::Only(EngineKind::Rten))
        .expect("it loads");
    let found = pipeline::segment(&photo, &model().card, &mut engine, SegmentOptions::default()).expect("it runs");
    let dice = Confusion::of(&live.map.threshold(live.threshold), &found.mask).dice();
    assert!(dice > 0.999, "{dice}");
    assert!(live.lesion_share > 0.02 && !live.outlines.is_empty());
}

#[test]
fn a_kept_frame_says_when_and_by_what_it_was_taken_and_replaces_no_file() {
    let place = Workplace::new();
    let mut by_hand = ByHand::of(&place.phantom("a.jpg"), SourceOptions::default());
    let live = by_hand.next(&LiveOptions::default());
    let moment = "2026-11-26T16:05:12.3Z".parse().unwrap();
    let kept = [(); 2].map(|()| live::keep(&live, moment, &place.path("")).expect("it is kept"));
    let names = kept.each_ref().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    let stem = names[0].strip_suffix(".png").expect("a PNG");
    assert_eq!(names[1], format!("{stem}_2.png"));
    assert_eq!(stem.len(), "2026-11-26_16-05-12".len());
    assert_eq!(std::fs::read(&kept[0]).unwrap(), std::fs::read(&kept[1]).unwrap());
    let reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(&kept[0]).unwrap()));
    let reader = reader.read_info().expect("it is a PNG");
    let texts = &reader.info().utf8_text;
    let text = |key: &str| {
        let chunk = texts.iter().find(|chunk| chunk.keyword == key).unwrap_or_else(|| panic!("{key} is there"));
        chunk.get_text().expect("it is text")
    };
    assert_eq!(text("Source"), "a.jpg");
    assert!(text("Software").starts_with("Dermaloupe ") && text("Creation Time").contains("2026"));
    let settings: Value = serde_json::from_str(&text("Dermaloupe")).expect("it is JSON");
    assert_eq!(settings["time"], "2026-11-26T16:05:12.3Z");
    assert_eq!((&settings["camera"], &settings["width"]), (&Value::from("a.jpg"), &Value::from(1280)));
    assert!(live::keep(&live, moment, &place.path("gone")).expect_err("no folder").to_string().ends_with(".png"));
}

#[test]
fn the_shutter_is_released_once_for_a_lesion_that_is_held_still() {
    let place = Workplace::new();
    let path = place.phantom("a.jpg");
    let options = LiveOptions { has_automatic_shutter: true, wants_picture: false, ..LiveOptions::default() };
    let rate = Some(10.0);
    let mut by_hand = ByHand::of(&path, SourceOptions { rate, ..SourceOptions::default() });
    let seen: Vec<_> = (0..12).map(|_| by_hand.next(&options)).collect();
    let advice: Vec<LiveAdvice> = seen.iter().map(|frame| frame.quality.advice).collect();
    // Nothing is known of motion for two tenths of a second; from then on half a second passes.
    let expected = [vec![LiveAdvice::HoldStill; 2], vec![LiveAdvice::Ready; 10]].concat();
    assert_eq!(advice, expected);
    let released: Vec<u64> =
        seen.iter().filter(|frame| frame.is_released).map(|frame| frame.frame.number).collect();
    assert_eq!(released, [7]);
}

#[test]
fn the_shutter_keeps_the_sharpest_frame_of_its_half_second() {
    let place = Workplace::new();
    let sharp = image::imageops::thumbnail(&image::open(place.phantom("a.jpg")).unwrap().into_rgb8(), 640, 480);
    let blurred = image::imageops::blur(&sharp, 1.2);
    let [sharp, blurred] = [sharp, blurred].each_ref().map(jpeg_of);
    let options = LiveOptions { has_automatic_shutter: true, ..LiveOptions::default() };
    // The half second begins with frame 2 and ends with frame 7; one that is sharp before it counts for nothing.
    for (name, sharp_ones, chosen) in [("a", &[1, 4][..], 4), ("b", &[2], 2), ("c", &[3, 5], 5), ("d", &[9], 7)] {
        let frames = (0..12).map(|number| if sharp_ones.contains(&number) { &sharp } else { &blurred });
        let path = place.file(&format!("{name}.mjpeg"), frames.flatten().copied().collect::<Vec<u8>>());
        let mut by_hand = ByHand::of(&path, SourceOptions { rate: Some(10.0), ..SourceOptions::default() });
        let seen: Vec<_> = (0..12).map(|_| by_hand.next(&options)).collect();
        let released: Vec<_> = seen.iter().enumerate().filter(|(_, frame)| frame.is_released).collect();
        let [(7, kept)] = released[..] else { panic!("{name}: it is released once, with frame 7") };
        assert_eq!((kept.frame.number, kept.quality.progress), (chosen, 0.0), "{name}");
        assert!(!kept.outlines.is_empty() && kept.picture.is_some(), "with its own outline");
    }
}

#[test]
fn the_machines_heat_and_governor_are_said_while_it_runs() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    let source = place.path("a.jpg").display().to_string();
    for (temperature, step, engine) in [("91000\n", "3\n", "rknn"), ("41000\n", "0\n", "rten")] {
        let board = warm_board(&[], temperature, step);
        let line = format!("live --source {source} --seconds 1 --engine {engine} --model darkness --json");
        let options = board.words();
        let words: Vec<&str> = line.split(' ').chain(options.iter().map(String::as_str)).collect();
        let run = place.run_words(&words).went_well();
        let notices = run.json()["notices"].to_string();
        let is_hot =
            notices.contains("thermal-devfreq-0 is slowed down because of heat, by 3 of 5 steps, at 91 °C");
        assert_eq!(is_hot, step == "3\n", "{notices}");
        assert!(notices.contains("npu has the governor rknpu_ondemand"), "{notices}");
        assert_eq!(run.stderr.contains("warning: thermal-devfreq-0"), is_hot, "{}", run.stderr);
    }
}

#[test]
fn smoothing_can_be_switched_off() {
    let place = Workplace::new();
    let path = place.phantom("photos/a.jpg");
    let first = image::open(&path).unwrap().into_rgb8();
    let [width, height] = [first.width(), first.height()];
    let moved = |x: u32, y: u32| *first.get_pixel((x + width / 3) % width, y);
    image::RgbImage::from_fn(width, height, moved).save(place.path("photos/b.png")).unwrap();
    let hold = Duration::from_millis(100);
    let of_source = SourceOptions { rate: Some(10.0), hold, ..SourceOptions::default() };
    for is_smoothed in [false, true] {
        let options = LiveOptions { is_smoothed, ..LiveOptions::default() };
        let mut by_hand = ByHand::of(&place.path("photos"), of_source);
        let [first, moved, again] = [(); 3].map(|()| by_hand.next(&options));
        // Each picture is a new one, so that nothing of the one before is left, smoothed or not.
        assert_eq!(first.map, again.map, "{is_smoothed}");
        assert_ne!(first.map, moved.map);
    }
}

#[test]
fn a_file_is_played_in_a_loop_at_its_own_rate() {
    let place = Workplace::new();
    let path = place.file("a.y4m", y4m(3));
    let mut source = opened(&path, SourceOptions { pace: Pace::AsAsked, ..SourceOptions::default() });
    let frames = [(); 5].map(|()| source.next_frame(Duration::ZERO).expect("it is read").expect("it is there"));
    assert_eq!(frames.each_ref().map(|frame| frame.bytes[0]), [100, 101, 102, 100, 101]);
    assert_eq!(frames.each_ref().map(|frame| frame.time.as_millis()), [0, 40, 80, 120, 160]);
    assert_eq!(frames.each_ref().map(|frame| frame.number), [0, 1, 2, 3, 4]);
}

#[test]
fn a_photograph_that_cannot_be_read_is_left_out_once_in_its_turn() {
    let place = Workplace::new();
    for (name, level) in [("a", 10), ("c", 30)] {
        let path = place.file(&format!("photos/{name}.png"), "");
        image::RgbImage::from_pixel(4, 4, image::Rgb([level; 3])).save(path).unwrap();
    }
    place.file("photos/b.jpg", "no picture");
    let options = SourceOptions {
        pace: Pace::AsAsked,
        rate: Some(10.0),
        hold: Duration::from_millis(200),
        ..SourceOptions::default()
    };
    let mut source = opened(&place.path("photos"), options);
    let seen = [(); 7].map(|()| match source.next_frame(Duration::ZERO) {
        Ok(frame) => frame.expect("it is there").bytes[0],
        Err(CaptureError::DamagedFrame { .. }) => 0,
        Err(error) => panic!("{error}"),
    });
    assert_eq!(seen, [10, 10, 0, 10, 30, 30, 10]);
}
