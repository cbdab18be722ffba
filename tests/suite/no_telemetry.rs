//! Nothing of the person goes anywhere: no file beside those asked for, and no socket, whatever the engine's library does.

use std::path::{Path, PathBuf};

use crate::common::{Run, Workplace};

/// ONNX Runtime where `packaging/onnxruntime.sh` puts it; without it there is nothing to watch, which CI does not allow.
fn onnxruntime() -> Option<PathBuf> {
    let library = dermaloupe::folders::data().map(|folder| folder.join("libonnxruntime.so"));
    let found = library.filter(|path| path.exists());
    assert!(
        found.is_some() || std::env::var_os("CI").is_none(),
        "ONNX Runtime is missing; run packaging/onnxruntime.sh"
    );
    if found.is_none() {
        eprintln!("not run: ONNX Runtime is not here");
    }
    found
}

/// Runs the program with an empty home, watched for sockets by strace where that is there.
fn watched(place: &Workplace, library: &Path, line: &str) -> (Run, String) {
    let has_strace = std::process::Command::new("strace").arg("--version").output().is_ok();
    assert!(has_strace || std::env::var_os("CI").is_none(), "strace is missing");
    let program = env!("CARGO_BIN_EXE_dermaloupe");
    let calls = place.path("calls");
    let mut command = std::process::Command::new(if has_strace { "strace" } else { program });
    if has_strace {
        command.args(["-f", "-qq", "-e", "trace=socket,connect", "-o"]).arg(&calls).arg(program);
    }
    let output = command
        .args(line.split_whitespace())
        .current_dir(place.path("."))
        .env("HOME", place.path("home"))
        .env("ORT_DYLIB_PATH", library)
        .env_remove("XDG_CACHE_HOME")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let run = Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    (run, std::fs::read_to_string(calls).unwrap_or_default())
}

#[test]
fn onnx_runtime_leaves_nothing_in_the_home_folder_and_opens_no_socket() {
    let Some(library) = onnxruntime() else { return };
    for line in ["doctor", "segment lesion.jpg --out o --engine ort", "bench lesion.jpg --runs 3 --engine ort"] {
        let place = Workplace::new();
        place.phantom("lesion.jpg");
        std::fs::create_dir(place.path("home")).expect("a folder");
        let (run, calls) = watched(&place, &library, line);
        let run = run.went_well();
        assert!(run.stdout.contains("ONNX Runtime") || run.stdout.contains("ort"), "it ran: {run:?}");
        assert_eq!(place.names("home"), Vec::<String>::new(), "{line}");
        assert_eq!(calls, "", "{line} opens sockets");
    }
}
