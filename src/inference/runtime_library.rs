//! [`RuntimeLibrary`]: a library that is found and opened at run time, and where it is looked for.

use std::io;
use std::path::{Path, PathBuf};

use crate::files;

/// One library and the places where it is searched for.
pub(crate) struct RuntimeLibrary {
    /// Its file name on this system.
    pub(crate) file_name: &'static str,
    /// The environment variable that names it, if there is one.
    pub(crate) variable: Option<&'static str>,
    /// The data directory, if it is looked for there.
    pub(crate) data_folder: Option<fn() -> Option<PathBuf>>,
    /// Whether a bare name from the command line that is not a file here is searched for in the system.
    pub(crate) searches_bare_names: bool,
}

/// Why no library was opened.
#[derive(Debug)]
pub(crate) enum NotOpened<E> {
    /// None of these exists.
    NotFound(String),
    /// The first that exists cannot be used.
    Unusable(PathBuf, E),
}

impl RuntimeLibrary {
    /// The result of `open` for the first candidate that it can open. An error for which `is_absent` is true means that
    /// the system has no library of that bare name: it counts as not found.
    pub(crate) fn open<T, E>(
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
        let whole = |path: &Path| vec![std::path::absolute(path).unwrap_or_else(|_| path.to_owned())];
        if let Some(path) = named {
            // A name without a folder would be looked for in the system's path, not in the current folder.
            return if self.searches_bare_names && !path.exists() { vec![path.to_owned()] } else { whole(path) };
        }
        let variable = self.variable.and_then(std::env::var_os).filter(|path| !path.is_empty());
        if let Some(path) = variable.map(PathBuf::from) {
            // Of the system only: whoever set the variable did not mean what lies in the current folder by chance.
            return if is_bare(&path) { vec![path] } else { whole(&path) };
        }
        let program = std::env::current_exe().ok();
        let beside = program.and_then(|path| path.parent().map(|folder| folder.join(self.file_name)));
        let data = self.data_folder.and_then(|folder| folder()).map(|folder| folder.join(self.file_name));
        let data = data.filter(|path| is_own(path));
        beside.into_iter().chain(data).chain([PathBuf::from(self.file_name)]).collect()
    }
}

/// Whether nobody else can have put the library there; one that others may write to is said and passed over, as it would
/// run as part of the program. One that is not there is left to the search.
fn is_own(path: &Path) -> bool {
    match files::is_open_to_others(path) {
        Ok(true) => {
            log::warn!(
                "a library is not used, as others may write to it or to its folder; run packaging/onnxruntime.sh again, \
                 or take that right away: {}",
                path.display()
            );
            false
        }
        Ok(false) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Whether it is looked for in the system's search path.
pub(crate) fn is_bare(path: &Path) -> bool {
    path.components().count() == 1
}
