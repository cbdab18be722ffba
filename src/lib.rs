//! Dermaloupe opens dermoscopy photographs, finds the lesion with a light-weight segmentation network and shows
//! how sure the network is and how well it agrees with a reference mask. For research use only.
//!
//! # Flow: one way
//!
//! ```text
//! decode -> preprocess -> infer -> postprocess -> overlay and agreement -> app (window) or batch (command line)
//! ```
//!
//! A module imports only what stands to its left; [`language`], [`photo`] and [`mask`] are
//! shared ground. The product is one
//! function, [`pipeline::segment`]: the window's worker, the command line, the bench and the tests all call it.
//!
//! # How failures travel
//!
//! Each stage has its own `thiserror` enum ([`decode::DecodeError`], [`inference::EngineError`], ...) whose message
//! says what failed, what was expected, what was found and what to do, with the path last. `anyhow` only
//! gathers them at the ends: in `main`, in [`batch`] and where the window starts. A failure is reported once: on stderr by the command line, as a notice by the window.

pub mod language;

pub mod folders;

pub mod photo;

pub mod mask;

pub mod photo_files;

pub mod decode;
pub mod display;

pub mod sample;

pub mod inference;

pub mod pipeline;

pub mod overlay;

pub mod exchange;

pub mod correction;

pub mod files;

pub mod records;

pub mod report;

pub mod batch;

pub mod startup;

pub mod cli;

pub mod app;
