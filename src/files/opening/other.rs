//! Opening where Unix's calls are not: the way is looked at before a file is opened.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::path::{Path, PathBuf};

use super::{Access, NotRegular, RECORDS_FOLDER, ReadFault, not_regular};

/// Opens a file; its last name may be a link only if `links_refused` is false and no folder of records is on the way.
pub(super) fn open(path: &Path, links_refused: bool, access: Access) -> Result<File, ReadFault> {
    let is_of_records = check_way(path)?;
    let facts = if links_refused || is_of_records { path.symlink_metadata() } else { path.metadata() };
    if let Some(found) = facts.ok().as_ref().and_then(not_regular) {
        return Err(found.into());
    }
    let mut options = OpenOptions::new();
    match access {
        Access::Read => options.read(true),
        Access::Change => options.read(true).write(true),
        Access::Append => options.read(true).append(true).create(true),
        Access::Lock => options.write(true).create(true).truncate(false),
    };
    Ok(options.open(path)?)
}

/// Nothing keeps a folder open here.
pub(super) type Held = std::convert::Infallible;

/// Refuses a folder of records behind a link.
pub(super) fn hold_folder_of(path: &Path) -> Result<(Option<PathBuf>, Option<Held>), ReadFault> {
    check_way(path)?;
    Ok((None, None))
}

/// Makes a folder.
pub(super) fn create_folder(path: &Path) -> Result<(), ReadFault> {
    check_way(path)?;
    Ok(std::fs::create_dir(path)?)
}

/// What stands at `path`, a link as such.
pub(super) fn facts_of_own(path: &Path) -> Result<Metadata, ReadFault> {
    check_way(path)?;
    Ok(path.symlink_metadata()?)
}

/// What a kind of file is that is neither file, folder nor link.
pub(super) fn other(_kind: FileType) -> NotRegular {
    NotRegular::Device
}

/// Refuses links among the folders from the records' folder on; returns whether there is one on the way.
fn check_way(path: &Path) -> Result<bool, ReadFault> {
    let (mut way, mut is_of_records) = (PathBuf::new(), false);
    for part in crate::files::paths::folder_of(path).components() {
        way.push(part);
        is_of_records |= part.as_os_str() == RECORDS_FOLDER;
        if is_of_records && way.symlink_metadata()?.is_symlink() {
            return Err(NotRegular::Link.into());
        }
    }
    Ok(is_of_records || path.file_name().is_some_and(|name| name == RECORDS_FOLDER))
}
