//! Keys to commands, by the shortcuts that stand on [`Action`].

use eframe::egui::{self, Event, Key, KeyboardShortcut, Modifiers};

use super::command::Command;
use super::command::action::Action;
use super::command::change::SettingsChange;
use super::command::key_bindings::{self, KeyBindings};
use super::model::state::{Dialog, State};

/// Sends the commands of the keys pressed in this frame.
pub(super) fn read(ctx: &egui::Context, state: &State, commands: &mut Vec<Command>) {
    if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::F6)) {
        ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::Next));
    }
    if read_new_key(ctx, state, commands) {
        return;
    }
    if egui::Popup::is_any_open(ctx) {
        // An open menu has the keys, Escape first of all.
        return;
    }
    let is_focused = ctx.memory(|memory| memory.focused().is_some());
    let is_writing = ctx.text_edit_focused();
    let keys = &state.preferences.keys;
    let mode = state.key_mode();
    let mut actions: Vec<Action> = Action::all().filter(|action| action.has_keys(mode)).collect();
    // Those with more modifiers first: Ctrl+O would otherwise take Ctrl+Shift+O.
    actions.sort_by_key(|action| std::cmp::Reverse(keys.of(*action).iter().map(|s| count(s.modifiers)).max()));
    let counts = |action: Action, shortcut: KeyboardShortcut| {
        if !action.takes(&shortcut, mode) {
            return false;
        }
        // A focused control has the keys that write: arrows move a slider, Escape leaves it, a note has capitals.
        let is_plain = !shortcut.modifiers.command && !shortcut.modifiers.alt;
        let is_taken = is_focused && is_plain && action != Action::ShowHelp;
        // Who writes takes back what was written.
        let is_of_text = is_writing && matches!(action, Action::Undo | Action::Redo | Action::UndoDecision);
        let is_blocked = state.dialog != Dialog::None && action != Action::Dismiss && action != Action::Quit;
        !is_taken && !is_of_text && !is_blocked
    };
    let shortcuts: Vec<(Action, KeyboardShortcut)> = actions
        .into_iter()
        .flat_map(|action| keys.of(action).into_iter().map(move |shortcut| (action, shortcut)))
        .filter(|&(action, shortcut)| counts(action, shortcut))
        .collect();
    // A slow frame may hold several presses; each counts, in the order in which they came.
    ctx.input_mut(|input| {
        input.events.retain(|event| match action_of(event, &shortcuts) {
            Some(action) => {
                commands.push(action.into());
                false
            }
            None => true,
        });
    });
}

/// Whether `event` is a press of a key after which keys may mean something else: it opens or closes what has them.
pub(super) fn changes_keys(event: &Event, keys: &KeyBindings) -> bool {
    // Those that egui moves the focus by.
    let moves_focus = matches!(event, Event::Key { key: Key::Escape | Key::Tab | Key::F6, pressed: true, .. });
    let is_pressed = |shortcut: &KeyboardShortcut| is_press_of(event, shortcut);
    moves_focus || Action::all().any(|action| action.changes_keys() && keys.of(action).iter().any(is_pressed))
}

/// The first of `shortcuts` that `event` is a press of.
fn action_of(event: &Event, shortcuts: &[(Action, KeyboardShortcut)]) -> Option<Action> {
    shortcuts.iter().find(|(_, shortcut)| is_press_of(event, shortcut)).map(|&(action, _)| action)
}

fn is_press_of(event: &Event, shortcut: &KeyboardShortcut) -> bool {
    let Event::Key { key, modifiers, pressed: true, .. } = event else { return false };
    shortcut.logical_key == *key && modifiers.matches_logically(shortcut.modifiers)
}

fn count(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.command) + u8::from(modifiers.shift) + u8::from(modifiers.alt)
}

/// Takes the Tab key for 'all panels' while no control is focused; otherwise it moves the focus, as everywhere.
/// F6 gives the first control the focus, Escape gives it back.
pub(super) fn take_tab(
    ctx: &egui::Context,
    raw: &mut egui::RawInput,
    keys: &KeyBindings,
    commands: &mut Vec<Command>,
) {
    let is_tab = |shortcut: &KeyboardShortcut| shortcut.logical_key == Key::Tab;
    if ctx.memory(|memory| memory.focused().is_some()) || !keys.of(Action::TogglePanels).iter().any(is_tab) {
        return;
    }
    raw.events.retain(|event| match event {
        Event::Key { key: Key::Tab, pressed, modifiers, .. } if modifiers.is_none() => {
            if *pressed {
                commands.push(Action::TogglePanels.into());
            }
            false
        }
        _ => true,
    });
}

/// While a new key is waited for, every key is that key. Returns whether one is waited for.
fn read_new_key(ctx: &egui::Context, state: &State, commands: &mut Vec<Command>) -> bool {
    if state.preferences.waiting.is_none() || state.dialog != Dialog::Settings {
        return false;
    }
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let change = match event {
                // What reaches the window before we look moves the focus already.
                egui::Event::Key { key: Key::Tab, .. } => return true,
                egui::Event::Key { key: Key::Escape, pressed: true, .. } => SettingsChange::GiveUp,
                egui::Event::Key { key, .. } if key_bindings::is_held(*key) => return true,
                egui::Event::Key { key, pressed: true, modifiers, repeat: false, .. } => {
                    let shortcut = key_bindings::pressed(*key, *modifiers);
                    SettingsChange::Press((!key_bindings::is_reserved(&shortcut)).then_some(shortcut))
                }
                // The system's keys for these come as what they mean.
                egui::Event::Copy | egui::Event::Cut | egui::Event::Paste(_) => SettingsChange::Press(None),
                egui::Event::Key { .. } | egui::Event::Text(_) => return false,
                _ => return true,
            };
            commands.push(Command::Settings(change));
            false
        });
    });
    true
}
