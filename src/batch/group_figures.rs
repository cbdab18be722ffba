//! Agreement with the references by group of photographs, with bootstrap intervals: as text, JSON, CSV and plot. Names and
//! meanings are those of the block `external` on a network's card.

use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, Serializer};

use super::group_names::GroupName;
use super::grouping::Grouping;
use super::table::{self, Column, shortened};
use crate::measure::bootstrap::{self, Cluster, RESAMPLES};
use crate::report::{GroupPlot, PlotRow, PlotSection};

/// An outline whose IoU is below is called a failure.
const FAILURE_BELOW: f64 = 0.65;

/// A group of fewer photographs says little.
pub(super) const SMALL: u64 = 20;

/// What stands for a value that the table does not state.
const NOT_STATED: &str = "not stated";

/// A photograph that was evaluated.
#[derive(Clone, Debug)]
pub(super) struct ScoredPhoto {
    pub(super) id: String,
    pub(super) iou: f64,
    pub(super) dice: f64,
}

/// The figures of one group.
#[derive(Clone, Debug, Serialize)]
pub(super) struct GroupRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    n: u64,
    lesions: usize,
    mean_iou: f64,
    /// 95 %, as the others; none where all photographs are of one lesion.
    mean_iou_interval: Option<[f64; 2]>,
    mean_dice: f64,
    mean_dice_interval: Option<[f64; 2]>,
    /// The share of failures.
    below_0_65: f64,
    below_0_65_interval: Option<[f64; 2]>,
    small: bool,
    #[serde(skip)]
    is_stated: bool,
}

/// All groups of all columns.
#[derive(Debug, Serialize)]
pub(super) struct GroupReport {
    table: String,
    /// What the bootstrap draws: the column of lesions, or photographs.
    resampled: String,
    resamples: usize,
    /// Photographs that the table does not list; they are 'not stated' in every column.
    not_in_table: usize,
    overall: GroupRow,
    #[serde(serialize_with = "as_map")]
    by: Vec<(String, Vec<GroupRow>)>,
    #[serde(skip)]
    is_by_lesion: bool,
}

fn as_map<S: Serializer>(by: &[(String, Vec<GroupRow>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(by.iter().map(|(column, rows)| (column, rows)))
}

impl GroupReport {
    /// The figures of the groups that `photos` form; `None` without any photograph.
    pub(super) fn of(grouping: &Grouping, photos: &[ScoredPhoto]) -> Option<Self> {
        let members: Vec<_> = photos.iter().map(|photo| (photo, grouping.membership(&photo.id))).collect();
        let of_column = |column: usize| {
            let mut groups: BTreeMap<GroupName, Vec<(&ScoredPhoto, Option<&str>)>> = BTreeMap::new();
            for (photo, member) in &members {
                let group = member.map_or(GroupName::NOT_STATED, |member| member.groups[column].clone());
                groups.entry(group).or_default().push((photo, member.and_then(|m| m.lesion.as_deref())));
            }
            groups.into_iter().map(|(group, photos)| GroupRow::of(Some(group), &photos)).collect::<Vec<_>>()
        };
        let all: Vec<_> =
            members.iter().map(|(photo, member)| (*photo, member.and_then(|m| m.lesion.as_deref()))).collect();
        (!photos.is_empty()).then(|| Self {
            table: grouping.table.to_string_lossy().into_owned(),
            resampled: grouping.lesion_column.clone().unwrap_or_else(|| "photographs".into()),
            resamples: RESAMPLES,
            not_in_table: members.iter().filter(|(_, member)| member.is_none()).count(),
            overall: GroupRow::of(None, &all),
            by: grouping.columns.iter().cloned().enumerate().map(|(at, name)| (name, of_column(at))).collect(),
            is_by_lesion: grouping.lesion_column.is_some(),
        })
    }

    /// A table of eighty columns.
    pub(super) fn text(&self) -> String {
        const COLUMNS: [Column; 6] = [
            Column::left("by group"),
            Column::right("n "),
            Column::right("mean_iou"),
            Column::left("95 % interval"),
            Column::right("mean_dice"),
            Column::right("IoU < 0.65"),
        ];
        let mut rows = vec![self.overall.cells("all photographs")];
        for (column, groups) in &self.by {
            let mut heading: [String; 6] = Default::default();
            heading[0] = shortened(column, NAME_WIDTH);
            rows.push(heading);
            rows.extend(groups.iter().map(|row| row.cells(&format!("  {}", row.name()))));
        }
        let mut lines = table::lines(&COLUMNS, &rows);
        lines.push(String::new());
        if self.by.iter().flat_map(|(_, rows)| rows).any(|row| row.small) {
            lines.push(format!("* fewer than {SMALL} photographs: too few for a statement"));
        }
        let drawn =
            if self.is_by_lesion { format!("lesions ('{}')", self.resampled) } else { "photographs".into() };
        lines.push(format!("Intervals: percentile bootstrap, {RESAMPLES} resamples of {drawn}"));
        lines.join("\n")
    }

    /// A row for each group, the first of all photographs.
    pub(super) fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(CSV_COLUMNS)?;
        writer.write_record(self.overall.csv_cells("all"))?;
        for (column, groups) in &self.by {
            for row in groups {
                writer.write_record(row.csv_cells(column))?;
            }
        }
        Ok(writer.into_inner()?)
    }

    /// What a plot shows of it, for the outlines of `network`.
    pub(super) fn plot<'a>(&'a self, network: &'a str) -> GroupPlot<'a> {
        let section = |(column, rows): &'a (String, Vec<GroupRow>)| PlotSection {
            heading: column,
            rows: rows.iter().map(GroupRow::plotted).collect(),
        };
        GroupPlot {
            network,
            small: SMALL,
            is_by_lesion: self.is_by_lesion,
            overall: self.overall.plotted(),
            sections: self.by.iter().map(section).collect(),
        }
    }
}

