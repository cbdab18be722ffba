//! The header of a `.rknn` file, read before the runtime is touched: a file that is something else, incomplete, or
//! compiled for another chip is refused with a message instead of a code.
//!
//! The format is not documented; this is what files of toolkit 2.5.0 (container version 6) look like:
//! `RKNN`, 4 zeros, container version (u64), length L (u64), zeros to 64; a FlatBuffer of L bytes; the length of a JSON
//! text (u64), the text. What cannot be read of another container version is unknown, not wrong.

use serde_json::Value;

use super::version::RuntimeVersion;
use crate::language::Words;
use crate::{display_as_message, words};

const MAGIC: &[u8; 4] = b"RKNN";
const BLOB_START: usize = 64;
/// The container version that this reader knows.
const KNOWN_CONTAINER: u64 = 6;
/// The platform of the board's NPU.
const PLATFORM: &str = "rk3588";
/// The root table's fields, by their number in its schema.
const TOOLKIT_FIELD: usize = 7;
const PLATFORM_FIELD: usize = 8;

/// The content of the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Version of the toolkit that compiled it.
    pub(super) toolkit: Option<RuntimeVersion>,
}

/// Why a file is refused before the runtime sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RknnHeaderError {
    /// It is something else.
    Foreign(String),
    /// It is incomplete.
    Truncated {
        /// Length of the file in bytes.
        found: u64,
        /// Length in bytes according to its header.
        expected: u64,
    },
    /// Its parts are inconsistent.
    Damaged(&'static str),
    /// It was compiled for another chip.
    OtherPlatform(String),
}

impl RknnHeaderError {
    /// The error in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Foreign(beginning) => words!("npu-file-foreign", head = beginning.as_str()),
            Self::Truncated { found, expected } => {
                words!("npu-file-truncated", found = found.to_string(), expected = expected.to_string())
            }
            Self::Damaged(part) => words!("npu-file-damaged", what = *part),
            Self::OtherPlatform(platform) => words!("npu-file-other-platform", platform = platform.as_str()),
        }
    }
}

display_as_message!(RknnHeaderError);

impl Header {
    /// Reads the header of a `.rknn` file and refuses what cannot run on an RK3588.
    ///
    /// # Errors
    /// [`RknnHeaderError`], without the path.
    pub(super) fn read(file: &[u8]) -> Result<Self, RknnHeaderError> {
        if !file.starts_with(MAGIC) {
            return Err(RknnHeaderError::Foreign(beginning(file)));
        }
        let container = u64_at(file, 8)?;
        if container != KNOWN_CONTAINER {
            return Ok(Self::default());
        }
        let blob_end = end(file, BLOB_START, u64_at(file, 16)?)?;
        let blob = &file[BLOB_START..blob_end];
        let json_end = end(file, blob_end + 8, u64_at(file, blob_end)?)?;
        let trailer: Value = serde_json::from_slice(&file[blob_end + 8..json_end])
            .map_err(|_| RknnHeaderError::Damaged("the description at its end"))?;
        let root = FlatTable::root(blob).ok_or(RknnHeaderError::Damaged("its first table"))?;
        let toolkit =
            trailer["version"].as_str().or_else(|| root.text(TOOLKIT_FIELD)).and_then(RuntimeVersion::find);
        let listed = trailer["target_platform"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut platforms: Vec<String> = listed.map(str::to_owned).collect();
        if platforms.is_empty() {
            platforms.extend(root.text(PLATFORM_FIELD).map(str::to_owned));
        }
        if !platforms.is_empty() && !platforms.iter().any(|platform| platform.eq_ignore_ascii_case(PLATFORM)) {
            return Err(RknnHeaderError::OtherPlatform(platforms.join(", ")));
        }
        Ok(Self { toolkit })
    }
}

/// The first bytes, as text if they are text.
fn beginning(file: &[u8]) -> String {
    match &file[..file.len().min(4)] {
        [] => "nothing, being empty,".to_owned(),
        bytes if bytes.iter().all(u8::is_ascii_graphic) => String::from_utf8_lossy(bytes).into_owned(),
        bytes => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}

/// Where a part of `length` bytes from `start` ends, if the file goes so far.
fn end(file: &[u8], start: usize, length: u64) -> Result<usize, RknnHeaderError> {
    let expected = (start as u64).saturating_add(length);
    let found = file.len() as u64;
    if expected > found { Err(RknnHeaderError::Truncated { found, expected }) } else { Ok(expected as usize) }
}

fn u64_at(file: &[u8], at: usize) -> Result<u64, RknnHeaderError> {
    let end = end(file, at, 8)?;
    let bytes = file[at..end].try_into().map_err(|_| RknnHeaderError::Damaged("a length"))?;
    Ok(u64::from_le_bytes(bytes))
}

/// A table of a FlatBuffer: fields by number, found through a list of offsets. Every step is within bounds or `None`.
struct FlatTable<'a> {
    blob: &'a [u8],
    start: usize,
    offsets: usize,
}

impl<'a> FlatTable<'a> {
    fn root(blob: &'a [u8]) -> Option<Self> {
        let start = number::<4>(blob, 0)?;
        let back = i32::from_le_bytes(blob.get(start..start.checked_add(4)?)?.try_into().ok()?);
        let offsets = usize::try_from(i64::try_from(start).ok()? - i64::from(back)).ok()?;
        number::<2>(blob, offsets)?;
        Some(Self { blob, start, offsets })
    }

