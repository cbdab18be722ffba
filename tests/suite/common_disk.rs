//! What a power loss leaves: from a program's calls follows what stands on the disk for certain after each of them, and in
//! which ways the rest may be there or not. No file system is asked to forget anything, so every moment of one run is
//! looked at, by whoever runs the tests.

use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::common_trace::{Call, recorded};

/// What becomes of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsynced {
    /// Nothing of it is there.
    Lost,
    /// Names are there, their content is not: a rename that overtook what it renames.
    NamesKept,
    /// Content is there, names are not.
    ContentKept,
    /// Names and lengths are there, and zeros where the content would be.
    Zeros,
    /// All is there but the second half of the last write.
    Torn,
}

impl Unsynced {
    pub(crate) const ALL: [Self; 5] = [Self::Lost, Self::NamesKept, Self::ContentKept, Self::Zeros, Self::Torn];
}

#[derive(Clone, Debug, Default)]
struct Content {
    now: Vec<u8>,
    /// As of the last sync; nothing before the first.
    synced: Vec<u8>,
    /// Where the last write began and ended, if it is not synced.
    last_write: Option<(usize, usize)>,
}

impl Content {
    fn left(&self, unsynced: Unsynced) -> Vec<u8> {
        match unsynced {
            Unsynced::Lost | Unsynced::NamesKept => self.synced.clone(),
            Unsynced::ContentKept => self.now.clone(),
            Unsynced::Zeros => {
                let mut left = self.synced.clone();
                left.resize(self.now.len(), 0);
                left
            }
            Unsynced::Torn => {
                let mut left = self.now.clone();
                if let Some((from, to)) = self.last_write {
                    let half = from + (to - from) / 2;
                    left.truncate(half.max(self.synced.len().min(left.len())));
                    let end = to.min(left.len());
                    if let (true, Some(old)) = (half < end, self.synced.get(half..end)) {
                        left[half..end].copy_from_slice(old);
                    }
                }
                left
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Folder,
    File(usize),
}

/// A descriptor's file; several descriptors may share one.
#[derive(Clone, Debug)]
struct Opened {
    path: PathBuf,
    entry: Option<Entry>,
    at: usize,
    appends: bool,
}

/// A folder as a program sees it and as it stands on the disk.
pub(crate) struct Disk {
    root: PathBuf,
    contents: Vec<Content>,
    names: BTreeMap<PathBuf, Entry>,
    synced_names: BTreeMap<PathBuf, Entry>,
    opened: Vec<Opened>,
    descriptors: HashMap<i64, usize>,
    /// What the program has printed.
    pub(crate) said: Vec<u8>,
}

/// Runs `command` with its files below `root` and hands every state of the disk to `look`, before the first call too; returns
/// what the program printed. Without strace, which CI does not allow, nothing is looked at.
pub(crate) fn watched(command: &Command, root: &Path, mut look: impl FnMut(&Disk)) -> Option<Vec<u8>> {
    let root = root.canonicalize().expect("it is there");
    let mut disk = Disk::of(&root);
    let calls = recorded(command, &root)?;
    look(&disk);
    for call in &calls {
        if disk.take(call) {
            look(&disk);
        }
    }
    Some(disk.said)
}

impl Disk {
    /// What is there at the beginning was synced long ago.
    fn of(root: &Path) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            contents: Vec::new(),
            names: BTreeMap::new(),
            synced_names: BTreeMap::new(),
            opened: Vec::new(),
            descriptors: HashMap::new(),
            said: Vec::new(),
        };
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("it is readable").flatten() {
                let path = entry.path();
                let entry = if path.is_dir() {
                    folders.push(path.clone());
                    Entry::Folder
                } else {
                    let now = std::fs::read(&path).expect("it is readable");
                    disk.contents.push(Content { synced: now.clone(), now, last_write: None });
                    Entry::File(disk.contents.len() - 1)
                };
                disk.names.insert(path, entry);
            }
        }
        disk.synced_names = disk.names.clone();
        disk
    }

