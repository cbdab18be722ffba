//! A CSV that grows row by row and takes its place when it is whole: a batch of any length holds no row in memory.

use std::io;
use std::path::{Path, PathBuf};

use csv::{ErrorKind, Writer};

use crate::files::{GrowingFile, WriteError};

/// A CSV that is being written.
pub(super) struct CsvFile {
    path: PathBuf,
    rows: Writer<GrowingFile>,
}

impl CsvFile {
    /// Begins the file that will stand at `path`, with the names of its columns.
    pub(super) fn begin(path: &Path, columns: &[String]) -> anyhow::Result<Self> {
        let mut file = Self { path: path.to_owned(), rows: Writer::from_writer(GrowingFile::begin(path)?) };
        file.add(columns)?;
        Ok(file)
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: &[String]) -> anyhow::Result<()> {
        let Err(error) = self.rows.write_record(cells) else { return Ok(()) };
        Err(match error.into_kind() {
            ErrorKind::Io(source) => WriteError { path: self.path.clone(), source }.into(),
            other => anyhow::anyhow!("{other:?}"),
        })
    }

    /// Puts the file in its place.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Self { path, rows } = self;
        let file = rows.into_inner().map_err(|error| {
            let source = io::Error::from(error.error().kind());
            WriteError { path, source }
        })?;
        file.finish()?;
        Ok(())
    }
}
