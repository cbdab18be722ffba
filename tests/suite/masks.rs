//! How masks are found and read: whatever their values, names and frames, the same lesion or a refusal; never a quiet zero.

use std::path::Path;

use dermaloupe::decode::{self, DecodeErrorKind, MaskNote, ReferenceFrame, ReferenceMask};
use image::{DynamicImage, GrayImage, ImageBuffer, Luma, LumaA, Rgb, RgbImage, Rgba};

use crate::common::{Workplace, root};

const SIZE: [u32; 2] = [160, 120];

/// Where the lesion of the small photograph is.
fn is_lesion(x: u32, y: u32) -> bool {
    let (dx, dy) = ((f64::from(x) - 75.0) / 36.0, (f64::from(y) - 62.0) / 26.0);
    dx * dx + dy * dy <= 1.0
}

/// A small photograph at `name`: skin with a dark spot.
fn photo(place: &Workplace, name: &str) {
    let shade = |x, y| if is_lesion(x, y) { Rgb([92, 58, 46]) } else { Rgb([218, 172, 150]) };
    let image = RgbImage::from_fn(SIZE[0], SIZE[1], shade);
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("it can be encoded");
    place.file(name, bytes.into_inner());
}

fn drawn<P: image::Pixel>(background: P, lesion: P) -> ImageBuffer<P, Vec<P::Subpixel>> {
    ImageBuffer::from_fn(SIZE[0], SIZE[1], |x, y| if is_lesion(x, y) { lesion } else { background })
}

fn save(place: &Workplace, name: &str, image: impl Into<DynamicImage>) {
    let path = place.file(name, "");
    image.into().save(path).expect("it can be written");
}

/// The true mask in many encodings, each in a folder of its own.
fn encodings(place: &Workplace) -> Vec<&'static str> {
    save(place, "plain/a.png", drawn(Luma([0_u8]), Luma([255])));
    save(place, "labels/a.png", drawn(Luma([0_u8]), Luma([1])));
    save(place, "half/a.png", drawn(Luma([0_u8]), Luma([128])));
    save(place, "odd/a.png", drawn(Luma([100_u8]), Luma([101])));
    save(place, "wide/a.png", drawn(Luma([0_u16]), Luma([65535])));
    save(place, "wide_labels/a.png", drawn(Luma([0_u16]), Luma([1])));
    save(place, "red/a.png", drawn(Rgb([0_u8; 3]), Rgb([255, 0, 0])));
    save(place, "white_rgb/a.bmp", drawn(Rgb([0_u8; 3]), Rgb([255; 3])));
    save(place, "alpha_black/a.png", drawn(Rgba([0_u8; 4]), Rgba([0, 0, 0, 255])));
    save(place, "alpha_white/a.png", drawn(Rgba([255_u8, 255, 255, 0]), Rgba([255; 4])));
    save(place, "grey_alpha/a.png", drawn(LumaA([0_u8, 0]), LumaA([255, 255])));
    save(place, "tiff/a.tif", drawn(Luma([0_u8]), Luma([1])));
    save(place, "webp/a.webp", drawn(Rgb([0_u8; 3]), Rgb([1, 1, 1])));
    vec![
        "plain",
        "labels",
        "half",
        "odd",
        "wide",
        "wide_labels",
        "red",
        "white_rgb",
        "alpha_black",
        "alpha_white",
        "grey_alpha",
        "tiff",
        "webp",
    ]
}

#[test]
fn a_mask_in_any_encoding_is_the_same_lesion() {
    let place = Workplace::new();
    for folder in encodings(&place) {
        let file = place.path(folder).join(&place.names(folder)[0]);
        let read =
            ReferenceMask::read(&file, ReferenceFrame::upright(SIZE)).unwrap_or_else(|error| panic!("{error}"));
        let expected = (0..SIZE[1]).flat_map(|y| (0..SIZE[0]).map(move |x| u8::from(is_lesion(x, y))));
        assert!(read.mask.pixels().iter().copied().eq(expected), "{folder}");
        let is_plain = matches!(folder, "plain" | "wide" | "white_rgb" | "grey_alpha");
        assert_eq!(read.notes.is_empty(), is_plain, "{folder}: {:?}", read.notes);
    }
}

