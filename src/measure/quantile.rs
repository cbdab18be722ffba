//! Quantiles, linear between neighbours as numpy's default (`method="linear"`).

/// The quantile `share`, 0 to 1, of values that are sorted and not none.
pub(crate) fn of_sorted(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + (above - below) * position.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted = [1.0, 2.0, 3.0, 10.0];
        let found = [0.0, 0.5, 0.95, 1.0].map(|share| of_sorted(&sorted, share));
        for (found, expected) in found.into_iter().zip([1.0, 2.5, 8.95, 10.0]) {
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        }
    }
}
