//! Lists the messages of `assets/translations` with their values, so that the compiler finds a message that is missing.
#![allow(clippy::disallowed_methods, reason = "the sources are our own")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs, io};

/// The English files; a test holds the other language to them.
const FOLDER: &str = "assets/translations/en";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in fs::read_dir(FOLDER)? {
        read(&fs::read_to_string(entry?.path())?, &mut messages);
    }
    let rows: String =
        messages.iter().map(|(id, values)| format!("({id:?}, &{:?}),\n", Vec::from_iter(values))).collect();
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("messages.rs"), format!("&[\n{rows}]\n"))
}

/// Each `id = ...`, with the `$name` of its own text and of its attributes, which are indented.
fn read(text: &str, messages: &mut BTreeMap<String, BTreeSet<String>>) {
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            current = line.split_once('=').map(|(id, _)| id.trim().to_owned());
        }
        let Some(id) = &current else { continue };
        let values = messages.entry(id.clone()).or_default();
        values.extend(line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect()
        }));
    }
}