#[test]
fn evaluate_gives_one_figure_and_says_how_masks_were_read() {
    let place = Workplace::new();
    photo(&place, "photos/a.png");
    encodings(&place);
    let dice = |folder: &str| {
        let run =
            place.run(&format!("evaluate --images photos --masks {folder} --csv {folder}.csv --json")).went_well();
        let report = run.json();
        (report["mean_dice"].as_f64().expect("a figure"), report["reference_notes"].clone(), run.stderr)
    };
    let (plain, notes, stderr) = dice("plain");
    assert!(plain > 0.5, "{plain}");
    assert!(notes.is_null() && stderr.is_empty(), "{notes} {stderr}");
    for folder in ["labels", "red", "alpha_black"] {
        let (found, notes, stderr) = dice(folder);
        assert!((found - plain).abs() < 1e-12, "{folder}: {found} and {plain}");
        assert_eq!(notes[0]["masks"], 1, "{notes}");
        assert!(stderr.starts_with("dermaloupe: warning: 1 mask: the mask has "), "{stderr}");
        let csv = std::fs::read_to_string(place.path(&format!("{folder}.csv"))).expect("it was written");
        assert!(csv.contains("the mask has "), "{csv}");
    }
}

#[test]
fn report_and_export_read_masks_alike_and_say_so() {
    let place = Workplace::new();
    photo(&place, "photos/a.png");
    encodings(&place);
    let area = drawn(Luma([0_u8]), Luma([1])).iter().filter(|value| **value == 1).count();
    let run = place.run("export photos --masks labels --format coco --out a.json").went_well();
    assert!(run.stdout.contains(&format!("mask {area} px")), "{run:?}");
    assert!(run.stderr.contains("0 is read as background, 1 as lesion"), "{run:?}");
    let rows = place.run("report photos --masks labels --csv r.csv --json").went_well().json_lines();
    assert!(rows[0]["agreement"]["dice"].as_f64() > Some(0.5), "{}", rows[0]);
    assert!(rows[0]["reference_notes"][0].as_str().expect("a note").contains("0 is read as background"));
}

#[test]
fn masks_that_say_nothing_clear_are_refused_with_what_was_found() {
    let place = Workplace::new();
    photo(&place, "photos/a.png");
    let three = GrayImage::from_fn(SIZE[0], SIZE[1], |x, _| Luma([(x / 60) as u8]));
    save(&place, "labels/a.png", three);
    let colours = RgbImage::from_fn(SIZE[0], SIZE[1], |x, _| Rgb([(x / 60) as u8 * 100, 0, 7]));
    save(&place, "colours/a.png", colours);
    save(&place, "one/a.png", drawn(Luma([1_u8]), Luma([1])));
    for (folder, found) in [("labels", "(0, 1, 2)"), ("colours", "#000007"), ("one", "the value 1 everywhere")] {
        let run = place.run(&format!("evaluate --images photos --masks {folder}")).failed_on(1);
        run.says(&[found, "save it with 0 for background and 255 for lesion"], &format!("{folder}/a.png"));
    }
}

