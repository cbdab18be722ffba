//! The looking thread's networks: both sides of a comparison, and the table of all networks. It has engines of its own,
//! so that the network in use stays loaded where it is.

use std::collections::VecDeque;
use std::sync::Arc;

use eframe::egui::ColorImage;

use super::{CompareJob, Event, SideJob, TableJob};
use crate::app::agreement_table::{Row, RowFigures};
use crate::app::command::OverlayView;
use crate::app::compare::Side;
use crate::app::failures;
use crate::app::worker::{LAYER_MAX_SIDE, NetworkJob, picture};
use crate::geometry::bits::Bits;
use crate::geometry::contour::{self, Outline};
use crate::inference::{self, Engine, EngineChoice, EngineOptions};
use crate::language::Words;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::agreement::Confusion;
use crate::overlay::palette;
use crate::overlay::render::{self, Layer};
use crate::photo::Photo;
use crate::pipeline::{SegmentOptions, segment};
use crate::words;

/// Engines that stay loaded: those of both sides.
const MOST_ENGINES: usize = 2;

/// Answers that are kept, of all photos: a quarter of a megabyte each.
const MOST_ANSWERS: usize = 64;

/// Which network, by its file, in which engine.
#[derive(Clone, PartialEq)]
struct NetworkKey {
    name: String,
    sha256: String,
    choice: EngineChoice,
}

impl NetworkKey {
    fn of(network: &NetworkJob) -> Self {
        let card = &network.model.card;
        let sha256 = card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default();
        Self { name: card.name.clone(), sha256, choice: network.choice }
    }
}

/// What a network says of a photo at its own threshold.
struct Answer {
    map: ProbabilityMap,
    threshold: f32,
}

/// Engines and answers that are at hand.
pub(super) struct Networks {
    options: EngineOptions,
    engines: VecDeque<(NetworkKey, Box<dyn Engine>)>,
    answers: VecDeque<(NetworkKey, String, [u32; 2], Arc<Answer>)>,
}

impl Networks {
    pub(super) fn new(options: EngineOptions) -> Self {
        Self { options, engines: VecDeque::new(), answers: VecDeque::new() }
    }

    /// Lets go of the engines: after a fault of ours they may be in any state.
    pub(super) fn unload(&mut self) {
        self.engines.clear();
    }

    fn answer(&mut self, photo: &Photo, network: &NetworkJob) -> Result<Arc<Answer>, Words> {
        let key = NetworkKey::of(network);
        let known = self
            .answers
            .iter()
            .find(|(of, sha256, size, _)| *of == key && *sha256 == photo.sha256 && *size == photo.size());
        if let Some((.., answer)) = known {
            return Ok(Arc::clone(answer));
        }
        let card = &network.model.card;
        let engine = self.engine(&key, network)?;
        let result = segment(photo, card, engine, SegmentOptions::default());
        let segmentation = result.map_err(|error| {
            // A failed engine may be in any state; the next run loads a fresh one.
            self.engines.retain(|(loaded, _)| *loaded != key);
            failures::run(&error)
        })?;
        let answer = Arc::new(Answer { map: segmentation.probability, threshold: segmentation.threshold });
        if self.answers.len() >= MOST_ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back((key, photo.sha256.clone(), photo.size(), Arc::clone(&answer)));
        Ok(answer)
    }

    fn engine(&mut self, key: &NetworkKey, network: &NetworkJob) -> Result<&mut dyn Engine, Words> {
        if let Some(place) = self.engines.iter().position(|(loaded, _)| loaded == key) {
            let used = self.engines.remove(place);
            self.engines.extend(used);
        } else {
            let opened = inference::open(network.choice, &network.model, &self.options);
            let opened = opened.map_err(|error| failures::engine(&error))?;
            if self.engines.len() >= MOST_ENGINES {
                self.engines.pop_front();
            }
            self.engines.push_back((key.clone(), opened.engine));
        }
        match self.engines.back_mut() {
            Some((_, engine)) => Ok(engine.as_mut()),
            None => Err(words!("looker-crashed")),
        }
    }
}

/// One side with its mask, before it is handed over.
struct Made {
    mask: Mask,
    side: Side,
    layer: Option<Layer>,
}

/// Makes both sides, the quicker one first, and says each when it is there.
pub(super) fn compare(networks: &mut Networks, job: &CompareJob, say: &dyn Fn(Event)) {
    let token = job.token;
    let mut order = [0, 1];
    order.sort_by_key(|&place| matches!(job.sides[place], SideJob::Model(_)));
    let mut bits: [Option<Bits>; 2] = [None, None];
    for place in order {
        let made = match make(networks, job, place) {
            Ok(Some(made)) => made,
            Ok(None) => continue,
            Err(error) => {
                say(Event::Side { token, place, answer: Err(error) });
                continue;
            }
        };
        bits[place] = Some(Bits::of(&made.mask));
        let layer: Option<ColorImage> = made.layer.as_ref().map(picture);
        say(Event::Side { token, place, answer: Ok((Arc::new(made.side), layer)) });
    }
    if let [Some(one), Some(other)] = bits {
        say(Event::Mutual { token, dice: one.dice(&other) });
    }
}

