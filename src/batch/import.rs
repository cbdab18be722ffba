//! `import`: converts annotations of other programs to masks of their photographs' size.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::UsageError;
use super::console::Console;
use super::outputs::make_folder;
use crate::decode;
use crate::exchange::{Annotated, coco, labelme};
use crate::files;
use crate::overlay::png;

/// The most bytes an annotation file may have: a thousand photographs drawn point by point need a tenth of it.
const MAX_BYTES: u64 = 1 << 28;

/// The job of `import`.
#[derive(Clone, Debug)]
pub struct ImportJob {
    /// COCO and labelme files, and folders of them.
    pub paths: Vec<PathBuf>,
    /// Folder for `STEM_segmentation.png`.
    pub out: PathBuf,
    /// Folder of the photographs; `None` looks where the files say.
    pub images: Option<PathBuf>,
    /// The category or label of a lesion.
    pub label: String,
}

/// Writes the masks of `job`'s files; returns whether all succeeded. No existing file is overwritten.
///
/// # Errors
/// [`UsageError`] when nothing could be started, or the error of stdout.
pub fn import(job: &ImportJob) -> anyhow::Result<bool> {
    let files = files(&job.paths)?;
    if let Some(folder) = job.images.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(UsageError::new(format!("--images expects a folder: {}", folder.display())).into());
    }
    make_folder(&job.out)?;
    let mut console = Console::new(files.len());
    for file in &files {
        match read(file, &job.label) {
            Ok(photos) => {
                for photo in photos {
                    match put(job, file, &photo) {
                        Ok(row) => console.row(&row)?,
                        Err(error) => console.failure(error),
                    }
                }
            }
            Err(error) => console.failure(error),
        }
        console.step();
    }
    console.finish();
    Ok(console.failed() == 0)
}

/// Files as they are named, and the .json files of folders.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, UsageError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let fail = |detail: String| UsageError::new(format!("{detail}: {}", path.display()));
        let entries = std::fs::read_dir(path).map_err(|error| fail(format!("cannot read the folder ({error})")))?;
        let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_json).collect();
        if found.is_empty() {
            return Err(fail("no annotation file in this folder, looked for names ending in json".into()));
        }
        alphanumeric_sort::sort_path_slice(&mut found);
        files.extend(found);
    }
    Ok(files)
}

/// The annotations in the file, in whichever of the two formats it is.
fn read(file: &Path, label: &str) -> anyhow::Result<Vec<Annotated>> {
    let fail = |detail: String| anyhow::anyhow!("{detail}: {}", file.display());
    let length = std::fs::metadata(file).map_err(|error| fail(format!("cannot read the file ({error})")))?.len();
    if length > MAX_BYTES {
        return Err(fail(format!(
            "too large: the file has {length} bytes, and the limit is {MAX_BYTES}; split it"
        )));
    }
    let bytes = std::fs::read(file).map_err(|error| fail(format!("cannot read the file ({error})")))?;
    let kind: FormatProbe =
        serde_json::from_slice(&bytes).map_err(|error| fail(format!("not JSON of annotations ({error})")))?;
    match kind {
        FormatProbe { images: Some(_), .. } => coco::read(&bytes, label).map_err(|error| fail(error.to_string())),
        FormatProbe { shapes: Some(_), .. } => {
            labelme::read(&bytes, label).map(|photo| vec![photo]).map_err(|error| fail(error.to_string()))
        }
        FormatProbe { .. } => Err(fail("neither COCO (no 'images') nor labelme (no 'shapes')".into())),
    }
}

#[derive(serde::Deserialize)]
struct FormatProbe {
    images: Option<serde::de::IgnoredAny>,
    shapes: Option<serde::de::IgnoredAny>,
}

fn put(job: &ImportJob, file: &Path, annotated: &Annotated) -> anyhow::Result<String> {
    let path = photo_of(job, file, annotated)?;
    let size = decode::photo_file(&path)?.size();
    let mask = annotated.mask(size).map_err(|error| anyhow::anyhow!("{error}: {}", path.display()))?;
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("_segmentation.png");
    let target = job.out.join(name);
    if target.exists() {
        anyhow::bail!("a mask is there already; move it away or give another --out: {}", target.display());
    }
    files::write(&target, &png::of_mask(&mask))?;
    Ok(format!("{}: {} lesion px, {}x{}", target.display(), mask.area_px(), size[0], size[1]))
}

/// The photo on this machine. If the file names folders that do not exist here, the bare name is looked for too.
fn photo_of(job: &ImportJob, file: &Path, annotated: &Annotated) -> anyhow::Result<PathBuf> {
    // Files from other systems may have backslashes.
    let stated = annotated.photo.replace('\\', "/");
    let folder = job.images.as_deref().or(file.parent()).unwrap_or(Path::new("."));
    let bare = Path::new(&stated).file_name().unwrap_or(OsStr::new(""));
    let places = [folder.join(&stated), folder.join(bare)];
    places.into_iter().find(|place| place.is_file()).ok_or_else(|| {
        anyhow::anyhow!(
            "the photo '{stated}' is not in {}; name its folder with --images: {}",
            if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.display(),
            file.display()
        )
    })
}
