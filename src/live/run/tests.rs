use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::*;
use crate::capture::{CaptureError, ColourCoding, FrameEncoding, FrameFormat, FrameSource};
use crate::inference::{
    Engine, EngineInfo, EngineKind, EngineOptions, InferenceError, InputTensor, NetworkOutput, OpenedEngine,
};

/// A test must end also where something is wrong.
const LIMIT: Duration = Duration::from_secs(60);

const SIZE: [u32; 2] = [64, 48];

/// A test double of an engine: what is darker than half is lesion. Red of 1 fails, of 2 panics.
struct Threshold(EngineInfo);

impl Engine for Threshold {
    fn info(&self) -> &EngineInfo {
        &self.0
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        match input.rgb()[0] {
            1 => return Err(InferenceError::Panicked { engine: "double" }),
            2 => panic!("as a library may"),
            _ => {}
        }
        let [_, _, height, width] = input.shape();
        let values = input.rgb().chunks_exact(3).map(|pixel| if pixel[1] < 128 { 0.9 } else { 0.1 });
        NetworkOutput::new("double", width, height, values.collect())
    }
}

fn networks() -> (LoadedNetworks, Arc<Model>) {
    let open = |_: EngineChoice, _: &Model, _: &EngineOptions| {
        let info = EngineInfo { kind: EngineKind::Rten, version: "double".to_owned() };
        Ok(OpenedEngine { engine: Box::new(Threshold(info)), passed_over: Vec::new() })
    };
    let model = Arc::new(Model::built_in().expect("the built-in network is sound"));
    (LoadedNetworks::opened_by(Box::new(open), EngineOptions::default(), 1), model)
}

/// A test double of a camera: gives what is sent to it, and is unplugged when nobody sends any more.
struct Fed {
    info: SourceInfo,
    frames: Receiver<Result<Frame, CaptureError>>,
}

impl FrameSource for Fed {
    fn info(&self) -> &SourceInfo {
        &self.info
    }

    fn next_frame(&mut self, _longest: Duration) -> Result<Option<Frame>, CaptureError> {
        let unplugged = CaptureError::Unplugged { camera: "Scope".to_owned() };
        self.frames.recv().unwrap_or(Err(unplugged)).map(Some)
    }
}

/// Skin of one grey with a dark square from `left` on; `red` of the first pixels steers the engine's double.
fn frame(number: u64, left: usize, red: u8) -> Frame {
    let [width, height] = SIZE.map(|side| side as usize);
    let level = |index: usize| {
        let (x, y) = (index % width, index / width);
        let is_lesion = (left..left + 20).contains(&x) && (14..34).contains(&y);
        let red = if y < 12 && x < 12 && red > 0 { red } else { 200 };
        if is_lesion { [60, 50, 40] } else { [red, 180, 170] }
    };
    let bytes: Vec<u8> = (0..width * height).flat_map(level).collect();
    let format = FrameFormat {
        encoding: FrameEncoding::Rgb,
        size: SIZE,
        stride: 3 * SIZE[0],
        colour: ColourCoding::default(),
    };
    let time = Duration::from_millis(33) * number as u32;
    Frame { number, time, arrived: Instant::now(), format, bytes: Arc::new(bytes) }
}

/// What the camera's double gives.
type Given = Result<Frame, CaptureError>;

/// The channel of a run's wake-ups, the run, and what feeds its camera: dropped in the opposite order, so that the camera's
/// double does not wait when the run ends.
fn started(options: LiveOptions) -> (Receiver<()>, LiveRun, Option<Sender<Given>>) {
    let (feed, frames) = bounded(1);
    let open: SourceOpener = Box::new(move || {
        let info = SourceInfo { name: "Scope".to_owned(), ..SourceInfo::default() };
        Ok(Box::new(Fed { info, frames: frames.clone() }))
    });
    let (networks, model) = networks();
    let (source_name, engine) = ("Scope".to_owned(), EngineChoice::Auto);
    let job = LiveJob { source_name, source: open, networks, model, engine, options };
    let (wake, woken) = bounded(1);
    let run = LiveRun::start(job, move || {
        let _ = wake.try_send(());
    })
    .expect("it starts");
    (woken, run, Some(feed))
}

/// Waits until `is_so`, woken by the run.
fn until(run: &LiveRun, woken: &Receiver<()>, mut is_so: impl FnMut(&LiveRun) -> bool) {
    let end = Instant::now() + LIMIT;
    while !is_so(run) {
        assert!(woken.recv_deadline(end).is_ok(), "it never came to that: {:?}", run.stats());
    }
}

/// The next outlined frame.
fn next(run: &LiveRun, woken: &Receiver<()>) -> OutlinedFrame {
    let mut found = None;
    until(run, woken, |run| {
        found = run.newest();
        found.is_some()
    });
    found.expect("it was waited for")
}

