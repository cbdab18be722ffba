//! No English is written into the window's sources: what a person reads comes from the translation files.

use std::path::{Path, PathBuf};

/// Files whose strings nobody reads in the window, and why.
const NOT_READ: [(&str, &str); 7] = [
    ("file_manager.rs", "speaks to the desktop"),
    ("events.rs", "events are said in the log, which is English"),
    ("config.rs", "tells the staff about the settings file in English, as its parser does"),
    ("screenshot.rs", "says on the command line how --screenshot went"),
    ("start.rs", "says on the command line why no window opens"),
    ("tone_shader.rs", "speaks to the graphics card"),
    ("icons.rs", "holds icons, not words"),
];

/// What stands before a string, in its line or in the lines it is nested in, when it is no text for a person; and what
/// it is then.
const NO_TEXT: [(&str, &str); 32] = [
    ("request_discard(", "for programmers"),
    ("log::", "the log is English"),
    ("assert", "for programmers"),
    ("panic!(", "for programmers"),
    ("#[error(", "an error's English; the window says its own words"),
    (".expect(", "for programmers"),
    (".context(", "says on the command line why no window opens"),
    ("reason = ", "an attribute's reason"),
    ("cfg!(", "a system's name"),
    ("target_os = ", "a system's name"),
    ("env!(", "the program's version"),
    ("numbered_from_2(", "a file's ending"),
    ("serde(", "a key of the settings"),
    ("strum(", "part of a message's name"),
    (".attribute_in(", "part of a message's name"),
    ("Id::unique(", "egui's memory"),
    (".with(", "egui's memory"),
    ("graphics.as_deref()", "for the log of a bench"),
    ("float_ui(ui, ", "egui's memory"),
    ("Panel::", "a panel's id"),
    ("egui::Window::new(", "egui's memory"),
    ("load_texture(", "a texture's name"),
    (".name(", "a thread's name"),
    ("Newest::start(", "a thread's name"),
    ("InOrder::start(", "a thread's name"),
    ("include_", "a file of the program"),
    ("font!(", "a file of the program"),
    ("FontFamily::Name(", "a family's name"),
    (".with_app_id(", "the window's name to the system"),
    (".with_extension(", "a file's ending"),
    (".ends_with(", "part of a file's name"),
    (".strftime(", "the form of a moment"),
];

/// Names and units that are the same in all languages.
const SAME: [&str; 28] = [
    "Dermaloupe",
    "dermaloupe",
    "Dice",
    "clDice",
    "IoU",
    "px",
    "mm",
    "cm",
    "mm²",
    "mm/px",
    "ms",
    "kB",
    "M MAC",
    "Ctrl+",
    "Shift+",
    "Alt+",
    "Esc",
    "PgUp",
    "PgDn",
    "10 mm",
    "ΔE",
    "HD",
    "HD95",
    "ASSD",
    "毫米",
    "公厘",
    "厘米",
    "公分",
];

/// Parts of the names that are suggested for files.
const FILE_NAMES: [&str; 3] = ["sample", "png", "pdf"];

/// A name that no sentence has: a path, a key of a file (`idle_seconds`), an abbreviation (`HD95`, `ΔE`).
fn is_name(words: &str) -> bool {
    let is_one = !words.contains(char::is_whitespace);
    let is_file = words.starts_with('/')
        || words.contains('_')
        || words.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && (2..=4).contains(&ending.len()));
    is_one && (is_file || !words.contains(char::is_lowercase))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" && NOT_READ.iter().all(|(file, _)| name != *file) {
            found.push(path);
        }
    }
}

