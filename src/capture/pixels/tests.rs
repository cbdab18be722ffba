use std::time::{Duration, Instant};

use super::*;

/// A frame of tests/fixtures/capture/make.py, with the RGB that OpenCV and Pillow make of it.
struct Vector {
    frame: Frame,
    rgb: Vec<u8>,
    reduced: Vec<u8>,
}

fn frame(format: FrameFormat, bytes: Vec<u8>) -> Frame {
    let (time, arrived) = (Duration::ZERO, Instant::now());
    Frame { number: 0, time, arrived, format, bytes: Arc::new(bytes) }
}

fn bytes(hex: &serde_json::Value) -> Vec<u8> {
    let digits = hex.as_str().expect("hexadecimal").as_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("a digit") as u8;
    digits.chunks_exact(2).map(|pair| 16 * digit(pair[0]) + digit(pair[1])).collect()
}

fn vectors() -> (Vec<Vector>, [u32; 2]) {
    let text = include_str!("../../../tests/fixtures/capture/colours.json");
    let all: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
    let pair = |value: &serde_json::Value| [0, 1].map(|axis| value[axis].as_u64().expect("a side") as u32);
    let size = pair(&all["size"]);
    let vector = |row: &serde_json::Value| {
        let is_yuyv = row["encoding"] == "yuyv";
        let colour = ColourCoding {
            matrix: if row["matrix"] == "bt709" { ColourMatrix::Bt709 } else { ColourMatrix::Bt601 },
            is_full_range: row["is_full_range"] == true,
        };
        let encoding = if is_yuyv { FrameEncoding::Yuyv } else { FrameEncoding::Nv12 };
        let stride = if is_yuyv { 2 * size[0] } else { size[0] };
        let frame = frame(FrameFormat { encoding, size, stride, colour }, bytes(&row["bytes"]));
        Vector { frame, rgb: bytes(&row["rgb"]), reduced: bytes(&row["reduced"]) }
    };
    let rows = all["frames"].as_array().expect("a list");
    (rows.iter().map(vector).collect(), pair(&all["reduced_size"]))
}

/// The largest and the mean difference.
fn differences(found: &[u8], expected: &[u8]) -> (u8, f64) {
    assert_eq!(found.len(), expected.len());
    let each = found.iter().zip(expected).map(|(one, other)| one.abs_diff(*other));
    let sum: f64 = each.clone().map(f64::from).sum();
    (each.max().unwrap_or(0), sum / found.len() as f64)
}

#[test]
fn the_whole_picture_is_that_of_opencv() {
    for Vector { frame, rgb, .. } in vectors().0 {
        let pixels = FramePixels::of(&frame).expect("it is whole");
        let (most, mean) = differences(&pixels.rgb(), &rgb);
        // The crate calculates in 16 bits, and OpenCV's own coefficients are rounded to three digits.
        assert!(most <= 2 && mean < 1.0, "{:?}: {most}, {mean}", frame.format);
    }
}

#[test]
fn the_small_picture_is_that_of_opencv_and_pillow() {
    let (vectors, to) = vectors();
    for Vector { frame, reduced, .. } in vectors {
        let pixels = FramePixels::of(&frame).expect("it is whole");
        let (most, mean) = differences(&pixels.reduced(to), &reduced);
        // Three planes are rounded before they become colours, and 8 bits of blue are worth two of them.
        assert!(most <= 3 && mean < 0.8, "{:?}: {most}, {mean}", frame.format);
    }
}

/// The same picture with its rows apart, as cameras with a DMA controller send it.
fn with_padding(frame: &Frame, padding: usize) -> Frame {
    let stride = frame.format.stride as usize;
    let rows = frame.bytes.chunks_exact(stride);
    let bytes = rows.flat_map(|row| [row, &vec![0xAA; padding][..]].concat()).collect();
    let format = FrameFormat { stride: (stride + padding) as u32, ..frame.format };
    Frame { format, bytes: Arc::new(bytes), ..frame.clone() }
}

#[test]
fn rows_with_something_behind_them_are_the_same_picture() {
    let (vectors, to) = vectors();
    for Vector { frame, .. } in vectors {
        let [plain, padded] =
            [frame.clone(), with_padding(&frame, 16)].map(|frame| FramePixels::of(&frame).expect("it is whole"));
        assert_eq!(plain.reduced(to), padded.reduced(to), "{:?}", frame.format);
        assert_eq!(plain.rgb(), padded.rgb(), "{:?}", frame.format);
    }
}

#[test]
fn three_planes_and_two_are_the_same_picture() {
    let (vectors, to) = vectors();
    for Vector { frame, .. } in vectors.iter().filter(|vector| vector.frame.format.encoding == FrameEncoding::Nv12)
    {
        let [width, height] = frame.format.size.map(|side| side as usize);
        let (bright, pairs) = frame.bytes.split_at(width * height);
        let [blue, red] = [0, 1].map(|first| pairs.iter().skip(first).step_by(2).copied().collect::<Vec<u8>>());
        let planes = self::frame(
            FrameFormat { encoding: FrameEncoding::I420, ..frame.format },
            [bright, &blue, &red].concat(),
        );
        let [two, three] = [frame, &planes].map(|frame| FramePixels::of(frame).expect("it is whole"));
        let (most, _) = differences(&two.reduced(to), &three.reduced(to));
        assert!(most <= 1, "{most}");
        let (most, _) = differences(&two.rgb(), &three.rgb());
        assert!(most <= 1, "{most}");
    }
}

#[test]
fn frames_of_odd_sizes_have_all_of_their_pixels() {
    for encoding in [FrameEncoding::Yuyv, FrameEncoding::Nv12, FrameEncoding::I420, FrameEncoding::Rgb] {
        let size = [7, 5];
        let stride = match encoding {
            FrameEncoding::Yuyv => 16,
            FrameEncoding::Rgb => 21,
            _ => 8,
        };
        let format = FrameFormat { encoding, size, stride, colour: ColourCoding::default() };
        let pixels = FramePixels::of(&frame(format, vec![128; bytes_of(&format)])).expect("it is whole");
        assert_eq!((pixels.rgb().len(), pixels.reduced([3, 3]).len()), (3 * 35, 27), "{encoding:?}");
    }
}

#[test]
fn a_frame_with_too_few_bytes_is_damaged() {
    for Vector { frame, .. } in vectors().0 {
        let mut bytes = frame.bytes.to_vec();
        bytes.pop();
        let short = Frame { bytes: Arc::new(bytes), ..frame };
        assert!(matches!(FramePixels::of(&short), Err(CaptureError::DamagedFrame { .. })));
    }
}
