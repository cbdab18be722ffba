//! [`ModelLibrary`]: the networks at hand, one built in and the rest from folders, each held to its card's hash.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::model_card::{CardError, ModelCard};
use crate::decode::sha256_hex;

const BUILT_IN_CARD: &[u8] = include_bytes!("../../models/zoo/malunet/card.json");
const BUILT_IN_ONNX: &[u8] = include_bytes!("../../models/zoo/malunet/model.onnx");

/// Where a network came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelOrigin {
    /// Inside the program.
    BuiltIn,
    /// A folder with `card.json`.
    Folder(PathBuf),
}

impl std::fmt::Display for ModelOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn => write!(f, "built in"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

/// A network whose file has been checked against its card.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its facts.
    pub card: ModelCard,
    /// Where it came from.
    pub origin: ModelOrigin,
    /// The ONNX file's bytes.
    pub onnx: Arc<[u8]>,
}

impl Model {
    /// The network that is inside the program.
    ///
    /// # Errors
    /// Never in a build whose tests passed: a test holds the built-in file to its card.
    pub fn built_in() -> Result<Self, CardError> {
        Self::checked(BUILT_IN_CARD, ModelOrigin::BuiltIn, Path::new("built in"), |_| Ok(BUILT_IN_ONNX.to_vec()))
    }

    /// The network in `folder`: `card.json` and the files it names.
    ///
    /// # Errors
    /// [`CardError`], naming the file that is unreadable, invalid or not the card's.
    pub fn from_folder(folder: &Path) -> Result<Self, CardError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|source| CardError::Unreadable { path: path.to_owned(), source })
        };
        let card_path = folder.join("card.json");
        let json = read(&card_path)?;
        Self::checked(&json, ModelOrigin::Folder(folder.to_owned()), &card_path, |file| read(&folder.join(file)))
    }

    fn checked(
        json: &[u8],
        origin: ModelOrigin,
        card_path: &Path,
        read: impl Fn(&str) -> Result<Vec<u8>, CardError>,
    ) -> Result<Self, CardError> {
        let invalid = |detail: String| CardError::Invalid { path: card_path.to_owned(), detail };
        let card = ModelCard::from_json(json).map_err(invalid)?;
        let artefact = card.onnx().ok_or_else(|| invalid("no artefact of format onnx".into()))?.clone();
        let onnx = read(&artefact.file)?;
        let found = sha256_hex(&onnx);
        if found != artefact.sha256 {
            return Err(CardError::HashMismatch {
                name: card.name,
                path: card_path.with_file_name(&artefact.file),
                file: artefact.file,
                expected: artefact.sha256,
                found,
            });
        }
        Ok(Self { card, origin, onnx: onnx.into() })
    }
}

/// A folder whose network was not taken.
#[derive(Debug)]
pub struct RefusedModel {
    /// The name it would have had: its folder's.
    pub name: String,
    /// Why.
    pub error: CardError,
}

/// The networks at hand, in order of preference; the first of a name wins.
#[derive(Debug, Default)]
pub struct ModelLibrary {
    models: Vec<Arc<Model>>,
    refused: Vec<RefusedModel>,
    searched: Vec<PathBuf>,
}

impl ModelLibrary {
    /// Looks for networks: `chosen` (the person's `--models DIR`) first, then the built-in one, then the
    /// application's data directory, `/usr/share/dermaloupe/models` and the checkout's `models/zoo`.
    #[must_use]
    pub fn discover(chosen: Option<&Path>) -> Self {
        let mut library = Self::default();
        if let Some(directory) = chosen {
            library.add_directory(directory);
            if !directory.is_dir() {
                let source = std::io::Error::new(std::io::ErrorKind::NotFound, "no such folder");
                let error = CardError::Unreadable { path: directory.to_owned(), source };
                library.refused.push(RefusedModel { name: String::new(), error });
            }
        }
        library.add("malunet", Model::built_in());
        for directory in search_directories() {
            library.add_directory(&directory);
        }
        library
    }

    /// Adds every folder of `directory` that has a card, in name order.
    fn add_directory(&mut self, directory: &Path) {
        self.searched.push(directory.to_owned());
        let Ok(entries) = std::fs::read_dir(directory) else { return };
        let mut folders: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.join("card.json").exists()).collect();
        folders.sort();
        for folder in folders {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.add(&name, Model::from_folder(&folder));
        }
    }

    fn add(&mut self, name: &str, model: Result<Model, CardError>) {
        let name = model.as_ref().map_or(name, |model| &model.card.name).to_owned();
        if self.is_known(&name) {
            log::debug!("model '{name}' stands already; a later one of that name is passed over");
            return;
        }
        match model {
            Ok(model) => self.models.push(Arc::new(model)),
            Err(error) => self.refused.push(RefusedModel { name, error }),
        }
    }

    fn is_known(&self, name: &str) -> bool {
        self.models.iter().any(|model| model.card.name == name) || self.refused.iter().any(|r| r.name == name)
    }

    /// The networks that may be used.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }

    /// The ones that were refused, with the reason.
    #[must_use]
    pub fn refused(&self) -> &[RefusedModel] {
        &self.refused
    }

    /// The directories that were searched, in order, whether they exist or not.
    #[must_use]
    pub fn searched(&self) -> &[PathBuf] {
        &self.searched
    }

    /// The network called `name`, or the default one (built in, unless `--models` overrides its name) without a name.
    ///
    /// # Errors
    /// A sentence that says why it was refused, or lists the names that would do.
    pub fn find(&self, name: Option<&str>) -> Result<Arc<Model>, String> {
        let wanted = name.unwrap_or("malunet");
        if let Some(model) = self.models.iter().find(|model| model.card.name == wanted) {
            return Ok(Arc::clone(model));
        }
        if let Some(refused) = self.refused.iter().find(|refused| refused.name == wanted) {
            return Err(refused.error.to_string());
        }
        let names: Vec<&str> = self.models.iter().map(|model| model.card.name.as_str()).collect();
        Err(format!("no model is called '{wanted}'; there is {}", names.join(", ")))
    }
}

pub(super) fn search_directories() -> Vec<PathBuf> {
    let data = directories::ProjectDirs::from("", "", "dermaloupe").map(|dirs| dirs.data_dir().join("models"));
    let executable = std::env::current_exe().ok();
    let checkout = executable
        .iter()
        .flat_map(|path| path.ancestors())
        .find(|folder| folder.join("Cargo.toml").exists() && folder.join("models/zoo").is_dir())
        .map(|folder| folder.join("models/zoo"));
    data.into_iter().chain([PathBuf::from("/usr/share/dermaloupe/models")]).chain(checkout).collect()
}
