//! A file of labelme annotations.
#![no_main]

use dermaloupe::exchange::labelme;
use dermaloupe_fuzz::annotations;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| annotations(bytes, labelme::read));
