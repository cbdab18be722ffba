//! Dermaloupe's program: parse, log, choose window or command, exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use dermaloupe::allocator;
#[cfg(feature = "window")]
use dermaloupe::batch::NetworkOptions;
use dermaloupe::batch::{self, UsageError};
use dermaloupe::cli::{Action, Arguments};
use dermaloupe::startup::{KioskOptions, StartupOptions};
use dermaloupe::terminal::{error_words, shown, shown_lines};
use log::LevelFilter;

const FAILED: u8 = 1;
const USAGE: u8 = 2;

fn main() -> ExitCode {
    refuse_telemetry();
    allocator::keep_blocks();
    let arguments = Arguments::parse();
    start_log(arguments.verbosity());
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) => {
            let words = if is_broken_pipe(&error) {
                "stdout was closed before everything was printed".to_owned()
            } else {
                error_words(&error)
            };
            // Nobody may read stderr either.
            let _ = writeln!(io::stderr(), "dermaloupe: {}", shown_lines(&words));
            ExitCode::from(if error.is::<UsageError>() { USAGE } else { FAILED })
        }
    }
}

/// ONNX Runtime from 1.24 on writes a device's id and a database of events into the person's cache, also where telemetry
/// is switched off in its interface; it does not when this is in the environment before it is loaded.
#[expect(unsafe_code, reason = "changing the environment is unsafe beside other threads, and there are none yet")]
fn refuse_telemetry() {
    // SAFETY: this is the first thing that the program does, so no other thread reads the environment.
    unsafe { std::env::set_var("ORT_DISABLE_TELEMETRY", "1") };
}

/// Whether every input was done.
fn run(arguments: Arguments) -> anyhow::Result<bool> {
    match arguments.resolve()? {
        Action::Window(options) => open_window(options).map(|()| true),
        Action::Segment(job) => batch::segment(&job),
        Action::Evaluate(job) => batch::evaluate(&job),
        Action::Report(job) => batch::report(&job),
        Action::Merge(job) => batch::merge(&job),
        Action::Export(job) => batch::export(&job),
        Action::Import(job) => batch::import(&job),
        Action::Models { network, json } => batch::models(&network, json),
        Action::Doctor { network, json } => batch::doctor(&network, json),
        Action::Bench(job) => batch::bench(&job),
        Action::Live(action) => batch::live(&action),
        Action::Kiosk(options) => open_kiosk(options),
    }
}

#[cfg(feature = "window")]
fn open_window(options: StartupOptions) -> anyhow::Result<()> {
    let network = NetworkOptions {
        models: options.models.clone(),
        model: options.model.clone(),
        ..NetworkOptions::default()
    };
    // A wrong name is a usage error before any window opens.
    let library = network.library()?;
    library.find(options.model.as_deref()).map_err(UsageError::new)?;
    dermaloupe::app::run(options, library)
}

#[cfg(feature = "window")]
fn open_kiosk(options: KioskOptions) -> anyhow::Result<bool> {
    let network = NetworkOptions { models: options.models.clone(), ..NetworkOptions::default() };
    dermaloupe::app::kiosk::run(options, network.library()?)
}

#[cfg(not(feature = "window"))]
const NO_WINDOW: &str = "this build has no window; build with the feature 'window' (on by default: 'cargo build \
                         --release'), or use a command, see 'dermaloupe --help'";

#[cfg(not(feature = "window"))]
fn open_window(_: StartupOptions) -> anyhow::Result<()> {
    Err(UsageError::new(NO_WINDOW).into())
}

#[cfg(not(feature = "window"))]
fn open_kiosk(_: KioskOptions) -> anyhow::Result<bool> {
    Err(UsageError::new(NO_WINDOW).into())
}

/// Our own warnings by default; what libraries say of a file is in the error that we report.
fn start_log(verbosity: u8) {
    let (ours, others) = match verbosity {
        0 => (LevelFilter::Warn, LevelFilter::Off),
        1 => (LevelFilter::Info, LevelFilter::Warn),
        _ => (LevelFilter::Debug, LevelFilter::Info),
    };
    env_logger::Builder::new()
        .filter_level(others)
        .filter_module("dermaloupe", ours)
        // Who draws the kiosk's screen is always said: the journal is where a board's owner looks for it.
        .filter_module("dermaloupe::app::kiosk::opening", ours.max(LevelFilter::Info))
        .format(|out, record| {
            let level = record.level().as_str().to_lowercase();
            writeln!(out, "dermaloupe: {level}: {}", shown(&record.args().to_string()))
        })
        .parse_default_env()
        .init();
    // A contained panic of a decoder or engine becomes that file's error; its trace is for those who ask.
    std::panic::set_hook(Box::new(|panic| log::error!("{}", panic.to_string().replace('\n', " "))));
}

/// The reader of our output has left, such as `head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    error.downcast_ref::<io::Error>().is_some_and(broken)
}
