//! What the values of a mask's file mean: which of them are lesion.
//!
//! The rule, whatever the file's kind:
//!
//! * **one value**: 0 is no lesion at all, the highest that the depth has (255, 65535) is lesion everywhere; any other is
//!   refused, because it may be either.
//! * **two values**, whatever they are: the lower is background. Of two colours the darker one is.
//! * **more grey values**, as JPEG or a reduction leaves them: lesion above 128 of 255, as the scorer of the ISIC challenge
//!   reads a mask, if they are a mask's: values at both ends, and few pixels between them. Otherwise they are refused.
//! * **more colours** are refused.
//! * **transparency** counts only where it differs between pixels: alone, if the colour is the same everywhere; with
//!   colours, if both say the same; otherwise it is refused.

use std::ops::Range;

use image::DynamicImage;

use super::error::{DecodeErrorKind, MaskFault};
use super::mask_note::MaskNote;
use crate::mask::{Mask, RowRun};

/// Levels of 255 that count as an end of the scale: JPEG moves a mask's black and white by less.
const END: u16 = 32;

/// Of 100 pixels, those between the ends that a mask's soft border may have at most.
const MOST_BETWEEN: u64 = 5;

/// Values that a refusal lists.
const LISTED: usize = 6;

/// Reads `image`'s values by the rule above.
pub(super) fn read(image: DynamicImage) -> Result<(Mask, Option<MaskNote>), DecodeErrorKind> {
    let (width, height) = (image.width(), image.height());
    let depth = if is_wide(&image) { Depth::Sixteen } else { Depth::Eight };
    let wrap = |(pixels, note): LesionPixels| (Mask::new(width, height, pixels), note);
    if let DynamicImage::ImageLuma8(grey) = image {
        return of_bytes(grey.as_raw(), [width, height]);
    }
    if let DynamicImage::ImageLuma16(grey) = image {
        return of_grey(&grey.into_raw(), depth).map(wrap);
    }
    let pixels = image.into_rgba16().into_raw();
    let colours = || pixels.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let alpha: Vec<u16> = pixels.chunks_exact(4).map(|pixel| pixel[3]).collect();
    if is_constant(alpha.iter()) {
        return of_colours(colours, depth).map(wrap);
    }
    if is_constant(colours()) {
        let (lesion, _) = of_grey(&alpha, depth)?;
        return Ok(wrap((lesion, Some(MaskNote::Transparency))));
    }
    match (of_colours(colours, depth), of_grey(&alpha, depth)) {
        (Ok(by_colour), Ok((by_alpha, _))) if by_colour.0 == by_alpha => Ok(wrap(by_colour)),
        _ => Err(refused(MaskFault::Transparency, String::new())),
    }
}

/// One byte a pixel, 1 is lesion; and how it was read, where that is not plain.
type LesionPixels = (Vec<u8>, Option<MaskNote>);

/// Bits of a sample in the file.
#[derive(Clone, Copy)]
enum Depth {
    Eight,
    Sixteen,
}

impl Depth {
    /// A value of the full 16-bit scale as the file has it.
    fn stored(self, value: u16) -> u16 {
        match self {
            Self::Eight => value / 257,
            Self::Sixteen => value,
        }
    }
}

fn is_wide(image: &DynamicImage) -> bool {
    !matches!(
        image,
        DynamicImage::ImageLuma8(_)
            | DynamicImage::ImageLumaA8(_)
            | DynamicImage::ImageRgb8(_)
            | DynamicImage::ImageRgba8(_)
    )
}

fn is_constant<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let first = values.next();
    values.all(|value| Some(&value) == first.as_ref())
}

fn refused(fault: MaskFault, found: String) -> DecodeErrorKind {
    DecodeErrorKind::MaskValues { fault, found }
}

/// Pixels that are compared with one value at once.
const AT_A_TIME: usize = 64;

/// Runs of a picture are remembered if they have as many pixels in the mean: they are two values and few runs in most masks.
const PIXELS_A_RUN: usize = 16;

