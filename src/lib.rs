//! Dermaloupe opens dermoscopy photographs, finds the lesion with a light-weight segmentation network and shows
//! how sure the network is and how well it agrees with a reference mask. For research use only.
//!
//! # Flow: one way
//!
//! ```text
//! decode -> preprocess -> infer -> postprocess -> measure and overlay -> app (window) or batch (command line)
//! ```
//!
//! The modules stand below in this order, in groups. A module imports only from its own group and from those above, and
//! `./check.sh` holds it to that; the window, `app`, is the last, and the feature `window` leaves it out. The product is
//! one function, [`pipeline::segment`]: the window's worker, the command line, the benches and the tests all call it.
//!
//! # How failures travel
//!
//! Each stage has its own `thiserror` enum ([`decode::DecodeError`], [`inference::EngineError`], ...) whose message
//! says what failed, what was expected, what was found and what to do, with the path last. `anyhow` only
//! gathers them at the ends: in `main`, in [`batch`] and where the window starts. A failure is reported once: on stderr by the command line, as a notice by the window.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests make files of their own"))]

// Shared ground: pixels, masks, sentences in two languages, times as people read them, and where and how
// files are found, read and written; and what memory is kept.
pub mod allocator;
pub mod block_frequencies;
pub mod files;
pub mod folders;
pub mod free_memory;
pub mod lab;
pub mod language;
pub mod local_time;
pub mod mask;
pub mod mask_names;
pub mod photo;
pub mod photo_files;
pub mod provenance;
pub mod resize;
pub mod steps;
pub mod subject;

// Files to pixels, and what the screen alone makes of them.
pub mod capture;
pub mod decode;
pub mod display;
pub mod sample;

// What is known of masks as shapes, and what is measured of a lesion.
pub mod geometry;
pub mod measure;

// What is done to a photo's colours before a network, and to its mask after it, where a person asks for it.
pub mod filters;

// Preprocess, infer, postprocess: networks, their cards, and the engines that run them.
pub mod inference;

// How sure a network's map is of its outline.
pub mod confidence;

// The stages in one function.
pub mod pipeline;

// What is drawn over a photo.
pub mod overlay;
pub mod quality;

// Moving pictures, outlined while they run.
pub mod live;

// What is kept of a photo: reviews, scales, the log, and masks corrected by hand.
pub mod correction;
pub mod records;

// What leaves the program: annotations for others, and pages.
pub mod exchange;
pub mod report;

// The command line.
pub mod batch;
pub mod cli;
pub mod startup;
pub mod terminal;

// The window and the kiosk.
#[cfg(feature = "window")]
#[allow(missing_docs, reason = "a field or variant of the window whose name says it all needs no sentence")]
pub mod app;
