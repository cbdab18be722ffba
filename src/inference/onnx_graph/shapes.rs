//! Shapes of the outputs of operators that change them, and their multiply-accumulate operations for each output number.

use super::GraphFault;
use super::call::Call;
use super::values::{Attributes as _, count};

pub(super) type Shape = Vec<usize>;

/// No axis may be longer: every product of two then fits into 64 bits.
const LONGEST_AXIS: i64 = 1 << 28;

/// The length of an axis as the graph gives it.
fn side(call: &Call<'_>, length: i64) -> Result<usize, GraphFault> {
    match usize::try_from(length) {
        Ok(side) if length <= LONGEST_AXIS => Ok(side),
        _ => Err(call.unknown(&format!("an axis would have the length {length}"))),
    }
}

/// An axis as the graph names it: negative ones count from the end of `rank` axes.
fn axis(call: &Call<'_>, named: i64, rank: usize) -> Result<usize, GraphFault> {
    let place = if named < 0 { named.saturating_add(rank as i64) } else { named };
    usize::try_from(place)
        .ok()
        .filter(|place| *place < rank)
        .ok_or_else(|| call.unknown(&format!("there is no axis {named}")))
}

/// Several axes, as [`axis`] takes them.
fn places(call: &Call<'_>, named: &[i64], rank: usize) -> Result<Vec<usize>, GraphFault> {
    named.iter().map(|&named| axis(call, named, rank)).collect()
}

/// Axes of an attribute, or of a constant input, or none.
fn axes(call: &Call<'_>, place: usize) -> Result<Option<Vec<i64>>, GraphFault> {
    match (call.node.integers("axes"), call.given(place)) {
        (Some(list), _) => Ok(Some(list.to_vec())),
        (None, Some(_)) => call.constants(place).map(Some),
        (None, None) => Ok(None),
    }
}

/// The length of the axis `at` of `rank`: shapes are matched from their last axis on, and a missing axis has the length 1.
fn aligned<T: Copy + From<u8>>(shape: &[T], at: usize, rank: usize) -> T {
    (at + shape.len()).checked_sub(rank).map_or(T::from(1), |place| shape[place])
}

pub(super) fn broadcast(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let mut result: Shape = Vec::new();
    for place in 0..call.inputs.len() {
        let shape = &call.input(place)?.shape;
        let rank = result.len().max(shape.len());
        result = (0..rank)
            .map(|at| match (aligned(&result, at, rank), aligned(shape, at, rank)) {
                (one, other) if one == other || other == 1 => Ok(one),
                (1, other) => Ok(other),
                (one, other) => Err(call.unknown(&format!("{one} and {other} do not match"))),
            })
            .collect::<Result<_, _>>()?;
    }
    Ok(result)
}

/// The window of a convolution or pooling over the axes after batch and channels.
struct ConvWindow {
    kernel: Vec<i64>,
    strides: Vec<i64>,
    dilations: Vec<i64>,
    pads: Vec<i64>,
}

impl ConvWindow {
    fn of(call: &Call<'_>, kernel: Vec<i64>) -> Result<Self, GraphFault> {
        let rank = kernel.len();
        let list = |name: &str, length: usize, missing: i64| {
            call.node.integers(name).map_or_else(|| vec![missing; length], <[i64]>::to_vec)
        };
        let window = Self {
            strides: list("strides", rank, 1),
            dilations: list("dilations", rank, 1),
            pads: list("pads", rank * 2, 0),
            kernel,
        };
        let lengths = [window.strides.len(), window.dilations.len(), window.pads.len() / 2];
        let all = [&window.kernel, &window.strides, &window.dilations].into_iter().flatten();
        if lengths.iter().any(|&length| length != rank)
            || all.into_iter().any(|&number| !(1..=LONGEST_AXIS).contains(&number))
            || window.pads.iter().any(|&pad| !(0..=LONGEST_AXIS).contains(&pad))
        {
            return Err(call.unknown("its window is out of bounds"));
        }
        Ok(window)
    }

