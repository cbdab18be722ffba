//! Decoding against Pillow, pixel by pixel, for every kind of file that photographs come in.

use std::path::PathBuf;

use dermaloupe::decode;
use dermaloupe::photo::PhotoWarning;
use serde_json::Value;

/// Levels of 255 by which two JPEG or WebP decoders may differ: both round their transforms.
const LOSSY_LEVELS: u8 = 4;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decode")
}

/// What Pillow reads from each file.
fn pixels() -> serde_json::Map<String, Value> {
    let json = std::fs::read(folder().join("pixels.json")).expect("the fixtures are committed");
    serde_json::from_slice(&json).expect("pixels.json is an object")
}

/// Checks the files whose name passes `which`, and answers how many there were.
fn check(tolerance: u8, which: impl Fn(&str) -> bool) -> usize {
    let pixels = pixels();
    let chosen: Vec<_> = pixels.iter().filter(|(name, _)| which(name)).collect();
    for (name, expected) in &chosen {
        let photo = decode::photo_file(&folder().join(name)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Value::from(photo.width()), expected["width"], "{name}");
        assert_eq!(Value::from(photo.height()), expected["height"], "{name}");
        let expected: Vec<u8> = serde_json::from_value(expected["rgb"].clone()).expect("levels of 0 to 255");
        let worst = photo.rgb().iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max();
        assert_eq!(photo.rgb().len(), expected.len(), "{name}");
        assert!(worst <= Some(tolerance), "{name} differs by {worst:?} levels");
    }
    chosen.len()
}

fn is_lossy(name: &str) -> bool {
    (name.ends_with(".jpg") && name != "png_called.jpg") || ["lossy.webp", "jpeg_inside.tif"].contains(&name)
}

#[test]
fn lossless_files_are_read_exactly() {
    assert!(check(0, |name| !is_lossy(name)) >= 18);
}

#[test]
fn jpeg_and_lossy_webp_are_read_as_pillow_does() {
    assert!(check(LOSSY_LEVELS, |name| is_lossy(name) && !name.starts_with("exif_")) >= 16);
}

#[test]
fn jpegs_with_a_scan_for_each_component_are_read_at_every_subsampling() {
    assert_eq!(check(LOSSY_LEVELS, |name| name.starts_with("scans_")), 8);
}

#[test]
fn kinds_that_would_become_another_picture_are_refused_by_name() {
    let kinds = [
        ("arithmetic.jpg", "arithmetic coding"),
        ("lossless.jpg", "lossless coding"),
        ("twelve_bits.jpg", "12 bits a sample"),
        ("jpeg_ls.jpg", "JPEG-LS"),
        ("fine_colour.jpg", "colour at a higher resolution than brightness"),
        ("unused_bits.tif", "reach only 240 of 65535"),
        ("unused_bits_rgb.tif", "reach only 3840 of 65535"),
        ("unused_bits.png", "reach only 210 of 65535"),
        ("uint32.tif", "32 bits a sample"),
        ("uint32_without_format.tif", "32 bits a sample"),
        ("signed.tif", "signed samples of 16 bits"),
        ("float_255.tif", "floating-point samples from 40 to 240 instead of 0 to 1"),
        ("float_nan.tif", "floating-point samples that are not numbers"),
        ("float_grey.tif", "grey floating-point samples of 32 bits"),
        ("float64.tif", "RGB floating-point samples of 64 bits"),
        ("palette.tif", "a colour palette"),
        ("lab.tif", "Lab colours"),
        ("ycbcr.tif", "YCbCr colours"),
        ("reduced.tif", "a reduced copy"),
        ("raw.tif", "a raw photograph (DNG)"),
        ("premultiplied.tif", "colours premultiplied by transparency"),
    ];
    let refused = folder().join("refused");
    assert_eq!(std::fs::read_dir(&refused).expect("it is committed").count(), kinds.len());
    for (name, words) in kinds {
        let error = decode::photo_file(&refused.join(name)).expect_err(name).to_string();
        assert!(error.contains(words), "{name}: {error}");
        assert!(error.contains("save it "), "{name} says what to do: {error}");
        assert!(error.ends_with(name), "{error}");
    }
}

#[test]
fn a_stated_white_is_white_and_a_dark_photograph_of_16_bits_is_a_warning() {
    let warnings = |name: &str| decode::photo_file(&folder().join(name)).expect("it is read").warnings;
    assert_eq!(warnings("white_of_14_bits.tif"), []);
    assert_eq!(warnings("rgb_16_bit.tif"), []);
    let dark = warnings("values_of_14_bits.tif");
    assert_eq!(dark, [PhotoWarning::UnusedBits { largest: 15_419 }]);
    assert!(dark[0].message().to_string().contains("reach only 15419 of 65535"), "{}", dark[0].message());
}

#[test]
fn every_exif_orientation_is_turned_upright() {
    assert_eq!(check(LOSSY_LEVELS, |name| name.starts_with("exif_") && name.ends_with(".jpg")), 8);
}

#[test]
fn a_film_behind_the_picture_does_no_harm() {
    // Phones put a short film behind a photograph; its bytes may look like the start of another scan.
    let mut bytes = std::fs::read(folder().join("subsampled.jpg")).expect("the fixtures are committed");
    bytes.extend_from_slice(b"\0\0\0\x18ftypmp42\xFF\xD9 .. \xFF\xDA ..");
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("it can be written");
    assert_eq!(decode::photo_file(file.path()).map(|photo| photo.size()).expect("it decodes"), [12, 8]);
}

#[test]
fn a_jpeg_cut_anywhere_is_refused() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    for name in ["subsampled.jpg", "progressive.jpg", "restarts.jpg", "grey.jpg", "cmyk.jpg", "exif_6.jpg"] {
        let bytes = std::fs::read(folder().join(name)).expect("the fixtures are committed");
        for length in 0..bytes.len() {
            std::fs::write(file.path(), &bytes[..length]).expect("it can be written");
            assert!(decode::photo_file(file.path()).is_err(), "{name} cut to {length} of {} bytes", bytes.len());
        }
    }
}

#[test]
fn other_formats_cut_in_half_are_refused() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let names =
        ["rgb.png", "alpha.png", "palette.png", "plain.tif", "lzw.tif", "plain.bmp", "lossless.webp", "lossy.webp"];
    for name in names {
        let bytes = std::fs::read(folder().join(name)).expect("the fixtures are committed");
        std::fs::write(file.path(), &bytes[..bytes.len() / 2]).expect("it can be written");
        assert!(decode::photo_file(file.path()).is_err(), "{name}");
    }
}
