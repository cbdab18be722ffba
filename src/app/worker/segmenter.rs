//! The thread that decodes, infers, draws layers and writes. It owns the engine, which stays loaded between photos.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;
use eframe::egui::{Color32, ColorImage};

use super::listing;
use super::mailbox::{Job, Mailbox};
use super::page;
use super::{
    DeriveJob, Event, Generation, HISTOGRAM_BINS, LAYER_MAX_SIDE, NetworkJob, OVERVIEW_MAX_SIDE, OpenJob,
    ReferenceJob, SaveContent, SaveJob, SettingsJob, mask_that_counts,
};
use crate::app::command::OverlayView;
use crate::app::failures;
use crate::app::state::{Derived, Reference};
use crate::decode::{self, DecodeError};
use crate::display::Profile;
use crate::geometry::contour::{self, Outline};
use crate::inference::{self, Engine, EngineChoice, EngineOptions, Refusal, preprocess};
use crate::language::Words;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::agreement::Confusion;
use crate::overlay::palette;
use crate::overlay::png;
use crate::overlay::render::{self, Layer};
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::{SegmentOptions, segment};
use crate::records::AuditEntry;
use crate::{files, photo_files, sample, words};

/// The network that is loaded, and what it was loaded for.
struct Loaded {
    network: String,
    sha256: String,
    choice: EngineChoice,
    engine: Box<dyn Engine>,
    passed_over: Vec<Refusal>,
}

struct Segmenter<'a> {
    mailbox: &'a Mailbox,
    events: &'a Sender<Event>,
    options: EngineOptions,
    loaded: Option<Loaded>,
    wake: &'a dyn Fn(),
}

/// Works until the window is gone.
pub(super) fn run(mailbox: &Mailbox, events: &Sender<Event>, options: EngineOptions, wake: impl Fn()) {
    let mut segmenter = Segmenter { mailbox, events, options, loaded: None, wake: &wake };
    while let Some(job) = mailbox.take() {
        let done = catch_unwind(AssertUnwindSafe(|| segmenter.carry_out(job)));
        if done.is_err() {
            // Whatever state the engine is in, the next photo gets a fresh one.
            segmenter.loaded = None;
            segmenter.say(Event::Crashed);
        }
    }
}

