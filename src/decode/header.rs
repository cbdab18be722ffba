//! How large a photograph is, from the beginning of its file: before a batch starts, many are asked, perhaps over a
//! network, so that little of each is read.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::{ImageFormat, ImageReader, Limits};

use super::jpeg_markers::{START_OF_SCAN, next_marker};
use super::raster;
use crate::files::{self, FileKind};

/// The most that is read of a JPEG: its size stands behind EXIF with a thumbnail (64 KB) and a colour profile (up to
/// some hundred KB).
const JPEG_BYTES: u64 = 1 << 20;

/// The most that is read of other files, whose parts may have any order.
const OTHER_BYTES: u64 = 8 << 20;

/// Memory that a decoder may take for the header.
const HEADER_MEMORY: u64 = 64 << 20;

/// `[width, height]` as the file states it, before it is turned upright; `None` if that cannot be read.
pub(super) fn size_of(path: &Path) -> Option<[u32; 2]> {
    let mut file = files::open(path, FileKind::Picture).ok()?;
    let mut beginning = Vec::new();
    file.by_ref().take(32).read_to_end(&mut beginning).ok()?;
    let format = raster::format_of(&beginning).ok()?;
    if format == ImageFormat::Jpeg {
        file.take(JPEG_BYTES).read_to_end(&mut beginning).ok()?;
        return size_of_jpeg(&beginning);
    }
    file.rewind().ok()?;
    let mut reader = ImageReader::with_format(BufReader::new(Bounded { file, left: OTHER_BYTES }), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(HEADER_MEMORY);
    reader.limits(limits);
    reader.into_dimensions().ok().map(|(width, height)| [width, height])
}

/// The size in the frame header (ITU-T T.81, B.2.2), which stands before the first scan.
fn size_of_jpeg(bytes: &[u8]) -> Option<[u32; 2]> {
    let mut rest = bytes.get(2..)?;
    while let Some((marker, after)) = next_marker(rest) {
        let length = u16::from_be_bytes([*after.first()?, *after.get(1)?]);
        match marker {
            // A Huffman table, an extension and arithmetic conditioning: in the range, and no frames.
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => {
                let side = |at: usize| Some(u16::from_be_bytes([*after.get(at)?, *after.get(at + 1)?]).into());
                // A height of 0 stands behind the first scan: it would have to be decoded.
                return Some([side(5)?, side(3)?]).filter(|size: &[u32; 2]| !size.contains(&0));
            }
            START_OF_SCAN => return None,
            _ => {}
        }
        rest = after.get(usize::from(length)..)?;
    }
    None
}

/// A file that may be read here and there, and no more than so many bytes of it.
struct Bounded {
    file: File,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let read = self.file.read(&mut buffer[..most])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../assets/sample/phantom2.jpg");

    fn stated(bytes: &[u8]) -> Option<[u32; 2]> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).expect("written");
        size_of(&path)
    }

    #[test]
    fn the_size_in_the_header_is_that_of_the_decoded_photograph() {
        let photo = crate::decode::photo_built_in("phantom2.jpg", SAMPLE).expect("it decodes");
        assert_eq!(stated(SAMPLE), Some(photo.size()));
        for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP] {
            let mut bytes = io::Cursor::new(Vec::new());
            image::RgbImage::new(31, 17).write_to(&mut bytes, format).expect("encoded");
            assert_eq!(stated(bytes.get_ref()), Some([31, 17]), "{format:?}");
        }
    }

    #[test]
    fn a_thumbnail_before_the_frame_is_not_taken_for_the_photograph() {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x0D];
        bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 0]);
        bytes.extend(&SAMPLE[2..]);
        assert_eq!(stated(&bytes), stated(SAMPLE));
    }

    #[test]
    fn what_states_no_size_has_none() {
        let frame = SAMPLE.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline frame");
        assert_eq!(stated(&SAMPLE[..frame + 5]), None, "cut within the frame");
        assert_eq!(stated(b"no photograph"), None);
        assert_eq!(stated(b""), None);
    }

    #[test]
    fn no_more_than_the_bound_is_read_of_a_file_whose_header_never_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jpg");
        let file = File::create(&path).expect("made");
        file.set_len(1 << 30).expect("sparse");
        // A PNG of chunks without meaning would be skipped by seeking; zeros behind JPEG's start have to be read.
        io::Write::write_all(&mut &file, &[0xFF, 0xD8, 0xFF]).expect("written");
        assert_eq!(size_of(&path), None);
        let mut bounded = Bounded { file: File::open(&path).expect("opened"), left: 10 };
        let mut bytes = Vec::new();
        assert!(bounded.read_to_end(&mut bytes).is_err());
        assert_eq!(bytes.len(), 10);
    }
}
