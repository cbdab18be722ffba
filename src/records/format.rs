//! The version of the records' folder, and the steps from older ones to this program's.
//!
//! Version 0 was a draft without `format.json`: its `records.json` had the photos by name. Version 1 had no
//! calibrations and would lose them when rebuilding a damaged list. Version 2 had decision and mask in one word. Each step
//! converts one version to the next, so any older folder reaches the current version by all steps in turn.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::decode::is_sha256_hex;
use crate::provenance::MaskSource;

/// The version that this program writes.
pub const CURRENT: u32 = 3;

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

/// What stands where a version was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// As JSON, shortened.
    pub found: String,
}

/// The version that a review list states. Only version 0 states none; it has its photos by name.
///
/// # Errors
/// [`FormatError`] when it states something else than a whole number, or none and is not of version 0.
pub fn version_of(records: &Value) -> Result<u32, FormatError> {
    let found = records.get("version");
    let number = match found {
        None => Some(0),
        Some(version) => version.as_u64().map(|version| u32::try_from(version).unwrap_or(u32::MAX)),
    };
    match number {
        Some(version) if version > 0 && records.is_object() => Ok(version),
        Some(0) if records["photos"].is_object() => Ok(0),
        _ => {
            let found = found.map_or_else(|| "none".to_owned(), Value::to_string);
            Err(FormatError { found: found.chars().take(40).collect() })
        }
    }
}

/// `records.json` of any older version as one of the current version. A newer or current one stays as it is.
///
/// # Errors
/// That of [`version_of`].
pub fn migrated(mut records: Value) -> Result<Value, FormatError> {
    loop {
        records = match version_of(&records)? {
            0 => from_0(&records),
            1 => from_1(records),
            2 => from_2(records),
            _ => return Ok(records),
        };
    }
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

/// Version 2 did not say whose mask was decided on.
fn from_2(mut records: Value) -> Value {
    records["version"] = json!(3);
    if let Some(photos) = records["photos"].as_array_mut() {
        for review in photos {
            separate_mask(review);
        }
    }
    records
}

/// The key of the word for whose mask it is, which every record since version 3 has.
const MASK: &str = "mask";

/// A record before version 3 gets its decision and its mask as two things: "corrected" was an outline that a person had
/// corrected and accepted. Returns whether it is that old. Corrections that its state did not tell of are in the log.
pub(super) fn separate_mask(review: &mut Value) -> bool {
    let Some(review) = review.as_object_mut().filter(|review| !review.contains_key(MASK)) else { return false };
    let is_corrected = review.get("state").is_some_and(|state| state == "corrected");
    let mask = if is_corrected {
        review.insert("state".into(), json!("accepted"));
        MaskSource::Corrected
    } else if review.get("result").is_some_and(Value::is_object) {
        MaskSource::Network
    } else {
        MaskSource::None
    };
    review.insert(MASK.into(), json!(mask));
    true
}

/// Refuses what is no SHA-256 as this program writes it.
pub(super) fn check_hash(sha256: &str) -> Result<(), String> {
    if is_sha256_hex(sha256) { Ok(()) } else { Err(format!("'{sha256:.70}' is not a SHA-256 hash")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{ReviewList, ReviewState};

    #[test]
    fn version_0_comes_to_the_current_version_with_everything_it_knew() {
        let old = include_bytes!("fixtures/version-0.json");
        let new = migrated(serde_json::from_slice(old).expect("the fixture is JSON")).expect("it has a version");
        assert_eq!(version_of(&new), Ok(CURRENT));
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
        assert_eq!(migrated(newer.clone()), Ok(newer));
    }

    #[test]
    fn what_is_no_whole_number_is_no_version() {
        for (records, found) in [
            (json!({ "version": "2", "photos": [] }), "\"2\""),
            (json!({ "version": null, "photos": [] }), "null"),
            (json!({ "version": -1, "photos": [] }), "-1"),
            (json!({ "version": 1e30, "photos": [] }), "1e+30"),
            (json!({ "version": 2.5, "photos": [] }), "2.5"),
            (json!({ "photos": [] }), "none"),
            (json!({ "version": 0, "photos": [] }), "0"),
            (json!({}), "none"),
            (json!([]), "none"),
            (json!(2), "none"),
        ] {
            assert_eq!(version_of(&records), Err(FormatError { found: found.to_owned() }), "{records}");
        }
        assert_eq!(
            version_of(&json!({ "version": 5_000_000_000_u64 })),
            Ok(u32::MAX),
            "newer than any that is known"
        );
    }
}