    /// The path that a call means: relative to a folder that is open, or by what is open (`/proc/self/fd/7/...`).
    fn path(&self, folder: &str, path: &[u8]) -> PathBuf {
        let path = PathBuf::from(String::from_utf8_lossy(path).into_owned());
        let of_descriptor = |number: &str| number.parse().ok().and_then(|number: i64| self.opened(number));
        let path = match path.strip_prefix("/proc/self/fd") {
            Ok(rest) => {
                let mut parts = rest.components();
                let number = parts.next().map(|part| part.as_os_str().to_string_lossy().into_owned());
                match number.as_deref().and_then(of_descriptor) {
                    Some(opened) => opened.path.join(parts.as_path()),
                    None => path,
                }
            }
            Err(_) => match of_descriptor(folder) {
                Some(opened) => opened.path.join(path),
                None => self.root.join(path),
            },
        };
        path.components().filter(|part| *part != Component::CurDir).collect()
    }

    fn opened(&self, descriptor: i64) -> Option<&Opened> {
        self.descriptors.get(&descriptor).map(|&place| &self.opened[place])
    }

    fn is_ours(&self, path: &Path) -> bool {
        path.starts_with(&self.root)
    }

    /// Carries out a call; returns whether the disk may be in another state now.
    fn take(&mut self, call: &Call) -> bool {
        match call.name.as_str() {
            "open" | "creat" => self.open("AT_FDCWD", 0, call),
            "openat" => self.open(&call.arguments[0], 1, call),
            "close" => {
                self.descriptors.remove(&call.number(0));
                false
            }
            "dup" | "dup2" | "dup3" => self.dup(call),
            "fcntl" if call.arguments[1].starts_with("F_DUPFD") => self.dup(call),
            "fcntl" => false,
            "lseek" => {
                if let Some(&place) = self.descriptors.get(&call.number(0)) {
                    self.opened[place].at = call.result as usize;
                }
                false
            }
            "write" => {
                // Strings are printed whole, with what follows them.
                let bytes = call.bytes(1);
                if call.number(0) == 1 {
                    self.said.extend(&bytes[..call.result as usize]);
                    return true;
                }
                self.write(call.number(0), None, &bytes[..call.result as usize])
            }
            "pwrite64" => {
                let bytes = call.bytes(1);
                self.write(call.number(0), Some(call.number(3) as usize), &bytes[..call.result as usize])
            }
            "ftruncate" => self.cut(call.number(0), call.number(1) as usize),
            "fsync" | "fdatasync" => self.sync(call.number(0)),
            "rename" => self.rename(&["AT_FDCWD"; 2], [0, 1], call),
            "renameat" | "renameat2" => {
                self.rename(&[call.arguments[0].as_str(), call.arguments[2].as_str()], [1, 3], call)
            }
            "unlink" | "rmdir" => self.remove("AT_FDCWD", 0, call),
            "unlinkat" => self.remove(&call.arguments[0], 1, call),
            "mkdir" => self.make("AT_FDCWD", 0, call),
            "mkdirat" => self.make(&call.arguments[0], 1, call),
            other => panic!("{other} is not modelled: {:?}", call.arguments),
        }
    }

    fn open(&mut self, folder: &str, place: usize, call: &Call) -> bool {
        let path = self.path(folder, &call.bytes(place));
        let mut changes = false;
        if self.is_ours(&path) && !self.names.contains_key(&path) && call.has("O_CREAT") {
            self.contents.push(Content::default());
            self.names.insert(path.clone(), Entry::File(self.contents.len() - 1));
            changes = true;
        }
        let entry = if path == self.root { Some(Entry::Folder) } else { self.names.get(&path).copied() };
        self.opened.push(Opened { path, entry, at: 0, appends: call.has("O_APPEND") });
        self.descriptors.insert(call.result, self.opened.len() - 1);
        if call.has("O_TRUNC") {
            changes |= self.cut(call.result, 0);
        }
        changes
    }

