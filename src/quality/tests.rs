//! Each finding on drawn photographs that have it and on one that has not, at several sizes, and on bad input.

use super::*;
use crate::photo::PhotoSource;

const SKIN: [f64; 3] = [214.0, 172.0, 150.0];
const LESION: [f64; 3] = [110.0, 74.0, 60.0];

/// A drawn photograph: skin with fine furrows, and a lesion with a crisp border in the middle.
#[derive(Clone)]
struct Drawing {
    size: [u32; 2],
    pixels: Vec<[f64; 3]>,
}

impl Drawing {
    fn plain(width: u32, height: u32) -> Self {
        let longer = f64::from(width.max(height));
        let mut drawing = Self { size: [width, height], pixels: Vec::new() };
        for y in 0..height {
            for x in 0..width {
                let [x, y] = [f64::from(x) / longer, f64::from(y) / longer];
                // Furrows in two directions that keep no distance, fine enough to be lost first by a blur.
                let waves = [(90.0, 40.0), (-35.0, 97.0), (61.0, -73.0)];
                let furrows: f64 = waves
                    .iter()
                    .map(|(across, down)| {
                        (std::f64::consts::TAU * (across * x + down * y + 2.0 * (7.0 * x * y).sin())).sin()
                    })
                    .sum();
                let [dx, dy] = [x - 0.5, y - 0.5 * f64::from(height) / longer];
                let colour = if dx.hypot(dy) < 0.16 { LESION } else { SKIN };
                drawing.pixels.push(colour.map(|level| level + 3.0 * furrows));
            }
        }
        drawing
    }

    fn longer(&self) -> f64 {
        f64::from(self.size[0].max(self.size[1]))
    }

    /// Changes each pixel; `change` gets its place in longer sides.
    fn changed(mut self, change: impl Fn([f64; 2], [f64; 3]) -> [f64; 3]) -> Self {
        let (width, longer) = (self.size[0] as usize, self.longer());
        for (index, pixel) in self.pixels.iter_mut().enumerate() {
            let place = [index % width, index / width].map(|place| (place as f64 + 0.5) / longer);
            *pixel = change(place, *pixel);
        }
        self
    }

    /// Blurred by a mean over squares, three times: nearly a normal distribution of this many longer sides.
    fn blurred(mut self, deviation: f64) -> Self {
        let radius = (deviation * self.longer()).round() as usize;
        for _ in 0..3 {
            for channel in 0..3 {
                let values: Vec<f32> = self.pixels.iter().map(|pixel| pixel[channel] as f32).collect();
                let [width, height] = self.size.map(|side| side as usize);
                let mean = crate::geometry::field_of_view::mean_filter(&values, width, height, radius);
                for (pixel, mean) in self.pixels.iter_mut().zip(mean) {
                    pixel[channel] = f64::from(mean);
                }
            }
        }
        self
    }

    /// With `count` hairs, a hundred-and-twentieth of the longer side wide.
    fn with_hair(self, count: usize) -> Self {
        self.changed(|[x, y], colour| {
            let is_hair = (0..count).any(|hair| {
                let (at, turn) = ((hair as f64 + 0.5) / count as f64, 0.4 + hair as f64 * 0.9);
                let from_line = (x - at) * turn.cos() + (y - 0.35) * turn.sin() + 0.02 * (9.0 * y).sin();
                from_line.abs() < 1.0 / 240.0
            });
            if is_hair { [52.0, 38.0, 34.0] } else { colour }
        })
    }

    fn photo(&self) -> Photo {
        let rgb = self.pixels.iter().flatten().map(|level| level.round().clamp(0.0, 255.0) as u8).collect();
        Photo::from_rgb(self.size[0], self.size[1], rgb, PhotoSource::BuiltIn("drawn"))
    }

    fn value(&self, check: QualityCheck) -> f64 {
        CaptureQuality::of(&self.photo()).value(check).expect("it is measured")
    }

    fn keys(&self) -> String {
        CaptureQuality::of(&self.photo()).keys()
    }
}

/// A small copy, one at the size of the working copy, and a larger one.
const SIZES: [[u32; 2]; 3] = [[256, 192], [300, 400], [900, 600]];

#[test]
fn a_good_photograph_has_no_findings_at_any_size() {
    for [width, height] in SIZES {
        let drawing = Drawing::plain(width, height);
        assert_eq!(drawing.keys(), "", "{width}x{height}: {:?}", CaptureQuality::of(&drawing.photo()));
        assert!(!CaptureQuality::of(&drawing.photo()).is_poor());
    }
}

