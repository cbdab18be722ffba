//! A frame's bytes to pixels: the small picture that a network takes, and the whole one for a screen.
//!
//! The small one is made of the planes of brightness and colour, each reduced by itself and only then turned into red, green
//! and blue, so that no more pixels are converted than the network takes. As the conversion is linear it is the same picture,
//! but for levels that a camera clips. There is no RGB of the whole frame on the way.

use std::sync::Arc;

use yuv::{
    YuvBiPlanarImage, YuvConversionMode, YuvError, YuvPackedImage, YuvPlanarImage, YuvPlanarImageMut, YuvRange,
    YuvStandardMatrix,
};

use super::error::CaptureError;
use super::frame::{ColourCoding, ColourMatrix, Frame, FrameEncoding, FrameFormat};
use super::jpeg_frame;
use crate::resize;

/// A frame whose pixels are known to be there.
#[derive(Clone, Debug)]
pub struct FramePixels {
    format: FrameFormat,
    bytes: Arc<Vec<u8>>,
    /// YUYV taken apart into three planes.
    planes: Option<Arc<[Vec<u8>; 3]>>,
}

impl FramePixels {
    /// Those of `frame`: a JPEG is decoded, anything else is checked for its length.
    ///
    /// # Errors
    /// [`CaptureError::DamagedFrame`].
    pub fn of(frame: &Frame) -> Result<Self, CaptureError> {
        let FrameFormat { encoding, size, .. } = frame.format;
        let damaged = |detail: String| CaptureError::DamagedFrame { detail };
        if encoding == FrameEncoding::Mjpeg {
            let (size, rgb) =
                jpeg_frame::decode(&frame.bytes).map_err(|kind| damaged(kind.message().to_string()))?;
            let format = FrameFormat { encoding: FrameEncoding::Rgb, size, stride: 3 * size[0], ..frame.format };
            return Ok(Self { format, bytes: Arc::new(rgb), planes: None });
        }
        let is_readable = !size.contains(&0) && frame.format.stride >= frame.format.least_stride();
        let needed = if is_readable { bytes_of(&frame.format) } else { usize::MAX };
        if frame.bytes.len() < needed {
            return Err(damaged(format!("{}, {} bytes", frame.format, frame.bytes.len())));
        }
        let mut pixels = Self { format: frame.format, bytes: Arc::clone(&frame.bytes), planes: None };
        if encoding == FrameEncoding::Yuyv {
            let planes = yuyv_planes(&pixels.bytes, &pixels.format).map_err(|error| damaged(error.to_string()))?;
            pixels.planes = Some(Arc::new(planes));
        }
        Ok(pixels)
    }

    /// `[width, height]` of the frame.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        self.format.size
    }

    /// As the camera gave them; a JPEG's decoded.
    pub(crate) fn raw(&self) -> (&FrameFormat, &[u8]) {
        (&self.format, &self.bytes)
    }

    /// The frame at another `[width, height]`, three bytes a pixel, as [`resize::rgb`] makes it of the whole picture.
    #[must_use]
    pub fn reduced(&self, to: [u32; 2]) -> Vec<u8> {
        let FrameFormat { encoding, size, stride, colour } = self.format;
        let chroma = size.map(|side| side.div_ceil(2));
        match (encoding, &self.planes) {
            (FrameEncoding::Yuyv, Some(planes)) => {
                let across = [size[0].div_ceil(2), size[1]];
                let small = [
                    resize::grey(&planes[0], size, to),
                    resize::grey(&planes[1], across, to),
                    resize::grey(&planes[2], across, to),
                ];
                rgb_of_small(&small, to, colour)
            }
            (FrameEncoding::Nv12, _) => {
                let (bright, pairs) = self.bytes.split_at(stride as usize * size[1] as usize);
                let bright = resize::grey(&tight(bright, stride, size), size, to);
                let pairs = resize::pairs(&tight(pairs, stride, [2 * chroma[0], chroma[1]]), chroma, to);
                rgb_of_small_pairs(&bright, &pairs, to, colour)
            }
            (FrameEncoding::I420, _) => {
                let [bright, blue, red] = i420_planes(&self.bytes, &self.format);
                let chroma_stride = stride.div_ceil(2);
                let small = [
                    resize::grey(&tight(bright, stride, size), size, to),
                    resize::grey(&tight(blue, chroma_stride, chroma), chroma, to),
                    resize::grey(&tight(red, chroma_stride, chroma), chroma, to),
                ];
                rgb_of_small(&small, to, colour)
            }
            _ => resize::rgb(&self.bytes[..bytes_of(&self.format)], size, to),
        }
    }

    /// All of its pixels: RGB, 8 bits, row by row.
    #[must_use]
    pub fn rgb(&self) -> Arc<Vec<u8>> {
        let FrameFormat { encoding, size: [width, height], stride, colour } = self.format;
        let mut rgb = vec![0; 3 * width as usize * height as usize];
        let (range, matrix) = coding(colour);
        let done = match (encoding, &self.planes) {
            (FrameEncoding::Nv12, _) => {
                let (y_plane, uv_plane) = self.bytes.split_at(stride as usize * height as usize);
                let image =
                    YuvBiPlanarImage { y_plane, y_stride: stride, uv_plane, uv_stride: stride, width, height };
                yuv::yuv_nv12_to_rgb(&image, &mut rgb, 3 * width, range, matrix, YuvConversionMode::Balanced)
            }
            (FrameEncoding::Yuyv, _) => {
                let image = YuvPackedImage { yuy: &self.bytes, yuy_stride: stride, width, height };
                yuv::yuyv422_to_rgb(&image, &mut rgb, 3 * width, range, matrix)
            }
            (FrameEncoding::I420, _) => {
                let [y_plane, u_plane, v_plane] = i420_planes(&self.bytes, &self.format);
                let [y_stride, u_stride, v_stride] = [stride, stride.div_ceil(2), stride.div_ceil(2)];
                let image =
                    YuvPlanarImage { y_plane, y_stride, u_plane, u_stride, v_plane, v_stride, width, height };
                yuv::yuv420_to_rgb(&image, &mut rgb, 3 * width, range, matrix)
            }
            _ => return Arc::clone(&self.bytes),
        };
        done.expect("the length was checked");
        Arc::new(rgb)
    }
}

