//! `--review-first`: which photographs a person should look at first, the most doubtful outline first.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::UsageError;
use super::confidence_row::{doubt, rounded};
use super::console::{Console, json};
use super::found_lesion::NetworkAnswer;
use super::inputs;
use crate::confidence::DoubtReason;
use crate::inference::ModelCard;
use crate::quality::CaptureQuality;
use crate::terminal::shown;

/// How many photographs are listed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReviewFirst {
    /// A share of those that a network outlined, above 0 and up to 1.
    Share(f64),
    /// So many, from 1 on.
    Count(usize),
}

impl std::str::FromStr for ReviewFirst {
    type Err = String;

    /// A share such as `20%`, or a number of photographs.
    fn from_str(typed: &str) -> Result<Self, String> {
        let found = match typed.strip_suffix('%') {
            Some(percent) => {
                let percent = percent.trim_end().parse().ok().filter(|percent| 0.0 < *percent && *percent <= 100.0);
                percent.map(|percent: f64| Self::Share(percent / 100.0))
            }
            None => typed.parse().ok().filter(|&count| count > 0).map(Self::Count),
        };
        found.ok_or_else(|| {
            "expected a share such as 20% (above 0% and up to 100%), or a number of photographs from 1 on"
                .to_owned()
        })
    }
}

impl ReviewFirst {
    /// Checks that the network says how doubtful its outlines are.
    ///
    /// # Errors
    /// [`UsageError`] where its card has no expected agreement.
    pub(super) fn check(self, card: &ModelCard) -> Result<(), UsageError> {
        Self::check_doubt(says_doubt(card), &card.name)
    }

    /// As [`Self::check`], of the network of this name whose card says it or does not.
    pub(super) fn check_doubt(says_doubt: bool, model: &str) -> Result<(), UsageError> {
        if says_doubt {
            return Ok(());
        }
        Err(UsageError::new(format!(
            "--review-first needs the agreement to be expected, which the card of model '{model}' does not give; choose \
             another model, or leave --review-first out"
        )))
    }

    /// How many of `all` photographs are listed: at least one.
    pub(super) fn count(self, all: usize) -> usize {
        let count = match self {
            Self::Share(share) => (share * all as f64).round_ties_even() as usize,
            Self::Count(count) => count,
        };
        count.clamp(1, all.max(1)).min(all)
    }
}

/// Whether the card of a network says how doubtful its outlines are.
pub(super) fn says_doubt(card: &ModelCard) -> bool {
    card.optional.calibration.is_some() && card.optional.expected_agreement.is_some()
}

/// The outlines of a batch by how doubtful they are.
#[derive(Default)]
pub(super) struct ReviewQueue(Vec<DoubtfulPhoto>);

/// A photograph in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct DoubtfulPhoto {
    file: String,
    pub(super) doubt: f64,
    reasons: Vec<DoubtReason>,
    /// With a reference, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) iou: Option<f64>,
}

/// The same as rows have it.
#[derive(Serialize)]
struct DoubtfulRow<'a> {
    file: &'a str,
    doubt: f64,
    doubt_reasons: &'a [DoubtReason],
    #[serde(skip_serializing_if = "Option::is_none")]
    iou: Option<f64>,
}

/// The photographs as rows, each with its doubt as the photograph's own row has it.
pub(super) fn rows<S: serde::Serializer>(photos: &[DoubtfulPhoto], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(photos.iter().map(|DoubtfulPhoto { file, doubt, reasons, iou }| DoubtfulRow {
        file,
        doubt: rounded(*doubt),
        doubt_reasons: reasons,
        iou: *iou,
    }))
}

/// As [`rows`], of a list that may be missing.
pub(super) fn rows_if_any<S: serde::Serializer>(
    photos: &Option<&[DoubtfulPhoto]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    rows(photos.unwrap_or_default(), serializer)
}

impl DoubtfulPhoto {
    /// The photograph at `file` with a network's answer; none where its card does not say how doubtful it is.
    pub(super) fn of(
        file: &Path,
        answer: &NetworkAnswer,
        iou: Option<f64>,
        quality: Option<CaptureQuality>,
    ) -> Option<Self> {
        let doubt = doubt(answer, quality);
        Some(Self { file: file.to_string_lossy().into_owned(), doubt: doubt.score?, reasons: doubt.reasons, iou })
    }

    fn line(&self) -> String {
        let reasons: Vec<String> = self.reasons.iter().map(|reason| reason.words().to_string()).collect();
        format!("{:>6.2}  {}  {}", self.doubt, shown(&inputs::name(Path::new(&self.file))), reasons.join(", "))
            .trim_end()
            .to_owned()
    }
}

/// The last line of `segment --json` and `report --json`.
#[derive(Serialize)]
struct ReviewFirstRow<'a> {
    #[serde(serialize_with = "rows")]
    review_first: &'a [DoubtfulPhoto],
    /// Photographs that a network outlined.
    of: usize,
}

impl ReviewQueue {
    /// Adds a photograph.
    pub(super) fn add(&mut self, photo: Option<DoubtfulPhoto>) {
        self.0.extend(photo);
    }

    /// All photographs, the most doubtful first; of equal ones in the order of the batch.
    pub(super) fn sorted(mut self) -> Vec<DoubtfulPhoto> {
        self.0.sort_by(|one, other| other.doubt.total_cmp(&one.doubt));
        self.0
    }

    /// Prints which ones are to be looked at first.
    pub(super) fn print(self, first: ReviewFirst, console: &mut Console, is_json: bool) -> std::io::Result<()> {
        let sorted = self.sorted();
        let listed = &sorted[..first.count(sorted.len())];
        if is_json {
            return console.row(&json(&ReviewFirstRow { review_first: listed, of: sorted.len() }));
        }
        console.lines(&lines(listed, sorted.len()).join("\n"))
    }
}

/// What a person reads: a heading, and a line for each photograph.
pub(super) fn lines(listed: &[DoubtfulPhoto], of: usize) -> Vec<String> {
    let heading = match of {
        0 => "review first: no photograph was outlined by the network".to_owned(),
        _ => format!("review first: {} of {of}, the most doubtful first", listed.len()),
    };
    [String::new(), heading].into_iter().chain(listed.iter().map(DoubtfulPhoto::line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_or_a_number_is_read_and_nothing_else() {
        let read = |typed: &str| typed.parse::<ReviewFirst>();
        assert_eq!(read("20%"), Ok(ReviewFirst::Share(0.2)));
        assert_eq!(read("100 %"), Ok(ReviewFirst::Share(1.0)));
        assert_eq!(read("12"), Ok(ReviewFirst::Count(12)));
        for wrong in ["0%", "120%", "-5%", "NaN%", "%", "0", "-3", "2.5", "", "some", "20 percent"] {
            let complaint = read(wrong).expect_err(wrong);
            assert!(complaint.starts_with("expected a share such as 20%"), "{complaint}");
        }
    }

    #[test]
    fn a_share_is_rounded_and_never_nothing_nor_more_than_there_is() {
        assert_eq!([ReviewFirst::Share(0.2).count(650), ReviewFirst::Share(0.2).count(2)], [130, 1]);
        assert_eq!([ReviewFirst::Count(5).count(3), ReviewFirst::Share(0.5).count(0)], [3, 0]);
    }
}
