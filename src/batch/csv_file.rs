//! A CSV that grows row by row and takes its place when it is whole: a batch of any length holds no row in memory.

use std::path::Path;

use csv::Writer;

use crate::files::GrowingFile;

/// A CSV that is being written.
pub(super) struct CsvFile(Writer<GrowingFile>);

impl CsvFile {
    /// Begins the file that will stand at `path`, with the names of its columns.
    pub(super) fn begin(path: &Path, columns: &[String]) -> anyhow::Result<Self> {
        let mut writer = Writer::from_writer(GrowingFile::begin(path)?);
        writer.write_record(columns)?;
        Ok(Self(writer))
    }

    /// Adds a row.
    pub(super) fn add(&mut self, cells: &[String]) -> anyhow::Result<()> {
        Ok(self.0.write_record(cells)?)
    }

    /// Puts the file in its place.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let file = self.0.into_inner().map_err(|error| anyhow::anyhow!("{}", error.error()))?;
        file.finish()?;
        Ok(())
    }
}
