//! Files on disk. One way to read: only regular files, never waiting on one, never more bytes than its kind may have,
//! and no links in what is kept beside photographs. One way to write: whole or not at all. Locks, and what is set aside.
//!
//! A folder may come from a stranger: a pipe or a device under the name of a file would hold the program up or fill the
//! memory, and a link would lead its writes elsewhere. So nothing else in the program opens a file by itself.

#![allow(clippy::disallowed_methods, reason = "the one place where files are opened")]

mod aside;
mod error;
mod growing;
mod kind;
mod locking;
mod opening;
mod paths;
mod reading;
mod syncing;
mod trust;
mod version;
mod writing;

pub use self::aside::{copy_aside, numbered_from_2, set_aside, write_aside};
pub use self::error::{NotRegular, ReadError, ReadFault, WriteError};
pub use self::growing::{Existing, GrowingFile};
pub use self::kind::FileKind;
pub use self::locking::{LockError, lock};
pub use self::opening::{
    RECORDS_FOLDER, create_folder, create_folders, folder_is_there, open, open_for_appending, open_for_changing,
    open_lock,
};
pub use self::paths::{folder_of, same_file};
pub use self::reading::{prefetch, read, read_rest, read_text};
pub use self::trust::{group_of, is_open_to_others};
pub use self::version::FileVersion;
pub use self::writing::{write, write_locked, write_new};
