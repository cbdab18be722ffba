//! Our numbers against Pillow's and PyTorch's for the built-in network, with every engine that is here.
//! The vectors are made by `models/recipe/reference.py`, and made again after every export.
//!
//! The NPU computes in 8 bits, so PyTorch's floats are not its measure: `evaluate` is. It takes its place beside the
//! others with the darkness network, run by a test double of its runtime; no NPU runs here.

use std::path::PathBuf;

use crate::common_npu::Board;
use dermaloupe::decode;
use dermaloupe::inference::{
    self, EngineChoice, EngineKind, EngineOptions, InputForm, Model, ModelLibrary, postprocess, preprocess,
};
use dermaloupe::mask::ProbabilityMap;
use dermaloupe::measure::agreement::Confusion;
use dermaloupe::photo::Photo;
use dermaloupe::pipeline::{self, SegmentOptions, Segmentation};
use serde::Deserialize;

/// By how much a probability may differ from PyTorch's.
const PROBABILITY: f32 = 1e-3;
/// By how much two engines may differ: the orders of their additions do.
const BETWEEN_ENGINES: f32 = 1e-4;
/// By how much an 8-bit answer may differ: half a step of 1/255, and rounding on the way.
const EIGHT_BITS: f32 = 0.5 / 255.0 + 2e-4;
/// Levels by which our squash may differ from Pillow's.
const SQUASH_LEVELS: u8 = 1;
/// By how much a normalised value may differ where our squash differs by a level (a level is 1/57 of a deviation).
const NORMALISED: f32 = 0.018;
/// Share of a photo's pixels that may fall on the threshold's other side.
const PIXELS: f64 = 0.001;

