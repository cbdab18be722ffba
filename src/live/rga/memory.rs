//! Memory that processor and RGA share: taken from the kernel's heaps below 4 GB, mapped here, and told in both directions
//! whose turn it is, as the processor's caches know nothing of RGA.
#![allow(unsafe_code, reason = "memory that is mapped, and two calls of the kernel that no crate makes")]

use std::io;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;

use rustix::ioctl::{Opcode, Setter, Updater, ioctl, opcode};

use super::super::rga_error::RgaError;

/// The heaps whose memory lies below 4 GB, the best first: the vendor's own, and the one that is set aside at start.
const HEAPS: [&str; 2] = ["system-dma32", "cma"];

/// What the processor is about to do with shared memory, or has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryAccess {
    /// It is about to write all of it.
    BeginWrite,
    /// It has written it.
    EndWrite,
    /// It is about to read.
    BeginRead,
    /// It has read.
    EndRead,
}

/// Where memory comes from that RGA reaches; a test has its own.
pub trait FrameMemory: Send + Sync {
    /// So many bytes, as a descriptor that can be mapped.
    ///
    /// # Errors
    /// [`RgaError::Denied`] or [`RgaError::Memory`].
    fn allocate(&self, bytes: usize) -> Result<OwnedFd, RgaError>;

