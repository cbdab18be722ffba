//! [`RuntimeVersion`]: the three numbers of a runtime, driver or toolkit.

use std::fmt;

/// A version of three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RuntimeVersion(pub(super) [u32; 3]);

impl RuntimeVersion {
    /// The first `1.2.3` in a text such as `2.3.2 (429f97ae6b@2025-04-09T09:09:27)` or `RKNPU driver: v0.9.8`.
    pub(super) fn find(text: &str) -> Option<Self> {
        let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
        words.into_iter().find_map(|word| {
            let numbers: Vec<u32> = word.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
            numbers.try_into().ok().map(Self)
        })
    }
}

impl fmt::Display for RuntimeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_the_vendor_writes() {
        let texts = [
            ("2.3.2 (429f97ae6b@2025-04-09T09:09:27)", [2, 3, 2]),
            ("librknnrt version: 1.3.4 (9b36d4d74@2022-05-04T20:16:47)", [1, 3, 4]),
            ("RKNPU driver: v0.9.8", [0, 9, 8]),
            ("2.5.0(compiler version: 2.5.0 (74ea630ce))", [2, 5, 0]),
        ];
        for (text, expected) in texts {
            assert_eq!(RuntimeVersion::find(text), Some(RuntimeVersion(expected)), "{text}");
        }
        assert_eq!(RuntimeVersion::find("unknown"), None);
        assert!(RuntimeVersion([1, 10, 0]) > RuntimeVersion([1, 9, 9]));
    }
}
