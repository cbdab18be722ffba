//! Which group each photograph belongs to, by the columns of a table.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::UsageError;
use super::console::Console;
use super::group_names::{self, GroupName};
use super::photo_table::PhotoTable;
use super::table::counted;

/// More groups of a column are no comparison: it holds ids or free text.
const MOST_GROUPS: usize = 100;

/// The column that says which photographs show one lesion.
const LESION: &str = "lesion_id";

/// One photograph's row.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    /// A group for each column.
    pub(super) groups: Vec<GroupName>,
    pub(super) lesion: Option<String>,
}

/// The table's groups and its lesions, by photograph.
#[derive(Debug)]
pub(super) struct Grouping {
    pub(super) table: PathBuf,
    /// The columns' names as they were asked for.
    pub(super) columns: Vec<String>,
    /// The name of the column of lesions, if there is one.
    pub(super) lesion_column: Option<String>,
    /// By id in lower case, as the names of masks are matched.
    rows: HashMap<String, Membership>,
}

impl Grouping {
    /// The groups of the columns `by` in the CSV at `path`.
    pub(super) fn read(path: &Path, by: &[String]) -> Result<Self, UsageError> {
        let table = PhotoTable::read("--table", path)?;
        Self::of(&table, path, by)
            .map_err(|complaint| UsageError::new(format!("--table: {complaint}: {}", path.display())))
    }

    pub(super) fn of(table: &PhotoTable, path: &Path, by: &[String]) -> Result<Self, String> {
        let (mut columns, mut places) = (Vec::new(), Vec::new());
        for name in by.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let place = table.column(name)?;
            if !places.contains(&place) {
                places.push(place);
                columns.push(name.to_owned());
            }
        }
        if columns.is_empty() {
            return Err("--by names no column".into());
        }
        let lesion = table.column(LESION).ok();
        let of_columns = columns
            .iter()
            .zip(&places)
            .map(|(name, &place)| groups(table, name, place))
            .collect::<Result<Vec<_>, _>>()?;
        let mut rows = HashMap::new();
        for (row, (id, record)) in table.rows().enumerate() {
            let groups = of_columns.iter().map(|groups| groups[row].clone()).collect();
            let lesion = lesion.map(|place| cell(record, place)).filter(|lesion| !lesion.is_empty());
            let membership = Membership { groups, lesion: lesion.map(str::to_owned) };
            if rows.insert(id.to_lowercase(), membership).is_some() {
                return Err(format!("'{id}' is listed twice"));
            }
        }
        if rows.is_empty() {
            return Err("no photograph is listed".into());
        }
        let lesion_column = lesion.map(|place| table.header(place).to_owned());
        Ok(Self { table: path.to_owned(), columns, lesion_column, rows })
    }

    /// Checks, before the long run, that the table is about the photographs called `ids`, and says who is missing on either side. Where a list
    /// chose the photographs, a table of more of them is no surprise.
    pub(super) fn compare(&self, ids: &[String], is_selection: bool, console: &Console) -> Result<(), UsageError> {
        let known: BTreeSet<String> = ids.iter().map(|id| id.to_lowercase()).collect();
        let not_in_table: Vec<&str> =
            ids.iter().map(String::as_str).filter(|id| self.membership(id).is_none()).collect();
        let mut not_there: Vec<&String> = self.rows.keys().filter(|id| !known.contains(*id)).collect();
        not_there.sort();
        let path = self.table.display();
        if let ([first, ..], true) = (&not_in_table[..], not_in_table.len() == ids.len()) {
            let listed = not_there.first().map(|id| id.as_str()).unwrap_or_default();
            return Err(UsageError::new(format!(
                "--table: it lists none of the photographs, which are called like '{first}'; it has ids like \
                 '{listed}': {path}"
            )));
        }
        if let [first, ..] = &not_in_table[..] {
            let photographs = counted(not_in_table.len(), "photograph");
            console.warning(format!("{photographs} not in the table, the first is '{first}': {path}"));
        }
        if let ([first, ..], false) = (&not_there[..], is_selection) {
            let ids = counted(not_there.len(), "id");
            console.warning(format!("{ids} of the table without a photograph, the first is '{first}': {path}"));
        }
        Ok(())
    }

    /// The row of a photograph.
    pub(super) fn membership(&self, id: &str) -> Option<&Membership> {
        self.rows.get(&id.to_lowercase())
    }
}

/// Reads a table as `--table` and `--by` do, for the fuzzer.
#[cfg(fuzzing)]
pub fn read_groups(bytes: &[u8], by: &[String]) -> Result<usize, String> {
    Grouping::of(&PhotoTable::parse(bytes)?, Path::new(""), by).map(|grouping| grouping.rows.len())
}

fn cell(record: &StringRecord, place: usize) -> &str {
    record.get(place).unwrap_or_default()
}

/// The group of each row by one column.
fn groups(table: &PhotoTable, name: &str, place: usize) -> Result<Vec<GroupName>, String> {
    let values: Vec<&str> = table.rows().map(|(_, record)| cell(record, place)).collect();
    let groups = group_names::of_column(&values);
    let different = groups.iter().collect::<BTreeSet<_>>().len();
    if different > MOST_GROUPS {
        return Err(format!(
            "the column '{name}' has {different} different values, and at most {MOST_GROUPS} groups are compared"
        ));
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouping(table: &str, by: &[&str]) -> Result<Grouping, String> {
        let by: Vec<String> = by.iter().map(|&name| name.to_owned()).collect();
        Grouping::of(&PhotoTable::parse(table.as_bytes())?, Path::new("t.csv"), &by)
    }

    #[test]
    fn a_photograph_finds_its_row_whatever_the_case_and_the_ending() {
        let found = grouping("image;sex;lesion_id\nA.JPG;male;L1\nb;;\n", &["sex", "Sex", " "]).unwrap();
        assert_eq!(found.columns, ["sex"]);
        let a = found.membership("a").expect("it is in the table");
        assert_eq!((a.groups[0].name.as_deref(), a.lesion.as_deref()), (Some("male"), Some("L1")));
        let b = found.membership("B").expect("it is in the table");
        assert_eq!((&b.groups[0], &b.lesion), (&GroupName::NOT_STATED, &None));
        assert!(found.membership("c").is_none());
    }

    #[test]
    fn what_cannot_be_grouped_is_said() {
        let refused = |table: &str, by: &[&str]| grouping(table, by).expect_err("it is refused");
        assert!(refused("image_id,dx\na,nv\n", &["age"]).contains("'age' is missing, found image_id, dx"));
        assert!(refused("image_id,dx\na,nv\nA.jpg,mel\n", &["dx"]).contains("'A' is listed twice"));
        assert!(refused("image_id,dx\n", &["dx"]).contains("no photograph"));
        assert!(refused("image_id,dx\na,nv\n", &[""]).contains("no column"));
        let ids: String = (0..101).map(|row| format!("a{row},L{row}\n")).collect();
        let complaint = refused(&format!("image_id,lesion\n{ids}"), &["lesion"]);
        assert!(complaint.contains("101 different values"), "{complaint}");
    }
}
