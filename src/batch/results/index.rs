//! Reads a results file line by line: whose it is, where the line of each photograph is, and whether the run has ended.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::super::UsageError;
use super::facts::RunFacts;
use super::line::PhotoLine;

/// The version of the format.
pub(super) const FORMAT: u32 = 1;

/// The longest line: a row with all its measures has some 8 kB.
const MOST_BYTES: u64 = 1 << 24;

/// The first line.
#[derive(Deserialize, serde::Serialize)]
pub(super) struct Heading<R> {
    pub(super) dermaloupe_results: u32,
    pub(super) run: R,
}

/// The last line.
#[derive(Deserialize, serde::Serialize)]
pub(super) struct Ending {
    /// SHA-256 of all bytes before this line.
    pub(super) end: String,
}

/// What of a photograph's line is read at first.
#[derive(Deserialize)]
pub(in crate::batch) struct LineHead {
    pub(in crate::batch) place: usize,
    pub(in crate::batch) name: String,
    pub(super) file: String,
    #[serde(default)]
    pub(super) error: Option<String>,
}

/// Where a line is.
#[derive(Clone, Copy, Debug)]
pub(in crate::batch) struct LineAt {
    offset: u64,
    bytes: usize,
}

/// How a results file ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::batch) enum ResultsState {
    /// Every photograph is done.
    Finished,
    /// The run was interrupted, or goes on.
    Unfinished,
    /// The number of the first line that cannot be read.
    Damaged(usize),
    /// It was changed after it was written: no line of it can be believed.
    Changed,
}

/// A results file that was read.
#[derive(Debug)]
pub(in crate::batch) struct ResultsIndex {
    pub(in crate::batch) path: PathBuf,
    pub(in crate::batch) facts: RunFacts,
    /// The last line of each photograph, by its place.
    pub(in crate::batch) lines: BTreeMap<usize, LineAt>,
    pub(in crate::batch) state: ResultsState,
}

impl ResultsIndex {
    /// Reads the open file at `path` and shows each photograph's line to `each`.
    pub(in crate::batch) fn of(
        path: &Path,
        file: &File,
        mut each: impl FnMut(LineHead, LineAt),
    ) -> Result<Self, UsageError> {
        let fail = |detail: &str| UsageError::new(format!("{detail}: {}", path.display()));
        let system = |error: std::io::Error| fail(&format!("cannot read the results ({error})"));
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let (mut hash, mut offset, mut number) = (Sha256::new(), 0, 1);
        let mut line = Vec::new();
        let mut next = |line: &mut Vec<u8>| {
            line.clear();
            (&mut reader).take(MOST_BYTES).read_until(b'\n', line)
        };
        next(&mut line).map_err(system)?;
        let facts = run(&line).map_err(|detail| fail(&detail))?;
        let mut lines = BTreeMap::new();
        let state = loop {
            hash.update(&line);
            offset += line.len() as u64;
            number += 1;
            if next(&mut line).map_err(system)? == 0 || !line.ends_with(b"\n") && (line.len() as u64) < MOST_BYTES {
                // What a kill left of a line counts as not written.
                break ResultsState::Unfinished;
            }
            if let Ok(Ending { end }) = serde_json::from_slice(&line) {
                let is_whole = end == hex(hash) && next(&mut line).map_err(system)? == 0;
                break if is_whole { ResultsState::Finished } else { ResultsState::Changed };
            }
            let Ok(head) = serde_json::from_slice::<LineHead>(&line) else {
                break ResultsState::Damaged(number);
            };
            let at = LineAt { offset, bytes: line.len() };
            lines.insert(head.place, at);
            each(head, at);
        };
        Ok(Self { path: path.to_owned(), facts, lines, state })
    }
}

/// The run that the first line states.
fn run(line: &[u8]) -> Result<RunFacts, String> {
    let none = "this is no results file; choose another name";
    let Heading { dermaloupe_results: version, run } =
        serde_json::from_slice::<Heading<serde_json::Value>>(line).map_err(|_| none)?;
    if version != FORMAT {
        return Err(format!(
            "these results have format {version}, and this program knows {FORMAT}; use the program that wrote them"
        ));
    }
    serde_json::from_value(run).map_err(|error| format!("the first line of these results is damaged ({error})"))
}

/// As [`crate::decode::sha256_hex`].
pub(super) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads single lines of an open file.
#[derive(Debug)]
pub(in crate::batch) struct LineReader(pub(super) File);

impl LineReader {
    /// Of an open file.
    pub(in crate::batch) fn new(file: File) -> Self {
        Self(file)
    }

    /// The bytes of a line.
    pub(super) fn bytes(&mut self, at: LineAt) -> std::io::Result<Vec<u8>> {
        let mut line = vec![0; at.bytes];
        self.0.seek(SeekFrom::Start(at.offset))?;
        self.0.read_exact(&mut line)?;
        Ok(line)
    }

    /// A photograph's line; one of another form is an error.
    pub(in crate::batch) fn line<T: DeserializeOwned>(&mut self, at: LineAt) -> std::io::Result<PhotoLine<T>> {
        Ok(serde_json::from_slice(&self.bytes(at)?)?)
    }
}
