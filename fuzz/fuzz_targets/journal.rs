//! A journal of corrections: whatever is in it, a stroke after it is kept, and what was read before it stays.
#![no_main]

use std::sync::Arc;

use dermaloupe::correction::journal::{Binding, Journal, Record};
use dermaloupe::correction::{Act, Edit, Mode, Step};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::provenance::CorrectionStart;
use dermaloupe_fuzz::{Folder, begin};
use libfuzzer_sys::fuzz_target;

/// The photograph of the journals in the drawn corpus.
const SIZE: [u32; 2] = [160, 120];
const SHA256: &str = "1ae064e46239b5a5651587b8bafc9dd15eef9daae9eb0dec4b676e29c25b1d0e";

fuzz_target!(|bytes: &[u8]| {
    begin();
    let folder = Folder::new();
    let path = folder.file("x.journal", bytes);
    let binding = || Binding { sha256: SHA256.to_owned(), size: SIZE };
    let (mut journal, content) = Journal::open(path.clone(), binding());
    let mut replay = match content {
        Ok(Some(content)) => content.replay,
        _ => Default::default(),
    };
    let mut records = Vec::new();
    if replay.history().is_none() {
        records.push(Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() });
    }
    let mask = replay.history().map_or_else(|| Mask::empty(SIZE), |history| (**history.mask()).clone());
    let edit = Edit::Brush { mode: Mode::Paint, radius_px: 9.0, points: vec![[3.0, 4.0], [100.0, 60.0]] };
    let mut after = mask.clone();
    let area = edit.carry_out(&mut after).unwrap_or(Area::whole(SIZE));
    let toggles = Toggles::between(&mask, &after, area);
    records.push(Record::Step(Arc::new(Step::now(Act::Edit(edit), toggles))));
    for record in &records {
        replay.take(record.clone(), SIZE).expect("it follows");
    }
    // A journal of another photograph, or of a later version, is not written to.
    if journal.append(&records).is_err() {
        assert_eq!(std::fs::read(&path).expect("it is there"), bytes);
        return;
    }
    drop(journal);
    let again = Journal::open(path, binding()).1.expect("it was written").expect("it is there");
    assert!(again.damage.is_none(), "{:?}", again.damage);
    assert_eq!(again.replay.history(), replay.history());
});
