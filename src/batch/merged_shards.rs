//! The results files of all shards of a run, checked to be just that, and read in the order of the photographs.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::UsageError;
use super::results::{LineAt, LineReader, PhotoLine, ResultsIndex, ResultsState, RunFacts};
use super::table::counted;
use crate::files::{self, FileKind};

/// Files that are open at once; a system gives a program a thousand and more.
const MOST_OPEN: usize = 256;

/// The shards of one run, all of them.
pub(super) struct MergedShards {
    /// Of the first file.
    pub(super) facts: RunFacts,
    files: Vec<PathBuf>,
    /// Where the line of each photograph is: in which file, and where in it.
    lines: BTreeMap<usize, (usize, LineAt)>,
    /// Of the photographs, by place, where they were asked for.
    names: BTreeMap<usize, String>,
    open: HashMap<usize, LineReader>,
}

impl MergedShards {
    /// Reads `files`, with the photographs' names where they are asked for.
    ///
    /// # Errors
    /// [`UsageError`] unless they are all shards of one run, each once and finished.
    pub(super) fn open(files: &[PathBuf], with_names: bool) -> Result<Self, UsageError> {
        let mut names = BTreeMap::new();
        let mut read = Vec::new();
        for path in files {
            read.push(finished(path, |place, name| drop(with_names.then(|| names.insert(place, name))))?);
        }
        let [first, ..] = &read[..] else { return Err(UsageError::new("no results are named")) };
        check_run(&read, first)?;
        check_numbers(&read, first)?;
        let mut lines = BTreeMap::new();
        for (number, index) in read.iter().enumerate() {
            for (&place, &at) in &index.lines {
                if let Some((other, _)) = lines.insert(place, (number, at)) {
                    return Err(doubled(index, &read[other], at));
                }
            }
        }
        let (found, expected) = (lines.len(), first.facts.photographs.count);
        if found != expected || lines.keys().next_back().is_some_and(|&last| last >= expected) {
            let complaint = format!("the shards hold {found} of {expected} photographs; run them again");
            return Err(UsageError::new(format!("{complaint}: {}", first.path.display())));
        }
        let facts = first.facts.clone();
        Ok(Self { facts, files: files.to_vec(), lines, names, open: HashMap::new() })
    }

    /// How many photographs there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The photographs' names, without endings, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        self.names.values().cloned().collect()
    }

    /// Shows each photograph's line to `take`, in the order of one run.
    pub(super) fn for_each<T: DeserializeOwned>(
        &mut self,
        mut take: impl FnMut(PhotoLine<T>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for &(file, at) in self.lines.values() {
            let path = &self.files[file];
            if self.open.len() >= MOST_OPEN && !self.open.contains_key(&file) {
                self.open.clear();
            }
            let reader = match self.open.entry(file) {
                std::collections::hash_map::Entry::Occupied(there) => there.into_mut(),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(LineReader::new(files::open(path, FileKind::Results)?))
                }
            };
            let line = reader.line(at);
            take(line.map_err(|error| anyhow::anyhow!("cannot read the results ({error}): {}", path.display()))?)?;
        }
        Ok(())
    }
}

/// The results at `path`, which must be whole; `each` is shown the place and the name of each photograph.
fn finished(path: &Path, mut each: impl FnMut(usize, String)) -> Result<ResultsIndex, UsageError> {
    let fail = |detail: String| UsageError::new(format!("{detail}: {}", path.display()));
    let file = files::open(path, FileKind::Results)
        .map_err(|error| fail(format!("cannot read the results ({})", error.fault)))?;
    let index = ResultsIndex::of(path, &file, |head, _| each(head.place, head.name))?;
    let shard = index.facts.shard;
    match index.state {
        ResultsState::Finished => Ok(index),
        ResultsState::Unfinished => Err(fail(format!(
            "shard {shard} has not ended ({} done); run the same command again, which goes on from there",
            counted(index.lines.len(), "photograph")
        ))),
        ResultsState::Damaged(line) => Err(fail(format!(
            "these results of shard {shard} are damaged from line {line} on; run the same command again"
        ))),
        ResultsState::Changed => Err(fail(format!(
            "these results of shard {shard} were changed after they were written; run the same command again"
        ))),
    }
}

/// Checks that all are of the run of `first`.
fn check_run(read: &[ResultsIndex], first: &ResultsIndex) -> Result<(), UsageError> {
    for index in read {
        let fail = |detail: String| Err(UsageError::new(format!("{detail}: {}", index.path.display())));
        let than = first.path.display();
        if let Some(difference) = first.facts.difference(&index.facts) {
            return fail(format!(
                "these results differ from those of {than} ({difference}) and cannot be merged with them"
            ));
        }
        let (one, other) = (&first.facts, &index.facts);
        if one.shard.of != other.shard.of {
            return fail(format!(
                "this is shard {}, and {than} is shard {}: they are not of one division",
                other.shard, one.shard
            ));
        }
        if one.photographs != other.photographs {
            let counts = format!("{} and {}", other.photographs.count, one.photographs.count);
            return fail(format!(
                "this shard and that of {than} are not of the same photographs ({counts}); run both again, which does only what is missing"
            ));
        }
    }
    Ok(())
}

/// Checks that each shard is there, once.
fn check_numbers(read: &[ResultsIndex], first: &ResultsIndex) -> Result<(), UsageError> {
    let mut by_number: BTreeMap<u32, &ResultsIndex> = BTreeMap::new();
    for index in read {
        let shard = index.facts.shard;
        if let Some(other) = by_number.insert(shard.number, index) {
            let (this, other) = (index.path.display(), other.path.display());
            return Err(UsageError::new(format!("shard {shard} is there twice, also as {other}: {this}")));
        }
    }
    let of = first.facts.shard.of;
    let missing: Vec<String> =
        (1..=of).filter(|number| !by_number.contains_key(number)).map(|number| format!("{number}/{of}")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let (count, shown) = (counted(missing.len(), "shard"), missing.iter().take(8).cloned().collect::<Vec<_>>());
    let more = if missing.len() > shown.len() { " and more" } else { "" };
    Err(UsageError::new(format!("{count} missing: {}{more}", shown.join(", "))))
}

/// A photograph is in two files.
fn doubled(index: &ResultsIndex, other: &ResultsIndex, at: LineAt) -> UsageError {
    let line = files::open(&index.path, FileKind::Results).ok().map(LineReader::new);
    let line = line.and_then(|mut reader| reader.line::<serde::de::IgnoredAny>(at).ok());
    let name = line.map(|line| line.name).unwrap_or_default();
    let (this, other) = (index.path.display(), other.path.display());
    UsageError::new(format!("the photograph '{name}' is in two shards, also in {other}: {this}"))
}
