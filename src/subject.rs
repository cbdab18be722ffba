//! What a network is for: the kind of photograph that it was trained on, and what its mask means.

use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// The kind of photograph that a network was trained on; in the order of lists. A card that does not say it is one for skin.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, VariantArray,
)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Skin, through a dermatoscope.
    #[default]
    Dermoscopy,
    /// The back of the eye.
    Fundus,
}

/// What the pixels of a mask are. A card that does not say it means a lesion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaskMeaning {
    /// One lesion of the skin: the largest region counts, its holes filled.
    #[default]
    Lesion,
    /// The blood vessels of a retina: every region counts, as it is, within the field of view.
    Vessels,
}

impl MaskMeaning {
    /// The kind of photograph that has it.
    #[must_use]
    pub fn subject(self) -> Subject {
        match self {
            Self::Lesion => Subject::Dermoscopy,
            Self::Vessels => Subject::Fundus,
        }
    }

    /// Whether it means vessels.
    #[must_use]
    pub fn is_vessels(self) -> bool {
        self == Self::Vessels
    }
}
