//! The command line as typed (clap), resolved into the plain options of the window and the batch.

mod typed;
mod values;

use clap::Parser;

use crate::batch::{
    BenchJob, EvaluateJob, ExportJob, ImportJob, NetworkOptions, ReportJob, SegmentJob, UsageError,
};
use crate::startup::{KioskOptions, StartupOptions};
use typed::{
    BatchArguments, BenchArguments, Command, ImportArguments, KioskArguments, NetworkArguments, SharedArguments,
    WindowArguments,
};

/// Find the lesion in dermoscopy photographs and show how sure the network is.
///
/// Without a command, open the window with the photographs or folders of PATH. To open a file named like a command,
/// write ./NAME.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Arguments {
    #[command(flatten)]
    window: WindowArguments,
    #[command(flatten)]
    shared: SharedArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "Exit codes: 0 success, 1 some inputs failed (the others are done), 2 wrong usage.\n\
                          For research use only; not a medical device.";

/// What the command line asks for.
#[derive(Debug)]
pub enum Action {
    /// Open the window.
    Window(StartupOptions),
    /// `segment`.
    Segment(SegmentJob),
    /// `evaluate`.
    Evaluate(EvaluateJob),
    /// `report`.
    Report(ReportJob),
    /// `export`.
    Export(ExportJob),
    /// `import`.
    Import(ImportJob),
    /// `models`.
    Models {
        /// Where networks are looked for, and which one to describe.
        network: NetworkOptions,
        /// As JSON.
        json: bool,
    },
    /// `doctor`.
    Doctor {
        /// Where networks and engines are looked for.
        network: NetworkOptions,
        /// As JSON.
        json: bool,
    },
    /// `bench`.
    Bench(BenchJob),
    /// `kiosk`.
    Kiosk(KioskOptions),
}

impl Arguments {
    /// How many times `--verbose` was given.
    #[must_use]
    pub fn verbosity(&self) -> u8 {
        self.shared.verbose
    }

    /// The requested action, in plain options.
    ///
    /// # Errors
    /// When options of the window come before a command, where they would have no effect.
    pub fn resolve(self) -> Result<Action, UsageError> {
        let Self { window, shared, command } = self;
        let Some(command) = command else { return Ok(Action::Window(startup_options(window, shared))) };
        if window != WindowArguments::default() {
            return Err(UsageError::new(
                "options of the window cannot be used with a command; put the command's options after it",
            ));
        }
        let batch = |batch: BatchArguments| NetworkOptions {
            models: shared.models.clone(),
            model: batch.network.model,
            engine: batch.network.engine.into(),
            concurrency: batch.at_once.map(usize::from),
            libraries: shared.libraries(),
        };
        let network = |network| batch(BatchArguments { network, at_once: None });
        Ok(match command {
            Command::Segment(typed) => Action::Segment(SegmentJob {
                paths: typed.paths,
                out: typed.out,
                network: batch(typed.batch),
                threshold: typed.threshold,
                network_only: typed.corrections.network_only,
                overlay: typed.overlay,
                probability: typed.probability,
                overwrite: typed.overwrite,
                json: typed.json,
            }),
            Command::Evaluate(typed) => Action::Evaluate(EvaluateJob {
                images: typed.images,
                masks: typed.masks,
                masks_as_stored: typed.masks_as_stored,
                list: typed.list,
                split: typed.split,
                network: batch(typed.batch),
                network_only: typed.corrections.network_only,
                mm_per_px: typed.mm_per_px,
                csv: typed.csv,
                json: typed.json,
            }),
            Command::Report(typed) => Action::Report(ReportJob {
                paths: typed.paths,
                masks: typed.masks,
                masks_as_stored: typed.masks_as_stored,
                mm_per_px: typed.mm_per_px,
                network: batch(typed.batch),
                threshold: typed.threshold,
                network_only: typed.corrections.network_only,
                csv: typed.csv,
                pdf: typed.pdf,
                language: typed.language,
                json: typed.json,
            }),
            Command::Export(typed) => Action::Export(ExportJob {
                paths: typed.paths,
                out: typed.out,
                format: typed.format.into(),
                masks: typed.masks,
                masks_as_stored: typed.masks_as_stored,
                network: batch(typed.batch),
                threshold: typed.threshold,
                network_only: typed.corrections.network_only,
            }),
            Command::Import(typed) => Action::Import(import_job(typed)),
            Command::Models(typed) => {
                let named = NetworkArguments { model: typed.name, ..NetworkArguments::default() };
                Action::Models { network: network(named), json: typed.json }
            }
            Command::Doctor(typed) => {
                Action::Doctor { network: network(NetworkArguments::default()), json: typed.json }
            }
            Command::Kiosk(typed) => Action::Kiosk(kiosk_options(typed, &shared)),
            Command::Bench(typed) => {
                let network = batch(typed.batch);
                let BenchArguments { path, runs, json, .. } = typed;
                Action::Bench(BenchJob { path, runs, network, json })
            }
        })
    }
}

