//! `--shard I/N`: the part of a batch that one machine of many does. Which part a photograph belongs to follows from its
//! name alone, so that every machine knows without asking, and a photograph more in the folder moves no other one.

use std::ffi::OsStr;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::UsageError;
use crate::files;

/// The most parts; a machine for each photograph of a large archive.
const MOST: u32 = 100_000;

/// One part of a batch, `number` of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    pub(super) number: u32,
    pub(super) of: u32,
}

impl Default for Shard {
    /// The whole batch.
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        typed.parse()
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let whole = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())?;
        let found = typed.split_once('/').and_then(|(number, of)| Some((whole(number)?, whole(of)?)));
        let inside = |&(number, of): &(u32, u32)| (1..=of).contains(&number) && of <= MOST;
        found.filter(inside).map(|(number, of)| Self { number, of }).ok_or_else(|| {
            format!("expected I/N, part I of N counted from 1 and N up to {MOST}, such as 1/8 to 8/8")
        })
    }
}

/// The part of a batch that is done, and where its results are kept.
#[derive(Clone, Debug, Default)]
pub struct PartOfBatch {
    /// The photographs that belong to it; all of them without being told.
    pub shard: Shard,
    /// The file of their results: a run that was interrupted goes on from it.
    pub results: Option<PathBuf>,
}

impl PartOfBatch {
    /// Whether every photograph that is found will be read: none is another's, and none is done.
    pub(super) fn is_all(&self) -> bool {
        self.shard == Shard::default() && self.results.is_none()
    }

    /// Checks that the results are not written to the file of `csv`.
    pub(super) fn check(&self, csv: Option<&Path>) -> Result<(), UsageError> {
        let Some(results) = self.results.as_deref() else { return Ok(()) };
        if csv.is_some_and(|csv| csv == results || files::same_file(csv, results)) {
            let detail = "--results: --csv names this file, too; choose another";
            return Err(UsageError::new(format!("{detail}: {}", results.display())));
        }
        Ok(())
    }
}

/// An input with its place among those of all shards.
#[derive(Debug)]
pub(super) struct Placed<T> {
    pub(super) place: usize,
    /// By which its shard is found.
    pub(super) name: String,
    input: T,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.input
    }
}

impl<T: AsRef<Path>> AsRef<Path> for Placed<T> {
    fn as_ref(&self) -> &Path {
        self.input.as_ref()
    }
}

impl Shard {
    /// Whether the photograph of this name, without folder and ending, belongs to it: the first eight bytes of the name's
    /// SHA-256, as a number whose first byte counts most, divided by N leave I - 1.
    fn has(self, stem: &OsStr) -> bool {
        let digest = Sha256::digest(stem.as_encoded_bytes());
        let number = digest.iter().take(8).fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        number % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// Those of `inputs` that belong to it; `stem` gives an input's name.
    pub(super) fn of<T>(self, inputs: Vec<T>, stem: impl Fn(&T) -> &OsStr) -> Vec<Placed<T>> {
        let of_shard = inputs.into_iter().enumerate().filter(|(_, input)| self.has(stem(input)));
        let placed = |(place, input)| Placed { place, name: stem(&input).to_string_lossy().into_owned(), input };
        of_shard.map(placed).collect()
    }
}

/// The name of the photograph at `path` by which its shard is found.
pub(super) fn stem(path: &Path) -> &OsStr {
    path.file_stem().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_and_nothing_else() {
        assert_eq!("3/16".parse(), Ok(Shard { number: 3, of: 16 }));
        assert_eq!(Shard { number: 3, of: 16 }.to_string(), "3/16");
        for wrong in ["0/2", "3/2", "1/0", "1", "/", "1/", "-1/2", "+1/2", "1/2/3", "a/b", " 1/2", "1/100001", ""] {
            let complaint = wrong.parse::<Shard>().expect_err(wrong);
            assert!(complaint.starts_with("expected I/N"), "{complaint}");
        }
    }

    /// Python: `int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % n + 1`
    #[test]
    fn the_shard_of_a_name_is_pythons() {
        for (name, of, number) in
            [("ISIC_0012086", 2, 2), ("ISIC_0012086", 7, 4), ("a", 16, 11), ("皮损 3", 16, 6), ("", 5, 3)]
        {
            assert!(Shard { number, of }.has(OsStr::new(name)), "{name} of {of}");
        }
    }

    #[test]
    fn every_photograph_is_in_one_shard_wherever_it_lies_and_whoever_is_beside_it() {
        let names = |count: usize| (0..count).map(|number| format!("photo {number}")).collect::<Vec<_>>();
        let of = |number, count| {
            let placed = Shard { number, of: 3 }.of(names(count), |name| OsStr::new(name));
            placed.into_iter().map(|placed| (placed.place, placed.input)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = (1..=3).flat_map(|number| of(number, 100)).collect();
        all.sort();
        assert_eq!(all, names(100).into_iter().enumerate().collect::<Vec<_>>());
        assert!((1..=3).all(|number| of(number, 100).starts_with(&of(number, 60))));
        assert_eq!(stem(Path::new("x/a.b.jpg")), stem(Path::new("/elsewhere/a.b.png")));
        assert_eq!(Shard::default().of(names(5), |name| OsStr::new(name)).len(), 5, "one shard is everything");
    }
}