impl Segmenter<'_> {
    fn carry_out(&mut self, job: Job) {
        match job {
            Job::List(job) => self.say(Event::Listed(listing::of(&job.paths))),
            Job::Open(job) => self.open(&job),
            Job::Segment(job) => self.segment(job.generation, &job.photo, &job.network),
            Job::Reference(job) => self.reference(&job),
            Job::Derive(job) => self.derive(&job),
            Job::Save(job) => self.save(&job),
            Job::Settings(job) => self.remember(&job),
        }
    }

    /// Tells the window; when it is gone there is no one to tell.
    fn say(&self, event: Event) {
        if self.events.send(event).is_ok() {
            (self.wake)();
        }
    }

    fn open(&mut self, job: &OpenJob) {
        let generation = job.generation;
        match read(&job.source) {
            Ok(photo) => {
                let photo = Arc::new(photo);
                if self.mailbox.has_newer_photo() {
                    return;
                }
                let profile = Profile::of(&photo.profile);
                let overview = overview(&photo, &profile);
                let mask_beside = job.source.path().and_then(photo_files::mask_beside);
                let shown = Arc::clone(&photo);
                self.say(Event::PhotoReady { generation, photo: shown, overview, profile, mask_beside });
                self.segment(generation, &photo, &job.network);
            }
            Err(error) => self.say(Event::PhotoFailed { generation, error: failures::decode(&error) }),
        }
    }

    fn segment(&mut self, generation: Generation, photo: &Arc<Photo>, network: &NetworkJob) {
        if self.mailbox.has_newer_photo() {
            return;
        }
        let event = match self.run_network(photo, network) {
            Ok((segmentation, passed_over)) => {
                let histogram = segmentation.probability.histogram(HISTOGRAM_BINS);
                Event::Segmented { generation, segmentation: Arc::new(segmentation), histogram, passed_over }
            }
            Err(error) => {
                // A failed engine may be in any state; the next run loads a fresh one.
                self.loaded = None;
                Event::SegmentFailed { generation, error }
            }
        };
        self.say(event);
    }

    fn run_network(
        &mut self,
        photo: &Photo,
        network: &NetworkJob,
    ) -> Result<(crate::pipeline::Segmentation, Vec<Refusal>), Words> {
        let loaded = self.load(network)?;
        let options = SegmentOptions::default();
        let segmentation = segment(photo, &network.model.card, loaded.engine.as_mut(), options)
            .map_err(|error| failures::run(&error))?;
        Ok((segmentation, loaded.passed_over.clone()))
    }

    fn load(&mut self, network: &NetworkJob) -> Result<&mut Loaded, Words> {
        let card = &network.model.card;
        let sha256 = card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default();
        let fits = self
            .loaded
            .as_ref()
            .is_some_and(|l| l.network == card.name && l.sha256 == sha256 && l.choice == network.choice);
        if !fits {
            self.loaded = None;
            let opened = inference::open(network.choice, &network.model, &self.options)
                .map_err(|error| failures::engine(&error))?;
            self.loaded = Some(Loaded {
                network: card.name.clone(),
                sha256,
                choice: network.choice,
                engine: opened.engine,
                passed_over: opened.passed_over,
            });
        }
        self.loaded.as_mut().ok_or_else(|| words!("no-engine"))
    }

    fn reference(&self, job: &ReferenceJob) {
        let generation = job.generation;
        let (mask, name) = match &job.path {
            Some(path) => (
                decode::mask_file(path, job.photo_size),
                path.file_name().map(|name| name.to_string_lossy().into_owned()),
            ),
            None => (sample::mask(job.photo_size), None),
        };
        self.say(match mask {
            Ok(mask) => {
                let outlines = contour::of_mask(&mask);
                Event::ReferenceReady { generation, reference: Arc::new(Reference { mask, outlines, name }) }
            }
            Err(error) => Event::ReferenceFailed { generation, error: failures::decode(&error) },
        });
    }

    fn derive(&self, job: &DeriveJob) {
        let (segmentation, edited) = (job.segmentation.as_deref(), job.edited.as_deref());
        let Some(mask) = mask_that_counts(segmentation, edited, job.threshold) else { return };
        let mask = mask.as_ref();
        let map = segmentation.map(|result| &result.probability);
        let layer = match (job.view, map, &job.reference) {
            (OverlayView::Fill, Some(map), _) if edited.is_none() => {
                Some(render::fill_layer(map, job.threshold, LAYER_MAX_SIDE))
            }
            (OverlayView::Fill, ..) => Some(render::mask_layer(mask, palette::PREDICTION, LAYER_MAX_SIDE)),
            (OverlayView::Heat, Some(map), _) => Some(render::heat_layer(map, LAYER_MAX_SIDE)),
            (OverlayView::Error, _, Some(reference)) => {
                Some(render::error_layer(mask, &reference.mask, LAYER_MAX_SIDE))
            }
            _ => None,
        };
        let outlines = outlines(map, mask, edited.is_some(), job.threshold);
        let derived = Derived {
            threshold: job.threshold,
            regions: outlines.iter().filter(|outline| !contour::is_hole(outline)).count(),
            outlines,
            area_px: mask.area_px(),
            edited: job.edited.clone(),
            agreement: job.reference.as_ref().map(|reference| Confusion::of(mask, &reference.mask)),
        };
        self.say(Event::Derived {
            generation: job.generation,
            derived: Arc::new(derived),
            layer: layer.map(|layer| (job.view, picture(&layer))),
        });
    }

    fn save(&self, job: &SaveJob) {
        let (segmentation, edited) = (job.segmentation.as_deref(), job.edited.as_deref());
        let Some(mask) = mask_that_counts(segmentation, edited, job.threshold) else { return };
        let mask = mask.as_ref();
        let map = segmentation.map(|result| &result.probability);
        let outlines = || outlines(map, mask, edited.is_some(), job.threshold);
        let bytes = match &job.content {
            SaveContent::Mask => Ok(png::of_mask(mask)),
            SaveContent::Overlay { photo } => Ok(png::of_outlined_photo(photo, &outlines())),
            SaveContent::Report(content) => page::pdf(content, mask, &outlines()),
        };
        let written = |bytes: Vec<u8>| files::write(&job.path, &bytes).map_err(|error| failures::write(&error));
        let result = bytes.and_then(written).map(|()| job.path.clone());
        let line = job.line.as_ref().filter(|_| result.is_ok());
        let logged = line.map(|(home, entry)| home.open()?.log(&[AuditEntry::clone(entry)]));
        let unlogged = logged.and_then(Result::err).map(|error| failures::records(&error));
        self.say(Event::Saved { result, unlogged });
    }
}

impl Segmenter<'_> {
    fn remember(&self, job: &SettingsJob) {
        // The folder is made on the first start; if that fails, so does the write, and says why.
        if let Some(folder) = job.path.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        if let Err(error) = files::write(&job.path, &job.json) {
            self.say(Event::SettingsFailed { error: failures::write(&error) });
        }
    }
}

/// Around the corrected mask, or where the probability reaches the threshold.
fn outlines(map: Option<&ProbabilityMap>, mask: &Mask, is_edited: bool, threshold: f32) -> Vec<Outline> {
    match map.filter(|_| !is_edited) {
        Some(map) => contour::of_map(map, threshold),
        None => contour::of_mask(mask),
    }
}

fn read(source: &PhotoSource) -> Result<Photo, DecodeError> {
    match source {
        PhotoSource::File(path) => decode::photo_file(path),
        PhotoSource::BuiltIn(name) => sample::named(name),
    }
}

/// The photo as a picture of at most [`OVERVIEW_MAX_SIDE`] a side, reduced with antialiasing, in the screen's colours.
fn overview(photo: &Photo, profile: &Profile) -> ColorImage {
    let size = render::layer_size(photo.size(), OVERVIEW_MAX_SIDE);
    let mut rgb = if size == photo.size().map(|side| side as usize) {
        photo.rgb().to_vec()
    } else {
        preprocess::squash(photo, size[0] as u32, size[1] as u32)
    };
    if let Some(to_srgb) = profile.to_srgb() {
        to_srgb.apply(&mut rgb);
    }
    ColorImage::from_rgb(size, &rgb)
}

/// A layer as the window takes it.
pub(in crate::app) fn picture(layer: &Layer) -> ColorImage {
    let pixels =
        layer.rgba.chunks_exact(4).map(|p| Color32::from_rgba_unmultiplied(p[0], p[1], p[2], p[3])).collect();
    ColorImage::new(layer.size, pixels)
}
