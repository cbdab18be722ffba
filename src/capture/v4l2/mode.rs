//! Which of a camera's formats and sizes is taken.

use super::super::frame::{ColourCoding, FrameEncoding, FrameFormat};
use super::super::options::SourceOptions;

/// The sizes that are tried of a camera that takes any, the largest first.
pub(super) const USUAL_SIZES: [[u32; 2]; 5] = [[1920, 1080], [1280, 960], [1280, 720], [640, 480], [320, 240]];

/// The encodings that are read, by their four letters, those that cost least first.
const FOURCCS: [(&[u8; 4], FrameEncoding); 5] = [
    (b"NV12", FrameEncoding::Nv12),
    (b"YUYV", FrameEncoding::Yuyv),
    (b"YU12", FrameEncoding::I420),
    (b"MJPG", FrameEncoding::Mjpeg),
    (b"JPEG", FrameEncoding::Mjpeg),
];

/// Frames a second from which a picture moves smoothly.
const SMOOTH: f64 = 24.0;

/// One way in which a camera delivers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct CameraMode {
    pub(super) encoding: FrameEncoding,
    pub(super) size: [u32; 2],
    /// Frames a second at most, where the driver says so.
    pub(super) rate: Option<f64>,
}

impl CameraMode {
    pub(super) fn fourcc(&self) -> [u8; 4] {
        let found = FOURCCS.iter().find(|(_, encoding)| *encoding == self.encoding);
        found.map_or(*b"RGB3", |(fourcc, _)| **fourcc)
    }
}

/// The encoding of these four letters, where it is read.
pub(super) fn encoding_of(fourcc: [u8; 4]) -> Option<FrameEncoding> {
    FOURCCS.iter().find(|(letters, _)| **letters == fourcc).map(|(_, encoding)| *encoding)
}

/// The format of frames whose colours are not known yet.
pub(super) fn format_of(encoding: FrameEncoding, size: [u32; 2], stride: u32) -> FrameFormat {
    let format = FrameFormat { encoding, size, stride, colour: ColourCoding::default() };
    // Some drivers leave it out.
    FrameFormat { stride: stride.max(format.least_stride()), ..format }
}

/// The best of `modes` for `options`: smooth before large, large up to the usual size, and then the one that costs least.
pub(super) fn chosen(modes: &[CameraMode], options: &SourceOptions) -> Option<CameraMode> {
    let [most_width, most_height] = options.size.unwrap_or(SourceOptions::USUAL_SIZE);
    let fits = |mode: &&CameraMode| options.encoding.is_none_or(|wanted| mode.encoding == wanted);
    let rank = |mode: &&CameraMode| {
        let [width, height] = mode.size;
        let is_within = width <= most_width && height <= most_height;
        let pixels = i64::from(width) * i64::from(height);
        let is_smooth = mode.rate.is_none_or(|rate| rate >= options.rate.unwrap_or(SMOOTH).min(SMOOTH));
        let cost = FOURCCS.iter().position(|(_, encoding)| *encoding == mode.encoding);
        // Of sizes that are all too large the smallest is taken.
        let size = if is_within { pixels } else { -pixels };
        let is_asked = options.size == Some(mode.size);
        (is_asked, is_within, is_smooth, size, std::cmp::Reverse(cost))
    };
    modes.iter().filter(fits).max_by_key(rank).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: [CameraMode; 6] = [
        mode(FrameEncoding::Mjpeg, [1920, 1080], 30.0),
        mode(FrameEncoding::Mjpeg, [1280, 720], 30.0),
        mode(FrameEncoding::Mjpeg, [640, 480], 30.0),
        mode(FrameEncoding::Yuyv, [1280, 720], 10.0),
        mode(FrameEncoding::Yuyv, [640, 480], 30.0),
        mode(FrameEncoding::Nv12, [320, 240], 30.0),
    ];

    const fn mode(encoding: FrameEncoding, size: [u32; 2], rate: f64) -> CameraMode {
        CameraMode { encoding, size, rate: Some(rate) }
    }

    fn taken(options: SourceOptions) -> (FrameEncoding, [u32; 2]) {
        let mode = chosen(&CAMERA, &options).expect("there is one");
        (mode.encoding, mode.size)
    }

    #[test]
    fn smooth_comes_before_large_and_what_costs_least_before_what_costs_more() {
        let usual = SourceOptions::default();
        assert_eq!(taken(usual), (FrameEncoding::Mjpeg, [1280, 720]), "YUYV has ten frames a second at that size");
        assert_eq!(taken(SourceOptions { size: Some([640, 480]), ..usual }), (FrameEncoding::Yuyv, [640, 480]));
        let slow = SourceOptions { rate: Some(10.0), ..usual };
        assert_eq!(taken(slow), (FrameEncoding::Yuyv, [1280, 720]));
    }

    #[test]
    fn what_is_asked_for_is_taken_as_nearly_as_can_be() {
        let usual = SourceOptions::default();
        assert_eq!(
            taken(SourceOptions { size: Some([1920, 1080]), ..usual }),
            (FrameEncoding::Mjpeg, [1920, 1080])
        );
        assert_eq!(taken(SourceOptions { size: Some([800, 600]), ..usual }).1, [640, 480]);
        assert_eq!(taken(SourceOptions { size: Some([100, 100]), ..usual }).1, [320, 240], "the smallest");
        let nv12 = SourceOptions { encoding: Some(FrameEncoding::Nv12), ..usual };
        assert_eq!(taken(nv12), (FrameEncoding::Nv12, [320, 240]));
        assert_eq!(chosen(&CAMERA, &SourceOptions { encoding: Some(FrameEncoding::Rgb), ..usual }), None);
    }

    #[test]
    fn letters_and_encodings_belong_together() {
        for mode in CAMERA {
            assert_eq!(encoding_of(mode.fourcc()), Some(mode.encoding));
        }
        assert_eq!(encoding_of(*b"H264"), None);
        assert_eq!(format_of(FrameEncoding::Yuyv, [641, 480], 0).stride, 1284);
    }
}
