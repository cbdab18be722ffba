//! A network that looks eight times: the mean of its maps of the input turned and mirrored, each turned back. It stands
//! between the pipeline and any engine, so photographs that are run whole and in tiles, and every engine, have it alike.

use std::time::Instant;

use super::{Inferred, NetworkRunner, millis_since};
use crate::geometry::turn::Turn;
use crate::inference::{InferenceError, InputForm, InputTensor, NetworkOutput};

/// Runs the network once for each of [`Turn::ALL`] that its input's shape allows: an oblong input is not turned by a
/// quarter.
pub(super) struct CarefulRunner<'a>(pub(super) &'a mut dyn NetworkRunner);

impl NetworkRunner for CarefulRunner<'_> {
    fn input_form(&self) -> InputForm {
        self.0.input_form()
    }

    fn run(&mut self, input: InputTensor) -> Result<Inferred, InferenceError> {
        let [_, _, height, width] = input.shape();
        let form = self.0.input_form();
        let fitting = Turn::ALL.into_iter().filter(|turn| width == height || !turn.swaps_sides());
        let (mut sum, mut views, mut infer_millis, mut last) = (Vec::new(), 0_u8, 0.0, None);
        for turn in fitting {
            let started = Instant::now();
            let view = input.turned(turn, form);
            infer_millis += millis_since(started);
            let found = self.0.run(view)?;
            infer_millis += found.infer_millis;
            let started = Instant::now();
            let (size, values) = (found.output.size(), found.output.into_values());
            let (upright, values) = turn.inverse().applied(&values, size, 1);
            add(&mut sum, &values);
            infer_millis += millis_since(started);
            (views, last) = (views + 1, Some((upright, found.engine)));
        }
        // The identity always fits.
        let ([width, height], engine) = last.ok_or(InferenceError::Cancelled)?;
        let mean = sum.iter().map(|value| value / f32::from(views)).collect();
        let output = NetworkOutput::new(engine.kind.title(), width, height, mean)?;
        Ok(Inferred { output, engine, infer_millis })
    }
}

fn add(sum: &mut Vec<f32>, values: &[f32]) {
    if sum.is_empty() {
        sum.extend_from_slice(values);
    } else {
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
}