    fn dup(&mut self, call: &Call) -> bool {
        match self.descriptors.get(&call.number(0)).copied() {
            Some(place) => self.descriptors.insert(call.result, place),
            None => self.descriptors.remove(&call.result),
        };
        false
    }

    /// The content behind a descriptor, if it is one of our files.
    fn content(&mut self, descriptor: i64) -> Option<&mut Content> {
        match self.opened(descriptor)?.entry? {
            Entry::File(id) => Some(&mut self.contents[id]),
            Entry::Folder => None,
        }
    }

    fn write(&mut self, descriptor: i64, at: Option<usize>, bytes: &[u8]) -> bool {
        let Some(length) = self.content(descriptor).map(|content| content.now.len()) else { return false };
        let opened = &mut self.opened[self.descriptors[&descriptor]];
        let from = at.unwrap_or(if opened.appends { length } else { opened.at });
        let to = from + bytes.len();
        if at.is_none() {
            opened.at = to;
        }
        let content = self.content(descriptor).expect("it is there");
        content.now.resize(content.now.len().max(to), 0);
        content.now[from..to].copy_from_slice(bytes);
        content.last_write = Some((from, to));
        true
    }

    fn cut(&mut self, descriptor: i64, length: usize) -> bool {
        let Some(content) = self.content(descriptor) else { return false };
        content.now.resize(length, 0);
        true
    }

    fn sync(&mut self, descriptor: i64) -> bool {
        if let Some(content) = self.content(descriptor) {
            content.synced = content.now.clone();
            content.last_write = None;
            return true;
        }
        let Some(Opened { path, entry: Some(Entry::Folder), .. }) = self.opened(descriptor).cloned() else {
            return false;
        };
        let is_in = |name: &Path| name.parent() == Some(&path);
        self.synced_names.retain(|name, _| !is_in(name));
        let now = self.names.iter().filter(|(name, _)| is_in(name));
        self.synced_names.extend(now.map(|(name, entry)| (name.clone(), *entry)));
        true
    }

    fn rename(&mut self, folders: &[&str; 2], places: [usize; 2], call: &Call) -> bool {
        let [old, new] = [0, 1].map(|end| self.path(folders[end], &call.bytes(places[end])));
        let Some(entry) = self.names.remove(&old) else { return false };
        assert!(entry != Entry::Folder && self.is_ours(&new), "not modelled: {}", new.display());
        self.names.insert(new, entry);
        true
    }

    fn remove(&mut self, folder: &str, place: usize, call: &Call) -> bool {
        let path = self.path(folder, &call.bytes(place));
        self.names.remove(&path).is_some()
    }

    fn make(&mut self, folder: &str, place: usize, call: &Call) -> bool {
        let path = self.path(folder, &call.bytes(place));
        self.is_ours(&path) && self.names.insert(path, Entry::Folder).is_none()
    }

    /// The files that a power loss now leaves, by their path below the root. A name without its folder is lost with it.
    pub(crate) fn left(&self, unsynced: Unsynced) -> BTreeMap<PathBuf, Vec<u8>> {
        let names = match unsynced {
            Unsynced::Lost | Unsynced::ContentKept => &self.synced_names,
            Unsynced::NamesKept | Unsynced::Zeros | Unsynced::Torn => &self.names,
        };
        let has_folders = |path: &Path| {
            let above = path.ancestors().skip(1).take_while(|above| *above != self.root);
            above.into_iter().all(|above| names.contains_key(above))
        };
        let file = |(path, entry): (&PathBuf, &Entry)| match entry {
            Entry::File(id) if has_folders(path) => {
                let below = path.strip_prefix(&self.root).expect("it is ours").to_owned();
                Some((below, self.contents[*id].left(unsynced)))
            }
            _ => None,
        };
        names.iter().filter_map(file).collect()
    }
}

/// Puts files into an empty folder.
pub(crate) fn put(files: &BTreeMap<PathBuf, Vec<u8>>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        std::fs::write(path, bytes).expect("it can be written");
    }
    folder
}
