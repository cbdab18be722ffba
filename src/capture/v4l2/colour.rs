//! What the levels of a camera's frames mean, by its driver: the one thing of `struct v4l2_format` that linuxvideo keeps to
//! itself.

#![expect(unsafe_code, reason = "one call of the driver that no crate without libclang makes")]

use std::os::fd::AsFd;

use rustix::ioctl::{Opcode, Updater, ioctl, opcode};

use super::super::frame::{ColourCoding, ColourMatrix};

/// `struct v4l2_format` of linux/videodev2.h: which stream, and 200 bytes that are aligned as a pointer is.
#[repr(C)]
struct StreamFormat {
    stream: u32,
    fields: [usize; 200 / size_of::<usize>()],
}

/// `VIDIOC_G_FMT`.
const GET_FORMAT: Opcode = opcode::read_write::<StreamFormat>(b'V', 4);

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
const CAPTURE: u32 = 1;

/// Places in `struct v4l2_pix_format`, in words of four bytes.
const COLORSPACE: usize = 6;
const YCBCR_ENC: usize = 9;
const QUANTIZATION: usize = 10;

/// As the driver of the open camera says; BT.601 in limited range, which most cameras send, where it does not.
pub(super) fn of(camera: &impl AsFd) -> ColourCoding {
    let mut format = StreamFormat { stream: CAPTURE, fields: [0; 200 / size_of::<usize>()] };
    // SAFETY: the opcode is VIDIOC_G_FMT, for which the kernel reads and writes a v4l2_format of this size and alignment, and
    // keeps nothing of it.
    let answered = unsafe { ioctl(camera, Updater::<GET_FORMAT, StreamFormat>::new(&mut format)) };
    if let Err(error) = answered {
        log::info!("the camera does not say how its colours are coded: {error}");
        return ColourCoding::default();
    }
    let bytes: Vec<u8> = format.fields.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let word = |place: usize| {
        let bytes = bytes.get(4 * place..4 * place + 4).and_then(|word| word.try_into().ok());
        bytes.map_or(0, u32::from_ne_bytes)
    };
    coding(word(COLORSPACE), word(YCBCR_ENC), word(QUANTIZATION))
}

/// By the numbers of videodev2.h, with its rules for what is left to the default.
fn coding(colorspace: u32, encoding: u32, quantization: u32) -> ColourCoding {
    const REC709: u32 = 3;
    const JPEG: u32 = 7;
    const DCI_P3: u32 = 12;
    let is_709 = match encoding {
        0 => matches!(colorspace, REC709 | DCI_P3),
        // V4L2_YCBCR_ENC_709 and _XV709.
        other => matches!(other, 2 | 4),
    };
    let is_full_range = match quantization {
        0 => colorspace == JPEG,
        other => other == 1,
    };
    ColourCoding { matrix: if is_709 { ColourMatrix::Bt709 } else { ColourMatrix::Bt601 }, is_full_range }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structure_is_as_large_as_the_kernels() {
        let expected = if cfg!(target_pointer_width = "64") { 208 } else { 204 };
        assert_eq!(size_of::<StreamFormat>(), expected);
        #[cfg(target_pointer_width = "64")]
        assert_eq!(GET_FORMAT, 0xC0D0_5604, "VIDIOC_G_FMT of a 64-bit system");
    }

    #[test]
    fn defaults_are_those_of_the_kernel() {
        let of = |matrix, is_full_range| ColourCoding { matrix, is_full_range };
        // V4L2_COLORSPACE_SRGB, as most webcams, REC709, JPEG; then what is said counts.
        assert_eq!(coding(8, 0, 0), of(ColourMatrix::Bt601, false));
        assert_eq!(coding(3, 0, 0), of(ColourMatrix::Bt709, false));
        assert_eq!(coding(7, 0, 0), of(ColourMatrix::Bt601, true));
        assert_eq!(coding(8, 2, 1), of(ColourMatrix::Bt709, true));
        assert_eq!(coding(7, 1, 2), of(ColourMatrix::Bt601, false));
    }

    #[test]
    fn what_is_no_camera_has_the_usual_coding() {
        let folder = tempfile::tempfile().expect("a file");
        assert_eq!(of(&folder), ColourCoding::default());
    }
}
