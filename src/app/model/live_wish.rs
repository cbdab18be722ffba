//! What follows from the camera's picture being shown: what keys and zooming mean, and which run is wanted.

use super::geometry::ViewTransform;
use super::live::{Live, LiveChoices};
use super::state::State;
use crate::app::command::key_mode::KeyMode;
use crate::capture::SourceName;

impl State {
    /// What a key means just now.
    #[must_use]
    pub fn key_mode(&self) -> KeyMode {
        match (self.live.is_on, self.correction.is_on) {
            (true, _) => KeyMode::Live,
            (false, true) => KeyMode::Correcting,
            (false, false) => KeyMode::Photo,
        }
    }

    /// Which part is seen of what is on the canvas.
    pub fn view_in_use(&mut self) -> &mut ViewTransform {
        if self.live.is_on { &mut self.live.view_transform } else { &mut self.view_transform }
    }

    /// The moving picture that is wanted.
    #[must_use]
    pub fn wanted_live(&self) -> Option<LiveChoices> {
        let Live { starts, source, is_on, .. } = &self.live;
        let source = source.clone().unwrap_or(SourceName::FirstCamera);
        is_on.then(|| LiveChoices { starts: *starts, source, network: self.network.in_use() })
    }
}
