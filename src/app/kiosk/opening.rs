//! How the kiosk comes to be: under its supervisor, in a window, with what the settings say.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, bounded};
use eframe::egui;

use super::config::KioskConfig;
use super::kept::{Kept, KeptState, ReadingNote};
use super::lookout::{Lookout, Unread};
use super::messages::Handover;
use super::replacement::Replacement;
use super::screen::Screen;
use super::service::Service;
use super::supervised::Supervised;
use super::watch::Watcher;
use super::{Kiosk, presence::Presence};
use crate::allocator;
use crate::app::pictures::Pictures;
use crate::app::session::PhotoSession;
use crate::app::settings::Settings;
use crate::app::theme::{self, NAME};
use crate::app::update::Capabilities;
use crate::app::{first_state, start};
use crate::inference::{EngineChoice, ModelLibrary};
use crate::language::Language;
use crate::startup::{KioskOptions, StartupOptions};
use crate::words;

/// How long a screen that takes another's place waits for its first sample: it shall stand in the first frame.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Opens the kiosk and stays until it is closed. Settings that are wrong are said on the screen; the kiosk runs. Returns
/// whether it was closed as the settings allow.
///
/// # Errors
/// When there is no display or no OpenGL.
pub fn run(options: KioskOptions, library: ModelLibrary) -> anyhow::Result<bool> {
    #[cfg(unix)]
    let supervised = match Supervised::from_environment().context("cannot reach the kiosk's supervisor")? {
        Some(supervised) => Some(supervised),
        None => return super::supervisor::supervise(),
    };
    #[cfg(not(unix))]
    let supervised = None;
    open(options, library, supervised).map(|()| true)
}

fn open(options: KioskOptions, library: ModelLibrary, supervised: Option<Supervised>) -> anyhow::Result<()> {
    allocator::share_areas();
    let viewport = egui::ViewportBuilder::default().with_title(NAME).with_app_id("dermaloupe-kiosk");
    let place = supervised.as_ref().and_then(|supervised| supervised.handover()?.window);
    let viewport = match (place, options.size) {
        (Some([left, top, width, height]), size) => viewport
            .with_position([left as f32, top as f32])
            .with_inner_size([width as f32, height as f32])
            .with_decorations(size.is_some()),
        (None, Some(size)) => viewport.with_inner_size(size),
        (None, None) => viewport.with_fullscreen(true).with_decorations(false),
    };
    let native = start::native_options(viewport);
    eframe::run_native(
        NAME,
        native,
        Box::new(move |creation| {
            let graphics = start::graphics(creation);
            log::info!("drawn by {graphics}");
            let mut kiosk = Kiosk::start(&creation.egui_ctx, &options, &library, supervised)?;
            kiosk.screen.is_drawn_by_cpu = start::is_software(&graphics);
            Ok(Box::new(kiosk))
        }),
    )
    .map_err(|error| anyhow::anyhow!(start::without_source_place(&error.to_string())))
    .context("cannot open the kiosk's screen")
}

impl Kiosk {
    /// Starts worker and watcher, and shows the samples.
    ///
    /// # Errors
    /// When the system gives no thread, or no network can be had at all.
    pub fn new(ctx: &egui::Context, options: &KioskOptions, library: &ModelLibrary) -> anyhow::Result<Self> {
        Self::start(ctx, options, library, None)
    }

