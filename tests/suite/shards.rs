//! Batches in parts: `--shard`, `--results` after a kill, and `merge`, held to what one run gives.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::common::{Run, Workplace, root};
use serde_json::{Value, json};

/// Photographs that differ, each with its reference: windows of the phantom and its mask. One is no photograph, one has no
/// reference.
fn archive() -> Workplace {
    let place = Workplace::new();
    let open = |name: &str| image::open(root().join("assets/sample").join(name)).expect("it is committed");
    let photo = open("phantom.jpg").thumbnail_exact(256, 192).to_rgb8();
    let mask = open("phantom_segmentation.png").thumbnail_exact(256, 192).to_luma8();
    for number in 0..9_u32 {
        let (x, y) = (number * 9, number * 5);
        let path = place.file(&format!("photos/p{number}.png"), "");
        image::imageops::crop_imm(&photo, x, y, 160, 120).to_image().save(path).unwrap();
        if number != 4 {
            let path = place.file(&format!("masks/p{number}.png"), "");
            let mask = image::imageops::crop_imm(&mask, x, y, 160, 120).to_image();
            image::GrayImage::from_fn(160, 120, |x, y| {
                image::Luma([if mask[(x, y)].0[0] > 127 { 255 } else { 0 }])
            })
            .save(path)
            .unwrap();
        }
    }
    place.file("photos/broken.jpg", "no photograph");
    place.file("table.csv", "image_id,lesion_id,dx\np0,a,nv\np1,a,nv\np2,b,nv\np3,c,mel\np5,c,mel\np6,d,\n");
    place
}

/// The same without what was measured in time, which differs between any two runs.
fn timeless(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.remove("millis");
    }
    value
}

fn rows(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|row| timeless(serde_json::from_str(row).expect("a row of JSON"))).collect()
}

