//! Large JPEGs whose pixels wait: a network's input is made of their blocks' lowest frequencies, and is the same whether
//! or not the pixels were decoded; files that are not in order are read as ever.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dermaloupe::decode::{self, DecodeError};
use dermaloupe::inference::{InputForm, Model, preprocess};
use dermaloupe::photo::Photo;
use dermaloupe::resize;

use crate::common::{Workplace, root};

/// `[width, height]` of the drawn picture.
const SIZE: [u32; 2] = [1679, 1543];

/// Between 0 and 255, from an input that is made of all pixels: of any, and in the mean.
const LEVELS: u8 = 9;
const MEAN_LEVELS: f64 = 0.3;

/// Arrangements that are read without their pixels, and those that are not.
const LATE: [&str; 8] = ["444", "422", "440", "420", "grey", "restarts", "restarts_in_rows", "optimised"];
const AT_ONCE: [&str; 2] = ["progressive", "411"];

fn folder() -> PathBuf {
    root().join("tests/fixtures/large_jpeg")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(format!("{name}.jpg"))).expect("it is committed")
}

fn read(bytes: &[u8]) -> Result<Photo, DecodeError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("it can be written");
    decode::photo_for_network(file.path())
}

fn read_at_once(bytes: &[u8]) -> Result<Photo, DecodeError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("it can be written");
    decode::photo_file(file.path())
}

/// The largest difference and the mean one.
fn difference(ours: &[u8], theirs: &[u8]) -> (u8, f64) {
    assert_eq!(ours.len(), theirs.len());
    let differences: Vec<u8> = ours.iter().zip(theirs).map(|(a, b)| a.abs_diff(*b)).collect();
    let sum: f64 = differences.iter().map(|&d| f64::from(d)).sum();
    (differences.iter().copied().max().unwrap_or(0), sum / differences.len() as f64)
}

/// `420.jpg` with an EXIF orientation.
fn turned(orientation: u8) -> Vec<u8> {
    let plain = bytes("420");
    let entry = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
    let exif = [&b"Exif\0\0II*\0\x08\0\0\0\x01\0"[..], &entry].concat();
    [&plain[..2], &[0xFF, 0xE1, 0, exif.len() as u8 + 2], &exif, &plain[2..]].concat()
}

#[test]
fn a_networks_input_without_the_pixels_is_pillows() {
    let text = std::fs::read_to_string(folder().join("squashed.json")).expect("it is committed");
    let expected: BTreeMap<String, Vec<u8>> = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(expected.len(), LATE.len() + AT_ONCE.len());
    let card = &Model::built_in().expect("it is whole").card;
    for (name, pillows) in &expected {
        let photo = read(&bytes(name)).expect("it is whole");
        assert_eq!((photo.size(), photo.frequencies().is_some()), (SIZE, LATE.contains(&&**name)), "{name}");
        let input = preprocess::prepare(&photo, card, InputForm::Pixels);
        let rows = input.rgb().chunks_exact(256 * 3).skip(8).step_by(16);
        let ours: Vec<u8> =
            rows.flat_map(|row| row.chunks_exact(3).skip(8).step_by(16).flatten().copied()).collect();
        let (most, mean) = difference(&ours, pillows);
        println!("{name}: {most} levels, {mean:.3} in the mean");
        assert!(most <= LEVELS && mean < MEAN_LEVELS, "{name}: {most}, {mean}");
    }
}

#[test]
fn it_is_turned_as_the_pixels_are() {
    let card = &Model::built_in().expect("it is whole").card;
    for orientation in 1..=8 {
        let file = turned(orientation);
        let late = read(&file).expect("it is whole");
        let upright = if orientation < 5 { SIZE } else { [SIZE[1], SIZE[0]] };
        assert_eq!((late.size(), late.orientation), (upright, orientation));
        assert!(late.frequencies().is_some());
        let ours = preprocess::prepare(&late, card, InputForm::Pixels);
        let (most, mean) = difference(ours.rgb(), &resize::rgb(late.rgb(), upright, [256, 256]));
        println!("{orientation}: {most} levels, {mean:.3} in the mean");
        assert!(most <= LEVELS && mean < MEAN_LEVELS, "{orientation}: {most}, {mean}");
    }
}

