//! The words a person reads, in English and Simplified Chinese: Fluent messages from `assets/translations`.
//!
//! [`tr!`](crate::tr) says a message now, in the thread's language; [`words!`](crate::words) keeps a message with its
//! values and says it whenever it is displayed, so that notices and errors that are already there follow a change of language.

use std::cell::{Cell, RefCell};
use std::fmt;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};

/// A language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
pub enum Language {
    /// English
    #[default]
    #[serde(rename = "en")]
    #[value(name = "en")]
    English,
    /// Simplified Chinese
    #[serde(rename = "zh-CN")]
    #[value(name = "zh-CN")]
    SimplifiedChinese,
}

/// One translation file's text in each language, in the order of [`Language::ALL`].
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$([
            include_str!(concat!("../assets/translations/en/", $name, ".ftl")),
            include_str!(concat!("../assets/translations/zh-CN/", $name, ".ftl")),
        ]),+]
    };
}

/// All translation files. A part of the window has its own, so that it can be read as one page.
const FILES: &[[&str; 2]] = &files![
    "actions", "bars", "board", "canvas", "common", "compare", "correct", "dialogs", "display", "failures",
    "measure", "names", "network", "notices", "panel", "report", "review", "settings"
];

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::SimplifiedChinese];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// The language that the system is set to; English where we do not speak it.
    #[must_use]
    pub fn of_system() -> Self {
        Self::of_locale(&sys_locale::get_locale().unwrap_or_default())
    }

    /// The language for a locale such as `zh_CN.UTF-8` or `zh-Hans-CN`.
    fn of_locale(locale: &str) -> Self {
        match locale.split(['-', '_', '.']).next() {
            Some("zh") => Self::SimplifiedChinese,
            _ => Self::English,
        }
    }

    /// The next language of the switch.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    fn bundle(self) -> Bundle {
        let tag = self.tag().parse().expect("the tags of our languages are well-formed");
        let mut bundle = FluentBundle::new(vec![tag]);
        // Isolation marks are for mixed directions; fonts show them as boxes.
        bundle.set_use_isolating(false);
        for texts in FILES {
            // A broken message is left out and falls back; a test finds it.
            let resource = FluentResource::try_new(texts[self as usize].to_owned());
            bundle.add_resource_overriding(resource.unwrap_or_else(|(whole, _)| whole));
        }
        bundle
    }
}

type Bundle = FluentBundle<FluentResource>;

/// A value in a message: text as it is, or a number, which can choose a plural.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, also a number that is already written out.
    Text(String),
    /// A number; written without grouping.
    Number(f64),
    /// A message of its own, said in the same language.
    Words(Words),
}

impl Value {
    fn to_fluent(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => (*number).into(),
            Self::Words(words) => words.said_in(language).into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Number(number) => number.fmt(out),
            Self::Words(words) => words.fmt(out),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        // Counts of photos and pixels: exact far beyond any of them.
        #[allow(clippy::cast_precision_loss, reason = "exact up to 2^53")]
        Self::Number(count as f64)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Number(count.into())
    }
}

impl From<Words> for Value {
    fn from(words: Words) -> Self {
        Self::Words(words)
    }
}

/// A message and its values, said in the language of the thread that displays it. Made by [`words!`](crate::words).
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// The message's name in the translation files.
    pub id: &'static str,
    /// Its values by name.
    pub values: Vec<(&'static str, Value)>,
}

impl Words {
    /// What the message's attribute says, such as `.tooltip`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> String {
        say_part(current(), self.id, Some(name), &self.values)
    }

    /// The message in a language that need not be the thread's: logs and the command line are English.
    #[must_use]
    pub fn said_in(&self, language: Language) -> String {
        say_part(language, self.id, None, &self.values)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&say(self.id, &self.values))
    }
}

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
    static BUNDLES: RefCell<[Option<Bundle>; 2]> = const { RefCell::new([None, None]) };
}

/// The language of this thread.
#[must_use]
pub fn current() -> Language {
    CURRENT.get()
}

/// From now on this thread speaks `language`.
pub fn set(language: Language) {
    CURRENT.set(language);
}

/// The message `id` with its values in this thread's language, else in English, else its name.
#[must_use]
pub fn say(id: &str, values: &[(&'static str, Value)]) -> String {
    say_part(current(), id, None, values)
}

fn say_part(language: Language, id: &str, attribute: Option<&str>, values: &[(&'static str, Value)]) -> String {
    said_in(language, id, attribute, values)
        .or_else(|| said_in(Language::English, id, attribute, values))
        .unwrap_or_else(|| id.to_owned())
}

/// The message or its attribute in one language, if that language has it.
fn said_in(
    language: Language,
    id: &str,
    attribute: Option<&str>,
    values: &[(&'static str, Value)],
) -> Option<String> {
    // Before the bundles are borrowed: a value may be a message itself.
    let values: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.to_fluent(language))).collect();
    BUNDLES.with_borrow_mut(|bundles| {
        let bundle = bundles[language as usize].get_or_insert_with(|| language.bundle());
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        errors.is_empty().then_some(said)
    })
}

/// Keeps a message with its values: `words!("saved", path = path.display().to_string())`.
#[macro_export]
macro_rules! words {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::language::Words { id: $id, values: vec![$((stringify!($name), $value.into())),*] }
    };
}

/// Says a message now: `tr!("photo-of", place = 3_u32, count = 12_u32)`.
#[macro_export]
macro_rules! tr {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::language::say($id, &[$((stringify!($name), $value.into())),*])
    };
}

#[cfg(test)]
mod tests {
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

    /// Each `tr!("id", ...)` and `words!("id", ...)` of the sources, with its file.
    fn used() -> BTreeMap<String, String> {
        fn walk(folder: &Path, found: &mut BTreeMap<String, String>) {
            for entry in std::fs::read_dir(folder).expect("the sources are here") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("language.rs") {
                    let text = std::fs::read_to_string(&path).expect("a source file");
                    for call in ["tr!(", "words!("] {
                        for rest in text.split(call).skip(1) {
                            let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
                            let id = rest.split('"').next().unwrap_or_default();
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
        let known: BTreeSet<String> =
            messages(Language::English).into_keys().filter(|id| !id.contains('.')).collect();
        let used = used();
        for (id, file) in &used {
            assert!(known.contains(id), "{id} of {file} is in no translation file");
        }
        for id in known.iter().filter(|id| *id != "language-name") {
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
        set(Language::SimplifiedChinese);
        assert_eq!(words.to_string(), "仅供研究使用");
        assert_eq!(say("no-such-message", &[]), "no-such-message");
    }
}
