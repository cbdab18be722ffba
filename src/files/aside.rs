//! What is set aside: under a name that nothing has yet, so that nothing that was set aside before is written over, and
//! no link is followed.

use std::io;
use std::path::{Path, PathBuf};

use super::error::WriteError;
use super::kind::FileKind;
use super::opening::HeldFolder;
use super::reading::read;
use super::writing::write_new;

/// Gives the file at `path` the first name of `path`, a dot and the `ending` of 1, 2, 3, ... that nothing has, and
/// returns it.
///
/// # Errors
/// The system's; the file then stays where it is.
pub fn set_aside(path: &Path, ending: impl Fn(u32) -> String) -> io::Result<PathBuf> {
    let folder = HeldFolder::of(path)?;
    first_unused(path, ending, |aside| rename_new(&folder.place_of(path), &folder.place_of(aside)))
}

/// As [`set_aside`], of a copy: the file stays where it is, too.
///
/// # Errors
/// Those of reading or writing, with the file that they are about.
pub fn copy_aside(path: &Path, kind: FileKind, ending: impl Fn(u32) -> String) -> Result<PathBuf, WriteError> {
    let fail = |source: io::Error| WriteError { path: path.to_owned(), source };
    let bytes = read(path, kind).map_err(|error| fail(error.into()))?;
    write_aside(path, &bytes, ending)
}

/// Writes `bytes` under a name as in [`set_aside`].
///
/// # Errors
/// [`WriteError`].
pub fn write_aside(path: &Path, bytes: &[u8], ending: impl Fn(u32) -> String) -> Result<PathBuf, WriteError> {
    let place = |aside: &Path| write_new(aside, bytes).map_err(|error| error.source);
    first_unused(path, ending, place).map_err(|source| WriteError { path: path.to_owned(), source })
}

/// `broken`, `broken-2`, `broken-3`, ...: endings for [`set_aside`].
pub fn numbered_from_2(ending: &str) -> impl Fn(u32) -> String + use<> {
    let ending = ending.to_owned();
    move |number| if number == 1 { ending.clone() } else { format!("{ending}-{number}") }
}

/// The first name that nothing has, by `place`, which fails where there is something.
fn first_unused(
    path: &Path,
    ending: impl Fn(u32) -> String,
    place: impl Fn(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    for number in 1..=u32::MAX {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(ending(number));
        let aside = PathBuf::from(name);
        // A dangling link is something.
        if aside.symlink_metadata().is_ok() {
            continue;
        }
        match place(&aside) {
            Ok(()) => return Ok(aside),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Renames, and fails where there is something of the new name; where the file system cannot promise that, it was looked
/// for just before.
fn rename_new(old: &Path, new: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, old, CWD, new, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            result => return Ok(result?),
        }
    }
    std::fs::rename(old, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_set_aside_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        let names = [(); 2].map(|()| {
            std::fs::write(&path, "x").expect("written");
            set_aside(&path, |number| format!("tail{number}")).expect("renamed")
        });
        assert_eq!(names, ["a.json.tail1", "a.json.tail2"].map(|name| folder.path().join(name)));
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_counts_as_a_name_that_is_taken_and_its_target_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let [path, link, victim] = ["a.json", "a.json.old1", "victim"].map(|name| folder.path().join(name));
        std::fs::write(&path, "x").expect("written");
        std::os::unix::fs::symlink(&victim, &link).expect("a link");
        let copied = copy_aside(&path, FileKind::ReviewList, |number| format!("old{number}")).expect("copied");
        assert_eq!(copied, folder.path().join("a.json.old2"));
        assert_eq!(std::fs::read(copied).expect("read"), b"x");
        assert!(!victim.exists());
    }
}
