//! Text in a given width: broken into lines, or shortened to one.

use super::fonts::Fonts;
use super::style::TextStyle;

impl Fonts {
    /// The text in `width`, its middle left out where it is too long: beginnings and numbers tell files apart.
    pub(super) fn shortened(&self, text: &str, width: f32, style: TextStyle) -> String {
        if self.width(text, style) <= width {
            return text.to_owned();
        }
        let letters: Vec<char> = text.chars().collect();
        let cut = |keep: usize| {
            let (head, tail) = (keep.div_ceil(2), keep / 2);
            letters[..head].iter().chain(&['…']).chain(&letters[letters.len() - tail..]).collect::<String>()
        };
        // The most letters that fit, by halves: a name may be thousands of letters long.
        let (mut fits, mut too_many) = (0, letters.len());
        while too_many - fits > 1 {
            let middle = usize::midpoint(fits, too_many);
            if self.width(&cut(middle), style) <= width { fits = middle } else { too_many = middle }
        }
        cut(fits)
    }

    /// The text in lines of at most `width`. A space at a line's end stays there, unseen: it parts the words of two
    /// lines for whoever copies the text or has it read aloud.
    pub(super) fn wrapped(&self, text: &str, width: f32, style: TextStyle) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for piece in pieces(paragraph) {
                let longer = format!("{line}{piece}");
                if self.width(longer.trim_end(), style) <= width {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.broken(&piece, width, style, &mut lines);
            }
            lines.push(format!("{} ", line.trim_end()));
        }
        if let Some(last) = lines.last_mut() {
            last.truncate(last.trim_end().len());
        }
        lines
    }

    /// A word that is longer than a line, cut anywhere; returns what is left for the next line.
    fn broken(&self, word: &str, width: f32, style: TextStyle, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for letter in word.chars() {
            line.push(letter);
            if self.width(line.trim_end(), style) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
        line
    }
}

/// Where a line may break: after spaces, and around Chinese letters, except before what closes a phrase.
fn pieces(paragraph: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut may_break = true;
    let mut last_is_wide = false;
    for letter in paragraph.chars() {
        let is_wide = matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}');
        let closes = "，。、；：！？）》」』】…％".contains(letter);
        if (may_break || is_wide || last_is_wide) && !closes && letter != ' ' || pieces.is_empty() {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("one was pushed").push(letter);
        (may_break, last_is_wide) = (letter == ' ', is_wide);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::style::{BODY, TITLE};
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_around_chinese_but_not_before_its_marks() {
        assert_eq!(pieces("a bc  d"), ["a ", "bc  ", "d"]);
        assert_eq!(pieces("边界清，色素 2 mm"), ["边", "界", "清，", "色", "素 ", "2 ", "mm"]);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let text = format!("A word, then {} and the end\nA new line", "x".repeat(300));
        let style = TextStyle { size: 9.0, ..BODY };
        let lines = fonts.wrapped(&text, 120.0, style);
        assert!(lines.iter().all(|line| fonts.width(line.trim_end(), style) <= 120.0), "{lines:?}");
        let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
        assert_eq!(letters(&lines.concat()), letters(&text));
        assert_eq!(lines.last().map(String::as_str), Some("A new line"));
    }

    #[test]
    fn the_lines_in_a_row_are_the_text_again() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let text = "Border fades to the left, pigment at 2 mm. 边界清，色素分布均匀，建议三个月后复查。";
        let lines = fonts.wrapped(text, 90.0, BODY);
        assert!(lines.len() > 3, "{lines:?}");
        assert_eq!(lines.concat(), text);
        assert_eq!(fonts.wrapped("one\ntwo", 90.0, BODY).concat(), "one two");
    }

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let fonts = Fonts::new().expect("the fonts are whole");
        let name = format!("ISIC_{}_0001.jpg", "long".repeat(2000));
        let style = TextStyle { size: 18.0, ..TITLE };
        let short = fonts.shortened(&name, 300.0, style);
        assert!(short.starts_with("ISIC_") && short.ends_with("_0001.jpg") && short.contains('…'), "{short}");
        assert!(fonts.width(&short, style) <= 300.0);
    }
}
