//! [`ModelLibrary`]: the available networks, one built in and the rest from folders, and which of them to use.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::card_error::CardError;
use super::model::Model;
use crate::language::Words;
use crate::{display_as_message, folders, words};

/// A folder whose network was refused.
#[derive(Debug)]
pub struct RefusedModel {
    /// The name that it would have had: that of its folder.
    pub name: String,
    /// Why.
    pub error: CardError,
}

/// More than one network in a folder is marked as recommended, which is a mistake in their cards.
#[derive(Clone, Debug)]
pub struct ManyRecommended {
    /// Their names.
    pub names: Vec<String>,
    /// The one that is used; `None` if an earlier folder has recommended one already.
    pub counts: Option<String>,
    /// Their folder.
    pub place: String,
}

impl ManyRecommended {
    /// The mistake in words, with the folder last.
    #[must_use]
    pub fn message(&self) -> Words {
        let (names, place) = (self.names.join(", "), self.place.as_str());
        match &self.counts {
            Some(counts) => words!("many-recommended", names = names, counts = counts.as_str(), place = place),
            None => words!("many-recommended-none-counts", names = names, place = place),
        }
    }
}

display_as_message!(ManyRecommended);

/// The available networks. If two have the same name, or two folders recommend one, the folder that is searched first
/// wins.
#[derive(Debug, Default)]
pub struct ModelLibrary {
    models: Vec<Arc<Model>>,
    refused: Vec<RefusedModel>,
    recommended: Option<Arc<Model>>,
    notices: Vec<ManyRecommended>,
    searched: Vec<PathBuf>,
}

impl ModelLibrary {
    /// Looks for networks: `chosen` (`--models DIR`) first, then the built-in one, then the
    /// application's data directory, `/usr/share/dermaloupe/models` and the checkout's `models/zoo` and `models/vessels`.
    #[must_use]
    pub fn discover(chosen: Option<&Path>) -> Self {
        let mut library = Self::default();
        if let Some(directory) = chosen {
            library.add_directory(directory);
            if !directory.is_dir() {
                let source = io::Error::new(io::ErrorKind::NotFound, "no such folder");
                let error = CardError::Unreadable { path: directory.to_owned(), source };
                library.refused.push(RefusedModel { name: String::new(), error });
            }
        }
        let first = library.models.len();
        library.add(Model::BUILT_IN, Model::built_in());
        library.recommend(first, "the program");
        for directory in search_directories() {
            library.add_directory(&directory);
        }
        library.put_in_order();
        library
    }

    /// Adds every folder of `directory` that has a card, in name order.
    fn add_directory(&mut self, directory: &Path) {
        self.searched.push(directory.to_owned());
        let Ok(entries) = std::fs::read_dir(directory) else { return };
        let mut folders: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| has_card(path)).collect();
        folders.sort();
        let first = self.models.len();
        for (folder, model) in folders.iter().zip(read_all(&folders)) {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.add(&name, model);
        }
        self.recommend(first, &directory.to_string_lossy());
    }

    fn add(&mut self, name: &str, model: Result<Model, CardError>) {
        let name = model.as_ref().map_or(name, |model| &model.card.name).to_owned();
        if self.is_known(&name) {
            log::debug!("model '{name}' was already found; another one of that name is skipped");
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

    /// Notes which of the networks from `first` on, all of one folder, is recommended. The first by name counts, and a
    /// second one is reported as a mistake; if an earlier folder has recommended one already, none counts.
    fn recommend(&mut self, first: usize, place: &str) {
        let marked: Vec<&Arc<Model>> =
            self.models[first..].iter().filter(|model| model.card.optional.recommended.is_some()).collect();
        let Some(&taken) = marked.first() else { return };
        if marked.len() > 1 {
            self.notices.push(ManyRecommended {
                names: marked.iter().map(|model| model.card.name.clone()).collect(),
                counts: self.recommended.is_none().then(|| taken.card.name.clone()),
                place: place.to_owned(),
            });
        }
        if self.recommended.is_none() {
            self.recommended = Some(Arc::clone(taken));
        }
    }

    /// The recommended one first, the others by subject, family and name.
    fn put_in_order(&mut self) {
        let first = self.recommended.as_ref().map(|model| model.card.name.clone());
        self.models.sort_by_key(|model| {
            let card = &model.card;
            (Some(&card.name) != first.as_ref(), card.subject, card.family.clone(), card.name.clone())
        });
    }

    /// The networks that may be used: the recommended one first, the others by subject, family and name.
    #[must_use]
    pub fn models(&self) -> &[Arc<Model>] {
        &self.models
    }

    /// The recommended one, if a card says so.
    #[must_use]
    pub fn recommended(&self) -> Option<&Arc<Model>> {
        self.recommended.as_ref()
    }

    /// The ones that were refused, with the reason.
    #[must_use]
    pub fn refused(&self) -> &[RefusedModel] {
        &self.refused
    }

    /// Mistakes in the cards of the available networks.
    #[must_use]
    pub fn notices(&self) -> &[ManyRecommended] {
        &self.notices
    }

    /// The directories that were searched, in order, whether they exist or not.
    #[must_use]
    pub fn searched(&self) -> &[PathBuf] {
        &self.searched
    }

    /// The network that [`Self::find`] finds by `name` among those of [`Self::discover`] with `chosen`. Where that is the
    /// built-in one, no other is read.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub fn find_among(chosen: Option<&Path>, name: Option<&str>) -> Result<Arc<Model>, String> {
        // Only `chosen` comes before it, in recommending too.
        if chosen.is_none()
            && name.is_none_or(|name| name == Model::BUILT_IN)
            && let Ok(model) = Model::built_in()
            && (name.is_some() || model.card.optional.recommended.is_some())
        {
            return Ok(Arc::new(model));
        }
        Self::discover(chosen).find(name)
    }

    /// The network called `name`; without a name the recommended one, or the built-in one if none is recommended.
    ///
    /// # Errors
    /// A sentence that says why it was refused, or lists the known names.
    pub fn find(&self, name: Option<&str>) -> Result<Arc<Model>, String> {
        let wanted = name
            .or_else(|| self.recommended.as_ref().map(|model| model.card.name.as_str()))
            .unwrap_or(Model::BUILT_IN);
        if let Some(model) = self.models.iter().find(|model| model.card.name == wanted) {
            return Ok(Arc::clone(model));
        }
        if let Some(refused) = self.refused.iter().find(|refused| refused.name == wanted) {
            return Err(refused.error.to_string());
        }
        let names: Vec<&str> = self.models.iter().map(|model| model.card.name.as_str()).collect();
        Err(format!("no model is named '{wanted}'; available: {}", names.join(", ")))
    }
}

