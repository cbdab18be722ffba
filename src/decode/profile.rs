//! Whether a file says that it holds an ICC profile, for when its decoder found none: a broken one is another thing than
//! none at all.

use std::io::Cursor;

use tiff::TiffError;
use tiff::decoder::{Decoder, Limits};
use tiff::tags::Tag;

use super::jpeg_markers::{START_OF_SCAN, next_marker};
use crate::photo::EmbeddedProfile;

/// Memory that the TIFF reader takes for one byte of a tag.
const TAG_BYTE: usize = 32;

/// A TIFF's profile. The `image` crate silently ignores one that is large compared with the picture.
pub(super) fn of_tiff(bytes: &[u8]) -> EmbeddedProfile {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = EmbeddedProfile::MOST_BYTES * TAG_BYTE;
    let found =
        Decoder::new(Cursor::new(bytes)).map(|decoder| decoder.with_limits(limits)).and_then(|mut decoder| {
            decoder.find_tag(Tag::IccProfile)?.map(tiff::decoder::ifd::Value::into_u8_vec).transpose()
        });
    match found {
        Ok(found) => found.map_or(EmbeddedProfile::None, EmbeddedProfile::from),
        Err(TiffError::LimitsExceeded) => EmbeddedProfile::TooLarge,
        Err(_) => EmbeddedProfile::Broken,
    }
}

/// Whether a JPEG has a profile segment before its picture.
pub(super) fn is_in_jpeg(bytes: &[u8]) -> bool {
    const APP2: u8 = 0xE2;
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some((marker, after)) = next_marker(rest) {
        if marker == START_OF_SCAN {
            return false;
        }
        let [high, low, ..] = *after else { return false };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if marker == APP2 && after.get(2..length).is_some_and(|body| body.starts_with(b"ICC_PROFILE\0")) {
            return true;
        }
        let Some(behind) = after.get(length..) else { return false };
        rest = behind;
    }
    false
}

/// Whether a PNG has a profile chunk before its picture.
pub(super) fn is_in_png(bytes: &[u8]) -> bool {
    // After the signature: length, name, content, checksum; repeated.
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, name @ ..] = *head;
        match &name {
            b"iCCP" => return true,
            b"IDAT" => return false,
            _ => {}
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = length.checked_add(4).and_then(|to_next| body.get(to_next..)).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpegs_profile_is_seen_only_before_its_picture() {
        let segment = |marker: u8, body: &[u8]| {
            let length = (body.len() as u16 + 2).to_be_bytes();
            [&[0xFF, marker], &length[..], body].concat()
        };
        let profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01....");
        let scan = segment(START_OF_SCAN, b"\0");
        let other = segment(0xE2, b"MPF\0");
        let start = [0xFF, 0xD8];
        assert!(is_in_jpeg(&[&start[..], &other, &profile, &scan].concat()));
        assert!(!is_in_jpeg(&[&start[..], &other, &scan, &profile].concat()));
        assert!(!is_in_jpeg(&[&start[..], &profile[..9]].concat()), "cut short");
        assert!(!is_in_jpeg(&[]));
    }

    #[test]
    fn a_pngs_profile_is_seen_only_before_its_picture() {
        let chunk =
            |name: &[u8], body: &[u8]| [&(body.len() as u32).to_be_bytes()[..], name, body, b"crc."].concat();
        let (head, profile, picture) = (chunk(b"IHDR", &[0; 13]), chunk(b"iCCP", b"x"), chunk(b"IDAT", b"y"));
        let signature = [0; 8];
        assert!(is_in_png(&[&signature[..], &head, &profile, &picture].concat()));
        assert!(!is_in_png(&[&signature[..], &head, &picture, &profile].concat()));
        assert!(!is_in_png(&[&signature[..], &u32::MAX.to_be_bytes(), b"IHDR"].concat()), "cut short");
    }
}
