//! A correction as records, the audit log and report rows have it: what it began from and the number of steps. The time
//! of its last step stands elsewhere.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CorrectionStart, CorrectionSummary};
use crate::steps::ImageSteps;

#[derive(Serialize, Deserialize)]
struct CorrectionDetail {
    begun: StartDetail,
    steps: usize,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    damaged: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase")]
enum StartDetail {
    Network {
        model: String,
        threshold: f32,
        #[serde(flatten)]
        steps: ImageSteps,
    },
    Empty,
    Reference {
        name: String,
    },
}

impl Serialize for CorrectionSummary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let steps = self.start.steps();
        let begun = match self.start.clone() {
            CorrectionStart::Network { model, threshold }
            | CorrectionStart::NetworkWithSteps { model, threshold, .. } => {
                StartDetail::Network { model, threshold, steps }
            }
            CorrectionStart::Empty => StartDetail::Empty,
            CorrectionStart::Reference { name } => StartDetail::Reference { name },
        };
        CorrectionDetail { begun, steps: self.steps, damaged: self.is_damaged }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for CorrectionSummary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let CorrectionDetail { begun, steps, damaged } = CorrectionDetail::deserialize(deserializer)?;
        let start = match begun {
            StartDetail::Network { model, threshold, steps } => {
                CorrectionStart::of_network(model, threshold, steps)
            }
            StartDetail::Empty => CorrectionStart::Empty,
            StartDetail::Reference { name } => CorrectionStart::Reference { name },
        };
        Ok(Self { start, steps, unix_seconds: 0, is_damaged: damaged })
    }
}
