//! What a person types of groups of photographs.

use std::path::PathBuf;

use clap::Args;

use crate::batch::GroupsJob;
use crate::language::Language;

/// Which groups there are.
#[derive(Args, Debug)]
pub(super) struct GroupArguments {
    /// CSV of facts about the photographs: a column of ids as in --list, others to compare by, and lesion_id where several
    /// photographs show one lesion
    #[arg(long, value_name = "CSV", requires = "by")]
    table: Option<PathBuf>,
    /// Columns of the table, as in diagnosis,sex,site,age: agreement by group, with bootstrap 95 % intervals; ages in tens
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "table")]
    by: Vec<String>,
}

/// Where their figures go.
#[derive(Args, Debug)]
pub(super) struct GroupOutputArguments {
    /// Write the figures by group to this file, ending in .csv or .json; may be given twice
    #[arg(long, value_name = "FILE", requires = "table")]
    groups: Vec<PathBuf>,
    /// Draw the figures by group to this file, ending in .png or .svg; may be given twice
    #[arg(long, value_name = "FILE", requires = "table")]
    plot: Vec<PathBuf>,
    /// Language of the plot
    #[arg(long, value_enum, value_name = "LANGUAGE", default_value_t)]
    language: Language,
}

impl GroupArguments {
    /// The groups that are asked for, if any are.
    pub(super) fn job(
        self,
        GroupOutputArguments { groups: files, plot: plots, language }: GroupOutputArguments,
    ) -> Option<GroupsJob> {
        let Self { table, by } = self;
        table.map(|table| GroupsJob { table, by, files, plots, language })
    }
}
