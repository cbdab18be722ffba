//! YUV4MPEG2: frames without compression, as `ffmpeg out.y4m` and mjpegtools write them, of 8 bits with colour at half the
//! width and height. Files one behind the other, as `cat` makes of them, are one whose pictures change their size.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::CaptureError;
use super::super::frame::{ColourCoding, ColourMatrix, FrameEncoding, FrameFormat};
use super::recording::{Recording, failed, unreadable};
use crate::decode::MAX_PIXELS;
use crate::files::{self, FileKind};
use crate::words;

/// The most bytes of a header's line.
const MOST_LINE: u64 = 1024;

#[derive(Debug)]
pub(super) struct Y4mFile {
    path: PathBuf,
    file: File,
    /// At least one.
    frames: Vec<Y4mFrame>,
    rate: Option<f64>,
}

/// Where the pixels of a frame begin, and how they are written down.
#[derive(Clone, Copy, Debug)]
struct Y4mFrame {
    from: u64,
    format: FrameFormat,
}

impl Y4mFile {
    pub(super) fn open(path: &Path) -> Result<Self, CaptureError> {
        let fail = |error| failed(path, error);
        let file = files::open(path, FileKind::Video).map_err(unreadable)?;
        let end = file.metadata().map_err(fail)?.len();
        let mut reader = BufReader::new(file);
        let first = line(&mut reader).map_err(fail)?;
        let header = Y4mHeader::of(&first).ok_or_else(|| CaptureError::UnknownFile { path: path.to_owned() })?;
        let mut format = header.readable(path)?;
        let (mut frames, mut at) = (Vec::new(), first.len() as u64 + 1);
        while at < end {
            let start = line(&mut reader).map_err(fail)?;
            let from = at + start.len() as u64 + 1;
            at = if start.starts_with("FRAME") {
                frames.push(Y4mFrame { from, format });
                reader.seek_relative(length_of(&format) as i64).map_err(fail)?;
                from + length_of(&format)
            } else if let Some(next) = Y4mHeader::of(&start) {
                format = next.readable(path)?;
                from
            } else {
                break;
            };
        }
        if frames.is_empty() {
            return Err(CaptureError::Empty { path: path.to_owned() });
        }
        Ok(Self { path: path.to_owned(), file: reader.into_inner(), frames, rate: header.rate })
    }
}

/// Bytes of a frame.
fn length_of(format: &FrameFormat) -> u64 {
    let [width, height] = format.size.map(u64::from);
    width * height + 2 * width.div_ceil(2) * height.div_ceil(2)
}

/// A line without its end.
fn line(reader: &mut BufReader<File>) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    reader.by_ref().take(MOST_LINE).read_until(b'\n', &mut bytes)?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Recording for Y4mFile {
    fn count(&self) -> u64 {
        self.frames.len() as u64
    }

    fn rate(&self) -> Option<f64> {
        self.rate
    }

    fn format(&self) -> FrameFormat {
        self.frames[0].format
    }

    fn read(&mut self, index: u64) -> Result<(FrameFormat, Arc<Vec<u8>>), CaptureError> {
        let Y4mFrame { from, format } = self.frames[index as usize % self.frames.len()];
        let limit = length_of(&format);
        let mut bytes = Vec::with_capacity(limit as usize);
        // The last may be shorter, and is then refused as damaged when it is decoded.
        let read = self.file.seek(SeekFrom::Start(from));
        let read = read.and_then(|_| self.file.by_ref().take(limit).read_to_end(&mut bytes));
        read.map_err(|error| failed(&self.path, error))?;
        Ok((format, Arc::new(bytes)))
    }
}

/// The first line of a file.
#[derive(Debug, PartialEq)]
struct Y4mHeader {
    size: [u32; 2],
    rate: Option<f64>,
    chroma: String,
    is_full_range: bool,
}

impl Y4mHeader {
    /// `None` where it is none, or its picture is empty or too large.
    fn of(line: &str) -> Option<Self> {
        let mut fields = line.split(' ');
        if fields.next()? != "YUV4MPEG2" {
            return None;
        }
        let mut header = Self { size: [0, 0], rate: None, chroma: "420jpeg".to_owned(), is_full_range: false };
        for field in fields {
            let Some((kind, value)) = field.split_at_checked(1) else { continue };
            match kind {
                "W" => header.size[0] = value.parse().ok()?,
                "H" => header.size[1] = value.parse().ok()?,
                "F" => header.rate = rate(value),
                "C" => value.clone_into(&mut header.chroma),
                "X" if value == "COLORRANGE=FULL" => header.is_full_range = true,
                _ => {}
            }
        }
        let pixels = u64::from(header.size[0]) * u64::from(header.size[1]);
        (1..=MAX_PIXELS).contains(&pixels).then_some(header)
    }

    /// The format of the frames of the file at `path` that stand behind it.
    fn readable(&self, path: &Path) -> Result<FrameFormat, CaptureError> {
        self.format().ok_or_else(|| CaptureError::Unreadable {
            reason: words!("capture-y4m-colours", found = self.chroma.as_str()),
            path: path.to_owned(),
        })
    }

    /// `None` where it is not read.
    fn format(&self) -> Option<FrameFormat> {
        let is_read = matches!(self.chroma.as_str(), "420" | "420jpeg" | "420mpeg2" | "420paldv");
        let colour = ColourCoding { matrix: ColourMatrix::Bt601, is_full_range: self.is_full_range };
        let [width, _] = self.size;
        is_read.then_some(FrameFormat { encoding: FrameEncoding::I420, size: self.size, stride: width, colour })
    }
}

/// Frames a second of `30000:1001`; `None` where it is unknown (`0:0`) or no rate of a camera.
fn rate(value: &str) -> Option<f64> {
    let (frames, seconds) = value.split_once(':')?;
    let rate = frames.parse::<f64>().ok()? / seconds.parse::<f64>().ok()?;
    (0.1..=1000.0).contains(&rate).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_size_rate_and_range() {
        let found =
            Y4mHeader::of("YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=FULL");
        let header = found.expect("it is one");
        assert_eq!((header.size, header.is_full_range), ([640, 480], true));
        assert!((header.rate.expect("stated") - 29.97).abs() < 1e-3);
        assert!(header.format().is_some());
        assert_eq!(Y4mHeader::of("YUV4MPEG2 W640 H480 C444").expect("it is one").format(), None);
        assert_eq!(Y4mHeader::of("YUV4MPEG2 W640 H480 F0:0").expect("it is one").rate, None);
    }

    #[test]
    fn what_is_no_header_or_has_no_picture_is_refused() {
        for line in
            ["RIFF", "", "YUV4MPEG2 W0 H480", "YUV4MPEG2 W640", "YUV4MPEG2 W65536 H65536", "YUV4MPEG2 Wx H1"]
        {
            assert_eq!(Y4mHeader::of(line), None, "{line}");
        }
    }
}
