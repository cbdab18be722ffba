//! The photo that an annotation file is about.
//!
//! A file may come from anybody, so it does not lead the program around the disk: absolute paths are not followed. A
//! relative path may lead out of the file's folder, as labelme writes it for photos in a folder beside; whether
//! something is there is told only if it is a photo.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::ImportJob;
use crate::decode;
use crate::exchange::Annotated;

/// The photo on this machine and its `[width, height]`.
pub(super) fn sized_photo(
    job: &ImportJob,
    file: &Path,
    annotated: &Annotated,
) -> anyhow::Result<(PathBuf, [u32; 2])> {
    // Files from other systems may have backslashes.
    let stated = annotated.photo.replace('\\', "/");
    let folder = job.images.as_deref().or(file.parent()).unwrap_or(Path::new("."));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let bare = folder.join(Path::new(&stated).file_name().unwrap_or(OsStr::new("")));
    let route = PathRoute::of(&stated);
    let near = [(route == PathRoute::Inside).then(|| folder.join(&stated)), Some(bare)];
    let sized = |path: PathBuf| decode::photo_file(&path).map(|photo| (path, photo.size()));
    if route == PathRoute::Outside
        && job.images.is_none()
        && let Ok(found) = sized(folder.join(&stated))
    {
        return Ok(found);
    }
    if let Some(path) = near.into_iter().flatten().find(|path| path.is_file()) {
        return Ok(sized(path)?);
    }
    let detail = match route {
        PathRoute::Inside => format!("is not in {}", folder.display()),
        PathRoute::Outside => format!("leads outside {} and cannot be used", folder.display()),
        PathRoute::Absolute => {
            format!("is an absolute path, which is not followed, and is not in {}", folder.display())
        }
    };
    Err(anyhow::anyhow!("the photo '{stated}' {detail}; name its folder with --images: {}", file.display()))
}

/// Where a path of an annotation file leads, by its words alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathRoute {
    /// Into the file's folder or below it.
    Inside,
    /// Out of it by `..`.
    Outside,
    /// From a root or drive.
    Absolute,
}

impl PathRoute {
    /// The route of a path with slashes.
    fn of(stated: &str) -> Self {
        if stated.starts_with('/') || stated.as_bytes().get(1) == Some(&b':') {
            return Self::Absolute;
        }
        if stated.split('/').any(|part| part == "..") { Self::Outside } else { Self::Inside }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_where_its_words_say() {
        for (path, route) in [
            ("a.jpg", PathRoute::Inside),
            ("x/..a.jpg", PathRoute::Inside),
            ("../a.jpg", PathRoute::Outside),
            ("x/../../a.jpg", PathRoute::Outside),
            ("/x/a.jpg", PathRoute::Absolute),
            ("C:/x/a.jpg", PathRoute::Absolute),
        ] {
            assert_eq!(PathRoute::of(path), route, "{path}");
        }
    }
}