/// The measures of a photograph that is made worse step by step: each at least the one before, or at most where the check
/// looks for small values. The first is no finding and the last is one.
fn assert_found(check: QualityCheck, steps: &[Drawing]) {
    let values: Vec<f64> = steps.iter().map(|step| step.value(check)).collect();
    let worse = |pair: &[f64]| if check.is_least() { pair[1] <= pair[0] } else { pair[1] >= pair[0] };
    assert!(values.windows(2).all(worse), "{check:?}: {values:?}");
    let found = |step: &Drawing| step.keys().split(' ').any(|key| key == check.key());
    assert!(!found(&steps[0]), "{check:?} at first: {values:?}");
    assert!(found(&steps[steps.len() - 1]), "{check:?} at last: {values:?}");
}

#[test]
fn blur_is_found_and_grows_with_its_width() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        let steps = [0.004, 0.008, 0.016].map(|deviation| plain.clone().blurred(deviation));
        assert_found(QualityCheck::Blurred, &[&[plain], &steps[..]].concat());
    }
}

#[test]
fn light_is_found_too_weak_and_too_strong() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        let scaled =
            |factor: f64| plain.clone().changed(|_, colour| colour.map(|level| (level * factor).min(255.0)));
        assert_found(QualityCheck::TooDark, &[1.0, 0.8, 0.6, 0.4].map(scaled));
        assert_found(QualityCheck::TooBright, &[1.0, 1.2, 1.5, 2.0].map(scaled));
    }
}

#[test]
fn reflections_are_found_and_white_skin_is_none() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        let spot = |radius: f64| {
            plain.clone().changed(
                |[x, y], colour| {
                    if (x - 0.2).hypot(y - 0.2) < radius { [253.0; 3] } else { colour }
                },
            )
        };
        assert_found(QualityCheck::Glare, &[0.0, 0.05, 0.08, 0.11].map(spot));
        let white = plain.changed(|_, colour| if colour[0] > 180.0 { [252.0; 3] } else { colour });
        assert_eq!(white.value(QualityCheck::Glare), 0.0);
    }
}

#[test]
fn hair_is_found_and_grows_with_its_number() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        assert_found(QualityCheck::Hair, &[0, 3, 7, 14].map(|count| plain.clone().with_hair(count)));
    }
}

#[test]
fn vessels_and_dots_are_no_hair() {
    let plain = Drawing::plain(512, 384);
    let skin = plain.clone().changed(|_, colour| if colour[0] < 150.0 { SKIN } else { colour });
    let red = skin.with_hair(16).changed(|_, colour| if colour[0] < 60.0 { [205.0, 90.0, 90.0] } else { colour });
    assert!(red.value(QualityCheck::Hair) < 0.01, "vessels show in green and blue");
    let dotted = plain.changed(|[x, y], colour| {
        let from_dot = (x % 0.06 - 0.03).hypot(y % 0.06 - 0.03);
        if from_dot < 0.008 { [60.0, 40.0, 36.0] } else { colour }
    });
    assert!(dotted.value(QualityCheck::Hair) < 0.02, "{}", dotted.value(QualityCheck::Hair));
}

#[test]
fn dark_corners_are_found_and_a_dark_lesion_is_none() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        let middle = [f64::from(width) / 2.0 / plain.longer(), f64::from(height) / 2.0 / plain.longer()];
        let within = |radius: f64| {
            plain.clone().changed(
                |[x, y], colour| {
                    if (x - middle[0]).hypot(y - middle[1]) < radius { colour } else { [4.0; 3] }
                },
            )
        };
        assert_found(QualityCheck::DarkCorners, &[0.7, 0.58, 0.52, 0.45].map(within));
        let black = plain.clone().changed(|_, colour| if colour[0] < 150.0 { [10.0; 3] } else { colour });
        assert_eq!(black.value(QualityCheck::DarkCorners), 0.0);
    }
}

#[test]
fn a_ruler_is_found_on_glass_and_on_tape_and_hair_is_none() {
    for [width, height] in SIZES {
        let plain = Drawing::plain(width, height);
        let glass = plain.clone().changed(|[x, y], colour| {
            let (along, across) = (x * 0.96 + y * 0.28, y * 0.96 - x * 0.28);
            let from_line = across - 0.36;
            let is_on_line = (0.15..0.65).contains(&along) && from_line.abs() < 1.0 / 220.0;
            let is_on_mark =
                (0.15..0.65).contains(&along) && (0.0..0.03).contains(&from_line) && (along % 0.04) < 0.01;
            if is_on_line || is_on_mark { [70.0, 55.0, 50.0] } else { colour }
        });
        assert!(glass.keys().contains("ruler"), "{width}x{height}: {}", glass.value(QualityCheck::Ruler));
        let tape = plain.clone().changed(|[x, y], colour| match y {
            y if y > 0.1 => colour,
            _ if x % 0.04 < 0.015 => [15.0; 3],
            _ => [235.0; 3],
        });
        assert!(tape.keys().contains("ruler"), "{width}x{height}: {}", tape.value(QualityCheck::Ruler));
        let hairy = plain.with_hair(12);
        assert!(!hairy.keys().contains("ruler"), "{width}x{height}: {}", hairy.value(QualityCheck::Ruler));
    }
}

