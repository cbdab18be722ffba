//! What is opened and what is not.

use super::*;
use crate::files::{read, write};

fn fault(path: &Path, kind: FileKind) -> String {
    let error = read(path, kind).expect_err("it is refused");
    let said = error.to_string();
    assert!(said.ends_with(&path.display().to_string()), "{said}");
    said
}

#[test]
fn a_file_is_read_and_one_that_is_missing_is_said_to_be_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    assert!(read(&path, FileKind::Card).expect_err("there is none").is_not_there());
    std::fs::write(&path, "content").expect("written");
    assert_eq!(read(&path, FileKind::Card).expect("read"), b"content");
    assert!(fault(folder.path(), FileKind::Card).contains("folder"));
}

#[test]
fn a_file_that_is_larger_than_its_kind_is_refused_by_its_length() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    let file = File::create(&path).expect("made");
    for &kind in <FileKind as strum::VariantArray>::VARIANTS {
        let most = kind.max_bytes();
        file.set_len(most + 1).expect("sparse");
        let said = fault(&path, kind);
        assert!(said.contains(&(most + 1).to_string()) && said.contains(&most.to_string()), "{said}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn pipes_and_devices_are_refused_by_name_without_waiting_for_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo runs").success());
        symlink("/dev/zero", at("zero")).expect("a link");
        symlink(at("pipe"), at("to-pipe")).expect("a link");
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("bound");
        for (name, word) in [("pipe", "pipe"), ("to-pipe", "pipe"), ("zero", "device"), ("socket", "socket")] {
            assert!(fault(&at(name), FileKind::Card).contains(word), "{name}");
            for opened in
                [open_for_appending(&at(name), FileKind::Card), open_for_changing(&at(name), FileKind::Card)]
            {
                assert!(opened.expect_err("refused").to_string().contains(word), "{name}");
            }
        }
    }

    #[test]
    fn a_link_is_followed_to_a_card_and_not_to_a_list_of_records() {
        let folder = tempfile::tempdir().expect("a folder");
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        std::fs::write(&file, "content").expect("written");
        symlink(&file, &link).expect("a link");
        assert_eq!(read(&link, FileKind::Card).expect("read"), b"content");
        assert!(fault(&link, FileKind::ReviewList).contains("link"));
    }

    #[test]
    fn in_the_folder_of_records_no_link_is_followed_whatever_is_opened_or_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let [records, elsewhere] = [".dermaloupe", "elsewhere"].map(|name| folder.path().join(name));
        std::fs::create_dir(&elsewhere).expect("made");
        symlink(&elsewhere, &records).expect("a link");
        for kind in [FileKind::AuditLog, FileKind::Card] {
            assert!(fault(&records.join("a"), kind).contains("link"));
            assert!(open_for_appending(&records.join("a"), kind).is_err());
        }
        assert!(open_lock(&records.join("lock")).is_err());
        assert!(create_folder(&records).is_err());
        assert!(create_folder(&records.join("masks")).is_err());
        assert!(folder_is_there(&records).is_err());
        let said = write(&records.join("a"), b"x").expect_err("refused").to_string();
        assert!(said.contains("link") && said.ends_with("/.dermaloupe/a"), "{said}");
        assert_eq!(std::fs::read_dir(&elsewhere).expect("listed").count(), 0);
    }

    #[test]
    fn a_dangling_link_makes_no_file_where_it_leads() {
        let folder = tempfile::tempdir().expect("a folder");
        let records = folder.path().join(".dermaloupe");
        create_folder(&records).expect("made");
        create_folder(&records).expect("it is there");
        symlink(folder.path().join("victim"), records.join("lock")).expect("a link");
        assert!(open_lock(&records.join("lock")).is_err());
        assert!(open_for_appending(&records.join("lock"), FileKind::AuditLog).is_err());
        assert!(!folder.path().join("victim").exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_of_the_system_that_states_no_length_is_read_to_a_bound() {
        // 64 bits for each page of the machine's memory: megabytes, under a length of 0. Only root may read it.
        let path = Path::new("/proc/kpagecount");
        if let Err(error) = read(path, FileKind::Picture) {
            let is_bounded = matches!(error.fault, ReadFault::TooLarge { found: None, .. });
            assert!(is_bounded || matches!(error.fault, ReadFault::System(_)), "{error}");
        }
        assert!(!read(Path::new("/proc/self/maps"), FileKind::SystemFacts).expect("read").is_empty());
    }
}
