//! The camera's picture in a session: the run that the state wants, and none while it wants none.

use crate::app::background::{Newest, Precedence, Report};
use crate::app::model::live::LiveChoices;
use crate::app::model::state::State;
use crate::app::tasks::live::{CameraAccess, CameraSearch, FindCameras, LiveReport, LiveWork};
use crate::inference::LoadedNetworks;
use crate::live::LiveOptions;

/// What is there for the camera's picture.
pub(super) struct LiveWorks {
    access: CameraAccess,
    networks: LoadedNetworks,
    wake: Box<dyn Fn() -> Box<dyn Fn() + Send + Sync>>,
    run: Option<LiveWork>,
    /// What no run could be started for.
    refused: Option<LiveChoices>,
    search: Option<Newest<FindCameras>>,
    /// The search that was asked for last.
    searched: u64,
    reports: Vec<LiveReport>,
}

impl LiveWorks {
    pub(super) fn new(networks: LoadedNetworks, wake: impl Fn() + Clone + Send + Sync + 'static) -> Self {
        Self {
            access: CameraAccess::default(),
            networks,
            wake: Box::new(move || Box::new(wake.clone())),
            run: None,
            refused: None,
            search: None,
            searched: 0,
            reports: Vec::new(),
        }
    }

    /// Finds and opens cameras by `access` from now on.
    pub(super) fn use_cameras(&mut self, access: CameraAccess) {
        self.access = access;
        (self.search, self.run) = (None, None);
    }

    /// Whether no camera is looked for.
    pub(super) fn is_idle(&self) -> bool {
        self.search.as_ref().is_none_or(Newest::is_idle)
    }

    /// Has what `state` wants run, and ends what it no longer wants.
    pub(super) fn ask(&mut self, state: &State) {
        if state.live.searches != self.searched {
            self.searched = state.live.searches;
            self.search();
        }
        let live = &state.live;
        let options = LiveOptions {
            threshold: Some(state.overlay.threshold),
            is_smoothed: live.is_smoothed,
            takes_second_look: state.network.in_use().takes_second_look,
            wants_picture: true,
            has_automatic_shutter: live.has_shutter,
        };
        let Some(wanted) = state.wanted_live() else {
            self.refused = None;
            self.run.take().into_iter().for_each(LiveWork::end);
            return;
        };
        let is_known = self.run.as_ref().is_some_and(|run| run.choices == wanted);
        if !is_known && self.refused.as_ref() != Some(&wanted) {
            let before = self.run.take();
            let (networks, wake) = (self.networks.clone(), (self.wake)());
            match LiveWork::start(wanted.clone(), options, &self.access, networks, before, wake) {
                Ok(run) => (self.run, self.refused) = (Some(run), None),
                Err(words) => {
                    self.refused = Some(wanted);
                    self.reports.push(LiveReport::NetworkFailed(words));
                    (self.wake)()();
                }
            }
        }
        if let Some(run) = &self.run {
            run.choose(options, live.is_frozen());
        }
    }

    fn search(&mut self) {
        if self.search.is_none() {
            let access = self.access.clone();
            let started =
                Newest::start("find cameras", Precedence::SmallestKey, move || FindCameras(access), (self.wake)());
            self.search = started.inspect_err(|error| log::error!("cameras are not looked for: {error}")).ok();
        }
        if let Some(search) = &self.search {
            search.send(CameraSearch);
        }
    }

    /// The next that is to be said.
    pub(super) fn poll(&mut self) -> Option<LiveReport> {
        if let Some(report) = self.search.as_ref().and_then(Newest::poll) {
            return match report {
                Report::Outcome(cameras) => Some(LiveReport::Cameras(cameras)),
                Report::Panicked => Some(LiveReport::Cameras(Vec::new())),
            };
        }
        self.reports.pop().or_else(|| self.run.as_mut()?.poll())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::app::command::Command;
    use crate::app::command::action::Action;
    use crate::app::command::change::LiveChange;
    use crate::app::first_state;
    use crate::app::model::live::LivePhase;
    use crate::app::session::PhotoSession;
    use crate::app::session::tests::ONE_BY_ONE;
    use crate::app::settings::Settings;
    use crate::app::update::Capabilities;
    use crate::app::update::effect::{FileQuestion, WindowEffect};
    use crate::capture::SourceName;
    use crate::inference::ModelLibrary;
    use crate::startup::StartupOptions;

    /// A session that plays the samples' folder as a camera.
    fn playing(capabilities: Capabilities) -> PhotoSession {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample");
        let options = StartupOptions { live: Some(SourceName::Played(samples)), ..StartupOptions::default() };
        let library = ModelLibrary::discover(None);
        let settings = Settings::default();
        let network = first_state::first_network(&library, &settings, &options).expect("a network is built in");
        let state = first_state::first_state(&settings, &options, network);
        let mut session =
            PhotoSession::start(state, capabilities, &options.libraries, None, || {}).expect("threads");
        drop(session.apply(Action::ToggleLive.into(), 0.0));
        session.until(|session| session.state.live.phase == LivePhase::Running);
        session
    }

    impl PhotoSession {
        fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
            while !is_so(self) {
                drop(self.proceed(0.0));
                drop(self.ask_for_wanted(0.0));
                std::thread::yield_now();
            }
        }

        fn questions(&mut self, command: impl Into<Command>) -> Vec<FileQuestion> {
            let effects = self.apply(command.into(), 0.0);
            let asked = |effect| match effect {
                WindowEffect::Ask(question) => Some(question),
                _ => None,
            };
            effects.into_iter().filter_map(asked).collect()
        }
    }

    #[test]
    fn the_folder_of_pictures_is_asked_for_once_and_none_is_written_before() {
        let _alone = ONE_BY_ONE.lock();
        let mut session = playing(Capabilities::ALL);
        let folder = tempfile::tempdir().expect("a folder");
        let count = || std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(session.questions(Action::KeepFrame), [FileQuestion::FrameFolder]);
        assert!(session.state.live.is_frozen() && !session.state.live.is_keeping);
        assert_eq!(session.questions(Command::DialogClosed), []);
        assert!(session.state.live.is_frozen(), "without an answer the picture stands, and is nowhere");
        assert_eq!(session.questions(Action::KeepFrame), [FileQuestion::FrameFolder]);
        assert_eq!(session.questions(Command::DialogClosed), []);
        assert_eq!(session.questions(LiveChange::Folder(folder.path().to_owned())), []);
        session.until(|session| session.state.live.phase == LivePhase::Running);
        assert_eq!(count(), 1, "as soon as a folder was chosen");
        assert_eq!(session.questions(Action::KeepFrame), []);
        session.until(|session| session.state.live.phase == LivePhase::Running);
        assert_eq!(count(), 2);
        assert_eq!(session.questions(Action::ChooseFrameFolder), [FileQuestion::FrameFolder]);
        assert_eq!(session.questions(LiveChange::Folder(folder.path().to_owned())), []);
        assert!(!session.state.live.is_keeping, "another folder keeps nothing by itself");
    }

    #[test]
    fn a_session_that_may_keep_nothing_keeps_no_picture() {
        let _alone = ONE_BY_ONE.lock();
        let mut session = playing(Capabilities::NONE);
        session.state.live.folder = Some(std::env::temp_dir());
        assert_eq!(session.questions(Action::KeepFrame), []);
        assert!(!session.state.live.is_keeping && session.state.entries.is_empty());
    }
}
