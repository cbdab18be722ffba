//! Steps against OpenCV, scikit-image, pydensecrf and numpy (`models/recipe/steps_reference.py`), and what must hold of
//! each of them.

use std::path::Path;

use image::{DynamicImage, ImageReader};

use super::*;
use crate::geometry::morphology;
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::{Photo, PhotoSource};
use crate::steps::{AfterStep, BeforeStep, NamedStep, StepList};

const SIZE: [usize; 2] = [100, 72];

fn picture(name: &str) -> DynamicImage {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/steps").join(name).with_extension("png");
    let bytes = std::fs::read(&path).unwrap();
    ImageReader::with_format(std::io::Cursor::new(bytes), image::ImageFormat::Png).decode().unwrap()
}

fn rgb(name: &str) -> Vec<u8> {
    picture(name).into_rgb8().into_raw()
}

fn probabilities(name: &str) -> Vec<f32> {
    picture(name).into_luma16().into_raw().iter().map(|&value| f32::from(value) / 65535.0).collect()
}

fn mask(name: &str) -> Mask {
    Mask::from_grey(SIZE[0] as u32, SIZE[1] as u32, picture(name).into_luma8().into_raw())
}

fn before(typed: &str) -> StepList<BeforeStep> {
    typed.parse().unwrap()
}

fn after(typed: &str) -> StepList<AfterStep> {
    typed.parse().unwrap()
}

/// The mean and the largest difference.
fn differences(one: &[u8], other: &[u8]) -> (f64, u8) {
    assert_eq!(one.len(), other.len());
    let off = || one.iter().zip(other).map(|(one, other)| one.abs_diff(*other));
    (off().map(f64::from).sum::<f64>() / one.len() as f64, off().max().unwrap_or_default())
}

#[test]
fn colours_before_the_network_are_those_of_skimage_and_numpy() {
    for (typed, name, mean, most) in [
        ("grey-world", "grey-world", 0.0, 0),
        ("normalise", "normalise", 0.01, 1),
        ("window", "window-128-192", 0.01, 1),
    ] {
        let mut found = rgb("photo");
        before(typed).iter().for_each(|step| apply(*step, &mut found, SIZE));
        let off = differences(&found, &rgb(name));
        assert!(off.0 <= mean && off.1 <= most, "{typed}: {off:?}");
        assert_ne!(found, rgb("photo"), "{typed}");
    }
}

#[test]
fn equalised_levels_are_those_of_opencv() {
    let levels: Vec<u8> = rgb("photo").chunks_exact(3).map(|pixel| pixel[1]).collect();
    let even: Vec<u8> = levels.chunks_exact(SIZE[0]).flat_map(|row| &row[..96]).copied().collect();
    for clip in [2, 6] {
        let of = |name: &str| picture(&format!("clahe-{name}-{clip}")).into_luma8().into_raw();
        // Halves are rounded up or down by the last bit of a weight.
        for (off, most) in [
            (differences(&clahe::equalised(&even, [96, 72], clip), &of("even")), 0.03),
            (differences(&clahe::equalised(&levels, SIZE, clip), &of("levels")), 0.03),
        ] {
            assert!(off.0 < most && off.1 <= 1, "{clip}: {off:?}");
        }
    }
}

#[test]
fn non_local_means_are_those_of_opencv() {
    let planes =
        |name: &str| [0, 1, 2].map(|plane| rgb(name).iter().skip(plane).step_by(3).copied().collect::<Vec<u8>>());
    let [light, a, b] = &planes("lab");
    for strength in [3, 10] {
        let expected = planes(&format!("lab-nlm-{strength}"));
        let mut found = denoise::averaged(&[light], SIZE, strength);
        found.extend(denoise::averaged(&[a, b], SIZE, strength));
        for (found, expected) in found.iter().zip(&expected) {
            // OpenCV weighs in whole numbers.
            let off = differences(found, expected);
            assert!(off.0 < 0.05 && off.1 <= 1, "{strength}: {off:?}");
        }
    }
    let mut whole = rgb("photo");
    apply(BeforeStep::Nlm { strength: 10 }, &mut whole, SIZE);
    let off = differences(&whole, &rgb("photo"));
    assert!((1.0..12.0).contains(&off.0), "it takes the noise away, and no more: {off:?}");
}