fn make(networks: &mut Networks, job: &CompareJob, place: usize) -> Result<Option<Made>, Words> {
    let rgb = if place == 0 { palette::PREDICTION } else { palette::SECOND };
    Ok(match &job.sides[place] {
        SideJob::Photo | SideJob::Waiting => None,
        SideJob::Failed(error) => return Err(error.clone()),
        SideJob::Shown { segmentation, threshold } => Some(of_map(job, &segmentation.probability, *threshold, rgb)),
        SideJob::Model(network) => {
            let answer = networks.answer(&job.photo, network)?;
            Some(of_map(job, &answer.map, answer.threshold, rgb))
        }
        SideJob::Reference(reference) => {
            let mask = reference.mask.clone();
            let fill = matches!(job.view, OverlayView::Fill | OverlayView::Heat);
            let layer = fill.then(|| render::mask_layer(&mask, palette::REFERENCE, LAYER_MAX_SIDE));
            let outlines = reference.outlines.clone();
            let side = Side { outlines, area_px: mask.area_px(), threshold: None, agreement: None };
            Some(Made { mask, side, layer })
        }
        SideJob::Corrected(mask) => Some(of_mask(job, mask, rgb)),
    })
}

/// A mask that a person made: it has no probabilities, and its heat is the mask itself.
fn of_mask(job: &CompareJob, mask: &Mask, rgb: palette::Rgb) -> Made {
    let layer = match (job.view, &job.reference) {
        (OverlayView::Fill | OverlayView::Heat, _) => Some(render::mask_layer(mask, rgb, LAYER_MAX_SIDE)),
        (OverlayView::Error, Some(reference)) => Some(render::error_layer(mask, &reference.mask, LAYER_MAX_SIDE)),
        _ => None,
    };
    let agreement = job.reference.as_ref().map(|reference| Confusion::of(mask, &reference.mask));
    let side = Side { outlines: contour::of_mask(mask), area_px: mask.area_px(), threshold: None, agreement };
    Made { mask: mask.clone(), side, layer }
}

fn of_map(job: &CompareJob, map: &ProbabilityMap, threshold: f32, rgb: palette::Rgb) -> Made {
    let mask = map.threshold(threshold);
    let layer = match (job.view, &job.reference) {
        (OverlayView::Fill, _) => Some(render::mask_layer(&mask, rgb, LAYER_MAX_SIDE)),
        (OverlayView::Heat, _) => Some(render::heat_layer(map, LAYER_MAX_SIDE)),
        (OverlayView::Error, Some(reference)) => Some(render::error_layer(&mask, &reference.mask, LAYER_MAX_SIDE)),
        _ => None,
    };
    let agreement = job.reference.as_ref().map(|reference| Confusion::of(&mask, &reference.mask));
    let outlines = contour::of_map(map, threshold);
    let side = Side { outlines, area_px: mask.area_px(), threshold: Some(threshold), agreement };
    Made { mask, side, layer }
}

/// Makes the table's next row.
pub(super) fn next_row(networks: &mut Networks, job: &mut TableJob) -> Row {
    if let Some(reference) = job.reference.take() {
        return row(job, None, Ok((&reference.mask, reference.outlines.clone())));
    }
    let Some(network) = job.networks.pop_front() else {
        return Row { title: None, result: Err(words!("looker-crashed")) };
    };
    let title = Some(network.model.card.title.clone());
    let photo = Arc::clone(&job.photo);
    let found = networks.answer(&photo, &network);
    match found {
        Ok(answer) => {
            let mask = answer.map.threshold(answer.threshold);
            row(job, title, Ok((&mask, contour::of_map(&answer.map, answer.threshold))))
        }
        Err(error) => row(job, title, Err(error)),
    }
}

fn row(job: &mut TableJob, title: Option<String>, found: Result<(&Mask, Vec<Outline>), Words>) -> Row {
    let result = found.map(|(mask, outlines)| {
        let bits = Bits::of(mask);
        let dice_above = job.masks.iter().map(|above| above.as_ref().map(|above| above.dice(&bits))).collect();
        let figures = RowFigures { outlines, area_px: bits.area_px(), dice_above };
        job.masks.push(Some(bits));
        figures
    });
    if result.is_err() {
        job.masks.push(None);
    }
    Row { title, result }
}
