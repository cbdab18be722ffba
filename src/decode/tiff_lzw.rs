//! TIFF with LZW, made ready for the decoder. weezl (0.1.12, in tiff 0.11.3) gives up when a piece's bytes are used up
//! though codes are left in its buffer, which happens where tiles are read row by row, and where the code for the end is
//! left out, as libtiff allows. Here each piece is followed by one-bits, which a decoder that has all samples never looks
//! at, and which are no code for one that lacks some.

use std::borrow::Cow;
use std::io::Cursor;

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::error::DecodeErrorKind;
use super::tiff_kind::{failure, is_big};

const LZW: u64 = 5;

/// Follows each piece: more than the decoder reads ahead.
const GUARD: [u8; 8] = [0xFF; 8];

/// How many times as long as the file its pieces may be together; writers may use a piece more than once.
const MOST_SHARED: u64 = 2;

/// The file as it is or, with LZW, with guards behind its strips or tiles.
pub(super) fn ready(bytes: &[u8]) -> Result<Cow<'_, [u8]>, DecodeErrorKind> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(failure)?;
    let mut all = |tag| decoder.find_tag_unsigned_vec::<u64>(tag).map(Option::unwrap_or_default).map_err(failure);
    if all(Tag::Compression)? != [LZW] {
        return Ok(Cow::Borrowed(bytes));
    }
    let is_tiled = !all(Tag::TileOffsets)?.is_empty();
    let [places, lengths] =
        if is_tiled { [Tag::TileOffsets, Tag::TileByteCounts] } else { [Tag::StripOffsets, Tag::StripByteCounts] };
    let pieces: Vec<(u64, u64)> = all(places)?.into_iter().zip(all(lengths)?).collect();
    let total = pieces.iter().fold(0_u64, |sum, (_, length)| sum.saturating_add(*length));
    if total > MOST_SHARED * bytes.len() as u64 {
        return Err(DecodeErrorKind::CutShort { format: "TIFF" });
    }
    let mut writer = TiffWriter::of(bytes);
    let mut guarded = [Vec::new(), Vec::new()];
    for (place, length) in pieces {
        let range = usize::try_from(place).ok().zip(usize::try_from(length).ok());
        let piece = range.and_then(|(place, length)| bytes.get(place..place.checked_add(length)?));
        let piece = piece.ok_or(DecodeErrorKind::CutShort { format: "TIFF" })?;
        guarded[0].push(writer.bytes.len() as u64);
        guarded[1].push((piece.len() + GUARD.len()) as u64);
        writer.bytes.extend_from_slice(piece);
        writer.bytes.extend(GUARD);
    }
    for (tag, values) in [places, lengths].into_iter().zip(&guarded) {
        writer.replace(tag.to_u16(), values).ok_or(DecodeErrorKind::CutShort { format: "TIFF" })?;
    }
    Ok(Cow::Owned(writer.bytes))
}

/// A TIFF whose first directory is changed, by its own order of bytes and widths of numbers.
struct TiffWriter {
    bytes: Vec<u8>,
    is_little: bool,
    is_big: bool,
}

impl TiffWriter {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), is_little: bytes.starts_with(b"II"), is_big: is_big(bytes) }
    }

    /// Bytes of an offset.
    fn wide(&self) -> usize {
        if self.is_big { 8 } else { 4 }
    }

    fn number(&self, at: usize, width: usize) -> Option<u64> {
        let digits = self.bytes.get(at..at.checked_add(width)?)?.iter();
        let add = |sum: u64, digit: &u8| sum << 8 | u64::from(*digit);
        Some(if self.is_little { digits.rev().fold(0, add) } else { digits.fold(0, add) })
    }

    fn written(&self, value: u64, width: usize) -> Vec<u8> {
        let mut digits = value.to_le_bytes()[..width].to_vec();
        if !self.is_little {
            digits.reverse();
        }
        digits
    }

    fn put(&mut self, at: usize, width: usize, value: u64) {
        let digits = self.written(value, width);
        self.bytes[at..at + width].copy_from_slice(&digits);
    }

    /// Where the entry of a tag stands in the first directory.
    fn entry(&self, tag: u16) -> Option<usize> {
        let wide = self.wide();
        let directory = usize::try_from(self.number(wide, wide)?).ok()?;
        let counting = if self.is_big { 8 } else { 2 };
        let count = usize::try_from(self.number(directory, counting)?).ok()?;
        let first = directory.checked_add(counting)?;
        let mut places = (0..count).map(|entry| first + entry * (4 + 2 * wide));
        // Ends at the end of the file, whatever the count says.
        places.find_map(|at| match self.number(at, 2) {
            Some(found) if found == u64::from(tag) => Some(Some(at)),
            Some(_) => None,
            None => Some(None),
        })?
    }

    /// Gives a tag other values, which stand at the end of the file. `None` where the directory has none of it.
    fn replace(&mut self, tag: u16, values: &[u64]) -> Option<()> {
        const LONG: u64 = 4;
        const LONG_8: u64 = 16;
        let (at, wide) = (self.entry(tag)?, self.wide());
        self.number(at, 4 + 2 * wide)?;
        let end = self.bytes.len() as u64;
        let value = match values {
            [only] => *only,
            _ => end,
        };
        let list: Vec<u8> = values.iter().flat_map(|value| self.written(*value, wide)).collect();
        self.bytes.extend(list);
        self.put(at + 2, 2, if self.is_big { LONG_8 } else { LONG });
        self.put(at + 4, wide, values.len() as u64);
        self.put(at + 4 + wide, wide, value);
        Some(())
    }
}
