//! [`Outlining`]: the last stage of a frame. It remembers the frames before: for motion, smoothing and the shutter.

use std::sync::Arc;
use std::time::Instant;

use super::advice::LiveAdvice;
use super::frame::{LiveMillis, LiveQuality, OutlinedFrame};
use super::framing::{FoundInFrame, Framing};
use super::motion::Motion;
use super::options::LiveOptions;
use super::sharpest::SharpestFrame;
use super::shutter::AutomaticShutter;
use super::smoothing::Smoothing;
use super::stages::{ConvertedFrame, FoundFrame};
use crate::geometry::contour;
use crate::inference::{Model, SecondLook};
use crate::mask::ProbabilityMap;
use crate::measure::lesion::Lesion;
use crate::photo::{Photo, PhotoSource};
use crate::quality::CaptureQuality;

/// Makes outlined frames of a network's maps, in the order of the frames.
pub struct Outlining {
    model: Arc<Model>,
    motion: Motion,
    smoothing: Smoothing,
    shutter: AutomaticShutter,
    framing: Option<Framing>,
    /// What of the frame before the network saw, and what it is to see of the next.
    looks: [Option<SecondLook>; 2],
    sharpest: SharpestFrame,
    /// Sharpness and light as they were measured last.
    capture: CaptureQuality,
}

impl Outlining {
    /// For the maps of `model`.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        let facts = model.card.optional.second_look.clone();
        Self {
            framing: facts.map(Framing::new),
            looks: [None; 2],
            model,
            motion: Motion::default(),
            smoothing: Smoothing::default(),
            shutter: AutomaticShutter::default(),
            sharpest: SharpestFrame::default(),
            capture: CaptureQuality::unchecked(),
        }
    }

    /// What of the next frames the network is to see; `None` is all.
    #[must_use]
    pub fn next_look(&self) -> Option<SecondLook> {
        self.looks[1]
    }

    /// Chooses what the network sees next, where it may choose.
    fn choose_look(&mut self, found: &FoundInFrame, options: &LiveOptions) {
        match &mut self.framing {
            Some(framing) if options.takes_second_look => self.looks[1] = framing.see(found),
            Some(framing) if self.looks[1].is_some() => {
                (*framing, self.looks[1]) = (framing.begun_anew(), None);
            }
            _ => {}
        }
    }

    /// The outline of a frame, and what to do next; as the shutter is released, the sharpest frame of its half second.
    pub fn outline(&mut self, found: FoundFrame, options: &LiveOptions) -> OutlinedFrame {
        let started = Instant::now();
        let FoundFrame { converted, output, engine, infer_millis } = found;
        let ConvertedFrame { frame, source, input, input_size, close, look, picture, sharpness, convert_millis } =
            converted;
        let seen = close.map(|(seen, _)| seen);
        let moved = self.motion.see(frame.time, &input, input_size);
        let map_size = output.size();
        let mut values = output.into_values();
        if seen != self.looks[0] {
            // Maps of another part are of other pixels.
            (self.looks[0], self.smoothing) = (seen, Smoothing::default());
        }
        if options.is_smoothed {
            values = self.smoothing.smooth(frame.time, map_size, values, moved.since_last);
        } else {
            self.smoothing = Smoothing::default();
        }
        let map = match seen {
            Some(seen) => seen.alone(map_size, values, frame.format.size),
            None => ProbabilityMap::new(map_size, values, frame.format.size),
        };
        let threshold = options.threshold.unwrap_or(self.model.card.threshold);
        let outlines = contour::of_map(&map, threshold);
        let lesion = lesion_of(&map, threshold);
        if let Some(([width, height], rgb)) = look {
            let copy = Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("frame"));
            self.capture = CaptureQuality::while_looking(&copy);
        }
        let capture = self.capture.with_lesion(lesion.as_ref());
        let motion = moved.within_span;
        let advice = LiveAdvice::of(motion, &capture);
        let is_well = options.has_automatic_shutter && advice == LiveAdvice::Ready;
        let step = self.shutter.see(frame.time, is_well);
        let lesion_share = lesion.as_ref().map_or(0.0, |lesion| {
            let [width, height] = lesion.photo_size().map(f64::from);
            lesion.area_px() as f64 / (width * height)
        });
        let found = FoundInFrame {
            look: seen,
            frame_size: frame.format.size,
            lesion: lesion.as_ref().map(|lesion| (lesion.bounds(), lesion.photo_size())),
            share: lesion_share,
            change: moved.since_last,
        };
        self.choose_look(&found, options);
        let millis = LiveMillis {
            convert: convert_millis,
            infer: infer_millis,
            outline: started.elapsed().as_secs_f64() * 1e3,
            latency: frame.arrived.elapsed().as_secs_f64() * 1e3,
        };
        let outlined = OutlinedFrame {
            frame,
            source,
            picture,
            second_look: seen.map(|seen| seen.area_in(map.photo_size())),
            map,
            threshold,
            outlines,
            lesion_share,
            quality: LiveQuality { motion, capture, advice, progress: self.shutter.progress() },
            is_released: false,
            millis,
            model: self.model.card.name.clone(),
            engine,
        };
        self.sharpest.see(outlined, sharpness, step)
    }
}

/// The largest lesion, in a picture of the frame's proportions that is about as large as the map.
fn lesion_of(map: &ProbabilityMap, threshold: f32) -> Option<Lesion> {
    let size = map.photo_size();
    let most = map.network_size().into_iter().max().unwrap_or(1) as f64;
    let scale = (most / f64::from(size[0].max(size[1]))).min(1.0);
    let size = size.map(|side| ((f64::from(side) * scale).round() as u32).max(1));
    let small = ProbabilityMap::new(map.network_size(), map.network_values().to_vec(), size);
    Lesion::largest_of(&small.threshold(threshold))
}
