//! Which keys do what: those of the chosen set, and the person's own before them. Two commands never share a key while
//! both can be meant.

use std::collections::{BTreeMap, HashMap};

use eframe::egui::{Key, KeyboardShortcut, Modifiers};
use serde::Deserialize;
use serde_json::Value;
use strum::VariantArray as _;

use super::action::Action;
use super::key_mode::KeyMode;
use super::keys::{KeySet, text_of};
use crate::language::Words;
use crate::words;

/// A set of keys, and keys that commands have instead of those in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyBindings {
    set: KeySet,
    own: HashMap<Action, Vec<KeyboardShortcut>>,
}

impl Action {
    /// What it is called in the settings' file.
    #[must_use]
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::String(name)) => name,
            _ => String::new(),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::deserialize(Value::from(name)).ok()
    }

    /// Whether there is a time at which `key` could mean either.
    fn meets(self, other: Self, key: &KeyboardShortcut) -> bool {
        self != other && KeyMode::VARIANTS.iter().any(|&mode| self.takes(key, mode) && other.takes(key, mode))
    }

    /// Whether its key stays what it is: the one that closes and gives up, wherever a person has got to.
    #[must_use]
    pub fn has_fixed_keys(self) -> bool {
        self == Self::Dismiss
    }
}

impl KeyBindings {
    /// The keys of `set`, and none of the person's own.
    #[must_use]
    pub fn of_set(set: KeySet) -> Self {
        Self { set, own: HashMap::new() }
    }

    /// The set that keys are of where the person has not given others.
    #[must_use]
    pub fn set(&self) -> KeySet {
        self.set
    }

    /// Takes the keys of `set`, and keeps the person's own. Returns what is said of those that mean something else in it:
    /// they go.
    pub fn use_set(&mut self, set: KeySet) -> Vec<Words> {
        self.set = set;
        self.own.retain(|action, keys| *keys != action.first_keys(set));
        let before = self.own.clone();
        self.part(&mut Vec::new());
        let gone = Action::all().filter(|action| !self.is_own(*action));
        let keys_before = gone.filter_map(|action| Some((action, before.get(&action)?)));
        let said = |(action, keys): (Action, &Vec<KeyboardShortcut>)| {
            let keys: Vec<String> = keys.iter().map(text_of).collect();
            words!("keys-own-gone", key = keys.join(", "), command = action.words())
        };
        keys_before.map(said).collect()
    }

    /// The keys of `action`.
    #[must_use]
    pub fn of(&self, action: Action) -> Vec<KeyboardShortcut> {
        self.own.get(&action).cloned().unwrap_or_else(|| self.first(action))
    }

    /// The keys that `action` comes with.
    #[must_use]
    pub fn first(&self, action: Action) -> Vec<KeyboardShortcut> {
        action.first_keys(self.set)
    }

    /// The key of `action` to show, as people write it; empty where it has none.
    #[must_use]
    pub fn shown(&self, action: Action) -> String {
        self.of(action).first().map(text_of).unwrap_or_default()
    }

    /// Whether `action` has other keys than it comes with.
    #[must_use]
    pub fn is_own(&self, action: Action) -> bool {
        self.own.contains_key(&action)
    }

    /// Whether any has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// The commands that have one of `keys` already, when `action` wants them.
    #[must_use]
    pub fn holders(&self, action: Action, keys: &[KeyboardShortcut]) -> Vec<Action> {
        let has_one =
            |other: &Action| self.of(*other).iter().any(|key| keys.contains(key) && action.meets(*other, key));
        Action::all().filter(has_one).collect()
    }

    /// Gives `keys` to `action`, and takes them from those that have them.
    pub fn give(&mut self, action: Action, keys: &[KeyboardShortcut]) {
        for holder in self.holders(action, keys) {
            let left = self.of(holder).into_iter().filter(|key| !keys.contains(key)).collect();
            self.put(holder, left);
        }
        self.put(action, keys.to_vec());
    }

    fn put(&mut self, action: Action, keys: Vec<KeyboardShortcut>) {
        if keys == self.first(action) {
            self.own.remove(&action);
        } else {
            self.own.insert(action, keys);
        }
    }

    /// The keys as they stand in the settings' file.
    #[must_use]
    pub fn to_names(&self) -> BTreeMap<String, Value> {
        let name = |keys: &[KeyboardShortcut]| keys.iter().map(name_of).collect::<Vec<_>>().into();
        self.own.iter().map(|(action, keys)| (action.name(), name(keys))).collect()
    }

    /// The keys of a settings' file beside those of `set`, and what is wrong with it: a command with a bad entry keeps its
    /// first keys.
    #[must_use]
    pub fn from_names(set: KeySet, names: &BTreeMap<String, Value>) -> (Self, Vec<Words>) {
        let (mut own, mut complaints) = (Self::of_set(set), Vec::new());
        for (name, value) in names {
            let Some(action) = Action::named(name).filter(|action| !action.has_fixed_keys()) else {
                complaints.push(words!("keys-no-command", name = name.as_str()));
                continue;
            };
            let list = match value {
                Value::Array(list) => list.as_slice(),
                single => std::slice::from_ref(single),
            };
            let key = |value: &Value| value.as_str().and_then(shortcut_named).filter(|key| !is_reserved(key));
            match list.iter().map(key).collect::<Option<Vec<_>>>() {
                Some(keys) => own.put(action, keys),
                None => complaints.push(words!("keys-unreadable", name = name.as_str(), key = value.to_string())),
            }
        }
        own.part(&mut complaints);
        (own, complaints)
    }

