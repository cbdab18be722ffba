//! What the window calls things that the library names in English: engines, places, the sample.

use std::path::{MAIN_SEPARATOR, Path};

use jiff::Timestamp;

use super::model::current::Reference;
use crate::inference::{EngineInfo, EngineKind, ModelOrigin, Subject};
use crate::language::{Language, Words};
use crate::local_time;
use crate::photo::PhotoSource;
use crate::provenance::MaskSource;
use crate::records::ReviewState;
use crate::{sample, tr, words};

/// An engine.
pub(super) fn engine(kind: EngineKind, language: Language) -> String {
    match kind {
        EngineKind::Rten => tr!(language, "engine-rten"),
        EngineKind::Ort => tr!(language, "engine-ort"),
        EngineKind::Rknn => tr!(language, "engine-rknn"),
    }
}

/// An engine with its version, as it says itself.
pub(super) fn engine_and_version(info: &EngineInfo, language: Language) -> String {
    format!("{} {}", engine(info.kind, language), info.version)
}

/// The kind of networks for `subject`.
pub(super) fn subject(subject: Subject, language: Language) -> String {
    match subject {
        Subject::Dermoscopy => tr!(language, "subject-dermoscopy"),
        Subject::Fundus => tr!(language, "subject-fundus"),
    }
}

/// Where a network came from.
pub(super) fn origin(origin: &ModelOrigin, language: Language) -> String {
    match origin {
        ModelOrigin::BuiltIn => tr!(language, "origin-built-in"),
        ModelOrigin::Folder(folder) => folder.display().to_string(),
    }
}

/// A share of 1 in per cent, as the language writes it.
pub(super) fn percent(share: f64, language: Language) -> String {
    tr!(language, "percent", number = format!("{:.0}", share * 100.0))
}

/// The sign that stands behind a number of per cent, with the space that the language has between them.
pub(super) fn percent_sign(language: Language) -> String {
    tr!(language, "percent", number = "")
}

/// A decision.
/// A step's name, and what it does.
pub(super) fn step(key: &str, language: Language) -> [String; 2] {
    match key {
        "grey-world" => [tr!(language, "step-grey-world"), tr!(language, "step-grey-world-hint")],
        "normalise" => [tr!(language, "step-normalise"), tr!(language, "step-normalise-hint")],
        "window" => [tr!(language, "step-window"), tr!(language, "step-window-hint")],
        "nlm" => [tr!(language, "step-nlm"), tr!(language, "step-nlm-hint")],
        "clahe" => [tr!(language, "step-clahe"), tr!(language, "step-clahe-hint")],
        "crf" => [tr!(language, "step-crf"), tr!(language, "step-crf-hint")],
        "open" => [tr!(language, "step-open"), tr!(language, "step-open-hint")],
        "close" => [tr!(language, "step-close"), tr!(language, "step-close-hint")],
        "fill" => [tr!(language, "step-fill"), tr!(language, "step-fill-hint")],
        "largest" => [tr!(language, "step-largest"), tr!(language, "step-largest-hint")],
        "lesion" => [tr!(language, "step-lesion"), tr!(language, "step-lesion-hint")],
        _ => [key.to_owned(), String::new()],
    }
}

/// What the figures of a step are, in their order.
pub(super) fn step_figures(key: &str, language: Language) -> Vec<String> {
    match key {
        "window" => vec![tr!(language, "step-level"), tr!(language, "step-width")],
        "nlm" => vec![tr!(language, "step-strength")],
        "clahe" => vec![tr!(language, "step-clip")],
        "crf" => vec![tr!(language, "step-weight")],
        "open" | "close" => vec![tr!(language, "step-radius")],
        _ => Vec::new(),
    }
}

pub(super) fn decision(state: ReviewState) -> Words {
    match state {
        ReviewState::NotSeen => words!("review-not-seen"),
        ReviewState::Accepted => words!("review-accepted"),
        ReviewState::Rejected => words!("review-rejected"),
        ReviewState::Unsure => words!("review-unsure"),
    }
}

/// Whose mask it is.
pub(super) fn mask_source(source: MaskSource) -> Words {
    match source {
        MaskSource::Network => words!("mask-network"),
        MaskSource::Corrected => words!("mask-corrected"),
        MaskSource::Drawn => words!("mask-drawn"),
        MaskSource::None => words!("mask-none"),
    }
}

/// A photo: its file's name, or the sample.
pub(super) fn source(source: &PhotoSource, language: Language) -> String {
    match source {
        PhotoSource::File(_) => source.name(),
        PhotoSource::BuiltIn(sample::FUNDUS_NAME) => tr!(language, "sample-name-fundus"),
        PhotoSource::BuiltIn(_) => tr!(language, "sample-name"),
    }
}

/// A reference mask: its file's name, or the sample's own.
pub(super) fn reference(reference: &Reference, language: Language) -> String {
    reference.name.clone().unwrap_or_else(|| tr!(language, "sample-mask"))
}

/// `words` with the person's own folder written `~`, so that what tells a path from others is in sight.
pub(super) fn with_short_home(words: &str, home: Option<&Path>) -> String {
    let home = home.map(|home| home.display().to_string()).unwrap_or_default();
    match home.trim_end_matches(MAIN_SEPARATOR) {
        "" => words.to_owned(),
        home => words.replace(&format!("{home}{MAIN_SEPARATOR}"), &format!("~{MAIN_SEPARATOR}")),
    }
}

/// `words` without the folder of the file at `path`: its name says enough where there is little room.
pub(super) fn without_folder(words: &str, path: Option<&Path>) -> String {
    let folder = path.and_then(Path::parent).filter(|folder| folder.parent().is_some());
    folder.map_or_else(
        || words.to_owned(),
        |folder| words.replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), ""),
    )
}

/// A moment, as it was here.
pub(super) fn moment(moment: Timestamp) -> String {
    local_time::shown(&local_time::here(moment))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{with_short_home, without_folder};

    #[cfg(unix)]
    #[test]
    fn the_persons_own_folder_is_short_and_no_other() {
        let words = "cannot read (no such file): /home/ana/study/1.jpg";
        let short = |words: &str, home: &str| with_short_home(words, Some(Path::new(home)));
        assert_eq!(short(words, "/home/ana"), "cannot read (no such file): ~/study/1.jpg");
        assert_eq!(short(words, "/home/ana/"), "cannot read (no such file): ~/study/1.jpg");
        assert_eq!(short("/home/anabel/1.jpg", "/home/ana"), "/home/anabel/1.jpg");
        assert_eq!(short(words, "/"), words);
        assert_eq!(with_short_home(words, None), words);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_named_without_its_folder() {
        let named = |words: &str, path: &str| without_folder(words, Some(Path::new(path)));
        assert_eq!(named("damaged: /media/usb/a/1.jpg", "/media/usb/a/1.jpg"), "damaged: 1.jpg");
        assert_eq!(named("and/or: /1.jpg", "/1.jpg"), "and/or: /1.jpg");
        assert_eq!(named("and/or: 1.jpg", "1.jpg"), "and/or: 1.jpg");
        assert_eq!(without_folder("and/or", None), "and/or");
    }
}
