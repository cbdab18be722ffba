//! Masks as pictures within annotation files.

use super::error::DecodeErrorKind;
use super::raster;
use crate::mask::Mask;

/// What every PNG begins with, up to its sides.
const PNG_START: [u8; 16] = *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// Decodes the picture of a mask of `size`: a PNG in which everything but 0 is foreground, as labelme writes it.
pub(super) fn decode(bytes: &[u8], size: [u32; 2]) -> Result<Mask, DecodeErrorKind> {
    let sides = bytes.strip_prefix(&PNG_START).and_then(|rest| rest.first_chunk::<8>());
    let sides = sides.ok_or(DecodeErrorKind::UnknownFormat)?;
    // Before its pixels are decoded: a picture of another size is none of them.
    let (width, height) = sides.split_at(4);
    let found = [width, height].map(|side| side.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)));
    if found != size {
        return Err(DecodeErrorKind::MaskSize { mask: found, photo: size });
    }
    let image = raster::decode(bytes)?.image;
    let found = [image.width(), image.height()];
    if found != size {
        return Err(DecodeErrorKind::MaskSize { mask: found, photo: size });
    }
    Ok(Mask::new(size[0], size[1], image.into_luma8().into_raw()))
}
