//! The list that selects photographs: a CSV with a column of ids and, for `--split`, a column `split`; others are ignored.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::UsageError;
use crate::files::{self, FileKind};
use crate::mask_names::is_picture_name;

/// The ids of `split` in the file's order, or of every split without one.
pub(super) fn read(path: &Path, split: Option<&str>) -> Result<Vec<String>, UsageError> {
    let bytes = files::read(path, FileKind::ImageList)
        .map_err(|error| UsageError::new(format!("cannot read --list ({}): {}", error.fault, path.display())))?;
    parse(&bytes, split).map_err(|complaint| UsageError::new(format!("--list: {complaint}: {}", path.display())))
}

/// Names of the column of ids, as the ISIC archive and its challenges of all years call it.
const ID_COLUMNS: [&str; 5] = ["image_id", "isic_id", "image", "image_name", "id"];

fn parse(bytes: &[u8], split: Option<&str>) -> Result<Vec<String>, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.trim(csv::Trim::All).delimiter(separator(bytes)).from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let found: Vec<&str> = headers.iter().collect();
    let place = |name: &str| found.iter().position(|header| header.eq_ignore_ascii_case(name));
    let missing = |name: &str| format!("the column '{name}' is missing, found {}", found.join(", "));
    let id_column = ID_COLUMNS.iter().find_map(|name| place(name)).ok_or_else(|| missing(ID_COLUMNS[0]))?;
    let column = |name: &str| place(name).ok_or_else(|| missing(name));
    let split_column = split.map(|_| column("split")).transpose()?;
    let (mut ids, mut seen, mut splits) = (Vec::new(), HashSet::new(), BTreeSet::new());
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let field = |column: usize| record.get(column).unwrap_or_default().to_owned();
        let of_split = split_column.map(field);
        splits.extend(of_split.clone());
        if of_split.as_deref() != split {
            continue;
        }
        let id = without_ending(&field(id_column));
        if !seen.insert(id.clone()) {
            return Err(format!("'{id}' is listed twice"));
        }
        ids.push(id);
    }
    match (ids.is_empty(), split) {
        (false, _) => Ok(ids),
        (true, None) => Err("no photograph is listed".into()),
        (true, Some(split)) => {
            let known: Vec<String> = splits.into_iter().collect();
            Err(format!("no split is named '{split}'; found {}", known.join(", ")))
        }
    }
}

/// What stands between the columns: of comma, semicolon and tab the one that the first line has most of.
fn separator(bytes: &[u8]) -> u8 {
    let heading = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| heading.iter().filter(|&&byte| byte == separator).count();
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

    const LIST: &[u8] = b"\xEF\xBB\xBFimage_id,width,split\n\"a\",1,test\n b ,2,\"train\"\nc,3,test\n";

    #[test]
    fn the_splits_ids_come_in_the_files_order() {
        assert_eq!(parse(LIST, Some("test")), Ok(vec!["a".into(), "c".into()]));
        assert_eq!(parse(LIST, None).map(|ids| ids.len()), Ok(3));
    }

    #[test]
    fn an_unknown_split_is_answered_with_the_known_ones() {
        let complaint = parse(LIST, Some("tset")).expect_err("there is none");
        assert_eq!(complaint, "no split is named 'tset'; found test, train");
    }

    #[test]
    fn a_missing_column_and_a_doubled_id_are_named() {
        let missing = parse(b"name,split\na,test\n", Some("test")).expect_err("no image_id");
        assert_eq!(missing, "the column 'image_id' is missing, found name, split");
        assert!(parse(b"image_id\na\na\n", None).is_err_and(|complaint| complaint.contains("twice")));
        assert!(parse(b"image_id\n", None).is_err());
    }

    #[test]
    fn lists_of_other_programs_are_read() {
        for list in [
            &b"image_id;split\na;test\nb;train\n"[..],
            b"image_id\tsplit\r\na\ttest\r\nb\ttrain\r\n",
            b"isic_id,split\na,test\nb,train\n",
            b"ISIC_ID,Split\na.jpg,test\nb.jpg,train\n",
            b"image,split\na.JPG,test\nb.tif,train\n",
        ] {
            assert_eq!(parse(list, Some("test")), Ok(vec!["a".into()]), "{}", String::from_utf8_lossy(list));
            assert_eq!(parse(list, None), Ok(vec!["a".into(), "b".into()]));
        }
        // A dot that begins no picture's ending belongs to the id.
        assert_eq!(parse(b"image_id\nvisit.2\n", None), Ok(vec!["visit.2".into()]));
    }
}
