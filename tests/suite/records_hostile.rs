//! Folders of strangers: whatever lies under the names of records, nothing outside is written, nothing waits, and it is
//! said.

use std::os::unix::fs::symlink;

use crate::common::{Workplace, pipe};
use dermaloupe::records::{Home, RecordsError};

/// A folder `photos` with a photo, and an empty `victim` that must stay as it is.
fn folder() -> Workplace {
    let place = Workplace::new();
    place.phantom("photos/$(touch${IFS}PWNED).jpg");
    std::fs::create_dir_all(place.path("photos/.dermaloupe/masks")).unwrap();
    place.file("victim/bashrc", "export A=1\n");
    place
}

fn link(place: &Workplace, target: &str, name: &str) {
    let path = place.path(&format!("photos/.dermaloupe/{name}"));
    std::fs::remove_file(&path).ok();
    std::fs::remove_dir_all(&path).ok();
    symlink(place.path(target), path).unwrap();
}

fn assert_victim_is_untouched(place: &Workplace) {
    assert_eq!(place.names("victim"), ["bashrc"]);
    assert_eq!(std::fs::read_to_string(place.path("victim/bashrc")).unwrap(), "export A=1\n");
}

/// What a report and an export say; both have not gone well.
fn is_refused(place: &Workplace, words: &[&str], path: &str) {
    for line in [
        "report photos --engine rten --csv r.csv",
        "export photos --engine rten --format labelme --out annotations",
    ] {
        std::fs::remove_dir_all(place.path("annotations")).ok();
        let run = place.run(line);
        assert_eq!(run.code, Some(1), "{line}: {run:?}");
        run.says(words, path);
        assert_victim_is_untouched(place);
    }
}

#[test]
fn links_among_records_are_not_followed_and_nothing_outside_is_written() {
    for name in ["audit.jsonl", "lock", "format.json", "records.json", "masks"] {
        let place = folder();
        link(&place, "victim/bashrc", name);
        let path = format!("photos/.dermaloupe/{name}");
        let (words, path) = if name == "records.json" || name == "masks" {
            (vec!["link"], "")
        } else {
            (vec!["link"], path.as_str())
        };
        is_refused(&place, &words, path);
        assert!(place.path("photos/.dermaloupe").join(name).symlink_metadata().unwrap().is_symlink());
    }
}

#[test]
fn a_dangling_link_makes_no_file() {
    for name in ["audit.jsonl", "lock"] {
        let place = folder();
        link(&place, "victim/new", name);
        is_refused(&place, &["link"], &format!("photos/.dermaloupe/{name}"));
    }
}

#[test]
fn a_records_folder_that_is_a_link_is_refused() {
    let place = folder();
    std::fs::remove_dir_all(place.path("photos/.dermaloupe")).unwrap();
    symlink(place.path("victim"), place.path("photos/.dermaloupe")).unwrap();
    is_refused(&place, &["link"], "photos/.dermaloupe");
    let error = Home::of_folder(&place.path("photos"), None).open().unwrap_err();
    assert!(matches!(error, RecordsError::Read(_)), "{error}");
}

/// An older list is copied aside before it is converted: under a name that a link has already, it went where that led.
#[test]
fn a_copy_that_is_set_aside_is_not_led_elsewhere() {
    let place = folder();
    let old = include_str!("../../src/records/fixtures/version-0.json");
    place.file("photos/.dermaloupe/records.json", old);
    link(&place, "victim/new.json", "records.json.version-0");
    place.run("report photos --engine rten --csv r.csv").went_well();
    assert_victim_is_untouched(&place);
    let kept = std::fs::read_to_string(place.path("photos/.dermaloupe/records.json.version-0-2")).unwrap();
    assert_eq!(kept, old);
}

#[test]
fn a_journal_that_is_a_link_is_refused_in_words() {
    let place = folder();
    let photo = std::fs::read(place.path("photos/$(touch${IFS}PWNED).jpg")).unwrap();
    let journal = format!("masks/{}.journal", dermaloupe::decode::sha256_hex(&photo));
    for target in ["/dev/zero", "/nowhere"] {
        let path = place.path(&format!("photos/.dermaloupe/{journal}"));
        std::fs::remove_file(&path).ok();
        symlink(target, path).unwrap();
        let run = place.run("report photos --engine rten").failed_on(1);
        run.says(&["link", "--network-only"], ".journal");
    }
}

/// Nobody writes to these pipes: a program that opens one without looking waits for ever.
#[test]
fn pipes_and_devices_under_the_names_of_records_are_refused_at_once() {
    for name in ["records.json", "format.json", "audit.jsonl", "lock"] {
        let place = folder();
        pipe(&place.path(&format!("photos/.dermaloupe/{name}")));
        is_refused(&place, &["pipe"], &format!(".dermaloupe/{name}"));
    }
}