/// The bytes that a frame of this format has; a JPEG has as many as it has.
fn bytes_of(format: &FrameFormat) -> usize {
    let [width, height] = format.size.map(|side| side as usize);
    let stride = format.stride as usize;
    match format.encoding {
        FrameEncoding::Mjpeg => 0,
        FrameEncoding::Yuyv => stride * (height - 1) + 4 * width.div_ceil(2),
        FrameEncoding::Nv12 => stride * height + stride * (height.div_ceil(2) - 1) + 2 * width.div_ceil(2),
        FrameEncoding::I420 => stride * height + 2 * stride.div_ceil(2) * height.div_ceil(2),
        FrameEncoding::Rgb => 3 * width * height,
    }
}

/// Brightness, blue and red.
fn i420_planes<'a>(bytes: &'a [u8], format: &FrameFormat) -> [&'a [u8]; 3] {
    let [rows, stride] = [format.size[1] as usize, format.stride as usize];
    let (bright, colours) = bytes.split_at(stride * rows);
    let length = stride.div_ceil(2) * rows.div_ceil(2);
    [bright, &colours[..length], &colours[length..2 * length]]
}

/// Rows of `[bytes, rows]` without what stands behind each.
fn tight(plane: &[u8], stride: u32, [width, height]: [u32; 2]) -> std::borrow::Cow<'_, [u8]> {
    let [width, height] = [width as usize, height as usize];
    if stride as usize == width {
        return std::borrow::Cow::Borrowed(&plane[..width * height]);
    }
    let rows = plane.chunks(stride as usize).take(height);
    std::borrow::Cow::Owned(rows.flat_map(|row| &row[..width]).copied().collect())
}

/// Brightness, blue and red of YUYV; the colours at half the width.
fn yuyv_planes(bytes: &[u8], format: &FrameFormat) -> Result<[Vec<u8>; 3], YuvError> {
    let [width, height] = format.size;
    let mut planes = YuvPlanarImageMut::<u8>::alloc(width, height, yuv::YuvChromaSubsampling::Yuv422);
    let packed = YuvPackedImage { yuy: bytes, yuy_stride: format.stride, width, height };
    yuv::yuyv422_to_yuv422(&mut planes, &packed)?;
    Ok([planes.y_plane, planes.u_plane, planes.v_plane].map(|plane| plane.borrow().to_vec()))
}

fn coding(colour: ColourCoding) -> (YuvRange, YuvStandardMatrix) {
    let matrix = match colour.matrix {
        ColourMatrix::Bt601 => YuvStandardMatrix::Bt601,
        ColourMatrix::Bt709 => YuvStandardMatrix::Bt709,
    };
    (if colour.is_full_range { YuvRange::Full } else { YuvRange::Limited }, matrix)
}

fn rgb_of_small(
    [y_plane, u_plane, v_plane]: &[Vec<u8>; 3],
    [width, height]: [u32; 2],
    colour: ColourCoding,
) -> Vec<u8> {
    let (range, matrix) = coding(colour);
    let mut rgb = vec![0; 3 * y_plane.len()];
    let [y_stride, u_stride, v_stride] = [width; 3];
    let image = YuvPlanarImage { y_plane, y_stride, u_plane, u_stride, v_plane, v_stride, width, height };
    yuv::yuv444_to_rgb(&image, &mut rgb, 3 * width, range, matrix).expect("planes of one size");
    rgb
}

fn rgb_of_small_pairs(y_plane: &[u8], uv_plane: &[u8], [width, height]: [u32; 2], colour: ColourCoding) -> Vec<u8> {
    let (range, matrix) = coding(colour);
    let mut rgb = vec![0; 3 * y_plane.len()];
    let image = YuvBiPlanarImage { y_plane, y_stride: width, uv_plane, uv_stride: 2 * width, width, height };
    yuv::yuv_nv24_to_rgb(&image, &mut rgb, 3 * width, range, matrix, YuvConversionMode::Balanced)
        .expect("planes of one size");
    rgb
}

#[cfg(test)]
mod tests;
