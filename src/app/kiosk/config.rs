//! The kiosk's settings: a TOML file whose every key is known. A file that says something else is not half obeyed: the
//! defaults are used, and the screen says what is wrong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::app::theme::ThemeChoice;
use crate::capture::SourceName;
use crate::files::{self, FileKind, ReadFault};
use crate::inference::EngineKind;
use crate::language::{Language, Words};
use crate::{display_as_message, words};

/// Where the settings lie when no file is named.
pub const USUAL_PLACE: &str = "/etc/dermaloupe/kiosk.toml";

/// The settings, with their defaults.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KioskConfig {
    /// Folders in which new photographs appear: where USB sticks are mounted, or a network share.
    pub watch: Vec<PathBuf>,
    /// Seconds between two looks into the watched folders.
    pub poll_seconds: u64,
    /// Seconds without a touch after which the visitor's photographs are forgotten and the samples are shown.
    pub idle_seconds: u64,
    /// Language of the screen.
    pub language: Language,
    pub theme: ThemeChoice,
    /// The network; the recommended one without.
    pub model: Option<String>,
    /// The engine; the fastest that works without.
    pub engine: Option<EngineKind>,
    /// The camera of the live picture: `none`, a camera's name or device, or a file or folder that is played as one. Without
    /// it the first camera that is plugged in.
    pub camera: Option<String>,
    /// How the kiosk can be closed at the screen.
    pub exit: Exit,
}

/// How a kiosk is closed at its screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// Not at all: `systemctl stop` does it.
    #[default]
    Never,
    Key,
    /// A finger that rests in the upper left corner for five seconds.
    Corner,
}

impl Default for KioskConfig {
    fn default() -> Self {
        Self {
            watch: Vec::new(),
            poll_seconds: 2,
            idle_seconds: 90,
            language: Language::default(),
            theme: ThemeChoice::default(),
            model: None,
            engine: None,
            camera: None,
            exit: Exit::default(),
        }
    }
}

/// Why a settings file is not used. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: ConfigErrorKind,
}

/// What is wrong with a settings file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigErrorKind {
    /// It cannot be read.
    Unreadable(ReadFault),
    /// A key is unknown.
    UnknownKey {
        /// Its line, from 1 on.
        line: usize,
        key: String,
        /// All that may stand there.
        known: String,
    },
    /// A value is of the wrong kind, or it is no TOML.
    Wrong {
        /// Its line, from 1 on.
        line: usize,
        /// The parser's own words.
        detail: String,
    },
    /// A time is out of bounds.
    OutOfBounds {
        key: &'static str,
        /// Its seconds.
        found: u64,
        least: u64,
        most: u64,
    },
    /// A watched folder's path that depends on where the program was started.
    RelativeFolder(String),
}

impl ConfigError {
    /// The error in words: which file, which line or key, what to do.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("kiosk-config", reason = self.kind.message(), path = self.path.as_path())
    }
}

impl ConfigErrorKind {
    fn message(&self) -> Words {
        match self {
            Self::Unreadable(fault) => words!("kiosk-config-unreadable", reason = fault.message()),
            Self::UnknownKey { line, key, known } => {
                let line = line.to_string();
                words!("kiosk-config-unknown-key", line = line, key = key.as_str(), known = known.as_str())
            }
            Self::Wrong { line, detail } => {
                words!("kiosk-config-wrong", line = line.to_string(), detail = detail.as_str())
            }
            Self::OutOfBounds { key, found, least, most } => {
                let [found, least, most] = [found, least, most].map(u64::to_string);
                words!("kiosk-config-bounds", key = *key, found = found, least = least, most = most)
            }
            Self::RelativeFolder(folder) => words!("kiosk-config-folder", folder = folder.as_str()),
        }
    }
}

display_as_message!(ConfigError, ConfigErrorKind);

impl KioskConfig {
    /// Reads the settings at `named`, or at the usual place where a file may be missing.
    ///
    /// # Errors
    /// [`ConfigError`] says what is wrong; the caller goes on with the defaults.
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigError> {
        let path = named.unwrap_or(Path::new(USUAL_PLACE));
        let fail = |kind| ConfigError { path: path.to_owned(), kind };
        let text = match files::read_text(path, FileKind::KioskSettings) {
            Ok(text) => text,
            Err(error) if error.is_not_there() && named.is_none() => return Ok(Self::default()),
            Err(error) => return Err(fail(ConfigErrorKind::Unreadable(error.fault))),
        };
        let config: Self = toml::from_str(&text).map_err(|error| fail(ConfigErrorKind::of(&error, &text)))?;
        config.within_bounds().map_err(fail)
    }

    /// Time between two looks.
    #[must_use]
    pub fn poll(&self) -> Duration {
        Duration::from_secs(self.poll_seconds)
    }

    /// Where the live picture comes from, where there may be one.
    #[must_use]
    pub fn live_source(&self) -> Option<SourceName> {
        match self.camera.as_deref() {
            None | Some("") => Some(SourceName::FirstCamera),
            Some("none") => None,
            Some(typed) => Some(SourceName::of(typed)),
        }
    }

    fn within_bounds(self) -> Result<Self, ConfigErrorKind> {
        let seconds = [("poll_seconds", self.poll_seconds, 1, 60), ("idle_seconds", self.idle_seconds, 10, 3600)];
        for (key, found, least, most) in seconds {
            if !(least..=most).contains(&found) {
                return Err(ConfigErrorKind::OutOfBounds { key, found, least, most });
            }
        }
        match self.watch.iter().find(|folder| !folder.is_absolute()) {
            Some(folder) => Err(ConfigErrorKind::RelativeFolder(folder.display().to_string())),
            None => Ok(self),
        }
    }
}

