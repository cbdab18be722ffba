//! Whose a file is: what is run as part of the program must be the person's own or the system's.

use std::io;
use std::path::Path;

/// Whether somebody besides this person and the administrator may have put the file at `path` there, or may change it:
/// by its owner or the right of everybody to write, or by those of its folder. A group's right to write is left alone, as
/// systems that give each person a group of their own give it to that group.
///
/// # Errors
/// The system's.
#[cfg(unix)]
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    const WRITABLE_BY_ALL: u32 = 0o002;
    let me = rustix::process::geteuid().as_raw();
    for place in [path, super::paths::folder_of(path)] {
        let facts = place.metadata()?;
        if ![0, me].contains(&facts.uid()) || facts.mode() & WRITABLE_BY_ALL != 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether others may have put the file there; other systems keep a person's folders from others by themselves.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn is_open_to_others(_path: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The name of the group that owns a device, or its number, as `etc/group` below `root` has it: who is in it may use the
/// device.
#[cfg(unix)]
#[must_use]
pub fn group_of(path: &Path, root: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    // The node's own, not that of what a link leads to.
    let Ok(about) = std::fs::symlink_metadata(path) else { return "of the device".to_owned() };
    let number = about.gid().to_string();
    let groups =
        super::reading::read_text(&root.join("etc/group"), super::FileKind::SystemFacts).unwrap_or_default();
    let named = groups.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        (fields.get(2) == Some(&number.as_str())).then(|| fields[0].to_owned())
    });
    named.unwrap_or(number)
}

/// What to call the group that may use a device, where groups are not known.
#[cfg(not(unix))]
#[must_use]
pub fn group_of(_path: &Path, _root: &Path) -> String {
    "of the device".to_owned()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, chown};

    use super::*;

    #[test]
    fn a_file_is_the_persons_own_unless_others_may_write_to_it_or_to_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lib.so");
        std::fs::write(&path, "x").expect("written");
        let set = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
        set(&path, 0o664);
        assert!(!is_open_to_others(&path).expect("looked"));
        set(&path, 0o646);
        assert!(is_open_to_others(&path).expect("looked"), "the file");
        set(&path, 0o644);
        set(folder.path(), 0o1777);
        assert!(is_open_to_others(&path).expect("looked"), "the folder");
        set(folder.path(), 0o755);
        // Only root gives files away.
        if chown(&path, Some(1501), None).is_ok() {
            assert!(is_open_to_others(&path).expect("looked"), "another owner");
        } else {
            println!("another owner: not tried, as this is not root");
        }
        assert!(is_open_to_others(&folder.path().join("none")).is_err());
    }
}
