//! Writes a results file while the batch goes on, and goes on from one that is there.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::super::UsageError;
use super::super::console::Console;
use super::super::shard::Placed;
use super::super::table::counted;
use super::facts::RunFacts;
use super::index::{Ending, FORMAT, Heading, LineAt, LineReader, ResultsIndex, ResultsState, hex};
use super::line::PhotoLine;
use super::made_of::MadeOf;
use crate::files::{self, FileKind, GrowingFile, LockError};

/// The results of a batch, where a file was asked for.
pub(in crate::batch) struct ResultsLog<T> {
    open: Option<OpenLog>,
    results: PhantomData<fn() -> T>,
}

/// A photograph that is done.
pub(in crate::batch) struct PhotoDone<T> {
    pub(in crate::batch) result: T,
    /// None where nothing is kept, and where that is not known any more.
    pub(in crate::batch) made_of: Option<MadeOf>,
    /// It was done by an earlier run.
    pub(in crate::batch) is_kept: bool,
}

struct OpenLog {
    path: PathBuf,
    /// What an earlier run found, by place, in `before`.
    kept: HashMap<usize, LineAt>,
    /// The file of the earlier run, locked, though another stands in its place.
    before: Option<Mutex<LineReader>>,
    file: Mutex<HashedFile>,
}

/// A file whose bytes are hashed as they are written.
struct HashedFile {
    file: File,
    hash: Sha256,
}

impl HashedFile {
    fn add(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.hash.update(line);
        self.file.write_all(line)
    }
}

impl<T: Serialize + DeserializeOwned> ResultsLog<T> {
    /// Opens the file at `path`, where there is one to be written, for the `photos` of this shard.
    ///
    /// # Errors
    /// [`UsageError`] where something else stands at `path`, results of another command or shard, or another run writes
    /// to it. Results of another network or with other options are said, and replaced.
    pub(in crate::batch) fn open(
        path: Option<&Path>,
        facts: &RunFacts,
        photos: &[Placed<impl AsRef<Path>>],
        console: &Console,
    ) -> anyhow::Result<Self> {
        let open = path.map(|path| OpenLog::of(path, facts, photos, console)).transpose()?;
        Ok(Self { open, results: PhantomData })
    }

    /// Whether results are kept.
    pub(in crate::batch) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The result that an earlier run found of the photograph at `place`, if what it was made of is still `now`.
    pub(in crate::batch) fn kept(
        &self,
        place: usize,
        now: impl FnOnce() -> Option<MadeOf>,
    ) -> Option<PhotoDone<T>> {
        let open = self.open.as_ref()?;
        let at = *open.kept.get(&place)?;
        let mut before = open.before.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let line = before.line::<T>(at);
        drop(before);
        let PhotoLine { made_of, result, .. } = line.ok()?;
        let is_as_it_was = made_of.is_some() && made_of == now();
        Some(PhotoDone { result: result.filter(|_| is_as_it_was)?, made_of, is_kept: true })
    }

    /// Adds a photograph that is done, unless it is there already.
    pub(in crate::batch) fn add<I: AsRef<Path>>(&self, photo: &Placed<I>, done: PhotoDone<T>) -> anyhow::Result<T> {
        let PhotoDone { result, made_of, is_kept } = done;
        if is_kept || !self.is_open() {
            return Ok(result);
        }
        let line = PhotoLine { made_of, result: Some(result), ..of_photo(photo) };
        self.write(&line)?;
        Ok(line.result.expect("it was put there"))
    }

    /// Adds a photograph that failed, with what is said of it nevertheless.
    pub(in crate::batch) fn add_failed<I: AsRef<Path>>(
        &self,
        photo: &Placed<I>,
        error: &impl std::fmt::Display,
        result: Option<T>,
    ) -> anyhow::Result<Option<T>> {
        let line = PhotoLine { error: Some(error.to_string()), result, ..of_photo(photo) };
        self.write(&line)?;
        Ok(line.result)
    }

    fn write(&self, line: &PhotoLine<T>) -> anyhow::Result<()> {
        let Some(open) = &self.open else { return Ok(()) };
        open.write(|file| file.add(&bytes_of(line)))
    }

    /// Says in the file that all photographs are done.
    pub(in crate::batch) fn finish(self) -> anyhow::Result<()> {
        let Some(open) = self.open else { return Ok(()) };
        open.write(|file| {
            let end = hex(file.hash.clone());
            file.add(&bytes_of(&Ending { end }))?;
            file.file.sync_all()
        })
    }
}

