//! The command line as typed (clap), resolved into the plain options that the window and the batch take.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::batch::{BenchJob, EvaluateJob, NetworkOptions, SegmentJob, UsageError};
use crate::inference::{EngineChoice, EngineKind, EngineOptions};
use crate::startup::{StartupOptions, ThemeName, ViewName};

/// Finds the lesion in dermoscopy photographs and shows how sure it is.
///
/// Without a command the window opens, with the photographs or folders of PATH. A file that is called like a command
/// is opened as ./NAME.
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

const AFTER_HELP: &str = "Exit codes: 0 all well, 1 some inputs failed (the others are done), 2 wrong usage.\n\
                          For research use only; not a medical device.";

/// Options that stand anywhere.
#[derive(Args, Debug)]
struct SharedArguments {
    /// Folder with more networks, each in a folder of its own with card.json
    #[arg(long, global = true, value_name = "DIR")]
    models: Option<PathBuf>,
    /// The ONNX Runtime library to use, and no other
    #[arg(long, global = true, value_name = "PATH")]
    onnxruntime: Option<PathBuf>,
    /// Say more on stderr; twice for details
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

/// Which network in which engine.
#[derive(Args, Clone, Debug, Default, PartialEq)]
struct NetworkArguments {
    /// The network, by its name in 'dermaloupe models'
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// What runs it; auto takes the fastest that works here
    #[arg(long, value_enum, default_value = "auto")]
    engine: EngineName,
}

#[derive(Args, Clone, Debug, Default, PartialEq)]
struct WindowArguments {
    /// Photographs or folders to open
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write the window's picture here once the result is shown, then end
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkArguments,
    /// Reference mask of the first photo
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
    /// Size of the window in points
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = window_size)]
    size: Option<[f32; 2]>,
    /// Colours of the window
    #[arg(long, value_enum)]
    theme: Option<ThemeName>,
    /// What lies over the photo at first
    #[arg(long, value_enum)]
    view: Option<ViewName>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the lesion's mask of each photograph
    Segment(SegmentArguments),
    /// Compare with reference masks over a data set
    Evaluate(EvaluateArguments),
    /// List the networks at hand
    Models(JsonArgument),
    /// Say which engines and networks are found, and why others are not
    Doctor(JsonArgument),
    /// Measure the time of each stage
    Bench(BenchArguments),
}

#[derive(Args, Debug)]
struct JsonArgument {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct SegmentArguments {
    /// Photographs, or folders of photographs
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for STEM_mask.png, made when it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    network: NetworkArguments,
    /// Probability from which a pixel is lesion, 0 to 1, instead of the network's own
    #[arg(long, value_name = "T", value_parser = threshold, allow_negative_numbers = true)]
    threshold: Option<f32>,
    /// Write STEM_overlay.png too: the photo with the lesion's outline
    #[arg(long)]
    overlay: bool,
    /// Write STEM_probability.png too: 8-bit grey, 255 is certain
    #[arg(long)]
    probability: bool,
    /// Print a JSON object a line instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct EvaluateArguments {
    /// Folder of photographs
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// Folder of reference masks, STEM_segmentation.png or STEM.png
    #[arg(long, value_name = "DIR")]
    masks: PathBuf,
    /// CSV with the columns image_id and split: which photographs count
    #[arg(long, value_name = "CSV")]
    list: Option<PathBuf>,
    /// The split of the list to use
    #[arg(long, value_name = "NAME", requires = "list")]
    split: Option<String>,
    #[command(flatten)]
    network: NetworkArguments,
    /// Write the figures of each photograph here
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Print a JSON object instead of a report
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
struct BenchArguments {
    /// The photograph to measure with; the built-in sample unless given
    path: Option<PathBuf>,
    /// Measured runs, after the warm-up
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: u32,
    #[command(flatten)]
    network: NetworkArguments,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum EngineName {
    #[default]
    Auto,
    Rten,
    Ort,
}

impl From<EngineName> for EngineChoice {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Auto => Self::Auto,
            EngineName::Rten => Self::Only(EngineKind::Rten),
            EngineName::Ort => Self::Only(EngineKind::Ort),
        }
    }
}

/// What is to be done.
#[derive(Debug)]
pub enum Action {
    /// Open the window.
    Window(StartupOptions),
    /// `segment`.
    Segment(SegmentJob),
    /// `evaluate`.
    Evaluate(EvaluateJob),
    /// `models`.
    Models {
        /// Where networks are looked for.
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
}

impl Arguments {
    /// How often `--verbose` was given.
    #[must_use]
    pub fn verbosity(&self) -> u8 {
        self.shared.verbose
    }