fn read(place: &Workplace, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A CSV without its column of times.
fn csv_without_millis(place: &Workplace, name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(place.path(name)).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let millis = rows[0].iter().position(|name| name == "millis").expect("it is there");
    rows.iter_mut().for_each(|row| drop(row.remove(millis)));
    rows
}

const SEGMENT: &str = "segment photos --out o --engine rten";
const EVALUATE: &str = "evaluate --images photos --masks masks --engine rten";
const REPORT: &str = "report photos --masks masks --engine rten";

/// Runs every shard of a command into its own results file.
fn shards(place: &Workplace, line: &str, of: u32) -> String {
    let names: Vec<String> = (1..=of).map(|number| format!("{number}.jsonl")).collect();
    for (number, name) in names.iter().enumerate() {
        let run = place.run(&format!("{line} --shard {}/{of} --results {name}", number + 1));
        assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    }
    // In any order.
    names.into_iter().rev().collect::<Vec<_>>().join(" ")
}

#[test]
fn two_shards_of_a_report_merge_to_the_bytes_of_one_run() {
    let (whole, parts) = (archive(), archive());
    let one = whole.run(&format!("{REPORT} --csv all.csv --json --review-first 3"));
    let files = shards(&parts, &format!("{REPORT} --json"), 2);
    let merged = parts.run(&format!("merge {files} --csv all.csv --json --review-first 3"));
    assert_eq!((merged.code, &merged.stdout), (Some(1), &one.stdout), "two photographs fail");
    assert_eq!(merged.stderr, one.stderr);
    assert_eq!(read(&parts, "all.csv"), read(&whole, "all.csv"));
    assert_eq!(read(&whole, "all.csv").lines().count(), 11);
    let (one, merged) = (whole.run(REPORT), parts.run(&format!("merge {files}")));
    assert_eq!((merged.stdout, merged.stderr), (one.stdout, one.stderr), "as a person reads it");
}

#[test]
fn three_shards_of_an_evaluation_have_the_figures_of_one_run_to_the_last_bit() {
    let (whole, parts) = (archive(), archive());
    let more = "--csv all.csv --json --review-first 40%";
    let groups = "--table table.csv --by dx --groups g.json --groups g.csv --plot g.svg";
    let one = whole.run(&format!("{EVALUATE} {more} {groups}"));
    let files = shards(&parts, &format!("{EVALUATE} --csv part.csv"), 3);
    let merged = parts.run(&format!("merge {files} {more} {groups}"));
    assert_eq!((one.code, merged.code, &merged.stderr), (Some(1), Some(1), &one.stderr));
    let [one, merged] = [one, merged].map(|run| timeless(run.json()));
    assert_eq!(merged, one);
    assert_eq!((&one["n"], &one["failed"]), (&json!(8), &json!(2)));
    assert!(one["groups"]["by"]["dx"][1]["mean_iou_interval"].is_array(), "{one}");
    assert_eq!(csv_without_millis(&parts, "all.csv"), csv_without_millis(&whole, "all.csv"));
    for name in ["g.json", "g.csv", "g.svg"] {
        assert_eq!(read(&parts, name), read(&whole, name), "{name}");
    }
}

#[test]
fn two_shards_of_masks_lie_in_one_folder_as_one_run_leaves_them() {
    let (whole, parts) = (archive(), archive());
    let one = whole.run(&format!("{SEGMENT} --overlay --json --review-first 2"));
    let files = shards(&parts, &format!("{SEGMENT} --overlay --json"), 2);
    let merged = parts.run(&format!("merge {files} --json --review-first 2"));
    assert_eq!((merged.code, rows(&merged), &merged.stderr), (Some(1), rows(&one), &one.stderr));
    assert_eq!(whole.names("o").len(), 18);
    assert_eq!(whole.names("o"), parts.names("o"));
    for name in whole.names("o") {
        let [one, part] = [&whole, &parts].map(|place| std::fs::read(place.path(&format!("o/{name}"))).unwrap());
        assert!(one == part, "{name}");
    }
}

#[test]
fn one_file_of_results_gives_what_its_run_printed_with_its_times() {
    let place = archive();
    let lines = [SEGMENT, &format!("{SEGMENT} --json"), EVALUATE, &format!("{EVALUATE} --json"), REPORT];
    for (number, line) in lines.into_iter().enumerate() {
        let run = place.run(&format!("{line} --results {number}.jsonl"));
        let json = if line.contains("--json") { "--json" } else { "" };
        let merged = place.run(&format!("merge {number}.jsonl {json}"));
        assert_eq!((merged.code, merged.stdout), (run.code, run.stdout), "{line}");
        assert_eq!(merged.stderr, run.stderr, "{line}");
    }
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_was() {
    let (whole, place) = (archive(), archive());
    let line = format!("{SEGMENT} --json --at-once 1 --results r.jsonl");
    let mut command = place.command();
    let mut child = command.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let before: Vec<String> = (0..4).map(|_| printed.next().expect("a row").expect("text")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    // The kill came in the middle of a line.
    let half = [read(&place, "r.jsonl").trim_end_matches('\n'), "\n{\"place\":8,\"na"].concat();
    place.file("r.jsonl", half);
    let refused = place.run("merge r.jsonl").was_refused();
    assert!(refused.stderr.contains("shard 1/1 has not ended"), "{refused:?}");

    let written = |name: &str| std::fs::metadata(place.path(name)).and_then(|facts| facts.modified()).unwrap();
    let first = written("o/p0_mask.png");
    let again = place.run(&line);
    let after: Vec<&str> = again.stdout.lines().collect();
    // Their times are those of the first run: they were not done again. The first row is of what failed.
    assert!(before[0].contains("broken.jpg"), "{before:?}");
    assert_eq!(after[..4], before.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(written("o/p0_mask.png"), first);
    assert_eq!(rows(&again), rows(&whole.run(&format!("{SEGMENT} --json"))));
    assert_eq!(place.run("merge r.jsonl --json").stdout, again.stdout);
    // Once more: nothing is left to do, and the file is what it was.
    let file = read(&place, "r.jsonl");
    assert_eq!(place.run(&line).stdout, again.stdout);
    let done = |file: &str| file.lines().filter(|line| !line.contains("\"error\":")).count();
    assert_eq!(done(&read(&place, "r.jsonl")), done(&file));
}

#[test]
fn what_has_changed_is_done_again_and_nothing_else() {
    let place = archive();
    let line = format!("{SEGMENT} --json --results r.jsonl");
    let millis = |run: &Run| -> Vec<Value> { run_rows(run).into_iter().map(|row| row["millis"].clone()).collect() };
    let changed = |one: &[Value], other: &[Value]| -> Vec<usize> {
        (0..one.len()).filter(|&row| one[row] != other[row]).collect()
    };
    let first = millis(&place.run(&line));
    // A mask is gone, a photograph is another one, and one is new: broken.jpg is the first row, then p0 to p8.
    std::fs::remove_file(place.path("o/p2_mask.png")).unwrap();
    std::fs::copy(place.path("photos/p0.png"), place.path("photos/p5.png")).unwrap();
    std::fs::remove_file(place.path("o/p5_mask.png")).unwrap();
    std::fs::copy(place.path("photos/p1.png"), place.path("photos/p9.png")).unwrap();
    let second = millis(&place.run(&line));
    assert_eq!((second.len(), changed(&first, &second)), (11, vec![3, 6]));
    // What a person corrected counts as soon as it is there.
    crate::corrected::keep(&place.path("photos/p3.png"), [160, 120], None);
    std::fs::remove_file(place.path("o/p3_mask.png")).unwrap();
    let run = place.run(&line);
    assert_eq!(run_rows(&run)[4]["mask_source"], "corrected");
    assert_eq!(changed(&second, &millis(&run)), [4]);
    assert!(run.stderr.lines().count() == 1, "{run:?}");
}

fn run_rows(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|row| serde_json::from_str(row).expect("a row of JSON")).collect()
}

#[test]
fn another_option_is_noticed_and_everything_is_done_again() {
    let place = archive();
    place.network("other", |_, _| {});
    place.run(&format!("{EVALUATE} --results r.jsonl"));
    for (option, words) in [
        ("--threshold 0.7", "threshold card and {\"given\":0.7}"),
        ("--models models --model other", "network globalatt and other"),
        ("--careful", "--careful false and true"),
        ("--second-look", "--second-look false and true"),
        ("--mm-per-px 0.02", "--mm-per-px none and 0.02"),
    ] {
        let line = format!("{EVALUATE} --json {option}");
        let again = place.run(&format!("{line} --results r.jsonl"));
        let told =
            again.stderr.lines().filter(|line| line.contains(words) && line.contains("are done again")).count();
        assert_eq!(told, 1, "{again:?}");
        assert_eq!(timeless(again.json()), timeless(place.run(&line).json()), "{option}");
        place.run(&format!("{EVALUATE} --results r.jsonl"));
    }
}

/// The two shards of an evaluation, to be spoilt.
fn evaluated() -> Workplace {
    let place = archive();
    shards(&place, EVALUATE, 2);
    place
}

/// The file with its lines changed, and an end that says that it is whole.
fn rewritten(place: &Workplace, name: &str, change: impl Fn(&str) -> Vec<String>) {
    use sha2::{Digest as _, Sha256};
    let text = read(place, name);
    let (body, _) = text.trim_end().rsplit_once('\n').expect("there are lines");
    let body: String = body.lines().flat_map(change).map(|line| line + "\n").collect();
    let end: String = Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    place.file(name, format!("{body}{{\"end\":\"{end}\"}}\n"));
}

#[test]
fn results_that_are_not_all_of_one_run_are_refused_and_nothing_is_written() {
    let place = evaluated();
    let refused = |files: &str, words: &[&str], path: &str| {
        let run = place.run(&format!("merge {files}")).was_refused().says(words, path);
        assert_eq!(run.stdout, "");
    };
    refused("1.jsonl", &["1 shard missing: 2/2"], "2/2");
    refused("1.jsonl 1.jsonl 2.jsonl", &["shard 1/2 is there twice"], "1.jsonl");
    refused("1.jsonl table.csv", &["this is no results file"], "table.csv");
    refused("1.jsonl gone.jsonl", &["cannot read the results"], "gone.jsonl");
    refused("1.jsonl photos", &["cannot read the results"], "photos");

    place.run(&format!("{EVALUATE} --shard 2/2 --results other.jsonl --threshold 0.6"));
    refused("1.jsonl other.jsonl", &["differ", "threshold card and {\"given\":0.6}"], "other.jsonl");
    place.run(&format!("{EVALUATE} --shard 3/3 --results third.jsonl"));
    refused("1.jsonl third.jsonl", &["this is shard 3/3", "not of one division"], "third.jsonl");
    place.run(&format!("{REPORT} --shard 2/2 --results report.jsonl"));
    refused("1.jsonl report.jsonl", &["command evaluate and report"], "report.jsonl");
    for (of, changed) in [("engine", "\"version\":\"0"), ("version", "\"program\":\"0")] {
        std::fs::copy(place.path("2.jsonl"), place.path("changed.jsonl")).unwrap();
        rewritten(&place, "changed.jsonl", |line| vec![line.replacen(changed, &format!("{changed}9"), 1)]);
        refused("1.jsonl changed.jsonl", &["differ", of], "changed.jsonl");
    }
    std::fs::copy(place.path("photos/p0.png"), place.path("photos/p9.png")).unwrap();
    place.run(&format!("{EVALUATE} --shard 2/2 --results later.jsonl"));
    refused("1.jsonl later.jsonl", &["not of the same photographs (11 and 10)"], "later.jsonl");
}

#[test]
fn a_photograph_in_two_shards_and_one_in_none_are_refused() {
    let place = evaluated();
    let whole = read(&place, "1.jsonl");
    let photograph = |text: &str| text.lines().nth(1).expect("a photograph").to_owned();
    let (mine, theirs) = (photograph(&whole), photograph(&read(&place, "2.jsonl")));
    let name = serde_json::from_str::<Value>(&theirs).unwrap()["name"].clone();
    let owned = |line: &str| vec![line.to_owned()];
    rewritten(
        &place,
        "1.jsonl",
        |line| if line == mine { vec![mine.clone(), theirs.clone()] } else { owned(line) },
    );
    let words = format!("the photograph '{}' is in two shards", name.as_str().unwrap());
    place.run("merge 1.jsonl 2.jsonl").was_refused().says(&[&words, "1.jsonl"], "2.jsonl");
    place.file("1.jsonl", &whole);
    rewritten(&place, "1.jsonl", |line| if line == mine { Vec::new() } else { owned(line) });
    place.run("merge 1.jsonl 2.jsonl").was_refused().says(&["the shards hold 9 of 10 photographs"], "1.jsonl");
    place.file("1.jsonl", whole.replacen(&mine, "{}", 1));
    place.run("merge 1.jsonl 2.jsonl").was_refused().says(&["shard 1/2 are damaged from line 2"], "1.jsonl");
}

#[test]
fn cut_and_changed_files_are_refused_and_gone_on_from() {
    let place = evaluated();
    let whole = read(&place, "1.jsonl");
    let merge = || place.run("merge 1.jsonl 2.jsonl --json");
    let good = merge();
    let lines: Vec<&str> = whole.lines().collect();
    for bytes in [whole.len() - 1, whole.len() - 30, lines[0].len() + 1, lines[0].len() + lines[1].len() / 2] {
        place.file("1.jsonl", &whole[..bytes]);
        merge().was_refused().says(&["shard 1/2 has not ended", "run the same command again"], "1.jsonl");
        place.run(&format!("{EVALUATE} --shard 1/2 --results 1.jsonl"));
        assert_eq!(timeless(merge().json()), timeless(good.json()), "cut after {bytes} bytes");
    }
    place.file("1.jsonl", &whole[..lines[0].len() / 2]);
    merge().was_refused().says(&["this is no results file"], "1.jsonl");
    let flipped = whole.replacen("\"true_positive\":", "\"true_positive\":1", 1);
    assert_ne!(flipped, whole);
    place.file("1.jsonl", &flipped);
    merge().was_refused().says(&["shard 1/2 were changed after they were written"], "1.jsonl");
    let run = place.run(&format!("{EVALUATE} --shard 1/2 --results 1.jsonl"));
    assert!(run.stderr.contains("were changed after they were written"), "{run:?}");
    assert_eq!(timeless(merge().json()), timeless(good.json()));
}

#[test]
fn a_file_that_is_not_this_runs_is_left_as_it_is() {
    let place = evaluated();
    let refused = |line: String, words: &[&str], path: &str| {
        let before = std::fs::read(place.path(path)).ok();
        place.run(&line).was_refused().says(words, path);
        assert_eq!(std::fs::read(place.path(path)).ok(), before, "{path}");
    };
    refused(format!("{EVALUATE} --results table.csv"), &["this is no results file"], "table.csv");
    refused(format!("{EVALUATE} --results gone/r.jsonl"), &["--results: cannot write"], "gone/r.jsonl");
    refused(format!("{REPORT} --results r.csv --csv r.csv"), &["--csv names this file"], "r.csv");
    refused(format!("{EVALUATE} --results photos"), &["--results", "folder"], "photos");
    refused(
        format!("{EVALUATE} --shard 2/2 --results 1.jsonl"),
        &["results of shard 1/2", "this is shard 2/2"],
        "1.jsonl",
    );
    refused(format!("{EVALUATE} --results 1.jsonl"), &["this is shard 1/1"], "1.jsonl");
    refused(format!("{REPORT} --shard 1/2 --results 1.jsonl"), &["results of evaluate"], "1.jsonl");
    refused("merge 1.jsonl 2.jsonl --csv all.csv".into(), &["--csv: the shards were run without it"], "--csv");
    let held = std::fs::File::open(place.path("1.jsonl")).unwrap();
    held.try_lock().expect("nobody holds it");
    refused(format!("{EVALUATE} --shard 1/2 --results 1.jsonl"), &["another run writes"], "1.jsonl");
    drop(held);
    place.run(&format!("{SEGMENT} --results s.jsonl"));
    refused("merge s.jsonl --json".into(), &["--json: the shards were run without it"], "--json");
    refused("merge s.jsonl --csv a.csv".into(), &["segment writes no CSV"], "--json");
    refused("merge s.jsonl --table table.csv --by dx".into(), &["only evaluate compares groups"], "groups");
}

/// The blocks of docs/cluster.md in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(root().join("docs/cluster.md")).unwrap();
    let begin = format!("```{language}\n");
    page.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Runs a script of the page once for each of 16 indexes, as the cluster does, and merges.
fn runs_as_written(
    place: &Workplace,
    shell: &str,
    script: &str,
    variables: impl Fn(u32) -> Vec<(&'static str, String)>,
) {
    let program = Path::new(env!("CARGO_BIN_EXE_dermaloupe")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    for index in 0..16 {
        let mut command = std::process::Command::new(shell);
        command.arg("-c").arg(script).current_dir(place.path("")).env("PATH", &path).env("USER", "user");
        command.env("ARCHIVE", place.path("")).env("RESULTS", place.path("results")).envs(variables(index));
        let output = command.output().expect("the shell starts");
        assert!(output.status.success(), "{index}: {output:?}");
    }
    let files: Vec<String> = (1..=16).map(|number| format!("results/{number}.jsonl")).collect();
    let merged = place.run(&format!("merge {} --csv all.csv --json", files.join(" ")));
    let one = place.run(&format!("{EVALUATE} --csv one.csv --json"));
    assert_eq!(timeless(merged.json())["mean_iou"], timeless(one.json())["mean_iou"]);
    assert_eq!(csv_without_millis(place, "all.csv"), csv_without_millis(place, "one.csv"));
}

#[cfg(unix)]
#[test]
fn the_slurm_array_of_the_page_runs_as_it_stands() {
    let [script] = &blocks("bash")[..] else { panic!("one script") };
    let checked = std::process::Command::new("bash").args(["-n", "-c", script]).output().expect("bash starts");
    assert!(checked.status.success(), "{checked:?}");
    let variables =
        |index: u32| vec![("SLURM_ARRAY_TASK_ID", (index + 1).to_string()), ("SLURM_CPUS_PER_TASK", "2".into())];
    runs_as_written(&archive(), "bash", script, variables);
}

#[cfg(unix)]
#[test]
fn the_job_of_the_page_runs_as_it_stands() {
    let [job] = &blocks("yaml")[..] else { panic!("one job") };
    let script = job.split("- |\n").nth(1).expect("a script").split("          resources:").next().unwrap();
    let place = archive();
    std::fs::create_dir(place.path("results")).unwrap();
    let variables = |index: u32| vec![("JOB_COMPLETION_INDEX", index.to_string()), ("SHARDS", "16".into())];
    runs_as_written(&place, "sh", script, variables);
}
