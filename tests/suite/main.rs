//! Tests of the whole program, one file for what they drive: the command line, files, engines, the window.
//!
//! They are one binary, since linking the window once takes a fraction of linking it for every file. One file's tests:
//! `cargo test --test suite review::`. Without the feature `window` those that open a window or the kiosk are left out.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![allow(clippy::disallowed_methods, reason = "tests make files of their own, and hostile ones")]

mod bad_input;
mod batch;
mod calibrated;
mod cli;
#[cfg(target_os = "linux")]
mod clock_back;
mod colour_profiles;
mod common;
mod common_card;
#[cfg(target_os = "linux")]
mod common_disk;
mod common_npu;
#[cfg(target_os = "linux")]
mod common_rga;
#[cfg(target_os = "linux")]
mod common_trace;
mod confidence;
mod corrected;
mod correction;
mod decode;
#[cfg(target_os = "linux")]
mod disk_faults;
mod engine_parity;
mod exchange;
mod exchange_field;
mod groups;
mod journal_damage;
mod journal_kill;
mod jpeg_damage;
mod live;
mod map_sides;
mod masks;
mod messages;
mod models;
mod network_faults;
#[cfg(target_os = "linux")]
mod no_telemetry;
#[cfg(not(feature = "window"))]
mod no_window;
mod npu;
mod npu_bench;
mod npu_failures;
mod one_area;
mod one_mask;
mod pipeline;
#[cfg(target_os = "linux")]
mod power_loss;
mod quality;
mod real_photos;
mod records;
mod records_checked;
#[cfg(unix)]
mod records_hostile;
mod records_versions;
mod report;
mod report_pdf;
mod report_tags;
#[cfg(target_os = "linux")]
mod rga;
mod second_look;
mod shards;
mod steps;
#[cfg(target_os = "linux")]
mod strange_files;
mod surface;
mod tiles;
#[cfg(unix)]
mod two_people;
mod vessels;
mod vessels_real;
mod window_strings;
#[cfg(target_os = "linux")]
mod written;

#[cfg(feature = "window")]
mod app;
#[cfg(feature = "window")]
mod band;
#[cfg(feature = "window")]
mod calibration;
#[cfg(feature = "window")]
mod common_app;
#[cfg(feature = "window")]
mod common_camera;
#[cfg(feature = "window")]
mod common_window;
#[cfg(feature = "window")]
mod compare;
#[cfg(all(feature = "window", target_os = "linux"))]
mod corpus;
#[cfg(feature = "window")]
mod correct;
#[cfg(feature = "window")]
mod correct_order;
#[cfg(feature = "window")]
mod correct_view;
#[cfg(feature = "window")]
mod corrected_window;
#[cfg(feature = "window")]
mod damaged_journal_window;
#[cfg(feature = "window")]
mod display;
#[cfg(feature = "window")]
mod kiosk;
#[cfg(all(feature = "window", target_os = "linux"))]
mod kiosk_privacy;
#[cfg(feature = "window")]
mod languages;
mod late_pixels;
#[cfg(feature = "window")]
mod live_window;
#[cfg(feature = "window")]
mod measure;
#[cfg(feature = "window")]
mod network_menu;
#[cfg(feature = "window")]
mod npu_window;
#[cfg(feature = "window")]
mod painted;
#[cfg(feature = "window")]
mod panels;
#[cfg(feature = "window")]
mod quality_window;
#[cfg(feature = "window")]
mod queue;
#[cfg(feature = "window")]
mod read_ahead;
#[cfg(feature = "window")]
mod review;
#[cfg(feature = "window")]
mod review_masks;
#[cfg(feature = "window")]
mod save_report;
#[cfg(feature = "window")]
mod second_look_window;
#[cfg(feature = "window")]
mod settings;
#[cfg(all(feature = "window", target_os = "linux"))]
mod shared_folder;
#[cfg(all(feature = "window", target_os = "linux"))]
mod soak;
#[cfg(feature = "window")]
mod steps_window;
#[cfg(all(feature = "window", target_os = "linux"))]
mod strange_window;
#[cfg(feature = "window")]
mod vessels_window;
