//! [`OutputMap`]: where each probability lies in the output's bytes, and what number it stands for.

use half::f16;

use super::ffi::{QuantType, TensorAttr, TensorFormat, TensorType};

/// The type of an element, and how it becomes a real number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Element {
    Float32,
    Float16,
    /// `(q - zero_point) * scale`.
    Signed8 {
        zero_point: i32,
        scale: f32,
    },
    Unsigned8 {
        zero_point: i32,
        scale: f32,
    },
}

impl Element {
    fn of(attr: &TensorAttr) -> Result<Self, String> {
        let (zero_point, scale) = match attr.quantisation {
            QuantType::NONE => (0, 1.0),
            QuantType::DYNAMIC_FIXED_POINT => (0, (-f32::from(attr.fraction_bits)).exp2()),
            QuantType::AFFINE => (attr.zero_point, attr.scale),
            QuantType(other) => return Err(format!("its quantisation {other} is unknown")),
        };
        match attr.element {
            TensorType::FLOAT32 => Ok(Self::Float32),
            TensorType::FLOAT16 => Ok(Self::Float16),
            TensorType::INT8 if scale.is_finite() => Ok(Self::Signed8 { zero_point, scale }),
            TensorType::UINT8 if scale.is_finite() => Ok(Self::Unsigned8 { zero_point, scale }),
            TensorType::INT8 | TensorType::UINT8 => Err("its scale is not a number".to_owned()),
            TensorType(other) => Err(format!("its elements have the unknown type {other}")),
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Float32 => 4,
            Self::Float16 => 2,
            Self::Signed8 { .. } | Self::Unsigned8 { .. } => 1,
        }
    }

    fn read(self, bytes: &[u8]) -> f32 {
        match (self, bytes) {
            (Self::Float32, &[a, b, c, d, ..]) => f32::from_le_bytes([a, b, c, d]),
            (Self::Float16, &[a, b, ..]) => f16::from_le_bytes([a, b]).to_f32(),
            (Self::Signed8 { zero_point, scale }, &[q, ..]) => {
                (i32::from(q.cast_signed()) - zero_point) as f32 * scale
            }
            (Self::Unsigned8 { zero_point, scale }, &[q, ..]) => (i32::from(q) - zero_point) as f32 * scale,
            _ => 0.0,
        }
    }
}

/// How to read one map of probabilities out of the output's bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OutputMap {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bytes from one pixel to the next, and from one row to the next.
    pixel_step: usize,
    row_step: usize,
    element: Element,
}

impl OutputMap {
    /// The first map of a tensor.
    ///
    /// # Errors
    /// What is not known of it.
    pub(super) fn of(attr: &TensorAttr) -> Result<Self, String> {
        let sides = sides(attr)?;
        let element = Element::of(attr)?;
        let pixel = match attr.format {
            TensorFormat::NCHW => 1,
            _ => sides.step,
        };
        let row = if attr.row_stride == 0 { sides.width } else { attr.row_stride as usize };
        if row < sides.width {
            return Err(format!("its rows are {} wide and {row} apart", sides.width));
        }
        let bytes = element.bytes();
        let step = |elements: usize| elements.checked_mul(bytes).ok_or("it is too large");
        Ok(Self {
            width: sides.width,
            height: sides.height,
            pixel_step: step(pixel)?,
            row_step: step(row.checked_mul(pixel).ok_or("it is too large")?)?,
            element,
        })
    }

    /// Bytes that are needed to read the whole map.
    pub(super) fn bytes(&self) -> usize {
        let last = (self.height - 1).saturating_mul(self.row_step);
        last.saturating_add((self.width - 1).saturating_mul(self.pixel_step)).saturating_add(self.element.bytes())
    }

    /// Puts the probabilities into `values`, row by row, in place of what was there. `bytes` are at least
    /// [`Self::bytes`].
    pub(super) fn read(&self, bytes: &[u8], values: &mut Vec<f32>) {
        values.clear();
        for row in 0..self.height {
            let row = &bytes[row * self.row_step..];
            values.extend((0..self.width).map(|x| self.element.read(&row[x * self.pixel_step..])));
        }
    }
}

struct Sides {
    channels: usize,
    width: usize,
    height: usize,
    /// Elements from one pixel to the next if channels are innermost.
    step: usize,
}

fn sides(attr: &TensorAttr) -> Result<Sides, String> {
    let dims: Vec<usize> = attr.dims.iter().take(attr.n_dims as usize).map(|&side| side as usize).collect();
    let sides = match (attr.format, &dims[..]) {
        (TensorFormat::NCHW, &[1, channels, height, width]) => Sides { channels, width, height, step: channels },
        (TensorFormat::NHWC, &[1, height, width, channels]) => Sides { channels, width, height, step: channels },
        (TensorFormat::NC1HWC2, &[1, groups, height, width, group]) => {
            Sides { channels: groups.saturating_mul(group), width, height, step: group }
        }
        (TensorFormat(format), dims) => return Err(format!("its axes are {dims:?} in the order {format}")),
    };
    if sides.channels == 0 || sides.width == 0 || sides.height == 0 || sides.step == 0 {
        return Err(format!("its axes are {dims:?}"));
    }
    Ok(sides)
}