/// Grey values of 8 bits, row by row, in a picture of `[width, height]`.
fn of_bytes(values: &[u8], size: [u32; 2]) -> Result<(Mask, Option<MaskNote>), DecodeErrorKind> {
    let mut counts = vec![0_u64; 1 << 16];
    let most = values.len() / PIXELS_A_RUN + 1;
    let (mut ends, mut place) = (Vec::new(), 0);
    while let Some(&value) = values.get(place) {
        let length = first_run(&values[place..]);
        counts[usize::from(value) * 257] += length as u64;
        place += length;
        if ends.len() <= most {
            ends.push(place);
        }
    }
    of_counts(&counts, Depth::Eight, |limit| {
        let limit = (limit / 257) as u8;
        if ends.len() > most {
            return Mask::new(size[0], size[1], values.iter().map(|&value| u8::from(value > limit)).collect());
        }
        let begins = std::iter::once(0).chain(ends.iter().copied());
        let lesion = begins.zip(&ends).filter(|&(begin, _)| values[begin] > limit);
        Mask::of_runs(size, row_runs(lesion.map(|(begin, &end)| begin..end), size[0] as usize))
    })
}

/// How many values from the first on are equal to it, many compared at a time.
fn first_run(values: &[u8]) -> usize {
    let Some(&first) = values.first() else { return 0 };
    let is_alike = |some: &&[u8; AT_A_TIME]| some.iter().fold(0, |others, value| others | (value ^ first)) == 0;
    let alike = AT_A_TIME * values.as_chunks().0.iter().take_while(is_alike).count();
    alike + values[alike..].iter().take_while(|&&value| value == first).count()
}

/// The runs of places, row by row, in each row of `width` pixels.
fn row_runs(places: impl Iterator<Item = Range<usize>>, width: usize) -> Vec<RowRun> {
    let mut runs: Vec<RowRun> = Vec::new();
    for Range { mut start, end } in places {
        while start < end {
            let row = start / width;
            let stop = end.min((row + 1) * width);
            let [y, from, to] = [row, start - row * width, stop - row * width].map(|place| place as u32);
            match runs.last_mut() {
                Some(last) if last.y == y && last.to == from => last.to = to,
                _ => runs.push(RowRun { y, from, to }),
            }
            start = stop;
        }
    }
    runs
}

/// Grey values on the full 16-bit scale.
fn of_grey(values: &[u16], depth: Depth) -> Result<LesionPixels, DecodeErrorKind> {
    let mut counts = vec![0_u64; 1 << 16];
    for &value in values {
        counts[usize::from(value)] += 1;
    }
    of_counts(&counts, depth, |limit| values.iter().map(|&value| u8::from(value > limit)).collect())
}

/// By how often each value is there; `above` gives the pixels above a limit.
fn of_counts<Pixels>(
    counts: &[u64],
    depth: Depth,
    above: impl Fn(u16) -> Pixels,
) -> Result<(Pixels, Option<MaskNote>), DecodeErrorKind> {
    let found: Vec<u16> = (0..=u16::MAX).filter(|&value| counts[usize::from(value)] > 0).collect();
    match found[..] {
        [0 | u16::MAX] => Ok((above(u16::MAX / 2), None)),
        [0, u16::MAX] => Ok((above(0), None)),
        [background, lesion] => {
            let note = MaskNote::TwoValues {
                background: depth.stored(background).to_string(),
                lesion: depth.stored(lesion).to_string(),
            };
            Ok((above(background), Some(note)))
        }
        [value] => Err(refused(MaskFault::OneValue, depth.stored(value).to_string())),
        _ if is_soft(&found, counts) => Ok((above(128 * 257), Some(MaskNote::Grey))),
        _ => Err(refused(MaskFault::ManyValues, listed(&found, |value| depth.stored(*value).to_string()))),
    }
}

/// Whether more than two values are those of black and white with a soft border.
fn is_soft(found: &[u16], counts: &[u64]) -> bool {
    let (Some(&least), Some(&most)) = (found.first(), found.last()) else { return false };
    let (low, high) = (END * 257, (255 - END) * 257);
    let between: u64 = counts[usize::from(low) + 1..usize::from(high)].iter().sum();
    let all: u64 = counts.iter().sum();
    least <= low && most >= high && between * 100 <= all * MOST_BETWEEN
}

