//! Who made a mask, and whose mask counts where a network and a person have both made one.

mod said;
mod source;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::source::MaskSource;
use crate::mask::Mask;
use crate::steps::{AfterStep, BeforeStep, ImageSteps, StepList};

/// A network's part in a mask, as records and the audit log keep it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkRun {
    /// The network's name.
    pub model: String,
    /// SHA-256 of the network's file.
    pub model_sha256: String,
    /// The engine that ran it, with its version.
    pub engine: String,
    /// Probability from which a pixel counts as lesion.
    pub threshold: f32,
    /// That threshold was found for this photograph, by the agreement to be expected.
    #[serde(rename = "threshold_auto", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_threshold_auto: bool,
    /// The map is the mean of the photograph turned and mirrored in eight ways.
    #[serde(rename = "careful", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_careful: bool,
    /// The network looked at the lesion again, by itself.
    #[serde(rename = "second_look", default, skip_serializing_if = "std::ops::Not::not")]
    pub has_second_look: bool,
    /// What was done before and after it; left out where that is nothing.
    #[serde(flatten)]
    pub steps: ImageSteps,
    /// The version of this program that ran it.
    pub program: String,
}

/// What a correction began from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CorrectionStart {
    /// A network's mask.
    Network {
        /// The network's name.
        model: String,
        /// Probability from which a pixel was lesion.
        threshold: f32,
    },
    /// No lesion at all.
    Empty,
    /// The reference mask.
    Reference {
        /// What it is called.
        name: String,
    },
    /// A network's mask with steps before or after it. Last, since the order is the journals' format.
    NetworkWithSteps {
        /// The network's name.
        model: String,
        /// Probability from which a pixel was lesion.
        threshold: f32,
        /// What was done before it.
        before: StepList<BeforeStep>,
        /// What was done after it.
        after: StepList<AfterStep>,
    },
}

impl CorrectionStart {
    /// A network's mask, with the steps before and after it.
    #[must_use]
    pub fn of_network(model: String, threshold: f32, steps: ImageSteps) -> Self {
        let ImageSteps { before, after } = steps;
        if before.is_empty() && after.is_empty() {
            return Self::Network { model, threshold };
        }
        Self::NetworkWithSteps { model, threshold, before, after }
    }

    /// Whether its threshold, if it has one, is a probability.
    pub(crate) fn is_sound(&self) -> bool {
        self.network().is_none_or(|(_, threshold)| (0.0..=1.0).contains(&threshold))
    }

    /// The network's name and threshold, where a network's mask was the beginning.
    #[must_use]
    pub fn network(&self) -> Option<(&str, f32)> {
        match self {
            Self::Network { model, threshold } | Self::NetworkWithSteps { model, threshold, .. } => {
                Some((model, *threshold))
            }
            Self::Empty | Self::Reference { .. } => None,
        }
    }

    /// The steps before and after that network.
    #[must_use]
    pub fn steps(&self) -> ImageSteps {
        match self {
            Self::NetworkWithSteps { before, after, .. } => {
                ImageSteps { before: before.clone(), after: after.clone() }
            }
            Self::Network { .. } | Self::Empty | Self::Reference { .. } => ImageSteps::default(),
        }
    }
}

/// How a person's mask came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectionSummary {
    /// What it was last begun from.
    pub start: CorrectionStart,
    /// Steps that stand, as far as they are remembered.
    pub steps: usize,
    /// Seconds since 1970 of the last of them.
    pub unix_seconds: u64,
    /// The journal's end is damaged: a step after the last of them may be missing.
    pub is_damaged: bool,
}

/// Who made a mask.
#[derive(Clone, Debug, PartialEq)]
pub enum MaskOrigin {
    /// A network.
    Network(NetworkRun),
    /// A person with this program, from whatever it was begun from.
    Corrected(CorrectionSummary),
    /// Somebody else: it was read from a file.
    Reference {
        /// What the file is called.
        name: String,
    },
}

