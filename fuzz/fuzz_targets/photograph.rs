//! A photograph: what is read without its pixels is read with them, too, and as the same.
#![no_main]

use dermaloupe::decode;
use dermaloupe_fuzz::{Folder, begin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let folder = Folder::new();
    let path = folder.file("photo", bytes);
    let whole = decode::photo_file(&path);
    let reduced = decode::photo_for_network(&path);
    assert_eq!(whole.is_ok(), reduced.is_ok(), "{:?} and {:?}", whole.as_ref().err(), reduced.as_ref().err());
    if let (Ok(whole), Ok(reduced)) = (&whole, &reduced) {
        assert_eq!(whole.size(), reduced.size());
        assert_eq!(whole.orientation, reduced.orientation);
        // The pixels that were not decoded: here they are.
        assert_eq!(whole.rgb(), reduced.rgb());
    }
    // What the header says is what is found.
    if let (Ok(photo), Some(size)) = (&whole, decode::size_in_header(&path)) {
        let turned = photo.orientation >= 5;
        let [width, height] = photo.size();
        assert_eq!(size, if turned { [height, width] } else { [width, height] });
    }
});
