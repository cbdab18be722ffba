//! What a person types of the photographs to be looked at first.

use clap::Args;

use crate::batch::ReviewFirst;

/// Which photographs are listed after a batch: the same in every command, with the same sentence.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct ReviewArguments {
    /// List the photographs to look at first, the most doubtful outline first: a share such as 20%, or a number
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) review_first: Option<ReviewFirst>,
}
