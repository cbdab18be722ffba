use super::*;
use crate::app::background::testing::panic_next;
use crate::app::command::action::Action;
use crate::app::first_state;
use crate::app::model::correction::SaveState;
use crate::app::model::current::Phase;
use crate::app::settings::Settings;
use crate::app::tasks::read_ahead::ReadAheadOutcome;
use crate::app::update::effect::FileQuestion;
use crate::inference::ModelLibrary;
use crate::photo::PhotoSource;
use crate::startup::StartupOptions;

/// A session of its own kind: the names of its threads are no other test's, since tests of this kind run one by one.
pub(super) static ONE_BY_ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

fn session(capabilities: Capabilities, data: Option<PathBuf>) -> PhotoSession {
    let options = StartupOptions::default();
    let library = ModelLibrary::discover(None);
    let network =
        first_state::first_network(&library, &Settings::default(), &options).expect("a network is built in");
    let state = first_state::first_state(&Settings::default(), &options, network);
    PhotoSession::start(state, capabilities, &options.libraries, data, || {}).expect("threads")
}

impl PhotoSession {
    fn settle(&mut self) {
        loop {
            drop(self.proceed(0.0));
            drop(self.ask_for_wanted(0.0));
            if self.is_idle() {
                return;
            }
            std::thread::yield_now();
        }
    }

    fn send(&mut self, command: impl Into<Command>) {
        drop(self.apply(command.into(), 0.0));
        self.settle();
    }

    fn newest_notice(&self) -> String {
        self.state.notices.list().last().map(|notice| notice.words.to_string()).unwrap_or_default()
    }

    fn is_outlined(&self) -> bool {
        matches!(self.state.current.phase, Phase::Done) && self.state.current.derived.is_some()
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("photo.jpg"), include_bytes!("../../../assets/sample/phantom2.jpg"))
        .expect("a photo");
    folder
}

#[test]
fn a_panic_in_any_thread_is_said_and_the_session_goes_on() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    let mut session = session(Capabilities::ALL, Some(folder.path().join("data")));
    session.send(Command::Open(vec![folder.path().join("photo.jpg")]));
    assert!(session.is_outlined());

    panic_next("analysis");
    session.send(Action::Retry);
    assert!(matches!(session.state.current.phase, Phase::NetworkFailed(_)), "{:?}", session.state.current.phase);
    assert!(session.newest_notice().contains("report it"), "{}", session.newest_notice());
    session.send(Action::Retry);
    assert!(session.is_outlined());

    panic_next("inspection");
    session.send(Action::ToggleAbcd);
    assert!(session.newest_notice().contains("measuring or comparing"), "{}", session.newest_notice());
    session.send(Command::SetThreshold(0.6));
    assert!(session.state.current.fresh_measures().is_some(), "the next outline is measured");

    panic_next("records writer");
    session.send(Action::Accept);
    let notices: Vec<String> = session.state.notices.list().iter().map(|notice| notice.words.to_string()).collect();
    assert!(notices.iter().any(|words| words.contains("writing records")), "{notices:?}");
    session.send(Action::Reject);
    assert!(folder.path().join(".dermaloupe/records.json").is_file(), "the next decision is written");

    session.send(Action::ToggleCorrection);
    panic_next("journal writer");
    session.send(Action::Grow);
    assert!(session.newest_notice().contains("correction"), "{}", session.newest_notice());
    session.send(Action::Grow);
    assert_eq!((session.state.correction.done, session.state.correction.save_state), (1, SaveState::Saved));
    session.send(Action::ToggleCorrection);

    let target = folder.path().join("saved.png");
    panic_next("file writer");
    session.send(Command::SaveMaskTo(target.clone()));
    assert!(session.newest_notice().contains("Nothing was written"), "{}", session.newest_notice());
    session.send(Command::SaveMaskTo(target.clone()));
    assert!(target.is_file());
}

