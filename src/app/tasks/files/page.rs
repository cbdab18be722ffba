//! The page on a photo that the window saves as PDF: measured and drawn of the mask that is shown.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::model::current::Reference;
use crate::confidence::Confidence;
use crate::geometry::contour::Outline;
use crate::inference::Model;
use crate::language::{Language, Words};
use crate::local_time;
use crate::mask::Mask;
use crate::photo::Photo;
use crate::pipeline::Segmentation;
use crate::provenance::MaskOrigin;
use crate::records::{Review, Scale};
use crate::report::{self, Figures, PageConfidence, PagePicture, PhotoReport};

/// What stands on a page beside the mask.
#[derive(Clone, Debug)]
pub struct ReportContent {
    pub photo: Arc<Photo>,
    /// Its name to show.
    pub name: String,
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// The name to show of the reference.
    pub reference_name: String,
    /// How long a pixel is, where that is known.
    pub scale: Option<Scale>,
    /// The network's map, its card and the threshold, where the network made the mask.
    pub answer: Option<(Arc<Segmentation>, Arc<Model>, f32)>,
    /// Who made the mask.
    pub origin: MaskOrigin,
    /// The name to show of the network that made it or that it was begun from, where it is known.
    pub network_title: Option<String>,
    pub review: Option<Review>,
    /// What the case is called, and whose lesion it is; empty where nobody says so.
    pub case: String,
    pub patient: String,
    pub language: Language,
}

/// The page on `mask`, whose lines are `outlines`, as the file's bytes; `field_of_view` where it means vessels.
pub(super) fn pdf(
    content: &ReportContent,
    mask: &Mask,
    field_of_view: Option<&Mask>,
    outlines: &[Outline],
) -> Result<Vec<u8>, Words> {
    let photo = &content.photo;
    let reference = content.reference.as_deref();
    let of_reference = reference.map(|reference| &reference.mask);
    let figures = match field_of_view {
        Some(field_of_view) => Figures::of_vessels(mask, field_of_view, of_reference, content.scale),
        None => Figures::of(photo, mask, of_reference, content.scale),
    };
    let of_reference = reference.map_or(&[][..], |reference| &reference.outlines);
    let picture = PagePicture::of(photo, outlines, of_reference).map_err(|error| error.message())?;
    let confidence = content.answer.as_ref().map(|(result, model, threshold)| {
        let (map, card) = (&result.probability, &model.card);
        PageConfidence::new(Confidence::of(map, card, *threshold), map, card, *threshold)
    });
    let made = report::pdf(
        content.language,
        &[PhotoReport {
            name: content.name.clone(),
            picture: &picture,
            outlines,
            origin: &content.origin,
            network_title: content.network_title.as_deref(),
            reference: reference.map(|reference| (reference.outlines.as_slice(), content.reference_name.as_str())),
            figures: &figures,
            confidence: confidence.as_ref(),
            review: content.review.as_ref(),
            case: &content.case,
            patient: &content.patient,
            made: local_time::here(Timestamp::now()),
        }],
    );
    made.map_err(|error| error.message())
}