    /// As [`Self::new`], under a supervisor that puts another in its place after a visit.
    ///
    /// # Errors
    /// When the system gives no thread, or no network can be had at all.
    pub fn start(
        ctx: &egui::Context,
        options: &KioskOptions,
        library: &ModelLibrary,
        supervised: Option<Supervised>,
    ) -> anyhow::Result<Self> {
        let mut screen = Screen::default();
        let config = KioskConfig::read(options.config.as_deref()).unwrap_or_else(|error| {
            log::error!("{error}");
            screen.settings_fault = Some(words!("kiosk-settings-fault", reason = error.message()));
            // Staff read the fault in the language of the machine, as the file's own is not known.
            KioskConfig { language: Language::of_system(), ..KioskConfig::default() }
        });
        theme::install(ctx);
        theme::apply(ctx, config.theme);
        let (wake, woken) = wake_of(ctx);
        let session = start_session(options, library, &config, &mut screen, wake.clone())?;
        let pictures = Pictures::start(wake.clone()).context("cannot start the threads of pictures")?;
        let (kept_state, resumed) = KeptState::start(options.runtime.as_deref(), wake.clone());
        let handover = supervised.as_ref().and_then(|supervised| supervised.handover().cloned());
        let is_successor = handover.is_some();
        let resumed = match &handover {
            Some(handover) => Kept { forgotten: handover.forgotten.clone(), ..Kept::default() },
            None => resumed,
        };
        let Handover { untold, sample, window, .. } = handover.unwrap_or_default();
        let forgotten = resumed.forgotten.clone();
        let note = ReadingNote::in_folder(options.runtime.as_deref());
        let suspects: Vec<PathBuf> = resumed.opening.clone().into_iter().chain(note.left()).collect();
        let unread = Unread { paths: suspects.clone(), forgotten: forgotten.clone() };
        let lookout = Lookout::new(config.watch.clone()).with_note(note, unread);
        let watcher = (!config.watch.is_empty())
            .then(|| Watcher::start(lookout, config.poll(), wake.clone()))
            .transpose()
            .context("cannot start the watching thread")?;
        let supervised = supervised
            .map(|mut supervised| supervised.listen(wake).map(|()| Rc::new(supervised)))
            .transpose()
            .context("cannot listen to the kiosk's supervisor")?;
        let service = supervised.clone().map_or_else(Service::of_manager, Service::of_supervisor);
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let mut kiosk = Self {
            ctx: ctx.clone(),
            session,
            pictures,
            screen,
            config,
            visitor: Vec::new(),
            watcher,
            service,
            replacement: Replacement::new(supervised),
            kept_state,
            resumed,
            suspects,
            kept: Kept { forgotten, ..Kept::default() },
            untold,
            presence: Presence::new(options, window.is_some()),
            last_arrival: None,
            may_close: false,
            frames: 0,
            is_ready: false,
        };
        kiosk.find_cameras();
        kiosk.show_samples(sample);
        if is_successor {
            kiosk.stand(&woken);
        }
        Ok(kiosk)
    }

    /// The sample stands whole, outline and all, before the first frame: nobody sees that another screen stood here.
    fn stand(&mut self, woken: &Receiver<()>) {
        let end = Instant::now() + LONGEST_WAIT;
        while !self.is_settled() && Instant::now() < end {
            let effects = self.session.proceed(0.0);
            self.carry_out(effects);
            let effects = self.session.ask_for_wanted(0.0);
            self.carry_out(effects);
            if !self.is_settled() {
                let _ = woken.recv_deadline(end);
            }
        }
        self.screen.stand(self.session.state(), 0.0);
    }
}

/// What a thread calls that has something for the screen, and where it is heard while no frame is drawn yet.
fn wake_of(ctx: &egui::Context) -> (impl Fn() + Clone + Send + Sync + 'static, Receiver<()>) {
    let ctx = ctx.clone();
    // One says all: there is something.
    let (sender, woken) = bounded(1);
    let wake = move || {
        let _ = sender.try_send(());
        ctx.request_repaint();
    };
    (wake, woken)
}

fn start_session(
    options: &KioskOptions,
    library: &ModelLibrary,
    config: &KioskConfig,
    screen: &mut Screen,
    wake: impl Fn() + Clone + Send + Sync + 'static,
) -> anyhow::Result<PhotoSession> {
    let model = config.model.clone().filter(|name| match library.find(Some(name)) {
        Ok(_) => true,
        Err(reason) => {
            log::error!("{reason}");
            let fault = words!("kiosk-config-model", name = name.as_str());
            screen.settings_fault = Some(words!("kiosk-settings-fault", reason = fault));
            false
        }
    });
    let startup = StartupOptions {
        models: options.models.clone(),
        libraries: options.libraries.clone(),
        model,
        engine: config.engine.map_or(EngineChoice::Auto, EngineChoice::Only),
        theme: Some(config.theme),
        language: Some(config.language),
        ..StartupOptions::default()
    };
    let network = first_state::first_network(library, &Settings::default(), &startup)?;
    let state = first_state::first_state(&Settings::default(), &startup, network);
    PhotoSession::start(state, Capabilities::NONE, &options.libraries, None, wake)
        .context("cannot start the analysis thread")
}
