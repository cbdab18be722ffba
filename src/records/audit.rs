//! `audit.jsonl`: one line per event, append-only. A line that a crash broke affects no other: those after it can still
//! be read.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::calibration::Calibration;
use super::event::AuditEvent;
use super::review::Review;
use crate::files::{self, FileKind, ReadError};
use crate::provenance::{MaskOrigin, NetworkRun};

/// What is exported for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Product {
    /// A mask as an image.
    Mask,
    /// The photo with its outline as an image.
    Overlay,
    /// Figures as rows or pages.
    Report,
    /// Annotations of other programs.
    Annotations,
}

impl Product {
    /// The word for it in the log.
    fn key(self) -> &'static str {
        self.into()
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When, in UTC.
    pub time: Timestamp,
    /// What happened.
    pub event: AuditEvent,
    /// The photo's file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub photo: String,
    /// SHA-256 of the photo's bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// Network, hash, engine, threshold and program version.
    #[serde(flatten, default)]
    pub result: Option<NetworkRun>,
    /// Who did it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reviewer: String,
    /// Data of this event alone.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub detail: Value,
}

impl AuditEntry {
    /// An entry for the folder, not for one photo.
    #[must_use]
    pub fn of_folder(event: AuditEvent, time: Timestamp, detail: Value) -> Self {
        let (photo, sha256, reviewer) = (String::new(), String::new(), String::new());
        Self { time, event, photo, sha256, result: None, reviewer, detail }
    }

    /// The entry of a decision that `reviewer` made or took back.
    #[must_use]
    pub fn reviewed(event: AuditEvent, reviewer: &str, review: &Review) -> Self {
        Self {
            time: review.changed,
            event,
            photo: review.name.clone(),
            sha256: review.sha256.clone(),
            result: review.result.clone(),
            reviewer: reviewer.to_owned(),
            detail: serde_json::to_value(review).expect("plain data becomes JSON"),
        }
    }

    /// The entry of a calibration that was made or removed.
    #[must_use]
    pub fn calibrated(event: AuditEvent, reviewer: &str, calibration: &Calibration) -> Self {
        Self {
            time: calibration.changed,
            event,
            photo: calibration.name.clone(),
            sha256: calibration.sha256.clone(),
            result: None,
            reviewer: reviewer.to_owned(),
            detail: serde_json::to_value(calibration).expect("plain data becomes JSON"),
        }
    }

    /// The entry of a result that was exported to `files`: who made the mask, and its history if a person corrected it.
    #[must_use]
    pub fn exported(product: Product, files: &[PathBuf], origin: Option<&MaskOrigin>) -> Self {
        let files: Vec<String> = files.iter().map(|file| whole(file)).collect();
        let mut detail = json!({ "kind": product.key(), "files": files });
        if let Some(source) = origin.and_then(MaskOrigin::key) {
            detail["mask_source"] = source.into();
        }
        match origin {
            Some(MaskOrigin::Network(run)) if !run.steps.is_empty() => detail["steps"] = json!(run.steps),
            Some(MaskOrigin::Corrected(correction)) => detail["correction"] = json!(correction),
            Some(MaskOrigin::Network(_) | MaskOrigin::Reference { .. }) | None => {}
        }
        Self::of_folder(AuditEvent::Exported, Timestamp::now(), detail)
    }

    fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("plain data becomes JSON");
        line.push(b'\n');
        line
    }
}

/// An absolute path, independent of where the program was started.
fn whole(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy().into_owned()
}

/// The content of a log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditLog {
    /// The lines that can be read, oldest first.
    pub entries: Vec<AuditEntry>,
    /// How many cannot.
    pub broken_lines: usize,
}

impl AuditLog {
    /// Reads the log at `path`; a missing one is empty.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let mut log = Self::default();
        for_each_line(path, |line| match serde_json::from_slice(line) {
            Ok(entry) => log.entries.push(entry),
            Err(_) => log.broken_lines += 1,
        })?;
        Ok(log)
    }
}

/// The longest line that is believed: a note of a million letters is none that a person typed.
const MOST_LINE_BYTES: usize = 1 << 20;

/// Gives each line of the log at `path` to `take`, without its end; a missing log has none. Only one line is in memory,
/// and of one that is too long only its beginning.
pub(super) fn for_each_line(path: &Path, mut take: impl FnMut(&[u8])) -> Result<(), ReadError> {
    let file = match files::open(path, FileKind::AuditLog) {
        Ok(file) => file,
        Err(error) if error.is_not_there() => return Ok(()),
        Err(error) => return Err(error),
    };
    let fail = |error: io::Error| ReadError { path: path.to_owned(), fault: error.into() };
    // A log that grows while it is read is read no further than a log may be long.
    let mut lines = BufReader::new(file.take(FileKind::AuditLog.max_bytes()));
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = MOST_LINE_BYTES as u64;
        if lines.by_ref().take(most).read_until(b'\n', &mut line).map_err(fail)? == 0 {
            return Ok(());
        }
        if line.len() == MOST_LINE_BYTES && line.last() != Some(&b'\n') {
            lines.skip_until(b'\n').map_err(fail)?;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        if !line.is_empty() {
            take(line);
        }
    }
}

