//! A table of photographs and their groups, as `evaluate --table --by` and `--list` read it.
#![no_main]

use dermaloupe::batch::read_groups;
use dermaloupe_fuzz::begin;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let columns = ["diagnosis", "sex", "site", "age", "split"];
    for column in columns {
        let _ = read_groups(bytes, &[column.to_owned()]);
    }
    let _ = read_groups(bytes, &columns.map(str::to_owned));
});
