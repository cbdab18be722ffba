//! Bootstrap intervals of means over photographs, by the percentile method (Efron and Tibshirani, An Introduction to the
//! Bootstrap, chapter 13).
//!
//! Whole clusters are drawn, with replacement: the photographs of one lesion resemble each other, so they come together. The
//! seed is fixed, so the same figures give the same interval on every machine.

use super::quantile;

/// How many times clusters are drawn.
pub const RESAMPLES: usize = 2000;

/// The shares of resamples below the interval and up to its end: 95 % lie within.
const SHARES: [f64; 2] = [0.025, 0.975];

const SEED: u64 = 0x6465_726D_6173;

/// The photographs that are drawn together, with the sums of their `N` figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster<const N: usize> {
    photographs: f64,
    sums: [f64; N],
}

impl<const N: usize> Default for Cluster<N> {
    fn default() -> Self {
        Self { photographs: 0.0, sums: [0.0; N] }
    }
}

impl<const N: usize> Cluster<N> {
    /// Adds a photograph's figures.
    pub fn add(&mut self, figures: [f64; N]) {
        self.photographs += 1.0;
        self.sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    }
}

/// The mean of each figure over all photographs of the clusters.
pub fn means<'c, const N: usize>(clusters: impl IntoIterator<Item = &'c Cluster<N>>) -> [f64; N] {
    let mut all = Cluster::<N>::default();
    for cluster in clusters {
        all.photographs += cluster.photographs;
        all.sums.iter_mut().zip(cluster.sums).for_each(|(sum, more)| *sum += more);
    }
    all.sums.map(|sum| sum / all.photographs)
}

/// The 95 % interval of each mean; none of fewer than two clusters, which cannot vary.
#[must_use]
pub fn intervals<const N: usize>(clusters: &[Cluster<N>]) -> Option<[[f64; 2]; N]> {
    let mut random = SplitMix64(SEED);
    let drawn = || -> [f64; N] { means((0..clusters.len()).map(|_| &clusters[random.below(clusters.len())])) };
    (clusters.len() > 1).then(|| percentiles(std::iter::repeat_with(drawn).take(RESAMPLES)))
}

/// The interval that holds 95 % of each figure's values.
fn percentiles<const N: usize>(drawn: impl Iterator<Item = [f64; N]>) -> [[f64; 2]; N] {
    let drawn: Vec<[f64; N]> = drawn.collect();
    std::array::from_fn(|figure| {
        let mut values: Vec<f64> = drawn.iter().map(|means| means[figure]).collect();
        values.sort_by(f64::total_cmp);
        SHARES.map(|share| quantile::of_sorted(&values, share))
    })
}

/// Sebastiano Vigna's generator of 2015. A library's may give other numbers in its next version.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end`, which is left out; `end` is at least 1.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Made by `models/recipe/bootstrap_reference.py`.
    fn reference() -> Value {
        let text = include_str!("../../tests/fixtures/bootstrap/bootstrap.json");
        serde_json::from_str(text).expect("it is JSON")
    }

    fn clusters(case: &Value) -> Vec<Cluster<1>> {
        let of = |lesion: &Value| {
            let mut cluster = Cluster::default();
            let figures = lesion.as_array().expect("a lesion's photographs");
            figures.iter().for_each(|figure| cluster.add([figure.as_f64().expect("a figure")]));
            cluster
        };
        case["lesions"].as_array().expect("lesions").iter().map(of).collect()
    }

    fn interval(case: &Value) -> [f64; 2] {
        ["low", "high"].map(|end| case[end].as_f64().expect("an end"))
    }

    #[test]
    fn every_draw_that_there_is_has_the_percentiles_that_numpy_finds() {
        let case = &reference()["every_draw"];
        let clusters = clusters(case);
        let count = clusters.len();
        let draw =
            |number: usize| means((0..count).map(|place| &clusters[number / count.pow(place as u32) % count]));
        let [found] = percentiles((0..count.pow(count as u32)).map(draw));
        for (found, expected) in found.into_iter().zip(interval(case)) {
            assert!((found - expected).abs() < 1e-12, "{found}, by numpy {expected}");
        }
    }

    #[test]
    fn intervals_are_scipys_within_the_error_of_so_many_draws() {
        for case in reference()["scipy"].as_array().expect("cases") {
            let clusters = clusters(case);
            let [mean] = means(&clusters);
            assert!((mean - case["mean"].as_f64().unwrap()).abs() < 1e-12);
            let [found] = intervals(&clusters).expect("there are many clusters");
            // The 2.5th percentile of 2,000 draws varies by 0.06 standard errors: four times that.
            let tolerance = 0.24 * case["standard_error"].as_f64().unwrap();
            for (found, expected) in found.into_iter().zip(interval(case)) {
                assert!((found - expected).abs() < tolerance, "{found}, by scipy {expected} ± {tolerance}");
            }
        }
    }

    #[test]
    fn the_generator_gives_its_authors_numbers() {
        let mut random = SplitMix64(1_234_567);
        let found = [random.next(), random.next(), random.next()];
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        let mut counts = [0; 3];
        (0..3000).for_each(|_| counts[random.below(3)] += 1);
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
    }

    #[test]
    fn one_cluster_has_no_interval_and_alike_ones_have_no_width() {
        let mut one = Cluster::<2>::default();
        one.add([0.5, 1.0]);
        assert_eq!(intervals(&[one]), None);
        assert_eq!(intervals::<2>(&[]), None);
        assert_eq!(intervals(&[one; 3]), Some([[0.5, 0.5], [1.0, 1.0]]));
    }
}
