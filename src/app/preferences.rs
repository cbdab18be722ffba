//! The settings dialog: what it shows beside the settings themselves, and the one place where it changes them.

use eframe::egui::{self, Key, KeyboardShortcut};

use super::Window;
use super::command::keys::text_of;
use super::command::own_keys::{self, OwnKeys};
use super::command::{Action, Command};
use super::state::{Dialog, State};
use super::theme::{self, ThemeChoice};
use crate::language::{self, Language};

/// Which half of the dialog is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Everything but the keys.
    #[default]
    General,
    /// The keys.
    Shortcuts,
}

/// Keys that a command wants and others have.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Who wants them.
    pub action: Action,
    /// Which.
    pub keys: Vec<KeyboardShortcut>,
    /// Who has them.
    pub holders: Vec<Action>,
}

/// What the settings dialog works on.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The half that is shown.
    pub page: Page,
    /// The keys that count; remembered.
    pub keys: OwnKeys,
    /// The command whose new key is waited for.
    pub waiting: Option<Action>,
    /// The key that was pressed cannot be given to a command.
    pub is_refused: bool,
    /// The keys are taken: the person decides.
    pub conflict: Option<Conflict>,
    /// Start where the last window was left; remembered.
    pub remembers_session: bool,
    /// The system's language, for who chooses none.
    pub system_language: Language,
}

/// A change in the settings dialog.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Show this half.
    Page(Page),
    /// Speak this language; `None` is the system's.
    Language(Option<Language>),
    /// Dark or light.
    Theme(ThemeChoice),
    /// Start where the last window was left.
    RememberSession(bool),
    /// Take the network that is recommended.
    Recommended,
    /// The next key is this command's.
    Wait(Action),
    /// A key was pressed; `None` is one that cannot be given away.
    Press(Option<KeyboardShortcut>),
    /// Take the keys from those that have them.
    Take,
    /// Leave everything as it is.
    GiveUp,
    /// The command gets the keys back that it came with.
    Reset(Action),
    /// All do.
    ResetAll,
}

impl Window {
    /// Carries out a change in the settings dialog.
    pub(super) fn change_settings(&mut self, ctx: &egui::Context, change: Change) {
        let preferences = &mut self.state.preferences;
        match change {
            Change::Page(page) => {
                preferences.page = page;
                preferences.give_up();
            }
            Change::Language(chosen) => {
                self.state.chosen_language = chosen;
                self.state.language = chosen.unwrap_or(self.state.preferences.system_language);
                language::set(self.state.language);
            }
            Change::Theme(choice) => {
                self.state.theme = choice;
                theme::apply(ctx, choice);
            }
            Change::RememberSession(remembers) => preferences.remembers_session = remembers,
            Change::Recommended => self.use_recommended(),
            Change::Wait(action) => {
                preferences.give_up();
                preferences.waiting = Some(action);
            }
            Change::Press(None) => preferences.is_refused = true,
            Change::Press(Some(shortcut)) => {
                if let Some(action) = preferences.waiting.take() {
                    log::info!("key: {} for {action:?}", text_of(&shortcut));
                    preferences.want(action, vec![shortcut]);
                }
            }
            Change::Reset(action) => preferences.want(action, action.first_keys()),
            Change::ResetAll => {
                preferences.give_up();
                preferences.keys = OwnKeys::default();
            }
            Change::Take => {
                if let Some(Conflict { action, keys, .. }) = preferences.conflict.take() {
                    preferences.keys.give(action, &keys);
                }
            }
            Change::GiveUp => preferences.give_up(),
        }
        self.state.preferences.keys.put_in_use();
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

impl Preferences {
    fn give_up(&mut self) {
        (self.waiting, self.conflict, self.is_refused) = (None, None, false);
    }

    fn want(&mut self, action: Action, keys: Vec<KeyboardShortcut>) {
        self.give_up();
        let holders = self.keys.holders(action, &keys);
        if holders.is_empty() {
            self.keys.give(action, &keys);
        } else {
            self.conflict = Some(Conflict { action, keys, holders });
        }
    }
}

/// While a new key is waited for, every key is that key. Answers whether one is waited for.
pub(super) fn read_new_key(ctx: &egui::Context, state: &State, commands: &mut Vec<Command>) -> bool {
    if state.preferences.waiting.is_none() || state.dialog != Dialog::Settings {
        return false;
    }
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let change = match event {
                // What reaches the window before we look moves the focus already.
                egui::Event::Key { key: Key::Tab, .. } => return true,
                egui::Event::Key { key: Key::Escape, pressed: true, .. } => Change::GiveUp,
                egui::Event::Key { key, .. } if own_keys::is_held(*key) => return true,
                egui::Event::Key { key, pressed: true, modifiers, repeat: false, .. } => {
                    let shortcut = own_keys::pressed(*key, *modifiers);
                    Change::Press((!own_keys::is_reserved(&shortcut)).then_some(shortcut))
                }
                // The system's keys for these come as what they mean.
                egui::Event::Copy | egui::Event::Cut | egui::Event::Paste(_) => Change::Press(None),
                egui::Event::Key { .. } | egui::Event::Text(_) => return false,
                _ => return true,
            };
            commands.push(Command::Settings(change));
            false
        });
    });
    true
}
