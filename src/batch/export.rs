//! `export`: the lesions of photographs as annotations that other programs read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::console::Console;
use super::export_log::ExportLog;
use super::found_lesion::{FoundLesion, LesionOptions, by_hand};
use super::inference_server::InferenceServer;
use super::inputs::PhotoInput;
use super::memory::MemoryBudget;
use super::network::{Network, NetworkOptions};
use super::outputs::make_folder;
use super::references::{self, FoundReference, ReadReference, ReferenceSummary};
use super::table::counted;
use super::{UsageError, concurrency, inputs, ordered_pool};
use crate::decode::{self, MaskNote};
use crate::exchange::{coco, labelme};
use crate::files;
use crate::geometry::pixel_outline::{self, PartOutline};
use crate::inference::{MaskMeaning, ModelCard};
use crate::mask::Mask;
use crate::mask_names::MaskFolder;
use crate::measure::lesion_runs::LesionArea;
use crate::photo::Photo;
use crate::provenance::{LesionMask, MaskOrigin};
use crate::records::{AuditEntry, Product};

/// The format of the annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One COCO file for all photographs.
    Coco,
    /// One labelme file for each.
    Labelme,
}

/// The job of `export`.
#[derive(Clone, Debug)]
pub struct ExportJob {
    /// Photographs and folders.
    pub paths: Vec<PathBuf>,
    /// COCO file, or folder for labelme files.
    pub out: PathBuf,
    /// The format to write.
    pub format: ExportFormat,
    /// Folder of masks to export instead of the network's.
    pub masks: Option<PathBuf>,
    /// The masks lie over the photographs as stored, before their EXIF orientation.
    pub masks_as_stored: bool,
    /// The network and the engine, if there are no masks.
    pub network: NetworkOptions,
    /// How the outline is made, and whose counts.
    pub lesion: LesionOptions,
}

/// Where masks come from.
enum ExportSource {
    Folder(MaskFolder),
    Network(Box<Network>),
}

impl ExportSource {
    fn of(job: &ExportJob) -> Result<Self, UsageError> {
        match &job.masks {
            Some(folder) => references::list(folder).map(Self::Folder),
            None => {
                let network = job.network.open()?;
                job.lesion.check(&network.model.card)?;
                Ok(Self::Network(Box::new(network)))
            }
        }
    }

    /// What the masks mean; those of a folder are taken for lesions.
    fn meaning(&self) -> MaskMeaning {
        match self {
            Self::Folder(_) => MaskMeaning::default(),
            Self::Network(network) => network.model.card.meaning(),
        }
    }
}

/// Exports the lesions of `job`'s photographs; returns whether all succeeded. No existing file is overwritten.
///
/// # Errors
/// [`UsageError`] when nothing could be started, or the error of stdout or of COCO's file (not written if no photo
/// succeeded).
pub fn export(job: &ExportJob) -> anyhow::Result<bool> {
    let found = inputs::walk_some(&job.paths)?;
    check_out(job)?;
    let mut source = ExportSource::of(job)?;
    if job.format == ExportFormat::Labelme {
        make_folder(&job.out)?;
    }
    let mut console = Console::new(found.len());
    let mut document = coco::CocoDocument::of(source.meaning());
    let mut names = TakenNames::default();
    let mut exported = ExportLog::default();
    let mut masks_read = ReferenceSummary::default();
    let out = [job.out.clone()];
    let mut take = |input: &PhotoInput, found: anyhow::Result<ExportedLesion>| {
        let done = found.and_then(|found| {
            names.take(&input.path, job.format)?;
            put(job, &mut document, &input.path, &found)?;
            let entry = || AuditEntry::exported(Product::Annotations, &out, Some(&found.origin));
            exported.add(&input.path, &found.sha256, entry);
            if let Some(mask) = &found.mask {
                masks_read.add(&ReadReference::of(mask, &found.notes));
            }
            Ok((row(&input.path, &found), found.warnings))
        });
        match done {
            Ok((row, warnings)) => {
                console.row(&row)?;
                console.photo_warnings(input.path.display(), &warnings);
            }
            Err(error) => console.failure(error),
        }
        console.step();
        anyhow::Ok(())
    };
    let memory = MemoryBudget::of(&job.network);
    match &mut source {
        ExportSource::Folder(masks) => {
            let concurrency =
                concurrency::without_network(&job.network, &found, |path| memory.planned_pixels(path));
            let work = |input: &PhotoInput| {
                let _memory = memory.share(&input.path);
                in_folder(job, masks, input)
            };
            ordered_pool::run(&found, concurrency, work, &mut take)?;
        }
        ExportSource::Network(network) => {
            let concurrency = concurrency::of(&job.network, network, &found, |path| memory.planned_pixels(path));
            let model = Arc::clone(&network.model);
            network.serve(concurrency, |network| {
                let work = |input: &PhotoInput| {
                    let _memory = memory.share(&input.path);
                    ordered_pool::contained(&input.path, || by_network(job, network, &model.card, input))
                };
                ordered_pool::run(&found, concurrency, work, &mut take)
            })?;
        }
    }
    console.finish();
    masks_read.tell(&console);
    if !document.is_empty() {
        write_new(&job.out, document.to_json().to_string().as_bytes())?;
    }
    exported.log(&mut console);
    Ok(console.all_went_well())
}

/// What one photo has to export.
struct ExportedLesion {
    sha256: String,
    size: [u32; 2],
    parts: Vec<PartOutline>,
    meaning: MaskMeaning,
    /// Of the largest region, holes filled; of vessels, of all of them.
    area_px: u64,
    origin: MaskOrigin,
    /// The mask's file, where it came from one, and how it was read.
    mask: Option<PathBuf>,
    notes: Vec<MaskNote>,
    /// Why the photo may be damaged.
    warnings: Vec<String>,
}

