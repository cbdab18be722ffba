//! What goes wrong around the window, and how it is healed.

use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::Dice;
use crate::common::pipe;

const PHOTOS: u32 = 8;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub(super) enum Fault {
    PhotoGone,
    PhotoCut,
    PhotoChanged,
    PhotoIsPipe,
    PhotoIsEmpty,
    ReadOnly,
    FolderGone,
    RecordsSpoilt,
    RecordsInTheWay,
    JournalSpoilt,
    DiskFull,
}

/// The photographs as they should be, and what is wrong at present.
pub(super) struct Faults {
    photos: PathBuf,
    whole: BTreeMap<String, Vec<u8>>,
    has_disk: bool,
    active: Vec<Fault>,
    counts: BTreeMap<Fault, u32>,
}

/// A dark spot on skin, another for each number.
pub(crate) fn drawn(number: u32) -> Vec<u8> {
    let (x, y) = (120.0 + 10.0 * number as f32, 110.0);
    let picture = image::RgbImage::from_fn(320, 240, |column, row| {
        let far = ((column as f32 - x) / 60.0).powi(2) + ((row as f32 - y) / 45.0).powi(2);
        let noise = (column * 7 + row * 13 + number) % 9;
        let skin = if far < 1.0 { [95, 60, 50] } else { [215, 170, 150] };
        image::Rgb(skin.map(|level| level + noise as u8))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("it is written to memory");
    bytes.into_inner()
}

impl Faults {
    /// Among new photographs in `photos`; `has_disk` where the folder is on a disk of its own that may be filled.
    pub(super) fn among(photos: &Path, has_disk: bool) -> Self {
        let whole = (0..PHOTOS).map(|number| (format!("{number}.png"), drawn(number))).collect();
        let (photos, counts) = (photos.to_owned(), BTreeMap::new());
        let faults = Self { photos, whole, has_disk, active: Vec::new(), counts };
        faults.put_photos();
        faults
    }

    fn put_photos(&self) {
        for (name, bytes) in &self.whole {
            let path = self.photos.join(name);
            if std::fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_file())
                && std::fs::read(&path).is_ok_and(|found| found == *bytes)
            {
                continue;
            }
            let _ = std::fs::remove_file(&path);
            std::fs::write(&path, bytes).expect("there is room again");
        }
    }

    pub(super) fn active(&self) -> &[Fault] {
        &self.active
    }

    pub(super) fn counts(&self) -> &BTreeMap<Fault, u32> {
        &self.counts
    }

    fn records(&self) -> PathBuf {
        self.photos.join(".dermaloupe")
    }

    /// The file that fills the disk; it is found whether the photographs' folder is there or not.
    fn ballast(&self) -> PathBuf {
        self.photos.with_file_name("ballast")
    }

    /// One more thing goes wrong.
    pub(super) fn strike(&mut self, dice: &mut Dice) {
        let fault = *dice.of(<Fault as strum::VariantArray>::VARIANTS);
        let name = format!("{}.png", dice.below(PHOTOS as usize));
        let (path, bytes) = (self.photos.join(&name), &self.whole[&name]);
        let replaced = |content: &[u8]| {
            // A pipe that cannot be removed, as its folder is read-only, would be waited for.
            let is_free = std::fs::remove_file(&path).is_ok() || std::fs::symlink_metadata(&path).is_err();
            is_free && std::fs::write(&path, content).is_ok()
        };
        let has_struck = match fault {
            Fault::PhotoGone => std::fs::remove_file(&path).is_ok(),
            Fault::PhotoCut => replaced(&bytes[..dice.below(bytes.len())]),
            Fault::PhotoChanged => {
                let mut bytes = bytes.clone();
                let place = dice.below(bytes.len());
                bytes[place] ^= 1 << dice.below(8);
                replaced(&bytes)
            }
            Fault::PhotoIsPipe => {
                let is_gone = std::fs::remove_file(&path).is_ok();
                if is_gone {
                    pipe(&path);
                }
                is_gone
            }
            Fault::PhotoIsEmpty => replaced(b""),
            Fault::ReadOnly => {
                let _ = std::fs::set_permissions(self.records(), Permissions::from_mode(0o555));
                std::fs::set_permissions(&self.photos, Permissions::from_mode(0o555)).is_ok()
            }
            Fault::FolderGone => std::fs::rename(&self.photos, self.photos.with_extension("away")).is_ok(),
            Fault::RecordsSpoilt => self.spoil(&self.records().join("records.json"), dice),
            Fault::RecordsInTheWay => {
                let is_away = std::fs::rename(self.records(), self.photos.with_extension("records")).is_ok();
                is_away && std::fs::write(self.records(), "in the way").is_ok()
            }
            Fault::JournalSpoilt => {
                let masks = std::fs::read_dir(self.records().join("masks"));
                let journals = masks.into_iter().flatten().flatten().map(|entry| entry.path());
                let journals: Vec<PathBuf> =
                    journals.filter(|path| path.extension().is_some_and(|ending| ending == "journal")).collect();
                if journals.is_empty() {
                    return;
                }
                let path: &PathBuf = dice.of(&journals);
                self.spoil(path, dice)
            }
            Fault::DiskFull => self.has_disk && self.fill(dice),
        };
        if has_struck {
            self.active.push(fault);
            *self.counts.entry(fault).or_default() += 1;
        }
    }

    /// Cuts a file or changes a bit of it.
    fn spoil(&self, path: &Path, dice: &mut Dice) -> bool {
        let Ok(mut bytes) = std::fs::read(path) else { return false };
        if bytes.is_empty() {
            return false;
        }
        let place = dice.below(bytes.len());
        if dice.below(2) == 0 {
            bytes.truncate(place);
        } else {
            bytes[place] ^= 1 << dice.below(8);
        }
        std::fs::write(path, bytes).is_ok()
    }

    /// Leaves a few kilobytes on the disk, or none.
    fn fill(&self, dice: &mut Dice) -> bool {
        let Ok(mut ballast) = File::create(self.ballast()) else { return false };
        for block in [1 << 20, 4096] {
            let zeros = vec![0; block];
            while ballast.write_all(&zeros).is_ok() {}
        }
        let length = ballast.metadata().map_or(0, |facts| facts.len());
        ballast.set_len(length.saturating_sub(4096 * dice.below(6) as u64)).is_ok()
    }

    /// Everything is as it should be.
    pub(super) fn heal(&mut self) {
        let _ = std::fs::remove_file(self.ballast());
        if self.photos.with_extension("away").is_dir() {
            // Whatever stands there now is none of the person's.
            let _ = std::fs::remove_dir_all(&self.photos);
            std::fs::rename(self.photos.with_extension("away"), &self.photos).expect("it comes back");
        }
        std::fs::set_permissions(&self.photos, Permissions::from_mode(0o755)).expect("it is ours");
        let (records, away) = (self.records(), self.photos.with_extension("records"));
        if away.is_dir() {
            if records.is_file() {
                std::fs::remove_file(&records).expect("it is ours");
            }
            if !records.exists() {
                std::fs::rename(away, &records).expect("it comes back");
            }
        }
        let _ = std::fs::set_permissions(records, Permissions::from_mode(0o755));
        self.put_photos();
        self.active.clear();
    }
}
