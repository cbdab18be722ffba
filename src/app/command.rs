//! Everything a person can ask of the window. [`Action`]s stand in menus, on buttons and in the list of shortcuts,
//! with label, tooltip and keys in one place; a [`Command`] is an action, or a change with a value.

use std::path::PathBuf;

use eframe::egui::{Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};

use crate::inference::EngineChoice;

/// What lies over the photo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum OverlayView {
    /// A line around the lesion.
    #[default]
    Outline,
    /// The lesion in one colour.
    Fill,
    /// The probability at each pixel.
    Heat,
    /// Agreement with the reference, pixel by pixel.
    Error,
    /// The bare photo.
    Off,
}

impl OverlayView {
    /// All views, in the order of their keys.
    pub const ALL: [Self; 5] = [Self::Outline, Self::Fill, Self::Heat, Self::Error, Self::Off];

    /// The action that shows this view.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Self::Outline => Action::ShowOutline,
            Self::Fill => Action::ShowFill,
            Self::Heat => Action::ShowHeat,
            Self::Error => Action::ShowError,
            Self::Off => Action::ShowOff,
        }
    }
}

/// A thing to do that needs no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Ask for photos to open.
    OpenPhotos,
    /// Ask for a folder to walk.
    OpenFolder,
    /// Open the built-in sample.
    OpenSample,
    /// Ask for a reference mask.
    OpenReference,
    /// Take the reference mask away.
    CloseReference,
    /// Save the mask as PNG.
    SaveMask,
    /// Save the photo with its outline as PNG.
    SaveOverlay,
    /// The photo after this one.
    Next,
    /// The photo before this one.
    Previous,
    /// The first photo.
    First,
    /// The last photo.
    Last,
    /// Overlay: outline.
    ShowOutline,
    /// Overlay: fill.
    ShowFill,
    /// Overlay: heat map.
    ShowHeat,
    /// Overlay: error view.
    ShowError,
    /// Overlay: none.
    ShowOff,
    /// Threshold down one step.
    ThresholdDown,
    /// Threshold up one step.
    ThresholdUp,
    /// Threshold back to the model's own.
    ThresholdReset,
    /// Zoom in on the middle.
    ZoomIn,
    /// Zoom out from the middle.
    ZoomOut,
    /// The whole photo.
    ZoomFit,
    /// One photo pixel a screen pixel.
    ZoomActual,
    /// Filmstrip in or out.
    ToggleFilmstrip,
    /// Side panel in or out.
    ToggleSidePanel,
    /// All panels in or out.
    TogglePanels,
    /// Dark or light.
    ToggleTheme,
    /// Open the menu of networks.
    ChooseNetwork,
    /// Run the network again.
    Retry,
    /// The list of shortcuts.
    ShowHelp,
    /// What this program is.
    ShowAbout,
    /// Close the topmost dialog or notice.
    Dismiss,
    /// Leave.
    Quit,
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

impl Action {
    /// All actions by group, in the order in which help lists them.
    pub const GROUPS: [(&'static str, &'static [Self]); 5] = [
        (
            "Files",
            &[
                Self::OpenPhotos,
                Self::OpenFolder,
                Self::OpenSample,
                Self::OpenReference,
                Self::CloseReference,
                Self::SaveMask,
                Self::SaveOverlay,
                Self::Quit,
            ],
        ),
        ("Walking", &[Self::Next, Self::Previous, Self::First, Self::Last]),
        (
            "Overlay",
            &[
                Self::ShowOutline,
                Self::ShowFill,
                Self::ShowHeat,
                Self::ShowError,
                Self::ShowOff,
                Self::ThresholdDown,
                Self::ThresholdUp,
                Self::ThresholdReset,
                Self::ChooseNetwork,
                Self::Retry,
            ],
        ),
        ("Looking", &[Self::ZoomIn, Self::ZoomOut, Self::ZoomFit, Self::ZoomActual]),
        (
            "Window",
            &[
                Self::TogglePanels,
                Self::ToggleFilmstrip,
                Self::ToggleSidePanel,
                Self::ToggleTheme,
                Self::ShowHelp,
                Self::ShowAbout,
                Self::Dismiss,
            ],
        ),
    ];

