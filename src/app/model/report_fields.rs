//! What a person fills in before a report is saved. It stands on the page alone: nothing of it is kept.

/// The fields of the photo on the canvas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFields {
    /// The photo that they belong to, by [`super::current::Current::number`]: no patient's name gets onto another's page.
    photo: u64,
    /// What the case is called.
    pub case: String,
    /// Whose lesion it is.
    pub patient: String,
}

impl ReportFields {
    /// Empty ones.
    #[must_use]
    pub fn for_photo(photo: u64) -> Self {
        Self { photo, ..Self::default() }
    }

    /// These, where they are the photo's; else empty ones.
    #[must_use]
    pub fn of(&self, photo: u64) -> Self {
        if self.photo == photo { self.clone() } else { Self::for_photo(photo) }
    }
}