#[test]
fn empty_references_are_said_and_a_set_of_them_is_a_warning() {
    let place = Workplace::new();
    photo(&place, "photos/a.png");
    photo(&place, "photos/b.png");
    save(&place, "masks/a.png", drawn(Luma([0_u8]), Luma([0])));
    save(&place, "masks/b.png", drawn(Luma([0_u8]), Luma([0])));
    let run = place.run("evaluate --images photos --masks masks --json").went_well();
    let report = run.json();
    assert_eq!(report["reference_notes"][0]["masks"], 2, "{report}");
    assert!(report["warning"].as_str().expect("a warning").starts_with("every reference mask is empty (2 of 2)"));
    assert!(run.stderr.contains("every reference mask is empty (2 of 2)"), "{run:?}");
    let rows = place.run("report photos/a.png --masks masks --json").went_well();
    assert!(rows.json()["reference_notes"][0].as_str().expect("a note").contains("is empty"));
    assert!(rows.stderr.contains("every reference mask is empty (1 of 1)"));
    // One that is not empty: the others are still named, but the set is no warning.
    save(&place, "masks/b.png", drawn(Luma([0_u8]), Luma([255])));
    let report = place.run("evaluate --images photos --masks masks --json").went_well().json();
    assert_eq!((&report["warning"], &report["reference_notes"][0]["masks"]), (&serde_json::Value::Null, &1.into()));
}

/// Where the pixel at `(x, y)` of the displayed photo is in the stored one of `[width, height]`, by the EXIF standard.
fn stored_at(orientation: u8, [width, height]: [u32; 2], x: u32, y: u32) -> (u32, u32) {
    match orientation {
        1 => (x, y),
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => unreachable!("there are eight"),
    }
}

#[test]
fn a_mask_as_stored_is_turned_as_its_photograph_is() {
    let place = Workplace::new();
    let stored_size = [12, 8];
    let stored = GrayImage::from_fn(12, 8, |x, y| Luma([if x < 3 + y / 2 && y < 6 { 255 } else { 0 }]));
    save(&place, "stored.png", stored.clone());
    for orientation in 1..=8_u8 {
        let path = root().join(format!("tests/fixtures/decode/exif_{orientation}.jpg"));
        let photo = decode::photo_file(&path).expect("it is committed");
        assert_eq!(photo.orientation, orientation);
        let [width, height] = photo.size();
        let expected: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| stored_at(orientation, stored_size, x, y)))
            .map(|(x, y)| u8::from(stored.get_pixel(x, y).0[0] == 255))
            .collect();
        let read = |as_stored| {
            let frame = ReferenceFrame::of(&photo, as_stored);
            ReferenceMask::read(&place.path("stored.png"), frame).expect("it fits")
        };
        assert_eq!(read(true).mask.pixels(), expected, "orientation {orientation}");
        // Without the option its size says so, or it is as displayed and that is said.
        let without = read(false);
        match orientation {
            1 => assert_eq!(without.notes, []),
            2..=4 => {
                assert_eq!(without.notes, [MaskNote::MaybeStored { orientation }]);
                assert_eq!(without.mask.pixels(), read_plain(&place.path("stored.png")));
            }
            _ => {
                assert_eq!(without.notes, [MaskNote::Stored { orientation }]);
                assert_eq!(without.mask.pixels(), expected);
            }
        }
    }
}

fn read_plain(path: &Path) -> Vec<u8> {
    decode::mask_file(path, [12, 8]).expect("it fits").pixels().to_vec()
}

#[test]
fn a_mask_as_displayed_needs_no_note_and_another_size_is_refused() {
    let place = Workplace::new();
    save(&place, "displayed.png", GrayImage::from_fn(8, 12, |x, _| Luma([if x < 3 { 255 } else { 0 }])));
    let frame = ReferenceFrame { size: [8, 12], orientation: 6, masks_as_stored: false };
    assert_eq!(ReferenceMask::read(&place.path("displayed.png"), frame).expect("it fits").notes, []);
    let as_stored = ReferenceFrame { masks_as_stored: true, ..frame };
    let error = ReferenceMask::read(&place.path("displayed.png"), as_stored).expect_err("it is as displayed");
    assert!(matches!(error.kind, DecodeErrorKind::MaskSize { mask: [8, 12], photo: [12, 8] }), "{error}");
}

