//! A damaged or an older journal in the window: what it says, what is left of the correction, and that nothing is lost.

use std::path::{Path, PathBuf};

use crate::common_window::Bench;
use crate::correct::{correcting, edited, middle, paint, photo};
use dermaloupe::mask::Mask;
use egui::{Key, vec2};

/// Head of a journal of this version, and of version 1, in bytes.
const HEADS: [usize; 2] = [22, 10];

/// A photo with a correction of `strokes` strokes: its folder, its path, its journal, and the mask after each stroke.
struct Corrected {
    _folder: tempfile::TempDir,
    photo: PathBuf,
    journal: PathBuf,
    masks: Vec<Mask>,
}

impl Corrected {
    fn of(strokes: u32) -> Self {
        let (folder, photo) = photo();
        let mut bench = correcting(&photo);
        let masks = (0..strokes).map(|number| stroke(&mut bench, number)).collect();
        let sha256 = bench.state().current.photo.as_ref().expect("a photo").sha256().to_owned();
        bench.press(Key::E);
        drop(bench);
        let journal = folder.path().join(format!(".dermaloupe/masks/{sha256}.journal"));
        Self { _folder: folder, photo, journal, masks }
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.journal).expect("it is there")
    }

    /// Opens the photo with `bytes` as its journal.
    fn opened_with(&self, bytes: &[u8]) -> Bench {
        std::fs::write(&self.journal, bytes).expect("it can be written");
        Bench::open(&[&self.photo])
    }
}

/// The notice that is shown.
fn assert_says(bench: &Bench, words: &str) {
    assert!(bench.notice().contains(words), "'{words}' is not in: {}", bench.notice());
}

/// Paints a stroke apart from the others, and returns the mask after it.
fn stroke(bench: &mut Bench, number: u32) -> Mask {
    let at = middle(bench) + vec2(-330.0, -200.0 + 40.0 * number as f32);
    paint(bench, &[at, at + vec2(60.0, 10.0)]);
    edited(bench)
}

/// Goes on with what was left of two steps; that the tools were put away was lost with the rest.
fn restore(bench: &mut Bench) {
    assert_eq!(bench.state().correction.unended, Some(2));
    bench.click("Restore");
    bench.press(Key::E);
    assert!(bench.state().correction.is_on);
}

/// The places where the frames of a journal begin, and where the last one ends.
fn frames(bytes: &[u8], head: usize) -> Vec<usize> {
    let mut places = vec![head];
    while places[places.len() - 1] < bytes.len() {
        let at = places[places.len() - 1];
        let length = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        places.push(at + 8 + length as usize);
    }
    places
}

/// The journal as version 1 wrote it: without a mark, and with checksums that do not cover their place.
fn as_version_1(bytes: &[u8]) -> Vec<u8> {
    let mut first = [&bytes[..8], &[1, 0]].concat();
    for frame in frames(bytes, HEADS[0]).windows(2) {
        let (length, content) = (&bytes[frame[0]..frame[0] + 4], &bytes[frame[0] + 8..frame[1]]);
        first.extend_from_slice(length);
        first.extend(crc32fast::hash(&[length, content].concat()).to_le_bytes());
        first.extend_from_slice(content);
    }
    first
}

fn kept_aside(journal: &Path) -> Vec<u8> {
    let name = format!("{}.damaged1", journal.file_name().expect("a name").to_string_lossy());
    std::fs::read(journal.with_file_name(name)).expect("the damaged journal is kept")
}

#[test]
fn of_a_damaged_journal_the_window_says_and_shows_what_is_left_and_keeps_the_rest() {
    let corrected = Corrected::of(4);
    let mut damaged = corrected.bytes();
    // The records: which photo, its beginning, that it was opened, four strokes, that it was closed.
    let third = frames(&damaged, HEADS[0])[5];
    damaged[third + 20] ^= 1;
    let mut bench = corrected.opened_with(&damaged);
    assert!(bench.shows_part("correction journal is damaged: 2 steps can be read, and steps after that are lost"));
    assert!(bench.shows_part("check the outline"), "it says what to do");
    assert_eq!(corrected.bytes(), damaged, "looking changes nothing");
    restore(&mut bench);
    assert_eq!(edited(&bench), corrected.masks[1], "what can be read is shown");
    let after = stroke(&mut bench, 7);
    assert!(after.area_px() > corrected.masks[1].area_px());
    assert_eq!(kept_aside(&corrected.journal), damaged);
    bench.press(Key::E);
    drop(bench);
    let bench = Bench::open(&[&corrected.photo]);
    assert_eq!(bench.notice(), "", "the new journal is whole");
    assert_eq!(edited(&bench), after);
}

#[test]
fn a_journal_that_cannot_be_read_at_all_is_said_and_kept() {
    let corrected = Corrected::of(1);
    let mut damaged = corrected.bytes();
    damaged[HEADS[0] + 9] ^= 1;
    let mut bench = corrected.opened_with(&damaged);
    assert_says(&bench, "correction journal is damaged from its beginning");
    assert!(bench.state().current.edited.is_none(), "the network's mask is shown, after that was said");
    bench.press(Key::E);
    stroke(&mut bench, 7);
    assert_eq!(kept_aside(&corrected.journal), damaged);
}

#[test]
fn of_a_journal_without_a_mark_the_window_says_that_its_end_is_not_known() {
    let corrected = Corrected::of(3);
    let first = as_version_1(&corrected.bytes());
    let notice = "it cannot be checked whether their last steps are missing";
    let bench = corrected.opened_with(&first);
    assert_says(&bench, notice);
    assert_eq!(edited(&bench), corrected.masks[2]);
    drop(bench);

    // Cut after the second stroke, as nothing in it tells.
    let cut = frames(&first, HEADS[1])[5];
    let mut bench = corrected.opened_with(&first[..cut]);
    assert_says(&bench, notice);
    restore(&mut bench);
    assert_eq!(edited(&bench), corrected.masks[1]);
    let after = stroke(&mut bench, 7);
    bench.press(Key::E);
    drop(bench);
    assert_eq!(corrected.bytes()[8..10], [2, 0], "it is continued as one of this version");
    let bench = Bench::open(&[&corrected.photo]);
    assert_eq!(bench.notice(), "");
    assert_eq!(edited(&bench), after);
}
