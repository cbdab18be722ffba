//! What a person types of the live outline.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::network::{NetworkArguments, PlaceArguments};
use crate::batch::{LiveAction, LiveBench, NetworkOptions};
use crate::capture::{FrameEncoding, SourceName, SourceOptions};
use crate::live::LiveOptions;
use crate::pipeline::ThresholdChoice;

/// Everything of `live`.
#[derive(Args, Debug)]
pub(super) struct LiveArguments {
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    #[command(flatten)]
    outlining: OutliningArguments,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

/// Which source, and for how long.
#[derive(Args, Debug)]
struct SourceArguments {
    /// List the cameras that are plugged in, with their formats, and exit
    #[arg(long)]
    list: bool,
    /// Camera, by its name or device, or a file (.mjpeg, .y4m) or folder of photographs to play as one [default: the first
    /// camera]
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Seconds to run after the first outline
    #[arg(long, value_name = "N", default_value_t = 10.0, value_parser = seconds)]
    seconds: f64,
    /// Frames a second to ask for [default: the camera's, or the file's, or 30]
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<f64>,
    /// Size to ask the camera for [default: the largest up to 1280x960]
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = frame_size)]
    frame_size: Option<[u32; 2]>,
    /// Format to ask the camera for
    #[arg(long, value_enum)]
    pixels: Option<PixelsName>,
}

/// How it outlines, and what it leaves.
#[derive(Args, Debug)]
struct OutliningArguments {
    /// Probability from which a pixel counts as lesion, 0 to 1 [default: the network's own]
    #[arg(long, value_name = "T", value_parser = super::values::threshold, allow_negative_numbers = true)]
    threshold: Option<ThresholdChoice>,
    /// Where the lesion is small, show the network a square around it instead of the whole frame
    #[arg(long)]
    second_look: bool,
    /// Outline each frame by itself, without smoothing over time
    #[arg(long)]
    no_smoothing: bool,
    /// Also make the whole picture of each frame, as for a screen
    #[arg(long)]
    picture: bool,
    /// Keep the frames that release the automatic shutter in this folder, as PNG
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PixelsName {
    Mjpeg,
    Yuyv,
    Nv12,
}

impl From<PixelsName> for FrameEncoding {
    fn from(name: PixelsName) -> Self {
        match name {
            PixelsName::Mjpeg => Self::Mjpeg,
            PixelsName::Yuyv => Self::Yuyv,
            PixelsName::Nv12 => Self::Nv12,
        }
    }
}

impl LiveArguments {
    /// What is to be done; `network_of` makes one of what was typed.
    pub(super) fn action(
        self,
        network_of: impl FnOnce(NetworkArguments, PlaceArguments) -> NetworkOptions,
    ) -> Result<LiveAction, String> {
        let Self { source: typed, network, outlining, places } = self;
        let network = network_of(network, places);
        let threshold = match outlining.threshold {
            None | Some(ThresholdChoice::Card) => None,
            Some(ThresholdChoice::Given(threshold)) => Some(threshold),
            Some(ThresholdChoice::Auto) => {
                return Err("live needs a threshold as a number: 'auto' is for photographs".to_owned());
            }
        };
        if typed.list {
            return Ok(LiveAction::List { json: outlining.json });
        }
        let options = LiveOptions {
            threshold,
            is_smoothed: !outlining.no_smoothing,
            takes_second_look: outlining.second_look,
            wants_picture: outlining.picture,
            has_automatic_shutter: outlining.keep.is_some(),
        };
        let of_source = SourceOptions {
            rate: typed.rate,
            size: typed.frame_size,
            encoding: typed.pixels.map(Into::into),
            ..SourceOptions::default()
        };
        let source = typed.source.as_deref().map_or(SourceName::FirstCamera, SourceName::of);
        let OutliningArguments { keep, json, .. } = outlining;
        let bench = LiveBench { source, of_source, seconds: typed.seconds, network, options, keep, json };
        Ok(LiveAction::Run(Box::new(bench)))
    }
}

fn number_within(typed: &str, least: f64, most: f64) -> Result<f64, String> {
    let found = typed.parse().ok().filter(|number| (least..=most).contains(number));
    found.ok_or_else(|| format!("expected a number from {least} to {most}"))
}

fn seconds(typed: &str) -> Result<f64, String> {
    number_within(typed, 0.1, 86_400.0)
}

fn rate(typed: &str) -> Result<f64, String> {
    number_within(typed, 0.1, 1000.0)
}

/// Width and height of a camera's picture.
fn frame_size(typed: &str) -> Result<[u32; 2], String> {
    let side = |text: &str| text.parse::<u32>().ok().filter(|side| (16..=16_384).contains(side));
    let sides = typed.split_once('x').and_then(|(width, height)| Some([side(width)?, side(height)?]));
    sides.ok_or_else(|| "expected WIDTHxHEIGHT, each 16 to 16384, such as 640x480".to_owned())
}
