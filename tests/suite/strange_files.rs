//! What a stranger's folder may hold instead of files: pipes, devices, links, files of gigabytes. Each is refused in
//! words, at once and without memory.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::common::{Run, Workplace, pipe, small_photo};

/// Address space of the program, in KiB: with what it is made of, its threads and one small photograph.
const ADDRESS_SPACE_KIB: u32 = 400 << 10;

/// Seconds after which a program that hangs is killed; none takes a tenth of it.
const HANG_SECONDS: u32 = 60;

/// Instead of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Strange {
    Pipe,
    LinkToPipe,
    Zero,
    Sparse,
    Dangling,
    Loop,
    Folder,
}

impl Strange {
    const ALL: [Self; 7] =
        [Self::Pipe, Self::LinkToPipe, Self::Zero, Self::Sparse, Self::Dangling, Self::Loop, Self::Folder];

    /// Puts it at `path`.
    fn put(self, path: &Path) {
        match self {
            Self::Pipe => pipe(path),
            Self::LinkToPipe => {
                let mut target = path.as_os_str().to_owned();
                target.push(".pipe");
                pipe(Path::new(&target));
                symlink(&target, path).expect("a link");
            }
            Self::Zero => symlink("/dev/zero", path).expect("a link"),
            Self::Sparse => {
                std::fs::File::create(path).and_then(|file| file.set_len(6 << 30)).expect("sparse");
            }
            Self::Dangling => symlink("nowhere", path).expect("a link"),
            Self::Loop => symlink(path, path).expect("a link"),
            Self::Folder => std::fs::create_dir(path).expect("a folder"),
        }
    }
}

