//! The card of a network: what is read can be written, and is read again.
#![no_main]

use dermaloupe::inference::ModelCard;
use dermaloupe_fuzz::begin;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let Ok(card) = ModelCard::from_json(bytes) else { return };
    let written = serde_json::to_vec(&card).expect("plain data becomes JSON");
    let again = ModelCard::from_json(&written).expect("what was written is read");
    assert_eq!(format!("{again:?}"), format!("{card:?}"));
    let _ = (card.description_in("zh-CN"), card.meaning(), card.onnx());
});
