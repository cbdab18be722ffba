//! A stream of JPEGs, one behind the other, as `ffmpeg -c:v mjpeg -f mjpeg` and many cameras write it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::CaptureError;
use super::super::frame::{ColourCoding, FrameEncoding, FrameFormat};
use super::super::jpeg_frame;
use super::recording::{Recording, failed, unreadable};
use crate::files::{self, FileKind};

/// The most bytes of one frame: a raw frame of 12 megapixels has fewer.
const MOST_BYTES: usize = 64 << 20;

/// Where a frame lies in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FramePlace {
    from: u64,
    length: usize,
}

pub(super) struct MjpegFile {
    path: PathBuf,
    file: File,
    frames: Vec<FramePlace>,
    format: FrameFormat,
}

impl MjpegFile {
    pub(super) fn open(path: &Path) -> Result<Self, CaptureError> {
        let fail = |error| failed(path, error);
        let file = files::open(path, FileKind::Video).map_err(unreadable)?;
        let mut reader = BufReader::with_capacity(1 << 16, file);
        let frames = places(&mut reader).map_err(fail)?;
        let format = FrameFormat {
            encoding: FrameEncoding::Mjpeg,
            size: [0, 0],
            stride: 0,
            colour: ColourCoding::default(),
        };
        let mut opened = Self { path: path.to_owned(), file: reader.into_inner(), frames, format };
        if opened.frames.is_empty() {
            return Err(CaptureError::Empty { path: path.to_owned() });
        }
        opened.format = opened.read(0)?.0;
        Ok(opened)
    }
}

impl Recording for MjpegFile {
    fn count(&self) -> u64 {
        self.frames.len() as u64
    }

    fn format(&self) -> FrameFormat {
        self.format
    }

    fn read(&mut self, index: u64) -> Result<(FrameFormat, Arc<Vec<u8>>), CaptureError> {
        let FramePlace { from, length } = self.frames[index as usize % self.frames.len()];
        let mut bytes = vec![0; length];
        let read = self.file.seek(SeekFrom::Start(from)).and_then(|_| self.file.read_exact(&mut bytes));
        read.map_err(|error| failed(&self.path, error))?;
        // A frame without a size is damaged, and is said to be when it is decoded.
        let size = jpeg_frame::size_of(&bytes).unwrap_or(self.format.size);
        Ok((FrameFormat { size, ..self.format }, Arc::new(bytes)))
    }
}

/// Where each JPEG begins and ends. One that the file ends in is taken too: its decoder says that it is cut short.
fn places(reader: &mut impl BufRead) -> std::io::Result<Vec<FramePlace>> {
    let mut reader = CountedReader { reader, at: 0 };
    let mut places = Vec::new();
    while let Some(marker) = reader.marker()? {
        let mut end = if marker == START { PictureEnd::NextBegins } else { continue };
        while end == PictureEnd::NextBegins {
            let from = reader.at - 2;
            end = reader.skip_picture()?;
            let behind = if end == PictureEnd::NextBegins { reader.at - 2 } else { reader.at };
            let length = usize::try_from(behind - from).unwrap_or(usize::MAX);
            if length <= MOST_BYTES {
                places.push(FramePlace { from, length });
            }
        }
    }
    Ok(places)
}

/// What stands at the end of a picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PictureEnd {
    /// Its own end, or that of the file.
    Marked,
    /// The beginning of the next, as its own end was lost.
    NextBegins,
}

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;

/// Whether a marker stands alone, without a length: restarts, and bytes of coded data that only look like one.
fn stands_alone(marker: u8) -> bool {
    matches!(marker, 0x00 | 0x01 | 0xD0..=0xD7)
}

/// A reader that knows where it is.
struct CountedReader<'a, R> {
    reader: &'a mut R,
    at: u64,
}

impl<R: BufRead> CountedReader<'_, R> {
    /// The next byte behind a run of 0xFF; `None` at the end of the file.
    fn marker(&mut self) -> std::io::Result<Option<u8>> {
        self.at += self.reader.skip_until(0xFF)? as u64;
        loop {
            match self.byte()? {
                Some(0xFF) => {}
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self) -> std::io::Result<Option<u8>> {
        let byte = self.reader.fill_buf()?.first().copied();
        if byte.is_some() {
            self.reader.consume(1);
            self.at += 1;
        }
        Ok(byte)
    }

    /// Passes over segments and coded data up to the end of the image.
    fn skip_picture(&mut self) -> std::io::Result<PictureEnd> {
        while let Some(marker) = self.marker()? {
            match marker {
                END => break,
                START => return Ok(PictureEnd::NextBegins),
                // Behind a scan's header follow coded data, in which the search for a marker goes on.
                SCAN => {}
                marker if stands_alone(marker) => {}
                _ => {
                    let (Some(high), Some(low)) = (self.byte()?, self.byte()?) else { break };
                    let rest = u64::from(u16::from_be_bytes([high, low])).saturating_sub(2);
                    self.at += std::io::copy(&mut (&mut *self.reader).take(rest), &mut std::io::sink())?;
                }
            }
        }
        Ok(PictureEnd::Marked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Vec<(u64, usize)> {
        let places = places(&mut std::io::Cursor::new(bytes)).expect("a cursor reads");
        places.into_iter().map(|place| (place.from, place.length)).collect()
    }

    #[test]
    fn pictures_are_found_by_their_markers_and_not_within_segments_or_coded_data() {
        // A segment that holds what looks like a picture, coded data with a stuffed byte and a restart.
        let one: &[u8] = b"\xFF\xD8\xFF\xE1\0\x06\xFF\xD8\xFF\xD9\xFF\xDA\0\x02ab\xFF\0c\xFF\xD0d\xFF\xD9";
        let stream = [b"--boundary\r\n", one, b"\0\0", one].concat();
        assert_eq!(found(&stream), [(12, one.len()), (12 + one.len() as u64 + 2, one.len())]);
    }

    #[test]
    fn a_picture_without_an_end_is_the_last() {
        assert_eq!(found(b"\xFF\xD8\xFF\xDA\0\x02abc"), [(0, 9)]);
        assert_eq!(found(b"\xFF\xD8\xFF\xE1"), [(0, 4)]);
        assert_eq!(found(b"no picture"), []);
    }

    #[test]
    fn a_picture_whose_end_was_lost_ends_where_the_next_begins() {
        assert_eq!(found(b"\xFF\xD8\xFF\xDA\0\x02ab\xFF\xD8\xFF\xDA\0\x02cd\xFF\xD9"), [(0, 8), (8, 10)]);
    }
}
