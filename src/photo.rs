//! [`Photo`]: the pixels of one photograph as the camera stored them, and where they came from.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use crate::block_frequencies::BlockFrequencies;
use crate::language::Words;
use crate::resize;
use crate::words;

/// Where a photograph came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotoSource {
    /// A file on disk, by the path the person gave.
    File(PathBuf),
    /// The sample that is built into the program, by its name.
    BuiltIn(&'static str),
}

impl PhotoSource {
    /// The path when the photo is a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::BuiltIn(_) => None,
        }
    }

    /// The name to show: the file's name, or the sample's.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            Self::BuiltIn(name) => (*name).to_owned(),
        }
    }
}

/// The ICC profile that came in a photograph's file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EmbeddedProfile {
    /// None came.
    #[default]
    None,
    /// Its bytes, as they are.
    Bytes(Vec<u8>),
    /// More bytes than any real profile has; they were not kept.
    TooLarge,
    /// The file says that it holds one, but it cannot be taken out.
    Broken,
}

impl EmbeddedProfile {
    /// Bytes that are kept at most: cameras' and screens' profiles have kilobytes, the largest printers' about two
    /// megabytes.
    pub const MOST_BYTES: usize = 4 << 20;
}

impl From<Vec<u8>> for EmbeddedProfile {
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.len() > Self::MOST_BYTES { Self::TooLarge } else { Self::Bytes(bytes) }
    }
}

/// Why a photograph that could be decoded may not be what was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoWarning {
    /// A JPEG with coded data that belong to no part of the picture: something before them may be damaged.
    DataLeftOver {
        /// How many bytes.
        bytes: usize,
    },
    /// A JPEG whose restart markers are not those that its size asks for.
    RestartOrder,
    /// A 16-bit picture that may have 14 bits or fewer, and is then read too dark.
    UnusedBits {
        /// The largest of its values.
        largest: u16,
    },
}

impl PhotoWarning {
    /// The warning in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::DataLeftOver { bytes } => words!("photo-data-left-over", bytes = *bytes),
            Self::RestartOrder => words!("photo-restart-order"),
            Self::UnusedBits { largest } => words!("photo-unused-bits", largest = u32::from(*largest)),
        }
    }
}

/// What is made when it is first asked for.
type Late<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// A decoded photograph: 8-bit RGB, row by row, upright (EXIF orientation already applied).
///
/// The values are the stored ones: no colour management is applied, because the network was trained on stored pixels.
#[derive(Clone, Debug)]
pub struct Photo {
    width: u32,
    height: u32,
    rgb: Arc<Late<Vec<u8>>>,
    /// What a network's input is made of where the file gives it: everywhere the same, whether or not there are pixels.
    frequencies: Option<Arc<BlockFrequencies>>,
    /// Millimetres per pixel where the file states them; nothing in this program guesses them.
    pub mm_per_px: Option<f64>,
    /// EXIF orientation of its file, 1 to 8: how it was turned to be upright; 1 is not at all.
    pub orientation: u8,
    /// How its colours are meant, for display only.
    pub profile: EmbeddedProfile,
    /// Where the pixels came from.
    pub source: PhotoSource,
    sha256: Arc<Late<String>>,
    /// Why it may be damaged, though it could be decoded.
    pub warnings: Vec<PhotoWarning>,
    /// How long reading and decoding took, in milliseconds.
    pub decode_millis: f64,
}

impl Photo {
    /// Wraps `rgb`, `width * height * 3` bytes of row-major RGB.
    ///
    /// # Panics
    /// When the length does not fit the size, or a side is zero: a decoder must never hand on such a buffer.
    #[must_use]
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>, source: PhotoSource) -> Self {
        assert_eq!(rgb.len(), width as usize * height as usize * 3, "three bytes a pixel");
        let photo = Self::of_size([width, height], source, Box::new(|| rgb));
        LazyLock::force(&photo.rgb);
        photo
    }

    /// A photograph of `[width, height]` upright whose pixels `decode` gives, as many as [`Self::from_rgb`] takes, when
    /// they are first asked for: most networks need none of them.
    #[must_use]
    pub fn of_frequencies(
        size: [u32; 2],
        frequencies: BlockFrequencies,
        source: PhotoSource,
        decode: impl FnOnce() -> Vec<u8> + Send + 'static,
    ) -> Self {
        let mut photo = Self::of_size(size, source, Box::new(decode));
        photo.frequencies = Some(Arc::new(frequencies));
        photo
    }

    fn of_size([width, height]: [u32; 2], source: PhotoSource, rgb: Box<dyn FnOnce() -> Vec<u8> + Send>) -> Self {
        assert!(width > 0 && height > 0, "a photo has at least one pixel");
        Self {
            width,
            height,
            rgb: Arc::new(LazyLock::new(rgb)),
            frequencies: None,
            mm_per_px: None,
            orientation: 1,
            profile: EmbeddedProfile::None,
            source,
            sha256: Arc::new(LazyLock::new(Box::new(String::new))),
            warnings: Vec::new(),
            decode_millis: 0.0,
        }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// `[width, height]` in pixels.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// SHA-256 of its file's bytes, in lower-case hexadecimal; empty where there is no file. A batch over a folder without
    /// records asks for none.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The same photo, whose file has the hash that `calculate` gives when it is first asked for.
    #[must_use]
    pub fn with_sha256(mut self, calculate: impl FnOnce() -> String + Send + 'static) -> Self {
        self.sha256 = Arc::new(LazyLock::new(Box::new(calculate)));
        self
    }

    /// Its [`Self::warnings`], a sentence each.
    #[must_use]
    pub fn warnings_said(&self) -> Vec<String> {
        self.warnings.iter().map(|warning| warning.message().to_string()).collect()
    }

    /// The pixels: RGB, 8 bits, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// What a network's input is made of, where the file gives it.
    #[must_use]
    pub fn frequencies(&self) -> Option<&BlockFrequencies> {
        self.frequencies.as_deref()
    }

    /// As [`Self::frequencies`], of a photograph whose pixels are there.
    #[must_use]
    pub fn with_frequencies(mut self, frequencies: Option<BlockFrequencies>) -> Self {
        self.frequencies = frequencies.map(Arc::new);
        self
    }

    /// The photo at a smaller `[width, height]`, three bytes a pixel, as networks and measures see it: of its frequencies
    /// where it has them and they are enough, whether or not its pixels are there, and else as [`resize::rgb`] makes it.
    #[must_use]
    pub fn reduced(&self, size: [u32; 2]) -> Vec<u8> {
        let by_frequencies = self.frequencies().and_then(|frequencies| frequencies.squash(size));
        by_frequencies.unwrap_or_else(|| resize::rgb(self.rgb(), self.size(), size))
    }

    /// A part of the photo, `[left, top, width, height]` in its pixels, at another size, as [`resize::rgb_part`] makes it of all
    /// its pixels: a part shows more than is in its frequencies.
    #[must_use]
    pub fn reduced_part(&self, part: [f64; 4], size: [u32; 2]) -> Vec<u8> {
        resize::rgb_part(self.rgb(), self.size(), part, size)
    }

    /// The pixel at column `x`, row `y`, or `None` outside the photo.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let start = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb().get(start..start + 3).and_then(|pixel| pixel.try_into().ok())
    }
}
