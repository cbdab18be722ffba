//! Two people on one share: each reads what the other kept, and adds to it. They are two users of the system with a
//! group in common, so only root can test it; otherwise the test says that it was not run.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::records::review;
use dermaloupe::correction::journal::{Binding, Record};
use dermaloupe::correction::{
    Act, Edit, JournalEnd, JournalOutcome, JournalRequest, JournalWriter, Step, corrected_mask,
};
use dermaloupe::geometry::area::Area;
use dermaloupe::geometry::toggles::Toggles;
use dermaloupe::mask::Mask;
use dermaloupe::photo::PhotoSource;
use dermaloupe::provenance::CorrectionStart;
use dermaloupe::records::{Home, ReviewState};

const FOLDER: &str = "DERMALOUPE_SHARE_TEST_FOLDER";
const PERSON: &str = "DERMALOUPE_SHARE_TEST_PERSON";
const SIZE: [u32; 2] = [40, 30];

/// The group that both are in.
const GROUP: u32 = 61_300;

fn binding() -> Binding {
    Binding { sha256: "77".repeat(32), size: SIZE }
}

/// Does nothing in a test run; it is what each person's program does when the test below runs this binary.
#[test]
fn program_of_a_person() {
    let (Ok(folder), Ok(person)) = (std::env::var(FOLDER), std::env::var(PERSON)) else { return };
    let folder = Path::new(&folder);
    if person == "looks" {
        let error = corrected_mask(&Home::of_folder(folder, None), &binding()).unwrap_err();
        println!("@{error}");
        return;
    }
    let store = Home::of_folder(folder, None).open().unwrap();
    store.keep(vec![review(&person, ReviewState::Accepted, 1)]).unwrap();
    drop(store);
    let mut writer = JournalWriter::default();
    let (photo, source) = (1, PhotoSource::File(folder.join("photo.jpg")));
    let opened = writer.handle(JournalRequest::Open { photo, source, data: None, binding: binding() }).remove(0);
    let JournalOutcome::Opened { replay, trouble: None, end: JournalEnd::Whole, .. } = opened else {
        panic!("{opened:?}")
    };
    let mask = replay.as_ref().and_then(|replay| replay.history());
    let mask = mask.map_or_else(|| Mask::empty(SIZE), |history| (**history.mask()).clone());
    let mut records = Vec::new();
    if replay.is_none() {
        records.push(Record::Begin { origin: CorrectionStart::Empty, toggles: Toggles::default() });
    }
    let place = person.bytes().map(usize::from).sum::<usize>() % 1200;
    let mut after = mask.pixels().to_vec();
    after[place] ^= 1;
    let toggles = Toggles::between(&mask, &Mask::new(SIZE[0], SIZE[1], after), Area::whole(SIZE));
    records.push(Record::Step(Arc::new(Step::now(Act::Edit(Edit::FillHoles), toggles))));
    let kept = writer.handle(JournalRequest::Keep { photo, records });
    assert!(matches!(kept[..], [JournalOutcome::Kept { result: Ok(()), .. }]), "{kept:?}");
    let ended = writer.handle(JournalRequest::End { photo, reviewer: person });
    assert!(ended.is_empty(), "{ended:?}");
    let found = Home::of_folder(folder, None).read();
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    let steps = replay.and_then(|replay| replay.history().map(|history| history.done().len())).unwrap_or(0) + 1;
    println!("@{} decisions, {steps} steps", found.list.photos.len());
}

/// Runs [`program_of_a_person`] as a user with an umask that lets the group write; returns what it said, or why it could
/// not be run.
fn person(folder: &Path, uid: u32, name: &str) -> Result<String, String> {
    let program = std::env::current_exe().unwrap();
    let mut run = Command::new("setpriv");
    run.arg(format!("--reuid={uid}")).arg(format!("--regid={uid}")).arg(format!("--groups={GROUP}"));
    run.args(["sh", "-c", "umask 002; exec \"$0\" --exact two_people::program_of_a_person --nocapture"])
        .arg(program);
    let run =
        run.env(FOLDER, folder).env(PERSON, name).current_dir("/").output().map_err(|error| error.to_string())?;
    let (out, error) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    if run.status.code() == Some(126) || error.contains("ermission denied") && out.is_empty() {
        return Err(error.into_owned());
    }
    assert!(run.status.success(), "{name}: {out}{error}");
    Ok(out.lines().find_map(|line| line.strip_prefix('@')).expect("it says what it found").to_owned())
}

#[test]
fn two_people_add_to_each_others_records_and_corrections() {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|run| run.stdout.trim_ascii() == b"0");
    if !is_root {
        println!("not run: two users are needed, and only root can be both");
        return;
    }
    let share = tempfile::tempdir().unwrap();
    std::fs::set_permissions(share.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let folder = share.path().join("photos");
    std::fs::create_dir(&folder).unwrap();
    chown(&folder, Some(61_301), Some(GROUP)).unwrap();
    // What is made in it belongs to the group.
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o2770)).unwrap();
    let first = match person(&folder, 61_301, "first") {
        Ok(said) => said,
        Err(reason) => {
            println!("not run: another user cannot start this program ({reason})");
            return;
        }
    };
    assert_eq!(first, "1 decisions, 1 steps");
    assert_eq!(person(&folder, 61_302, "second").unwrap(), "2 decisions, 2 steps");
    assert_eq!(person(&folder, 61_301, "third").unwrap(), "3 decisions, 3 steps");
    let mode = |name: &str| {
        let facts = std::fs::metadata(folder.join(".dermaloupe").join(name)).unwrap();
        facts.permissions().mode() & 0o7777
    };
    let journal = format!("masks/{}.journal", "77".repeat(32));
    for name in ["records.json", "audit.jsonl", "format.json", "lock", journal.as_str()] {
        assert_eq!(mode(name), 0o664, "{name}");
    }
    assert_eq!(mode("masks") & 0o2070, 0o2070);

    // Who may not look into the folder of masks is told so: that is not "no correction".
    let masks = folder.join(".dermaloupe/masks");
    std::fs::set_permissions(&masks, std::fs::Permissions::from_mode(0o700)).unwrap();
    let said = person(&folder, 61_302, "looks").unwrap();
    assert!(said.contains("cannot be read") && said.contains("ermission denied"), "{said}");
}
