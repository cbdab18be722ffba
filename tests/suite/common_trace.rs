//! A program's calls on its files, recorded by strace: std and rustix make them in different ways, and it sees both.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use crate::common::everything_must_be_there;

/// The calls that change files, names or what a descriptor stands for. One of them that
/// [`Disk`](crate::common_disk::Disk) does not know fails the test.
const CALLS: &str = "open,openat,openat2,creat,close,dup,dup2,dup3,fcntl,lseek,write,pwrite64,writev,pwritev,pwritev2,\
                     ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,\
                     unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile";

/// A call and its result.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) result: i64,
}

impl Call {
    /// From a line of strace; `None` for a failed call.
    fn of(line: &str) -> Option<Self> {
        let (call, result) = line.rsplit_once(" = ")?;
        let result = result.split_whitespace().next()?;
        let result = result
            .strip_prefix("0x")
            .map_or_else(|| result.parse().ok(), |digits| i64::from_str_radix(digits, 16).ok())?;
        let (name, arguments) = call.trim_end().strip_suffix(')')?.split_once('(')?;
        let arguments = arguments.split(", ").map(str::to_owned).collect();
        (result >= 0).then(|| Self { name: name.to_owned(), arguments, result })
    }

    pub(crate) fn number(&self, place: usize) -> i64 {
        self.arguments[place].parse().unwrap_or(-1)
    }

    /// A string's bytes: strace writes each as `\x41`.
    pub(crate) fn bytes(&self, place: usize) -> Vec<u8> {
        let text = self.arguments[place].trim_matches('"');
        text.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).expect("it is whole")).collect()
    }

    pub(crate) fn has(&self, flag: &str) -> bool {
        self.arguments.iter().any(|argument| argument.split('|').any(|found| found == flag))
    }
}

/// The calls of `command`, run in `folder`, in their order. Without strace, which CI does not allow, there are none.
pub(crate) fn recorded(command: &Command, folder: &Path) -> Option<Vec<Call>> {
    if Command::new("strace").arg("--version").output().is_err() {
        assert!(!everything_must_be_there(), "strace is missing");
        eprintln!("not run: strace is not here");
        return None;
    }
    let log = tempfile::NamedTempFile::new().expect("a file");
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-xx", "-s", "100000000", "-e", &format!("trace={CALLS}"), "-o"]).arg(log.path());
    traced.arg(command.get_program()).args(command.get_args()).current_dir(folder);
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(key, value),
            None => traced.env_remove(key),
        };
    }
    let output = traced.output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(log.path()).expect("strace wrote it");
    // Of a call that another thread's came into, the beginning.
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        let (thread, line) = line.split_once(' ').expect("the thread comes first");
        let line = line.trim_start();
        if let Some(first) = line.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, first);
        } else if let Some((_, rest)) = line.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            calls.extend(Call::of(&format!("{}{rest}", begun.remove(thread).unwrap_or_default())));
        } else {
            calls.extend(Call::of(line));
        }
    }
    Some(calls)
}
