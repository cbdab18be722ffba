//! The command line as typed (clap), resolved into the plain options of the window and the batch.

mod groups;
mod jobs;
mod live;
mod network;
mod review;
mod shards;
mod steps;
mod typed;
mod values;

use clap::Parser;

use crate::batch::{
    BenchJob, EvaluateJob, ExportJob, ImportJob, LiveAction, MergeJob, NetworkOptions, ReportJob, SegmentJob,
    UsageError,
};
use crate::capture::SourceName;
use crate::startup::{KioskOptions, StartupOptions};
use jobs::{evaluate_job, export_job, import_job, report_job};
use network::{NetworkArguments, PlaceArguments};
use typed::{BatchArguments, BenchArguments, Command, KioskArguments, SharedArguments, WindowArguments};

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
    places: PlaceArguments,
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
    /// `merge`.
    Merge(MergeJob),
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
    /// `live`.
    Live(LiveAction),
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
        let Self { window, places: before, command, .. } = self;
        let Some(command) = command else { return Ok(Action::Window(startup_options(window, before))) };
        if window != WindowArguments::default() {
            return Err(UsageError::new(
                "options of the window cannot be used with a command; put the command's options after it",
            ));
        }
        let batch = |batch: BatchArguments, places: PlaceArguments| {
            let places = places.or(&before);
            NetworkOptions {
                libraries: places.libraries(),
                models: places.models,
                model: batch.network.model,
                engine: batch.network.engine.into(),
                concurrency: batch.at_once.map(usize::from),
            }
        };
        let network = |network, places| batch(BatchArguments { network, at_once: None }, places);
        Ok(match command {
            Command::Segment(typed) => Action::Segment(SegmentJob {
                paths: typed.paths,
                out: typed.out,
                lesion: typed.outline.lesion(),
                network: batch(typed.outline.batch, typed.places),
                overlay: typed.overlay,
                probability: typed.probability,
                overwrite: typed.overwrite,
                review_first: typed.review.review_first,
                part: typed.part.into(),
                json: typed.json,
            }),
            Command::Evaluate(typed) => Action::Evaluate(evaluate_job(typed, batch)),
            Command::Report(typed) => Action::Report(report_job(typed, batch)),
            Command::Export(typed) => Action::Export(export_job(typed, batch)),
            Command::Import(_) | Command::Merge(_) if before != PlaceArguments::default() => {
                return Err(UsageError::new(
                    "import and merge run no network: options of networks and engines cannot be used with them",
                ));
            }
            Command::Merge(typed) => Action::Merge(typed.into()),
            Command::Import(typed) => Action::Import(import_job(typed)),
            Command::Models(typed) => {
                let named = NetworkArguments { model: typed.name, ..NetworkArguments::default() };
                Action::Models { network: network(named, typed.places), json: typed.json }
            }
            Command::Doctor(typed) => {
                Action::Doctor { network: network(NetworkArguments::default(), typed.places), json: typed.json }
            }
            Command::Live(typed) => Action::Live(typed.action(network).map_err(UsageError::new)?),
            Command::Kiosk(typed) => Action::Kiosk(kiosk_options(typed, &before)),
            Command::Bench(typed) => {
                let network = batch(typed.batch, typed.places);
                let BenchArguments { path, runs, every_network, careful, steps, json, .. } = typed;
                let steps = steps.into();
                let (has_every_network, is_careful) = (every_network, careful);
                Action::Bench(BenchJob { path, runs, network, has_every_network, is_careful, steps, json })
            }
        })
    }
}

fn kiosk_options(typed: KioskArguments, before: &PlaceArguments) -> KioskOptions {
    let places = typed.places.or(before);
    KioskOptions {
        config: typed.config,
        size: typed.window,
        libraries: places.libraries(),
        models: places.models,
        // Of a service with RuntimeDirectory=; memory, gone when the service is stopped.
        runtime: std::env::var_os("RUNTIME_DIRECTORY").map(Into::into),
    }
}

