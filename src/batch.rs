//! The command line's work: walk files, several photos on the way at once, a row a photo in their order, on past a
//! bad file.
//!
//! Each command returns whether every input was done. A [`UsageError`] means that nothing was begun.

mod bench;
mod card_words;
mod concurrency;
mod console;
mod corrections;
mod doctor;
mod evaluate;
mod export;
mod image_list;
mod import;
mod inference_server;
mod inputs;
mod kept;
mod models;
mod network;
mod ordered_pool;
mod outputs;
mod overlap;
mod pairs;
mod quantiles;
mod report;
mod report_pdf;
mod report_rows;
mod segment;
mod surface_means;
mod table;

pub use bench::{BenchJob, bench};
pub use doctor::doctor;
pub use evaluate::{EvaluateJob, evaluate};
pub use export::{ExportFormat, ExportJob, export};
pub use import::{ImportJob, import};
pub use models::models;
pub use network::NetworkOptions;
pub use quantiles::of_millis;
pub use report::{ReportJob, report};
pub use segment::{SegmentJob, segment};

/// The command cannot begin: something it names is wrong or missing. Displays with the path last.
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