/// A file that lines are added to.
trait Log: Write {
    /// Its length, and whether it ends within a line.
    fn end(&mut self) -> io::Result<(u64, bool)>;
    /// Truncates it.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Syncs it to disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Log for File {
    fn end(&mut self) -> io::Result<(u64, bool)> {
        let length = self.seek(SeekFrom::End(0))?;
        if length == 0 {
            return Ok((0, false));
        }
        self.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.read_exact(&mut last)?;
        Ok((length, last != *b"\n"))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Adds `entries` to the log at `path`: all of them or none.
pub(super) fn append(path: &Path, entries: &[AuditEntry]) -> io::Result<()> {
    let mut file = files::open_for_appending(path, FileKind::AuditLog)?;
    add(&mut file, entries)
}

fn add(log: &mut impl Log, entries: &[AuditEntry]) -> io::Result<()> {
    let (length, is_within_line) = log.end()?;
    let mut bytes = if is_within_line { vec![b'\n'] } else { Vec::new() };
    entries.iter().for_each(|entry| bytes.extend(entry.line()));
    let written = log.write_all(&bytes).and_then(|()| log.sync());
    if written.is_err() {
        // Nothing stays of a line that did not fit on the disk.
        let _ = log.cut(length);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(note: &str) -> AuditEntry {
        let result = NetworkRun {
            model: "net".into(),
            model_sha256: "ab".into(),
            engine: "RTen 0.27".into(),
            threshold: 0.5,
            is_threshold_auto: false,
            is_careful: false,
            has_second_look: false,
            steps: Default::default(),
            program: "0.1.0".into(),
        };
        let time = Timestamp::from_second(1).expect("in range");
        let mut entry = AuditEntry::of_folder(AuditEvent::Corrected, time, json!({ "note": note }));
        entry.result = Some(result);
        entry
    }

    #[test]
    fn a_broken_last_line_costs_itself_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("audit.jsonl");
        append(&path, &[entry("one"), entry("two")]).expect("it is written");
        let whole = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, &whole[..whole.len() - 9]).expect("cut");
        append(&path, &[entry("three")]).expect("it is written");
        let log = AuditLog::read(&path).expect("it reads");
        assert_eq!(log.entries, [entry("one"), entry("three")]);
        assert_eq!(log.broken_lines, 1);
    }

    #[test]
    fn model_hash_and_threshold_stand_on_the_line_itself() {
        let line: Value = serde_json::from_slice(&entry("x").line()).expect("JSON");
        assert_eq!((&line["model_sha256"], &line["threshold"]), (&json!("ab"), &json!(0.5)));
        assert_eq!(line["time"], "1970-01-01T00:00:01Z");
    }

    #[test]
    fn the_steps_before_and_after_the_network_are_on_the_line_where_there_are_some() {
        let line = |entry: &AuditEntry| -> Value { serde_json::from_slice(&entry.line()).expect("JSON") };
        let plain = line(&entry("x"));
        assert_eq!((plain.get("before"), plain.get("after")), (None, None));
        let mut with_steps = entry("x");
        let run = with_steps.result.as_mut().expect("a network's");
        run.steps.before = "clahe".parse().expect("a step");
        let origin = MaskOrigin::Network(run.clone());
        let said = line(&with_steps);
        assert_eq!((&said["before"], said.get("after")), (&json!("clahe:2"), None));
        assert_eq!(serde_json::from_value::<AuditEntry>(said).expect("it reads"), with_steps);
        let exported = AuditEntry::exported(Product::Mask, &[], Some(&origin));
        assert_eq!(exported.detail["steps"], json!({ "before": "clahe:2" }));
    }

    /// A disk with room for `room` bytes.
    struct FullDisk {
        bytes: Vec<u8>,
        room: usize,
    }

    impl Write for FullDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.room - self.bytes.len());
            if fits == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Log for FullDisk {
        fn end(&mut self) -> io::Result<(u64, bool)> {
            Ok((self.bytes.len() as u64, self.bytes.last().is_some_and(|&last| last != b'\n')))
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.bytes.truncate(length as usize);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_leaves_the_log_as_it_was() {
        let first = entry("one").line();
        let mut disk = FullDisk { bytes: first.clone(), room: first.len() + 20 };
        let error = add(&mut disk, &[entry("two")]).expect_err("it does not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(disk.bytes, first);
    }
}
