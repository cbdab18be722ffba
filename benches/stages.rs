//! The stages that are ours, each alone, on the built-in sample (1536x1152): for comparing before and after a change.
//! `dermaloupe bench` measures whole photographs, with the network, on the user's machine.
//!
//!     cargo bench --bench stages
#![allow(clippy::disallowed_methods, reason = "what it reads is our own")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use dermaloupe::capture::pixels::FramePixels;
use dermaloupe::capture::{ColourCoding, Frame, FrameEncoding, FrameFormat};
use dermaloupe::confidence::Confidence;
use dermaloupe::decode;
use dermaloupe::geometry::contour;
use dermaloupe::inference::{InputForm, Model, NetworkOutput, postprocess, preprocess};
use dermaloupe::sample;

const SAMPLE_JPEG: &[u8] = include_bytes!("../assets/sample/phantom.jpg");

/// What a network might say: a round lesion with a soft border.
fn output(width: usize, height: usize) -> NetworkOutput {
    let value = |place: usize| {
        let [x, y] = [(place % width) as f32 / width as f32, (place / width) as f32 / height as f32];
        1.0 / (1.0 + ((x - 0.5).hypot(y - 0.5) * 60.0 - 15.0).exp())
    };
    let values = (0..width * height).map(value).collect();
    NetworkOutput::new("drawn", width, height, values).expect("they are probabilities")
}

fn stages(criterion: &mut Criterion) {
    let photo = sample::photo().expect("the sample is whole");
    let card = Model::built_in().expect("a network is inside").card.clone();
    criterion.bench_function("decode", |bencher| {
        bencher.iter(|| decode::photo_built_in("sample", black_box(SAMPLE_JPEG)).expect("it decodes"));
    });
    criterion.bench_function("preprocess", |bencher| {
        bencher.iter(|| preprocess::prepare(black_box(&photo), &card, InputForm::Normalised));
    });
    criterion.bench_function("postprocess", |bencher| {
        bencher.iter_batched(
            || output(256, 256),
            |output| postprocess::map_over(output, &photo, None).threshold(card.threshold),
            criterion::BatchSize::LargeInput,
        );
    });
    let map = postprocess::map_over(output(256, 256), &photo, None);
    let mask = map.threshold(card.threshold);
    criterion.bench_function("confidence", |bencher| {
        bencher.iter(|| Confidence::of(black_box(&map), &card, card.threshold));
    });
    criterion.bench_function("contours of a map", |bencher| {
        bencher.iter(|| contour::of_map(black_box(&map), 0.5));
    });
    criterion.bench_function("contours of a mask", |bencher| {
        bencher.iter(|| contour::of_mask(black_box(&mask)));
    });
}

/// A camera's NV12 frame to the network's picture and to the whole one: what RGA would take over is the first.
fn frames(criterion: &mut Criterion) {
    for size in [[640, 480], [1280, 720], [1920, 1080]] {
        let format =
            FrameFormat { encoding: FrameEncoding::Nv12, size, stride: size[0], colour: ColourCoding::default() };
        let [width, rows] = size.map(|side| side as usize);
        let bytes = (0..width * rows * 3 / 2).map(|place| (60 + (place % width) / 16 + place % 7) as u8).collect();
        let (time, arrived) = (Duration::ZERO, Instant::now());
        let frame = Frame { number: 0, time, arrived, format, bytes: Arc::new(bytes) };
        let pixels = FramePixels::of(&frame).expect("it is whole");
        criterion.bench_function(&format!("{format} to 256 x 256"), |bencher| {
            bencher.iter(|| black_box(&pixels).reduced([256, 256]));
        });
        criterion.bench_function(&format!("{format} to RGB"), |bencher| bencher.iter(|| black_box(&pixels).rgb()));
        // What the processor still does when RGA converts.
        let mut memory = vec![0; frame.bytes.len()];
        criterion.bench_function(&format!("{format} copied"), |bencher| {
            bencher.iter(|| black_box(&mut memory).copy_from_slice(black_box(&frame.bytes)));
        });
    }
}

criterion_group!(benches, stages, frames);
criterion_main!(benches);
