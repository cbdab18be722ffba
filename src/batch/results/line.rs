//! What a results file holds of a photograph.

use serde::{Deserialize, Serialize};

use super::super::references::ReadReference;
use super::super::review_first::DoubtfulPhoto;
use super::made_of::MadeOf;

/// A photograph's line.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::batch) struct PhotoLine<T> {
    /// Among the photographs of all shards. It is the line's first key: `log.rs` writes another in its place.
    pub(in crate::batch) place: usize,
    /// The photograph's, without its ending.
    pub(in crate::batch) name: String,
    /// As rows have it.
    pub(in crate::batch) file: String,
    /// Why there is no result.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) error: Option<String>,
    /// None of a photograph that failed.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) made_of: Option<MadeOf>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) result: Option<T>,
}

/// What `segment` and `report` say of a photograph, in each of the forms that it is asked for in.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::batch) struct PhotoRow {
    /// The row as JSON; null where it was not asked for.
    pub(in crate::batch) json: serde_json::Value,
    /// The line of the table that a person reads; empty where there is none.
    pub(in crate::batch) line: String,
    /// The row of the CSV; empty where it was not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::batch) cells: Vec<String>,
    /// Why the photo may be damaged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::batch) warnings: Vec<String>,
    /// Where a network made the mask, and its card says how doubtful it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) doubtful: Option<DoubtfulPhoto>,
    /// The reference, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::batch) reference: Option<ReadReference>,
}
