//! What the window remembers between starts: one JSON file in the configuration directory. A file that cannot be
//! read is set aside, never overwritten in silence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::command::keys::KeySet;
use super::model::compare::{BLINK_PACE, BLINK_PACES, ComparisonLayout, SideChoice};
use super::model::restore_point::RestorePoint;
use super::model::sections::SectionFolds;
use super::model::state::LayerOpacity;
use super::theme::ThemeChoice;
use crate::files::{self, FileKind};
use crate::folders;
use crate::inference::EngineKind;
use crate::language::{Language, Words};
use crate::overlay::view::OverlayView;
use crate::steps::ImageSteps;
use crate::words;

/// The most recent files that are remembered.
pub const MOST_RECENT: usize = 10;

/// The remembered settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// The language that was chosen; `None` is the system's.
    pub language: Option<Language>,
    /// What lies over the photo.
    pub view: OverlayView,
    /// How opaque each layer is. Before, one opacity was that of all of them.
    #[serde(deserialize_with = "one_or_each")]
    pub opacity: LayerOpacity,
    /// The network's outline beneath a corrected one.
    pub network_outline: bool,
    /// Filmstrip shown when there is more than one photo.
    pub filmstrip: bool,
    pub side_panel: bool,
    /// Files and folders opened before, newest first.
    pub recent: Vec<PathBuf>,
    /// The network that was chosen; `None` is the recommended one.
    pub model: Option<String>,
    /// The engine that was chosen; `None` is the fastest that works.
    pub engine: Option<EngineKind>,
    /// Steps before and after the network that were turned on.
    pub steps: ImageSteps,
    /// `[width, height]` of the window in points, as it was left.
    pub window_size: Option<[f32; 2]>,
    /// Brightness, contrast and gamma go with to the next photo.
    pub keeps_tone: bool,
    /// Sections of the side panel that were unfolded (true) or folded.
    pub sections: SectionFolds,
    pub reviewer: String,
    /// Start where the last window was left.
    pub remember_session: bool,
    pub session: Option<RestorePoint>,
    /// How both sides of a comparison lie.
    pub compare_layout: ComparisonLayout,
    /// What they show, where it was chosen.
    pub compare_sides: Option<[SideChoice; 2]>,
    /// Seconds that each is shown while blinking; none is by key alone.
    pub blink_seconds: Option<f32>,
    /// Which keys commands come with.
    pub key_set: KeySet,
    /// Keys of commands that have others than those they come with, by the command's name: `"save-mask": ["Ctrl+M"]`.
    pub keys: BTreeMap<String, Value>,
}

/// What is remembered, and where.
#[derive(Debug, Default)]
pub struct Remembered {
    /// The settings' file; nothing is written without one.
    pub path: Option<PathBuf>,
    pub settings: Settings,
    /// What was wrong with the file.
    pub complaint: Option<Words>,
}

impl Remembered {
    /// Reads what is remembered at `path`.
    #[must_use]
    pub fn at(path: Option<PathBuf>) -> Self {
        let (settings, complaint) = path.as_deref().map(Settings::read).unwrap_or_default();
        Self { path, settings, complaint }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            language: None,
            view: OverlayView::default(),
            opacity: LayerOpacity::default(),
            network_outline: true,
            filmstrip: true,
            side_panel: true,
            recent: Vec::new(),
            model: None,
            engine: None,
            steps: ImageSteps::default(),
            window_size: None,
            keeps_tone: false,
            sections: SectionFolds::default(),
            reviewer: String::new(),
            remember_session: true,
            session: None,
            compare_layout: ComparisonLayout::default(),
            compare_sides: None,
            blink_seconds: BLINK_PACE,
            key_set: KeySet::default(),
            keys: BTreeMap::new(),
        }
    }
}

/// Each layer's opacity, or one number from a file of before, which was mostly the fill's.
fn one_or_each<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LayerOpacity, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrEach {
        One(f32),
        Each(LayerOpacity),
    }
    Ok(match OneOrEach::deserialize(deserializer)? {
        OneOrEach::One(fill) => LayerOpacity { fill, ..LayerOpacity::default() },
        OneOrEach::Each(opacity) => opacity,
    })
}

impl Settings {
    /// Where the settings lie: `settings.json` in the user's configuration directory for this program.
    #[must_use]
    pub fn usual_path() -> Option<PathBuf> {
        folders::settings().map(|folder| folder.join("settings.json"))
    }

