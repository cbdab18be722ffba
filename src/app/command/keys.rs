//! The keys that actions come with, in two sets. A key does one thing; while a mask is corrected some do another.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::action::Action;

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

/// A set of keys that commands come with; the person's own come before them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum KeySet {
    /// Overlays and decisions by number, tools by letter.
    #[default]
    Standard,
    /// Decisions by letter and Enter, under resting hands; what had these letters has them with Shift.
    Review,
}

impl Action {
    /// The keys of `set`; the first is the one shown.
    fn keys_in(self, set: KeySet) -> &'static [(Modifiers, Key)] {
        match (set, self) {
            (KeySet::Review, Self::Accept) => &[(NONE, Key::A), (NONE, Key::Enter)],
            (KeySet::Review, Self::Reject) => &[(NONE, Key::R)],
            (KeySet::Review, Self::MarkUnsure) => &[(NONE, Key::U)],
            (KeySet::Review, Self::NextUnreviewed) => &[(NONE, Key::J)],
            (KeySet::Review, Self::ToggleAbcd) => &[(SHIFT, Key::A)],
            (KeySet::Review, Self::Calibrate) => &[(SHIFT, Key::C)],
            (KeySet::Standard | KeySet::Review, _) => self.keys(),
        }
    }

    /// The keys of the standard set.
    fn keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Self::OpenPhotos => &[(CTRL, Key::O)],
            Self::OpenFolder => &[(CTRL_SHIFT, Key::O)],
            Self::OpenSample => &[(CTRL_SHIFT, Key::E)],
            Self::OpenFundusSample => &[(CTRL_SHIFT, Key::Y)],
            Self::OpenReference => &[(CTRL, Key::R)],
            Self::CloseReference => &[(CTRL_SHIFT, Key::R)],
            Self::SaveMask => &[(CTRL, Key::S)],
            Self::SaveOverlay => &[(CTRL_SHIFT, Key::S)],
            Self::SaveReport => &[(CTRL, Key::P)],
            Self::ShowInFolder => &[(CTRL_SHIFT, Key::F)],
            Self::Next => &[(NONE, Key::ArrowRight), (NONE, Key::ArrowDown), (NONE, Key::PageDown)],
            Self::Previous => &[(NONE, Key::ArrowLeft), (NONE, Key::ArrowUp), (NONE, Key::PageUp)],
            Self::First => &[(NONE, Key::Home)],
            Self::Last => &[(NONE, Key::End)],
            Self::ShowOutline => &[(NONE, Key::Num1)],
            Self::ShowBand => &[(NONE, Key::B)],
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
            Self::ToggleHair => &[(SHIFT, Key::H)],
            Self::ToggleCorners => &[(SHIFT, Key::K)],
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
            Self::NextDoubtful => &[(NONE, Key::Y)],
            Self::LookThrough => &[(SHIFT, Key::Y)],
            Self::UndoDecision => &[(CTRL, Key::Z)],
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
            Self::ToggleLive => &[(NONE, Key::L)],
            Self::FreezeFrame => &[(NONE, Key::Space)],
            Self::KeepFrame => &[(NONE, Key::Enter)],
            Self::ChooseFrameFolder => &[(SHIFT, Key::F)],
            Self::Retry => &[(NONE, Key::F5)],
            Self::ToggleCareful => &[(SHIFT, Key::F5)],
            Self::ToggleSecondLook => &[(CTRL_SHIFT, Key::F5)],
            Self::ToggleSecond => &[(CTRL, Key::F5)],
            Self::ShowHelp => &[(NONE, Key::Questionmark), (NONE, Key::F1)],
            Self::ShowAbout => &[(CTRL, Key::I)],
            Self::Dismiss => &[(NONE, Key::Escape)],
            Self::ShowSettings => &[(CTRL, Key::Comma)],
            Self::Quit => &[(CTRL, Key::Q)],
            _ => self.correcting_keys(),
        }
    }

    /// The keys that it comes with in `set`.
    #[must_use]
    pub fn first_keys(self, set: KeySet) -> Vec<KeyboardShortcut> {
        self.keys_in(set).iter().map(|&(modifiers, key)| KeyboardShortcut::new(modifiers, key)).collect()
    }

    /// The keys of an action that corrects; no other has any here.
    fn correcting_keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Self::ToggleCorrection => &[(NONE, Key::E)],
            Self::UseOtherMask => &[(NONE, Key::V)],
            Self::UseBrush => &[(NONE, Key::B)],
            Self::UseEraser => &[(NONE, Key::X)],
            Self::UsePolygon => &[(NONE, Key::P)],
            Self::UseLasso => &[(NONE, Key::L)],
            Self::BrushSmaller => &[(NONE, Key::OpenBracket)],
            Self::BrushLarger => &[(NONE, Key::CloseBracket)],
            Self::CloseLine => &[(NONE, Key::Enter)],
            Self::RemovePoint => &[(NONE, Key::Backspace)],
            Self::FillHoles => &[(NONE, Key::H)],
            Self::KeepLargest => &[(NONE, Key::K)],
            Self::Smooth => &[(NONE, Key::S)],
            Self::Grow => &[(NONE, Key::G)],
            Self::Shrink => &[(SHIFT, Key::G)],
            Self::ToggleFill => &[(NONE, Key::I)],
            Self::ToggleNetworkOutline => &[(SHIFT, Key::V)],
            Self::Undo => &[(CTRL, Key::Z)],
            Self::Redo => &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)],
            Self::StartFromNetwork => &[(SHIFT, Key::N)],
            Self::StartEmpty => &[(SHIFT, Key::Delete)],
            Self::StartFromReference => &[(SHIFT, Key::R)],
            _ => &[],
        }
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
    use std::collections::{BTreeSet, HashSet};

    use strum::VariantArray as _;

    use super::*;
    use crate::app::command::key_mode::KeyMode;
    use crate::language::Language;

    #[test]
    fn help_lists_every_action_once_and_every_message_of_an_action_is_one() {
        let listed: Vec<Action> = Action::all().collect();
        let all: HashSet<Action> = Action::VARIANTS.iter().copied().collect();
        assert_eq!((listed.len(), listed.into_iter().collect::<HashSet<_>>()), (all.len(), all));
        let texts = [
            include_str!("../../../assets/translations/en/actions.ftl"),
            include_str!("../../../assets/translations/en/compare.ftl"),
            include_str!("../../../assets/translations/en/correct.ftl"),
            include_str!("../../../assets/translations/en/display.ftl"),
            include_str!("../../../assets/translations/en/live_window.ftl"),
            include_str!("../../../assets/translations/en/measure.ftl"),
            include_str!("../../../assets/translations/en/review.ftl"),
            include_str!("../../../assets/translations/en/vessels.ftl"),
        ];
        let lines = texts.into_iter().flat_map(str::lines);
        let messages: BTreeSet<&str> = lines
            .filter(|line| line.starts_with("action-"))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect();
        let named: BTreeSet<&str> = Action::VARIANTS.iter().map(|action| action.words().id).collect();
        assert_eq!(messages, named);
    }

    #[test]
    fn every_action_has_words_and_a_key_of_its_own() {
        for (&set, &mode) in
            KeySet::VARIANTS.iter().flat_map(|set| KeyMode::VARIANTS.iter().map(move |mode| (set, mode)))
        {
            let mut keys = HashSet::new();
            for action in Action::all() {
                for shortcut in action.first_keys(set).into_iter().filter(|key| action.takes(key, mode)) {
                    assert!(keys.insert(shortcut), "{shortcut:?} does two things in {set:?}");
                }
            }
        }
        let mut labels = HashSet::new();
        for action in Action::all() {
            assert!(!action.tooltip(Language::English).is_empty());
            assert!(
                labels.insert(action.label(Language::English)),
                "{} stands twice",
                action.label(Language::English)
            );
            for &set in KeySet::VARIANTS {
                assert!(!action.first_keys(set).is_empty(), "{} has no key", action.label(Language::English));
            }
        }
    }
}
