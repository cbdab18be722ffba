//! The list that selects photographs: a CSV with a column of ids and, for `--split`, a column `split`; others are ignored.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::UsageError;
use super::photo_table::PhotoTable;

/// The ids of `split` in the file's order, or of every split without one.
pub(super) fn read(path: &Path, split: Option<&str>) -> Result<Vec<String>, UsageError> {
    let table = PhotoTable::read("--list", path)?;
    select(&table, split).map_err(|complaint| UsageError::new(format!("--list: {complaint}: {}", path.display())))
}

fn select(table: &PhotoTable, split: Option<&str>) -> Result<Vec<String>, String> {
    let split_column = split.map(|_| table.column("split")).transpose()?;
    let (mut ids, mut seen, mut splits) = (Vec::new(), HashSet::new(), BTreeSet::new());
    for (id, record) in table.rows() {
        let of_split = split_column.map(|column| record.get(column).unwrap_or_default().to_owned());
        splits.extend(of_split.clone());
        if of_split.as_deref() != split {
            continue;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8], split: Option<&str>) -> Result<Vec<String>, String> {
        select(&PhotoTable::parse(bytes)?, split)
    }

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