    /// The text in the field of that number.
    fn text(&self, field: usize) -> Option<&'a str> {
        let entry = 4 + 2 * field;
        if entry + 2 > number::<2>(self.blob, self.offsets)? {
            return None;
        }
        let offset = number::<2>(self.blob, self.offsets + entry)?;
        let place = (offset > 0).then_some(self.start.checked_add(offset)?)?;
        let text = place.checked_add(number::<4>(self.blob, place)?)?;
        let length = number::<4>(self.blob, text)?;
        let bytes = self.blob.get(text.checked_add(4)?..)?.get(..length)?;
        std::str::from_utf8(bytes).ok()
    }
}

/// A little-endian number of `N` bytes.
fn number<const N: usize>(blob: &[u8], at: usize) -> Option<usize> {
    let bytes = blob.get(at..at.checked_add(N)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| (value << 8) | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RK3588: &[u8] = include_bytes!("../../../tests/fixtures/rknn/model.rk3588.rknn");
    const RK3566: &[u8] = include_bytes!("../../../tests/fixtures/rknn/model.rk3566.rknn");

    #[test]
    fn a_file_of_the_toolkit_is_read() {
        assert_eq!(Header::read(RK3588).unwrap().toolkit, RuntimeVersion::find("2.5.0"));
    }

    #[test]
    fn the_first_table_says_the_same_as_the_end() {
        let blob_end = BLOB_START + u64_at(RK3588, 16).unwrap() as usize;
        let root = FlatTable::root(&RK3588[BLOB_START..blob_end]).unwrap();
        assert_eq!(root.text(PLATFORM_FIELD), Some("rk3588"));
        assert!(root.text(TOOLKIT_FIELD).unwrap().starts_with("2.5.0(compiler"));
        assert_eq!(root.text(4000), None);
    }

    #[test]
    fn another_chips_file_is_refused_by_its_name() {
        let words = Header::read(RK3566).unwrap_err().to_string();
        assert!(words.contains("compiled for rk3566, not for rk3588"), "{words}");
    }

    #[test]
    fn what_is_no_rknn_file_is_refused() {
        for (bytes, begins) in [(&b"\x08\x0a model"[..], "08 0a"), (b"", "nothing"), (b"GIF89a", "GIF8")] {
            let words = Header::read(bytes).unwrap_err().to_string();
            assert!(words.contains("not a .rknn file") && words.contains(begins), "{words}");
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_refused_as_cut() {
        for length in (4..RK3588.len()).step_by(97).chain([8, 16, 24, 63, 64, 65, RK3588.len() - 1]) {
            let error = Header::read(&RK3588[..length]).unwrap_err();
            assert!(matches!(error, RknnHeaderError::Truncated { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn no_spoilt_byte_makes_the_reader_fall() {
        let mut file = RK3588.to_vec();
        for at in (0..2048).chain(RK3588.len() - 1200..RK3588.len()) {
            for byte in [0x00, 0x7f, 0xff] {
                let kept = std::mem::replace(&mut file[at], byte);
                let _ = Header::read(&file);
                file[at] = kept;
            }
        }
    }

    #[test]
    fn a_length_beyond_all_memory_is_no_fault_of_ours() {
        let mut file = RK3588.to_vec();
        file[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(Header::read(&file), Err(RknnHeaderError::Truncated { .. })));
    }

    #[test]
    fn a_container_of_another_version_is_left_to_the_runtime() {
        let mut file = RK3588.to_vec();
        file[8] = 7;
        assert_eq!(Header::read(&file).unwrap(), Header::default());
    }

    #[test]
    fn a_spoilt_end_is_damage() {
        let mut file = RK3588.to_vec();
        let last = file.len() - 1;
        file[last] = b'!';
        assert!(matches!(Header::read(&file), Err(RknnHeaderError::Damaged(_))));
    }
}
