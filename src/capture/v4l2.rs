//! Cameras by Video4Linux: which there are, and opening one.

mod colour;
mod mode;
mod stream;

use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use linuxvideo::format::{FrameIntervals, FrameSizes, PixFormat, PixelFormat};
use linuxvideo::{BufType, BufTypes, Device, Fract};
use rustix::io::Errno;

use self::mode::CameraMode;
use self::stream::Camera;
use super::error::CaptureError;
use super::options::SourceOptions;
use super::source::{FrameMode, FrameSource, SourceInfo};
use crate::files::{self, FileKind};

/// A video device of the system, by its name there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct VideoNode {
    /// `/dev/video0`.
    path: PathBuf,
    /// What its driver calls it; its place where that is not known.
    name: String,
}

impl VideoNode {
    /// Whether a person means it: by its device, its name, or a part of its name.
    fn is_called(&self, wanted: &str) -> bool {
        self.path == Path::new(wanted) || self.name.to_lowercase().contains(&wanted.to_lowercase())
    }
}

/// The video devices of the system below `root`, by their numbers. A camera may have several; the first gives pictures.
fn nodes(root: &Path) -> Vec<VideoNode> {
    let folder = root.join("sys/class/video4linux");
    let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut numbers: Vec<u32> = names.filter_map(|name| name.strip_prefix("video")?.parse().ok()).collect();
    numbers.sort_unstable();
    let node = |number: u32| {
        let node = format!("video{number}");
        let name = files::read_text(&folder.join(&node).join("name"), FileKind::SystemFacts).unwrap_or_default();
        let path = Path::new("/dev").join(node);
        let name = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
        VideoNode { name: name.unwrap_or_else(|| path.display().to_string()), path }
    };
    numbers.into_iter().map(node).collect()
}

/// The cameras that are plugged in. One that may not be opened, or whose driver fails, has no formats.
pub(super) fn cameras() -> Vec<SourceInfo> {
    let info = |node: VideoNode| {
        let unknown =
            SourceInfo { name: node.name.clone(), place: node.path.display().to_string(), ..SourceInfo::default() };
        // The crate panics at names that are no text.
        let opened = catch_unwind(|| opened(&node)).unwrap_or_else(|_| Err(crashed(&node)));
        match opened {
            Ok(device) => {
                catch_unwind(move || device.map(|device| modes(&device, &node).0)).unwrap_or(Some(unknown))
            }
            Err(error) => {
                log::info!("{error}");
                Some(unknown)
            }
        }
    };
    nodes(Path::new("/")).into_iter().filter_map(info).collect()
}

