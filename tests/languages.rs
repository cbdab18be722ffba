//! The window in two languages: what it starts in, switching while it runs, and what is remembered.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod common_window;

use common_window::Bench;
use dermaloupe::language::Language;
use eframe::egui::{Key, Modifiers};

#[test]
fn the_switch_changes_the_words_at_once_and_back() {
    let mut bench = Bench::open(&[]);
    assert!(bench.shows("Outline") && !bench.shows("轮廓"));
    bench.click("Language (语言)");
    assert_eq!(bench.state().language, Language::SimplifiedChinese);
    assert!(bench.shows("轮廓") && !bench.shows("Outline"));
    bench.press_with(Modifiers::COMMAND, Key::L);
    assert!(bench.shows("Outline") && !bench.shows("轮廓"));
}

#[test]
fn only_a_choice_is_remembered_and_the_command_line_counts_for_one_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let started = |asked: Option<Language>, system: Language| {
        Bench::with_settings_and(&path, |options| {
            options.language = asked;
            options.system_language = system;
        })
    };
    let (english, chinese) = (Language::English, Language::SimplifiedChinese);
    assert_eq!(started(None, chinese).state().language, chinese);
    assert_eq!(started(Some(chinese), english).state().language, chinese);
    let mut bench = started(None, english);
    assert_eq!(bench.state().language, english, "nothing was chosen so far");
    bench.press_with(Modifiers::COMMAND, Key::L);
    drop(bench);
    assert_eq!(started(None, english).state().language, chinese);
    assert_eq!(started(Some(english), english).state().language, english);
    assert_eq!(started(None, english).state().language, chinese, "the choice stays");
}