/// `[1, channels, height, width]` of a tensor, whatever the order of its axes.
pub(super) fn shape(attr: &TensorAttr) -> Result<[usize; 4], String> {
    sides(attr).map(|sides| [1, sides.channels, sides.height, sides.width])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attr(format: TensorFormat, dims: &[u32], element: TensorType) -> TensorAttr {
        let mut attr =
            TensorAttr { format, element, n_dims: dims.len() as u32, scale: 1.0, ..TensorAttr::default() };
        attr.dims[..dims.len()].copy_from_slice(dims);
        attr
    }

    fn read(attr: &TensorAttr, bytes: &[u8]) -> Vec<f32> {
        let map = OutputMap::of(attr).unwrap();
        assert!(map.bytes() <= bytes.len());
        let mut values = Vec::new();
        map.read(bytes, &mut values);
        values
    }

    #[test]
    fn every_order_of_axes_is_read() {
        let rows = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        for (format, dims) in [(TensorFormat::NCHW, [1, 1, 2, 3]), (TensorFormat::NHWC, [1, 2, 3, 1])] {
            assert_eq!(read(&attr(format, &dims, TensorType::INT8), &[1, 2, 3, 4, 5, 6]), rows);
        }
        let native = attr(TensorFormat::NC1HWC2, &[1, 1, 2, 3, 4], TensorType::INT8);
        let bytes: Vec<u8> = (1..=6).flat_map(|value| [value, 90, 91, 92]).collect();
        assert_eq!(read(&native, &bytes), rows);
        // The last pixel's other channels need not be there.
        assert_eq!(OutputMap::of(&native).unwrap().bytes(), 21);
    }

    #[test]
    fn rows_may_lie_farther_apart_than_they_are_wide() {
        let mut plain = attr(TensorFormat::NCHW, &[1, 1, 2, 3], TensorType::INT8);
        plain.row_stride = 5;
        assert_eq!(read(&plain, &[1, 2, 3, 99, 99, 4, 5, 6]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let mut native = attr(TensorFormat::NC1HWC2, &[1, 1, 2, 1, 2], TensorType::INT8);
        native.row_stride = 2;
        assert_eq!(read(&native, &[1, 90, 99, 99, 2, 90]), [1.0, 2.0]);
        plain.row_stride = 2;
        assert!(OutputMap::of(&plain).unwrap_err().contains("2 apart"));
    }

    #[test]
    fn whole_numbers_stand_for_reals() {
        let mut affine = attr(TensorFormat::NCHW, &[1, 1, 1, 3], TensorType::INT8);
        affine.quantisation = QuantType::AFFINE;
        (affine.scale, affine.zero_point) = (1.0 / 255.0, -128);
        assert_eq!(read(&affine, &[0x80, 0x7f, 0]), [0.0, 1.0, 128.0 / 255.0]);
        affine.element = TensorType::UINT8;
        (affine.scale, affine.zero_point) = (0.5, 2);
        assert_eq!(read(&affine, &[0, 2, 255]), [-1.0, 0.0, 126.5]);
        affine.quantisation = QuantType::DYNAMIC_FIXED_POINT;
        affine.fraction_bits = 7;
        affine.element = TensorType::INT8;
        assert_eq!(read(&affine, &[0, 64, 0xc0]), [0.0, 0.5, -0.5]);
    }

    #[test]
    fn floats_are_read_as_they_are() {
        let floats = attr(TensorFormat::NHWC, &[1, 1, 2, 1], TensorType::FLOAT32);
        let bytes: Vec<u8> = [0.25_f32, -3.5].iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(read(&floats, &bytes), [0.25, -3.5]);
        let halves = attr(TensorFormat::NCHW, &[1, 1, 1, 8], TensorType::FLOAT16);
        let bytes: Vec<u8> = [0x3c00_u16, 0xb800, 0x0001, 0x7bff, 0x0000, 0x3555, 0x7c00, 0x7e00]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        let values = read(&halves, &bytes);
        assert_eq!(values[..2], [1.0, -0.5]);
        assert_eq!(values[2..5], [(-24.0_f32).exp2(), 65504.0, 0.0]);
        assert!((values[5] - 1.0 / 3.0).abs() < 1e-3);
        assert!(values[6].is_infinite() && values[7].is_nan());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let unknown = [
            attr(TensorFormat(3), &[1, 1, 2, 3], TensorType::INT8),
            attr(TensorFormat::NCHW, &[1, 2, 3], TensorType::INT8),
            attr(TensorFormat::NCHW, &[2, 1, 2, 3], TensorType::INT8),
            attr(TensorFormat::NCHW, &[1, 1, 0, 3], TensorType::INT8),
            attr(TensorFormat::NCHW, &[1, 1, 2, 3], TensorType(10)),
            TensorAttr { n_dims: 4000, ..attr(TensorFormat::NCHW, &[1, 1, 2, 3], TensorType::INT8) },
            TensorAttr { quantisation: QuantType(9), ..attr(TensorFormat::NCHW, &[1, 1, 2, 3], TensorType::INT8) },
            TensorAttr {
                scale: f32::NAN,
                quantisation: QuantType::AFFINE,
                ..attr(TensorFormat::NCHW, &[1, 1, 2, 3], TensorType::INT8)
            },
        ];
        for attr in unknown {
            assert!(OutputMap::of(&attr).is_err(), "{:?}", &attr.dims[..5]);
        }
    }
}
