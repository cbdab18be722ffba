//! A camera that a test feeds: frames, faults and panics, unplugged and plugged in again. It is a test's double, and says
//! when it was let go.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use dermaloupe::app::tasks::live::CameraAccess;
use dermaloupe::capture::{
    CaptureError, ColourCoding, Frame, FrameEncoding, FrameFormat, FrameSource, SourceInfo, SourceName,
};
use dermaloupe::decode;

use crate::common_window::phantom;

/// `[width, height]` of its frames.
pub const SIZE: [u32; 2] = [320, 240];

/// When the last frame comes again.
const AGAIN: Duration = Duration::from_millis(500);

/// Its pixels, three bytes each, and its `[width, height]`.
type FedPicture = (Arc<Vec<u8>>, [u32; 2]);

/// What comes next.
enum Step {
    Picture(FedPicture),
    Fault(CaptureError),
    Panic,
}

#[derive(Default)]
struct Fed {
    steps: VecDeque<Step>,
    /// Frames that were given so far, over all openings; each is taken a tenth of a second after the one before.
    number: u64,
    last: Option<FedPicture>,
    /// Why it cannot be opened.
    refusal: Option<CaptureError>,
    /// What was opened, in order.
    opened: Vec<SourceName>,
}

#[derive(Default)]
struct Shared {
    fed: Mutex<Fed>,
    changed: Condvar,
    /// Sources that are open now.
    open: AtomicUsize,
}

/// The test's end of the camera.
#[derive(Clone, Default)]
pub struct FedCamera {
    shared: Arc<Shared>,
    names: Vec<&'static str>,
}

impl FedCamera {
    /// Cameras of these names, which all give what the test feeds.
    pub fn named(names: &[&'static str]) -> Self {
        Self { names: names.to_vec(), ..Self::default() }
    }

    /// How a window or a kiosk finds and opens it.
    pub fn access(&self) -> CameraAccess {
        let cameras: Vec<SourceInfo> =
            self.names.iter().enumerate().map(|(place, name)| info(place, name)).collect();
        let (listed, shared) = (cameras.clone(), Arc::clone(&self.shared));
        CameraAccess::by(
            move || listed.clone(),
            move |name| {
                let mut fed = shared.fed.lock().unwrap();
                if let Some(refusal) = &fed.refusal {
                    return Err(refusal.clone());
                }
                fed.opened.push(name.clone());
                let wanted = |camera: &&SourceInfo| *name == SourceName::Camera(camera.place.clone());
                let info = cameras.iter().find(wanted).or(cameras.first()).cloned().unwrap_or_default();
                shared.open.fetch_add(1, Ordering::SeqCst);
                Ok(Box::new(Source { shared: Arc::clone(&shared), info, given: None }))
            },
        )
    }

    /// A sample's picture comes; returns what it is known by.
    pub fn show(&self, sample: &str) -> Arc<Vec<u8>> {
        let photo = decode::photo_file(&phantom(sample)).unwrap();
        self.show_rgb(photo.reduced(SIZE))
    }

    /// This picture comes; returns what it is known by.
    pub fn show_rgb(&self, rgb: Vec<u8>) -> Arc<Vec<u8>> {
        self.show_sized(rgb, SIZE)
    }

    /// This picture of another `[width, height]` comes; returns what it is known by.
    pub fn show_sized(&self, rgb: Vec<u8>, size: [u32; 2]) -> Arc<Vec<u8>> {
        let rgb = Arc::new(rgb);
        self.add(Step::Picture((Arc::clone(&rgb), size)));
        rgb
    }

    /// No frame comes, for this reason.
    pub fn fail(&self, error: CaptureError) {
        self.add(Step::Fault(error));
    }

    /// Reading it panics.
    pub fn panic(&self) {
        self.add(Step::Panic);
    }

    /// It cannot be opened for this reason from now on; or it can.
    pub fn refuse(&self, error: Option<CaptureError>) {
        self.shared.fed.lock().unwrap().refusal = error;
    }

    /// How many sources are open now.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// What was opened, in order.
    pub fn opened(&self) -> Vec<SourceName> {
        self.shared.fed.lock().unwrap().opened.clone()
    }

    fn add(&self, step: Step) {
        self.shared.fed.lock().unwrap().steps.push_back(step);
        self.shared.changed.notify_all();
    }
}

fn info(place: usize, name: &str) -> SourceInfo {
    SourceInfo { name: name.to_owned(), place: format!("/dev/video{place}"), ..SourceInfo::default() }
}

struct Source {
    shared: Arc<Shared>,
    info: SourceInfo,
    /// When the last frame was given.
    given: Option<Instant>,
}

impl FrameSource for Source {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, longest: Duration) -> Result<Option<Frame>, CaptureError> {
        let fed = self.shared.fed.lock().unwrap();
        let (mut fed, _) =
            self.shared.changed.wait_timeout_while(fed, longest, |fed| fed.steps.is_empty()).unwrap();
        let (rgb, size) = match (fed.steps.pop_front(), fed.last.clone()) {
            (Some(Step::Picture(picture)), _) => picture,
            (Some(Step::Fault(error)), _) => return Err(error),
            (Some(Step::Panic), _) => {
                drop(fed);
                panic!("a panic that a test asked for");
            }
            // A camera never stops giving frames: with nothing fed the last one comes again, seldom.
            (None, Some(last)) if self.given.is_none_or(|given| given.elapsed() > AGAIN) => last,
            (None, _) => return Ok(None),
        };
        fed.last = Some((Arc::clone(&rgb), size));
        fed.number += 1;
        let (now, time) = (Instant::now(), Duration::from_millis(100 * fed.number));
        self.given = Some(now);
        let format = FrameFormat {
            encoding: FrameEncoding::Rgb,
            size,
            stride: 3 * size[0],
            colour: ColourCoding::default(),
        };
        Ok(Some(Frame { number: fed.number, time, arrived: now, format, bytes: rgb }))
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.shared.open.fetch_sub(1, Ordering::SeqCst);
    }
}