/// Opens the camera that `wanted` names, or the first.
pub(super) fn open(wanted: Option<&String>, options: &SourceOptions) -> Result<Box<dyn FrameSource>, CaptureError> {
    let mut failed =
        wanted.map_or(CaptureError::NoDevice, |wanted| CaptureError::NotFound { wanted: wanted.clone() });
    let nodes = nodes(Path::new("/"));
    for node in nodes.iter().filter(|node| wanted.is_none_or(|wanted| node.is_called(wanted))) {
        match open_node(node, options) {
            Ok(Some(camera)) => return Ok(Box::new(camera)),
            // A device that gives no pictures, such as the second of most cameras.
            Ok(None) => {}
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

fn open_node(node: &VideoNode, options: &SourceOptions) -> Result<Option<Camera>, CaptureError> {
    let Some(device) = opened(node)? else { return Ok(None) };
    let (info, modes) = modes(&device, node);
    let Some(mode) = mode::chosen(&modes, options) else {
        let formats = if info.unread.is_empty() { "none".to_owned() } else { info.unread.join(", ") };
        return Err(CaptureError::UnreadFormat { camera: node.name.clone(), formats });
    };
    let fail = |call| move |error: io::Error| fault(node, call, &error);
    let [width, height] = mode.size;
    let wanted = PixFormat::new(width, height, PixelFormat::from_fourcc(mode.fourcc()));
    let capture = device.video_capture(wanted).map_err(fail("VIDIOC_S_FMT"))?;
    if let Some(rate) = options.rate.or(mode.rate) {
        let interval = Fract::new(1000, ((rate * 1000.0).round() as u32).max(1));
        // Many drivers have but one rate, and refuse to be asked.
        if let Err(error) = capture.set_frame_interval(interval) {
            log::info!("{} keeps its frame rate: {error}", node.name);
        }
    }
    let found = capture.format();
    let (fourcc, size) = (found.pixel_format().as_fourcc(), [found.width(), found.height()]);
    let stride = found.bytes_per_line();
    let Some(encoding) = mode::encoding_of(fourcc) else {
        let formats = String::from_utf8_lossy(&fourcc).into_owned();
        return Err(CaptureError::UnreadFormat { camera: node.name.clone(), formats });
    };
    let stream = capture.into_stream().map_err(fail("VIDIOC_STREAMON"))?;
    Ok(Some(Camera::new(node.clone(), info, stream, mode::format_of(encoding, size, stride))))
}

/// The device, where it is one that gives pictures.
fn opened(node: &VideoNode) -> Result<Option<Device>, CaptureError> {
    let is_device = node.path.symlink_metadata().is_ok_and(|facts| facts.file_type().is_char_device());
    if !is_device {
        return Err(CaptureError::NotFound { wanted: node.path.display().to_string() });
    }
    let device = Device::open(&node.path).map_err(|error| fault(node, "open", &error))?;
    Ok(device.supported_buf_types().contains(BufTypes::VIDEO_CAPTURE).then_some(device))
}

/// What the camera can deliver: for lists, and to choose from.
fn modes(device: &Device, node: &VideoNode) -> (SourceInfo, Vec<CameraMode>) {
    let bus = device.capabilities().map(|found| found.bus_info().to_owned()).unwrap_or_default();
    let mut info = SourceInfo {
        name: node.name.clone(),
        place: node.path.display().to_string(),
        bus,
        ..SourceInfo::default()
    };
    let mut all = Vec::new();
    for format in device.formats(BufType::VIDEO_CAPTURE).flatten() {
        let pixels = format.pixel_format();
        let Some(encoding) = mode::encoding_of(pixels.as_fourcc()) else {
            info.unread.push(pixels.to_string());
            continue;
        };
        let mut sizes = device.frame_sizes(pixels).map_or_else(|_| Vec::new(), |found| sizes_of(&found));
        sizes.sort_by_key(|[width, height]| std::cmp::Reverse(width * height));
        for &[width, height] in &sizes {
            let intervals = device.frame_intervals(pixels, width, height).ok();
            let rate = intervals.as_ref().map(FrameIntervals::min).map(|least| 1.0 / f64::from(least.as_f32()));
            all.push(CameraMode { encoding, size: [width, height], rate: rate.filter(|rate| rate.is_finite()) });
        }
        info.modes.push(FrameMode { encoding: encoding.name(), sizes });
    }
    (info, all)
}

/// Sizes that may be chosen; of a camera that takes any, those that are usual.
fn sizes_of(found: &FrameSizes) -> Vec<[u32; 2]> {
    match found {
        FrameSizes::Discrete(sizes) => sizes.iter().map(|size| [size.width(), size.height()]).collect(),
        FrameSizes::Stepwise(any) | FrameSizes::Continuous(any) => {
            let fits = |[width, height]: &[u32; 2]| {
                let is_step =
                    |side: u32, least: u32, step: u32| side >= least && (side - least).is_multiple_of(step.max(1));
                is_step(*width, any.min_width(), any.step_width())
                    && is_step(*height, any.min_height(), any.step_height())
                    && *width <= any.max_width()
                    && *height <= any.max_height()
            };
            let sizes: Vec<[u32; 2]> = mode::USUAL_SIZES.into_iter().filter(fits).collect();
            if sizes.is_empty() { vec![[any.max_width(), any.max_height()]] } else { sizes }
        }
    }
}

/// What the system's error means for the camera.
fn fault(node: &VideoNode, call: &'static str, error: &io::Error) -> CaptureError {
    let camera = node.name.clone();
    match Errno::from_io_error(error) {
        Some(Errno::BUSY) => CaptureError::Busy { camera },
        Some(Errno::ACCESS | Errno::PERM) => {
            let group = files::group_of(&node.path, Path::new("/"));
            CaptureError::NoPermission { group, path: node.path.clone() }
        }
        Some(Errno::NODEV | Errno::NXIO) => CaptureError::Unplugged { camera },
        Some(Errno::NOENT) => CaptureError::NotFound { wanted: camera },
        _ => CaptureError::Driver { camera, call, reason: error.into() },
    }
}

fn crashed(node: &VideoNode) -> CaptureError {
    CaptureError::Crashed { camera: node.name.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> VideoNode {
        VideoNode { path: "/dev/video3".into(), name: "USB Microscope: Dino".to_owned() }
    }

    #[test]
    fn each_error_of_the_system_has_its_sentence() {
        let fault = |errno: Errno| fault(&node(), "VIDIOC_S_FMT", &errno.into());
        let camera = || node().name;
        assert_eq!(fault(Errno::BUSY), CaptureError::Busy { camera: camera() });
        assert_eq!(fault(Errno::NODEV), CaptureError::Unplugged { camera: camera() });
        assert_eq!(fault(Errno::NOENT), CaptureError::NotFound { wanted: camera() });
        let CaptureError::NoPermission { path, .. } = fault(Errno::ACCESS) else { panic!("it is a permission") };
        assert_eq!(path, node().path);
        let words = fault(Errno::IO).to_string();
        assert!(words.contains("USB Microscope") && words.contains("VIDIOC_S_FMT"), "{words}");
    }

    #[test]
    fn devices_are_found_in_the_order_of_their_numbers_and_by_their_names() {
        let root = tempfile::tempdir().expect("a folder");
        for (node, name) in [("video10", "Late\n"), ("video2", "USB Microscope\n"), ("v4l-subdev0", "Sensor\n")] {
            let folder = root.path().join("sys/class/video4linux").join(node);
            std::fs::create_dir_all(&folder).expect("made");
            std::fs::write(folder.join("name"), name).expect("written");
        }
        let found = nodes(root.path());
        assert_eq!(found.iter().map(|node| node.name.as_str()).collect::<Vec<_>>(), ["USB Microscope", "Late"]);
        assert_eq!(found[0].path, Path::new("/dev/video2"));
        assert!(
            found[0].is_called("microscope") && found[0].is_called("/dev/video2") && !found[0].is_called("Late")
        );
        assert_eq!(nodes(Path::new("/nowhere")), []);
    }
}