    /// Reads the settings at `path`. A missing file gives the defaults; a broken one is renamed to `.broken`, `.broken-2`,
    /// ... and the defaults are used, with a sentence that says so.
    #[must_use]
    pub fn read(path: &Path) -> (Self, Option<Words>) {
        let bytes = match files::read(path, FileKind::Settings) {
            Ok(bytes) => bytes,
            Err(error) if error.is_not_there() => return (Self::default(), None),
            Err(error) => {
                let reason = error.fault.message();
                let words = words!("settings-unreadable", reason = reason, path = path.display().to_string());
                return (Self::default(), Some(words));
            }
        };
        // serde takes a list for the fields in their order, and an empty one for the defaults of all.
        let settings = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes)
            .and_then(|fields| serde_json::from_value::<Self>(fields.into()));
        match settings {
            Ok(settings) => (settings.within_bounds(), None),
            Err(error) => {
                let words = match files::set_aside(path, files::numbered_from_2("broken")) {
                    Ok(aside) => {
                        words!("settings-set-aside", reason = error.to_string(), path = aside.display().to_string())
                    }
                    Err(rename) => words!(
                        "settings-left",
                        reason = error.to_string(),
                        why = &rename,
                        path = path.display().to_string()
                    ),
                };
                (Self::default(), Some(words))
            }
        }
    }

    fn within_bounds(mut self) -> Self {
        self.opacity = self.opacity.within_bounds();
        if !BLINK_PACES.contains(&self.blink_seconds) {
            self.blink_seconds = BLINK_PACE;
        }
        self.recent.truncate(MOST_RECENT);
        self.window_size =
            self.window_size.filter(|size| size.iter().all(|side| (200.0..=20_000.0).contains(side)));
        self
    }

    /// The settings as the file's bytes.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain data becomes JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_a_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let steps = ImageSteps { before: "clahe:4".parse().unwrap(), after: "open:5,largest".parse().unwrap() };
        let settings =
            Settings { network_outline: false, recent: vec!["皮肤 a.jpg".into()], steps, ..Settings::default() };
        std::fs::write(&path, settings.to_json()).unwrap();
        assert_eq!(Settings::read(&path), (settings, None));
    }

    #[test]
    fn the_one_opacity_of_a_file_of_before_is_the_fills() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for (text, expected) in [
            (r#"{"opacity": 0.25}"#, LayerOpacity { fill: 0.25, ..LayerOpacity::default() }),
            (r#"{"opacity": 7.0}"#, LayerOpacity { fill: 1.0, ..LayerOpacity::default() }),
            (r#"{"opacity": {"heat": -1.0}}"#, LayerOpacity { heat: 0.0, ..LayerOpacity::default() }),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Settings::read(&path), (Settings { opacity: expected, ..Settings::default() }, None));
        }
    }

    #[test]
    fn a_broken_file_is_set_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::fs::write(&path, "{ half").unwrap();
        let (settings, words) = Settings::read(&path);
        assert_eq!(settings, Settings::default());
        assert!(words.unwrap().to_string().contains("settings.json.broken"));
        assert_eq!(std::fs::read_to_string(folder.path().join("settings.json.broken")).unwrap(), "{ half");
    }

    #[test]
    fn each_broken_file_is_kept_and_a_list_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for text in ["{ half", "[]", "\"light\""] {
            std::fs::write(&path, text).unwrap();
            assert!(Settings::read(&path).1.is_some(), "{text}");
        }
        for (name, text) in [("broken", "{ half"), ("broken-2", "[]"), ("broken-3", "\"light\"")] {
            let kept = folder.path().join(format!("settings.json.{name}"));
            assert_eq!(std::fs::read_to_string(kept).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_said_and_left_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let (settings, words) = Settings::read(&path);
        assert_eq!(settings, Settings::default());
        assert!(words.unwrap().to_string().contains("device"));
        assert!(path.symlink_metadata().unwrap().is_symlink());
    }

    #[test]
    fn a_missing_file_gives_the_defaults_in_silence() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::read(&folder.path().join("none.json")), (Settings::default(), None));
    }

    #[test]
    fn an_older_file_with_fewer_keys_still_reads() {
        let settings: Settings = serde_json::from_str(r#"{"theme":"light"}"#).unwrap();
        assert_eq!(settings.theme, ThemeChoice::Light);
        assert!(settings.filmstrip);
    }
}
