//! The flow with a network that is made up: what goes in and comes out, and what happens when an engine fails.

use dermaloupe::inference::{
    Engine, EngineInfo, EngineKind, InferenceError, InputTensor, Model, ModelCard, NetworkOutput,
};
use dermaloupe::mask::ProbabilityMap;
use dermaloupe::photo::{Photo, PhotoSource};
use dermaloupe::pipeline::{self, SegmentOptions, ThresholdChoice};
use serde::Deserialize;

type Answer = fn(&InputTensor) -> Result<NetworkOutput, InferenceError>;

/// An engine that answers as it is told.
struct Fake {
    info: EngineInfo,
    answer: Answer,
}

impl Fake {
    fn new(answer: Answer) -> Self {
        Self { info: EngineInfo { kind: EngineKind::Rten, version: "fake".into() }, answer }
    }
}

impl Engine for Fake {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        (self.answer)(input)
    }
}

fn card() -> ModelCard {
    Model::built_in().expect("the built-in network is whole").card
}

fn photo(width: u32, height: u32) -> Photo {
    let pixels = vec![128; width as usize * height as usize * 3];
    Photo::from_rgb(width, height, pixels, PhotoSource::BuiltIn("grey"))
}

/// 128x128: lesion in the left half.
fn left_half(_: &InputTensor) -> Result<NetworkOutput, InferenceError> {
    let values = (0..128 * 128).map(|index| if index % 128 < 64 { 0.9 } else { 0.1 }).collect();
    NetworkOutput::new("fake", 128, 128, values)
}

#[test]
fn a_smaller_answer_becomes_a_mask_of_the_photos_size() {
    let result = pipeline::segment(&photo(400, 300), &card(), &mut Fake::new(left_half), SegmentOptions::default())
        .expect("the fake answers");
    assert_eq!(result.mask.size(), [400, 300]);
    assert_eq!(result.probability.network_size(), [128, 128]);
    assert_eq!(result.mask.area_px(), 400 * 300 / 2);
    assert!(result.mask.is_set(199, 150) && !result.mask.is_set(200, 150));
    assert_eq!((result.model.as_str(), result.engine.version.as_str()), (Model::BUILT_IN, "fake"));
}

#[test]
fn the_persons_threshold_goes_before_the_cards() {
    let options = SegmentOptions { threshold: ThresholdChoice::Given(0.05), ..SegmentOptions::default() };
    let result =
        pipeline::segment(&photo(40, 30), &card(), &mut Fake::new(left_half), options).expect("it answers");
    assert_eq!(result.mask.area_px(), 40 * 30);
    assert!((result.threshold - 0.05).abs() < 1e-6);
}

#[test]
fn the_tensor_has_the_cards_shape_and_normalisation() {
    let answer: Answer = |input| {
        assert_eq!(input.shape(), [1, 3, 256, 256]);
        for (plane, (mean, std)) in
            input.values().chunks(256 * 256).zip([(123.675, 58.395), (116.28, 57.12), (103.53, 57.375)])
        {
            let expected = (128.0 - mean) / std;
            assert!(plane.iter().all(|value| (value - expected).abs() < 1e-5));
        }
        left_half(input)
    };
    assert!(pipeline::segment(&photo(33, 7), &card(), &mut Fake::new(answer), SegmentOptions::default()).is_ok());
}

#[test]
fn a_failing_engine_is_an_error_with_its_words() {
    let answer: Answer = |_| Err(InferenceError::Failed { engine: "fake", detail: "out of ideas".into() });
    let error = pipeline::segment(&photo(8, 8), &card(), &mut Fake::new(answer), SegmentOptions::default());
    assert!(error.expect_err("it fails").to_string().contains("out of ideas"));
}

#[test]
fn a_panicking_engine_is_an_error_and_may_be_tried_again() {
    let answer: Answer = |_| panic!("made up");
    let mut engine = Fake::new(answer);
    for _ in 0..2 {
        let result = pipeline::segment(&photo(8, 8), &card(), &mut engine, SegmentOptions::default());
        assert!(matches!(result, Err(InferenceError::Panicked { .. })));
    }
}

/// A map enlarged by PyTorch, made by `tests/fixtures/upsample/make.py`.
#[derive(Deserialize)]
struct Enlarged {
    from: [usize; 2],
    values: Vec<f32>,
    to: [u32; 2],
    enlarged: Vec<f32>,
}

#[test]
fn maps_are_enlarged_as_pytorch_does() {
    let json =
        std::fs::read(crate::common::root().join("tests/fixtures/upsample/vectors.json")).expect("it is committed");
    let vectors: Vec<Enlarged> = serde_json::from_slice(&json).expect("the vectors are JSON");
    assert!(vectors.len() >= 5);
    for vector in vectors {
        let map = ProbabilityMap::new(vector.from, vector.values, vector.to);
        let mut rows = Vec::new();
        map.for_each_row(|row| rows.extend_from_slice(row));
        assert_eq!(rows.len(), vector.enlarged.len());
        for (ours, theirs) in rows.iter().zip(&vector.enlarged) {
            assert!((ours - theirs).abs() < 1e-6, "{:?} to {:?}: {ours} is not {theirs}", vector.from, vector.to);
        }
    }
}

#[test]
fn a_mask_has_every_pixel_at_or_above_the_threshold() {
    // A round lesion: broad parts on either side of any threshold, and a border between.
    let values = |[width, height]: [usize; 2]| {
        let at = |index: usize| {
            let [x, y] = [index % width, index / width].map(|place| place as f32);
            let distance = (x / width as f32 - 0.45).hypot(y / height as f32 - 0.6);
            1.0 / (1.0 + ((distance - 0.25) * 40.0).exp())
        };
        (0..width * height).map(at).collect()
    };
    for (network, photo) in
        [([32, 24], [401, 299]), ([32, 24], [33, 240]), ([24, 24], [24, 24]), ([16, 16], [9, 70])]
    {
        let map = ProbabilityMap::new(network, values(network), photo);
        let mut rows = Vec::new();
        map.for_each_row(|row| rows.extend_from_slice(row));
        let some_value = rows[rows.len() / 2];
        for threshold in [0.0, 0.01, 0.5, some_value, 0.99, 1.0] {
            let expected: Vec<u8> = rows.iter().map(|&p| u8::from(p >= threshold)).collect();
            assert_eq!(map.threshold(threshold).pixels(), expected, "{network:?} to {photo:?} at {threshold}");
        }
    }
}
