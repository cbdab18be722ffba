//! [`LiveOptions`]: what a person may change while it runs.

/// How frames are outlined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LiveOptions {
    /// The probability from which a pixel is lesion; without, the card's.
    pub threshold: Option<f32>,
    /// Whether maps are smoothed over time.
    pub is_smoothed: bool,
    /// Whether the network sees only the surroundings of a small lesion, as its card says when and where.
    pub takes_second_look: bool,
    /// Whether the whole picture of each frame is made, for a screen.
    pub wants_picture: bool,
    /// Whether the shutter is released by itself.
    pub has_automatic_shutter: bool,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            threshold: None,
            is_smoothed: true,
            takes_second_look: false,
            wants_picture: true,
            has_automatic_shutter: false,
        }
    }
}