/// Colours on the full 16-bit scale; grey ones are read as grey.
fn of_colours<I: Iterator<Item = [u16; 3]>>(
    pixels: impl Fn() -> I,
    depth: Depth,
) -> Result<LesionPixels, DecodeErrorKind> {
    if pixels().all(|[red, green, blue]| red == green && green == blue) {
        let grey: Vec<u16> = pixels().map(|[red, _, _]| red).collect();
        return of_grey(&grey, depth);
    }
    let mut found: Vec<[u16; 3]> = Vec::new();
    for colour in pixels() {
        if found.len() <= LISTED && !found.contains(&colour) {
            found.push(colour);
        }
    }
    found.sort_by_key(luma);
    let hex = |colour: &[u16; 3]| colour.map(|value| format!("{:02x}", value / 257)).concat();
    match found[..] {
        [background, lesion] if luma(&background) != luma(&lesion) => {
            let [from, to] = [&background, &lesion].map(|colour| format!("#{}", hex(colour)));
            let lesion = pixels().map(|colour| u8::from(colour == lesion)).collect();
            Ok((lesion, Some(MaskNote::TwoValues { background: from, lesion: to })))
        }
        _ => Err(refused(MaskFault::Colours, listed(&found, |colour| format!("#{}", hex(colour))))),
    }
}

/// Brightness by the weights of ITU-R BT.601, times 1000.
fn luma(&[red, green, blue]: &[u16; 3]) -> u64 {
    299 * u64::from(red) + 587 * u64::from(green) + 114 * u64::from(blue)
}

