//! Both languages have every message, and each is said somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Pattern};
use fluent_syntax::parser;

use super::*;

/// Each message and attribute of one language with the names of its values.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for texts in FILES {
        let text = texts[language as usize];
        let resource = parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?} in {text:.80}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let pattern: Pattern<&str> = message.value.expect("a message has words");
            let name = message.id.name.to_owned();
            for attribute in &message.attributes {
                found.insert(format!("{name}.{}", attribute.id.name), variables(&attribute.value));
            }
            assert!(found.insert(name.clone(), variables(&pattern)).is_none(), "{name} stands twice");
        }
    }
    found
}

fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    // The tree's own printing names every variable, however deep it lies in selectors.
    let printed = format!("{pattern:?}");
    printed
        .split("VariableReference { id: Identifier { name: \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

/// Each `tr!(language, "id", ...)` and `words!("id", ...)` of the sources, with its file.
fn used() -> BTreeMap<String, String> {
    fn walk(folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("the sources are here") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("language/tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                let code: String =
                    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
                for call in ["tr!(", "words!("] {
                    for rest in code.split(call).skip(1) {
                        let rest = rest.trim_start().trim_start_matches("language,").trim_start();
                        let Some(rest) = rest.strip_prefix('"') else { continue };
                        let id = rest.split('"').next().unwrap_or_default();
                        // `include_str!` ends like `tr!`.
                        if id.contains('/') {
                            continue;
                        }
                        found.insert(id.to_owned(), path.display().to_string());
                    }
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn both_languages_have_every_message_with_the_same_values() {
    assert_eq!(messages(Language::English), messages(Language::SimplifiedChinese));
}

#[test]
fn no_message_is_missing_or_left_over() {
    let known: BTreeSet<String> = messages(Language::English).into_keys().filter(|id| !id.contains('.')).collect();
    let used = used();
    for (id, file) in &used {
        assert!(known.contains(id), "{id} of {file} is in no translation file");
    }
    // Those of the window's actions are named by the enum; a test beside it compares both.
    let is_said = |id: &&String| *id != "language-name" && !id.starts_with("action-");
    for id in known.iter().filter(is_said) {
        assert!(used.contains_key(id), "{id} is translated and nowhere said");
    }
}

/// A message's text without what stands in braces.
fn bare(text: &str) -> String {
    let mut depth = 0_usize;
    let mut bare = String::new();
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    bare
}

/// Messages of several words that are names of programs or keys.
const NAMES: [&str; 4] = ["engine-ort", "engine-rknn", "gesture-focus", "pointed-pixel"];

/// Names and figures stay as they are: `Dice`, `1:1`, `ONNX Runtime`. What is a sentence in English is one in Chinese.
#[test]
fn every_english_sentence_is_chinese_in_chinese() {
    let is_chinese = |letter: char| ('\u{4E00}'..='\u{9FFF}').contains(&letter);
    for [english, chinese] in FILES {
        let lines = |text: &str| -> BTreeMap<String, String> {
            let messages = text.lines().filter_map(|line| line.trim_start().split_once(" = "));
            messages.map(|(id, words)| (id.to_owned(), bare(words))).collect()
        };
        let chinese = lines(chinese);
        for (id, words) in lines(english).iter().filter(|(id, _)| !NAMES.contains(&id.as_str())) {
            if words.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() >= 2 {
                let said = chinese.get(id).map(String::as_str).unwrap_or_default();
                assert!(said.chars().any(is_chinese), "{id} is still English in Chinese: {said}");
            }
        }
    }
}

#[test]
fn a_locale_of_china_gives_chinese_and_all_others_english() {
    for locale in ["zh_CN.UTF-8", "zh-Hans-CN", "zh"] {
        assert_eq!(Language::of_locale(locale), Language::SimplifiedChinese, "{locale}");
    }
    for locale in ["en_GB.UTF-8", "de-AT", "C", "", "zhx"] {
        assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
    }
}

#[test]
fn a_kept_message_follows_the_language() {
    let words = crate::words!("research-use-only");
    assert_eq!(words.to_string(), "Research use only");
    assert_eq!(words.said_in(Language::SimplifiedChinese), "仅供研究使用");
    let missing = Words { id: "no-such-message", values: Vec::new() };
    assert_eq!(missing.said_in(Language::SimplifiedChinese), "no-such-message");
}