/// Leftmost and rightmost point of the outlines.
fn across(outlined: &OutlinedFrame) -> [f32; 2] {
    let points = || outlined.outlines.iter().flatten().map(|point| point[0]);
    [points().fold(f32::MAX, f32::min), points().fold(f32::MIN, f32::max)]
}

#[test]
fn each_outline_belongs_to_its_frame_also_where_the_lesion_jumps() {
    let (woken, run, feed) = started(LiveOptions::default());
    for (number, left) in [(0, 5), (1, 35), (2, 20), (3, 5)] {
        feed.as_ref().expect("it is open").send(Ok(frame(number, left, 0))).expect("it is read");
        let outlined = next(&run, &woken);
        assert_eq!(outlined.frame.number, number);
        let [first, last] = across(&outlined);
        assert!((first - left as f32).abs() < 1.5 && (last - left as f32 - 20.0).abs() < 1.5, "{first} to {last}");
        let share = 400.0 / f64::from(SIZE[0] * SIZE[1]);
        assert!((outlined.lesion_share - share).abs() < 0.02, "{}", outlined.lesion_share);
        let picture = outlined.picture.expect("it is wanted");
        assert_eq!((picture.size, &picture.rgb), (SIZE, &outlined.frame.bytes));
    }
    drop(feed);
}

#[test]
fn the_newest_frame_wins_none_is_outlined_twice_and_every_other_is_counted() {
    let (woken, run, mut feed) = started(LiveOptions::default());
    for number in 0..300 {
        feed.as_ref().expect("it is open").send(Ok(frame(number, 5, 0))).expect("it is read");
    }
    let mut seen = Vec::new();
    until(&run, &woken, |run| {
        seen.extend(run.newest().map(|outlined| outlined.frame.number));
        seen.last() == Some(&299)
    });
    assert!(seen.is_sorted_by(|one, next| one < next), "{seen:?}");
    let stats = run.stats();
    assert_eq!((stats.arrived, stats.arrived - stats.outlined), (300, stats.dropped));
    feed.take();
}

#[test]
fn a_failure_and_a_panic_of_the_network_are_said_and_the_next_frame_is_outlined() {
    let (woken, run, feed) = started(LiveOptions::default());
    let send = |number, red| {
        let sent = feed.as_ref().expect("it is open").send(Ok(frame(number, 5, red)));
        sent.expect("it is read");
    };
    for (number, red) in [(0, 1), (2, 2)] {
        send(number, red);
        until(&run, &woken, |run| matches!(run.stats().state, LiveState::NoNetwork(_)));
        send(number + 1, 0);
        assert_eq!(next(&run, &woken).frame.number, number + 1);
        assert_eq!(run.stats().state, LiveState::Running);
    }
    drop(feed);
}

#[test]
fn damaged_frames_are_left_out_and_counted() {
    let (woken, run, feed) = started(LiveOptions::default());
    let mut short = frame(0, 5, 0);
    short.bytes = Arc::new(short.bytes[1..].to_vec());
    let marked = CaptureError::DamagedFrame { detail: "marked by the driver".to_owned() };
    let feed = feed.expect("it is open");
    for (sent, damaged) in [(Ok(short), 1), (Err(marked.clone()), 2), (Ok(frame(2, 5, 0)), 2)] {
        feed.send(sent).expect("it is read");
        until(&run, &woken, |run| run.stats().damaged == damaged);
    }
    assert_eq!(next(&run, &woken).frame.number, 2);
    let stats = run.stats();
    assert_eq!((stats.last_fault, stats.dropped, stats.state), (Some(marked), 0, LiveState::Running));
    drop(feed);
}

#[test]
fn an_unplugged_camera_is_said() {
    let (woken, run, feed) = started(LiveOptions::default());
    let sender = feed.expect("it is open");
    sender.send(Ok(frame(0, 5, 0))).expect("it is read");
    assert_eq!(next(&run, &woken).source.name, "Scope");
    drop(sender);
    let gone = CaptureError::Unplugged { camera: "Scope".to_owned() };
    until(&run, &woken, |run| run.stats().state == LiveState::NoFrames(gone.clone()));
}

#[test]
fn a_network_for_vessels_is_refused() {
    let (networks, model) = networks();
    let mut tiled = (*model).clone();
    let library = crate::inference::ModelLibrary::discover(None);
    let Ok(vessels) = library.find(Some("wnet")) else { return };
    tiled.card = vessels.card.clone();
    let open: SourceOpener = Box::new(|| Err(CaptureError::NoDevice));
    let job = LiveJob {
        source_name: String::new(),
        source: open,
        networks,
        model: Arc::new(tiled),
        engine: EngineChoice::Auto,
        options: LiveOptions::default(),
    };
    assert!(matches!(LiveRun::start(job, || ()), Err(LiveError::NotForLive { .. })));
}
