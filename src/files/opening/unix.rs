//! Opening by Unix's calls: each folder of the records by the one above it, so that no link is followed, by whatever
//! name and at whatever moment it was put there.

use std::ffi::OsStr;
use std::fs::{File, FileType, Metadata};
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType as StatType, Mode, OFlags, mkdirat, openat, statat};
use rustix::io::Errno;

use super::{Access, NotRegular, RECORDS_FOLDER, ReadFault};

/// A folder is opened to go on from it, where the system knows that without the right to list it.
#[cfg(target_os = "linux")]
const ON_THE_WAY: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const ON_THE_WAY: OFlags = OFlags::RDONLY;

/// Less the person's umask.
const MODE: Mode = Mode::from_raw_mode(0o666);

/// How far a path was walked.
struct Way {
    /// The folder that `name` is looked up in; `None` is the current one, or the root for a whole path.
    folder: Option<OwnedFd>,
    name: PathBuf,
    /// It is a records' folder or lies in one.
    is_of_records: bool,
}

impl Way {
    fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_ref().map_or(CWD, |folder| folder.as_fd())
    }
}

/// Opens a file; its last name may be a link only if `links_refused` is false and no folder of records is on the way.
pub(super) fn open(path: &Path, links_refused: bool, access: Access) -> Result<File, ReadFault> {
    let way = walk(path)?;
    let links_refused = links_refused || way.is_of_records;
    // Before it is opened: that alone starts some devices.
    if let Some(found) = stands_there(way.folder(), &way.name, links_refused)? {
        return Err(found.into());
    }
    let mut flags = OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    flags |= match access {
        Access::Read => OFlags::RDONLY,
        Access::Change => OFlags::RDWR,
        Access::Append => OFlags::RDWR | OFlags::APPEND | OFlags::CREATE,
        Access::Lock => OFlags::WRONLY | OFlags::CREATE,
    };
    if links_refused {
        flags |= OFlags::NOFOLLOW;
    }
    match openat(way.folder(), &way.name, flags, MODE) {
        Ok(file) => Ok(File::from(file)),
        Err(Errno::LOOP) if links_refused => Err(NotRegular::Link.into()),
        // A pipe or a socket that came in between.
        Err(Errno::NXIO) => Err(NotRegular::Pipe.into()),
        Err(error) => Err(system(error)),
    }
}

/// What keeps a folder open.
pub(super) type Held = OwnedFd;

/// Opens the folder of `path` if it lies among records, and returns the place where it is found while it is open.
pub(super) fn hold_folder_of(path: &Path) -> Result<(Option<PathBuf>, Option<Held>), ReadFault> {
    let held = walk(path)?.folder;
    // Linux shows what is open as a folder of its own; where it does not, the way that was walked has to do.
    let place = held.as_ref().map(|held| PathBuf::from(format!("/proc/self/fd/{}", held.as_raw_fd())));
    Ok((place.filter(|place| place.is_dir()), held))
}

/// Makes a folder.
pub(super) fn create_folder(path: &Path) -> Result<(), ReadFault> {
    let way = walk(path)?;
    mkdirat(way.folder(), &way.name, Mode::from_raw_mode(0o777)).map_err(system)
}

/// What stands at `path`, a link as such.
pub(super) fn facts_of_own(path: &Path) -> Result<Metadata, ReadFault> {
    // The way to it holds no link; std then says what a link at its end is.
    walk(path)?;
    Ok(std::fs::symlink_metadata(path)?)
}

/// What a kind of file is that is neither file, folder nor link.
pub(super) fn other(kind: FileType) -> NotRegular {
    if kind.is_fifo() {
        NotRegular::Pipe
    } else if kind.is_socket() {
        NotRegular::Socket
    } else {
        NotRegular::Device
    }
}

/// Walks to the folder of `path`: where it lies among records, folder by folder without a link; before them, the
/// system follows the person's own links.
fn walk(path: &Path) -> Result<Way, ReadFault> {
    let parts: Vec<Component<'_>> = path.components().collect();
    let Some(records) = parts.iter().rposition(|part| part.as_os_str() == RECORDS_FOLDER) else {
        return Ok(Way { folder: None, name: path.to_owned(), is_of_records: false });
    };
    let before: PathBuf = parts[..records].iter().collect();
    let before = if records == 0 { Path::new(".") } else { &before };
    let flags = ON_THE_WAY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut folder = openat(CWD, before, flags, Mode::empty()).map_err(system)?;
    let inside = &parts[records..];
    for part in &inside[..inside.len() - 1] {
        let name = part.as_os_str();
        folder = match openat(&folder, name, flags | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(below) => below,
            Err(Errno::LOOP | Errno::NOTDIR) => return Err(no_folder(folder.as_fd(), name)),
            Err(error) => return Err(system(error)),
        };
    }
    Ok(Way { folder: Some(folder), name: inside[inside.len() - 1].as_os_str().into(), is_of_records: true })
}

/// Why the name is no folder that may be entered.
fn no_folder(folder: BorrowedFd<'_>, name: &OsStr) -> ReadFault {
    match stands_there(folder, Path::new(name), true) {
        Ok(found) => found.unwrap_or(NotRegular::File).into(),
        Err(fault) => fault,
    }
}

/// What stands under a name instead of a regular file; nothing is none.
fn stands_there(folder: BorrowedFd<'_>, name: &Path, links_refused: bool) -> Result<Option<NotRegular>, ReadFault> {
    let flags = if links_refused { AtFlags::SYMLINK_NOFOLLOW } else { AtFlags::empty() };
    let facts = match statat(folder, name, flags) {
        Ok(facts) => facts,
        Err(Errno::NOENT) => return Ok(None),
        Err(error) => return Err(system(error)),
    };
    Ok(match StatType::from_raw_mode(facts.st_mode) {
        StatType::RegularFile => None,
        StatType::Directory => Some(NotRegular::Folder),
        StatType::Fifo => Some(NotRegular::Pipe),
        StatType::Socket => Some(NotRegular::Socket),
        StatType::Symlink => Some(NotRegular::Link),
        _ => Some(NotRegular::Device),
    })
}

fn system(error: Errno) -> ReadFault {
    std::io::Error::from(error).into()
}