/// Names wider than this are cut in the text; JSON, CSV and plot have them whole.
const NAME_WIDTH: usize = 22;

const CSV_COLUMNS: [&str; 14] = [
    "by",
    "group",
    "n",
    "lesions",
    "mean_iou",
    "mean_iou_low",
    "mean_iou_high",
    "mean_dice",
    "mean_dice_low",
    "mean_dice_high",
    "below_0_65",
    "below_0_65_low",
    "below_0_65_high",
    "small",
];

impl GroupRow {
    /// Of photographs, each with its lesion's name where that is known.
    fn of(group: Option<GroupName>, photos: &[(&ScoredPhoto, Option<&str>)]) -> Self {
        let mut clusters: Vec<Cluster<3>> = Vec::new();
        let mut place_of_lesion: HashMap<&str, usize> = HashMap::new();
        for (photo, lesion) in photos {
            let place = match lesion {
                Some(lesion) => *place_of_lesion.entry(lesion).or_insert(clusters.len()),
                None => clusters.len(),
            };
            if place == clusters.len() {
                clusters.push(Cluster::default());
            }
            clusters[place].add([photo.iou, photo.dice, f64::from(u8::from(photo.iou < FAILURE_BELOW))]);
        }
        let [mean_iou, mean_dice, below_0_65] = bootstrap::means(&clusters);
        let intervals = bootstrap::intervals(&clusters);
        let interval = |figure: usize| intervals.map(|intervals| intervals[figure]);
        let n = photos.len() as u64;
        Self {
            is_stated: group.as_ref().is_none_or(|group| group.name.is_some()),
            group: group.map(|group| group.name.unwrap_or_else(|| NOT_STATED.into())),
            n,
            lesions: clusters.len(),
            mean_iou,
            mean_iou_interval: interval(0),
            mean_dice,
            mean_dice_interval: interval(1),
            below_0_65,
            below_0_65_interval: interval(2),
            small: n < SMALL,
        }
    }

    fn name(&self) -> &str {
        self.group.as_deref().unwrap_or_default()
    }

    fn cells(&self, name: &str) -> [String; 6] {
        let mark = if self.small { '*' } else { ' ' };
        let interval = self.mean_iou_interval.map(|[low, high]| format!("{low:.3} to {high:.3}"));
        [
            shortened(name, NAME_WIDTH),
            format!("{}{mark}", self.n),
            format!("{:.3}", self.mean_iou),
            interval.unwrap_or_else(|| "-".into()),
            format!("{:.3}", self.mean_dice),
            format!("{:.1} %", 100.0 * self.below_0_65),
        ]
    }

    fn csv_cells(&self, by: &str) -> [String; CSV_COLUMNS.len()] {
        let share = |share: f64| format!("{share:.6}");
        let ends = |interval: Option<[f64; 2]>| interval.map(|ends| ends.map(share)).unwrap_or_default();
        let [iou_low, iou_high] = ends(self.mean_iou_interval);
        let [dice_low, dice_high] = ends(self.mean_dice_interval);
        let [below_low, below_high] = ends(self.below_0_65_interval);
        [
            by.to_owned(),
            self.name().to_owned(),
            self.n.to_string(),
            self.lesions.to_string(),
            share(self.mean_iou),
            iou_low,
            iou_high,
            share(self.mean_dice),
            dice_low,
            dice_high,
            share(self.below_0_65),
            below_low,
            below_high,
            self.small.to_string(),
        ]
    }