    /// All actions.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::GROUPS.into_iter().flat_map(|(_, actions)| actions.iter().copied())
    }

    /// Label, tooltip and keys. The first key is the one shown.
    fn facts(self) -> (&'static str, &'static str, &'static [(Modifiers, Key)]) {
        match self {
            Self::OpenPhotos => ("Open photo…", "Open one photograph or several", &[(CTRL, Key::O)]),
            Self::OpenFolder => {
                ("Open folder…", "Open a folder and walk through its photographs", &[(CTRL_SHIFT, Key::O)])
            }
            Self::OpenSample => {
                ("Open sample", "Open the drawn sample, with its true mask", &[(CTRL_SHIFT, Key::E)])
            }
            Self::OpenReference => {
                ("Choose reference mask…", "Compare with a mask of the same size", &[(CTRL, Key::R)])
            }
            Self::CloseReference => {
                ("Remove reference mask", "Stop comparing; the file is not touched", &[(CTRL_SHIFT, Key::R)])
            }
            Self::SaveMask => {
                ("Save mask…", "Save the lesion as a black and white PNG of the photo's size", &[(CTRL, Key::S)])
            }
            Self::SaveOverlay => {
                ("Save overlay…", "Save the photo with the outline drawn on it", &[(CTRL_SHIFT, Key::S)])
            }
            Self::Next => (
                "Next photo",
                "Go to the next photograph",
                &[(NONE, Key::ArrowRight), (NONE, Key::ArrowDown), (NONE, Key::PageDown)],
            ),
            Self::Previous => (
                "Previous photo",
                "Go to the previous photograph",
                &[(NONE, Key::ArrowLeft), (NONE, Key::ArrowUp), (NONE, Key::PageUp)],
            ),
            Self::First => ("First photo", "Go to the first photograph", &[(NONE, Key::Home)]),
            Self::Last => ("Last photo", "Go to the last photograph", &[(NONE, Key::End)]),
            Self::ShowOutline => ("Outline", "Draw a line around the lesion", &[(NONE, Key::Num1)]),
            Self::ShowFill => ("Fill", "Tint the lesion", &[(NONE, Key::Num2)]),
            Self::ShowHeat => ("Heat", "Show the probability at each pixel", &[(NONE, Key::Num3)]),
            Self::ShowError => ("Error", "Show where network and reference differ", &[(NONE, Key::Num4)]),
            Self::ShowOff => ("Off", "Show the bare photograph (or hold Space)", &[(NONE, Key::Num5)]),
            Self::ThresholdDown => {
                ("Lower threshold", "Count less certain pixels as lesion", &[(NONE, Key::OpenBracket)])
            }
            Self::ThresholdUp => {
                ("Raise threshold", "Count only more certain pixels as lesion", &[(NONE, Key::CloseBracket)])
            }
            Self::ThresholdReset => {
                ("Reset threshold", "Back to the model's own threshold", &[(NONE, Key::Backslash)])
            }
            Self::ZoomIn => ("Zoom in", "Zoom in", &[(NONE, Key::Plus), (NONE, Key::Equals)]),
            Self::ZoomOut => ("Zoom out", "Zoom out", &[(NONE, Key::Minus)]),
            Self::ZoomFit => {
                ("Fit", "Show the whole photograph (or double-click)", &[(NONE, Key::Num0), (NONE, Key::F)])
            }
            Self::ZoomActual => ("1:1", "One photo pixel a screen pixel", &[(NONE, Key::Z)]),
            Self::ToggleFilmstrip => ("Filmstrip", "Show or hide the filmstrip", &[(NONE, Key::F7)]),
            Self::ToggleSidePanel => ("Side panel", "Show or hide the panel on the right", &[(NONE, Key::F8)]),
            Self::TogglePanels => ("All panels", "Show the photograph alone, or everything", &[(NONE, Key::Tab)]),
            Self::ToggleTheme => {
                ("Dark or light", "Switch between the dark and the light theme", &[(CTRL, Key::T)])
            }
            Self::ChooseNetwork => {
                ("Choose network…", "Choose the network; each with its facts", &[(NONE, Key::N)])
            }
            Self::Retry => ("Run again", "Run the network on this photograph again", &[(NONE, Key::F5)]),
            Self::ShowHelp => {
                ("Shortcuts", "List every key and gesture", &[(NONE, Key::Questionmark), (NONE, Key::F1)])
            }
            Self::ShowAbout => ("About Dermaloupe", "What this program is, and what it is not", &[(CTRL, Key::I)]),
            Self::Dismiss => ("Close dialog or notice", "Close what lies on top", &[(NONE, Key::Escape)]),
            Self::Quit => ("Quit", "Close the window", &[(CTRL, Key::Q)]),
        }
    }

    /// What a button or menu says.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.facts().0
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        self.facts().1
    }

    /// The keys that do it; the first is the one shown.
    pub fn shortcuts(self) -> impl Iterator<Item = KeyboardShortcut> {
        self.facts().2.iter().map(|&(modifiers, key)| KeyboardShortcut::new(modifiers, key))
    }

    /// The key to show, as people write it.
    #[must_use]
    pub fn shortcut_text(self) -> String {
        let Some(shortcut) = self.shortcuts().next() else { return String::new() };
        let key = match shortcut.logical_key {
            Key::ArrowRight => "→".to_owned(),
            Key::ArrowLeft => "←".to_owned(),
            Key::OpenBracket => "[".to_owned(),
            Key::CloseBracket => "]".to_owned(),
            Key::Backslash => "\\".to_owned(),
            Key::Plus => "+".to_owned(),
            Key::Minus => "−".to_owned(),
            Key::Questionmark => "?".to_owned(),
            Key::Escape => "Esc".to_owned(),
            key => key.name().to_owned(),
        };
        let modifiers = shortcut.modifiers;
        let mut text = String::new();
        if modifiers.command {
            text.push_str(if cfg!(target_os = "macos") { "⌘" } else { "Ctrl+" });
        }
        if modifiers.shift {
            text.push_str("Shift+");
        }
        text + &key
    }
}

