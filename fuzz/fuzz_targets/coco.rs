//! A file of coco annotations.
#![no_main]

use dermaloupe::exchange::coco;
use dermaloupe_fuzz::annotations;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| annotations(bytes, coco::read));
