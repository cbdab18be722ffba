//! [`ActionGroup`]: actions that help lists together, with the heading that they stand under.

use crate::language::Language;
use crate::tr;

/// Actions that help lists together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionGroup {
    Files,
    /// The camera's picture.
    Live,
    /// From photo to photo.
    Walking,
    /// What is decided on a photo.
    Review,
    /// What lies over the photo.
    Overlay,
    Correcting,
    Looking,
    /// How the photo's colours are shown.
    Display,
    Window,
    Measuring,
    /// Two results, or all.
    Comparing,
}

impl ActionGroup {
    /// The heading in the list of shortcuts.
    #[must_use]
    pub fn label(self, language: Language) -> String {
        match self {
            Self::Files => tr!(language, "group-files"),
            Self::Live => tr!(language, "group-live"),
            Self::Walking => tr!(language, "group-walking"),
            Self::Review => tr!(language, "group-review"),
            Self::Overlay => tr!(language, "group-overlay"),
            Self::Correcting => tr!(language, "group-correcting"),
            Self::Looking => tr!(language, "group-looking"),
            Self::Display => tr!(language, "display"),
            Self::Window => tr!(language, "group-window"),
            Self::Measuring => tr!(language, "group-measuring"),
            Self::Comparing => tr!(language, "group-comparing"),
        }
    }
}
