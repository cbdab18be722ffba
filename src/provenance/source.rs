//! [`MaskSource`]: whose mask it is, in a word.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Whose mask it is, as records, rows, annotations and the audit log name it; in the order of display.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum MaskSource {
    /// A network's.
    Network,
    /// A person's, who corrected a network's mask or a reference.
    Corrected,
    /// A person's, from nothing.
    Drawn,
    /// There is none, or it is not known.
    #[default]
    None,
}

impl MaskSource {
    /// The word for it in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// Whether a person made it, or a part of it.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        matches!(self, Self::Corrected | Self::Drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_files_are_those_of_the_sources() {
        for &source in MaskSource::VARIANTS {
            assert_eq!(serde_json::to_value(source).expect("a word"), source.key());
        }
    }
}
