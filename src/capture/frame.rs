//! [`Frame`]: one picture of a camera, in the bytes that the camera gave.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How the pixels of a frame are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameEncoding {
    /// A JPEG for each frame, with or without its Huffman tables.
    Mjpeg,
    /// Brightness of each pixel and colour of every second one, in turn: `Y U Y V`.
    Yuyv,
    /// A plane of brightness, then one of colour at half the width and height: `U V`.
    Nv12,
    /// Three planes, the two of colour at half the width and height.
    I420,
    /// Red, green and blue.
    Rgb,
}

impl FrameEncoding {
    /// As cameras and people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mjpeg => "MJPEG",
            Self::Yuyv => "YUYV",
            Self::Nv12 => "NV12",
            Self::I420 => "I420",
            Self::Rgb => "RGB",
        }
    }
}

/// Which weights make brightness of red, green and blue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourMatrix {
    /// ITU-R BT.601: webcams, JPEG.
    #[default]
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
}

impl ColourMatrix {
    /// Its name in rows.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Bt601 => "bt601",
            Self::Bt709 => "bt709",
        }
    }
}

/// What the levels of brightness and colour mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColourCoding {
    /// The weights.
    pub matrix: ColourMatrix,
    /// Whether brightness uses all of 0 to 255, and not 16 to 235.
    pub is_full_range: bool,
}

/// What each frame of a source looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameFormat {
    /// How its pixels are written down.
    pub encoding: FrameEncoding,
    /// `[width, height]` in pixels.
    pub size: [u32; 2],
    /// Bytes from one row of the first plane to the next; 0 for a JPEG.
    pub stride: u32,
    /// What its levels mean; of no effect for JPEG and RGB.
    pub colour: ColourCoding,
}

impl FrameFormat {
    /// The fewest bytes from one row of the first plane to the next.
    #[must_use]
    pub fn least_stride(&self) -> u32 {
        let [width, _] = self.size;
        match self.encoding {
            FrameEncoding::Mjpeg => 0,
            FrameEncoding::Yuyv => 2 * width.next_multiple_of(2),
            FrameEncoding::Nv12 => width.next_multiple_of(2),
            FrameEncoding::I420 => width,
            FrameEncoding::Rgb => 3 * width,
        }
    }
}

impl fmt::Display for FrameFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [width, height] = self.size;
        write!(out, "{width} × {height} {}", self.encoding.name())
    }
}

/// One picture of a source.
#[derive(Clone)]
pub struct Frame {
    /// Its number in the source, from 0; a gap is a frame that nobody read.
    pub number: u64,
    /// When it was taken, on the source's own clock, from its first frame on.
    pub time: Duration,
    /// When it arrived in this program.
    pub arrived: Instant,
    /// How `bytes` are to be read.
    pub format: FrameFormat,
    /// The picture as it came.
    pub bytes: Arc<Vec<u8>>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "frame {} at {:?}, {}, {} bytes", self.number, self.time, self.format, self.bytes.len())
    }
}
