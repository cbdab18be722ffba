//! Looks into a folder as a stick or a share fills and empties it.

use super::*;
use crate::app::kiosk::kept::Kept;

const SAMPLE: &[u8] = include_bytes!("../../../../assets/sample/phantom2.jpg");

/// One whose looks are bounded by files alone, whatever they take.
fn patient(folder: PathBuf) -> Lookout {
    Lookout { decoding_time: Duration::MAX, ..Lookout::new(vec![folder]) }
}

struct Stick {
    folder: tempfile::TempDir,
    lookout: Lookout,
}

impl Stick {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("usb")).unwrap();
        let lookout = patient(folder.path().join("usb"));
        Self { folder, lookout }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("usb").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Names that arrived, went, and how many are still being copied, over some looks.
    fn looks(&mut self, count: usize) -> Vec<String> {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let words = |sight: Sight| match sight {
            Sight::Arrived(version) => format!("+{}", name(&version.path)),
            Sight::Gone(version) => format!("-{}", name(&version.path)),
            Sight::ForgottenGone(numbers) => format!("forgotten -{}", numbers.len()),
            Sight::Copying(count) => format!("copying {count}"),
            Sight::LostInCopy(count) => format!("lost {count}"),
            Sight::FolderGone(path) => format!("gone {}", name(&path)),
            Sight::Unreadable { folder, .. } => format!("unreadable {}", name(&folder)),
            Sight::Readable => "readable".to_owned(),
            Sight::Panicked => "panicked".to_owned(),
        };
        let mut sights = Vec::new();
        (0..count).for_each(|_| self.lookout.look(&mut |sight| sights.push(words(sight))));
        sights
    }
}

#[test]
fn a_photograph_arrives_once_it_has_not_changed() {
    let mut stick = Stick::new();
    stick.write("DCIM/100/a.jpg", SAMPLE);
    stick.write("notes.txt", b"no photo");
    stick.write(".hidden.jpg", SAMPLE);
    assert_eq!(stick.looks(1), ["copying 1"]);
    assert_eq!(stick.looks(3), ["+a.jpg", "copying 0"]);
}

#[test]
fn a_half_copied_file_is_waited_for() {
    let mut stick = Stick::new();
    stick.write("a.jpg", b"");
    assert_eq!(stick.looks(4), ["copying 1"]);
    // A pause in the copy is longer than a look: the size alone would call it whole.
    stick.write("a.jpg", &SAMPLE[..SAMPLE.len() / 2]);
    assert!(stick.looks(5).is_empty());
    stick.write("a.jpg", SAMPLE);
    assert_eq!(stick.looks(2), ["+a.jpg", "copying 0"]);
}

#[test]
fn a_file_that_never_decodes_is_reported_in_the_end() {
    let mut stick = Stick::new();
    stick.write("a.jpg", b"no photograph at all");
    let sights = stick.looks(PATIENT_LOOKS as usize + 1);
    assert_eq!(sights, ["copying 1", "+a.jpg", "copying 0"]);
}

#[test]
fn a_stick_that_is_pulled_out_takes_its_photographs_along() {
    let mut stick = Stick::new();
    stick.write("a.jpg", SAMPLE);
    stick.write("b.jpg", SAMPLE);
    assert_eq!(stick.looks(2), ["copying 2", "+a.jpg", "+b.jpg", "copying 0"]);
    stick.write("c.jpg", &SAMPLE[..100]);
    assert_eq!(stick.looks(1), ["copying 1"]);
    std::fs::remove_dir_all(stick.folder.path().join("usb")).unwrap();
    assert_eq!(stick.looks(2), ["gone usb", "-a.jpg", "-b.jpg", "lost 1", "copying 0"]);
    // And brings them back.
    stick.write("a.jpg", SAMPLE);
    assert_eq!(stick.looks(2), ["copying 1", "+a.jpg", "copying 0"]);
}