    fn reach(&self, at: usize) -> i64 {
        self.dilations[at] * (self.kernel[at] - 1) + 1
    }

    fn output(&self, call: &Call<'_>, spatial: &[usize]) -> Result<Shape, GraphFault> {
        let rounds_up = call.node.integer("ceil_mode") == Some(1);
        let same = matches!(call.node.word("auto_pad"), Some("SAME_UPPER" | "SAME_LOWER"));
        spatial
            .iter()
            .enumerate()
            .map(|(at, &length)| {
                let (length, stride) = (length as i64, self.strides[at]);
                if same {
                    return side(call, (length + stride - 1) / stride);
                }
                let room = length + self.pads[at] + self.pads[at + self.kernel.len()] - self.reach(at);
                side(call, if rounds_up { (room + stride - 1) / stride + 1 } else { room.div_euclid(stride) + 1 })
            })
            .collect()
    }

    fn area(&self) -> u64 {
        self.kernel.iter().fold(1, |product, &length| product.saturating_mul(length as u64))
    }
}

/// Batch, channels and the axes after them.
fn image<'a>(call: &Call<'a>, rank: usize) -> Result<(usize, usize, &'a [usize]), GraphFault> {
    match call.input(0)?.shape.as_slice() {
        [batch, channels, spatial @ ..] if spatial.len() == rank => Ok((*batch, *channels, spatial)),
        _ => Err(call.unknown("its input is not an image")),
    }
}

fn kernel_of_weights(call: &Call<'_>) -> Result<(usize, usize, Vec<i64>), GraphFault> {
    match call.input(1)?.shape.as_slice() {
        [first, second, kernel @ ..] if !kernel.is_empty() => {
            Ok((*first, *second, kernel.iter().map(|&length| length as i64).collect()))
        }
        _ => Err(call.unknown("its weights are not a kernel")),
    }
}

pub(super) fn convolved(call: &Call<'_>) -> Result<(Shape, u64), GraphFault> {
    let (channels, in_group, kernel) = kernel_of_weights(call)?;
    let window = ConvWindow::of(call, kernel)?;
    let (batch, _, spatial) = image(call, window.kernel.len())?;
    let work = window.area().saturating_mul(in_group as u64);
    Ok(([vec![batch, channels], window.output(call, spatial)?].concat(), work))
}

pub(super) fn deconvolved(call: &Call<'_>) -> Result<(Shape, u64), GraphFault> {
    let (in_channels, in_group, kernel) = kernel_of_weights(call)?;
    let window = ConvWindow::of(call, kernel)?;
    let rank = window.kernel.len();
    let (batch, _, spatial) = image(call, rank)?;
    let groups = side(call, call.node.integer("group").unwrap_or(1))?;
    let added = call.node.integers("output_padding");
    if call.node.integers("output_shape").is_some() || call.node.word("auto_pad").is_some_and(|pad| pad != "NOTSET")
    {
        return Err(call.unknown("its output size is stated instead of its padding"));
    }
    let lengths = spatial.iter().enumerate().map(|(at, &length)| {
        let pads = window.pads[at] + window.pads[at + rank];
        let added = added.and_then(|added| added.get(at)).copied().unwrap_or(0);
        side(call, window.strides[at] * (length as i64 - 1) + added.min(LONGEST_AXIS) + window.reach(at) - pads)
    });
    let lengths = lengths.collect::<Result<Shape, _>>()?;
    // Each input number reaches a kernel's area of outputs; with a stride of 1 that is the work for each output.
    let work = window.area().saturating_mul((in_channels / groups.max(1)) as u64);
    Ok(([vec![batch, in_group.saturating_mul(groups)], lengths].concat(), work))
}

pub(super) fn pooled(call: &Call<'_>) -> Result<(Shape, u64), GraphFault> {
    let kernel = call.node.integers("kernel_shape").ok_or_else(|| call.unknown("its window is missing"))?;
    let window = ConvWindow::of(call, kernel.to_vec())?;
    let (batch, channels, spatial) = image(call, kernel.len())?;
    Ok(([vec![batch, channels], window.output(call, spatial)?].concat(), window.area()))
}

