//! The groups that a column's values form: numbers, such as ages, in tens; everything else as it is.

use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What stands for a value that is not known, in any case.
const UNKNOWN: [&str; 6] = ["", "unknown", "na", "n/a", "nan", "null"];

/// The narrowest range of numbers.
const TEN: f64 = 10.0;

/// The most ranges of a column; beyond that they become wider.
const MOST_RANGES: f64 = 20.0;

/// A group's name, in the order in which groups are shown: by number, then by name, what is not stated last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GroupName {
    rank: f64,
    /// `None` where the value is not stated.
    pub(super) name: Option<String>,
}

impl GroupName {
    pub(super) const NOT_STATED: Self = Self { rank: f64::INFINITY, name: None };

    fn text(name: &str) -> Self {
        Self { rank: 0.0, name: Some(name.to_owned()) }
    }
}

impl Eq for GroupName {}

impl Ord for GroupName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.total_cmp(&other.rank).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for GroupName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The group of each value of a column.
pub(super) fn of_column(values: &[&str]) -> Vec<GroupName> {
    let stated = |value: &str| !UNKNOWN.iter().any(|unknown| value.eq_ignore_ascii_case(unknown));
    let numbers: Option<Vec<f64>> =
        values.iter().filter(|value| stated(value)).map(|value| number(value)).collect();
    let of_number = numbers.as_deref().map(Ranges::of);
    let of_value = |value: &&str| match (&of_number, number(value)) {
        _ if !stated(value) => GroupName::NOT_STATED,
        (Some(ranges), Some(number)) => ranges.name(number),
        _ => GroupName::text(value),
    };
    values.iter().map(of_value).collect()
}

/// A number, also with the comma of many countries.
fn number(value: &str) -> Option<f64> {
    value.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

/// How the numbers of a column are grouped.
enum Ranges {
    /// Few small ones, as grades and yes (1) or no (0) are: each is a group.
    Each,
    /// Ranges of this width: 10, 20, 50, 100 and so on.
    Of(f64),
}

impl Ranges {
    fn of(numbers: &[f64]) -> Self {
        let [least, most] = [f64::min, f64::max].map(|of| numbers.iter().copied().reduce(of).unwrap_or_default());
        let different: BTreeSet<u64> = numbers.iter().map(|number| number.to_bits()).collect();
        if least > -TEN && most < TEN && different.len() <= TEN as usize {
            return Self::Each;
        }
        let mut steps = (0..300).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * TEN.powi(power + 1)));
        let fits = |step: &f64| (most / step).floor() - (least / step).floor() < MOST_RANGES;
        Self::Of(steps.find(fits).unwrap_or(f64::INFINITY))
    }

    fn name(&self, number: f64) -> GroupName {
        match self {
            Self::Each => GroupName { rank: number, name: Some(number.to_string()) },
            Self::Of(step) => {
                let from = (number / step).floor() * step;
                GroupName { rank: from, name: Some(format!("{from} to {}", from + step - 1.0)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of a column, each once, in their order.
    fn groups(values: &[&str]) -> Vec<String> {
        let groups: BTreeSet<GroupName> = of_column(values).into_iter().collect();
        groups.into_iter().map(|group| group.name.unwrap_or_else(|| "-".into())).collect()
    }

    #[test]
    fn ages_come_in_tens_and_what_is_not_stated_last() {
        assert_eq!(groups(&["80.0", "5", "", "49,5", "unknown", "40"]), ["0 to 9", "40 to 49", "80 to 89", "-"]);
        assert_eq!(groups(&["100", "9"]), ["0 to 9", "100 to 109"], "by number, not by letter");
        assert_eq!(groups(&["-5", "15"]), ["-10 to -1", "10 to 19"]);
    }

    #[test]
    fn small_numbers_are_each_a_group_and_large_ones_have_wider_ranges() {
        assert_eq!(groups(&["1", "0", "1.0", "NA"]), ["0", "1", "-"]);
        assert_eq!(groups(&["600", "6100"]), ["500 to 999", "6000 to 6499"]);
        assert!(groups(&["-1e300", "1e300", "0"]).len() <= 3);
    }

    #[test]
    fn words_are_as_they_are_and_one_word_makes_words_of_a_column() {
        assert_eq!(groups(&["nv", "mel", " ", "n/a"].map(str::trim)), ["mel", "nv", "-"]);
        assert_eq!(groups(&["40", "85+"]), ["40", "85+"]);
        assert_eq!(groups(&["", "unknown"]), ["-"]);
        assert_eq!(groups(&[]), [""; 0]);
    }
}
