//! [`Outlining`]: the last stage of a frame. It remembers the frames before: for motion, smoothing and the shutter.

use std::sync::Arc;
use std::time::Instant;

use super::advice::LiveAdvice;
use super::frame::{LiveMillis, LiveQuality, OutlinedFrame};
use super::motion::Motion;
use super::options::LiveOptions;
use super::sharpest::SharpestFrame;
use super::shutter::AutomaticShutter;
use super::smoothing::Smoothing;
use super::stages::{ConvertedFrame, FoundFrame};
use crate::geometry::contour;
use crate::inference::Model;
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
    sharpest: SharpestFrame,
    /// Sharpness and light as they were measured last.
    capture: CaptureQuality,
}

impl Outlining {
    /// For the maps of `model`.
    #[must_use]
    pub fn new(model: Arc<Model>) -> Self {
        Self {
            model,
            motion: Motion::default(),
            smoothing: Smoothing::default(),
            shutter: AutomaticShutter::default(),
            sharpest: SharpestFrame::default(),
            capture: CaptureQuality::unchecked(),
        }
    }

    /// The outline of a frame, and what to do next; as the shutter is released, the sharpest frame of its half second.
    pub fn outline(&mut self, found: FoundFrame, options: &LiveOptions) -> OutlinedFrame {
        let started = Instant::now();
        let FoundFrame { converted, output, engine, infer_millis } = found;
        let ConvertedFrame { frame, source, input, input_size, look, picture, sharpness, convert_millis } =
            converted;
        let moved = self.motion.see(frame.time, &input, input_size);
        let map_size = output.size();
        let mut values = output.into_values();
        if options.is_smoothed {
            values = self.smoothing.smooth(frame.time, map_size, values, moved.since_last);
        } else {
            self.smoothing = Smoothing::default();
        }
        let map = ProbabilityMap::new(map_size, values, frame.format.size);
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
        let lesion_share = lesion.map_or(0.0, |lesion| {
            let [width, height] = lesion.photo_size().map(f64::from);
            lesion.area_px() as f64 / (width * height)
        });
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
