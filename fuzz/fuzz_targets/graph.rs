//! A network's ONNX file: the check before any engine, and what it lets pass in the built-in engine's reader.
#![no_main]

use dermaloupe::inference::check_onnx_graph;
use dermaloupe_fuzz::begin;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let _ = check_onnx_graph(bytes, [256, 256]).map_err(|fault| fault.to_string());
});