pub(super) fn multiplied(operator: &str, call: &Call<'_>) -> Result<(Shape, u64), GraphFault> {
    let (one, other) = (&call.input(0)?.shape, &call.input(1)?.shape);
    let (&[.., rows, inner], &[.., other_rows, columns]) = (one.as_slice(), other.as_slice()) else {
        return Err(call.unknown("it multiplies vectors"));
    };
    if operator == "Gemm" {
        let turned = |name: &str| call.node.integer(name) == Some(1);
        let rows_and_inner = if turned("transA") { [inner, rows] } else { [rows, inner] };
        let columns = if turned("transB") { other_rows } else { columns };
        return Ok((vec![rows_and_inner[0], columns], rows_and_inner[1] as u64));
    }
    let [stack, other_stack] = [one, other].map(|shape| &shape[..shape.len() - 2]);
    let rank = stack.len().max(other_stack.len());
    let mut shape: Shape =
        (0..rank).map(|at| aligned(stack, at, rank).max(aligned(other_stack, at, rank))).collect();
    shape.extend([rows, columns]);
    Ok((shape, inner as u64))
}

pub(super) fn concatenated(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let mut shape = call.input(0)?.shape.clone();
    let place = axis(call, call.node.integer("axis").unwrap_or(0), shape.len())?;
    for input in 1..call.inputs.len() {
        let more = call.input(input)?.shape.get(place).ok_or_else(|| call.unknown("its inputs differ in axes"))?;
        shape[place] = side(call, (shape[place] as i64).saturating_add(*more as i64))?;
    }
    Ok(shape)
}

pub(super) fn expanded(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let wanted = call.constants(1)?;
    let shape = &call.input(0)?.shape;
    let rank = wanted.len().max(shape.len());
    (0..rank).map(|at| Ok(aligned(shape, at, rank).max(side(call, aligned(&wanted, at, rank))?))).collect()
}

pub(super) fn flattened(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let named = call.node.integer("axis").unwrap_or(1);
    let place = if named == shape.len() as i64 { shape.len() } else { axis(call, named, shape.len())? };
    Ok(vec![count(&shape[..place]), count(&shape[place..])])
}

pub(super) fn gathered(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let (shape, indices) = (&call.input(0)?.shape, &call.input(1)?.shape);
    let place = axis(call, call.node.integer("axis").unwrap_or(0), shape.len())?;
    Ok([&shape[..place], indices, &shape[place + 1..]].concat())
}

pub(super) fn padded(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let pads = call.constants(1)?;
    let places = call.constants_or(3, || (0..shape.len() as i64).collect())?;
    let mut result = shape.clone();
    for (number, &named) in places.iter().enumerate() {
        let (Some(before), Some(after)) = (pads.get(number), pads.get(number + places.len())) else {
            return Err(call.unknown("its padding does not match its input"));
        };
        let place = axis(call, named, shape.len())?;
        result[place] = side(call, (shape[place] as i64).saturating_add(*before).saturating_add(*after))?;
    }
    Ok(result)
}

pub(super) fn reduced(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let named = axes(call, 1)?.unwrap_or_else(|| (0..shape.len() as i64).collect());
    let places = places(call, &named, shape.len())?;
    let keeps = call.node.integer("keepdims") != Some(0);
    let kept = shape.iter().enumerate().filter_map(|(at, &length)| match places.contains(&at) {
        true if keeps => Some(1),
        true => None,
        false => Some(length),
    });
    Ok(kept.collect())
}

pub(super) fn reshaped(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let input = call.input(0)?;
    let mut shape: Shape = Vec::new();
    let mut open = None;
    for (at, wanted) in call.constants(1)?.into_iter().enumerate() {
        shape.push(match wanted {
            -1 if open.is_none() => {
                open = Some(at);
                1
            }
            0 if call.node.integer("allowzero") != Some(1) => {
                *input.shape.get(at).ok_or_else(|| call.unknown("it copies an axis that is not there"))?
            }
            length => side(call, length)?,
        });
    }
    if let Some(at) = open {
        shape[at] = input.len().checked_div(count(&shape)).unwrap_or(0);
    }
    if count(&shape) == input.len() {
        Ok(shape)
    } else {
        Err(call.unknown("its output has a different number of elements"))
    }
}

