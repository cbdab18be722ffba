//! The version of the records' folder, and the steps from older ones to this program's.
//!
//! Version 0 was a draft without `format.json`: its `records.json` had the photos by name. Version 1 had no
//! calibrations and would lose them when rebuilding a damaged list. Each step converts one version to the next, so any
//! older folder reaches the current version by all steps in turn.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The version that this program writes.
pub const CURRENT: u32 = 2;

/// The name that identifies `format.json` and `records.json`.
pub const NAME: &str = "dermaloupe-records";

/// `format.json`: what the folder is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Format {
    /// Always [`NAME`].
    pub format: String,
    /// The version of all files in the folder.
    pub version: u32,
    /// The program that wrote it last.
    pub program: String,
    /// The photos' folder, if the records are in the data directory.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub photos: Option<String>,
}

impl Format {
    /// The current format.
    #[must_use]
    pub fn current(photos: Option<String>) -> Self {
        Self { format: NAME.to_owned(), version: CURRENT, program: env!("CARGO_PKG_VERSION").to_owned(), photos }
    }
}

/// The version that a review file states; without one it is version 0.
#[must_use]
pub fn version_of(records: &Value) -> u32 {
    records["version"].as_u64().map_or(0, |version| u32::try_from(version).unwrap_or(u32::MAX))
}

/// `records.json` of any older version as one of the current version. A newer or current one stays as it is.
#[must_use]
pub fn migrated(mut records: Value) -> Value {
    while version_of(&records) < CURRENT {
        records = match version_of(&records) {
            0 => from_0(&records),
            1 => from_1(records),
            _ => return records,
        };
    }
    records
}

/// Version 0: `{"photos": {NAME: {"sha256", "state", "note"}}}`, without reviewer and times.
fn from_0(records: &Value) -> Value {
    let empty = Map::new();
    let photos = records["photos"].as_object().unwrap_or(&empty);
    let photos: Vec<Value> = photos
        .iter()
        .map(|(name, old)| {
            let mut new = old.as_object().cloned().unwrap_or_default();
            new.insert("name".into(), json!(name));
            for (key, value) in [("note", json!("")), ("reviewer", json!("")), ("bytes", json!(0))] {
                new.entry(key).or_insert(value);
            }
            // 1970: any record with a real time is later.
            new.insert("changed".into(), json!("1970-01-01T00:00:00Z"));
            Value::Object(new)
        })
        .collect();
    json!({ "format": NAME, "version": 1, "photos": photos })
}

/// Version 1 had no calibrations.
fn from_1(mut records: Value) -> Value {
    records["version"] = json!(2);
    records["calibrations"] = json!([]);
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{ReviewList, ReviewState};

    #[test]
    fn version_0_comes_to_the_current_version_with_everything_it_knew() {
        let old = include_bytes!("fixtures/version-0.json");
        let new = migrated(serde_json::from_slice(old).expect("the fixture is JSON"));
        assert_eq!(version_of(&new), CURRENT);
        let list = ReviewList::from_value(new).expect("it is a list of the current version");
        let found: Vec<(&str, ReviewState, &str)> =
            list.photos.iter().map(|r| (r.name.as_str(), r.state, r.note.as_str())).collect();
        assert_eq!(
            found,
            [
                ("left arm.jpg", ReviewState::Accepted, ""),
                ("皮肤 2.jpg", ReviewState::Unsure, "hair over the border")
            ]
        );
    }

    #[test]
    fn a_newer_version_is_left_alone() {
        let newer = json!({ "version": CURRENT + 1, "what": "nobody knows yet" });
        assert_eq!(migrated(newer.clone()), newer);
    }
}