#[test]
fn a_photo_that_the_decoder_panics_on_fails_and_the_next_opens() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    let mut session = session(Capabilities::NONE, None);
    panic_next("analysis");
    drop(
        session
            .update(0.0, |update| update.open_entries(vec![PhotoSource::File(folder.path().join("photo.jpg"))], 0)),
    );
    session.settle();
    assert!(matches!(session.state.current.phase, Phase::FileFailed(_)));
    assert!(session.state.current.photo.is_none(), "no other photo stays behind the message");
    session.send(Action::Retry);
    assert!(session.is_outlined());
}

#[test]
fn looking_through_waits_for_the_canvas_and_passes_over_one_photo_that_it_panics_on() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg", "3.jpg"]);
    let mut session = session(Capabilities::ALL, None);
    session.send(Command::Open(vec![paths[0].clone()]));
    panic_next("look through");
    for action in [Action::LookThrough, Action::Next] {
        drop(session.apply(action.into(), 0.0));
    }
    drop(session.ask_for_wanted(0.0));
    assert!(session.asked.look_through.is_none() && session.asked.open.is_some(), "the canvas goes first");
    session.settle();
    let state = &session.state;
    assert_eq!((state.looked_at(), state.queue.is_looking_through), (3, false));
    assert_eq!((0..3).filter(|&place| state.doubt(place).is_some()).count(), 2);
}

#[test]
fn an_outline_of_the_photo_before_never_lands_on_the_next_one() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    std::fs::write(folder.path().join("second.jpg"), include_bytes!("../../../assets/sample/phantom3.jpg"))
        .expect("a photo");
    let mut session = session(Capabilities::ALL, None);
    session.send(Command::Open(vec![folder.path().to_owned()]));
    assert!(session.is_outlined());
    // Both are asked for in one frame: the next photo first, the outline of the one before it after that.
    for command in [Command::SetThreshold(0.6), Action::Next.into()] {
        drop(session.apply(command, 0.0));
    }
    drop(session.ask_for_wanted(0.0));
    while !session.analysis.is_done() {
        std::thread::yield_now();
    }
    drop(session.proceed(0.0));
    let photo = session.state.current.photo.as_ref().expect("it is there");
    assert_eq!(photo.source.name(), "second.jpg");
    assert!(session.state.current.derived.is_none(), "the outline is of the photo before");
    session.settle();
    assert!(session.is_outlined());
}

#[test]
fn a_photo_that_is_ready_when_another_is_chosen_is_not_shown_in_its_place() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    std::fs::write(folder.path().join("second.jpg"), include_bytes!("../../../assets/sample/phantom3.jpg"))
        .expect("a photo");
    let sources = ["photo.jpg", "second.jpg"].map(|name| PhotoSource::File(folder.path().join(name)));
    let mut session = session(Capabilities::NONE, None);
    drop(session.update(0.0, |update| update.open_entries(sources, 0)));
    drop(session.ask_for_wanted(0.0));
    while !session.analysis.is_done() {
        std::thread::yield_now();
    }
    // As the kiosk does when a visitor's photograph comes: chosen before what is ready is taken.
    drop(session.update(0.0, |update| update.select(1)));
    session.settle();
    let photo = session.state.current.photo.as_ref().expect("it is there");
    assert_eq!((photo.source.name(), session.state.selected), ("second.jpg".to_owned(), 1));
    assert!(session.is_outlined());
}

#[test]
fn a_session_without_capabilities_reads_and_keeps_nothing_beside_photographs() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    std::fs::write(
        folder.path().join("photo_segmentation.png"),
        include_bytes!("../../../assets/sample/phantom2_segmentation.png"),
    )
    .expect("a mask");
    let before = names(folder.path());
    let mut session = session(Capabilities::NONE, None);
    drop(
        session
            .update(0.0, |update| update.open_entries(vec![PhotoSource::File(folder.path().join("photo.jpg"))], 0)),
    );
    session.settle();
    for action in
        [Action::Accept, Action::ToggleCorrection, Action::ToggleAbcd, Action::Compare, Action::ToggleTable]
    {
        session.send(action);
    }
    session.send(Command::SaveMaskTo(folder.path().join("saved.png")));
    assert!(session.is_outlined());
    let current = &session.state.current;
    assert!(current.reference.is_none() && current.measured.is_none() && !session.state.correction.is_on);
    drop(session);
    assert_eq!(names(folder.path()), before);
}

