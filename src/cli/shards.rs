//! What a person types of a batch that several machines do.

use std::path::PathBuf;

use clap::Args;

use super::groups::{GroupArguments, GroupOutputArguments};
use super::review::ReviewArguments;
use crate::batch::{MergeJob, PartOfBatch, Shard};

/// Which part of a batch is done, and where its results are kept.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PartArguments {
    /// Do part I of N of the photographs, I from 1 to N; which part a photograph belongs to depends on its name alone
    #[arg(long, value_name = "I/N", allow_negative_numbers = true)]
    shard: Option<Shard>,
    /// Keep each photograph's result in this file, for 'merge'; the same command goes on from it after an interruption, and does
    /// nothing again that is done
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
}

impl From<PartArguments> for PartOfBatch {
    fn from(PartArguments { shard, results }: PartArguments) -> Self {
        Self { shard: shard.unwrap_or_default(), results }
    }
}

#[derive(Args, Debug)]
pub(super) struct MergeArguments {
    /// The files that --results wrote, one of each shard
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    groups: GroupArguments,
    /// Write the rows of all photographs to this CSV file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    group_outputs: GroupOutputArguments,
    #[command(flatten)]
    review: ReviewArguments,
    /// Print JSON, as the shards' command does
    #[arg(long)]
    json: bool,
}

impl From<MergeArguments> for MergeJob {
    fn from(typed: MergeArguments) -> Self {
        Self {
            files: typed.files,
            csv: typed.csv,
            groups: typed.groups.job(typed.group_outputs),
            review_first: typed.review.review_first,
            json: typed.json,
        }
    }
}