impl MaskOrigin {
    /// The origin of the mask that counts: a correction takes the network's place.
    #[must_use]
    pub fn that_counts(correction: Option<CorrectionSummary>, network: Option<NetworkRun>) -> Option<Self> {
        correction.map(Self::Corrected).or(network.map(Self::Network))
    }

    /// Whose it is in a word; a mask that was read from a file has none. What a person drew from nothing is no
    /// correction of a network's.
    #[must_use]
    pub fn source(&self) -> Option<MaskSource> {
        match self {
            Self::Network(_) => Some(MaskSource::Network),
            Self::Corrected(CorrectionSummary { start: CorrectionStart::Empty, .. }) => Some(MaskSource::Drawn),
            Self::Corrected(_) => Some(MaskSource::Corrected),
            Self::Reference { .. } => None,
        }
    }

    /// The word in rows, annotations and the audit log.
    #[must_use]
    pub fn key(&self) -> Option<&'static str> {
        self.source().map(MaskSource::key)
    }

    /// How a person made it, where one did.
    #[must_use]
    pub fn correction(&self) -> Option<&CorrectionSummary> {
        match self {
            Self::Corrected(correction) => Some(correction),
            Self::Network(_) | Self::Reference { .. } => None,
        }
    }

    /// The steps before and after that network.
    #[must_use]
    pub fn steps(&self) -> ImageSteps {
        match self {
            Self::Network(run) => run.steps.clone(),
            Self::Corrected(correction) => correction.start.steps(),
            Self::Reference { .. } => ImageSteps::default(),
        }
    }

    /// Name and threshold of the network that made it, or whose mask the correction began from.
    #[must_use]
    pub fn network(&self) -> Option<(&str, f32)> {
        match self {
            Self::Network(NetworkRun { model, threshold, .. }) => Some((model, *threshold)),
            Self::Corrected(correction) => correction.start.network(),
            Self::Reference { .. } => None,
        }
    }
}

/// A mask, and who made it.
#[derive(Clone, Debug, PartialEq)]
pub struct LesionMask {
    /// Its pixels.
    pub mask: Arc<Mask>,
    /// Its maker.
    pub origin: MaskOrigin,
}

