//! A folder of records: the list, the log and the format, parted by lines of their own. Nothing that could be read is lost
//! by a decision that is written after it.
#![no_main]

use dermaloupe::records::{PhotoFile, RecordsLocation, Review};
use dermaloupe_fuzz::{Folder, begin};
use libfuzzer_sys::fuzz_target;

const MARK: &[u8] = b"\n%%\n";

fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(MARK.len()).position(|found| found == MARK) {
        parts.push(&rest[..at]);
        rest = &rest[at + MARK.len()..];
    }
    parts.push(rest);
    parts
}

fuzz_target!(|bytes: &[u8]| {
    begin();
    let folder = Folder::new();
    let names = ["records.json", "audit.jsonl", "format.json"];
    for (name, part) in names.iter().zip(parts(bytes)) {
        folder.file(&format!(".dermaloupe/{name}"), part);
    }
    let home = RecordsLocation::of_folder(folder.path(), None);
    let before = home.read();
    let said: Vec<String> = before.faults.iter().map(|fault| fault.message().to_string()).collect();
    assert!(said.iter().all(|words| !words.is_empty()));
    let decision =
        Review::new(&"5a".repeat(32), PhotoFile::default(), "2026-11-26T12:00:00Z".parse().expect("a time"));
    let Ok(kept) = home.open().and_then(|records| records.keep(vec![decision.clone()])) else { return };
    assert!(kept.of(&decision.sha256).is_some());
    let after = home.read();
    assert_eq!(after.list.of(&decision.sha256), Some(&decision), "{said:?}");
    for review in &before.list.photos {
        let found = after.list.identified(review.identity());
        assert!(found.is_some(), "{review:?} is lost, {said:?}");
    }
});
