//! A network over a photograph in tiles: the same as over the whole, stopped between two tiles, refused where it is too large.

use std::ops::ControlFlow;

use dermaloupe::inference::{
    Engine, EngineInfo, EngineKind, InferenceError, InputForm, InputTensor, Model, ModelCard, NetworkOutput,
};
use dermaloupe::photo::{Photo, PhotoSource};
use dermaloupe::pipeline::{self, EngineHere, SegmentOptions, TileProgress};
use serde_json::{Value, json};

/// A test double that is fully convolutional, as far as it looks around: the mean of the red bytes over 7 x 7 pixels, with
/// nothing beyond the edges.
struct Blur {
    info: EngineInfo,
    runs: usize,
}

const REACH: usize = 3;

impl Blur {
    fn new() -> Self {
        Self { info: EngineInfo { kind: EngineKind::Rten, version: "double".into() }, runs: 0 }
    }
}

fn blurred(rgb: &[u8], width: usize, height: usize) -> Vec<f32> {
    let red = |x: usize, y: usize| f32::from(rgb[(y * width + x) * 3]) / 255.0;
    let mean = |index: usize| {
        let (x, y) = (index % width, index / width);
        let columns = x.saturating_sub(REACH)..(x + REACH + 1).min(width);
        let rows = y.saturating_sub(REACH)..(y + REACH + 1).min(height);
        let sum: f32 = rows.flat_map(|y| columns.clone().map(move |x| red(x, y))).sum();
        sum / 49.0
    };
    (0..width * height).map(mean).collect()
}

impl Engine for Blur {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        self.runs += 1;
        let [_, _, height, width] = input.shape();
        NetworkOutput::new("double", width, height, blurred(input.rgb(), width, height))
    }

    fn input_form(&self) -> InputForm {
        InputForm::Pixels
    }
}

fn card(tiling: Value) -> ModelCard {
    let mut card = Model::built_in().expect("the built-in network is whole").written_card;
    card["tiling"] = tiling;
    // Which a network in tiles does not have.
    card.as_object_mut().expect("a card").remove("second_look");
    card["output"] = json!({"height": 256, "width": 256, "meaning": "probability"});
    ModelCard::from_json(card.to_string().as_bytes()).expect("the card is valid")
}

/// A pattern that has no period of a tile.
fn photo(width: u32, height: u32) -> Photo {
    let value = |x: u32, y: u32| (x * x / 50 + y * 3 + x * y / 40) as u8;
    let rgb = (0..height).flat_map(|y| (0..width).flat_map(move |x| [value(x, y), 0, 255])).collect();
    Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("pattern"))
}

#[test]
fn tiles_of_a_convolutional_network_are_the_whole_photograph_away_from_borders() {
    let (width, height) = (700, 520);
    let photo = photo(width, height);
    let card = card(json!({"tile": 256, "overlap": 64, "scale": 1.0}));
    let mut engine = Blur::new();
    let found = pipeline::segment(&photo, &card, &mut engine, SegmentOptions::default()).expect("it runs");
    assert_eq!(engine.runs, 4 * 3);
    assert_eq!(found.probability.network_size(), [700, 520]);
    let whole = blurred(photo.rgb(), 700, 520);
    let tiled = found.probability.network_values();
    let inside = |index: &usize| {
        let (x, y) = (index % 700, index / 700);
        (REACH..700 - REACH).contains(&x) && (REACH..520 - REACH).contains(&y)
    };
    let worst = (0..700 * 520).filter(inside).map(|at| (whole[at] - tiled[at]).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-3, "{worst}");
}

#[test]
fn a_photograph_of_one_tile_is_the_networks_own_map() {
    let photo = photo(256, 256);
    let card = card(json!({"tile": 256, "overlap": 64, "scale": 1.0}));
    let found = pipeline::segment(&photo, &card, &mut Blur::new(), SegmentOptions::default()).expect("it runs");
    assert_eq!(found.probability.network_values(), blurred(photo.rgb(), 256, 256));
}

#[test]
fn a_photograph_smaller_than_a_tile_is_run_with_the_training_mean_around_it() {
    let photo = photo(40, 30);
    let card = card(json!({"tile": 256, "overlap": 64, "scale": 1.0}));
    let mut engine = Blur::new();
    let found = pipeline::segment(&photo, &card, &mut engine, SegmentOptions::default()).expect("it runs");
    assert_eq!((engine.runs, found.mask.size(), found.probability.network_size()), (1, [40, 30], [40, 30]));
    let inside = (10 * 40 + 10, 20);
    assert!((found.probability.network_values()[inside.0] - blurred(photo.rgb(), 40, 30)[inside.0]).abs() < 1e-6);
}

#[test]
fn a_scale_below_one_runs_fewer_tiles_and_the_map_lies_over_the_whole_photograph() {
    let card = card(json!({"tile": 256, "overlap": 0, "scale": 0.5}));
    let mut engine = Blur::new();
    let found =
        pipeline::segment(&photo(1000, 500), &card, &mut engine, SegmentOptions::default()).expect("it runs");
    assert_eq!(engine.runs, 2);
    assert_eq!((found.mask.size(), found.probability.network_size()), ([1000, 500], [500, 250]));
}

#[test]
fn progress_is_told_after_each_tile_and_a_break_stops_before_the_next() {
    let card = card(json!({"tile": 256, "overlap": 64, "scale": 1.0}));
    let photo = photo(700, 520);
    let mut told = Vec::new();
    let mut engine = Blur::new();
    let mut watch = |progress: TileProgress| {
        told.push((progress.done, progress.total));
        if progress.done == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result =
        pipeline::segment_by(&photo, &card, &mut EngineHere(&mut engine), SegmentOptions::default(), &mut watch);
    assert!(matches!(result, Err(InferenceError::Cancelled)));
    assert_eq!(told, [(1, 12), (2, 12), (3, 12), (4, 12), (5, 12)]);
    assert_eq!(engine.runs, 5);
}

#[test]
fn a_photograph_that_would_have_to_be_blown_up_is_refused_before_memory_is_taken() {
    let card = card(json!({"tile": 256, "overlap": 64, "field_of_view_px": 1300}));
    // A field of view of a few pixels in a black photograph would be enlarged several hundred times.
    let mut rgb = vec![0; 3000 * 2000 * 3];
    let start = (1000 * 3000 + 1500) * 3;
    rgb[start..start + 3].copy_from_slice(&[255, 255, 255]);
    let photo = Photo::from_rgb(3000, 2000, rgb, PhotoSource::BuiltIn("dot"));
    let error = pipeline::segment(&photo, &card, &mut Blur::new(), SegmentOptions::default()).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn a_tile_of_another_size_than_the_card_says_is_the_engines_fault() {
    struct Small(EngineInfo);
    impl Engine for Small {
        fn info(&self) -> &EngineInfo {
            &self.0
        }
        fn infer(&mut self, _: &InputTensor) -> Result<NetworkOutput, InferenceError> {
            NetworkOutput::new("double", 2, 2, vec![0.0; 4])
        }
    }
    let card = card(json!({"tile": 256, "overlap": 64, "scale": 1.0}));
    let mut engine = Small(EngineInfo { kind: EngineKind::Rten, version: "double".into() });
    let error = pipeline::segment(&photo(300, 300), &card, &mut engine, SegmentOptions::default()).unwrap_err();
    assert!(error.to_string().contains("2x2 pixels, expected 256x256"), "{error}");
}