pub(super) fn resized(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let input = &call.input(0)?.shape;
    if call.node.attribute("axes").is_some() {
        return Err(call.unknown("it names its axes"));
    }
    if call.given(3).is_some_and(|sizes| !sizes.shape.contains(&0)) {
        return call.constants(3)?.into_iter().map(|length| side(call, length)).collect();
    }
    let scales = call.input(2)?.numbers.as_ref().ok_or_else(|| call.unknown("its scales are calculated"))?;
    if scales.len() != input.len() {
        return Err(call.unknown("its scales do not match its input"));
    }
    input.iter().zip(scales).map(|(&length, scale)| side(call, (length as f64 * scale).floor() as i64)).collect()
}

pub(super) fn sliced(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let mut shape = call.input(0)?.shape.clone();
    let (starts, ends) = (call.constants(1)?, call.constants(2)?);
    let places = call.constants_or(3, || (0..starts.len() as i64).collect())?;
    let steps = call.constants_or(4, || vec![1; starts.len()])?;
    if [ends.len(), places.len(), steps.len()] != [starts.len(); 3] {
        return Err(call.unknown("its starts and ends differ in number"));
    }
    for (((&start, &end), &named), &step) in starts.iter().zip(&ends).zip(&places).zip(&steps) {
        let place = axis(call, named, shape.len())?;
        let length = shape[place] as i64;
        let from_end = |at: i64| if at < 0 { at.saturating_add(length) } else { at };
        let (start, end) = (from_end(start), from_end(end));
        let span = match step {
            0 => return Err(call.unknown("its step is 0")),
            1.. => end.clamp(0, length) - start.clamp(0, length),
            _ => start.clamp(0, length - 1) - end.clamp(-1, length - 1),
        };
        let length = (span.max(0) as u64).div_ceil(step.unsigned_abs());
        shape[place] = side(call, i64::try_from(length).unwrap_or(i64::MAX))?;
    }
    Ok(shape)
}

pub(super) fn split(call: &Call<'_>) -> Result<Vec<Shape>, GraphFault> {
    let shape = &call.input(0)?.shape;
    let place = axis(call, call.node.integer("axis").unwrap_or(0), shape.len())?;
    let parts = call.node.output.len() as i64;
    let lengths = call.constants_or(1, || {
        let part = (shape[place] as i64 + parts - 1) / parts.max(1);
        (0..parts).map(|number| (shape[place] as i64 - number * part).clamp(0, part)).collect()
    })?;
    let with = |length| Ok([&shape[..place], &[side(call, length)?], &shape[place + 1..]].concat());
    lengths.into_iter().map(with).collect()
}

pub(super) fn squeezed(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let Some(named) = axes(call, 1)? else {
        return Ok(shape.iter().copied().filter(|&length| length != 1).collect());
    };
    let places = places(call, &named, shape.len())?;
    Ok(shape.iter().enumerate().filter(|(at, _)| !places.contains(at)).map(|(_, &length)| length).collect())
}

pub(super) fn unsqueezed(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let named = axes(call, 1)?.ok_or_else(|| call.unknown("its axes are missing"))?;
    let rank = shape.len() + named.len();
    let places = places(call, &named, rank)?;
    let mut own = shape.iter();
    Ok((0..rank).map(|at| if places.contains(&at) { 1 } else { own.next().copied().unwrap_or(1) }).collect())
}

pub(super) fn transposed(call: &Call<'_>) -> Result<Shape, GraphFault> {
    let shape = &call.input(0)?.shape;
    let Some(order) = call.node.integers("perm") else {
        return Ok(shape.iter().rev().copied().collect());
    };
    Ok(places(call, order, shape.len())?.into_iter().map(|place| shape[place]).collect())
}
