//! What is wrong with the kiosk's settings, in the screen's language: which file, which line or key, what to do.

use super::config::{ConfigError, ConfigErrorKind};
use crate::app::failures::system;
use crate::language::{Value, Words};
use crate::words;

/// Why the settings are not used.
pub(super) fn config(error: &ConfigError) -> Words {
    words!("kiosk-config", reason = kind(&error.kind), path = error.path.display().to_string())
}

fn kind(kind: &ConfigErrorKind) -> Value {
    match kind {
        ConfigErrorKind::Unreadable(error) => words!("kiosk-config-unreadable", reason = system(error)),
        ConfigErrorKind::TooLong(bytes) => words!("kiosk-config-too-long", bytes = bytes.to_string()),
        ConfigErrorKind::UnknownKey { line, key, known } => {
            let line = line.to_string();
            words!("kiosk-config-unknown-key", line = line, key = key.as_str(), known = known.as_str())
        }
        ConfigErrorKind::Wrong { line, detail } => {
            words!("kiosk-config-wrong", line = line.to_string(), detail = detail.as_str())
        }
        ConfigErrorKind::OutOfBounds { key, found, least, most } => {
            let [found, least, most] = [found, least, most].map(u64::to_string);
            words!("kiosk-config-bounds", key = *key, found = found, least = least, most = most)
        }
        ConfigErrorKind::RelativeFolder(folder) => words!("kiosk-config-folder", folder = folder.as_str()),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::config::KioskConfig;
    use super::*;
    use crate::language::Language;

    fn fault(text: &str) -> ConfigError {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kiosk.toml");
        std::fs::write(&path, text).unwrap();
        KioskConfig::read(Some(&path)).unwrap_err()
    }

    fn faults() -> Vec<ConfigError> {
        let texts = ["idle = 30", "idle_seconds = 'long'", "idle_seconds = 3", "watch = ['media']", "watch = ["];
        let mut faults: Vec<ConfigError> = texts.into_iter().map(fault).collect();
        faults.extend(KioskConfig::read(Some(Path::new("/nowhere/kiosk.toml"))).err());
        faults.push(ConfigError { path: PathBuf::from("/x"), kind: ConfigErrorKind::TooLong(2_000_000) });
        faults
    }

    #[test]
    fn the_screen_says_in_english_what_the_log_says() {
        for fault in faults().iter().filter(|fault| !matches!(fault.kind, ConfigErrorKind::Unreadable(_))) {
            assert_eq!(config(fault).said_in(Language::English), fault.to_string());
        }
    }

    #[test]
    fn in_chinese_file_line_and_key_are_named_and_the_sentence_is_chinese() {
        for fault in faults() {
            let said = config(&fault).said_in(Language::SimplifiedChinese);
            assert!(said.contains("请") && said.ends_with(&fault.path.display().to_string()), "{said}");
            assert!(!said.contains("expected") || matches!(fault.kind, ConfigErrorKind::Wrong { .. }), "{said}");
        }
        let said = config(&fault("\n\nidle = 30")).said_in(Language::SimplifiedChinese);
        assert!(said.contains("第 3 行") && said.contains("“idle”") && said.contains("idle_seconds"), "{said}");
    }
}
