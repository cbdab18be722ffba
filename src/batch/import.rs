//! `import`: converts annotations of other programs to masks of their photographs' size.

mod photo;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use self::photo::sized_photo;
use super::UsageError;
use super::console::Console;
use super::outputs::make_folder;
use crate::exchange::{Annotated, AnnotatedMask, Annotations, coco, labelme, text_of};
use crate::files::{self, FileKind, ReadError, ReadFault};
use crate::overlay::png;

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

/// Writes the masks of `job`'s files; returns whether all succeeded: an entry that had to be left out counts. No existing
/// file is overwritten.
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
    let mut written = HashSet::new();
    for file in &files {
        match read(file, &job.label) {
            Ok(Annotations { photos, left_out }) => {
                left_out.iter().for_each(|left_out| console.failure(format!("{left_out}: {}", file.display())));
                for photo in &photos {
                    import_photo(job, file, photo, &mut console, &mut written)?;
                }
            }
            Err(error) => console.failure(error),
        }
        console.step();
    }
    console.finish();
    Ok(console.failed() == 0)
}

/// Writes the mask of one photo and prints its row; failures are reported.
fn import_photo(
    job: &ImportJob,
    file: &Path,
    photo: &Annotated,
    console: &mut Console,
    written: &mut HashSet<PathBuf>,
) -> anyhow::Result<()> {
    if !photo.is_annotated() {
        return Ok(console.row(&format!("{}: not annotated as '{}', no mask", photo.photo, job.label))?);
    }
    let drawn = drawn(job, file, photo).and_then(|(path, drawn)| {
        for left_out in &drawn.left_out {
            console.failure(format!("{left_out}: {}", file.display()));
        }
        put(job, file, photo, &path, &drawn, written)
    });
    match drawn {
        Ok(row) => console.row(&row)?,
        Err(error) => console.failure(error),
    }
    Ok(())
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
            return Err(fail("no annotation file in this folder (looked for names ending in json)".into()));
        }
        alphanumeric_sort::sort_path_slice(&mut found);
        files.extend(found);
    }
    Ok(files)
}

/// The annotations in the file, in whichever of the two formats it is.
fn read(file: &Path, label: &str) -> anyhow::Result<Annotations> {
    let fail = |detail: String| anyhow::anyhow!("{detail}: {}", file.display());
    let bytes = match files::read(file, FileKind::Annotations) {
        Ok(bytes) => bytes,
        Err(ReadError { fault: ReadFault::TooLarge { found: Some(length), limit }, .. }) => {
            return Err(fail(format!("too large: the file has {length} bytes; the limit is {limit}; split it")));
        }
        Err(error) => return Err(fail(format!("cannot read the file ({})", error.fault))),
    };
    let bytes = text_of(bytes).map_err(|error| fail(error.to_string()))?;
    let kind: FormatProbe =
        serde_json::from_slice(&bytes).map_err(|error| fail(format!("not JSON annotations ({error})")))?;
    let read = match kind {
        FormatProbe { images: Some(_), .. } => coco::read(&bytes, label),
        FormatProbe { shapes: Some(_), .. } => labelme::read(&bytes, label),
        FormatProbe { .. } => return Err(fail("neither COCO (no 'images') nor labelme (no 'shapes')".into())),
    };
    read.map_err(|error| fail(error.to_string()))
}

#[derive(serde::Deserialize)]
struct FormatProbe {
    images: Option<serde::de::IgnoredAny>,
    shapes: Option<serde::de::IgnoredAny>,
}

/// The mask of a photo, and the photo's path.
fn drawn(job: &ImportJob, file: &Path, photo: &Annotated) -> anyhow::Result<(PathBuf, AnnotatedMask)> {
    let (path, size) = sized_photo(job, file, photo)?;
    let drawn = photo.mask(size).map_err(|error| anyhow::anyhow!("{error}: {}", path.display()))?;
    Ok((path, drawn))
}

/// Writes a mask; returns its row.
fn put(
    job: &ImportJob,
    file: &Path,
    photo: &Annotated,
    path: &Path,
    drawn: &AnnotatedMask,
    written: &mut HashSet<PathBuf>,
) -> anyhow::Result<String> {
    if !drawn.is_usable {
        anyhow::bail!("no annotation of {} can be used, so no mask is written: {}", photo.photo, file.display());
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("_segmentation.png");
    let target = job.out.join(name);
    if written.contains(&target) {
        anyhow::bail!(
            "another photo of this import has the same name, {}; import them separately: {}",
            target.display(),
            file.display()
        );
    }
    // Whatever it is: a link that leads nowhere, too.
    if target.symlink_metadata().is_ok() {
        anyhow::bail!("a mask already exists; move it away or choose another --out: {}", target.display());
    }
    files::write_new(&target, &png::of_mask(&drawn.mask))?;
    let [width, height] = drawn.mask.size();
    let left_out = match photo.left_out + drawn.left_out.len() {
        0 => String::new(),
        count => format!(", {count} skipped"),
    };
    let row = format!("{}: mask {} px, {width} × {height}{left_out}", target.display(), drawn.mask.area_px());
    written.insert(target);
    Ok(row)
}