impl LesionMask {
    /// The mask that counts, as [`MaskOrigin::that_counts`] decides: `network` runs only where there is no correction.
    ///
    /// # Errors
    /// Those of `network`.
    pub fn that_counts<E>(corrected: Option<Self>, network: impl FnOnce() -> Result<Self, E>) -> Result<Self, E> {
        corrected.map_or_else(network, Ok)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn correction(start: CorrectionStart) -> CorrectionSummary {
        CorrectionSummary { start, steps: 3, unix_seconds: 1, is_damaged: false }
    }

    fn run() -> NetworkRun {
        NetworkRun {
            model: "net".into(),
            model_sha256: "ab".into(),
            engine: "RTen 0.27".into(),
            threshold: 0.5,
            is_threshold_auto: false,
            is_careful: false,
            has_second_look: false,
            steps: ImageSteps::default(),
            program: "0.1.0".into(),
        }
    }

    fn steps() -> CorrectionStart {
        let steps = ImageSteps { after: "open:5,largest".parse().expect("steps"), ..ImageSteps::default() };
        CorrectionStart::of_network("net".into(), 0.5, steps)
    }

    #[test]
    fn the_steps_of_a_mask_that_was_corrected_are_told() {
        let origin = MaskOrigin::Corrected(correction(steps()));
        assert_eq!(
            (origin.network(), origin.steps().after.to_string().as_str()),
            (Some(("net", 0.5)), "open:5,largest")
        );
        let said = serde_json::to_value(correction(steps())).expect("plain data becomes JSON");
        let begun = json!({ "from": "network", "model": "net", "threshold": 0.5, "after": "open:5,largest" });
        assert_eq!(said["begun"], begun);
        let bytes = postcard::to_extend(&steps(), Vec::new()).expect("plain data is encoded");
        assert_eq!(postcard::from_bytes::<CorrectionStart>(&bytes).expect("it reads"), steps());
    }

    #[test]
    fn a_correction_takes_the_networks_place() {
        let corrected = correction(CorrectionStart::Empty);
        let both = MaskOrigin::that_counts(Some(corrected.clone()), Some(run()));
        assert_eq!(both, Some(MaskOrigin::Corrected(corrected.clone())));
        assert_eq!(MaskOrigin::that_counts(None, Some(run())), Some(MaskOrigin::Network(run())));
        assert_eq!(MaskOrigin::that_counts(None, None), None);
        let mask = Arc::new(Mask::empty([2, 2]));
        let lesion = LesionMask { mask, origin: MaskOrigin::Corrected(corrected) };
        let counts: Result<_, ()> = LesionMask::that_counts(Some(lesion.clone()), || panic!("it is not asked"));
        assert_eq!(counts, Ok(lesion));
        assert_eq!(LesionMask::that_counts(None, || Err("failed")), Err("failed"));
    }

    #[test]
    fn the_network_that_a_correction_began_from_is_named() {
        let start = CorrectionStart::Network { model: "net".into(), threshold: 0.4 };
        assert_eq!(MaskOrigin::Corrected(correction(start)).network(), Some(("net", 0.4)));
        assert_eq!(MaskOrigin::Corrected(correction(CorrectionStart::Empty)).network(), None);
        assert_eq!(MaskOrigin::Network(run()).network(), Some(("net", 0.5)));
    }

    #[test]
    fn a_correction_is_said_as_the_audit_log_has_it() {
        let said = |start| serde_json::to_value(correction(start)).expect("plain data becomes JSON");
        let network = CorrectionStart::Network { model: "net".into(), threshold: 0.5 };
        assert_eq!(
            said(network),
            json!({ "begun": { "from": "network", "model": "net", "threshold": 0.5 }, "steps": 3 })
        );
        assert_eq!(said(CorrectionStart::Empty), json!({ "begun": { "from": "empty" }, "steps": 3 }));
        let reference = CorrectionStart::Reference { name: "a.png".into() };
        assert_eq!(said(reference), json!({ "begun": { "from": "reference", "name": "a.png" }, "steps": 3 }));
        let damaged = CorrectionSummary { is_damaged: true, ..correction(CorrectionStart::Empty) };
        assert_eq!(serde_json::to_value(damaged).expect("plain data becomes JSON")["damaged"], true);
    }

    #[test]
    fn a_correction_is_read_as_it_is_said() {
        let network = CorrectionStart::Network { model: "net".into(), threshold: 0.5 };
        let reference = CorrectionStart::Reference { name: "a.png".into() };
        let with_steps = steps();
        for start in [network, CorrectionStart::Empty, reference, with_steps] {
            for is_damaged in [false, true] {
                // The time of the last step stands elsewhere.
                let known = CorrectionSummary { unix_seconds: 0, is_damaged, ..correction(start.clone()) };
                let said = serde_json::to_value(&known).expect("plain data becomes JSON");
                assert_eq!(serde_json::from_value::<CorrectionSummary>(said).expect("it reads"), known);
            }
        }
    }

    #[test]
    fn what_was_drawn_from_nothing_is_told_from_what_was_corrected() {
        let corrected = |start| MaskOrigin::Corrected(correction(start));
        let network = CorrectionStart::Network { model: "net".into(), threshold: 0.5 };
        let reference = CorrectionStart::Reference { name: "a.png".into() };
        assert_eq!(corrected(network).key(), Some("corrected"));
        assert_eq!(corrected(reference).key(), Some("corrected"));
        assert_eq!(corrected(CorrectionStart::Empty).key(), Some("drawn"));
        assert_eq!(MaskOrigin::Network(run()).key(), Some("network"));
        assert_eq!(MaskOrigin::Reference { name: "a.png".into() }.key(), None);
    }
}
