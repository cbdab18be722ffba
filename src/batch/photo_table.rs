//! A CSV with a row for each photograph and a column of their ids: what `--list` and `--table` read. Separated by comma,
//! semicolon (as Excel writes it in many countries) or tab.

use std::path::Path;

use csv::StringRecord;

use super::UsageError;
use crate::files::{self, FileKind};
use crate::mask_names::is_picture_name;

/// Names of the column of ids, as the ISIC archive, its challenges of all years and other data sets call it.
const ID_COLUMNS: [&str; 8] = ["image_id", "isic_id", "image", "image_name", "file", "filename", "file_name", "id"];

/// What a photograph's facts are called, and their names in HAM10000, the ISIC archive and its challenges.
const OTHER_NAMES: [(&str, &[&str]); 4] = [
    ("diagnosis", &["dx"]),
    ("site", &["localization", "anatom_site_general", "anatom_site_general_challenge"]),
    ("age", &["age_approx"]),
    ("sex", &["gender"]),
];

/// The rows and the names of the columns.
#[derive(Debug)]
pub(super) struct PhotoTable {
    headers: Vec<String>,
    id_column: usize,
    records: Vec<StringRecord>,
}

impl PhotoTable {
    /// The table at `path`; `option` is what it was given with.
    pub(super) fn read(option: &str, path: &Path) -> Result<Self, UsageError> {
        let bytes = files::read(path, FileKind::ImageList).map_err(|error| {
            UsageError::new(format!("cannot read {option} ({}): {}", error.fault, path.display()))
        })?;
        Self::parse(&bytes)
            .map_err(|complaint| UsageError::new(format!("{option}: {complaint}: {}", path.display())))
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text; save it as 'CSV UTF-8'")?;
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.trim(csv::Trim::All).delimiter(separator(text)).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
        let records = reader.records().collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        let mut table = Self { headers, id_column: 0, records };
        table.id_column =
            ID_COLUMNS.iter().find_map(|name| table.place(name)).ok_or_else(|| table.missing(ID_COLUMNS[0]))?;
        Ok(table)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header.eq_ignore_ascii_case(name))
    }

    fn missing(&self, name: &str) -> String {
        format!("the column '{name}' is missing, found {}", self.headers.join(", "))
    }

    /// The column of this name, upper and lower case being the same, or of another name for the same fact.
    pub(super) fn column(&self, name: &str) -> Result<usize, String> {
        let others = OTHER_NAMES.iter().find(|(fact, _)| fact.eq_ignore_ascii_case(name));
        let others = others.into_iter().flat_map(|(_, names)| names.iter().copied());
        std::iter::once(name).chain(others).find_map(|name| self.place(name)).ok_or_else(|| self.missing(name))
    }

    /// The name of a column as the table has it.
    pub(super) fn header(&self, column: usize) -> &str {
        &self.headers[column]
    }

    /// Each row's id, without the ending of a picture, and its cells.
    pub(super) fn rows(&self) -> impl Iterator<Item = (String, &StringRecord)> {
        self.records.iter().map(|record| (without_ending(record.get(self.id_column).unwrap_or_default()), record))
    }
}

/// What stands between the columns: of comma, semicolon and tab the one that the first line has most of.
fn separator(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    let count = |separator: u8| heading.bytes().filter(|&byte| byte == separator).count();
    // Of as many the last one counts: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

/// An id that is given as a file's name.
fn without_ending(id: &str) -> String {
    let path = Path::new(id);
    match path.file_stem() {
        Some(stem) if is_picture_name(path) => stem.to_string_lossy().into_owned(),
        _ => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(bytes: &[u8]) -> Result<Vec<String>, String> {
        Ok(PhotoTable::parse(bytes)?.rows().map(|(id, _)| id).collect())
    }

    #[test]
    fn the_column_of_ids_is_found_by_its_names_and_ids_lose_a_pictures_ending() {
        for table in [
            &b"\xEF\xBB\xBFage;Image_ID\r\n40;a.jpg\r\n"[..],
            b"file\tage\nphotos/a.JPG\t40\n",
            b"filename,age\n\"a.tif\",40\n",
            b"isic_id,image_name2,age\n a ,b,40\n",
        ] {
            assert_eq!(ids(table), Ok(vec!["a".into()]), "{}", String::from_utf8_lossy(table));
        }
        // A dot that begins no picture's ending belongs to the id.
        assert_eq!(ids(b"image_id\nvisit.2\n"), Ok(vec!["visit.2".into()]));
    }

    #[test]
    fn a_column_is_found_by_its_own_name_first_and_by_other_data_sets_names() {
        let of = |headers: &str, name: &str| PhotoTable::parse(headers.as_bytes()).and_then(|t| t.column(name));
        assert_eq!(of("image_id,dx,localization", "Diagnosis"), Ok(1));
        assert_eq!(of("image_id,dx,diagnosis", "diagnosis"), Ok(2));
        assert_eq!(of("image_id,age_approx", "age"), Ok(1));
        let missing = of("image_id,dx,age", "hospital").expect_err("there is none");
        assert_eq!(missing, "the column 'hospital' is missing, found image_id, dx, age");
    }

    #[test]
    fn text_that_is_not_utf_8_and_rows_of_other_lengths_are_refused_in_words() {
        let latin = ids(b"image_id;ort\na;R\xFCcken\n").expect_err("it is Latin-1");
        assert!(latin.contains("CSV UTF-8"), "{latin}");
        assert!(ids(b"\xFF\xFEi\0d\0\n\0").is_err_and(|complaint| complaint.contains("CSV UTF-8")));
        assert!(ids(b"image_id,age\na,40\nb\n").is_err());
    }
}