fn startup_options(window: WindowArguments, places: PlaceArguments) -> StartupOptions {
    StartupOptions {
        paths: window.paths,
        screenshot: window.screenshot,
        libraries: places.libraries(),
        models: places.models,
        model: window.network.model,
        engine: window.network.engine.into(),
        reference: window.reference,
        live: window.live.as_deref().map(live_source),
        size: window.size,
        theme: window.theme,
        view: window.view,
        language: window.language,
        ..StartupOptions::default()
    }
}

/// The source that is typed; nothing is the first camera.
fn live_source(typed: &str) -> SourceName {
    if typed.is_empty() { SourceName::FirstCamera } else { SourceName::of(typed) }
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
    fn a_command_without_networks_has_no_options_of_theirs() {
        let lines: [&[&str]; 4] = [
            &["import", "a.json", "--out", "o", "--models", "d"],
            &["--models", "d", "import", "a.json", "--out", "o"],
            &["merge", "a.jsonl", "--models", "d"],
            &["--models", "d", "merge", "a.jsonl"],
        ];
        for line in lines {
            assert!(resolve(line).is_err(), "{line:?}");
        }
    }

    /// The first of each group of options, in the order that every command lists them in.
    #[test]
    fn every_command_lists_its_options_in_one_order() {
        use clap::CommandFactory as _;
        const ORDER: [&str; 50] = [
            "images",
            "masks",
            "masks-as-stored",
            "list",
            "split",
            "table",
            "by",
            "mm-per-px",
            "label",
            "runs",
            "source",
            "seconds",
            "rate",
            "frame-size",
            "pixels",
            "model",
            "engine",
            "at-once",
            "every-network",
            "threshold",
            "careful",
            "second-look",
            "before",
            "after",
            "network-only",
            "no-smoothing",
            "picture",
            "keep",
            "shard",
            "results",
            "format",
            "out",
            "overlay",
            "probability",
            "overwrite",
            "csv",
            "groups",
            "plot",
            "pdf",
            "language",
            "case",
            "patient",
            "config",
            "window",
            "review-first",
            "json",
            "models",
            "onnxruntime",
            "rknn-runtime",
            "verbose",
        ];
        let mut program = Arguments::command();
        program.build();
        for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
            let mut options: Vec<(usize, &str)> = command
                .get_arguments()
                .filter(|option| !option.is_hide_set() && option.get_long() != Some("help"))
                .filter_map(|option| Some((option.get_display_order(), option.get_long()?)))
                .collect();
            options.sort_by_key(|(order, _)| *order);
            let places: Vec<Option<usize>> =
                options.iter().map(|(_, name)| ORDER.iter().position(|known| known == name)).collect();
            assert!(places.is_sorted() && !places.contains(&None), "{}: {options:?}", command.get_name());
        }
    }

    #[test]
    fn wrong_values_are_refused() {
        let lines: [&[&str]; 12] = [
            &["--size", "1280"],
            &["--model", "x", "models"],
            &["segment", "a.jpg", "--out", "o", "--threshold", "1.5"],
            &["segment", "a.jpg", "--out", "o", "--threshold", "NaN"],
            &["segment", "a.jpg", "--out", "o", "--threshold", "best"],
            &["segment", "a.jpg", "--out", "o", "--review-first", "0%"],
            &["evaluate", "--images", "i", "--masks", "m", "--review-first", "120%"],
            &["report", "a.jpg", "--review-first", "some"],
            &["segment", "--out", "o"],
            &["segment", "a.jpg", "--out", "o", "--shard", "0/2"],
            &["report", "a.jpg", "--results", "r.jsonl", "--pdf", "r.pdf"],
            &["bench", "--runs", "0"],
        ];
        for line in lines {
            assert!(resolve(line).is_err(), "{line:?}");
        }
    }
}
