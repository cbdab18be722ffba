//! What was typed for a command, as the job of it.

use super::network::PlaceArguments;
use super::typed::{BatchArguments, EvaluateArguments, ExportArguments, ImportArguments, ReportArguments};
use crate::batch::{EvaluateJob, ExportJob, ImportJob, NetworkOptions, ReportJob};

pub(super) fn evaluate_job(
    typed: EvaluateArguments,
    network_of: impl Fn(BatchArguments, PlaceArguments) -> NetworkOptions,
) -> EvaluateJob {
    EvaluateJob {
        images: typed.images,
        masks: typed.masks,
        masks_as_stored: typed.masks_as_stored,
        list: typed.list,
        split: typed.split,
        lesion: typed.outline.lesion(),
        review_first: typed.review.review_first,
        network: network_of(typed.outline.batch, typed.places),
        mm_per_px: typed.mm_per_px,
        part: typed.part.into(),
        csv: typed.csv,
        groups: typed.groups.job(typed.group_outputs),
        json: typed.json,
    }
}

pub(super) fn report_job(
    typed: ReportArguments,
    network_of: impl Fn(BatchArguments, PlaceArguments) -> NetworkOptions,
) -> ReportJob {
    ReportJob {
        paths: typed.paths,
        masks: typed.masks,
        masks_as_stored: typed.masks_as_stored,
        mm_per_px: typed.mm_per_px,
        lesion: typed.outline.lesion(),
        network: network_of(typed.outline.batch, typed.places),
        part: typed.part.into(),
        csv: typed.csv,
        pdf: typed.pdf,
        language: typed.language,
        case: typed.case,
        patient: typed.patient,
        review_first: typed.review.review_first,
        json: typed.json,
    }
}

pub(super) fn export_job(
    typed: ExportArguments,
    network_of: impl Fn(BatchArguments, PlaceArguments) -> NetworkOptions,
) -> ExportJob {
    ExportJob {
        paths: typed.paths,
        out: typed.out,
        format: typed.format.into(),
        masks: typed.masks,
        masks_as_stored: typed.masks_as_stored,
        lesion: typed.outline.lesion(),
        network: network_of(typed.outline.batch, typed.places),
    }
}

pub(super) fn import_job(typed: ImportArguments) -> ImportJob {
    ImportJob { paths: typed.paths, out: typed.out, images: typed.images, label: typed.label }
}
