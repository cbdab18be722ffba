//! Where steps work, and which there are in each place.

/// Where a step works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepPlace {
    /// On the colours that the network is given.
    Before,
    /// On the mask.
    After,
}

impl StepPlace {
    /// The names of its steps, in the order in which they are usually combined.
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Before => &["grey-world", "normalise", "window", "nlm", "clahe"],
            Self::After => &["crf", "open", "close", "fill", "largest", "lesion"],
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }
}
