//! The settings of a person and of a kiosk: what was read is what is written, and nothing is lost of what is refused.
#![no_main]

use dermaloupe::app::kiosk::config::KioskConfig;
use dermaloupe::app::settings::Settings;
use dermaloupe_fuzz::{Folder, begin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    begin();
    let folder = Folder::new();
    let path = folder.file("settings.json", bytes);
    let (settings, complaint) = Settings::read(&path);
    if complaint.is_some() {
        let aside = std::fs::read(folder.path().join("settings.json.broken")).expect("it is set aside");
        assert_eq!(aside, bytes);
    }
    let written = settings.to_json();
    let path = folder.file("again.json", &written);
    let (again, complaint) = Settings::read(&path);
    assert!(complaint.is_none(), "{complaint:?}");
    assert_eq!(again.to_json(), written);
    let path = folder.file("kiosk.toml", bytes);
    let _ = KioskConfig::read(Some(&path)).map_err(|error| error.to_string());
});
