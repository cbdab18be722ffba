//! The camera's picture in place of the photo: what is chosen, what is shown, and what is said of it.

use std::path::PathBuf;
use std::sync::Arc;

use super::geometry::ViewTransform;
use super::network::NetworkChoice;
use crate::capture::{SourceInfo, SourceName};
use crate::inference::EngineInfo;
use crate::language::Words;
use crate::live::{LiveAdvice, OutlinedFrame};

/// How it stands with the camera.
#[derive(Clone, Debug, Default, PartialEq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum LivePhase {
    /// No frame has come yet.
    #[default]
    Starting,
    /// Frames come.
    Running,
    /// The frame that is shown stands still.
    Frozen {
        /// The automatic shutter did it.
        by_shutter: bool,
    },
    /// There is no frame now, and why; frames come by themselves when there are any again.
    Waiting(Words),
    /// The network failed, and why.
    #[strum(serialize = "failed")]
    NetworkFailed(Words),
}

/// Quiet figures of the moving picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveFigures {
    /// Outlined frames a second.
    pub rate: f64,
    /// From a frame's arrival to the window's frame that shows it, in milliseconds; the median of the last ones.
    pub latency_millis: f64,
    /// Frames that were passed over for newer ones, since the start.
    pub dropped: u64,
    /// What runs the network.
    pub engine: Option<EngineInfo>,
    /// The source's name.
    pub source: String,
    /// Size and encoding of its frames.
    pub format: String,
    /// What makes the machine slower than it can be just now.
    pub notices: Vec<Words>,
}

/// The camera's picture.
#[derive(Clone, Debug)]
pub struct Live {
    /// It is shown in place of the photo.
    pub is_on: bool,
    /// Counts starts, and each time a person tries again.
    pub starts: u64,
    /// Where frames come from; without a choice the first camera.
    pub source: Option<SourceName>,
    /// The cameras that were there when they were last looked for.
    pub cameras: Vec<SourceInfo>,
    /// Counts searches for cameras.
    pub searches: u64,
    /// Outlines are smoothed from frame to frame.
    pub is_smoothed: bool,
    /// The picture is taken by itself once it has been good for half a second.
    pub has_shutter: bool,
    pub phase: LivePhase,
    /// The newest frame, with its own outline.
    pub shown: Option<Arc<OutlinedFrame>>,
    pub figures: LiveFigures,
    /// Which part of the picture is seen.
    pub view_transform: ViewTransform,
    /// Where pictures are kept; chosen by the person, once in a session.
    pub folder: Option<PathBuf>,
    /// The frozen picture is kept as soon as a folder is chosen.
    pub keeps_when_chosen: bool,
    /// The frozen picture is being written.
    pub is_keeping: bool,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            is_on: false,
            starts: 0,
            source: None,
            cameras: Vec::new(),
            searches: 0,
            is_smoothed: true,
            has_shutter: false,
            phase: LivePhase::default(),
            shown: None,
            figures: LiveFigures::default(),
            view_transform: ViewTransform::Fit,
            folder: None,
            keeps_when_chosen: false,
            is_keeping: false,
        }
    }
}

impl Live {
    /// Whether the frame that is shown stands still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        matches!(self.phase, LivePhase::Frozen { .. })
    }

    /// What the person should do next; none where no frame comes.
    #[must_use]
    pub fn advice(&self) -> Option<LiveAdvice> {
        let frame = self.shown.as_ref().filter(|_| self.phase == LivePhase::Running)?;
        Some(frame.quality.advice)
    }

    /// How much of the automatic shutter's half second is over, `0..=1`.
    #[must_use]
    pub fn shutter_share(&self) -> f32 {
        match (&self.shown, &self.phase) {
            (Some(frame), LivePhase::Running) if self.has_shutter => frame.quality.progress,
            _ => 0.0,
        }
    }

    /// Nothing of a picture stays, nor that it was shown; what was chosen does.
    pub fn clear(&mut self) {
        (self.is_on, self.phase, self.shown) = (false, LivePhase::default(), None);
        self.view_transform = ViewTransform::Fit;
        (self.figures, self.keeps_when_chosen, self.is_keeping) = (LiveFigures::default(), false, false);
    }
}

/// What a camera's pictures are made and outlined with; what runs is begun anew where it is another.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveChoices {
    pub starts: u64,
    pub source: SourceName,
    pub network: NetworkChoice,
}
