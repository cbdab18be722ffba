//! A file of labelme annotations: every photograph in it gives a mask of its size, or a reason.
#![no_main]

use dermaloupe::exchange::{labelme, text_of};
use dermaloupe_fuzz::begin;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let Ok(text) = text_of(bytes.to_vec()) else { return };
    let Ok(read) = labelme::read(&text, "lesion") else { return };
    for photo in read.photos.iter().take(8) {
        let size = photo.size.unwrap_or([64, 48]);
        if size.iter().any(|&side| side == 0 || side > 512) {
            continue;
        }
        let found = photo.mask(size).expect("the photograph has the stated size");
        assert_eq!(found.mask.size(), size);
        assert!(!found.is_usable || photo.is_annotated());
    }
});
