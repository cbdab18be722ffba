//! The JPEG of one frame. Most cameras leave its Huffman tables out, as all of them use those of ISO/IEC 10918-1, K.3.

use std::borrow::Cow;

use crate::decode::{self, DecodeErrorKind};

/// The four tables with their marker, as libjpeg writes them.
const STANDARD_TABLES: &[u8] = include_bytes!("../../assets/capture/huffman_tables.bin");

const TABLES: u8 = 0xC4;
const SCAN: u8 = 0xDA;

/// `[width, height]`, RGB of a frame.
pub(super) fn decode(bytes: &[u8]) -> Result<([u32; 2], Vec<u8>), DecodeErrorKind> {
    decode::jpeg_frame(&with_tables(bytes))
}

/// `[width, height]` by the frame's header.
pub(super) fn size_of(bytes: &[u8]) -> Option<[u32; 2]> {
    let (_, body) = segments(bytes).find(|(marker, _)| matches!(marker, 0xC0..=0xC3))?;
    let side = |from: usize| body.get(from..from + 2).map(|side| u32::from(u16::from_be_bytes([side[0], side[1]])));
    Some([side(3)?, side(1)?]).filter(|size| !size.contains(&0))
}

/// With the standard tables before the scan where there are none.
fn with_tables(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut before_scan = segments(bytes).take_while(|(marker, _)| *marker != SCAN);
    if before_scan.any(|(marker, _)| marker == TABLES) || !bytes.starts_with(&[0xFF, 0xD8]) {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned([&bytes[..2], STANDARD_TABLES, &bytes[2..]].concat())
}

/// The segments up to the first scan: marker, and what stands behind the length.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.get(2..).unwrap_or_default();
    let mut is_done = false;
    std::iter::from_fn(move || {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        let end = 2 + usize::from(u16::from_be_bytes([high, low]));
        let body = rest.get(4..end).filter(|_| !std::mem::replace(&mut is_done, marker == SCAN))?;
        rest = &rest[end..];
        Some((marker, body))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame of tests/fixtures/capture/make.py, with Huffman tables.
    const WHOLE: &[u8] = include_bytes!("../../tests/fixtures/capture/frame.jpg");

    /// The same without them, as cameras send it.
    fn without_tables() -> Vec<u8> {
        let mut bytes = WHOLE[..2].to_vec();
        let mut rest = &WHOLE[2..];
        while rest[1] != SCAN {
            let end = 2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
            if rest[1] != TABLES {
                bytes.extend_from_slice(&rest[..end]);
            }
            rest = &rest[end..];
        }
        bytes.extend_from_slice(rest);
        bytes
    }

    #[test]
    fn a_frame_without_tables_is_the_same_picture() {
        let bare = without_tables();
        assert!(bare.len() + 400 < WHOLE.len());
        let [whole, bare] = [WHOLE, &bare].map(|bytes| decode(bytes).expect("it is whole"));
        assert_eq!(whole, bare);
        assert_eq!(size_of(WHOLE), Some(whole.0));
    }

    #[test]
    fn a_frame_that_is_cut_short_or_no_jpeg_is_refused() {
        for bytes in
            [&WHOLE[..WHOLE.len() - 60], &WHOLE[..2], &WHOLE[..0], b"no JPEG", &[0xFF, 0xD8, 0xFF, 0xC0, 0, 1]]
        {
            assert!(decode(bytes).is_err(), "{} bytes", bytes.len());
        }
        assert_eq!(size_of(b"\xFF\xD8\xFF\xC0\0\x03\x08"), None);
    }
}
