//! What the settings dialog works on, beside the settings themselves.

use eframe::egui::KeyboardShortcut;

use crate::app::command::action::Action;
use crate::app::command::key_bindings::KeyBindings;
use crate::language::Language;

/// Which half of the dialog is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingsPage {
    /// Everything but the keys.
    #[default]
    General,
    Shortcuts,
}

/// Keys that a command wants and others have.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyConflict {
    pub action: Action,
    pub keys: Vec<KeyboardShortcut>,
    pub holders: Vec<Action>,
}

/// What the settings dialog works on.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The half that is shown.
    pub page: SettingsPage,
    /// The keys that count; remembered.
    pub keys: KeyBindings,
    /// The command whose new key is waited for.
    pub waiting: Option<Action>,
    /// The key that was pressed cannot be given to a command.
    pub is_refused: bool,
    /// The keys are taken: the person decides.
    pub conflict: Option<KeyConflict>,
    /// Start where the last window was left; remembered.
    pub remembers_session: bool,
    /// The system's language, for who chooses none.
    pub system_language: Language,
}

impl Preferences {
    /// No key is waited for any more.
    pub fn give_up(&mut self) {
        (self.waiting, self.conflict, self.is_refused) = (None, None, false);
    }

    /// Gives `keys` to `action`, or asks the person where others have them.
    pub fn want(&mut self, action: Action, keys: Vec<KeyboardShortcut>) {
        self.give_up();
        let holders = self.keys.holders(action, &keys);
        if holders.is_empty() {
            self.keys.give(action, &keys);
        } else {
            self.conflict = Some(KeyConflict { action, keys, holders });
        }
    }
}