    /// What is to be done, in plain options.
    ///
    /// # Errors
    /// When options of the window stand before a command, where they would mean nothing.
    pub fn resolve(self) -> Result<Action, UsageError> {
        let Self { window, shared, command } = self;
        let Some(command) = command else { return Ok(Action::Window(startup_options(window, shared))) };
        if window != WindowArguments::default() {
            return Err(UsageError::new("the window's options do not go with a command; put options after it"));
        }
        let network = |network: NetworkArguments| NetworkOptions {
            models: shared.models.clone(),
            model: network.model,
            engine: network.engine.into(),
            libraries: EngineOptions { onnxruntime: shared.onnxruntime.clone() },
        };
        Ok(match command {
            Command::Segment(typed) => Action::Segment(SegmentJob {
                paths: typed.paths,
                out: typed.out,
                network: network(typed.network),
                threshold: typed.threshold,
                overlay: typed.overlay,
                probability: typed.probability,
                json: typed.json,
            }),
            Command::Evaluate(typed) => Action::Evaluate(EvaluateJob {
                images: typed.images,
                masks: typed.masks,
                list: typed.list,
                split: typed.split,
                network: network(typed.network),
                csv: typed.csv,
                json: typed.json,
            }),
            Command::Models(typed) => {
                Action::Models { network: network(NetworkArguments::default()), json: typed.json }
            }
            Command::Doctor(typed) => {
                Action::Doctor { network: network(NetworkArguments::default()), json: typed.json }
            }
            Command::Bench(typed) => Action::Bench(BenchJob {
                path: typed.path,
                runs: typed.runs,
                network: network(typed.network),
                json: typed.json,
            }),
        })
    }
}

fn startup_options(window: WindowArguments, shared: SharedArguments) -> StartupOptions {
    StartupOptions {
        paths: window.paths,
        screenshot: window.screenshot,
        models: shared.models,
        onnxruntime: shared.onnxruntime,
        model: window.network.model,
        engine: window.network.engine.into(),
        reference: window.reference,
        size: window.size,
        theme: window.theme,
        view: window.view,
    }
}

fn threshold(typed: &str) -> Result<f32, String> {
    let inside = |value: &f32| (0.0..=1.0).contains(value);
    typed.parse().ok().filter(inside).ok_or_else(|| "a number from 0 to 1 was expected".to_owned())
}

fn window_size(typed: &str) -> Result<[f32; 2], String> {
    let side = |text: &str| text.parse::<u16>().ok().filter(|side| (200..=8192).contains(side)).map(f32::from);
    typed
        .split_once('x')
        .and_then(|(width, height)| Some([side(width)?, side(height)?]))
        .ok_or_else(|| "WIDTHxHEIGHT was expected, each 200 to 8192, such as 1280x800".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(line: &[&str]) -> Result<Action, UsageError> {
        let line = std::iter::once("dermaloupe").chain(line.iter().copied());
        Arguments::try_parse_from(line).map_err(|error| UsageError::new(error.to_string()))?.resolve()
    }

    fn window(line: &[&str]) -> StartupOptions {
        match resolve(line) {
            Ok(Action::Window(options)) => options,
            other => panic!("the window was expected, not {other:?}"),
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
        assert_eq!((options.theme, options.view), (Some(ThemeName::Light), Some(ViewName::Heat)));
        assert_eq!(options.engine, EngineChoice::Only(EngineKind::Rten));
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