#[derive(Deserialize)]
struct Reference {
    model: ReferenceModel,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct ReferenceModel {
    name: String,
    sha256: String,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    photo: PathBuf,
    mask: PathBuf,
    resized: PathBuf,
    probability: PathBuf,
    tensor: Tensor,
}

#[derive(Deserialize)]
struct Tensor {
    shape: [usize; 4],
    first: Vec<f32>,
    last: Vec<f32>,
    sum: f64,
}

#[derive(Deserialize)]
struct Agreements {
    images: Vec<Agreement>,
}

#[derive(Deserialize)]
struct Agreement {
    name: String,
    tp: u64,
    fp: u64,
    #[serde(rename = "fn")]
    missed: u64,
    tn: u64,
}

fn folder() -> PathBuf {
    crate::common::root().join("tests/fixtures/reference")
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let json = std::fs::read(folder().join(name)).expect("models/recipe/reference.py has made it");
    serde_json::from_slice(&json).expect("it has the form that reference.py writes")
}

fn photo_of(vector: &Vector) -> Photo {
    decode::photo_file(&folder().join(&vector.photo)).expect("the reference photo decodes")
}

fn network(reference: &Reference) -> std::sync::Arc<Model> {
    let model = ModelLibrary::discover(None).find(Some(&reference.model.name)).expect("the network is built in");
    let artefact = model.card.onnx().expect("it has an ONNX file");
    assert_eq!(artefact.sha256, reference.model.sha256, "make the vectors again: models/recipe/reference.py");
    model
}

/// The engines in floats that are here. With CI=true all must be.
fn engines() -> Vec<EngineKind> {
    let mut probes = inference::probe(&EngineOptions::default());
    probes.retain(|probe| probe.kind != EngineKind::Rknn);
    for probe in &probes {
        println!("{}: {}", probe.kind.id(), probe.detail);
        assert!(probe.available || !crate::common::everything_must_be_there(), "{}", probe.detail);
    }
    probes.iter().filter(|probe| probe.available).map(|probe| probe.kind).collect()
}

fn run(kind: EngineKind, model: &Model, photo: &Photo) -> Segmentation {
    run_with(kind, model, photo, &EngineOptions::default())
}

fn run_with(kind: EngineKind, model: &Model, photo: &Photo, options: &EngineOptions) -> Segmentation {
    let opened = inference::open(EngineChoice::Only(kind), model, options);
    let mut engine = opened.unwrap_or_else(|error| panic!("{error}")).engine;
    pipeline::segment(photo, &model.card, engine.as_mut(), SegmentOptions::default()).expect("the network runs")
}

#[test]
fn our_squash_is_pillows() {
    for vector in read::<Reference>("reference.json").vectors {
        let ours = preprocess::squash(&photo_of(&vector), 256, 256);
        let theirs = decode::photo_file(&folder().join(&vector.resized)).expect("it decodes");
        let worst = ours.iter().zip(theirs.rgb()).map(|(a, b)| a.abs_diff(*b)).max();
        println!("{}: {worst:?} levels", vector.name);
        assert!(worst <= Some(SQUASH_LEVELS), "{}: {worst:?}", vector.name);
    }
}

#[test]
fn our_tensor_is_pytorchs() {
    let reference: Reference = read("reference.json");
    let card = &network(&reference).card;
    for vector in &reference.vectors {
        let input = preprocess::prepare(&photo_of(vector), card, InputForm::Normalised);
        let values = input.values();
        assert_eq!(input.shape(), vector.tensor.shape);
        let ends = values.iter().take(vector.tensor.first.len()).zip(&vector.tensor.first);
        let last = &values[values.len() - vector.tensor.last.len()..];
        for (ours, theirs) in ends.chain(last.iter().zip(&vector.tensor.last)) {
            assert!((ours - theirs).abs() < NORMALISED, "{}: {ours} is not {theirs}", vector.name);
        }
        let sum: f64 = values.iter().map(|value| f64::from(*value)).sum();
        let off = (sum - vector.tensor.sum).abs() / values.len() as f64;
        assert!(off < 1e-3, "{}: the mean is off by {off}", vector.name);
    }
}

#[test]
fn probabilities_are_pytorchs_in_every_engine() {
    let reference: Reference = read("reference.json");
    let model = network(&reference);
    for kind in engines() {
        for vector in &reference.vectors {
            // As large as the network's answer, so that the map's own values are compared.
            let squashed = decode::photo_file(&folder().join(&vector.resized)).expect("it decodes");
            let result = run(kind, &model, &squashed);
            let theirs = image::open(folder().join(&vector.probability)).expect("it decodes").into_luma16();
            let ours = result.probability.network_values();
            assert_eq!(ours.len(), theirs.as_raw().len());
            let differences = ours.iter().zip(theirs.as_raw()).map(|(a, b)| (a - f32::from(*b) / 65535.0).abs());
            let worst = differences.fold(0.0, f32::max);
            println!("{} {}: {worst:.6}", kind.id(), vector.name);
            assert!(worst < PROBABILITY, "{} {}: {worst}", kind.id(), vector.name);
        }
    }
}

#[test]
fn masks_at_the_photos_size_are_the_recipes() {
    let reference: Reference = read("reference.json");
    let model = network(&reference);
    let agreements: Agreements = read("confusion.json");
    for kind in engines() {
        for vector in &reference.vectors {
            let photo = photo_of(vector);
            let mask = decode::mask_file(&folder().join(&vector.mask), photo.size()).expect("it fits");
            let ours = Confusion::of(&run(kind, &model, &photo).mask, &mask);
            let theirs = agreements.images.iter().find(|image| image.name == vector.name).expect("it is listed");
            let pairs = [
                (ours.true_positive, theirs.tp),
                (ours.false_positive, theirs.fp),
                (ours.false_negative, theirs.missed),
                (ours.true_negative, theirs.tn),
            ];
            let allowed = (f64::from(photo.width()) * f64::from(photo.height()) * PIXELS) as u64;
            for (ours, theirs) in pairs {
                assert!(ours.abs_diff(theirs) <= allowed, "{} {}: {pairs:?}", kind.id(), vector.name);
            }
        }
    }
}

/// A map at a photograph's size, made by `tests/fixtures/half/make.py`.
#[derive(Deserialize)]
struct Enlarged {
    photo: PathBuf,
    resized: PathBuf,
    columns: Vec<u32>,
    rows: Vec<u32>,
    values: Vec<f32>,
    sum: f64,
    area_px: u64,
}

#[test]
fn an_answer_at_half_the_size_is_enlarged_as_the_recipe_does_in_every_engine() {
    let half = crate::common::root().join("tests/fixtures/half");
    let model = Model::from_folder(&half).expect("tests/fixtures/half/make.py has made it");
    let json = std::fs::read(half.join("vectors.json")).expect("it is committed");
    let vectors: Vec<Enlarged> = serde_json::from_slice(&json).expect("it has the form that make.py writes");
    for kind in engines() {
        let opened = inference::open(EngineChoice::Only(kind), &model, &EngineOptions::default());
        let mut engine = opened.unwrap_or_else(|error| panic!("{error}")).engine;
        for vector in &vectors {
            // Pillow's own squash goes in, so that what differs is the network's sums and the enlargement.
            let squashed = decode::photo_file(&folder().join(&vector.resized)).expect("it decodes");
            let answer = engine
                .infer(&preprocess::prepare(&squashed, &model.card, engine.input_form()))
                .expect("the network runs");
            assert_eq!(answer.size(), [128, 128]);
            let photo = decode::photo_file(&folder().join(&vector.photo)).expect("it decodes");
            let map = postprocess::map_over(answer, &photo, None);
            let mask = map.threshold(model.card.threshold);
            assert_is_enlarged(&map, vector);
            let whole = run(kind, &model, &photo).mask;
            assert_eq!(whole.size(), photo.size());
            let allowed = (f64::from(photo.width()) * f64::from(photo.height()) * PIXELS) as u64;
            for ours in [mask.area_px(), whole.area_px()] {
                assert!(ours.abs_diff(vector.area_px) <= allowed, "{} {:?}: {ours}", kind.id(), vector.photo);
            }
        }
    }
}

fn assert_is_enlarged(map: &ProbabilityMap, vector: &Enlarged) {
    let [width, height] = map.photo_size();
    // Never more values than the network gave; where the photo is smaller, as many as it has pixels.
    assert_eq!(map.network_size(), [width.min(128) as usize, height.min(128) as usize]);
    let places = vector.rows.iter().flat_map(|&y| vector.columns.iter().map(move |&x| [x, y]));
    for ([x, y], theirs) in places.zip(&vector.values) {
        let ours = map.at(x, y).expect("it lies on the photo");
        let is_theirs = (ours - theirs).abs() < BETWEEN_ENGINES;
        assert!(is_theirs, "{:?} at ({x}, {y}): {ours} is not {theirs}", vector.photo);
    }
    let mut sum = 0.0;
    map.for_each_row(|row| sum += row.iter().map(|&p| f64::from(p)).sum::<f64>());
    let off = (sum - vector.sum).abs() / (f64::from(width) * f64::from(height));
    assert!(off < 1e-6, "{:?}: the mean is off by {off}", vector.photo);
}

#[test]
fn engines_agree_with_each_other() {
    let model = Model::built_in().expect("it is whole");
    let photo = dermaloupe::sample::photo().expect("the sample decodes");
    let answers: Vec<Segmentation> = engines().into_iter().map(|kind| run(kind, &model, &photo)).collect();
    println!("engines compared: {}", answers.len());
    for pair in answers.windows(2) {
        let maps = [pair[0].probability.network_values(), pair[1].probability.network_values()];
        let worst = maps[0].iter().zip(maps[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < BETWEEN_ENGINES, "{worst}");
    }
}

#[test]
fn an_engine_of_a_batch_gives_the_very_map_that_the_windows_gives() {
    let model = Model::built_in().expect("it is whole");
    let photo = dermaloupe::sample::photo().expect("the sample decodes");
    let input = preprocess::prepare(&photo, &model.card, InputForm::Normalised);
    for kind in engines() {
        let opened = inference::open(EngineChoice::Only(kind), &model, &EngineOptions::default());
        let mut alone = opened.unwrap_or_else(|error| panic!("{error}")).engine;
        let mut beside = alone.for_worker(0).expect("there is a core")().unwrap_or_else(|error| panic!("{error}"));
        let [one, other] =
            [&mut alone, &mut beside].map(|engine| engine.infer(&input).expect("it runs").into_values());
        assert!(one == other, "{}: to the bit", kind.id());
        drop(alone);
        assert!(beside.infer(&input).expect("it runs by itself").into_values() == one, "{}", kind.id());
    }
}

#[test]
fn the_darkness_network_is_the_same_in_every_engine_and_in_the_npus_double() {
    let board = Board::new(&[]);
    let (model, options) = (board.model(), board.options());
    let photos = read::<Reference>("reference.json").vectors;
    let photos = photos.iter().map(photo_of).chain([dermaloupe::sample::photo().expect("the sample decodes")]);
    for photo in photos {
        let measure = run(EngineKind::Rten, &model, &photo);
        for kind in engines().into_iter().chain([EngineKind::Rknn]) {
            let result = run_with(kind, &model, &photo, &options);
            let maps = [&result, &measure].map(|result| result.probability.network_values());
            let worst = maps[0].iter().zip(maps[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            println!("{} {}: {worst:.6}", kind.id(), photo.source.name());
            let allowed = if kind == EngineKind::Rknn { EIGHT_BITS } else { BETWEEN_ENGINES };
            assert!(maps[0].len() == maps[1].len() && worst < allowed, "{} {worst}", kind.id());
            assert_eq!((result.engine.kind, result.mask.size()), (kind, photo.size()));
            // A map that says the same of every pixel would prove nothing.
            let spread = maps[0].iter().copied().fold(0.0, f32::max) - maps[0].iter().copied().fold(1.0, f32::min);
            assert!(spread > 0.1, "{}: {spread}", photo.source.name());
        }
    }
}

#[test]
fn the_version_of_rten_is_the_locked_one() {
    let lock = std::fs::read_to_string(crate::common::root().join("Cargo.lock")).expect("it is committed");
    let locked = lock.split("name = \"rten\"\nversion = \"").nth(1).and_then(|rest| rest.split('"').next());
    let model = Model::built_in().expect("it is whole");
    let photo = dermaloupe::sample::photo().expect("the sample decodes");
    assert_eq!(Some(run(EngineKind::Rten, &model, &photo).engine.version.as_str()), locked);
}
