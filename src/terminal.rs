//! What is sent to a terminal: text in which nothing steers it. Names come from anybody's folder, and one may hold
//! escape codes that colour, hide or type, a line break that makes two rows of one, or marks that turn its letters
//! round. Such a character is shown as `\u001b`, which is also how JSON writes it: a row stays the same JSON.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` as one line, its control characters shown.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, is_control)
}

/// As [`shown`], of text that has lines of its own.
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter != '\n' && is_control(letter))
}

/// An error with its causes, those left out that it says already: our own errors have the system's words within them and
/// the path at their end, where nothing may follow.
#[must_use]
pub fn error_words(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |mut words, cause| {
        let cause = cause.to_string();
        if !words.contains(&cause) {
            words.push_str(if words.is_empty() { "" } else { ": " });
            words.push_str(&cause);
        }
        words
    })
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\n' if is_escaped(letter) => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            _ if is_escaped(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    // A String takes everything.
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            _ => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal does something at this character instead of drawing it: the controls of ASCII and Latin-1, line
/// and paragraph separators, marks of direction (Unicode's UAX 9), and tags that are never drawn.
fn is_control(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_ends_with_its_path_and_says_each_cause_once() {
        let refused = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = crate::files::WriteError { path: "/a/b.png".into(), source: refused() };
        let error = anyhow::Error::new(error).context("cannot save the screenshot");
        let words = error_words(&error);
        assert!(words.starts_with("cannot save the screenshot: cannot write ("), "{words}");
        assert!(words.ends_with(": /a/b.png"), "{words}");
        assert_eq!(words.matches(&refused().to_string()).count(), 1, "{words}");
        let other = anyhow::Error::new(refused()).context("cannot open a window");
        assert_eq!(error_words(&other), format!("cannot open a window: {}", refused()));
    }

    #[test]
    fn what_would_steer_a_terminal_is_shown_and_letters_stay() {
        assert_eq!(shown("a\u{1b}[31mred.jpg"), "a\\u001b[31mred.jpg");
        assert_eq!(shown("two\nrows\tand\rmore"), "two\\nrows\\tand\\rmore");
        assert_eq!(shown("csi \u{9b}2J, bidi \u{202e}gpj.exe"), "csi \\u009b2J, bidi \\u202egpj.exe");
        assert_eq!(shown("tag \u{e0041}"), "tag \\udb40\\udc41");
        assert!(matches!(shown("皮肤 ä 'x' \\ \u{200b}"), Cow::Borrowed(_)));
        assert_eq!(shown_lines("one\ntwo\u{7}"), "one\ntwo\\u0007");
    }

    #[test]
    fn json_means_the_same_before_and_after() {
        let name = "a\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}\u{feff}\u{e0041}\n\t\"\\.jpg";
        let json = serde_json::json!({ "file": name }).to_string();
        let sent = shown(&json);
        assert!(!sent.chars().any(is_control));
        let read: serde_json::Value = serde_json::from_str(&sent).expect("it is JSON");
        assert_eq!(read["file"], name);
    }
}