/// A change that the window applies in one place, `apply.rs`.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// An action from a button, a menu or a key.
    Do(Action),
    /// Open these files and folders.
    Open(Vec<PathBuf>),
    /// Show the photo at this place in the list.
    Select(usize),
    /// Compare with this mask.
    UseReference(PathBuf),
    /// Count pixels from this probability on as lesion.
    SetThreshold(f32),
    /// Let the overlay shine through: 0 is invisible, 1 is opaque.
    SetOpacity(f32),
    /// Look at this part of the photo.
    Look(super::state::Look),
    /// Run this network.
    UseModel(String),
    /// Run it on this engine.
    UseEngine(EngineChoice),
    /// Save the mask here.
    SaveMaskTo(PathBuf),
    /// Save the outlined photo here.
    SaveOverlayTo(PathBuf),
    /// A dialog closed at once without an answer: there may be none on this system.
    DialogFailed,
    /// Close this notice.
    CloseNotice(u64),
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Do(action)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_words_and_a_key_of_its_own() {
        let mut keys = HashSet::new();
        let mut labels = HashSet::new();
        for action in Action::all() {
            assert!(!action.tooltip().is_empty());
            assert!(labels.insert(action.label()), "{} stands twice", action.label());
            assert!(action.shortcuts().count() > 0, "{} has no key", action.label());
            for shortcut in action.shortcuts() {
                assert!(keys.insert(shortcut), "{shortcut:?} does two things");
            }
        }
    }
}