impl OpenLog {
    fn of(
        path: &Path,
        facts: &RunFacts,
        photos: &[Placed<impl AsRef<Path>>],
        console: &Console,
    ) -> anyhow::Result<Self> {
        let fail = |detail: String| UsageError::new(format!("--results: {detail}: {}", path.display()));
        let before = match files::open_for_changing(path, FileKind::Results) {
            Ok(file) => Some(file),
            Err(error) if error.is_not_there() => None,
            Err(error) => return Err(fail(error.fault.to_string()).into()),
        };
        let found = match &before {
            Some(file) => found_in(path, file, facts, console)?,
            None => HashMap::new(),
        };
        let mut before = before.map(LineReader::new);
        let mut growing =
            GrowingFile::begin(path).map_err(|error| UsageError::new(format!("--results: {error}")))?;
        held(growing.file(), path)?;
        let mut kept = HashMap::new();
        let mut hash = Sha256::new();
        let mut put = |line: &[u8]| {
            hash.update(line);
            growing.write_all(line)
        };
        put(&bytes_of(&Heading { dermaloupe_results: FORMAT, run: facts }))?;
        for photo in photos {
            if let (Some(&at), Some(before)) = (found.get(&lossy(photo)), &mut before) {
                put(&with_place(&before.bytes(at)?, photo.place))?;
                kept.insert(photo.place, at);
            }
        }
        if !kept.is_empty() {
            log::info!("{} are there already: {}", counted(kept.len(), "result"), path.display());
        }
        let file = growing.finish()?;
        let file = Mutex::new(HashedFile { file, hash });
        Ok(Self { path: path.to_owned(), kept, before: before.map(Mutex::new), file })
    }

    fn write(&self, put: impl FnOnce(&mut HashedFile) -> std::io::Result<()>) -> anyhow::Result<()> {
        put(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner))
            .map_err(|error| anyhow::anyhow!("cannot write the results ({error}): {}", self.path.display()))
    }
}

/// The results in a file that can be gone on from, by photograph.
fn found_in(
    path: &Path,
    file: &File,
    facts: &RunFacts,
    console: &Console,
) -> Result<HashMap<String, LineAt>, UsageError> {
    held(file, path)?;
    let mut found = HashMap::new();
    let index = ResultsIndex::of(path, file, |head, at| match head.error {
        None => drop(found.insert(head.file, at)),
        // It is tried again.
        Some(_) => drop(found.remove(&head.file)),
    })?;
    let fail = |detail: String| UsageError::new(format!("--results: {detail}: {}", path.display()));
    if index.facts.command != facts.command {
        let name = index.facts.command.name();
        return Err(fail(format!("these are results of {name}; choose another name")));
    }
    if index.facts.shard != facts.shard {
        let (there, this) = (index.facts.shard, facts.shard);
        return Err(fail(format!(
            "these are the results of shard {there}, and this is shard {this}; give each a file of its own"
        )));
    }
    let warn = |detail: &str| console.warning(format!("{detail}: {}", path.display()));
    match (index.facts.difference(facts), index.state) {
        (Some(difference), _) => {
            warn(&format!("the results that are there differ ({difference}), so all photographs are done again"));
            found.clear();
        }
        (None, ResultsState::Changed) => {
            warn("these results were changed after they were written, so all photographs are done again");
            found.clear();
        }
        (None, ResultsState::Damaged(line)) => {
            warn(&format!("these results are damaged from line {line} on; what is missing is done again"));
        }
        (None, ResultsState::Finished | ResultsState::Unfinished) => {}
    }
    Ok(found)
}

/// Locks the file for as long as it is open.
fn held(file: &File, path: &Path) -> Result<(), UsageError> {
    files::lock(file, path, Duration::ZERO).map_err(|error| {
        let detail = match error {
            LockError::Held => {
                "another run writes these results; wait for it, or give each run a file of its own".into()
            }
            LockError::System(error) => error.to_string(),
        };
        UsageError::new(format!("--results: {detail}: {}", path.display()))
    })
}

/// The line of a photograph of which nothing is known yet.
fn of_photo<T>(photo: &Placed<impl AsRef<Path>>) -> PhotoLine<T> {
    let (place, name) = (photo.place, photo.name.clone());
    PhotoLine { place, name, file: lossy(photo), error: None, made_of: None, result: None }
}

fn lossy(photo: &impl AsRef<Path>) -> String {
    photo.as_ref().to_string_lossy().into_owned()
}

fn bytes_of(line: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).expect("plain data becomes JSON");
    bytes.push(b'\n');
    bytes
}

/// The line with another place, which is its first key.
fn with_place(line: &[u8], place: usize) -> Vec<u8> {
    let rest = line.iter().position(|&byte| byte == b',').unwrap_or_default();
    [format!("{{\"place\":{place}").as_bytes(), &line[rest..]].concat()
}