/// The first of what was found; an ellipsis stands for the rest.
fn listed<T>(found: &[T], show: impl Fn(&T) -> String) -> String {
    let mut listed: Vec<String> = found.iter().take(LISTED).map(show).collect();
    if found.len() > LISTED {
        listed.push("…".to_owned());
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, ImageBuffer, RgbImage, RgbaImage};

    fn grey(values: &[u8]) -> DynamicImage {
        GrayImage::from_raw(values.len() as u32, 1, values.to_vec()).unwrap().into()
    }

    fn grey16(values: &[u16]) -> DynamicImage {
        DynamicImage::ImageLuma16(ImageBuffer::from_raw(values.len() as u32, 1, values.to_vec()).unwrap())
    }

    fn colours(values: &[[u8; 3]]) -> DynamicImage {
        RgbImage::from_raw(values.len() as u32, 1, values.concat()).unwrap().into()
    }

    fn with_alpha(values: &[[u8; 4]]) -> DynamicImage {
        RgbaImage::from_raw(values.len() as u32, 1, values.concat()).unwrap().into()
    }

    fn lesion(image: DynamicImage) -> Vec<u8> {
        read(image).unwrap().0.pixels().to_vec()
    }

    fn fault(image: DynamicImage) -> (MaskFault, String) {
        match read(image) {
            Err(DecodeErrorKind::MaskValues { fault, found }) => (fault, found),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn of_two_values_the_lower_is_background_whatever_they_are() {
        for (low, high) in [(0, 255), (0, 1), (0, 128), (1, 2), (254, 255), (100, 101)] {
            assert_eq!(lesion(grey(&[low, high, low])), [0, 1, 0], "{low} and {high}");
        }
        assert_eq!(lesion(grey16(&[0, 1, 0])), [0, 1, 0]);
        assert_eq!(lesion(grey16(&[0, 255, 0])), [0, 1, 0]);
        assert_eq!(lesion(colours(&[[0; 3], [128, 0, 0], [0; 3]])), [0, 1, 0], "the darker colour is background");
        assert_eq!(lesion(colours(&[[255, 0, 0], [0, 255, 0]])), [0, 1]);
    }

    #[test]
    fn runs_over_the_ends_of_rows_and_many_short_ones_are_the_same_pixels() {
        let of = |width: u32, values: Vec<u8>| {
            let height = values.len() as u32 / width;
            let expected = Mask::from_grey(width, height, values.clone());
            let (mask, _) = read(GrayImage::from_raw(width, height, values).unwrap().into()).unwrap();
            assert_eq!(mask, expected, "{width} x {height}");
            assert_eq!(mask.pixels(), expected.pixels(), "{width} x {height}");
        };
        of(70, (0..7000).map(|place| if (150..5000).contains(&place) { 255 } else { 0 }).collect());
        of(70, (0..7000).map(|place| if place % 2 == 0 { 255 } else { 0 }).collect());
        // A soft border: lesion of two values, one beside the other.
        let soft = |place: u32| match place % 5000 {
            0..2500 => 0,
            2500..2600 => 200,
            _ => 255,
        };
        of(100, (0..10_000).map(soft).collect());
    }

    #[test]
    fn only_black_and_white_need_no_note() {
        assert_eq!(read(grey(&[0, 255])).unwrap().1, None);
        assert_eq!(read(grey16(&[0, 65535])).unwrap().1, None);
        let note = |background: &str, lesion: &str| {
            Some(MaskNote::TwoValues { background: background.into(), lesion: lesion.into() })
        };
        assert_eq!(read(grey(&[0, 1])).unwrap().1, note("0", "1"));
        assert_eq!(read(grey16(&[0, 255])).unwrap().1, note("0", "255"));
        assert_eq!(read(colours(&[[0; 3], [255, 0, 128]])).unwrap().1, note("#000000", "#ff0080"));
    }

    #[test]
    fn one_value_is_none_or_all_or_refused() {
        assert_eq!(lesion(grey(&[0, 0])), [0, 0]);
        assert_eq!(lesion(grey(&[255, 255])), [1, 1]);
        assert_eq!(lesion(grey16(&[65535, 65535])), [1, 1]);
        assert_eq!(fault(grey(&[1, 1])), (MaskFault::OneValue, "1".into()));
        assert_eq!(fault(grey16(&[255, 255])), (MaskFault::OneValue, "255".into()));
    }

    #[test]
    fn a_soft_border_is_lesion_above_128() {
        let mut values = vec![0; 60];
        values.extend([128, 129]);
        values.extend([255; 60]);
        let (mask, note) = read(grey(&values)).unwrap();
        assert_eq!((mask.area_px(), mask.is_set(60, 0), note), (61, false, Some(MaskNote::Grey)));
        // What JPEG leaves near the ends.
        assert_eq!(lesion(grey(&[0, 3, 5, 250, 255, 252])), [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn labels_maps_and_colours_are_refused_with_what_was_found() {
        assert_eq!(fault(grey(&[0, 1, 2])), (MaskFault::ManyValues, "0, 1, 2".into()));
        assert_eq!(fault(grey(&[0, 128, 255])), (MaskFault::ManyValues, "0, 128, 255".into()));
        let map: Vec<u8> = (0..=255).collect();
        assert_eq!(fault(grey(&map)), (MaskFault::ManyValues, "0, 1, 2, 3, 4, 5, …".into()));
        let three = [[0; 3], [255, 0, 0], [0, 255, 0]];
        assert_eq!(fault(colours(&three)), (MaskFault::Colours, "#000000, #ff0000, #00ff00".into()));
    }

    #[test]
    fn transparency_is_read_where_it_says_something() {
        let (black, white) = ([0, 0, 0, 255], [255; 4]);
        assert_eq!(lesion(with_alpha(&[black, white])), [0, 1], "the same everywhere: not read");
        let (mask, note) = read(with_alpha(&[[0; 4], black])).unwrap();
        assert_eq!((mask.pixels(), note), (&[0, 1][..], Some(MaskNote::Transparency)));
        assert_eq!(lesion(with_alpha(&[[255, 255, 255, 0], white])), [0, 1]);
        assert_eq!(lesion(with_alpha(&[[0; 4], white])), [0, 1], "both say the same");
        assert_eq!(fault(with_alpha(&[[255, 255, 255, 0], black])).0, MaskFault::Transparency);
    }
}