fn names(folder: &std::path::Path) -> Vec<std::ffi::OsString> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    names
}

#[test]
fn a_photograph_that_is_held_back_is_not_read_until_it_may_be() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    let mut session = session(Capabilities::NONE, None);
    let open = vec![PhotoSource::File(folder.path().join("photo.jpg"))];
    session.hold_opening(true);
    drop(session.update(0.0, |update| update.open_entries(open, 0)));
    for _ in 0..3 {
        drop(session.proceed(0.0));
        drop(session.ask_for_wanted(0.0));
        assert!(session.analysis.is_idle() && session.state.is_busy(), "it waits, and nothing is asked for");
    }
    assert!(!session.is_idle());
    session.hold_opening(false);
    session.settle();
    assert!(session.is_outlined());
}

/// A folder of photographs that were written an hour ago, as photographs are, and their paths.
fn folder_of(names: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let write = |name: &&str| {
        let path = folder.path().join(name);
        std::fs::write(&path, include_bytes!("../../../assets/sample/phantom2.jpg")).expect("a photo");
        let file = std::fs::File::options().append(true).open(&path).expect("it is there");
        file.set_modified(hour_ago).expect("it is dated back");
        path
    };
    let paths = names.iter().map(write).collect();
    (folder, paths)
}

impl PhotoSession {
    /// Which photograph is asked for before anybody wants it.
    fn ahead(&self) -> Option<String> {
        self.asked.read_ahead.as_ref().map(|asked| asked.request.source.name())
    }

    /// The names of the photographs in memory.
    fn in_memory(&self) -> Vec<String> {
        let held =
            |entry: &&crate::app::model::state::PhotoEntry| self.state.read_ahead.photo(&entry.source).is_some();
        self.state.entries.iter().filter(held).map(|entry| entry.source.name()).collect()
    }
}

#[test]
fn the_next_one_and_then_the_one_before_are_read_when_the_canvas_is_finished() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg", "3.jpg"]);
    let mut session = session(Capabilities::ALL, None);
    let mut order = Vec::new();
    drop(session.apply(Command::Open(vec![paths[1].clone()]), 0.0));
    while !session.is_idle() {
        drop(session.proceed(0.0));
        drop(session.ask_for_wanted(0.0));
        if session.ahead().is_some() && session.ahead().as_ref() != order.last() {
            assert!(session.is_outlined() && session.analysis.is_idle(), "the canvas goes first");
            order.extend(session.ahead());
        }
        std::thread::yield_now();
    }
    assert_eq!(order, ["3.jpg", "1.jpg"]);
    session.send(Action::Previous);
    session.send(Action::Next);
    assert_eq!(session.in_memory(), ["1.jpg", "3.jpg"]);
    // Now somebody walks back.
    session.send(Action::Last);
    session.send(Action::Previous);
    let neighbours: Vec<usize> = session.state.neighbours().collect();
    assert_eq!(neighbours, [0, 2]);
}

#[test]
fn where_memory_is_short_the_one_ahead_stays_and_a_large_one_is_not_read() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg", "3.jpg"]);
    let mut session = session(Capabilities::ALL, None);
    session.send(Command::Open(vec![paths[1].clone()]));
    let pixels =
        session.state.current.photo.as_ref().map(|photo| u64::from(photo.width()) * u64::from(photo.height()));
    let one = crate::app::model::read_ahead::ReadPhoto::expected_bytes(pixels.expect("a photo"));
    for (budget, in_memory) in [(one * 2, vec!["1.jpg", "3.jpg"]), (one, vec!["3.jpg"]), (one / 2, Vec::new())] {
        drop(session.update(0.0, |update| update.set_read_ahead_budget(budget)));
        session.send(Action::Retry);
        assert_eq!(session.in_memory(), in_memory, "{budget} bytes");
        assert!(session.state.read_ahead.bytes() <= budget);
    }
    session.send(Action::Next);
    assert!(session.is_outlined(), "it is read when it is asked for");
}

