//! Shows a file in its folder: the desktop's file manager is asked over the session's bus, which is a socket of this
//! computer; where nobody answers there, the folder is opened as the desktop opens folders.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Shows the file at `path`, an absolute one, in its folder. Waits for the desktop; false where it has nothing for that.
pub(super) fn show_in_folder(path: &Path) -> bool {
    selected(path) || path.parent().is_some_and(|folder| opened_by(OsStr::new(OPENER), folder))
}

#[cfg(target_os = "macos")]
const OPENER: &str = "open";
#[cfg(windows)]
const OPENER: &str = "explorer";
#[cfg(not(any(target_os = "macos", windows)))]
const OPENER: &str = "xdg-open";

/// The folder with the file selected.
#[cfg(target_os = "linux")]
fn selected(path: &Path) -> bool {
    use std::os::unix::ffi::OsStrExt as _;
    const NAME: &str = "org.freedesktop.FileManager1";
    let uris = vec![uri(path.as_os_str().as_bytes())];
    let shown = pollster::block_on(async {
        let bus = zbus::Connection::session().await?;
        let place = "/org/freedesktop/FileManager1";
        bus.call_method(Some(NAME), place, Some(NAME), "ShowItems", &(uris, "")).await
    });
    if let Err(error) = &shown {
        log::info!("no file manager on the session's bus: {error}");
    }
    shown.is_ok()
}

#[cfg(not(target_os = "linux"))]
fn selected(_path: &Path) -> bool {
    false
}

/// The path as a URI: what RFC 3986 calls unreserved stands as it is.
#[cfg(any(target_os = "linux", test))]
fn uri(path: &[u8]) -> String {
    path.iter().fold("file://".to_owned(), |uri, &byte| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            uri + &char::from(byte).to_string()
        }
        _ => uri + &format!("%{byte:02X}"),
    })
}

fn opened_by(program: &OsStr, folder: &Path) -> bool {
    let quiet = || Stdio::null();
    let run = Command::new(program).arg(folder).stdin(quiet()).stdout(quiet()).stderr(quiet()).status();
    if let Err(error) = &run {
        log::info!("{}: {error}", program.display());
    }
    run.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_byte_by_byte() {
        assert_eq!(uri(b"/home/ana/a_1.png"), "file:///home/ana/a_1.png");
        assert_eq!(uri("/数据/a b%.png".as_bytes()), "file:///%E6%95%B0%E6%8D%AE/a%20b%25.png");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_opened_by_a_program_that_says_whether_it_could() {
        let folder = Path::new("/");
        assert!(opened_by(OsStr::new("true"), folder));
        assert!(!opened_by(OsStr::new("false"), folder));
        assert!(!opened_by(OsStr::new("/no/such/program"), folder));
    }
}
