//! The settings dialog.

use super::Update;
use crate::app::command::change::SettingsChange;
use crate::app::command::key_bindings::KeyBindings;
use crate::app::command::keys::text_of;
use crate::app::events::WindowEvent;
use crate::app::model::notices::Severity;
use crate::app::model::preferences::KeyConflict;

impl Update<'_> {
    /// Carries out a change in the settings dialog.
    pub(super) fn change_settings(&mut self, change: SettingsChange) {
        let preferences = &mut self.state.preferences;
        match change {
            SettingsChange::Page(page) => {
                preferences.page = page;
                preferences.give_up();
            }
            SettingsChange::Language(chosen) => {
                self.state.chosen_language = chosen;
                self.state.language = chosen.unwrap_or(self.state.preferences.system_language);
            }
            SettingsChange::Theme(choice) => self.state.theme = choice,
            SettingsChange::RememberSession(remembers) => preferences.remembers_session = remembers,
            SettingsChange::Recommended => self.use_recommended(),
            SettingsChange::Wait(action) => {
                preferences.give_up();
                preferences.waiting = Some(action);
            }
            SettingsChange::Press(None) => preferences.is_refused = true,
            SettingsChange::Press(Some(shortcut)) => {
                if let Some(action) = preferences.waiting.take() {
                    WindowEvent::Key { key: &text_of(&shortcut), action }.emit();
                    preferences.want(action, vec![shortcut]);
                }
            }
            SettingsChange::Reset(action) => preferences.want(action, preferences.keys.first(action)),
            SettingsChange::ResetAll => {
                preferences.give_up();
                preferences.keys = KeyBindings::of_set(preferences.keys.set());
            }
            SettingsChange::KeySet(set) => {
                preferences.give_up();
                for complaint in preferences.keys.use_set(set) {
                    self.tell(Severity::Warning, complaint);
                }
            }
            SettingsChange::Take => {
                if let Some(KeyConflict { action, keys, .. }) = preferences.conflict.take() {
                    preferences.keys.give(action, &keys);
                }
            }
            SettingsChange::GiveUp => preferences.give_up(),
        }
    }

    fn use_recommended(&mut self) {
        let network = &self.state.network;
        let model = network.recommended.clone().or_else(|| network.models.first().map(|m| m.card.name.clone()));
        if let Some(name) = model {
            self.apply_model(&name);
        }
        // Each start takes what is recommended then.
        self.state.network.chosen = None;
    }
}
