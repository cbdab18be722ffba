//! The networks for retinal vessels in the table of `models`: a table of its own, since their figures are others.

use super::table::{self, Column};
use crate::inference::{Model, ModelLibrary, VesselFacts};
use crate::terminal::shown;

const COLUMNS: [Column; 9] = [
    Column::left("  name"),
    Column::left("title").yielding(),
    Column::right("params"),
    Column::right("MACs"),
    Column::right("Dice"),
    Column::right("clDice"),
    Column::right("INT8"),
    Column::right("NPU ms"),
    Column::left("files"),
];

/// The lines of the table, its heading with them; none where no network is for vessels.
pub(super) fn table(library: &ModelLibrary) -> Vec<String> {
    let models = library.models().iter();
    let rows: Vec<_> = models.filter_map(|model| Some(row(model, model.card.facts.of_vessels()?))).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let heading = ["", "Networks for the vessels of fundus photographs; choose one with --model", ""];
    heading.map(str::to_owned).into_iter().chain(table::lines(&COLUMNS, &rows)).collect()
}

fn row(model: &Model, facts: &VesselFacts) -> [String; 9] {
    let card = &model.card;
    let npu = card.optional.npu.as_ref().map(|npu| npu.estimated_millis);
    let dash = || "-".to_owned();
    let formats: Vec<&str> = card.artefacts.iter().map(|artefact| artefact.format.as_str()).collect();
    [
        format!("  {}", card.name),
        shown(&card.title).into_owned(),
        card.parameters.to_string(),
        format!("{:.1} M", card.macs as f64 / 1e6),
        format!("{:.4}", facts.test.dice),
        format!("{:.4}", facts.test.cldice),
        facts.int8.as_ref().map_or_else(dash, |int8| format!("{:.4}", int8.figures.dice)),
        npu.map_or_else(dash, |[least, most]| format!("{least:.1}-{most:.1}")),
        formats.join(" "),
    ]
}

/// What its columns are.
pub(super) fn remark(library: &ModelLibrary) -> Option<String> {
    let facts = library.models().iter().find_map(|model| model.card.facts.of_vessels())?;
    Some(format!(
        "Of networks for vessels, Dice, clDice and INT8 (Dice in 8-bit integers) are means over {} test photographs within \
         the field of view; MACs and NPU ms are those of one tile.",
        facts.test.n
    ))
}