/// Each stage on what OpenCV has before it: tiles of 13 by 10 pixels are so small that a level more or less in one of them
/// changes its curve.
#[test]
fn the_lightness_is_equalised_as_by_opencv() {
    let grey = |name: &str| picture(name).into_luma8().into_raw();
    let (before, after) = (grey("light"), grey("light-clahe-2"));
    let off = differences(&clahe::lightness(&rgb("photo")), &before);
    assert!(off.0 < 0.15 && off.1 <= 1, "{off:?}");
    let off = differences(&clahe::equalised(&before, SIZE, 2), &after);
    assert!(off.0 < 0.03 && off.1 <= 1, "{off:?}");
    let mut found = rgb("photo");
    clahe::set_lightness(&mut found, &before, &after);
    let off = differences(&found, &rgb("clahe-2"));
    assert!(off.0 < 0.5 && off.1 <= 2, "{off:?}");
}

#[test]
fn opening_and_closing_are_those_of_skimage() {
    for radius in [1, 3, 6] {
        let mut opened = mask("mask");
        morphology::open(&mut opened, radius);
        assert_eq!(opened, mask(&format!("open-{radius}")));
        let mut closed = mask("mask");
        morphology::close(&mut closed, radius);
        assert_eq!(closed, mask(&format!("close-{radius}")));
    }
}

#[test]
fn the_random_field_is_that_of_pydensecrf() {
    let (map, rgb) = (probabilities("map"), rgb("photo"));
    for (threshold, weight, name) in [(0.5, 3.0, "crf-50-3"), (0.3, 10.0, "crf-30-10")] {
        let found = dense_crf::refined(&map, &rgb, SIZE, threshold, weight);
        let expected = probabilities(name);
        let off = || found.iter().zip(&expected).map(|(found, expected)| f64::from((found - expected).abs()));
        let (mean, most) = (off().sum::<f64>() / found.len() as f64, off().fold(0.0, f64::max));
        assert!(mean < 1e-3 && most < 0.02, "{name}: {mean}, {most}");
    }
}

/// A photograph of a dark lesion on skin with black corners, and a map that finds lesion, corner and a hole.
fn drawn(width: u32, height: u32) -> (Photo, ProbabilityMap) {
    let longer = f64::from(width.max(height));
    let from_centre = |index: u32, [left, top]: [f64; 2]| {
        let [x, y] = [index % width, index / width].map(f64::from);
        (x - f64::from(width) * left).hypot(y - f64::from(height) * top) / longer
    };
    let level = |index: u32| match (from_centre(index, [0.5, 0.5]), from_centre(index, [0.4, 0.5])) {
        (middle, _) if middle > 0.52 => 4,
        (_, lesion) if lesion < 0.16 => 90,
        _ => 190,
    };
    let pixels = 0..width * height;
    let rgb = pixels.clone().flat_map(|index| [level(index), level(index) / 4 * 3, level(index) / 2]).collect();
    let found = |index: u32| {
        let lesion = from_centre(index, [0.4, 0.5]);
        let is_found = (0.04..0.16).contains(&lesion) || from_centre(index, [1.0, 1.0]) < 0.2;
        if is_found { 0.9 } else { 0.1 }
    };
    let map = ProbabilityMap::new([width as usize, height as usize], pixels.map(found).collect(), [width, height]);
    (Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("drawn")), map)
}

#[test]
fn the_lesion_is_one_region_without_holes_and_not_a_dark_corner() {
    let (photo, map) = drawn(200, 150);
    assert!(map.threshold(0.5).is_set(199, 149) && !map.threshold(0.5).is_set(80, 75));
    let found = MaskMaker::new(&after("lesion"), &photo).mask(&map, 0.5);
    assert!(!found.is_set(199, 149) && found.is_set(80, 75), "no corner, no hole");
    let largest = MaskMaker::new(&after("largest"), &photo).mask(&map, 0.5);
    assert!(!largest.is_set(199, 149) && !largest.is_set(80, 75));
}

