//! Surface distances over a data set: macro means over photographs, and which of them have no distance.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::measure::surface_distances::{NoSurface, SurfaceDistances};

/// Names and meanings of the figures, in the order in which they are stored.
const FIGURES: [(&str, &str); 3] = [
    ("hd", "Hausdorff distance between the borders"),
    ("hd95", "95th percentile of the distances between the borders"),
    ("assd", "average symmetric surface distance"),
];

/// Columns of a photograph's CSV row; a cell without a figure is empty.
pub(super) const COLUMNS: [&str; 6] = ["hd_px", "hd95_px", "assd_px", "hd_mm", "hd95_mm", "assd_mm"];

/// Sums that grow photo by photo.
#[derive(Default)]
pub(super) struct SurfaceMeans {
    px: Sums,
    mm: Sums,
    left_out: Vec<(String, NoSurface)>,
}

#[derive(Default)]
struct Sums {
    sums: [f64; 3],
    count: u64,
}

impl Sums {
    fn add(&mut self, figures: [f64; 3]) {
        for (sum, figure) in self.sums.iter_mut().zip(figures) {
            *sum += figure;
        }
        self.count += 1;
    }

    fn mean(&self, index: usize) -> Option<f64> {
        (self.count > 0).then(|| self.sums[index] / self.count as f64)
    }
}

fn in_px(SurfaceDistances { hd_px, hd95_px, assd_px }: SurfaceDistances) -> [f64; 3] {
    [hd_px, hd95_px, assd_px]
}

fn in_mm(found: Result<SurfaceDistances, NoSurface>, mm_per_px: Option<f64>) -> Option<[f64; 3]> {
    let mm = found.ok()?.in_mm(mm_per_px?);
    Some([mm.hd_mm, mm.hd95_mm, mm.assd_mm])
}

/// A photograph's cells of the CSV.
pub(super) fn cells(found: Result<SurfaceDistances, NoSurface>, mm_per_px: Option<f64>) -> [String; COLUMNS.len()] {
    let cells = |figures: Option<[f64; 3]>| {
        figures.map(|figures| figures.map(|figure| format!("{figure:.6}"))).unwrap_or_default()
    };
    let [hd_px, hd95_px, assd_px] = cells(found.ok().map(in_px));
    let [hd_mm, hd95_mm, assd_mm] = cells(in_mm(found, mm_per_px));
    [hd_px, hd95_px, assd_px, hd_mm, hd95_mm, assd_mm]
}

impl SurfaceMeans {
    /// Adds the photograph `id`. Without a scale it counts in pixels alone.
    pub(super) fn add(&mut self, id: &str, found: Result<SurfaceDistances, NoSurface>, mm_per_px: Option<f64>) {
        match found {
            Ok(distances) => self.px.add(in_px(distances)),
            Err(reason) => self.left_out.push((id.to_owned(), reason)),
        }
        if let Some(figures) = in_mm(found, mm_per_px) {
            self.mm.add(figures);
        }
    }

    pub(super) fn report(&self) -> SurfaceReport {
        let means = |unit: &str, sums: &Sums| {
            let named = FIGURES.iter().enumerate();
            named.map(|(index, (name, _))| (format!("mean_{name}_{unit}"), sums.mean(index))).collect::<Vec<_>>()
        };
        SurfaceReport {
            n: self.px.count,
            n_mm: self.mm.count,
            means: means("px", &self.px).into_iter().chain(means("mm", &self.mm)).collect(),
            left_out: self
                .left_out
                .iter()
                .map(|(id, reason)| WithoutSurface { image_id: id.clone(), reason: reason.to_string() })
                .collect(),
        }
    }
}

/// The means, how many photographs they include, and which were left out, with the reason.
#[derive(Serialize)]
pub(super) struct SurfaceReport {
    n: u64,
    n_mm: u64,
    /// By name with unit; none without photographs.
    #[serde(flatten)]
    means: BTreeMap<String, Option<f64>>,
    left_out: Vec<WithoutSurface>,
}

/// A photograph without a distance.
#[derive(Serialize)]
struct WithoutSurface {
    image_id: String,
    reason: String,
}

impl SurfaceReport {
    /// The same as text, one line each.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (unit, count) in [("px", self.n), ("mm", self.n_mm)] {
            for (name, meaning) in FIGURES {
                let name = format!("mean_{name}_{unit}");
                match self.means.get(&name).copied().flatten() {
                    Some(mean) => {
                        lines.push(format!("{name:14}  {mean:>6.2}  {meaning}, mean over {count} photographs"));
                    }
                    None if unit == "px" => lines.push(format!("{name:14}  {:>6}  {meaning}", "-")),
                    // Without any scale the report does not mention millimetres.
                    None => {}
                }
            }
        }
        if !self.left_out.is_empty() {
            lines.push(format!("not included in the mean distances: {}", self.left_out.len()));
            lines.extend(
                self.left_out.iter().map(|WithoutSurface { image_id, reason }| format!("  {image_id}: {reason}")),
            );
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn of(px: f64) -> Result<SurfaceDistances, NoSurface> {
        Ok(SurfaceDistances { hd_px: px, hd95_px: px / 2.0, assd_px: px / 4.0 })
    }

    #[test]
    fn empty_masks_are_named_and_not_averaged() {
        let mut means = SurfaceMeans::default();
        means.add("a", of(8.0), None);
        means.add("b", Err(NoSurface::Reference), None);
        assert_eq!(cells(Err(NoSurface::Reference), None), [""; 6]);
        means.add("c", of(4.0), None);
        let report = json!(means.report());
        assert_eq!((&report["n"], &report["mean_hd_px"]), (&json!(2), &json!(6.0)));
        assert_eq!(report["left_out"][0]["image_id"], "b");
        let lines = means.report().lines().join("\n");
        assert!(lines.contains("mean over 2 photographs") && lines.contains("b: the reference mask"), "{lines}");
        assert!(!lines.contains("_mm"), "{lines}");
    }

    #[test]
    fn millimetres_come_from_photographs_with_a_scale_alone() {
        let mut means = SurfaceMeans::default();
        means.add("a", of(8.0), Some(0.5));
        assert_eq!(
            cells(of(8.0), Some(0.5)),
            ["8.000000", "4.000000", "2.000000", "4.000000", "2.000000", "1.000000"]
        );
        means.add("b", of(2.0), None);
        let report = json!(means.report());
        assert_eq!((&report["n_mm"], &report["mean_hd_mm"]), (&json!(1), &json!(4.0)));
        assert_eq!(report["mean_hd_px"], 5.0);
    }

    #[test]
    fn without_photographs_there_is_no_mean() {
        let report = json!(SurfaceMeans::default().report());
        assert_eq!((&report["n"], &report["mean_assd_px"]), (&json!(0), &Value::Null));
    }
}
