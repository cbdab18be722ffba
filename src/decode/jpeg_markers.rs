//! The markers between the parts of a JPEG file.

/// The marker before a scan's coded data.
pub(super) const START_OF_SCAN: u8 = 0xDA;

/// The next marker, with or without a length, and the bytes after it.
pub(super) fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let at = bytes
        .windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD8 | 0xFF))?;
    Some((bytes[at + 1], &bytes[at + 2..]))
}
