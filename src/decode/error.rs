//! Why a file did not become a photo or a mask, and the limits that refuse one.

use std::io;
use std::path::PathBuf;

use crate::files::{FileKind, NotRegular, ReadFault};
use crate::language::{Value, Words};
use crate::{display_as_message, words};

/// The most pixels a photo may have: 100 megapixels (300 MB of RGB), twice the largest camera in clinical use.
/// The fuzzer fills no such pictures.
pub const MAX_PIXELS: u64 = if cfg!(fuzzing) { 1 << 20 } else { 100_000_000 };

/// The most bytes a file may have: 1 GiB, above any uncompressed photo that [`MAX_PIXELS`] admits at 16 bits.
pub const MAX_FILE_BYTES: u64 = FileKind::Picture.max_bytes();

/// Why a file did not become a photo or a mask. Displays as what happened, what to do, and the path last.
#[derive(Debug, thiserror::Error)]
pub struct DecodeError {
    /// The file.
    pub path: PathBuf,
    /// The fault.
    pub kind: DecodeErrorKind,
}

/// The fault of a file, without its path.
#[derive(Debug, thiserror::Error)]
pub enum DecodeErrorKind {
    /// The operating system did not let us read it.
    Unreadable(#[from] io::Error),
    /// A folder where a file was expected.
    Folder,
    /// A pipe or a device: reading it might never end.
    NotAFile,
    /// No bytes.
    Empty,
    /// The content is not in an image format that we read.
    UnknownFormat,
    /// A photograph in a format that we do not read.
    UnreadFormat {
        /// The usual name of the format.
        format: &'static str,
    },
    /// Refused from the header alone.
    TooManyPixels {
        /// Width by the header, in pixels.
        width: u32,
        /// Height by the header, in pixels.
        height: u32,
    },
    /// Refused by the file's length.
    TooManyBytes {
        /// Length of the file.
        bytes: u64,
    },
    /// A known format whose content is damaged or incomplete.
    Damaged {
        /// The usual name of the format.
        format: &'static str,
        /// The decoder's own message.
        detail: String,
    },
    /// A known format whose end is missing.
    CutShort {
        /// The usual name of the format.
        format: &'static str,
    },
    /// A valid file of a kind that the decoder does not know.
    Unsupported {
        /// The usual name of the format.
        format: &'static str,
        /// The decoder's own message.
        detail: String,
    },
    /// A 16-bit picture that uses so few of its bits that its white is not known.
    UnusedBits {
        /// The largest of its values.
        largest: u16,
    },
    /// The decoder panicked; the program continues.
    Panicked,
    /// A reference mask whose size differs from its photo's.
    MaskSize {
        /// `[width, height]` of the mask.
        mask: [u32; 2],
        /// `[width, height]` of the photo.
        photo: [u32; 2],
    },
    /// A mask whose values do not say what is lesion.
    MaskValues {
        /// What is wrong with them.
        fault: MaskFault,
        /// The values that were found.
        found: String,
    },
}

/// Why the values of a mask do not say what is lesion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskFault {
    /// One value everywhere that is neither black nor white.
    OneValue,
    /// More than two grey values that are not black and white with a soft border.
    ManyValues,
    /// More than two colours, or two of the same brightness.
    Colours,
    /// Colours say one thing, transparency another.
    Transparency,
}

impl MaskFault {
    fn message(self, found: &str) -> Words {
        match self {
            Self::OneValue => words!("mask-one-value", found = found),
            Self::ManyValues => words!("mask-many-values", found = found),
            Self::Colours => words!("mask-colours", found = found),
            Self::Transparency => words!("mask-transparency"),
        }
    }
}

impl DecodeError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("with-path", reason = self.kind.message(), path = self.path.as_path())
    }
}

impl DecodeErrorKind {
    /// The error in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Unreadable(error) => words!("decode-unreadable", reason = reading_failed(error)),
            Self::Folder => words!("decode-folder"),
            Self::NotAFile => words!("decode-not-a-file"),
            Self::Empty => words!("decode-empty"),
            Self::UnknownFormat => words!("decode-unknown-format"),
            Self::UnreadFormat { format } => words!("decode-unread-format", format = *format),
            Self::TooManyPixels { width, height } => {
                let megapixels = f64::from(*width) * f64::from(*height) / 1e6;
                words!(
                    "decode-too-many-pixels",
                    size = format!("{width} × {height}"),
                    megapixels = format!("{megapixels:.0}"),
                    limit = format!("{:.0}", MAX_PIXELS as f64 / 1e6)
                )
            }
            Self::TooManyBytes { bytes } => {
                words!("decode-too-many-bytes", bytes = bytes.to_string(), limit = MAX_FILE_BYTES.to_string())
            }
            Self::Damaged { format, detail } => {
                words!("decode-damaged", format = *format, detail = detail.as_str())
            }
            Self::CutShort { format } => words!("decode-cut-short", format = *format),
            Self::Unsupported { format, detail } => {
                words!("decode-unsupported", format = *format, detail = detail.as_str())
            }
            Self::UnusedBits { largest } => words!("decode-unused-bits", largest = u32::from(*largest)),
            Self::Panicked => words!("decode-panicked"),
            Self::MaskSize { mask, photo } => {
                let [mask, photo] = [mask, photo].map(|[width, height]| format!("{width} × {height}"));
                words!("decode-mask-size", mask = mask, photo = photo)
            }
            Self::MaskValues { fault, found } => fault.message(found),
        }
    }
}

impl From<ReadFault> for DecodeErrorKind {
    fn from(fault: ReadFault) -> Self {
        match fault {
            ReadFault::NotRegular(NotRegular::Folder) => Self::Folder,
            ReadFault::NotRegular(_) => Self::NotAFile,
            ReadFault::TooLarge { found: Some(bytes), .. } => Self::TooManyBytes { bytes },
            other => Self::Unreadable(other.into()),
        }
    }
}

display_as_message!(DecodeError, DecodeErrorKind);

/// The operating system's error for a file that could not be read.
fn reading_failed(error: &io::Error) -> Value {
    match error.kind() {
        io::ErrorKind::NotFound => words!("file-not-there").into(),
        io::ErrorKind::PermissionDenied => words!("file-no-right").into(),
        _ => error.into(),
    }
}
