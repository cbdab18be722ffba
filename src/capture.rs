//! Moving pictures: cameras at the USB port, and a file or a folder that is played as one, behind one trait,
//! [`FrameSource`]. Frames are handed on as the camera gave them; `pixels.rs` makes of them what a network and a screen take.
//!
//! Nothing here waits for ever: a camera that is unplugged, busy or frozen is a [`CaptureError`], and [`Reopening`] opens it
//! again when it is back.

mod choice;
mod error;
mod frame;
mod jpeg_frame;
mod options;
pub mod pixels;
mod playback;
mod reopening;
mod source;
#[cfg(all(feature = "camera", target_os = "linux"))]
mod v4l2;

pub use self::choice::{SourceName, cameras, open, opener};
pub use self::error::CaptureError;
pub use self::frame::{ColourCoding, ColourMatrix, Frame, FrameEncoding, FrameFormat};
pub use self::options::{Pace, SourceOptions};
pub use self::reopening::{CaptureStep, Reopening, SourceOpener};
pub use self::source::{FrameMode, FrameSource, SourceInfo};