    /// Tells the kernel whose turn it is.
    ///
    /// # Errors
    /// The system's.
    fn sync(&self, memory: BorrowedFd<'_>, access: MemoryAccess) -> io::Result<()>;
}

/// The kernel's heaps.
pub(super) struct DmaHeap {
    root: PathBuf,
}

/// `struct dma_heap_allocation_data` of linux/dma-heap.h.
#[repr(C)]
struct HeapRequest {
    bytes: u64,
    fd: u32,
    fd_flags: u32,
    heap_flags: u64,
}

/// `DMA_HEAP_IOCTL_ALLOC`.
const ALLOCATE: Opcode = opcode::read_write::<HeapRequest>(b'H', 0);

/// `DMA_BUF_IOCTL_SYNC`, with the one field of `struct dma_buf_sync`.
const SYNC: Opcode = opcode::write::<u64>(b'b', 0);

impl DmaHeap {
    pub(super) fn below(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl FrameMemory for DmaHeap {
    fn allocate(&self, bytes: usize) -> Result<OwnedFd, RgaError> {
        let heaps = HEAPS.map(|heap| self.root.join("dev/dma_heap").join(heap));
        let path = heaps.iter().find(|path| path.exists()).unwrap_or(&heaps[0]);
        #[allow(clippy::disallowed_methods, reason = "a device")]
        let heap = std::fs::OpenOptions::new().read(true).write(true).open(path);
        let refused = |error: &io::Error| match error.kind() {
            io::ErrorKind::PermissionDenied => RgaError::denied(path, &self.root),
            _ => RgaError::Memory { reason: error.into(), path: path.clone() },
        };
        let heap = heap.map_err(|error| refused(&error))?;
        let fd_flags = (libc::O_RDWR | libc::O_CLOEXEC) as u32;
        let mut request = HeapRequest { bytes: bytes as u64, fd: 0, fd_flags, heap_flags: 0 };
        // SAFETY: the opcode is DMA_HEAP_IOCTL_ALLOC, for which the kernel reads and writes a structure of this layout and keeps
        // nothing of it.
        let answered = unsafe { ioctl(&heap, Updater::<ALLOCATE, HeapRequest>::new(&mut request)) };
        answered.map_err(|error| refused(&error.into()))?;
        // SAFETY: the kernel has just opened this descriptor for us alone.
        Ok(unsafe { OwnedFd::from_raw_fd(request.fd.cast_signed()) })
    }

    fn sync(&self, memory: BorrowedFd<'_>, access: MemoryAccess) -> io::Result<()> {
        let [read, write, end] = [1_u64, 2, 4];
        let flags = match access {
            MemoryAccess::BeginWrite => write,
            MemoryAccess::EndWrite => write | end,
            MemoryAccess::BeginRead => read,
            MemoryAccess::EndRead => read | end,
        };
        // SAFETY: the opcode is DMA_BUF_IOCTL_SYNC, for which the kernel reads one u64.
        unsafe { ioctl(memory, Setter::<SYNC, u64>::new(flags)) }.map_err(io::Error::from)
    }
}

/// Shared memory, mapped.
pub(super) struct SharedBuffer {
    fd: OwnedFd,
    place: NonNull<u8>,
    bytes: usize,
}

// SAFETY: the mapping is the buffer's own, and any thread may use it.
unsafe impl Send for SharedBuffer {}

impl SharedBuffer {
    pub(super) fn of(memory: &dyn FrameMemory, bytes: usize) -> Result<Self, RgaError> {
        let fd = memory.allocate(bytes)?;
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping of the descriptor, at a place that the kernel chooses.
        let place =
            unsafe { libc::mmap(std::ptr::null_mut(), bytes, protection, libc::MAP_SHARED, fd.as_raw_fd(), 0) };
        match NonNull::new(place.cast()).filter(|_| place != libc::MAP_FAILED) {
            Some(place) => Ok(Self { fd, place, bytes }),
            None => Err(RgaError::Call { call: "mmap", detail: io::Error::last_os_error().to_string() }),
        }
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    /// Lets the processor write all of it.
    pub(super) fn write(&mut self, memory: &dyn FrameMemory, work: impl FnOnce(&mut [u8])) -> Result<(), RgaError> {
        self.tell(memory, MemoryAccess::BeginWrite)?;
        // SAFETY: `bytes` are mapped there until this is dropped; RGA works only within a call, of which there is none now.
        work(unsafe { std::slice::from_raw_parts_mut(self.place.as_ptr(), self.bytes) });
        self.tell(memory, MemoryAccess::EndWrite)
    }

    /// Lets the processor read it.
    pub(super) fn read<T>(
        &mut self,
        memory: &dyn FrameMemory,
        work: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RgaError> {
        self.tell(memory, MemoryAccess::BeginRead)?;
        // SAFETY: as above.
        let done = work(unsafe { std::slice::from_raw_parts(self.place.as_ptr(), self.bytes) });
        self.tell(memory, MemoryAccess::EndRead)?;
        Ok(done)
    }

    fn tell(&self, memory: &dyn FrameMemory, access: MemoryAccess) -> Result<(), RgaError> {
        let told = memory.sync(self.fd(), access);
        told.map_err(|error| RgaError::Call { call: "DMA_BUF_IOCTL_SYNC", detail: error.to_string() })
    }
}

impl Drop for SharedBuffer {
    fn drop(&mut self) {
        // SAFETY: the mapping that `of` made, of which nothing is left.
        unsafe { libc::munmap(self.place.as_ptr().cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_structures_are_the_kernels() {
        assert_eq!(size_of::<HeapRequest>(), 24);
        // DMA_HEAP_IOCTL_ALLOC and DMA_BUF_IOCTL_SYNC of linux/dma-heap.h and linux/dma-buf.h.
        assert_eq!((ALLOCATE, SYNC), (0xC018_4800, 0x4008_6200));
    }

    #[test]
    fn a_system_without_such_memory_says_where_it_was_looked_for() {
        let root = tempfile::tempdir().expect("a folder");
        let heap = root.path().join("dev/dma_heap/system-dma32");
        let gone = DmaHeap::below(root.path()).allocate(4096).expect_err("there is none");
        assert!(matches!(&gone, RgaError::Memory { path, .. } if *path == heap), "{gone}");
        std::fs::create_dir_all(heap.parent().expect("a folder")).expect("made");
        std::fs::write(root.path().join("dev/dma_heap/cma"), "").expect("written");
        let refused = DmaHeap::below(root.path()).allocate(4096).expect_err("it is no heap");
        assert!(matches!(&refused, RgaError::Memory { path, .. } if path.ends_with("cma")), "{refused}");
    }
}