/// Runs the program with little memory; it is killed if it hangs.
fn run(place: &Workplace, line: &str) -> Run {
    let program = env!("CARGO_BIN_EXE_dermaloupe");
    let guard = format!("ulimit -v {ADDRESS_SPACE_KIB}; exec timeout -s KILL {HANG_SECONDS} {program} {line}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &guard]).envs([("MALLOC_ARENA_MAX", "1"), ("RTEN_NUM_THREADS", "1")]);
    let output = shell.current_dir(place.path("")).env_remove("RUST_LOG").output().expect("the shell starts");
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn photographs_that_are_none_are_refused_in_words_by_every_command() {
    for strange in Strange::ALL.into_iter().filter(|strange| *strange != Strange::Folder) {
        let place = Workplace::new();
        small_photo(&place, "photos/good.png");
        strange.put(&place.path("photos/bad.jpg"));
        for command in ["segment photos --out o", "report photos", "export photos --format labelme --out l"] {
            let run = run(&place, &format!("{command} --engine rten --at-once 1")).failed_on(1);
            assert!(run.stderr.trim_end().ends_with("photos/bad.jpg"), "{strange:?}: {run:?}");
            assert!(run.stdout.contains("good.png"), "{strange:?}: {run:?}");
        }
    }
}

#[test]
fn reference_masks_that_are_none_fail_their_photograph_alone() {
    for strange in [Strange::Sparse, Strange::Zero, Strange::Pipe] {
        let place = Workplace::new();
        for name in ["bad", "good"] {
            small_photo(&place, &format!("photos/{name}.jpg"));
        }
        std::fs::create_dir(place.path("masks")).expect("a folder");
        let lesion = image::GrayImage::from_fn(30, 22, |x, _| image::Luma([if x < 9 { 255 } else { 0 }]));
        lesion.save(place.path("masks/good_segmentation.png")).expect("it can be written");
        strange.put(&place.path("masks/bad_segmentation.png"));
        let run = run(&place, "evaluate --images photos --masks masks --engine rten --json --at-once 1");
        let run = run.failed_on(1);
        assert_eq!(run.json()["n"].as_u64(), Some(1), "{strange:?}: {run:?}");
    }
}

#[test]
fn a_photograph_of_six_gigabytes_is_refused_by_its_length_in_every_format() {
    let place = Workplace::new();
    for ending in ["jpg", "png", "tif", "bmp", "webp"] {
        Strange::Sparse.put(&place.path(&format!("{ending}.{ending}")));
    }
    let run = run(&place, "segment . --out o --engine rten").failed_on(5);
    assert!(run.stderr.lines().all(|line| line.contains("6442450944")), "{run:?}");
}

#[test]
fn a_jpeg_of_a_gigabyte_is_not_read_for_its_size() {
    // Within the limit of a photograph: what is read of it before the batch starts is bounded all the same.
    let place = Workplace::new();
    small_photo(&place, "good.png");
    let file = std::fs::File::create(place.path("a.jpg")).expect("it can be made");
    std::io::Write::write_all(&mut &file, &[0xFF, 0xD8, 0xFF, 0xE0]).expect("it can be written");
    file.set_len(1 << 30).expect("sparse");
    // Read whole it would not fit: it fails alone, and without an abort.
    let run = run(&place, "segment . --out o --engine rten --at-once 1").failed_on(1);
    assert!(run.stderr.trim_end().ends_with("a.jpg"), "{run:?}");
}

#[test]
fn a_network_whose_files_are_none_is_refused_and_the_others_are_listed() {
    for file in ["card.json", "model.onnx"] {
        for strange in Strange::ALL {
            let place = Workplace::new();
            place.network("odd", |_, _| {});
            let path = place.path(&format!("models/odd/{file}"));
            std::fs::remove_file(&path).expect("it was there");
            strange.put(&path);
            let listed = run(&place, "models --models models");
            assert_eq!(listed.code, Some(1), "{strange:?} for {file}: {listed:?}");
            let refused = format!("models/odd/{file}");
            let is_said = |line: &str| line.starts_with("refused: ") && line.ends_with(&refused);
            assert!(listed.stdout.lines().any(is_said), "{strange:?}: {listed:?}");
            assert!(listed.stdout.contains("malunet"), "{listed:?}");
        }
    }
}

#[test]
fn a_list_of_photographs_that_is_none_is_refused() {
    for strange in Strange::ALL {
        let place = Workplace::new();
        small_photo(&place, "photos/a.jpg");
        std::fs::create_dir(place.path("masks")).expect("a folder");
        strange.put(&place.path("list.csv"));
        let line = "evaluate --images photos --masks masks --list list.csv --engine rten";
        let run = run(&place, line).was_refused();
        assert!(run.stderr.trim_end().ends_with("list.csv"), "{strange:?}: {run:?}");
    }
}

#[test]
fn a_file_of_the_system_that_waits_for_events_is_refused() {
    // Regular by its facts, and read it would wait for the kernel's next message. Only root may open it.
    let place = Workplace::new();
    symlink("/proc/kmsg", place.path("a.jpg")).expect("a link");
    let run = run(&place, "segment a.jpg --out o --engine rten").failed_on(1);
    assert!(run.stderr.trim_end().ends_with("a.jpg"), "{run:?}");
}

#[test]
fn records_and_journals_that_are_none_are_refused_at_once_and_without_memory() {
    for strange in [Strange::Pipe, Strange::Zero, Strange::Sparse] {
        for name in ["records.json", "format.json", "audit.jsonl", "lock", "masks/SHA256.journal"] {
            if strange == Strange::Sparse && name == "lock" {
                continue; // Of a lock nothing is ever read.
            }
            let place = Workplace::new();
            let photo = small_photo(&place, "photos/a.png");
            let sha256 = dermaloupe::decode::photo_file(&photo).expect("a photo").sha256().to_owned();
            place.file("photos/.dermaloupe/format.json", r#"{"format":"dermaloupe-records","version":2}"#);
            // Of a list that is damaged the log is read.
            let list = if name == "audit.jsonl" { "{ half" } else { r#"{"version":2,"photos":[]}"# };
            place.file("photos/.dermaloupe/records.json", list);
            std::fs::create_dir(place.path("photos/.dermaloupe/masks")).expect("a folder");
            let name = name.replace("SHA256", &sha256);
            let path = place.path(&format!("photos/.dermaloupe/{name}"));
            std::fs::remove_file(&path).ok();
            strange.put(&path);
            let run = run(&place, "report photos --csv a.csv --engine rten --at-once 1");
            assert_eq!(run.code, Some(1), "{strange:?} for {name}: {run:?}");
            assert!(run.stderr.contains(&name), "{strange:?} for {name}: {run:?}");
        }
    }
}