impl ExportedLesion {
    fn of(photo: &Photo, mask: &Mask, origin: MaskOrigin, meaning: MaskMeaning) -> Self {
        let warnings = photo.warnings_said();
        Self {
            size: photo.size(),
            sha256: photo.sha256().to_owned(),
            parts: pixel_outline::of_mask(mask),
            meaning,
            area_px: if meaning.is_vessels() { mask.area_px() } else { LesionArea::of(mask).area_px },
            origin,
            mask: None,
            notes: Vec::new(),
            warnings,
        }
    }
}

fn in_folder(job: &ExportJob, masks: &MaskFolder, input: &PhotoInput) -> anyhow::Result<ExportedLesion> {
    let photo = read(input)?;
    let found = FoundReference::read(references::mask_in(masks, &input.path)?, &photo, job.masks_as_stored)?;
    let lesion = ExportedLesion::of(
        &photo,
        &found.mask,
        MaskOrigin::Reference { name: found.name() },
        MaskMeaning::default(),
    );
    Ok(ExportedLesion { mask: Some(found.path), notes: found.notes, ..lesion })
}

fn by_network(
    job: &ExportJob,
    network: &InferenceServer<'_>,
    card: &ModelCard,
    input: &PhotoInput,
) -> anyhow::Result<ExportedLesion> {
    let photo = read(input)?;
    let LesionMask { mask, origin } = FoundLesion::of(network, card, &photo, &job.lesion)?.lesion;
    Ok(ExportedLesion::of(&photo, &mask, origin, card.meaning()))
}

fn read(input: &PhotoInput) -> anyhow::Result<Photo> {
    match &input.failure {
        Some(reason) => Err(anyhow::anyhow!("{reason}")),
        None => Ok(decode::photo_for_network(&input.path)?),
    }
}

/// Annotations are often hours of somebody's work: existing files stay.
fn check_out(job: &ExportJob) -> Result<(), UsageError> {
    let out = &job.out;
    let fail = |detail: &str| Err(UsageError::new(format!("cannot write --out ({detail}): {}", out.display())));
    let folder = files::folder_of(out);
    match job.format {
        ExportFormat::Labelme => Ok(()),
        ExportFormat::Coco if out.extension().is_none_or(|ending| ending != "json") => {
            fail("COCO is one file; choose a name ending in .json")
        }
        ExportFormat::Coco if out.symlink_metadata().is_ok() => fail("it already exists; choose another name"),
        ExportFormat::Coco if !folder.is_dir() => fail("its folder does not exist; create it first"),
        ExportFormat::Coco => Ok(()),
    }
}

/// The names that are used in the export, by the photo that uses them.
#[derive(Default)]
struct TakenNames(HashMap<std::ffi::OsString, PathBuf>);

impl TakenNames {
    fn take(&mut self, photo: &Path, format: ExportFormat) -> anyhow::Result<()> {
        let name = match format {
            ExportFormat::Coco => photo.file_name(),
            ExportFormat::Labelme => photo.file_stem(),
        };
        if let Some(first) = self.0.get(name.unwrap_or_default()) {
            anyhow::bail!(
                "another photo has the same name, {}; export it separately: {}",
                first.display(),
                photo.display()
            );
        }
        self.0.insert(name.unwrap_or_default().to_owned(), photo.to_owned());
        Ok(())
    }
}

fn put(
    job: &ExportJob,
    document: &mut coco::CocoDocument,
    path: &Path,
    found: &ExportedLesion,
) -> anyhow::Result<()> {
    if job.format == ExportFormat::Coco {
        document.add(&inputs::name(path), found.size, &found.parts, Some(&found.origin));
        return Ok(());
    }
    let mut target = path.file_stem().unwrap_or_default().to_owned();
    target.push(".json");
    let target = job.out.join(target);
    if target.symlink_metadata().is_ok() {
        anyhow::bail!("annotations already exist; move them away or choose another --out: {}", target.display());
    }
    let photo_path = seen_from(&job.out, path)?;
    let text =
        labelme::document(&photo_path, found.size, &found.parts, Some(&found.origin), found.meaning).to_string();
    write_new(&target, text.as_bytes())
}

/// Writes a file that is not there; the error says everything once.
fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    files::write_new(path, bytes).map_err(|error| anyhow::anyhow!("{error}"))
}

/// The relative path from `folder` to the file at `path`, with slashes: where labelme looks for the photo.
fn seen_from(folder: &Path, path: &Path) -> std::io::Result<String> {
    // The name is the one that the person opened, though it may be a link's.
    let inside = files::folder_of(path).canonicalize()?;
    let (folder, path) = (folder.canonicalize()?, inside.join(path.file_name().unwrap_or_default()));
    let shared = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

fn row(path: &Path, ExportedLesion { parts, area_px, origin, meaning, .. }: &ExportedLesion) -> String {
    let holes = parts.iter().map(|part| part.holes.len()).sum();
    let mask_px: u64 = parts.iter().map(|part| part.area_px).sum();
    let by_hand = match by_hand(origin) {
        "" => String::new(),
        words => format!(", {words}"),
    };
    let [regions, holes] = [(parts.len(), "region"), (holes, "hole")].map(|(count, name)| counted(count, name));
    let largest = if parts.len() > 1 && !meaning.is_vessels() { " of the largest region" } else { "" };
    format!("{}: {regions}, {holes}, area {area_px} px²{largest}, mask {mask_px} px{by_hand}", inputs::name(path))
}