impl ConfigErrorKind {
    /// The parser's fault with the line it is about.
    fn of(error: &toml::de::Error, text: &str) -> Self {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let detail = error.message().replace('\n', " ");
        let unknown =
            detail.strip_prefix("unknown field `").and_then(|rest| rest.split_once("`, expected one of "));
        match unknown {
            Some((key, known)) => Self::UnknownKey { line, key: key.to_owned(), known: known.replace('`', "") },
            None => Self::Wrong { line, detail },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<KioskConfig, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        std::fs::write(&path, text).unwrap();
        KioskConfig::read(Some(&path)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_is_the_default() {
        assert_eq!(read("").unwrap(), KioskConfig::default());
        let config = read("watch = ['/media']\nlanguage = 'zh-CN'\nengine = 'rknn'\nexit = 'corner'\n").unwrap();
        assert_eq!(config.watch, [PathBuf::from("/media")]);
        assert_eq!((config.language, config.exit), (Language::SimplifiedChinese, Exit::Corner));
        assert_eq!((config.engine, config.idle_seconds), (Some(EngineKind::Rknn), 90));
    }

    #[test]
    fn the_live_picture_is_the_first_cameras_unless_another_is_named_or_none() {
        for text in ["", "camera = ''"] {
            assert_eq!(read(text).unwrap().live_source(), Some(SourceName::FirstCamera));
        }
        assert_eq!(read("camera = 'none'").unwrap().live_source(), None);
        let named = |text: &str| read(text).unwrap().live_source().unwrap();
        assert_eq!(named("camera = '/dev/video2'"), SourceName::Camera("/dev/video2".to_owned()));
        assert_eq!(named("camera = '/srv/demo.mjpeg'"), SourceName::Played("/srv/demo.mjpeg".into()));
        assert!(read("camera = 3").unwrap_err().contains("line 1"));
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_known_ones() {
        let words = read("poll_seconds = 3\n\nidle = 30\n").unwrap_err();
        for part in ["line 3", "`idle`", "idle_seconds", "poll_seconds", "exit", "kiosk.toml"] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }

    #[test]
    fn values_of_the_wrong_kind_or_out_of_bounds_are_refused() {
        for (text, part) in [
            ("idle_seconds = 'long'", "line 1"),
            ("idle_seconds = 3", "10 to 3600"),
            ("poll_seconds = 0", "1 to 60"),
            ("watch = ['media']", "absolute path"),
            ("language = 'fr'", "zh-CN"),
            ("exit = 'door'", "corner"),
            ("watch = [", "line 1"),
            ("\u{0}", "line 1"),
        ] {
            let words = read(text).unwrap_err();
            assert!(words.contains(part) && words.ends_with("kiosk.toml"), "{text}: {words}");
        }
    }

    #[test]
    fn a_named_file_must_be_there() {
        let words = KioskConfig::read(Some(Path::new("/nowhere/kiosk.toml"))).unwrap_err().to_string();
        assert!(words.contains("cannot be read") && words.ends_with("/nowhere/kiosk.toml"), "{words}");
        assert!(KioskConfig::read(Some(Path::new("/"))).is_err());
    }

    fn faults() -> Vec<ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        let fault = |text: &str| {
            std::fs::write(&path, text).unwrap();
            KioskConfig::read(Some(&path)).unwrap_err()
        };
        let texts = ["idle = 30", "idle_seconds = 'long'", "idle_seconds = 3", "watch = ['media']", "watch = ["];
        let mut faults: Vec<ConfigError> = texts.into_iter().map(fault).collect();
        faults.extend(KioskConfig::read(Some(Path::new("/nowhere/kiosk.toml"))).err());
        let too_large = ReadFault::TooLarge { found: Some(2_000_000), limit: 1 << 20 };
        faults.push(ConfigError { path: PathBuf::from("/x"), kind: ConfigErrorKind::Unreadable(too_large) });
        faults.push(fault("\n\nidle = 30"));
        faults
    }

    #[test]
    fn the_screen_says_in_english_what_the_log_says() {
        for fault in faults().iter().filter(|fault| !matches!(fault.kind, ConfigErrorKind::Unreadable(_))) {
            assert_eq!(fault.message().said_in(Language::English), fault.to_string());
        }
    }

    #[test]
    fn in_chinese_file_line_and_key_are_named_and_the_sentence_is_chinese() {
        for fault in faults() {
            let said = fault.message().said_in(Language::SimplifiedChinese);
            assert!(said.contains("请") && said.ends_with(&fault.path.display().to_string()), "{said}");
            assert!(!said.contains("expected") || matches!(fault.kind, ConfigErrorKind::Wrong { .. }), "{said}");
        }
        let said = faults().pop().unwrap().message().said_in(Language::SimplifiedChinese);
        assert!(said.contains("第 3 行") && said.contains("“idle”") && said.contains("idle_seconds"), "{said}");
    }

    #[test]
    fn the_packaged_settings_are_the_defaults_spelt_out() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/kiosk/kiosk.toml");
        let packaged = KioskConfig::read(Some(&path)).unwrap();
        let watch = vec![PathBuf::from("/media")];
        assert_eq!(packaged, KioskConfig { watch, ..KioskConfig::default() });
    }
}
