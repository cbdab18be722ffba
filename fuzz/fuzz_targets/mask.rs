//! A reference mask, over a photograph of its own size in each of the eight orientations, and as a picture within labelme's
//! files.
#![no_main]

use dermaloupe::decode::{self, ReferenceFrame, ReferenceMask};
use dermaloupe_fuzz::{Folder, begin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, bool, &[u8])| {
    begin();
    let (orientation, masks_as_stored, bytes) = input;
    let folder = Folder::new();
    let path = folder.file("mask", bytes);
    let stored = decode::size_in_header(&path).unwrap_or([16, 16]);
    if stored.iter().map(|&side| u64::from(side)).product::<u64>() > 1 << 22 {
        return;
    }
    let orientation = orientation % 8 + 1;
    let [width, height] = stored;
    let size = if orientation >= 5 { [height, width] } else { stored };
    for size in [size, stored] {
        let read = ReferenceMask::read(&path, ReferenceFrame { size, orientation, masks_as_stored });
        if let Ok(read) = read {
            assert_eq!(read.mask.size(), size);
        }
    }
    if let Ok(mask) = decode::inline_mask(bytes, stored) {
        assert_eq!(mask.size(), stored);
    }
});
