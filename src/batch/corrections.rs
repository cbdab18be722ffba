//! Whose mask of a photograph a batch takes, a person's or the network's, and the audit log of what batches write of a
//! folder.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::inference_server::InferenceServer;
use super::inputs;
use crate::correction::corrected_mask;
use crate::correction::journal::Binding;
use crate::folders;
use crate::geometry::contour::{self, Outline};
use crate::inference::{EngineInfo, ModelCard};
use crate::mask::ProbabilityMap;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::{SegmentOptions, Segmentation};
use crate::provenance::{LesionMask, MaskOrigin};
use crate::records::{AuditEntry, Home};

/// The home of a photo's records.
pub(super) fn home_of(path: &Path) -> Home {
    Home::of_photo(&PhotoSource::File(path.to_owned()), folders::data().as_deref())
}

/// The corrected mask of `photo`, where it has one.
///
/// # Errors
/// When there is one that cannot be read: the network's is no substitute.
fn corrected(photo: &Photo) -> anyhow::Result<Option<LesionMask>> {
    let Some(path) = photo.source.path() else { return Ok(None) };
    let binding = Binding { sha256: photo.sha256.clone(), size: photo.size() };
    corrected_mask(&home_of(path), &binding)
        .map_err(|error| anyhow::anyhow!("--network-only leaves corrections out; {error}"))
}

/// The lesion of a photograph, and what else the network said where it is the network's.
pub(super) struct FoundLesion {
    pub(super) lesion: LesionMask,
    pub(super) answer: Option<NetworkAnswer>,
}

/// What a network says beside the mask.
pub(super) struct NetworkAnswer {
    pub(super) probability: ProbabilityMap,
    pub(super) threshold: f32,
    pub(super) engine: EngineInfo,
}

impl FoundLesion {
    /// The lesion of `photo`: as a person corrected it, unless `network_only`, else as the network of `card` finds it.
    ///
    /// # Errors
    /// When a correction cannot be read, or the network's.
    pub(super) fn of(
        network: &InferenceServer<'_>,
        card: &ModelCard,
        photo: &Photo,
        (options, network_only): (SegmentOptions, bool),
    ) -> anyhow::Result<Self> {
        let corrected = if network_only { None } else { corrected(photo)? };
        let mut answer = None;
        let lesion = LesionMask::that_counts(corrected, || {
            let segmentation = network.segment(photo, options)?;
            let origin = MaskOrigin::Network(segmentation.network_run(card));
            let Segmentation { probability, mask, threshold, engine, .. } = segmentation;
            answer = Some(NetworkAnswer { probability, threshold, engine });
            anyhow::Ok(LesionMask { mask: Arc::new(mask), origin })
        })?;
        Ok(Self { lesion, answer })
    }

    /// Lines around it: smooth ones where there is a probability map.
    pub(super) fn outlines(&self) -> Vec<Outline> {
        match &self.answer {
            Some(answer) => contour::of_map(&answer.probability, answer.threshold),
            None => contour::of_mask(&self.lesion.mask),
        }
    }
}

/// What a batch has written for others, for the audit logs of the folders that have records. A batch makes no records
/// where there are none.
#[derive(Default)]
pub(super) struct Exported(HashMap<Home, Vec<AuditEntry>>);

impl Exported {
    /// Adds what was written of the photo at `path`.
    pub(super) fn add(&mut self, path: &Path, sha256: &str, mut entry: AuditEntry) {
        entry.photo = inputs::name(path);
        sha256.clone_into(&mut entry.sha256);
        self.0.entry(home_of(path)).or_default().push(entry);
    }

    /// Writes the lines. A log that cannot be written is said, and takes nothing back.
    pub(super) fn log(self) {
        for (home, entries) in self.0.into_iter().filter(|(home, _)| !home.folders().is_empty()) {
            if let Err(error) = home.open().and_then(|store| store.log(&entries)) {
                log::warn!("the audit log has no line of this export; {error}");
            }
        }
    }
}