    /// Takes back what would let one key mean two things. Keys that come back may be in the way of others in turn.
    fn part(&mut self, complaints: &mut Vec<Words>) {
        let clash = |own: &Self| {
            let mut owners = Action::all().filter(|action| own.is_own(*action));
            owners.find_map(|action| own.holders(action, &own.of(action)).first().map(|holder| (action, *holder)))
        };
        while let Some((action, holder)) = clash(self) {
            let keys = self.of(holder);
            let shared = self.of(action).into_iter().find(|key| keys.contains(key));
            let key = shared.as_ref().map(text_of).unwrap_or_default();
            complaints.push(words!("keys-twice", one = action.name(), other = holder.name(), key = key));
            self.own.remove(&action);
            self.own.remove(&holder);
        }
    }
}

/// A pressed key as a shortcut: the modifiers that a person means by it.
#[must_use]
pub fn pressed(key: Key, modifiers: Modifiers) -> KeyboardShortcut {
    // Signs that need Shift on one keyboard do not on another.
    let is_sign = matches!(
        key,
        Key::Questionmark
            | Key::Exclamationmark
            | Key::Plus
            | Key::Colon
            | Key::Pipe
            | Key::OpenCurlyBracket
            | Key::CloseCurlyBracket
    );
    let modifiers = Modifiers {
        alt: modifiers.alt,
        ctrl: false,
        shift: modifiers.shift && !is_sign,
        mac_cmd: false,
        command: modifiers.command,
    };
    KeyboardShortcut::new(modifiers, key)
}

/// Whether a key is only held while another is pressed, or locks something: it is waited for what comes with it.
#[must_use]
pub fn is_held(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
            | Key::CapsLock
            | Key::NumLock
            | Key::ScrollLock
    )
}

/// Keys that the window or the system has for itself.
#[must_use]
pub fn is_reserved(shortcut: &KeyboardShortcut) -> bool {
    let key = shortcut.logical_key;
    let is_text = shortcut.modifiers.command && matches!(key, Key::C | Key::X | Key::V | Key::A);
    let is_ours = matches!(key, Key::Escape | Key::Space | Key::F6 | Key::Copy | Key::Cut | Key::Paste);
    // Tab moves the focus; without a focus it hides the panels, as it comes.
    let is_tab = key == Key::Tab && *shortcut != KeyboardShortcut::new(Modifiers::NONE, Key::Tab);
    is_text || is_ours || is_tab || is_held(key)
}

/// `Ctrl+Shift+S`, the same on every system.
fn name_of(shortcut: &KeyboardShortcut) -> String {
    let modifiers = shortcut.modifiers;
    let held = [(modifiers.command, "Ctrl+"), (modifiers.alt, "Alt+"), (modifiers.shift, "Shift+")];
    let held: String = held.into_iter().filter_map(|(is_held, name)| is_held.then_some(name)).collect();
    held + shortcut.logical_key.name()
}

