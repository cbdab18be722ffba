//! Embedded colour profiles as LittleCMS shows them, and stored pixels for everything else.

use std::path::{Path, PathBuf};

use dermaloupe::decode;
use dermaloupe::display::{Profile, ProfileFault};
use dermaloupe::inference::{InputForm, Model, preprocess};
use dermaloupe::measure::colours::ColourShares;
use dermaloupe::measure::lesion::Lesion;
use dermaloupe::measure::shape::Shape;
use dermaloupe::photo::{EmbeddedProfile, Photo};

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/display").join(name)
}

fn photo(name: &str) -> Photo {
    decode::photo_file(&fixture(name)).unwrap()
}

fn profile(name: &str) -> Profile {
    Profile::of(&photo(name).profile)
}

/// Levels that colours may differ from LittleCMS's at most; half of them do not differ at all. Both round, and near black
/// and at the edge of sRGB, where a table's steps are coarse, each reads between them in its own way.
const TOLERANCE: [(&str, u8); 4] = [("display_p3", 1), ("adobe_rgb", 1), ("swapped", 1), ("table", 5)];

#[test]
fn embedded_profiles_are_shown_as_littlecms_shows_them() {
    for (name, tolerance) in TOLERANCE {
        let photo = photo(&format!("{name}.png"));
        let profile = Profile::of(&photo.profile);
        let mut shown = photo.rgb().to_vec();
        profile.to_srgb().unwrap_or_else(|| panic!("{name} is used: {profile:?}")).apply(&mut shown);
        let expected = decode::photo_file(&fixture(&format!("shown_{name}.png"))).unwrap();
        assert_ne!(expected.rgb(), photo.rgb(), "{name} moves colours");
        let mut off: Vec<u8> =
            shown.iter().zip(expected.rgb()).map(|(found, expected)| found.abs_diff(*expected)).collect();
        off.sort_unstable();
        let [median, most] = [off[off.len() / 2], off[off.len() - 1]];
        assert!(median == 0 && most <= tolerance, "{name}: {median} levels off in the middle, {most} at most");
    }
}

#[test]
fn a_profile_is_found_in_every_kind_of_file_and_in_pieces() {
    let whole = photo("display_p3.png").profile;
    assert!(matches!(&whole, EmbeddedProfile::Bytes(_)));
    for name in ["display_p3.jpg", "display_p3.tif", "display_p3.webp", "pieces.jpg"] {
        assert!(photo(name).profile == whole, "{name}");
    }
    assert_eq!(photo("stored.png").profile, EmbeddedProfile::None);
}

#[test]
fn profiles_say_their_names() {
    for (file, expected) in [("display_p3.jpg", "Display P3"), ("adobe_rgb.png", "Adobe RGB (1998)")] {
        assert!(matches!(profile(file), Profile::Applied { name, .. } if name == expected), "{file}");
    }
    assert!(matches!(profile("srgb.png"), Profile::Srgb { name } if name.contains("sRGB")));
}

#[test]
fn a_profile_that_is_of_no_use_is_refused_with_its_reason() {
    let fault = |name: &str| match profile(name) {
        Profile::Refused(fault) => fault,
        other => panic!("{name}: {other:?}"),
    };
    for name in ["garbage.png", "cut.png", "missing_piece.jpg"] {
        assert!(matches!(fault(name), ProfileFault::Damaged { .. }), "{name}: {}", fault(name));
    }
    assert_eq!(fault("cmyk.png"), ProfileFault::NotRgb { space: "CMYK".into() });
    assert_eq!(fault("grey.png"), ProfileFault::NotRgb { space: "GRAY".into() });
    assert_eq!(fault("inverted.png"), ProfileFault::Absurd);
    assert_eq!(fault("large.png"), ProfileFault::TooLarge);
    assert_eq!(photo("large.png").profile, EmbeddedProfile::TooLarge, "its bytes are let go of");
}