#[test]
fn the_command_line_says_when_a_mask_may_be_as_stored_and_reads_it_so_on_request() {
    let place = Workplace::new();
    place.file("photos/a.jpg", std::fs::read(root().join("tests/fixtures/decode/exif_3.jpg")).expect("committed"));
    save(&place, "masks/a.png", GrayImage::from_fn(12, 8, |x, _| Luma([if x < 3 { 255 } else { 0 }])));
    let run = place.run("evaluate --images photos --masks masks").went_well();
    run.says(&["warning", "EXIF orientation 3", "is the mask as stored?", "--masks-as-stored"], "masks/a.png");
    let run = place.run("evaluate --images photos --masks masks --masks-as-stored").went_well();
    assert_eq!(run.stderr, "");
}

#[test]
fn every_data_sets_names_are_found_by_every_command() {
    let place = Workplace::new();
    photo(&place, "photos/ISIC_1.png");
    for name in ["ISIC_1_Segmentation.png", "ISIC_1_segmentation.PNG", "ISIC_1_lesion.bmp", "ISIC_1_mask.png"] {
        let folder = name.replace('.', "-");
        let mask = drawn(Luma([0_u8]), Luma([255]));
        let path = place.file(&format!("{folder}/{name}"), "");
        let format = if name.ends_with("bmp") { image::ImageFormat::Bmp } else { image::ImageFormat::Png };
        mask.save_with_format(path, format).expect("it can be written");
        let figures = place.run(&format!("evaluate --images photos --masks {folder} --json")).went_well().json();
        assert_eq!(figures["n"], 1, "{name}");
        let rows = place.run(&format!("report photos --masks {folder} --json")).went_well().json_lines();
        assert!(rows[0]["agreement"].is_object(), "{name}");
        place.run(&format!("export photos --masks {folder} --format coco --out {folder}.json")).went_well();
    }
    // Beside the photograph, as ISIC 2016 and PH2 call them; our own mask is no reference.
    for (name, is_reference) in
        [("ISIC_1_Segmentation.png", true), ("ISIC_1_lesion.bmp", true), ("ISIC_1_mask.png", false)]
    {
        photo(&place, "beside/ISIC_1.png");
        save(&place, &format!("beside/{name}"), drawn(Luma([0_u8]), Luma([255])));
        let rows = place.run("report beside --json").went_well().json_lines();
        assert_eq!((rows.len(), rows[0]["agreement"].is_object()), (1, is_reference), "{name}");
        std::fs::remove_file(place.path(&format!("beside/{name}"))).expect("it is there");
    }
}

#[test]
fn maps_among_photographs_are_no_photographs_and_a_phones_format_gets_its_line() {
    let place = Workplace::new();
    photo(&place, "folder/ISIC_1.png");
    for map in ["ISIC_1_attribute_globules.png", "ISIC_1_attribute_streaks.png", "ISIC_1_superpixels.png"] {
        save(&place, &format!("folder/{map}"), drawn(Luma([0_u8]), Luma([255])));
    }
    // The first bytes of the two formats, as ISO/IEC 14496-12 writes them.
    place.file("folder/IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    place.file("folder/IMG_2.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf");
    let run = place.run("segment folder --out out").failed_on(2);
    assert_eq!(place.names("out"), ["ISIC_1_mask.png"]);
    let run = run.says(&["HEIC", "not supported", "JPEG"], "folder/IMG_1.HEIC");
    run.says(&["AVIF", "not supported", "JPEG"], "folder/IMG_2.avif");
}

#[test]
fn a_list_of_another_program_selects_photographs() {
    let place = Workplace::new();
    photo(&place, "photos/a.png");
    photo(&place, "photos/b.png");
    save(&place, "masks/a.png", drawn(Luma([0_u8]), Luma([255])));
    for list in ["image_id;split\na;test\nb;train\n", "isic_id\tsplit\na.jpg\ttest\nb.jpg\ttrain\n"] {
        place.file("list.csv", list);
        let line = "evaluate --images photos --masks masks --list list.csv --split test --json";
        assert_eq!(place.run(line).went_well().json()["n"], 1, "{list}");
    }
}
