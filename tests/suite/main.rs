//! Tests of the whole program, one file for what they drive: the command line, files, engines, the window.
//!
//! They are one binary, since linking the window once takes a fraction of linking it for every file. One file's tests:
//! `cargo test --test suite review::`.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod app;
mod bad_input;
mod batch;
mod calibration;
mod cli;
mod common;
mod common_card;
mod common_npu;
mod common_window;
mod compare;
mod correct;
mod correct_order;
mod corrected;
mod correction;
mod decode;
mod display;
mod engine_parity;
mod exchange;
mod journal_kill;
mod kiosk;
mod languages;
mod measure;
mod messages;
mod models;
mod network_menu;
mod npu;
mod npu_failures;
mod painted;
mod pipeline;
mod real_photos;
mod records;
mod report;
mod report_pdf;
mod review;
mod save_report;
mod settings;
mod surface;
mod window_strings;