#[test]
fn a_png_whose_profile_cannot_be_inflated_says_so() {
    let mut bytes = std::fs::read(fixture("display_p3.png")).unwrap();
    let at = bytes.windows(4).position(|name| name == b"iCCP").unwrap();
    let length = u32::from_be_bytes(bytes[at - 4..at].try_into().unwrap()) as usize;
    bytes[at + 60..at + 4 + length].fill(0x55);
    let sum = crc32fast::hash(&bytes[at..at + 4 + length]);
    bytes[at + 4 + length..at + 8 + length].copy_from_slice(&sum.to_be_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.png");
    std::fs::write(&path, bytes).unwrap();
    let photo = decode::photo_file(&path).unwrap();
    assert_eq!(photo.profile, EmbeddedProfile::Broken);
    assert_eq!(photo.rgb(), self::photo("stored.png").rgb());
}

#[test]
fn a_tiffs_profile_that_lies_beyond_its_end_says_so() {
    let mut bytes = std::fs::read(fixture("display_p3.tif")).unwrap();
    // The entry of tag 34675, little-endian: its type, its length, where it lies.
    let at = bytes.windows(4).position(|entry| entry == [0x73, 0x87, 7, 0]).unwrap();
    let mut read_with = |place: usize, value: u32| {
        bytes[at + place..at + place + 4].copy_from_slice(&value.to_le_bytes());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wrong.tif");
        std::fs::write(&path, &bytes).unwrap();
        let photo = decode::photo_file(&path).unwrap();
        assert_eq!(photo.rgb(), self::photo("stored.png").rgb());
        photo.profile
    };
    assert_eq!(read_with(8, 0x7FFF_0000), EmbeddedProfile::Broken);
    assert_eq!(read_with(4, 0x7FFF_0000), EmbeddedProfile::TooLarge);
}

/// Every byte of a profile wrong in turn, and the profile cut at every length: whatever that gives, it is an answer.
#[test]
fn no_damage_to_a_profile_brings_the_program_down() {
    for name in ["display_p3.png", "adobe_rgb.png"] {
        let file = photo(name);
        let EmbeddedProfile::Bytes(whole) = &file.profile else { panic!("it is embedded") };
        let mut answers = [0; 2];
        let mut ask = |bytes: Vec<u8>| {
            let profile = Profile::of(&EmbeddedProfile::Bytes(bytes));
            if let Some(to_srgb) = profile.to_srgb() {
                to_srgb.apply(&mut [0, 1, 2, 253, 254, 255]);
            }
            answers[usize::from(matches!(profile, Profile::Refused(_)))] += 1;
        };
        for at in 0..whole.len() {
            ask(whole[..at].to_vec());
            for wrong in [0x00, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = wrong;
                ask(bytes);
            }
        }
        assert!(answers.iter().all(|&count| count > whole.len() / 4), "{name}: {answers:?}");
    }
}

#[test]
fn networks_and_measures_are_given_the_stored_pixels_with_a_profile_or_without() {
    let stored = photo("stored.png");
    let card = Model::built_in().unwrap().card.clone();
    let tensor = |photo: &Photo| preprocess::prepare(photo, &card, InputForm::Normalised).values().to_vec();
    let [width, height] = stored.size();
    let mask = dermaloupe::mask::Mask::from_grey(width, height, vec![255; stored.rgb().len() / 3]);
    let lesion = Lesion::largest_of(&mask).unwrap();
    let colours = |photo: &Photo| format!("{:?}", ColourShares::of(photo, &lesion, &Shape::of(&lesion)));
    for name in ["display_p3.png", "adobe_rgb.png", "swapped.png", "table.png", "garbage.png", "inverted.png"] {
        let photo = photo(name);
        assert_eq!(photo.rgb(), stored.rgb(), "{name}");
        assert_eq!(tensor(&photo), tensor(&stored), "{name}");
        assert_eq!(colours(&photo), colours(&stored), "{name}");
        assert_eq!(photo.sha256(), decode::sha256_hex(&std::fs::read(fixture(name)).unwrap()), "{name}");
    }
}
