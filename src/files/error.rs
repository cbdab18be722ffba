//! Why a file was not read or not written.

use std::io;
use std::path::{Path, PathBuf};

use crate::language::{Value, Words};
use crate::{display_as_message, words};

/// Why a file was not read. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// The fault.
    pub fault: ReadFault,
}

/// Why a file was not read, without its path.
#[derive(Debug, thiserror::Error)]
pub enum ReadFault {
    /// There is something else under its name: reading it might never end, or lead elsewhere.
    NotRegular(NotRegular),
    /// More bytes than its kind may have.
    TooLarge {
        /// Of the file; `None` if it says that it is empty, or has grown while it was read.
        found: Option<u64>,
        /// The most that its kind may have.
        limit: u64,
    },
    /// It is no text in UTF-8.
    NotText,
    /// The operating system did not let us read it.
    System(io::Error),
}

/// What stands where a regular file was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRegular {
    /// A folder.
    Folder,
    /// A named pipe.
    Pipe,
    /// A device.
    Device,
    /// A socket.
    Socket,
    /// A link, where none is followed.
    Link,
    /// A file, where a folder was expected.
    File,
    /// A file of the system that waits for something to happen.
    Waiting,
}

impl ReadError {
    pub(super) fn new(path: &Path, fault: impl Into<ReadFault>) -> Self {
        Self { path: path.to_owned(), fault: fault.into() }
    }

    /// Whether there is no such file, by the system's word: any other failure is none of "not there".
    #[must_use]
    pub fn is_not_there(&self) -> bool {
        self.fault.kind() == io::ErrorKind::NotFound
    }

    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        words!("read-failed", reason = self.fault.message(), path = self.path.as_path())
    }
}

impl ReadFault {
    /// The system's kind of error that comes nearest.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::NotRegular(NotRegular::Folder) => io::ErrorKind::IsADirectory,
            Self::NotRegular(NotRegular::File) => io::ErrorKind::NotADirectory,
            Self::NotRegular(_) => io::ErrorKind::InvalidInput,
            Self::TooLarge { .. } => io::ErrorKind::FileTooLarge,
            Self::NotText => io::ErrorKind::InvalidData,
            Self::System(error) => error.kind(),
        }
    }

    /// The fault in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::NotRegular(found) => found.message(),
            Self::TooLarge { found: Some(found), limit } => {
                words!("file-too-large", bytes = found.to_string(), limit = limit.to_string())
            }
            Self::TooLarge { found: None, limit } => words!("file-grows", limit = limit.to_string()),
            Self::NotText => words!("file-not-text"),
            Self::System(error) => words!("file-system-says", reason = error),
        }
    }
}

impl NotRegular {
    /// What it is, in words.
    #[must_use]
    pub fn message(self) -> Words {
        match self {
            Self::Folder => words!("file-is-folder"),
            Self::Pipe => words!("file-is-pipe"),
            Self::Device => words!("file-is-device"),
            Self::Socket => words!("file-is-socket"),
            Self::Link => words!("file-is-link"),
            Self::File => words!("folder-is-file"),
            Self::Waiting => words!("file-waits"),
        }
    }
}

impl From<NotRegular> for ReadFault {
    fn from(found: NotRegular) -> Self {
        Self::NotRegular(found)
    }
}

impl From<io::Error> for ReadFault {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// For errors that keep the system's: our own words travel in it, and are said in both languages.
impl From<ReadFault> for io::Error {
    fn from(fault: ReadFault) -> Self {
        match fault {
            ReadFault::System(error) => error,
            ours => Self::new(ours.kind(), ours.message()),
        }
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        error.fault.into()
    }
}

/// Why a file was not written. Nothing half-written is left behind. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub struct WriteError {
    /// The file that was to be written.
    pub path: PathBuf,
    /// The operating system's words, or ours.
    pub source: io::Error,
}

impl WriteError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        let (reason, path) = (Value::from(&self.source), self.path.as_path());
        match self.source.kind() {
            io::ErrorKind::StorageFull => words!("write-disk-full", path = path),
            io::ErrorKind::QuotaExceeded => words!("write-quota", path = path),
            io::ErrorKind::AlreadyExists => words!("write-there-already", path = path),
            _ if self.source.get_ref().is_some() => words!("write-refused", reason = reason, path = path),
            _ => words!("write-failed", reason = reason, path = path),
        }
    }
}

display_as_message!(ReadError, ReadFault, WriteError);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn said(kind: io::ErrorKind) -> String {
        WriteError { path: "/media/a.csv".into(), source: kind.into() }.to_string()
    }

    #[test]
    fn a_full_disk_is_said_to_be_full_and_the_path_stands_last() {
        assert!(said(io::ErrorKind::StorageFull).contains("no space is left on the disk"));
        assert!(said(io::ErrorKind::QuotaExceeded).contains("share of the disk is used up"));
        assert!(said(io::ErrorKind::AlreadyExists).contains("was not changed"));
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::PermissionDenied] {
            assert!(said(kind).ends_with(": /media/a.csv"), "{}", said(kind));
        }
    }

    #[test]
    fn our_own_words_in_an_error_of_the_system_are_said_in_both_languages() {
        let error = WriteError { path: "/x".into(), source: ReadFault::from(NotRegular::Link).into() };
        assert!(error.to_string().contains("links among records are not followed"));
        assert!(error.message().said_in(Language::SimplifiedChinese).contains("这是链接"));
    }
}
