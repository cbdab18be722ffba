//! One sheet a state: both languages and both themes, each at half the window's size; of the smallest window English in the
//! dark and Chinese in the light. A sheet is compared with the committed one; where they differ, both and their difference
//! are written beside each other.

use std::path::{Path, PathBuf};

use dermaloupe::app::Window;
use dermaloupe::app::command::action::Action;
use eframe::egui::{Color32, ColorImage};

use crate::palette;
use crate::stage::Stage;

/// A channel that differs by so much has changed: colours are rounded in committed sheets, and machines draw a mask's
/// edge a hair apart.
const CHANGED_LEVELS: u8 = 56;

/// Pixels of a sheet that may have changed: an outline that lies a pixel further, but no word and no icon.
const MOST_CHANGED: usize = 40;

/// Set to accept what is drawn now.
const ACCEPT: &str = "SNAPSHOTS_ACCEPT";

/// Set to have the pictures at their full size too, for looking at.
const FULL: &str = "SNAPSHOTS_FULL";

/// Compares the state that a window stands in, in all four dresses.
pub fn check_window(name: &str, mut stage: Stage<Window>) {
    let mut pictures = Vec::new();
    for action in [None, Some(Action::ToggleTheme), Some(Action::ToggleLanguage), Some(Action::ToggleTheme)] {
        if let Some(action) = action {
            stage.send(action);
        }
        pictures.push(stage.picture());
    }
    // English above Chinese, dark left of light.
    pictures.swap(2, 3);
    check(name, &pictures);
}

/// Compares the sheet of these four pictures of one size.
pub fn check(name: &str, pictures: &[ColorImage]) {
    if std::env::var_os(FULL).is_some() {
        for (picture, dress) in pictures.iter().zip(["en-dark", "en-light", "zh-dark", "zh-light"]) {
            save(&made(&format!("full/{name}-{dress}.png")), picture);
        }
    }
    // A state is laid out alike in all four; what does not fit shows in two.
    let shown: Vec<&ColorImage> = match pictures {
        [first, .., last] if name.ends_with("-small") => vec![first, last],
        _ => pictures.iter().collect(),
    };
    let actual = sheet(&shown);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/sheets/{name}.png"));
    if std::env::var_os(ACCEPT).is_some() {
        if std::fs::read(&committed).is_ok_and(|bytes| difference(&palette::decoded(&bytes), &actual).is_none()) {
            return;
        }
        std::fs::create_dir_all(committed.parent().expect("it has one")).expect("a folder");
        std::fs::write(&committed, palette::encoded(&actual)).expect("the sheet can be written");
        return;
    }
    let Ok(bytes) = std::fs::read(&committed) else {
        let path = made(&format!("{name}.png"));
        save(&path, &actual);
        panic!("{name} has no committed sheet; look at {}, then {HOW_TO_ACCEPT}", path.display());
    };
    let expected = palette::decoded(&bytes);
    if let Some((changed, marked)) = difference(&expected, &actual) {
        let path = made(&format!("{name}.png"));
        save(&path, &beside(&[&expected, &actual, &marked]));
        panic!(
            "{name} is drawn otherwise than it was, in {changed} pixels; expected, actual and difference: {}; if it is \
             right so, {HOW_TO_ACCEPT}",
            path.display()
        );
    }
}

const HOW_TO_ACCEPT: &str = "accept it: tests/snapshots/accept.sh";

/// Where pictures go that are not committed.
fn made(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/snapshots").join(name)
}

fn save(path: &Path, picture: &ColorImage) {
    let rgb: Vec<u8> = picture.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
    let [width, height] = picture.size.map(|side| side as u32);
    std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
    let picture = image::RgbImage::from_raw(width, height, rgb).expect("it is whole");
    picture.save(path).expect("the picture can be written");
}

/// The pictures in pairs below each other, each at half its size.
fn sheet(pictures: &[&ColorImage]) -> ColorImage {
    let halves: Vec<ColorImage> = pictures.iter().map(|picture| half(picture)).collect();
    let rows: Vec<ColorImage> = halves.chunks(2).map(|pair| beside(&pair.iter().collect::<Vec<_>>())).collect();
    let height = rows.iter().map(|row| row.size[1]).sum();
    ColorImage::new([rows[0].size[0], height], rows.into_iter().flat_map(|row| row.pixels).collect())
}

fn half(picture: &ColorImage) -> ColorImage {
    let size = picture.size.map(|side| side / 2);
    let at = |x: usize, y: usize| picture.pixels[y * picture.size[0] + x].to_array().map(u16::from);
    let pixels = (0..size[0] * size[1]).map(|index| {
        let (x, y) = (index % size[0] * 2, index / size[0] * 2);
        let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
        let [r, g, b] = [0, 1, 2].map(|part| ((four.iter().map(|one| one[part]).sum::<u16>() + 2) / 4) as u8);
        Color32::from_rgb(r, g, b)
    });
    ColorImage::new(size, pixels.collect())
}

fn beside(pictures: &[&ColorImage]) -> ColorImage {
    let height = pictures.iter().map(|picture| picture.size[1]).max().unwrap_or(0);
    let mut pixels = Vec::new();
    for y in 0..height {
        for picture in pictures {
            let width = picture.size[0];
            let row = picture.pixels.get(y * width..(y + 1) * width);
            pixels.extend(row.map_or_else(|| vec![Color32::BLACK; width], <[Color32]>::to_vec));
        }
    }
    ColorImage::new([pixels.len() / height.max(1), height], pixels)
}

/// How many pixels have changed, and where, where they are too many.
fn difference(expected: &ColorImage, actual: &ColorImage) -> Option<(usize, ColorImage)> {
    if expected.size != actual.size {
        return Some((actual.pixels.len(), actual.clone()));
    }
    let mut changed = 0;
    let pairs = expected.pixels.iter().zip(&actual.pixels);
    let marked = pairs.map(|(before, now)| {
        let has_changed = (0..3).any(|part| before[part].abs_diff(now[part]) > CHANGED_LEVELS);
        changed += usize::from(has_changed);
        if has_changed { Color32::from_rgb(255, 0, 80) } else { now.gamma_multiply(0.25) }
    });
    let marked = ColorImage::new(actual.size, marked.collect());
    (changed > MOST_CHANGED).then_some((changed, marked))
}
