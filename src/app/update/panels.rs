//! Panels, dialogs, language, and what the views remember.

use super::Update;
use crate::app::command::action::Action;
use crate::app::command::change::ViewChange;
use crate::app::events::WindowEvent;
use crate::app::model::current::Phase;
use crate::app::model::state::Dialog;

impl Update<'_> {
    pub(super) fn toggle_language(&mut self) {
        self.state.language = self.state.language.next();
        self.state.chosen_language = Some(self.state.language);
        WindowEvent::Language(self.state.language).emit();
    }

    /// Carries out a change of what the views remember.
    pub(super) fn change_view(&mut self, change: ViewChange) {
        match change {
            ViewChange::Filmstrip(filmstrip) => self.state.filmstrip = filmstrip,
            ViewChange::PointedPixel(pixel) => self.state.pointed_pixel = pixel,
            ViewChange::Section(section, is_open) => self.state.sections.choose(section, is_open),
        }
    }

    /// The filmstrip, the side panel or all of them come into sight, or go.
    pub(super) fn toggle_panel(&mut self, action: Action) {
        let panels = &mut self.state.panels;
        match action {
            Action::ToggleFilmstrip => panels.filmstrip ^= true,
            Action::ToggleSidePanel => {
                panels.side ^= true;
                self.bring_abcd_into_sight();
            }
            _ => {
                panels.canvas_only ^= true;
                // The table is hidden with them.
                self.state.comparing.table.pointed = None;
                self.bring_abcd_into_sight();
            }
        }
    }

    pub(super) fn open_dialog(&mut self, action: Action) {
        self.state.dialog = match action {
            Action::ShowHelp => Dialog::Help,
            Action::ShowAbout => Dialog::About,
            _ => Dialog::Settings,
        };
        if self.state.dialog == Dialog::Settings {
            self.state.preferences.give_up();
        }
    }

    /// Closes what lies on top: a dialog, else the camera's picture, the ruler, the table, the comparison, the open line, else the newest notice,
    /// else the strip above the canvas.
    pub(super) fn dismiss(&mut self) {
        if self.state.dialog != Dialog::None {
            self.state.dialog = Dialog::None;
        } else if self.state.live.is_on {
            self.stop_live();
        } else if self.state.measuring.ruler.is_some() {
            self.state.measuring.ruler = None;
        } else if self.state.comparing.table.is_open {
            self.toggle_table();
        } else if self.state.comparing.is_on {
            self.toggle_comparing();
        } else if !self.state.correction.line.is_empty() {
            self.state.correction.line.clear();
        } else if !self.state.notices.close_newest() {
            self.close_strip();
        }
    }

    /// Closes what stands above the canvas.
    pub(super) fn close_strip(&mut self) {
        let has_failed = matches!(self.state.current.phase, Phase::NetworkFailed(_));
        if has_failed && !self.state.current.is_failure_closed {
            self.state.current.is_failure_closed = true;
        } else {
            self.state.is_sample_explained |= self.state.explains_sample();
        }
    }
}