fn kiosk_options(typed: KioskArguments, shared: &SharedArguments) -> KioskOptions {
    KioskOptions {
        config: typed.config,
        size: typed.window,
        models: shared.models.clone(),
        libraries: shared.libraries(),
        // Of a service with RuntimeDirectory=; memory, gone when the service is stopped.
        runtime: std::env::var_os("RUNTIME_DIRECTORY").map(Into::into),
    }
}

fn import_job(typed: ImportArguments) -> ImportJob {
    ImportJob { paths: typed.paths, out: typed.out, images: typed.images, label: typed.label }
}

fn startup_options(window: WindowArguments, shared: SharedArguments) -> StartupOptions {
    StartupOptions {
        paths: window.paths,
        screenshot: window.screenshot,
        libraries: shared.libraries(),
        models: shared.models,
        model: window.network.model,
        engine: window.network.engine.into(),
        reference: window.reference,
        size: window.size,
        theme: window.theme,
        view: window.view,
        language: window.language,
        ..StartupOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::inference::{EngineChoice, EngineKind};
    use crate::language::Language;
    use crate::overlay::view::OverlayView;
    use crate::startup::ThemeChoice;

    fn resolve(line: &[&str]) -> Result<Action, UsageError> {
        let line = std::iter::once("dermaloupe").chain(line.iter().copied());
        Arguments::try_parse_from(line).map_err(|error| UsageError::new(error.to_string()))?.resolve()
    }

    fn window(line: &[&str]) -> StartupOptions {
        match resolve(line) {
            Ok(Action::Window(options)) => options,
            other => panic!("expected the window, found {other:?}"),
        }
    }

    #[test]
    fn the_definitions_are_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn paths_and_options_reach_the_window() {
        let line = ["a.jpg", "b", "--size", "1280x800", "--theme", "light", "--view", "heat", "--engine", "rten"];
        let options = window(&line);
        assert_eq!(options.paths, [PathBuf::from("a.jpg"), PathBuf::from("b")]);
        assert_eq!(options.size, Some([1280.0, 800.0]));
        assert_eq!((options.theme, options.view), (Some(ThemeChoice::Light), Some(OverlayView::Heat)));
        assert_eq!(options.engine, EngineChoice::Only(EngineKind::Rten));
        assert_eq!(options.language, None);
        assert_eq!(window(&["--language", "zh-CN"]).language, Some(Language::SimplifiedChinese));
    }

    #[test]
    fn a_file_called_like_a_command_opens_with_a_dot() {
        assert_eq!(window(&["./segment"]).paths, [PathBuf::from("./segment")]);
    }

    #[test]
    fn shared_options_stand_before_or_after_a_command() {
        for line in [["--models", "d", "models"], ["models", "--models", "d"]] {
            let Ok(Action::Models { network, .. }) = resolve(&line) else { panic!("{line:?}") };
            assert_eq!(network.models, Some(PathBuf::from("d")));
        }
    }

    #[test]
    fn wrong_values_are_refused() {
        let lines: [&[&str]; 6] = [
            &["--size", "1280"],
            &["--model", "x", "models"],
            &["segment", "a.jpg", "--out", "o", "--threshold", "1.5"],
            &["segment", "a.jpg", "--out", "o", "--threshold", "NaN"],
            &["segment", "--out", "o"],
            &["bench", "--runs", "0"],
        ];
        for line in lines {
            assert!(resolve(line).is_err(), "{line:?}");
        }
    }
}