#[test]
fn order_counts() {
    // A ring that is cut open: closed first it has a hole to fill.
    let mut ring = Mask::empty([64, 64]);
    for (index, pixel) in ring.pixels_mut().iter_mut().enumerate() {
        let [x, y] = [index % 64, index / 64].map(|at| at as f64 - 32.0);
        *pixel = u8::from((16.0..22.0).contains(&x.hypot(y)) && !(x > 0.0 && (0.0..3.0).contains(&y)));
    }
    let values = ring.pixels().iter().map(|&pixel| f32::from(pixel)).collect();
    let map = ProbabilityMap::new([64, 64], values, [64, 64]);
    let photo = Photo::from_rgb(64, 64, vec![100; 64 * 64 * 3], PhotoSource::BuiltIn("drawn"));
    let made = |typed: &str| MaskMaker::new(&after(typed), &photo).mask(&map, 0.5);
    assert!(made("close:16,fill").is_set(32, 32));
    assert!(!made("fill,close:16").is_set(32, 32));
}

#[test]
fn steps_after_the_network_done_twice_are_those_done_once() {
    let (photo, _) = drawn(200, 150);
    let noise = |index: u32| f32::from(u8::from(index.wrapping_mul(2_654_435_761) >> 24 < 150));
    let map = ProbabilityMap::new([200, 150], (0..200 * 150).map(noise).collect(), [200, 150]);
    for step in AfterStep::ALL.iter().filter(|step| !matches!(step, AfterStep::Crf { .. })) {
        let maker = MaskMaker::new(&StepList(vec![*step]), &photo);
        let once = maker.mask(&map, 0.5);
        let values = once.pixels().iter().map(|&pixel| f32::from(pixel)).collect();
        let again = maker.mask(&ProbabilityMap::new([200, 150], values, [200, 150]), 0.5);
        assert_eq!(once, again, "{step:?}");
        assert_ne!(once, map.threshold(0.5), "{step:?} has something to do");
    }
}

#[test]
fn every_step_keeps_the_size_of_the_smallest_and_of_the_blackest_photograph() {
    for (size, level) in [([1, 1], 120), ([1, 9], 120), ([7, 3], 120), ([40, 30], 0), ([40, 30], 255)] {
        let [width, height] = size.map(|side: u32| side as usize);
        let photo =
            Photo::from_rgb(size[0], size[1], vec![level; width * height * 3], PhotoSource::BuiltIn("flat"));
        for step in BeforeStep::ALL {
            let mut rgb = photo.rgb().to_vec();
            apply(*step, &mut rgb, [width, height]);
            assert_eq!(rgb.len(), photo.rgb().len());
            let first = [rgb[0], rgb[1], rgb[2]];
            assert!(rgb.chunks_exact(3).all(|pixel| pixel == first), "{step:?}: one colour stays one colour");
        }
        let map = ProbabilityMap::new([16, 16], vec![0.8; 256], size);
        for step in AfterStep::ALL {
            let mask = MaskMaker::new(&StepList(vec![*step]), &photo).mask(&map, 0.5);
            assert_eq!((mask.size(), mask.area_px()), (size, (width * height) as u64), "{step:?}");
        }
        let nothing = ProbabilityMap::new([16, 16], vec![0.1; 256], size);
        for step in AfterStep::ALL {
            assert!(MaskMaker::new(&StepList(vec![*step]), &photo).mask(&nothing, 0.5).is_empty(), "{step:?}");
        }
    }
}

#[test]
fn radii_grow_with_the_photograph() {
    for scale in [1, 2, 4] {
        let [width, height] = [256 * scale, 256 * scale];
        // A bar of 8/256 of the side: an opening by 3/256 keeps it, by 5/256 takes it.
        let in_bar = |index: u32| f32::from(u8::from((100 * scale..108 * scale).contains(&(index / width))));
        let values = (0..width * height).map(in_bar).collect();
        let map = ProbabilityMap::new([width as usize, height as usize], values, [width, height]);
        let rgb = vec![100; (width * height * 3) as usize];
        let photo = Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("drawn"));
        let opened = |typed: &str| MaskMaker::new(&after(typed), &photo).mask(&map, 0.5);
        assert!(!opened("open:3").is_empty() && opened("open:5").is_empty());
    }
}
