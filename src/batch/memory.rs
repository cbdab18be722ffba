//! The memory that photographs in process take together: each waits until its own fits, as its header states its size.
//!
//! How many are processed in parallel is planned from a sample of headers; this holds where a larger photograph was not in
//! the sample, or a small file holds a very large picture.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::concurrency::{BYTES_A_PIXEL, usable_bytes};
use super::network::NetworkOptions;
use crate::decode;

/// The memory for a batch's photographs.
pub(super) struct MemoryBudget {
    /// Bytes; `None` is without a limit.
    most: Option<u64>,
    taken: Mutex<u64>,
    freed: Condvar,
    /// Pixels by the headers that were read for the plan, until the photograph itself is read.
    planned: Mutex<HashMap<PathBuf, Option<u64>>>,
}

/// A photograph's part of the memory, free again when it is dropped.
pub(super) struct MemoryShare<'a> {
    budget: &'a MemoryBudget,
    bytes: u64,
}

impl MemoryBudget {
    /// What the machine has for a batch; a concurrency that a person chose is not narrowed.
    pub(super) fn of(options: &NetworkOptions) -> Self {
        Self::with(usable_bytes().filter(|_| options.concurrency.is_none()))
    }

    fn with(most: Option<u64>) -> Self {
        Self { most, taken: Mutex::new(0), freed: Condvar::new(), planned: Mutex::default() }
    }

    /// Waits until the photo at `path` fits. One that is larger than everything goes alone.
    pub(super) fn share(&self, path: &Path) -> MemoryShare<'_> {
        let planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        let pixels = self.most.and_then(|_| planned.unwrap_or_else(|| pixels_in_header(path)));
        // A photo without a readable header is refused when it is read.
        self.take(pixels.unwrap_or(0) * BYTES_A_PIXEL)
    }

    /// Pixels of the photo at `path` by its header, for the plan; it is not read again for its share.
    pub(super) fn planned_pixels(&self, path: &Path) -> Option<u64> {
        let pixels = pixels_in_header(path);
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), pixels);
        pixels
    }

    fn take(&self, bytes: u64) -> MemoryShare<'_> {
        let mut taken = self.lock();
        while !self.fits(*taken, bytes) {
            taken = self.freed.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += bytes;
        MemoryShare { budget: self, bytes }
    }

    fn fits(&self, taken: u64, bytes: u64) -> bool {
        taken == 0 || self.most.is_none_or(|most| taken + bytes <= most)
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pixels_in_header(path: &Path) -> Option<u64> {
    decode::size_in_header(path).map(|[width, height]| u64::from(width) * u64::from(height))
}

impl Drop for MemoryShare<'_> {
    fn drop(&mut self) {
        *self.budget.lock() -= self.bytes;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn what_is_taken_together_never_exceeds_the_budget() {
        let budget = MemoryBudget::with(Some(100));
        let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for worker in 0..8_u64 {
                let (budget, now, most) = (&budget, &now, &most);
                scope.spawn(move || {
                    for turn in 0..200 {
                        let bytes = 20 + (worker * 7 + turn) % 40;
                        let _share = budget.take(bytes);
                        most.fetch_max(now.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
                        now.fetch_sub(bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 100);
        assert_eq!(*budget.lock(), 0);
    }

    #[test]
    fn a_photograph_that_is_larger_than_everything_goes_alone() {
        let budget = MemoryBudget::with(Some(100));
        assert!(budget.fits(0, 500) && !budget.fits(1, 500));
        let share = budget.take(500);
        assert!(!budget.fits(*budget.lock(), 1));
        drop(share);
        assert!(budget.fits(*budget.lock(), 1));
        assert!(MemoryBudget::with(None).fits(u64::MAX / 2, 500), "without a limit everything fits");
    }

    #[test]
    fn the_size_in_the_header_is_taken_before_the_photograph_is_read() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample/phantom.jpg");
        let budget = MemoryBudget::with(Some(1));
        let share = budget.share(&sample);
        assert_eq!(share.bytes, 1536 * 1152 * BYTES_A_PIXEL);
        drop(share);
        assert_eq!(budget.share(Path::new("none.jpg")).bytes, 0);
    }

    #[test]
    fn a_header_that_was_read_for_the_plan_is_not_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let photo = folder.path().join("a.jpg");
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample/phantom.jpg");
        std::fs::copy(sample, &photo).unwrap();
        let budget = MemoryBudget::with(Some(1));
        assert_eq!(budget.planned_pixels(&photo), Some(1536 * 1152));
        std::fs::remove_file(&photo).unwrap();
        assert_eq!(budget.share(&photo).bytes, 1536 * 1152 * BYTES_A_PIXEL);
        assert_eq!(budget.share(&photo).bytes, 0, "only once: a plan is no cache");
    }
}
