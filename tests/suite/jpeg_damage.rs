//! JPEGs whose coded data end early or are damaged, though their markers are in order.

use std::path::PathBuf;

use dermaloupe::decode::{self, DecodeError, DecodeErrorKind};
use dermaloupe::photo::{Photo, PhotoWarning};

use crate::common::{Workplace, phantom_jpeg, root};

const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];

/// A small picture of `tests/fixtures/decode`.
fn small(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/fixtures/decode").join(name)).expect("it is committed")
}

fn decoded(bytes: &[u8]) -> Result<Photo, DecodeError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("it can be written");
    decode::photo_file(file.path())
}

/// The place of a marker.
fn place_of(bytes: &[u8], marker: u8) -> usize {
    bytes.windows(2).position(|pair| pair == [0xFF, marker]).expect("it has one")
}

/// Where the coded data of the first scan begin.
fn first_data(bytes: &[u8]) -> usize {
    let scan = place_of(bytes, 0xDA);
    scan + 2 + usize::from(u16::from_be_bytes([bytes[scan + 2], bytes[scan + 3]]))
}

/// The bytes with the frame's height doubled.
fn twice_as_high(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let is_frame = |pair: &[u8]| pair[0] == 0xFF && matches!(pair[1], 0xC0 | 0xC2);
    let frame = bytes.windows(2).position(is_frame).expect("it has a frame");
    let height = u16::from_be_bytes([bytes[frame + 5], bytes[frame + 6]]) * 2;
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes
}

#[test]
fn data_that_end_early_are_refused_though_the_end_of_the_image_is_marked() {
    let names = [
        "subsampled.jpg",
        "progressive.jpg",
        "restarts.jpg",
        "grey.jpg",
        "cmyk.jpg",
        "scans_420.jpg",
        "scans_422_restarts.jpg",
    ];
    for name in names {
        let bytes = small(name);
        // The last bits before the end may be filling.
        for length in first_data(&bytes)..bytes.len() - 4 {
            // Half of a stuffed pair would be another marker.
            if bytes[length - 1] == 0xFF {
                continue;
            }
            let cut = [&bytes[..length], &END_OF_IMAGE].concat();
            assert!(decoded(&cut).is_err(), "{name} cut to {length} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn a_large_photograph_that_ends_early_is_refused_in_words() {
    let bytes = phantom_jpeg();
    for share in [10, 20, 50, 80, 99] {
        let cut = [&bytes[..bytes.len() * share / 100], &END_OF_IMAGE].concat();
        let error = decoded(&cut).expect_err("it ends early");
        assert!(matches!(error.kind, DecodeErrorKind::CutShort { .. }), "{share} %: {error}");
    }
}

#[test]
fn a_header_that_promises_more_rows_than_there_are_is_refused() {
    for name in ["progressive.jpg", "restarts.jpg", "grey.jpg", "scans_444.jpg", "scans_420.jpg"] {
        assert!(decoded(&twice_as_high(&small(name))).is_err(), "{name}");
    }
    let error = decoded(&twice_as_high(&phantom_jpeg())).expect_err("it is half as high");
    assert!(matches!(error.kind, DecodeErrorKind::CutShort { .. }), "{error}");
}

#[test]
fn data_that_are_left_over_and_restarts_out_of_order_are_warnings() {
    let bytes = small("subsampled.jpg");
    let end = bytes.len() - 2;
    let more = [&bytes[..end], &[0x5A; 60], &END_OF_IMAGE].concat();
    let warnings = decoded(&more).expect("the picture is whole").warnings;
    assert!(matches!(warnings[..], [PhotoWarning::DataLeftOver { bytes: 40..=60 }]), "{warnings:?}");
    let mut bytes = small("restarts.jpg");
    let restart = place_of(&bytes, 0xD0);
    bytes[restart + 1] = 0xD3;
    assert_eq!(decoded(&bytes).expect("the picture is whole").warnings, [PhotoWarning::RestartOrder]);
    for name in ["subsampled.jpg", "progressive.jpg", "restarts.jpg", "stray_bytes.jpg", "scans_420.jpg"] {
        assert_eq!(decoded(&small(name)).expect("it is whole").warnings, [], "{name}");
    }
}

#[test]
fn what_is_behind_the_end_of_the_image_does_not_count() {
    let bytes = small("progressive.jpg");
    let with_film = [&bytes[..], b"\xFF\xDA\xFF\xC2 and a film \xFF\xD9"].concat();
    assert_eq!(decoded(&with_film).expect("it is whole").warnings, []);
}

/// Damage to the middle of a file: what is cut out, filled with zeros or with noise.
fn damaged(bytes: &[u8], at: usize, kind: usize) -> Vec<u8> {
    let (before, rest) = bytes.split_at(at);
    match kind {
        0 => [before, &rest[4096..]].concat(),
        1 => [before, &rest[512..]].concat(),
        2 => [before, &[0; 4096], &rest[4096..]].concat(),
        _ => {
            let noise = (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8);
            [before, &noise.collect::<Vec<u8>>(), &rest[4096..]].concat()
        }
    }
}

#[test]
fn damage_in_the_middle_is_told_nearly_always() {
    let bytes = phantom_jpeg();
    let begin = first_data(&bytes);
    let places: Vec<usize> = (0..6).map(|part| begin + (bytes.len() - begin - 5000) * part / 6 + 37).collect();
    let told = places
        .iter()
        .flat_map(|&at| (0..4).map(move |kind| (at, kind)))
        .filter(|&(at, kind)| decoded(&damaged(&bytes, at, kind)).is_ok_and(|photo| photo.warnings.is_empty()));
    assert_eq!(told.count(), 0, "of 24 none is silent");
}

#[test]
fn a_suspicious_photograph_is_segmented_with_a_warning_in_its_row() {
    let place = Workplace::new();
    let bytes = phantom_jpeg();
    place.file("a.jpg", [&bytes[..bytes.len() - 2], &[0x5A; 60], &END_OF_IMAGE].concat());
    place.file("b.jpg", twice_as_high(&bytes));
    let run = place.run("segment a.jpg b.jpg --out out --json").failed_on(2);
    let rows = run.json_lines();
    let warning = rows[0]["photo_warnings"][0].as_str().expect("a warning");
    assert!(warning.contains("may be damaged"), "{warning}");
    assert!(rows[1]["error"].as_str().expect("an error").contains("the end of the picture is missing"));
    run.says(&["warning", "may be damaged"], "a.jpg").says(&["the end of the picture is missing"], "b.jpg");
    assert_eq!(place.names("out"), ["a_mask.png"]);
}

/// Every photograph at hand: none of them is refused or suspected.
#[test]
#[ignore = "reads thousands of photographs: cargo test --release --test suite whole_photographs -- --ignored"]
fn no_whole_photograph_is_refused_or_suspected() {
    let Some(data) = crate::common::real_photographs() else { return };
    let folders = ["isic2017/images", "originals", "ham10000/images", "isic2018_512/images"];
    let files =
        folders.iter().flat_map(|folder| std::fs::read_dir(data.join(folder)).into_iter().flatten().flatten());
    let photos: Vec<PathBuf> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jpg"))
        .collect();
    assert!(photos.len() > 9000, "{}", photos.len());
    for path in &photos {
        let photo = decode::photo_file(path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(photo.warnings, [], "{}", path.display());
    }
}
