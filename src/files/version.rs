//! [`FileVersion`]: whether a file is still the one that was read.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How coarse the times of files are at worst, on a stick's FAT: two changes within it may look like one.
const COARSEST_TIME: Duration = Duration::from_secs(2);

/// A version of a file: one that was changed, or another under its name, has another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVersion {
    bytes: u64,
    modified: SystemTime,
    identity: FileIdentity,
}

impl FileVersion {
    /// The version that lies at `path` now; a link is followed. `None` where there is no file, where the system does not
    /// say when it was written, and where that is so short ago that one more change might not be seen.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        // The clock first: what is written after it is not older than it says.
        let now = SystemTime::now();
        let facts = path.metadata().ok().filter(Metadata::is_file)?;
        let modified = facts.modified().ok().filter(|&modified| is_settled(modified, now))?;
        Some(Self { bytes: facts.len(), modified, identity: FileIdentity::of(&facts) })
    }

    /// Whether this version still lies at `path`.
    #[must_use]
    pub fn is_at(&self, path: &Path) -> bool {
        Self::of(path).as_ref() == Some(self)
    }
}

/// Whether a change at `now` would give the file another time. Clocks of other machines may be far ahead.
fn is_settled(modified: SystemTime, now: SystemTime) -> bool {
    let apart = now.duration_since(modified).unwrap_or_else(|ahead| ahead.duration());
    apart > COARSEST_TIME
}

/// What tells a file from another of its size and time under its name, and one that was written and dated back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileIdentity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
    /// Seconds and nanoseconds of the last change of anything, which nobody can set.
    #[cfg(unix)]
    changed: [i64; 2],
}

impl FileIdentity {
    #[cfg(unix)]
    fn of(facts: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: facts.dev(), inode: facts.ino(), changed: [facts.ctime(), facts.ctime_nsec()] }
    }

    #[cfg(not(unix))]
    fn of(_facts: &Metadata) -> Self {
        Self {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    /// Dates the file back by an hour, as photographs are.
    fn date_back(path: &Path) {
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        File::options().append(true).open(path).unwrap().set_modified(hour_ago).unwrap();
    }

    #[test]
    fn a_file_that_was_changed_or_replaced_is_another_version() {
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["a.jpg", "b.jpg"].map(|name| folder.path().join(name));
        for file in [&path, &other] {
            std::fs::write(file, "one").unwrap();
            date_back(file);
        }
        let version = FileVersion::of(&path).unwrap();
        assert!(version.is_at(&path), "nothing has happened");
        assert!(!version.is_at(&folder.path().join("none.jpg")));
        std::fs::write(&path, "longer").unwrap();
        assert!(!version.is_at(&path), "it was just written");
        date_back(&path);
        assert!(!version.is_at(&path), "it is longer");
        let version = FileVersion::of(&path).unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(!version.is_at(&path), "another lies under its name");
    }

    #[cfg(unix)]
    #[test]
    fn the_same_size_at_the_same_time_is_another_version_where_it_was_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, "one").unwrap();
        date_back(&path);
        let (version, written) = (FileVersion::of(&path).unwrap(), path.metadata().unwrap().modified().unwrap());
        std::fs::write(&path, "two").unwrap();
        File::options().append(true).open(&path).unwrap().set_modified(written).unwrap();
        assert!(!version.is_at(&path));
    }

    #[test]
    fn what_was_written_just_now_has_no_version_that_can_be_trusted() {
        let now = SystemTime::now();
        let [second, hour] = [1, 3600].map(Duration::from_secs);
        for (modified, settled) in
            [(now, false), (now - second, false), (now + second, false), (now - hour, true), (now + hour, true)]
        {
            assert_eq!(is_settled(modified, now), settled, "{modified:?}");
        }
    }

    #[test]
    fn a_folder_has_no_version() {
        assert_eq!(FileVersion::of(Path::new(env!("CARGO_MANIFEST_DIR"))), None);
    }
}