#[test]
fn both_readings_give_one_photograph_and_one_input() {
    let card = &Model::built_in().expect("it is whole").card;
    for file in LATE.iter().chain(&AT_ONCE).map(|name| bytes(name)).chain([turned(6)]) {
        let (late, at_once) = (read(&file).expect("it is whole"), read_at_once(&file).expect("it is whole"));
        let [ours, theirs] = [&late, &at_once].map(|photo| preprocess::prepare(photo, card, InputForm::Normalised));
        assert!(ours.values() == theirs.values());
        assert!(late.rgb() == at_once.rgb() && late.size() == at_once.size());
        assert_eq!((late.sha256(), &late.profile), (at_once.sha256(), &at_once.profile));
        assert_eq!((late.orientation, &late.warnings), (at_once.orientation, &at_once.warnings));
    }
}

/// Where the coded data begin.
fn first_data(bytes: &[u8]) -> usize {
    let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("it has a scan");
    scan + 2 + usize::from(u16::from_be_bytes([bytes[scan + 2], bytes[scan + 3]]))
}

/// The file with something amiss, in many ways and places.
fn damaged(bytes: &[u8]) -> Vec<Vec<u8>> {
    let begin = first_data(bytes);
    let end = bytes.len() - 2;
    let places: Vec<usize> = (0..6).map(|part| begin + (end - begin - 600) * part / 6 + 37).collect();
    let mut files: Vec<Vec<u8>> = [1, 2, 3, 9, 500, 20_000]
        .iter()
        .map(|short| [&bytes[..end - short], &[0xFF, 0xD9]].concat())
        .chain([1, 7, 60].iter().map(|&more| [&bytes[..end], &vec![0x5A; more], &[0xFF, 0xD9]].concat()))
        .chain([bytes[..end].to_vec(), [bytes, b" and a film"].concat()])
        .collect();
    for at in places {
        files.push([&bytes[..at], &bytes[at + 512..]].concat());
        files.push([&bytes[..at], &[0; 512], &bytes[at + 512..]].concat());
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 0x10;
        files.push(flipped);
    }
    for place in [begin - 60, begin - 200, 30, 160] {
        let mut header = bytes.to_vec();
        header[place] ^= 0x55;
        files.push(header);
    }
    files
}

#[test]
fn damage_is_told_as_when_all_pixels_are_decoded() {
    let mut refused = 0;
    for (number, file) in
        ["420", "restarts_in_rows", "grey"].iter().flat_map(|name| damaged(&bytes(name))).enumerate()
    {
        match (read(&file), read_at_once(&file)) {
            (Ok(late), Ok(at_once)) => {
                assert_eq!(late.warnings, at_once.warnings, "file {number}");
                assert!(late.rgb() == at_once.rgb(), "file {number}");
            }
            (Err(late), Err(at_once)) => {
                assert_eq!(late.kind.message().to_string(), at_once.kind.message().to_string(), "file {number}");
                refused += 1;
            }
            (late, at_once) => panic!("file {number}: {:?} {:?}", late.err(), at_once.err()),
        }
    }
    println!("{refused} refused");
    assert!(refused > 40, "{refused}");
}

#[test]
fn segment_and_the_window_find_one_mask_and_an_overlay_has_all_pixels() {
    let place = Workplace::new();
    place.file("a.jpg", bytes("420"));
    let row = place.run("segment a.jpg --engine rten --overlay --json --out out").went_well().json();
    let mask = decode::mask_file(&place.path("out/a_mask.png"), SIZE).expect("it is a mask");
    assert_eq!(row["mask_px"], mask.area_px());
    assert!(mask.area_px() > 400_000, "the lesion was found: {}", mask.area_px());
    let overlay = decode::photo_file(&place.path("out/a_overlay.png")).expect("it is a picture");
    let photo = read_at_once(&bytes("420")).expect("it is whole");
    let differing = overlay.rgb().chunks_exact(3).zip(photo.rgb().chunks_exact(3)).filter(|(a, b)| a != b).count();
    assert!(differing < 60_000, "but for the outline: {differing}");
    let report = place.run("report a.jpg --engine rten --json").went_well().json();
    assert_eq!(report["mask_px"], row["mask_px"], "which decodes all pixels");
}
