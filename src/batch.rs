//! The commands of the command line: they walk files, process several photographs in parallel, print a row for each in
//! the order of the inputs, and continue after a bad file.
//!
//! Each command returns whether every input succeeded. A [`UsageError`] means that nothing was started.

mod batch_engine;
mod bench;
mod bench_report;
mod card_words;
mod concurrency;
mod confidence_row;
mod console;
mod csv_file;
mod doctor;
mod evaluate;
mod evaluated_photo;
mod evaluation_output;
mod evaluation_report;
mod expectation_totals;
mod export;
mod export_log;
mod files_ahead;
mod folder_records;
mod found_lesion;
mod group_figures;
mod group_names;
mod group_outputs;
mod grouping;
mod image_list;
mod import;
mod inference_server;
mod inputs;
mod live;
mod live_report;
mod memory;
mod merge;
mod merged_shards;
mod models;
mod network;
mod ordered_pool;
mod outputs;
mod pairs;
mod photo_table;
mod process_cost;
mod quantiles;
mod references;
mod report;
mod report_csv;
mod report_output;
mod report_pdf;
mod report_rows;
mod report_table;
mod results;
mod review_first;
mod segment;
mod shard;
mod surface_means;
mod table;
mod throughput;
mod vessel_card_words;
mod vessel_models;

pub use bench::{BenchJob, bench};
pub use doctor::doctor;
pub use evaluate::{EvaluateJob, evaluate};
pub use export::{ExportFormat, ExportJob, export};
pub use found_lesion::LesionOptions;
pub use group_outputs::GroupsJob;
#[cfg(fuzzing)]
pub use grouping::read_groups;
pub use import::{ImportJob, import};
pub use live::{LiveAction, LiveBench, live};
pub use merge::{MergeJob, merge};
pub use models::models;
pub use network::NetworkOptions;
pub use quantiles::of_millis;
pub use report::{ReportJob, report};
pub use review_first::ReviewFirst;
pub use segment::{SegmentJob, segment};
pub use shard::{PartOfBatch, Shard};

/// The command cannot start: something that it names is wrong or missing. Displays with the path last.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(String);

impl UsageError {
    /// A usage error that says `message`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
