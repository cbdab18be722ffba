//! The words a person reads, in English and Simplified Chinese: Fluent messages from `assets/translations`.
//!
//! [`tr!`](crate::tr) says a message now, in a language; [`words!`](crate::words) keeps a message with its values, to be said
//! whenever it is displayed, so that notices and errors that are already there follow a change of language.

#[doc(hidden)]
pub mod ids;

use std::cell::RefCell;
use std::path::Path;
use std::{fmt, io};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use strum::VariantArray;

/// A language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
pub enum Language {
    /// English
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese
    #[serde(rename = "zh-CN")]
    SimplifiedChinese,
}

/// One translation file's text in each language, in the order of [`Language`].
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
    "actions",
    "bars",
    "board",
    "canvas",
    "capture",
    "common",
    "compare",
    "confidence",
    "correct",
    "dialogs",
    "display",
    "failures",
    "live_window",
    "measure",
    "names",
    "network",
    "notices",
    "panel",
    "plot",
    "quality",
    "report",
    "review",
    "settings",
    "steps",
    "vessels"
];

/// An error's message as a sentence: its first letter large.
#[must_use]
pub fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Language {
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
        Self::VARIANTS[(self as usize + 1) % Self::VARIANTS.len()]
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
    /// What the operating system said.
    System(SystemError),
}

impl Value {
    fn to_fluent(&self, language: Language, reader: Reader) -> FluentValue<'_> {
        match (self, reader) {
            (Self::Text(text), _) => text.as_str().into(),
            (Self::Number(number), _) => (*number).into(),
            (Self::Words(words), _) => words.said(language, reader).into(),
            (Self::System(error), Reader::Log) => error.detail.as_str().into(),
            (Self::System(error), Reader::Person) => error.in_plain_words(language).into(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Number(number) => number.fmt(out),
            Self::Words(words) => words.fmt(out),
            Self::System(error) => out.write_str(&error.in_plain_words(Language::English)),
        }
    }
}

/// What the operating system said of a file or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemError {
    /// By which the window finds plain words for it.
    pub kind: io::ErrorKind,
    /// In its own words, as logs and the command line have it.
    pub detail: String,
}

impl SystemError {
    fn in_plain_words(&self, language: Language) -> String {
        let words = match self.kind {
            io::ErrorKind::NotFound => crate::words!("not-there"),
            io::ErrorKind::PermissionDenied => crate::words!("no-permission"),
            io::ErrorKind::ReadOnlyFilesystem => crate::words!("disk-read-only"),
            io::ErrorKind::StorageFull => crate::words!("disk-full"),
            _ => return self.detail.clone(),
        };
        words.said_in(language)
    }
}

impl From<&io::Error> for SystemError {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), detail: error.to_string() }
    }
}

impl From<&io::Error> for Value {
    fn from(error: &io::Error) -> Self {
        // Our own words, which travel as an error of the system.
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Words>()) {
            Some(words) => Self::Words(words.clone()),
            None => Self::System(error.into()),
        }
    }
}

impl From<&SystemError> for Value {
    fn from(error: &SystemError) -> Self {
        Self::System(error.clone())
    }
}

impl From<&Path> for Value {
    fn from(path: &Path) -> Self {
        Self::Text(path.display().to_string())
    }
}

/// Who reads a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Before the window: plain words.
    Person,
    /// Of a log or the command line: what the system said stays in its own words, which can be searched for.
    Log,
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

/// A message and its values, displayed in English. Made by [`words!`](crate::words).
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
    pub fn attribute_in(&self, language: Language, name: &str) -> String {
        say_part((language, Reader::Person), self.id, Some(name), &self.values)
    }

    /// The message in `language`.
    #[must_use]
    pub fn said_in(&self, language: Language) -> String {
        self.said(language, Reader::Person)
    }

    /// The message as logs and the command line have it: in English, with the operating system's own words.
    #[must_use]
    pub fn in_log(&self) -> String {
        self.said(Language::English, Reader::Log)
    }

    fn said(&self, language: Language, reader: Reader) -> String {
        say_part((language, reader), self.id, None, &self.values)
    }
}

impl std::error::Error for Words {}

impl fmt::Display for Words {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said_in(Language::English))
    }
}

thread_local! {
    static BUNDLES: RefCell<[Option<Bundle>; 2]> = const { RefCell::new([None, None]) };
}

fn say_part(
    (language, reader): (Language, Reader),
    id: &str,
    attribute: Option<&str>,
    values: &[(&'static str, Value)],
) -> String {
    said_in((language, reader), id, attribute, values)
        .or_else(|| said_in((Language::English, reader), id, attribute, values))
        .unwrap_or_else(|| id.to_owned())
}

/// The message or its attribute in one language, if that language has it.
fn said_in(
    (language, reader): (Language, Reader),
    id: &str,
    attribute: Option<&str>,
    values: &[(&'static str, Value)],
) -> Option<String> {
    // Before the bundles are borrowed: a value may be a message itself.
    let values: FluentArgs<'_> =
        values.iter().map(|(name, value)| (*name, value.to_fluent(language, reader))).collect();
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
        {
            const _: () = $crate::language::ids::check($id, &[$(stringify!($name)),*]);
            $crate::language::Words { id: $id, values: vec![$((stringify!($name), $value.into())),*] }
        }
    };
}

/// Says a message now, in a language: `tr!(language, "photo-of", place = 3_u32, count = 12_u32)`.
#[macro_export]
macro_rules! tr {
    ($language:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words!($id $(, $name = $value)*).said_in($language)
    };
}

/// Errors that say themselves once, in `message(&self) -> Words`, display as that message for logs and the command line.
#[macro_export]
macro_rules! display_as_message {
    ($($error:ty),+ $(,)?) => {$(
        impl ::std::fmt::Display for $error {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                out.write_str(&self.message().in_log())
            }
        }
    )+};
}

#[cfg(test)]
mod tests;
