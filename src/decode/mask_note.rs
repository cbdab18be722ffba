//! [`MaskNote`]: what a person should know of how a mask was read.

use crate::language::Words;
use crate::words;

/// How a mask was read, where that is not plain: it is not black and white of its photo's size, or it is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaskNote {
    /// Two other values than black and white.
    TwoValues {
        /// The lower, as the file has it; a colour as `#rrggbb`.
        background: String,
        /// The higher.
        lesion: String,
    },
    /// Black and white with values between them.
    Grey,
    /// By its transparency.
    Transparency,
    /// In the frame of the photo as it is stored; turned as the photo is.
    Stored {
        /// The photo's EXIF orientation, 2 to 8.
        orientation: u8,
    },
    /// In the photo's frame as it is displayed, though the size fits both frames.
    MaybeStored {
        /// The photo's EXIF orientation, 2 to 8.
        orientation: u8,
    },
    /// No pixel is lesion.
    Empty,
    /// It looks like vessels, and the network marks a lesion.
    LooksLikeVessels,
    /// It looks like a lesion, and the network marks vessels.
    LooksLikeLesion,
}

impl MaskNote {
    /// The note in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::TwoValues { background, lesion } => {
                words!("mask-note-two-values", background = background.as_str(), lesion = lesion.as_str())
            }
            Self::Grey => words!("mask-note-grey"),
            Self::Transparency => words!("mask-note-transparency"),
            Self::Stored { orientation } => words!("mask-note-stored", orientation = u32::from(*orientation)),
            Self::MaybeStored { orientation } => {
                words!("mask-note-maybe-stored", orientation = u32::from(*orientation))
            }
            Self::Empty => words!("mask-note-empty"),
            Self::LooksLikeVessels => words!("mask-note-vessels"),
            Self::LooksLikeLesion => words!("mask-note-lesion"),
        }
    }
}
