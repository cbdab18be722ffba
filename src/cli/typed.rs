//! What a person types, in clap's words: one struct a command, nothing resolved yet.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::groups::{GroupArguments, GroupOutputArguments};
use super::live::LiveArguments;
use super::network::{NetworkArguments, PlaceArguments};
use super::review::ReviewArguments;
use super::shards::{MergeArguments, PartArguments};
use super::steps::StepsArguments;
use super::values::{FormatName, scale, threshold, window_size};
use crate::batch::LesionOptions;
use crate::exchange;
use crate::language::Language;
use crate::overlay::view::OverlayView;
use crate::pipeline::ThresholdChoice;
use crate::startup::ThemeChoice;

/// Options that are accepted anywhere.
#[derive(Args, Debug)]
pub(super) struct SharedArguments {
    /// Print more on stderr; twice for details
    #[arg(long, short, global = true, display_order = 1000, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

/// Which network in which engine, for many photographs.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct BatchArguments {
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    /// Number of photographs processed in parallel [default: enough for all cores, within 80 % of the free memory]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) at_once: Option<u16>,
}

/// Whose masks count where a person has corrected the network's: the same in every command, with the same sentence.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct CorrectionArguments {
    /// Use the network's mask for every photograph [default: a mask that was corrected or drawn by hand counts instead]
    #[arg(long)]
    pub(super) network_only: bool,
}

#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(super) struct WindowArguments {
    /// Photographs or folders to open
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Save a screenshot here once the result is shown, then exit
    #[arg(long, value_name = "FILE")]
    pub(super) screenshot: Option<PathBuf>,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    /// Reference mask of the first photograph
    #[arg(long, value_name = "FILE")]
    pub(super) reference: Option<PathBuf>,
    /// Begin with the picture of a camera, by its name or device, or of a video or folder that is played as one [default:
    /// the first camera]
    #[arg(long, value_name = "SOURCE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(super) live: Option<String>,
    /// Size of the window in points
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = window_size)]
    pub(super) size: Option<[f32; 2]>,
    /// Colours of the window
    #[arg(long, value_enum)]
    pub(super) theme: Option<ThemeChoice>,
    /// Language of the window [default: the one chosen there before, else the system's]
    #[arg(long, value_enum)]
    pub(super) language: Option<Language>,
    /// Overlay to start with
    #[arg(long, value_enum)]
    pub(super) view: Option<OverlayView>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the lesion's mask of each photograph
    Segment(SegmentArguments),
    /// Compare with reference masks over a data set
    Evaluate(EvaluateArguments),
    /// Measure the lesion of each photograph: shape, colours, agreement with a reference
    Report(ReportArguments),
    /// Merge the results of shards into those of one run
    Merge(MergeArguments),
    /// Export lesions as annotations that other programs read
    Export(ExportArguments),
    /// Convert annotations of other programs to masks
    Import(ImportArguments),
    /// List the available networks and their figures, or describe one in detail
    Models(ModelsArguments),
    /// Show which engines and networks are available, and why others are not
    Doctor(DoctorArguments),
    /// Measure the time of each stage
    Bench(BenchArguments),
    /// Outline the pictures of a camera for some seconds, and measure how fast
    Live(LiveArguments),
    /// Run full screen for visitors: large buttons, photographs from a watched folder
    Kiosk(KioskArguments),
}

