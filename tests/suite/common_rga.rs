//! A board on paper with RGA: its device, a functional double of its library, and memory that both share. The double is no
//! RGA; it converts in C, and holds whoever calls it to the interface. A test that misuses the interface, or does not give
//! every handle back, fails when its board is dropped.

use std::io::{self, Write as _};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

use dermaloupe::live::RgaError;
use dermaloupe::live::rga::{FrameMemory, MemoryAccess, RgaPlace};
use rustix::fs::{MemfdFlags, ftruncate, memfd_create};

use crate::common_npu::compiled;

const DOUBLE: (&str, &str) = ("double.c", include_str!("common_rga/double.c"));

/// A board on paper.
pub(crate) struct RgaBoard {
    folder: tempfile::TempDir,
}

impl RgaBoard {
    /// With a double that does what `plan` says.
    pub(crate) fn new(plan: &str) -> Self {
        let board = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(board.path("dev")).unwrap();
        std::fs::write(board.path("dev/rga"), "").unwrap();
        std::fs::write(board.path("librga.so.plan"), plan).unwrap();
        // A library of its own, with a state of its own.
        std::fs::copy(compiled("rga-double", &["-shared", "-fPIC"], &[DOUBLE]), board.library()).unwrap();
        board
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.path("librga.so")
    }

    /// Where a run finds it.
    pub(crate) fn place(&self) -> RgaPlace {
        RgaPlace {
            system_root: self.path(""),
            library: Some(self.library()),
            is_off: false,
            memory: Arc::new(Memory { log: self.path("librga.so.log") }),
        }
    }

    /// What the double and its memory have noted.
    pub(crate) fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("librga.so.log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How many lines of the log begin so.
    pub(crate) fn count(&self, beginning: &str) -> usize {
        self.log().iter().filter(|line| line.starts_with(beginning)).count()
    }
}

impl Drop for RgaBoard {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.count("VIOLATION"), 0, "the interface was misused: {:#?}", self.log());
            assert_eq!(self.count("import"), self.count("release"), "handles were kept: {:#?}", self.log());
        }
    }
}

/// The program that misuses the interface, with the double inside.
pub(crate) fn misuser() -> PathBuf {
    compiled("rga-misuse", &[], &[DOUBLE, ("misuse.c", include_str!("common_rga/misuse.c"))])
}

/// Memory of the process in the place of the kernel's heaps; it notes whose turn it is.
struct Memory {
    log: PathBuf,
}

impl FrameMemory for Memory {
    fn allocate(&self, bytes: usize) -> Result<OwnedFd, RgaError> {
        let fd = memfd_create("rga", MemfdFlags::CLOEXEC).unwrap();
        ftruncate(&fd, bytes as u64).unwrap();
        Ok(fd)
    }

    fn sync(&self, _memory: BorrowedFd<'_>, access: MemoryAccess) -> io::Result<()> {
        let mut log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log)?;
        writeln!(log, "{access:?}")
    }
}

/// Memory that cannot be had.
pub(crate) struct NoMemory;

impl FrameMemory for NoMemory {
    fn allocate(&self, _bytes: usize) -> Result<OwnedFd, RgaError> {
        Err(RgaError::Memory { reason: (&io::Error::from(io::ErrorKind::NotFound)).into(), path: "dma32".into() })
    }

    fn sync(&self, _memory: BorrowedFd<'_>, _access: MemoryAccess) -> io::Result<()> {
        Ok(())
    }
}
