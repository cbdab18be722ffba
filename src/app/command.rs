//! Everything a person can ask of the window. [`Action`]s stand in menus, on buttons and in the list of shortcuts, with
//! their keys here and their words in `words.rs`; a [`Command`] is an action, or a change with a value.

mod words;

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
    /// English or Chinese.
    ToggleLanguage,
    /// Draw both diameters on the photo, or not.
    ToggleDiameters,
    /// Draw the ABCD descriptors on the photo, or not.
    ToggleAbcd,
    /// Draw along a ruler in the photo.
    Calibrate,
    /// Compare two results on this photo, or stop.
    Compare,
    /// Swap both sides; while blinking, show the other.
    FlipSides,
    /// Swipe: the line to the left.
    DividerLeft,
    /// Swipe: the line to the right.
    DividerRight,
    /// The table of all networks, or not.
    ToggleTable,
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

/// Actions that help lists together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Opening and saving.
    Files,
    /// From photo to photo.
    Walking,
    /// What lies over the photo.
    Overlay,
    /// Zoom.
    Looking,
    /// The window's furniture.
    Window,
    /// Lengths and descriptors.
    Measuring,
    /// Two results, or all.
    Comparing,
}

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

impl Action {
    /// All actions by group, in the order in which help lists them.
    pub const GROUPS: [(Group, &'static [Self]); 7] = [
        (
            Group::Files,
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
        (Group::Walking, &[Self::Next, Self::Previous, Self::First, Self::Last]),
        (
            Group::Overlay,
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
        (Group::Looking, &[Self::ZoomIn, Self::ZoomOut, Self::ZoomFit, Self::ZoomActual]),
        (
            Group::Window,
            &[
                Self::TogglePanels,
                Self::ToggleFilmstrip,
                Self::ToggleSidePanel,
                Self::ToggleTheme,
                Self::ToggleLanguage,
                Self::ShowHelp,
                Self::ShowAbout,
                Self::Dismiss,
            ],
        ),
        (Group::Measuring, &[Self::ToggleDiameters, Self::ToggleAbcd, Self::Calibrate]),
        (
            Group::Comparing,
            &[Self::Compare, Self::FlipSides, Self::DividerLeft, Self::DividerRight, Self::ToggleTable],
        ),
    ];

    /// All actions.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::GROUPS.into_iter().flat_map(|(_, actions)| actions.iter().copied())
    }

    /// The keys that do it; the first is the one shown.
    fn keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Self::OpenPhotos => &[(CTRL, Key::O)],
            Self::OpenFolder => &[(CTRL_SHIFT, Key::O)],
            Self::OpenSample => &[(CTRL_SHIFT, Key::E)],
            Self::OpenReference => &[(CTRL, Key::R)],
            Self::CloseReference => &[(CTRL_SHIFT, Key::R)],
            Self::SaveMask => &[(CTRL, Key::S)],
            Self::SaveOverlay => &[(CTRL_SHIFT, Key::S)],
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
            Self::ToggleFilmstrip => &[(NONE, Key::F7)],
            Self::ToggleSidePanel => &[(NONE, Key::F8)],
            Self::TogglePanels => &[(NONE, Key::Tab)],
            Self::ToggleTheme => &[(CTRL, Key::T)],
            Self::ToggleLanguage => &[(CTRL, Key::L)],
            Self::ToggleDiameters => &[(NONE, Key::D)],
            Self::ToggleAbcd => &[(NONE, Key::A)],
            Self::Calibrate => &[(NONE, Key::R)],
            Self::Compare => &[(NONE, Key::C)],
            Self::FlipSides => &[(NONE, Key::X)],
            Self::DividerLeft => &[(NONE, Key::Comma)],
            Self::DividerRight => &[(NONE, Key::Period)],
            Self::ToggleTable => &[(NONE, Key::T)],
            Self::ChooseNetwork => &[(NONE, Key::N)],
            Self::Retry => &[(NONE, Key::F5)],
            Self::ShowHelp => &[(NONE, Key::Questionmark), (NONE, Key::F1)],
            Self::ShowAbout => &[(CTRL, Key::I)],
            Self::Dismiss => &[(NONE, Key::Escape)],
            Self::Quit => &[(CTRL, Key::Q)],
        }
    }

    /// The keys that do it; the first is the one shown.
    pub fn shortcuts(self) -> impl Iterator<Item = KeyboardShortcut> {
        self.keys().iter().map(|&(modifiers, key)| KeyboardShortcut::new(modifiers, key))
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
            Key::Comma => ",".to_owned(),
            Key::Period => ".".to_owned(),
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
    /// A change of measuring.
    Measure(super::measure::Change),
    /// A change of comparing.
    Compare(super::compare::Change),
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