#[test]
fn one_that_is_being_decoded_is_waited_for_and_not_decoded_twice() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg"]);
    let mut session = session(Capabilities::ALL, None);
    let sources: Vec<_> = paths.into_iter().map(PhotoSource::File).collect();
    drop(session.update(0.0, |update| {
        update.open_entries(sources.clone(), 0);
        update.take_read_ahead(ReadAheadOutcome::Begun(sources[1].clone()));
        update.select(1);
    }));
    let wanted = |session: &PhotoSession| Wanted::of(&session.state, session.capabilities);
    assert!(wanted(&session).open.is_none());
    let ahead = wanted(&session).read_ahead.expect("it is brought to its end");
    assert_eq!(ahead.request.source, sources[1]);
    drop(session.update(0.0, |update| update.take_read_ahead(ReadAheadOutcome::PassedOver(sources[1].clone()))));
    assert!(wanted(&session).open.is_some(), "it was in vain");
    session.settle();
    assert!(session.is_outlined());
}

#[test]
fn a_panic_over_a_neighbour_is_not_said_and_it_opens() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg"]);
    let mut session = session(Capabilities::ALL, None);
    panic_next("read ahead");
    session.send(Command::Open(vec![paths[0].clone()]));
    assert!(session.state.notices.list().is_empty(), "{}", session.newest_notice());
    session.send(Action::Next);
    assert!(session.is_outlined());
}

#[test]
fn a_session_without_the_capability_has_no_photograph_but_the_one_that_is_shown() {
    let _alone = ONE_BY_ONE.lock();
    let (_folder, paths) = folder_of(&["1.jpg", "2.jpg"]);
    let mut session = session(Capabilities::NONE, None);
    let sources = paths.into_iter().map(PhotoSource::File);
    drop(session.update(0.0, |update| update.open_entries(sources, 0)));
    session.settle();
    session.send(Action::Next);
    session.read_ahead(true);
    session.send(Action::Previous);
    assert!(session.is_outlined() && session.in_memory().is_empty() && session.read_ahead.is_none());
    assert_eq!(session.state.read_ahead.budget_bytes, 0);
}

#[test]
fn what_is_asked_of_the_desktop_is_seen_until_it_has_answered() {
    let _alone = ONE_BY_ONE.lock();
    let folder = folder();
    let mut session = session(Capabilities::ALL, Some(folder.path().join("data")));
    let effects = session.apply(Action::OpenFolder.into(), 0.0);
    assert!(matches!(effects[..], [WindowEffect::Ask(FileQuestion::Folder)]));
    assert_eq!(session.state.asking, Some(Action::OpenFolder));
    for again in [Action::OpenFolder, Action::OpenPhotos] {
        assert!(session.apply(again.into(), 0.0).is_empty(), "one dialog at a time: {again:?}");
        assert!(session.newest_notice().contains("open already"), "{}", session.newest_notice());
    }
    assert_eq!(session.state.asking, Some(Action::OpenFolder));
    session.send(Command::DialogClosed);
    assert_eq!(session.state.asking, None);

    session.send(Action::ShowInFolder);
    assert!(session.newest_notice().contains("Nothing has been saved"), "{}", session.newest_notice());
    session.send(Command::Open(vec![folder.path().join("photo.jpg")]));
    let target = folder.path().join("mask.png");
    session.send(Command::SaveMaskTo(target.clone()));
    let offer = session.state.notices.list().last().and_then(|notice| notice.offer);
    assert_eq!(offer, Some(Action::ShowInFolder));
    let effects = session.apply(Action::ShowInFolder.into(), 0.0);
    assert!(matches!(&effects[..], [WindowEffect::ShowInFolder(path)] if *path == target));
    session.send(Command::NotShown(folder.path().to_owned()));
    assert!(session.newest_notice().contains("No file manager"), "{}", session.newest_notice());
}
