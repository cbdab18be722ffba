//! The CSV that selects photographs: columns `image_id` and `split`; others are ignored.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::UsageError;
use crate::files::{self, FileKind};

/// The ids of `split` in the file's order, or of every split without one.
pub(super) fn read(path: &Path, split: Option<&str>) -> Result<Vec<String>, UsageError> {
    let bytes = files::read(path, FileKind::ImageList)
        .map_err(|error| UsageError::new(format!("cannot read --list ({}): {}", error.fault, path.display())))?;
    parse(&bytes, split).map_err(|complaint| UsageError::new(format!("--list: {complaint}: {}", path.display())))
}

fn parse(bytes: &[u8], split: Option<&str>) -> Result<Vec<String>, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        let found: Vec<&str> = headers.iter().collect();
        let missing = || format!("the column '{name}' is missing, found {}", found.join(", "));
        found.iter().position(|header| *header == name).ok_or_else(missing)
    };
    let id_column = column("image_id")?;
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
        let id = field(id_column);
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
            Err(format!("no split is called '{split}'; there is {}", known.join(", ")))
        }
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
        assert_eq!(complaint, "no split is called 'tset'; there is test, train");
    }

    #[test]
    fn a_missing_column_and_a_doubled_id_are_named() {
        let missing = parse(b"id,split\na,test\n", Some("test")).expect_err("no image_id");
        assert_eq!(missing, "the column 'image_id' is missing, found id, split");
        assert!(parse(b"image_id\na\na\n", None).is_err_and(|complaint| complaint.contains("twice")));
        assert!(parse(b"image_id\n", None).is_err());
    }
}
