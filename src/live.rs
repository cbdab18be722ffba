//! The live outline: frames of a source, each with the outline that a network finds in it, while the source runs.
//!
//! Capture, conversion, network and outline each have a thread. Between the first two the newest frame replaces one that
//! nobody took yet, and is counted as dropped; further on one frame at a time is handed over, and whoever is ahead waits. So
//! no queue grows, the order is the camera's, and each outline stays with the frame that it was found in.

mod advice;
mod board_watch;
mod converter;
mod frame;
mod framing;
mod keep;
mod motion;
mod options;
mod outlining;
#[cfg_attr(not(target_os = "linux"), path = "live/rga/elsewhere.rs")]
pub mod rga;
mod rga_error;
mod run;
mod sharpest;
mod shutter;
mod slot;
mod smoothing;
mod stages;
mod stats;

pub use self::advice::LiveAdvice;
pub use self::converter::{Conversion, Converter, examine_rga};
pub use self::frame::{FramePicture, LiveMillis, LiveQuality, OutlinedFrame};
pub use self::framing::{FoundInFrame, Framing};
pub use self::keep::{KeepError, keep};
pub use self::motion::{Motion, Moved};
pub use self::options::LiveOptions;
pub use self::outlining::Outlining;
pub use self::rga_error::RgaError;
pub use self::run::{LiveError, LiveJob, LiveRun};
pub use self::shutter::{AutomaticShutter, ShutterStep};
pub use self::smoothing::Smoothing;
pub use self::stages::{ConvertedFrame, Converting, FoundFrame, Inferring, InferringError};
pub use self::stats::{LiveState, LiveStats};
