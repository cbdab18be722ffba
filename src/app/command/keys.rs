//! The keys that actions come with. A key does one thing; while a mask is corrected some do another.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use super::Action;

pub(super) const NONE: Modifiers = Modifiers::NONE;
pub(super) const SHIFT: Modifiers = Modifiers::SHIFT;
pub(super) const CTRL: Modifiers = Modifiers::COMMAND;
pub(super) const CTRL_SHIFT: Modifiers =
    Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

impl Action {
    /// The keys that it comes with; the first is the one shown.
    fn keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Self::OpenPhotos => &[(CTRL, Key::O)],
            Self::OpenFolder => &[(CTRL_SHIFT, Key::O)],
            Self::OpenSample => &[(CTRL_SHIFT, Key::E)],
            Self::OpenReference => &[(CTRL, Key::R)],
            Self::CloseReference => &[(CTRL_SHIFT, Key::R)],
            Self::SaveMask => &[(CTRL, Key::S)],
            Self::SaveOverlay => &[(CTRL_SHIFT, Key::S)],
            Self::SaveReport => &[(CTRL, Key::P)],
            Self::Next => &[(NONE, Key::ArrowRight), (NONE, Key::ArrowDown), (NONE, Key::PageDown)],
            Self::Previous => &[(NONE, Key::ArrowLeft), (NONE, Key::ArrowUp), (NONE, Key::PageUp)],
            Self::First => &[(NONE, Key::Home)],
            Self::Last => &[(NONE, Key::End)],
            Self::ShowOutline => &[(NONE, Key::Num1)],
            Self::ShowFill => &[(NONE, Key::Num2)],
            Self::ShowHeat => &[(NONE, Key::Num3)],
            Self::ShowError => &[(NONE, Key::Num4)],
            Self::ShowOff => &[(NONE, Key::Num5)],
            Self::ThresholdDown => &[(NONE, Key::OpenBracket)],
            Self::ThresholdUp => &[(NONE, Key::CloseBracket)],
            Self::ThresholdReset => &[(NONE, Key::Backslash)],
            Self::ZoomIn => &[(NONE, Key::Plus), (NONE, Key::Equals)],
            Self::ZoomOut => &[(NONE, Key::Minus)],
            Self::ZoomFit => &[(NONE, Key::Num0), (NONE, Key::F)],
            Self::ZoomActual => &[(NONE, Key::Z)],
            Self::Brighter => &[(SHIFT, Key::ArrowUp)],
            Self::Darker => &[(SHIFT, Key::ArrowDown)],
            Self::MoreContrast => &[(SHIFT, Key::ArrowRight)],
            Self::LessContrast => &[(SHIFT, Key::ArrowLeft)],
            Self::MoreGamma => &[(SHIFT, Key::PageUp)],
            Self::LessGamma => &[(SHIFT, Key::PageDown)],
            Self::ShowAsStored => &[(NONE, Key::O)],
            Self::ToggleFilmstrip => &[(NONE, Key::F7)],
            Self::ToggleSidePanel => &[(NONE, Key::F8)],
            Self::TogglePanels => &[(NONE, Key::Tab)],
            Self::ToggleTheme => &[(CTRL, Key::T)],
            Self::ToggleLanguage => &[(CTRL, Key::L)],
            Self::Accept => &[(NONE, Key::Num6)],
            Self::Reject => &[(NONE, Key::Num7)],
            Self::MarkUnsure => &[(NONE, Key::Num8)],
            Self::NextUnreviewed => &[(NONE, Key::Num9)],
            Self::WriteNote => &[(NONE, Key::M)],
            Self::ToggleDiameters => &[(NONE, Key::D)],
            Self::ToggleAbcd => &[(NONE, Key::A)],
            Self::Calibrate => &[(NONE, Key::R)],
            Self::Compare => &[(NONE, Key::C)],
            Self::FlipSides => &[(NONE, Key::W)],
            Self::DividerLeft => &[(NONE, Key::Comma)],
            Self::DividerRight => &[(NONE, Key::Period)],
            Self::ToggleTable => &[(NONE, Key::T)],
            Self::ChooseNetwork => &[(NONE, Key::N)],
            Self::Retry => &[(NONE, Key::F5)],
            Self::ShowHelp => &[(NONE, Key::Questionmark), (NONE, Key::F1)],
            Self::ShowAbout => &[(CTRL, Key::I)],
            Self::Dismiss => &[(NONE, Key::Escape)],
            Self::ShowSettings => &[(CTRL, Key::Comma)],
            Self::Quit => &[(CTRL, Key::Q)],
            _ => self.correcting_keys(),
        }
    }

    /// The keys that it comes with.
    #[must_use]
    pub fn first_keys(self) -> Vec<KeyboardShortcut> {
        self.keys().iter().map(|&(modifiers, key)| KeyboardShortcut::new(modifiers, key)).collect()
    }

    /// The key to show, as people write it; empty where it has none.
    #[must_use]
    pub fn shortcut_text(self) -> String {
        self.shortcuts().next().as_ref().map(text_of).unwrap_or_default()
    }
}

/// A key as people write it.
#[must_use]
pub fn text_of(shortcut: &KeyboardShortcut) -> String {
    let key = match shortcut.logical_key {
        Key::ArrowRight => "→",
        Key::ArrowLeft => "←",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::PageUp => "PgUp",
        Key::PageDown => "PgDn",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::OpenCurlyBracket => "{",
        Key::CloseCurlyBracket => "}",
        Key::Backslash => "\\",
        Key::Slash => "/",
        Key::Pipe => "|",
        Key::Comma => ",",
        Key::Period => ".",
        Key::Colon => ":",
        Key::Semicolon => ";",
        Key::Quote => "'",
        Key::Backtick => "`",
        Key::Plus => "+",
        Key::Minus => "−",
        Key::Equals => "=",
        Key::Questionmark => "?",
        Key::Exclamationmark => "!",
        Key::Escape => "Esc",
        key => key.name(),
    };
    let modifiers = shortcut.modifiers;
    let mut text = String::new();
    if modifiers.command {
        text.push_str(if cfg!(target_os = "macos") { "⌘" } else { "Ctrl+" });
    }
    if modifiers.alt {
        text.push_str(if cfg!(target_os = "macos") { "⌥" } else { "Alt+" });
    }
    if modifiers.shift {
        text.push_str("Shift+");
    }
    text + key
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_words_and_a_key_of_its_own() {
        for is_correcting in [false, true] {
            let mut keys = HashSet::new();
            for action in Action::all().filter(|action| action.has_keys(is_correcting)) {
                for shortcut in action.first_keys() {
                    assert!(keys.insert(shortcut), "{shortcut:?} does two things");
                }
            }
        }
        let mut labels = HashSet::new();
        for action in Action::all() {
            assert!(!action.tooltip().is_empty());
            assert!(labels.insert(action.label()), "{} stands twice", action.label());
            assert!(!action.first_keys().is_empty(), "{} has no key", action.label());
        }
    }
}