/// The source without comments and without its tests, each line with its number.
fn code(text: &str) -> Vec<(usize, &str)> {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    let lines = text[..end].lines().enumerate();
    lines.map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// The string literals of a line, each with the place where it begins.
fn literals(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = line[from..].find('"').map(|at| from + at) {
        let body = &line[start + 1..];
        let mut escaped = false;
        let end = body.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let Some(end) = end else { return found };
        found.push((start, &body[..end]));
        from = start + end + 2;
    }
    found
}

/// Whether a literal has words, beyond the names of values in braces and what is the same everywhere.
fn has_words(literal: &str) -> bool {
    let mut bare = literal.to_owned();
    while let (Some(open), Some(close)) = (bare.find('{'), bare.find('}')) {
        if close < open {
            break;
        }
        bare.replace_range(open..=close, "");
    }
    let bare = bare.replace("\\n", "").replace("\\u", "");
    let letters = bare.chars().filter(|letter| letter.is_alphabetic()).count();
    let bare = bare.trim();
    letters > 1 && !SAME.contains(&bare) && !FILE_NAMES.contains(&bare) && !is_name(bare)
}

/// What stands before the place `column` of line `at`, beginning with the lines that it is nested in: those that are
/// less far in, up to the one that opens a block.
fn before(lines: &[(usize, &str)], at: usize, column: usize) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (own, mut least) = (lines[at].1, indent(lines[at].1));
    let mut outer = Vec::new();
    for (_, line) in lines[..at].iter().rev().filter(|(_, line)| !line.trim().is_empty()) {
        if line.trim_end().ends_with(['{', '}', ';']) && indent(line) <= least {
            break;
        }
        if indent(line) < least {
            least = indent(line);
            outer.push(line.trim());
        }
    }
    outer.reverse();
    outer.concat() + own[..column].trim_start()
}

fn is_no_text(before: &str) -> bool {
    let is_message = ["tr!(", "tr!(language, ", "words!("].iter().any(|mark| before.ends_with(mark));
    is_message || NO_TEXT.iter().any(|(mark, _)| before.contains(mark))
}

fn complaints(text: &str) -> Vec<String> {
    let lines = code(text);
    let mut found = Vec::new();
    for (at, (number, line)) in lines.iter().enumerate() {
        for (column, literal) in literals(line) {
            // `"red" => …` and `"red" | …` are patterns.
            let after = line[column + literal.len() + 2..].trim_start();
            let is_pattern = after.starts_with("=>") || after.starts_with("| ");
            if has_words(literal) && !is_pattern && !is_no_text(&before(&lines, at, column)) {
                found.push(format!("{number}: \"{literal}\""));
            }
        }
    }
    found
}

#[test]
fn what_a_person_reads_in_the_window_is_translated() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    let mut files = vec![app.with_extension("rs")];
    sources(&app, &mut files);
    assert!(files.len() > 20);
    let mut all = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        all.extend(complaints(&text).into_iter().map(|complaint| format!("{}:{complaint}", file.display())));
    }
    assert!(all.is_empty(), "say these by tr! or words!, or name in this test why not:\n{}", all.join("\n"));
}

#[test]
fn the_search_finds_what_it_shall_and_no_more() {
    assert_eq!(complaints("ui.label(\"Open file\");"), ["1: \"Open file\""]);
    assert_eq!(complaints("ui.label(\n    format!(\"{x} files\"),\n);"), ["2: \"{x} files\""]);
    let arms = "match x {\n    1 => tr!(language, \"one\"),\n    _ => \"another one\".to_owned(),\n}";
    assert_eq!(complaints(arms), ["3: \"another one\""]);
    assert_eq!(complaints("ui.label(\"Done\"); ui.label(\"Open a_b.\");").len(), 2);
    assert_eq!(complaints("tr!(language, \"count\", what = \"photos here\")"), ["1: \"photos here\""]);
    for fine in [
        "ui.label(tr!(language, \"open\"));",
        "// say \"Open file\"",
        "format!(\"{x} × {y}\")",
        "match key {\n    \"red\" => tr!(language, \"colour-red\"),\n}",
        "from_file(\"/etc/dermaloupe/kiosk.toml\", \"idle_seconds\")",
        "log::info!(\n    \"was opened\"\n);",
        "let x = tr!(\n    language,\n    \"engine-is\",\n    engine = engine\n);",
        "#[cfg(test)]\nmod tests { ui.label(\"Open file\"); }",
    ] {
        assert!(complaints(fine).is_empty(), "{fine}");
    }
}
