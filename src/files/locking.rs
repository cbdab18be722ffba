//! Locks against other programs.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another program has held it all the time.
    Held,
    /// The system failed on it.
    System(io::Error),
}

impl From<LockError> for io::Error {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held => io::ErrorKind::WouldBlock.into(),
            LockError::System(error) => error,
        }
    }
}

/// How often a lock is asked for while another program holds it.
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Locks the file at `path` against other programs, until it is closed or this program ends, however it does; waits for
/// as long as `patience`. A file system without locks, as some network drives are, gives none and is no error.
///
/// # Errors
/// [`LockError`].
pub fn lock(file: &File, path: &Path, patience: Duration) -> Result<(), LockError> {
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::WouldBlock) => return Err(LockError::Held),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                log::info!("no lock ({error}): {}", path.display());
                return Ok(());
            }
            Err(TryLockError::Error(error)) => return Err(LockError::System(error)),
        }
    }
}
