//! The bytes of a journal: its head, and frames with length and checksum around each record.
//!
//! From version 2 on the head has a mark: the length of the file up to the last record that was acknowledged. It is
//! written after the records are on the disk, so it never says more than was there; a file that is shorter has lost
//! something. Each checksum covers where its frame stands, so that none counts elsewhere.

/// The first bytes of every journal.
pub const MAGIC: &[u8; 8] = b"DLMASKJ\n";

/// The format's version; files of later ones are left unchanged.
pub const VERSION: u16 = 2;

/// The first version, without a mark.
pub(super) const UNMARKED: u16 = 1;

/// Where the mark stands: after [`MAGIC`] and the version.
pub(super) const MARK_AT: u64 = 10;

/// A length of eight bytes and its checksum.
const MARK_BYTES: usize = 12;

/// Length and checksum before each record.
const FRAME_BYTES: usize = 8;

/// Bytes of a record that are no pixels: the points of a line, in the longest of strokes.
const POINT_BYTES: usize = 16 << 20;

/// The head of a journal, as far as it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHead {
    pub(super) version: u16,
    /// Of the head, in bytes: there the first frame stands.
    pub(super) bytes: usize,
    /// The length that the mark states; none in version 1, and none where the mark itself is damaged.
    pub(super) marked: Option<u64>,
}

impl FrameHead {
    /// The head of this program's version, for a file of `marked` bytes.
    pub(super) fn written(marked: u64) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(mark(marked));
        bytes
    }

    /// Length of this program's head.
    pub(super) const BYTES: usize = MARK_AT as usize + MARK_BYTES;

    /// The head of a file; `None` if it begins like no journal. Of an unknown version only the number is told.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (version, rest) = rest.split_first_chunk::<2>()?;
        let version = u16::from_le_bytes(*version);
        if version != VERSION {
            return Some(Self { version, bytes: MARK_AT as usize, marked: None });
        }
        let (stated, _) = rest.split_first_chunk::<MARK_BYTES>()?;
        let (length, _) = stated.split_first_chunk::<8>()?;
        let length = u64::from_le_bytes(*length);
        Some(Self { version, bytes: Self::BYTES, marked: (*stated == mark(length)).then_some(length) })
    }

    /// Whether this program reads the version.
    pub(super) fn is_known(self) -> bool {
        (UNMARKED..=VERSION).contains(&self.version)
    }

    /// Whether the version has a mark.
    pub(super) fn has_mark(self) -> bool {
        self.version > UNMARKED
    }
}

/// The mark of a file of `length` bytes.
pub(super) fn mark(length: u64) -> [u8; MARK_BYTES] {
    let mut mark = [0; MARK_BYTES];
    let length = length.to_le_bytes();
    mark[..8].copy_from_slice(&length);
    mark[8..].copy_from_slice(&crc32fast::hash(&length).to_le_bytes());
    mark
}

/// Appends `content` with its length and checksum to `bytes`, which stand at `from` of a file of `version`.
pub(super) fn frame(version: u16, from: u64, content: &[u8], bytes: &mut Vec<u8>) {
    let length = (content.len() as u32).to_le_bytes();
    let sum = checksum(version, from + bytes.len() as u64, length, content);
    bytes.extend(length);
    bytes.extend(sum.to_le_bytes());
    bytes.extend(content);
}

/// Reads frames of one file.
#[derive(Clone, Copy)]
pub(super) struct FrameReader<'a> {
    /// The whole file.
    pub(super) bytes: &'a [u8],
    pub(super) version: u16,
    /// The longest content that is believed.
    pub(super) most_bytes: usize,
}

impl<'a> FrameReader<'a> {
    /// The content of the frame at `at`, and where the next one stands; `None` if it is incomplete or damaged.
    pub(super) fn at(&self, at: usize) -> Option<(&'a [u8], usize)> {
        let (head, rest) = self.bytes.get(at..)?.split_at_checked(FRAME_BYTES)?;
        let (length, sum) = head.split_first_chunk::<4>()?;
        let count = u32::from_le_bytes(*length) as usize;
        if count > self.most_bytes {
            return None;
        }
        let content = rest.get(..count)?;
        let sums = cfg!(fuzzing) || *sum == checksum(self.version, at as u64, *length, content).to_le_bytes();
        sums.then_some((content, at + FRAME_BYTES + count))
    }

    /// Whether the file may just end within the frame at `at`: what is left of a record that was being written.
    pub(super) fn is_cut_at(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        match rest.split_first_chunk::<4>() {
            Some((length, _)) => {
                let count = u32::from_le_bytes(*length) as usize;
                count <= self.most_bytes && FRAME_BYTES + count > rest.len()
            }
            None => true,
        }
    }

    /// Whether a whole frame with content stands anywhere after `at`. Its cost is bounded: where the bytes of a record
    /// look like many long frames, it is enough that they could be some.
    pub(super) fn is_any_after(&self, at: usize, is_record: impl Fn(&[u8]) -> bool) -> bool {
        let mut budget = 64 * self.bytes.len();
        (at + 1..self.bytes.len()).any(|at| {
            let Some(length) = self.bytes[at..].first_chunk::<4>() else { return false };
            let count = u32::from_le_bytes(*length) as usize;
            if count == 0 || count > self.bytes.len() - at {
                return false;
            }
            budget = budget.saturating_sub(count);
            budget == 0 || self.at(at).is_some_and(|(content, _)| is_record(content))
        })
    }
}

/// The longest record of a photo of `size`: a change of every second pixel, and the points of a line.
pub(super) fn most_record_bytes(size: [u32; 2]) -> usize {
    // The length of a run has up to five bytes.
    5 * (size[0] as usize * size[1] as usize) + POINT_BYTES
}

/// CRC-32 of length and content; from version 2 on of where the frame stands, too.
fn checksum(version: u16, at: u64, length: [u8; 4], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    if version > UNMARKED {
        hasher.update(&at.to_le_bytes());
    }
    hasher.update(&length);
    hasher.update(content);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_counts_only_where_it_was_written() {
        let mut bytes = vec![7; 5];
        frame(VERSION, 0, b"content", &mut bytes);
        let end = bytes.len();
        let reader = FrameReader { bytes: &bytes, version: VERSION, most_bytes: 100 };
        assert_eq!(reader.at(5), Some((&b"content"[..], end)));
        let moved = bytes[1..].to_vec();
        assert_eq!(FrameReader { bytes: &moved, ..reader }.at(4), None);
        let first = FrameReader { version: UNMARKED, bytes: &moved, ..reader };
        assert_eq!(first.at(4), None, "another version, another checksum");
    }

    #[test]
    fn a_head_tells_its_version_and_how_long_the_file_was() {
        let head = FrameHead::written(1234);
        assert_eq!(head.len(), FrameHead::BYTES);
        let read = FrameHead::of(&head).expect("it is ours");
        assert_eq!((read.version, read.marked), (VERSION, Some(1234)));
        for place in MARK_AT as usize..FrameHead::BYTES {
            let mut changed = head.clone();
            changed[place] ^= 4;
            assert_eq!(FrameHead::of(&changed).and_then(|head| head.marked), None, "byte {place}");
        }
        assert_eq!(
            FrameHead::of(b"DLMASKJ\n\x01\x00").map(|head| (head.version, head.has_mark())),
            Some((1, false))
        );
        assert_eq!(FrameHead::of(b"something else"), None);
    }
}