fn shortcut_named(name: &str) -> Option<KeyboardShortcut> {
    let mut parts: Vec<&str> = name.split('+').map(str::trim).collect();
    let key = Key::from_name(parts.pop()?)?;
    let mut modifiers = Modifiers::NONE;
    for part in parts {
        match part {
            "Ctrl" => modifiers.command = true,
            "Alt" => modifiers.alt = true,
            "Shift" => modifiers.shift = true,
            _ => return None,
        }
    }
    Some(KeyboardShortcut::new(modifiers, key))
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    fn key(name: &str) -> KeyboardShortcut {
        shortcut_named(name).unwrap_or_else(|| panic!("no key {name}"))
    }

    fn file(text: &str) -> (KeyBindings, Vec<String>) {
        let (own, complaints) =
            KeyBindings::from_names(KeySet::Standard, &serde_json::from_str(text).expect("it is JSON"));
        (own, complaints.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_key_that_commands_come_with_survives_the_file() {
        for action in Action::all() {
            assert_eq!(Action::named(&action.name()), Some(action));
            for shortcut in KeySet::VARIANTS.iter().flat_map(|set| action.first_keys(*set)) {
                assert_eq!(key(&name_of(&shortcut)), shortcut, "{action:?}");
            }
        }
        let mut own = KeyBindings::default();
        own.give(Action::SaveMask, &[key("Alt+Shift+F9")]);
        own.give(Action::Retry, &[key("Plus"), key("Ctrl+Down")]);
        assert_eq!(KeyBindings::from_names(KeySet::Standard, &own.to_names()), (own, Vec::new()));
    }

    #[test]
    fn a_key_that_is_taken_is_named_and_only_given_when_asked() {
        let mut own = KeyBindings::default();
        let wanted = [key("Ctrl+S")];
        assert_eq!(own.holders(Action::OpenSample, &wanted), [Action::SaveMask]);
        own.give(Action::OpenSample, &wanted);
        assert_eq!((own.of(Action::OpenSample), own.of(Action::SaveMask)), (wanted.to_vec(), vec![]));
        // Of several keys the others stay.
        own.give(Action::Retry, &[key("PageDown")]);
        assert_eq!(own.of(Action::Next), [key("Right"), key("Down")]);
        // Back to the first keys: in the file nothing stays of it.
        own.give(Action::SaveMask, &wanted);
        own.give(Action::OpenSample, &Action::OpenSample.first_keys(KeySet::Standard));
        own.give(Action::Next, &Action::Next.first_keys(KeySet::Standard));
        own.give(Action::Retry, &Action::Retry.first_keys(KeySet::Standard));
        assert!(own.is_empty(), "{own:?}");
    }

    #[test]
    fn keys_of_tools_that_are_away_are_free() {
        let own = KeyBindings::default();
        assert_eq!(own.holders(Action::BrushLarger, &[key("CloseBracket")]), []);
        assert_eq!(
            own.holders(Action::ThresholdUp, &[key("X")]),
            [],
            "the eraser's, while the threshold has no keys"
        );
        assert_eq!(own.holders(Action::Compare, &[key("X")]), [Action::UseEraser]);
    }

    #[test]
    fn a_file_written_by_hand_is_told_its_faults_and_the_rest_of_it_counts() {
        let (own, complaints) = file(
            r#"{ "save-mask": "Ctrl+F2", "fly": "F2", "retry": "Strg+R", "first": 7, "last": ["Escape"],
                "compare": "F9", "calibrate": "F9", "toggle-theme": "Ctrl+O", "dismiss": "F4" }"#,
        );
        assert_eq!(own.of(Action::SaveMask), [key("Ctrl+F2")]);
        for action in [Action::Retry, Action::First, Action::Last, Action::Compare, Action::Calibrate] {
            assert_eq!(own.of(action), action.first_keys(KeySet::Standard), "{action:?}");
        }
        assert_eq!(
            own.of(Action::ToggleTheme),
            Action::ToggleTheme.first_keys(KeySet::Standard),
            "Ctrl+O opens photos"
        );
        assert_eq!(own.of(Action::Dismiss), Action::Dismiss.first_keys(KeySet::Standard));
        let expected = ["fly", "retry", "first", "last", "dismiss", "F9", "Ctrl+O"];
        assert_eq!(complaints.len(), expected.len(), "{complaints:?}");
        for word in expected {
            assert!(complaints.iter().any(|words| words.contains(word)), "{word}: {complaints:?}");
        }
    }

    #[test]
    fn the_review_set_decides_by_letters_and_keeps_the_persons_own_keys_where_it_can() {
        let mut keys = KeyBindings::default();
        keys.give(Action::Compare, &[key("F9")]);
        keys.give(Action::SaveMask, &[key("U")]);
        keys.give(Action::Accept, &[key("A"), key("Enter")]);
        let complaints = keys.use_set(KeySet::Review);
        assert_eq!(keys.of(Action::Accept), [key("A"), key("Enter")]);
        assert!(!keys.is_own(Action::Accept), "it is the set's");
        assert_eq!((keys.of(Action::Compare), keys.of(Action::Reject)), (vec![key("F9")], vec![key("R")]));
        let said: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert!(said.len() == 1 && said[0].starts_with("U ") && said[0].contains("Save mask"), "{said:?}");
        assert_eq!(keys.of(Action::SaveMask), [key("Ctrl+S")]);
        assert_eq!(keys.holders(Action::Retry, &[key("R")]), [Action::Reject]);
        assert_eq!(keys.of(Action::Calibrate), [key("Shift+C")]);
        assert_eq!(KeyBindings::from_names(KeySet::Review, &keys.to_names()), (keys, Vec::new()));
    }

    #[test]
    fn enter_is_the_tools_while_they_are_out_and_free_otherwise() {
        let keys = KeyBindings::default();
        assert_eq!(keys.holders(Action::Accept, &[key("Enter")]), []);
        assert_eq!(keys.holders(Action::UseBrush, &[key("Enter")]), [Action::CloseLine]);
        assert!(
            Action::Accept.takes(&key("Enter"), KeyMode::Photo)
                && !Action::Accept.takes(&key("Enter"), KeyMode::Correcting)
        );
        assert!(Action::CloseLine.takes(&key("Enter"), KeyMode::Correcting));
    }

    #[test]
    fn two_commands_that_swap_their_keys_are_no_clash() {
        let (own, complaints) = file(r#"{ "compare": "R", "calibrate": "C" }"#);
        assert_eq!(complaints, Vec::<String>::new());
        assert_eq!((own.of(Action::Compare), own.of(Action::Calibrate)), (vec![key("R")], vec![key("C")]));
    }
}
