//! What a view may read, and where it sends what the person asks for.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::key_bindings::KeyBindings;
use crate::app::model::state::State;
use crate::app::pictures::Pictures;
use crate::app::tone_shader::ToneShader;
use crate::display::Tone;
use crate::language::Language;
use crate::overlay::view::OverlayView;

/// What a view may read, and where it sends what the person asks for.
pub(crate) struct ViewContext<'a> {
    pub(crate) state: &'a State,
    /// Pictures on the graphics card; a view asks for those that it misses.
    pub(crate) pictures: &'a mut Pictures,
    pub(crate) tone_shader: Option<&'a Arc<ToneShader>>,
    pub(crate) commands: &'a mut Vec<Command>,
}

impl ViewContext<'_> {
    /// Sends a command.
    pub(super) fn send(&mut self, command: impl Into<Command>) {
        self.commands.push(command.into());
    }

    /// The language that the window speaks.
    pub(super) fn language(&self) -> Language {
        self.state.language
    }

    /// The keys that count.
    pub(super) fn keys(&self) -> &KeyBindings {
        &self.state.preferences.keys
    }

    /// Tooltip of an action: what it does, and its key.
    pub(super) fn hint(&self, action: Action) -> String {
        self.with_key(action.tooltip(self.language()), action)
    }

    /// Words with an action's key, where it has one.
    pub(super) fn with_key(&self, words: String, action: Action) -> String {
        match self.keys().shown(action) {
            key if key.is_empty() => words,
            key => format!("{words}  ({key})"),
        }
    }

    /// The tone that the photo is shown in: a peek shows it as it is stored.
    pub(super) fn shown_tone(&self, is_peeking: bool) -> Tone {
        if is_peeking { Tone::default() } else { self.state.display.tone }
    }

    /// The view that can be shown: the error view needs a reference, and the band a network's outline.
    pub(super) fn effective_view(&self) -> OverlayView {
        match self.state.overlay.view {
            OverlayView::Error if !self.state.has_reference() => OverlayView::Outline,
            OverlayView::Band if !self.state.can_show_band() => OverlayView::Outline,
            view => view,
        }
    }
}