    fn plotted(&self) -> PlotRow<'_> {
        PlotRow {
            label: self.group.as_deref().filter(|_| self.is_stated),
            photographs: self.n,
            mean: self.mean_iou,
            interval: self.mean_iou_interval,
            share_below: self.below_0_65,
            is_small: self.small,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::photo_table::PhotoTable;
    use super::*;

    fn photos(ious: &[f64]) -> Vec<ScoredPhoto> {
        let photo = |(place, &iou): (usize, &f64)| ScoredPhoto { id: format!("p{place}"), iou, dice: iou };
        ious.iter().enumerate().map(photo).collect()
    }

    fn report(table: &str, by: &str, ious: &[f64]) -> GroupReport {
        let table = PhotoTable::parse(table.as_bytes()).unwrap();
        let grouping =
            Grouping::of(&table, "t.csv".as_ref(), &by.split(',').map(str::to_owned).collect::<Vec<_>>());
        GroupReport::of(&grouping.unwrap(), &photos(ious)).expect("there are photographs")
    }

    const TABLE: &str = "image_id,lesion_id,dx,sex\np0,a,nv,male\np1,a,nv,male\np2,b,nv,\np3,c,mel,male\n";

    #[test]
    fn groups_have_their_photographs_and_one_lesion_is_one_draw() {
        let report = report(TABLE, "dx,sex", &[0.9, 0.5, 0.7, 0.6, 0.8]);
        let found = json!(report);
        let [mel, nv, unknown] = [0, 1, 2].map(|row| &found["by"]["dx"][row]);
        assert_eq!((&mel["group"], &mel["n"], &mel["mean_iou_interval"]), (&json!("mel"), &json!(1), &json!(null)));
        assert_eq!((&nv["n"], &nv["lesions"], &nv["small"]), (&json!(3), &json!(2), &json!(true)));
        assert!((nv["mean_iou"].as_f64().unwrap() - 0.7).abs() < 1e-12);
        assert!((nv["below_0_65"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
        // Both lesions have a mean of 0.7: whatever is drawn, the mean is that.
        let interval = [0, 1].map(|end| nv["mean_iou_interval"][end].as_f64().unwrap());
        assert!(interval.iter().all(|end| (end - 0.7).abs() < 1e-12), "{interval:?}");
        assert_eq!((&unknown["group"], &unknown["n"]), (&json!("not stated"), &json!(1)));
        assert_eq!((&found["not_in_table"], &found["resampled"]), (&json!(1), &json!("lesion_id")));
        assert_eq!(found["overall"]["lesions"], 4);
        assert!(found["overall"].get("group").is_none());
    }

    #[test]
    fn the_text_is_aligned_and_fits_eighty_columns() {
        let long = "x".repeat(60);
        let table = format!("image_id,dx\np0,{long}\np1,nv\np2,皮损\n");
        let text = report(&table, "dx", &[0.9, 0.5, 0.25]).text();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("  nv  ") && text.contains("1*     0.500  -"), "{text}");
        assert!(text.contains("* fewer than 20") && text.contains("2000 resamples of photographs"), "{text}");
    }

    #[test]
    fn the_csv_has_a_row_a_group() {
        let rows = String::from_utf8(report(TABLE, "sex", &[0.9, 0.5, 0.7, 0.6]).csv().unwrap()).unwrap();
        let lines: Vec<&str> = rows.lines().collect();
        assert_eq!(lines.len(), 4, "{rows}");
        assert!(lines[0].starts_with("by,group,n,lesions,mean_iou,mean_iou_low"), "{rows}");
        assert!(lines[1].starts_with("all,,4,3,0.675000,") && lines[2].starts_with("sex,male,3,2,"), "{rows}");
        assert_eq!(lines[3], "sex,not stated,1,1,0.700000,,,0.700000,,,0.000000,,,true");
    }

    #[test]
    fn without_photographs_there_is_nothing_to_report() {
        let grouping = Grouping::of(&PhotoTable::parse(TABLE.as_bytes()).unwrap(), "t".as_ref(), &["dx".into()]);
        assert!(GroupReport::of(&grouping.unwrap(), &[]).is_none());
    }
}
