//! The supervisor with screens that are shell scripts: they read their orders from standard input and answer on it.

use std::cell::Cell;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use super::*;

const REPLACE: &str = r#"{"Replace":{"forgotten":[7],"untold":[7],"sample":1,"window":null}}"#;

/// A folder for what the scripts note, and the manager's ear.
struct Stage {
    folder: tempfile::TempDir,
    manager: UnixDatagram,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manager = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        manager.set_nonblocking(true).unwrap();
        Self { folder, manager }
    }

    /// Runs the supervisor over these screens, the first first.
    fn run(&self, screens: &[&str]) -> anyhow::Result<bool> {
        let started = Cell::new(0);
        let program = || {
            let script = screens[started.replace(started.get() + 1)];
            let mut command = Command::new("sh");
            command
                .current_dir(self.folder.path())
                .arg("-c")
                .arg(format!("say() {{ echo \"$1\" >&0; }}\n{script}"));
            Ok(command)
        };
        let socket = self.folder.path().join("notify");
        let service = Service::new(socket.to_str(), None);
        Ok(Supervisor::start(program, service)?.run()?.success())
    }

    fn note(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default().trim().to_owned()
    }

    fn heard(&self) -> Vec<String> {
        let mut bytes = [0; 100];
        let next = || self.manager.recv(&mut bytes).ok().map(|n| String::from_utf8_lossy(&bytes[..n]).into_owned());
        std::iter::from_fn(next).collect()
    }

    fn is_running(&self, name: &str) -> bool {
        Path::new("/proc").join(self.note(name)).exists()
    }
}

/// A screen that says that it stands, then `then`, and waits for its end.
fn old_screen(then: &str) -> String {
    format!(
        "read first; echo $$ >old; echo \"$first\" >first; say '\"Ready\"'; say '\"Alive\"'; {then}\nexec cat >/dev/null"
    )
}

#[test]
fn a_fresh_screen_stands_before_the_old_one_is_ended() {
    let stage = Stage::new();
    let old = old_screen(&format!("say '{REPLACE}'"));
    let new = "read first; echo \"$first\" >second; kill -0 $(cat old) && echo yes >old-stood; say '\"Ready\"'
               while kill -0 $(cat old) 2>/dev/null; do :; done";
    assert!(stage.run(&[&old, new]).unwrap(), "it was closed");
    assert_eq!(stage.note("first"), r#"{"Begin":null}"#);
    assert_eq!(stage.note("second"), r#"{"Begin":{"forgotten":[7],"untold":[7],"sample":1,"window":null}}"#);
    assert_eq!(stage.note("old-stood"), "yes");
    assert!(!stage.is_running("old"));
    assert_eq!(stage.heard(), ["READY=1", "WATCHDOG=1", "READY=1"]);
}

#[test]
fn a_touch_of_the_screen_that_goes_reaches_the_one_that_comes() {
    let stage = Stage::new();
    let old = old_screen(&format!("say '{REPLACE}'; say '\"Touched\"'"));
    let new = "read first; read second; echo \"$second\" >touch; say '\"Ready\"'";
    assert!(stage.run(&[&old, new]).unwrap());
    assert_eq!(stage.note("touch"), r#""Touched""#);
}

#[test]
fn a_screen_that_is_to_be_replaced_does_not_stay_when_the_fresh_one_fails() {
    let stage = Stage::new();
    let old = old_screen(&format!("say '{REPLACE}'"));
    let error = stage.run(&[&old, "read first; exit 1"]).unwrap_err().to_string();
    assert!(error.contains("before it stood"), "{error}");
    assert!(!stage.is_running("old"), "the service manager starts both anew");
}

#[test]
fn the_end_of_the_screen_is_that_of_the_kiosk() {
    let stage = Stage::new();
    assert!(stage.run(&["read first; exit 0"]).unwrap(), "closed at the screen");
    assert!(!stage.run(&["read first; exit 1"]).unwrap());
    assert!(!stage.run(&["read first; kill -KILL $$"]).unwrap());
}

#[test]
fn a_screen_that_crashes_while_it_is_replaced_leaves_the_fresh_one() {
    let stage = Stage::new();
    let old = format!("read first; say '{REPLACE}'; kill -KILL $$");
    assert!(stage.run(&[&old, "read first; say '\"Ready\"'"]).unwrap());
    assert_eq!(stage.heard(), ["READY=1"]);
}

#[test]
fn what_is_no_message_is_passed_over() {
    let stage = Stage::new();
    assert!(stage.run(&["read first; say 'RKNN 2.3.2 speaks'; say '\"Ready\"'"]).unwrap());
    assert_eq!(stage.heard(), ["READY=1"]);
}
