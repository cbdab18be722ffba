//! [`RuntimeLibrary`]: a library that is found and opened at run time, and where it is looked for.

use std::path::{Path, PathBuf};

/// One library and the places where it is searched for.
pub(super) struct RuntimeLibrary {
    /// Its file name on this system.
    pub(super) file_name: &'static str,
    /// The environment variable that names it, if there is one.
    pub(super) variable: Option<&'static str>,
    /// The data directory, if it is looked for there.
    pub(super) data_folder: Option<fn() -> Option<PathBuf>>,
    /// Whether a bare name from the command line that is not a file here is searched for in the system.
    pub(super) searches_bare_names: bool,
}

/// Why no library was opened.
#[derive(Debug)]
pub(super) enum NotOpened<E> {
    /// None of these exists.
    NotFound(String),
    /// The first that exists cannot be used.
    Unusable(PathBuf, E),
}

impl RuntimeLibrary {
    /// The result of `open` for the first candidate that it can open. An error for which `is_absent` is true means that
    /// the system has no library of that bare name: it counts as not found.
    pub(super) fn open<T, E>(
        &self,
        named: Option<&Path>,
        mut open: impl FnMut(&Path) -> Result<T, E>,
        is_absent: impl Fn(&E) -> bool,
    ) -> Result<T, NotOpened<E>> {
        let candidates = self.candidates(named);
        let mut unusable = None;
        for path in candidates.iter().filter(|path| is_bare(path) || path.exists()) {
            match open(path) {
                Ok(library) => return Ok(library),
                Err(error) if is_bare(path) && is_absent(&error) => {}
                Err(error) => unusable = unusable.or(Some((path.clone(), error))),
            }
        }
        Err(match unusable {
            Some((path, error)) => NotOpened::Unusable(path, error),
            None => {
                let looked: Vec<String> = candidates.iter().map(|path| path.display().to_string()).collect();
                NotOpened::NotFound(looked.join(", "))
            }
        })
    }

    /// The candidates, best first. A library named on the command line is the only candidate.
    fn candidates(&self, named: Option<&Path>) -> Vec<PathBuf> {
        let variable = self.variable.and_then(std::env::var_os).filter(|path| !path.is_empty());
        if let Some(path) = named.map(Path::to_owned).or_else(|| variable.map(PathBuf::from)) {
            // A name without a folder would be looked for in the system's path, not in the current folder.
            if self.searches_bare_names && !path.exists() {
                return vec![path];
            }
            return vec![std::path::absolute(&path).unwrap_or(path)];
        }
        let program = std::env::current_exe().ok();
        let beside = program.and_then(|path| path.parent().map(|folder| folder.join(self.file_name)));
        let data = self.data_folder.and_then(|folder| folder()).map(|folder| folder.join(self.file_name));
        beside.into_iter().chain(data).chain([PathBuf::from(self.file_name)]).collect()
    }
}

/// Whether it is looked for in the system's search path.
pub(super) fn is_bare(path: &Path) -> bool {
    path.components().count() == 1
}