/// A round lesion in a photograph of 400x300.
fn quality_of_lesion(centre: [f64; 2], radius: f64) -> CaptureQuality {
    let pixels = (0..400 * 300).map(|index| {
        let (x, y) = (f64::from(index % 400) + 0.5, f64::from(index / 400) + 0.5);
        u8::from((x - centre[0]).hypot(y - centre[1]) < radius)
    });
    let photo = Drawing::plain(400, 300).photo();
    CaptureQuality::of_mask(&photo, &Mask::new(400, 300, pixels.collect()))
}

#[test]
fn a_lesion_is_found_cut_and_small() {
    assert_eq!(quality_of_lesion([200.0, 150.0], 60.0).keys(), "");
    assert_eq!(quality_of_lesion([390.0, 150.0], 60.0).keys(), "lesion_cut");
    assert_eq!(quality_of_lesion([200.0, 150.0], 8.0).keys(), "lesion_small");
    let whole = quality_of_lesion([200.0, 150.0], 1000.0);
    assert!(whole.keys().contains("lesion_cut"), "a lesion that fills the photograph: {whole:?}");
    let none = quality_of_lesion([200.0, 150.0], 0.0);
    assert_eq!((none.value(QualityCheck::LesionCut), none.value(QualityCheck::LesionSmall)), (None, None));
    assert!(!none.is_poor());
}

#[test]
fn photographs_without_content_are_measured_without_harm() {
    for (size, level, keys) in [
        ([1, 1], 128, ""),
        ([1, 1], 0, "too_dark"),
        ([2, 3], 128, ""),
        ([40, 30], 128, ""),
        ([300, 1], 128, ""),
        ([1, 300], 255, "too_bright"),
        ([300, 200], 0, "too_dark"),
        ([300, 200], 255, "too_bright"),
        ([300, 200], 128, ""),
    ] {
        let [width, height] = size;
        let photo = Photo::from_rgb(
            width,
            height,
            vec![level; (width * height * 3) as usize],
            PhotoSource::BuiltIn("flat"),
        );
        let quality = CaptureQuality::of_mask(&photo, &Mask::empty(size));
        assert_eq!(quality.keys(), keys, "{size:?} of {level}: {quality:?}");
        assert_eq!(quality.value(QualityCheck::Blurred), None, "nothing is there to be sharp");
        assert!(quality.findings().all(|finding| finding.value.is_finite()));
    }
}

#[test]
fn keys_and_messages_are_those_of_rows_and_of_people() {
    let keys: Vec<&str> = QualityCheck::VARIANTS.iter().map(|check| check.key()).collect();
    let expected = "blurred too_dark too_bright glare hair dark_corners lesion_cut lesion_small ruler";
    assert_eq!(keys.join(" "), expected);
    for &check in QualityCheck::VARIANTS {
        let message = QualityFinding { check, value: 0.1234 }.message();
        for part in ["label", "advice"] {
            assert!(!message.attribute_in(crate::language::Language::English, part).is_empty(), "{check:?}");
        }
    }
    let hair = QualityFinding { check: QualityCheck::Hair, value: 0.1234 };
    assert_eq!(hair.message().to_string(), "Hair covers 12 % of the photograph.");
    let glare = QualityFinding { check: QualityCheck::Glare, value: 0.0123 };
    assert_eq!(glare.message().to_string(), "Reflections cover 1.2 % of the photograph.");
}

#[test]
fn a_row_has_the_keys_as_a_list_and_a_ruler_is_no_remark_once_the_scale_is_known() {
    let mut quality = CaptureQuality { values: [None; CHECKS] };
    quality.values[QualityCheck::Ruler as usize] = Some(0.9);
    assert_eq!(serde_json::to_string(&quality).expect("it is written"), r#"["ruler"]"#);
    assert_eq!((quality.remarks(false).count(), quality.remarks(true).count()), (1, 0));
    assert!(!quality.is_poor());
    quality.values[QualityCheck::Hair as usize] = Some(0.5);
    assert_eq!(quality.keys(), "hair ruler");
    assert!(quality.is_poor());
}