#[test]
fn a_photograph_that_is_written_over_is_another_one() {
    let mut stick = Stick::new();
    stick.write("a.jpg", SAMPLE);
    stick.looks(2);
    stick.write("a.jpg", include_bytes!("../../../../assets/sample/phantom3.jpg"));
    assert_eq!(stick.looks(2), ["copying 1", "+a.jpg", "copying 0"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let mut stick = Stick::new();
    let outside = stick.folder.path().join("private.jpg");
    std::fs::write(&outside, SAMPLE).unwrap();
    std::os::unix::fs::symlink(&outside, stick.folder.path().join("usb/a.jpg")).unwrap();
    std::os::unix::fs::symlink(stick.folder.path(), stick.folder.path().join("usb/round")).unwrap();
    assert!(stick.looks(3).is_empty());
}

#[test]
fn a_folder_that_was_never_there_is_waited_for_in_silence() {
    Lookout::new(vec!["/nowhere".into()]).look(&mut |sight| panic!("{sight:?}"));
}

/// Files of these names, dated now.
fn stick_with_fresh(names: &[&str]) -> Stick {
    let stick = Stick::new();
    names.iter().for_each(|name| drop(stick.write(name, SAMPLE)));
    stick
}

#[test]
fn a_look_decodes_only_some_of_many_fresh_files_and_each_is_shown_at_once() {
    let names: Vec<String> = (1..=10).map(|number| format!("{number:02}.jpg")).collect();
    let mut stick = stick_with_fresh(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(stick.looks(1), ["copying 10"]);
    assert_eq!(stick.looks(1), ["+01.jpg", "+02.jpg", "+03.jpg", "+04.jpg", "copying 6"]);
    // One that needs no reading is not held up by them.
    let old = stick.write("old.jpg", SAMPLE);
    let hour = Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(old).unwrap();
    file.set_modified(std::time::SystemTime::now() - hour).unwrap();
    assert_eq!(stick.looks(1), ["copying 7", "+05.jpg", "+06.jpg", "+07.jpg", "+08.jpg", "copying 3"]);
    assert_eq!(stick.looks(1), ["+old.jpg", "copying 2", "+09.jpg", "+10.jpg", "copying 0"]);
}

#[test]
fn broken_files_hold_no_other_up() {
    let mut stick = stick_with_fresh(&["f.jpg", "g.jpg"]);
    for name in ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"] {
        stick.write(name, b"no photograph at all");
    }
    assert_eq!(stick.looks(1), ["copying 7"]);
    assert_eq!(stick.looks(2), ["+f.jpg", "+g.jpg", "copying 5"], "the broken ones wait for their turn");
}

#[test]
fn of_slow_files_one_is_decoded_in_a_look() {
    let mut stick = stick_with_fresh(&["a.jpg", "b.jpg", "c.jpg"]);
    stick.lookout.decoding_time = Duration::ZERO;
    stick.looks(1);
    assert_eq!(stick.looks(1), ["+a.jpg", "copying 2"]);
    assert_eq!(stick.looks(2), ["+b.jpg", "copying 1", "+c.jpg", "copying 0"]);
}

#[test]
fn what_was_seen_is_said_before_the_next_file_is_decoded() {
    use std::sync::Mutex;
    static STEPS: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let note = |step: String| STEPS.lock().unwrap().push(step);
    let mut stick = stick_with_fresh(&["a.jpg", "b.jpg"]);
    stick.lookout.decodes = |path| {
        STEPS.lock().unwrap().push(format!("decodes {}", path.file_name().unwrap().to_string_lossy()));
        true
    };
    for _ in 0..2 {
        stick.lookout.look(&mut |sight| {
            if let Sight::Arrived(version) = sight {
                note(format!("says {}", version.path.file_name().unwrap().to_string_lossy()));
            }
        });
    }
    assert_eq!(*STEPS.lock().unwrap(), ["decodes a.jpg", "says a.jpg", "decodes b.jpg", "says b.jpg"]);
}

#[test]
fn a_forgotten_photograph_is_neither_read_nor_reported_until_it_was_taken_away() {
    let mut stick = stick_with_fresh(&["a.jpg", "b.jpg"]);
    let facts = std::fs::symlink_metadata(stick.folder.path().join("usb/a.jpg")).unwrap();
    let path = stick.folder.path().join("usb/a.jpg");
    let number =
        Kept::number_of(&Version { path: path.clone(), bytes: facts.len(), modified: facts.modified().ok() });
    let unread = Unread { forgotten: [number, 7].into(), ..Unread::default() };
    stick.lookout = patient(stick.folder.path().join("usb")).with_note(ReadingNote::default(), unread);
    assert_eq!(stick.looks(1), ["forgotten -1", "copying 1"], "the other one was gone before");
    assert_eq!(stick.looks(2), ["+b.jpg", "copying 0"]);
    assert!(!stick.lookout.known.contains_key(&path), "not even its name is kept");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(stick.looks(1), ["forgotten -1"]);
    stick.write("a.jpg", SAMPLE);
    assert_eq!(stick.looks(2), ["copying 1", "+a.jpg", "copying 0"]);
}
