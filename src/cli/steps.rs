//! Steps before and after the network, as they are typed.

use clap::Args;

use crate::steps::{AfterStep, BeforeStep, ImageSteps, StepList};

/// What is done before and after the network.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct StepsArguments {
    /// Steps before the network, in this order: grey-world, normalise, window:LEVEL:WIDTH, nlm:STRENGTH, clahe:CLIP
    #[arg(long, value_name = "STEPS")]
    before: Option<StepList<BeforeStep>>,
    /// Steps after the network, in this order: crf:WEIGHT, open:RADIUS, close:RADIUS, fill, largest, lesion
    #[arg(long, value_name = "STEPS")]
    after: Option<StepList<AfterStep>>,
}

impl From<StepsArguments> for ImageSteps {
    fn from(typed: StepsArguments) -> Self {
        Self { before: typed.before.unwrap_or_default(), after: typed.after.unwrap_or_default() }
    }
}