/// Reads and checks the networks in `folders`, in their order, on all cores: hashing and vetting are most of the work
/// before the window opens.
fn read_all(folders: &[PathBuf]) -> Vec<Result<Model, CardError>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = folders.len().div_ceil(cores).max(1);
    let read = |part: &[PathBuf]| part.iter().map(|folder| Model::from_folder(folder)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let (own, others) = folders.split_at(share.min(folders.len()));
        let others: Vec<_> = others.chunks(share).map(|part| (part, scope.spawn(move || read(part)))).collect();
        let mut models = read(own);
        for (part, thread) in others {
            // A file that makes the check panic does so again here, where it is known how to go on.
            models.extend(thread.join().unwrap_or_else(|_| read(part)));
        }
        models
    })
}

/// Whether a network's card is in the folder; one that leads nowhere is, and is then refused in words.
fn has_card(folder: &Path) -> bool {
    let facts = folder.join("card.json").symlink_metadata();
    !facts.is_err_and(|error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
}

pub(super) fn search_directories() -> Vec<PathBuf> {
    let data = folders::data().map(|data| data.join("models"));
    let executable = std::env::current_exe().ok();
    let checkout = executable
        .iter()
        .flat_map(|path| path.ancestors())
        .find(|folder| folder.join("Cargo.toml").exists() && folder.join("models/zoo").is_dir());
    let checkout =
        checkout.into_iter().flat_map(|folder| ["models/zoo", "models/vessels"].map(|of| folder.join(of)));
    data.into_iter().chain([PathBuf::from("/usr/share/dermaloupe/models")]).chain(checkout).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Subject;
    use super::*;

    /// A directory of networks: the built-in one's file under each name, family and recommendation.
    fn directory_of(networks: &[(&str, &str, Option<&str>)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let built_in = Model::built_in().unwrap();
        for &(name, family, reason) in networks {
            let mut card = built_in.card.clone();
            card.name = name.to_owned();
            card.family = family.to_owned();
            card.optional.recommended = reason.map(str::to_owned);
            let folder = directory.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("card.json"), serde_json::to_vec(&card).unwrap()).unwrap();
            std::fs::write(folder.join(&card.onnx().unwrap().file), &built_in.onnx).unwrap();
        }
        directory
    }

    /// The networks of `directories` and no others.
    fn library_of(directories: &[&Path]) -> ModelLibrary {
        let mut library = ModelLibrary::default();
        for directory in directories {
            library.add_directory(directory);
        }
        library.put_in_order();
        library
    }

    fn names(library: &ModelLibrary) -> Vec<&str> {
        library.models().iter().map(|model| model.card.name.as_str()).collect()
    }

    #[test]
    fn the_recommended_one_stands_first_and_the_rest_by_family_and_name() {
        let networks =
            [("a", "UNet", None), ("b", "MALUNet", None), ("d", "MALUNet", Some("Small.")), ("c", "MALUNet", None)];
        let directory = directory_of(&networks);
        let library = library_of(&[directory.path()]);
        assert_eq!(names(&library), ["d", "b", "c", "a"]);
        assert_eq!(library.find(None).unwrap().card.name, "d");
        assert_eq!(library.find(Some("a")).unwrap().card.name, "a");
        assert!(library.notices().is_empty());
    }

    #[test]
    fn of_two_recommended_ones_in_a_place_the_first_by_name_counts_and_it_is_said() {
        let directory = directory_of(&[("b", "X", Some("Small.")), ("a", "X", None), ("c", "X", Some("Fast."))]);
        let library = library_of(&[directory.path()]);
        assert_eq!(library.recommended().unwrap().card.name, "b");
        assert_eq!(names(&library), ["b", "a", "c"]);
        let [notice] = library.notices() else { panic!("{:?}", library.notices()) };
        let notice = notice.to_string();
        assert!(notice.contains("(b, c)") && notice.contains("; b is used;"), "{notice}");
        assert!(notice.ends_with(&*directory.path().to_string_lossy()), "{notice}");
    }

    #[test]
    fn the_place_that_is_searched_first_recommends() {
        let chosen = directory_of(&[("mine", "X", Some("I like it."))]);
        let other = directory_of(&[("theirs", "A", Some("They like it."))]);
        let library = library_of(&[chosen.path(), other.path()]);
        assert_eq!(names(&library), ["mine", "theirs"]);
        assert_eq!(library.find(None).unwrap().card.name, "mine");
        assert!(library.notices().is_empty(), "a place of one's own may recommend another");
    }

    #[test]
    fn a_recommended_one_whose_file_is_damaged_is_not_taken() {
        let directory = directory_of(&[("good", "X", None), ("bad", "X", Some("Small."))]);
        std::fs::write(directory.path().join("bad/model.onnx"), "no network").unwrap();
        let mut library = library_of(&[directory.path()]);
        assert!(library.recommended().is_none());
        library.add(Model::BUILT_IN, Model::built_in());
        assert_eq!(library.find(None).unwrap().card.name, Model::BUILT_IN);
        assert!(library.find(Some("bad")).unwrap_err().contains("SHA-256"));
    }

    #[test]
    fn the_one_that_is_wanted_is_that_of_the_whole_library() {
        let chosen = directory_of(&[("one", "malunet", Some("the best")), (Model::BUILT_IN, "malunet", None)]);
        for chosen in [None, Some(chosen.path())] {
            for name in [None, Some(Model::BUILT_IN), Some("malunet"), Some("one"), Some("nowhere")] {
                let found = ModelLibrary::find_among(chosen, name)
                    .map(|model| (model.card.name.clone(), model.origin.clone()));
                let whole = ModelLibrary::discover(chosen);
                let expected = whole.find(name).map(|model| (model.card.name.clone(), model.origin.clone()));
                assert_eq!(found, expected, "{name:?} in {chosen:?}");
            }
        }
    }

    #[test]
    fn the_networks_for_vessels_are_whole_recommend_nothing_and_stand_last() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let library = library_of(&[&root.join("models/vessels"), &root.join("models/zoo")]);
        assert!(library.refused().is_empty() && library.notices().is_empty(), "{:?}", library.refused());
        assert_eq!(library.find(None).unwrap().card.name, Model::BUILT_IN);
        assert_eq!(names(&library)[library.models().len() - 2..], ["m2unet", "wnet"]);
        let for_skin = library.models().iter().filter(|model| model.card.subject == Subject::Dermoscopy);
        assert_eq!(for_skin.count(), library.models().len() - 2);
    }

    #[test]
    fn the_zoo_is_whole_and_what_it_recommends_is_built_in() {
        let library = library_of(&[&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/zoo")]);
        let refused: Vec<String> = library.refused().iter().map(|refused| refused.error.to_string()).collect();
        assert!(refused.is_empty(), "{refused:?}");
        assert!(library.notices().is_empty(), "{:?}", library.notices());
        assert!(library.find(Some(Model::BUILT_IN)).is_ok());
        if let Some(recommended) = library.recommended() {
            assert_eq!(recommended.card.name, Model::BUILT_IN, "change built_in! in model.rs");
        }
    }
}