#[derive(Args, Debug)]
pub(super) struct DoctorArguments {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct ModelsArguments {
    /// Describe this network in detail
    pub(super) name: Option<String>,
    /// Print the whole cards as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

/// What decides on a photograph's outline: the network, its threshold, and whether a correction counts.
#[derive(Args, Debug)]
pub(super) struct OutlineArguments {
    #[command(flatten)]
    pub(super) batch: BatchArguments,
    /// Probability from which a pixel counts as lesion, 0 to 1; 'auto' finds for each photograph the one whose outline can be
    /// expected to agree best with a reference [default: the network's own]
    #[arg(long, value_name = "T", value_parser = threshold, allow_negative_numbers = true)]
    pub(super) threshold: Option<ThresholdChoice>,
    /// Run the network on the photograph turned and mirrored in eight ways and use the mean of the eight maps: a little more
    /// accurate, at eight runs of the network
    #[arg(long)]
    pub(super) careful: bool,
    /// Look again at a small lesion: where the network finds less than the share on its card, 4 % for globalatt, it sees a square
    /// around the lesion once more. Figures on cards are without it
    #[arg(long)]
    pub(super) second_look: bool,
    #[command(flatten)]
    pub(super) steps: StepsArguments,
    #[command(flatten)]
    pub(super) corrections: CorrectionArguments,
}

impl OutlineArguments {
    /// How the outline is made, and whose counts.
    pub(super) fn lesion(&self) -> LesionOptions {
        LesionOptions {
            threshold: self.threshold.unwrap_or_default(),
            is_careful: self.careful,
            takes_second_look: self.second_look,
            steps: self.steps.clone().into(),
            network_only: self.corrections.network_only,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct SegmentArguments {
    /// Photographs, or folders of photographs
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) outline: OutlineArguments,
    #[command(flatten)]
    pub(super) part: PartArguments,
    /// Folder for STEM_mask.png, created if it is missing
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Also write STEM_overlay.png: the photograph with the lesion outlined
    #[arg(long)]
    pub(super) overlay: bool,
    /// Also write STEM_probability.png: 8-bit grey, 255 is certain
    #[arg(long)]
    pub(super) probability: bool,
    /// Replace existing files that differ from the results; otherwise they are kept and the photograph fails
    #[arg(long)]
    pub(super) overwrite: bool,
    #[command(flatten)]
    pub(super) review: ReviewArguments,
    /// Print one JSON object per line instead of a table
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct EvaluateArguments {
    /// Folder of photographs
    #[arg(long, value_name = "DIR")]
    pub(super) images: PathBuf,
    /// Folder of reference masks: STEM_segmentation, STEM_mask, STEM_lesion or STEM, as PNG, BMP, TIFF, WebP or JPEG
    #[arg(long, value_name = "DIR")]
    pub(super) masks: PathBuf,
    /// The masks lie over the photographs as stored, before EXIF orientation is applied [default: as displayed]
    #[arg(long)]
    pub(super) masks_as_stored: bool,
    /// CSV that selects the photographs: a column image_id (or isic_id, image, image_name), and split; separated by comma,
    /// semicolon or tab
    #[arg(long, value_name = "CSV")]
    pub(super) list: Option<PathBuf>,
    /// Use only this split of the list
    #[arg(long, value_name = "NAME", requires = "list")]
    pub(super) split: Option<String>,
    #[command(flatten)]
    pub(super) groups: GroupArguments,
    /// Millimetres per pixel of every photograph, to give distances in millimetres too. Overrides ruler calibration, which
    /// overrides the file's own scale
    #[arg(long, value_name = "MM", value_parser = scale, allow_negative_numbers = true)]
    pub(super) mm_per_px: Option<f64>,
    #[command(flatten)]
    pub(super) outline: OutlineArguments,
    #[command(flatten)]
    pub(super) part: PartArguments,
    /// Write the figures of each photograph to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    #[command(flatten)]
    pub(super) group_outputs: GroupOutputArguments,
    #[command(flatten)]
    pub(super) review: ReviewArguments,
    /// Print one JSON object instead of a report
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    /// Photographs, or folders of photographs
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Folder of reference masks [default: STEM_segmentation or STEM_lesion beside each photograph, if it exists]
    #[arg(long, value_name = "DIR")]
    pub(super) masks: Option<PathBuf>,
    /// The masks lie over the photographs as stored, before EXIF orientation is applied [default: as displayed]
    #[arg(long)]
    pub(super) masks_as_stored: bool,
    /// Millimetres per pixel of every photograph; lengths are then in millimetres. Overrides ruler calibration, which
    /// overrides the file's own scale
    #[arg(long, value_name = "MM", value_parser = scale, allow_negative_numbers = true)]
    pub(super) mm_per_px: Option<f64>,
    #[command(flatten)]
    pub(super) outline: OutlineArguments,
    #[command(flatten)]
    pub(super) part: PartArguments,
    /// Write a row for each photograph to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    /// Write an A4 page for each photograph: one FILE.pdf for all, or a folder for one STEM_report.pdf each
    #[arg(long, value_name = "PATH", conflicts_with = "results")]
    pub(super) pdf: Option<PathBuf>,
    /// Language of the pages
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t)]
    pub(super) language: Language,
    /// Name of the case on the pages [default: a line to fill in by hand]
    #[arg(long, value_name = "TEXT")]
    pub(super) case: Option<String>,
    /// Name or number of the patient on the pages [default: a line to fill in by hand]
    #[arg(long, value_name = "TEXT")]
    pub(super) patient: Option<String>,
    #[command(flatten)]
    pub(super) review: ReviewArguments,
    /// Print one JSON object per line, with the meaning of each figure
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    /// Photographs, or folders of photographs
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Folder of masks to export instead of the network's: STEM_segmentation, STEM_mask, STEM_lesion or STEM, as PNG, BMP,
    /// TIFF, WebP or JPEG
    #[arg(long, value_name = "DIR", conflicts_with = "network_only")]
    pub(super) masks: Option<PathBuf>,
    /// The masks lie over the photographs as stored, before EXIF orientation is applied [default: as displayed]
    #[arg(long, requires = "masks")]
    pub(super) masks_as_stored: bool,
    #[command(flatten)]
    pub(super) outline: OutlineArguments,
    /// Format to write
    #[arg(long, value_enum)]
    pub(super) format: FormatName,
    /// COCO file, or folder for labelme's STEM.json; existing files are not overwritten
    #[arg(long, value_name = "PATH")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct ImportArguments {
    /// COCO or labelme files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Folder of the photographs, where the annotations do not name it
    #[arg(long, value_name = "DIR")]
    pub(super) images: Option<PathBuf>,
    /// Label or category of a lesion in the annotations
    #[arg(long, value_name = "NAME", default_value = exchange::LESION)]
    pub(super) label: String,
    /// Folder for STEM_segmentation.png, created if it is missing; existing files are not overwritten
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct BenchArguments {
    /// Photograph to use [default: the built-in sample]
    pub(super) path: Option<PathBuf>,
    /// Number of measured runs after the warm-up
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) runs: u32,
    #[command(flatten)]
    pub(super) batch: BatchArguments,
    /// Measure every other network for such photographs too
    #[arg(long)]
    pub(super) every_network: bool,
    /// Measure the mean of eight views, as --careful of other commands
    #[arg(long)]
    pub(super) careful: bool,
    #[command(flatten)]
    pub(super) steps: StepsArguments,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct KioskArguments {
    /// Settings file [default: /etc/dermaloupe/kiosk.toml]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Use a window of this size instead of the whole screen, to try it out
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = window_size)]
    pub(super) window: Option<[f32; 2]>,
    #[command(flatten)]
    pub(super) places: PlaceArguments,
}
