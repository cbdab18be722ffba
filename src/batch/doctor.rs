//! `doctor`: which engines and networks are found here, and exactly why others are not.

use serde::Serialize;

use super::NetworkOptions;
use super::console::{json, one_line, print_line};
use super::models::{self, RefusedRow};
use crate::inference::{self, BoardConditions, EngineChoice, EngineKind, ModelLibrary, Probe, Subject};
use crate::language::Words;
use crate::live::{self, Conversion, RgaError};

/// Examines this machine; returns whether `auto` has an engine and everything that was named can be used.
///
/// # Errors
/// [`super::UsageError`] when `--models` is no folder, or the error of stdout.
pub fn doctor(options: &NetworkOptions, is_json: bool) -> anyhow::Result<bool> {
    let library = options.library()?;
    let probes = inference::probe(&options.libraries);
    let rga = live::examine_rga(&options.libraries).into();
    let mut report = DoctorReport::of(&library, &probes, rga, AutoChoice::of(options, &library));
    let conditions = BoardConditions::now(&options.libraries.rknn.system_root);
    report.notices.extend(conditions.slowed_down().iter().map(Words::in_log));
    print_line(&if is_json { json(&report) } else { report.text() })?;
    let named_libraries_work =
        probes.iter().all(|probe| probe.available || !options.libraries.names_library_of(probe.kind));
    let has_engine = matches!(report.auto, AutoChoice::Taken { .. });
    Ok(has_engine && named_libraries_work && library.refused().is_empty())
}

/// The engine that `auto` uses for the default network, and why it skips those before it.
#[derive(Serialize)]
#[serde(untagged)]
enum AutoChoice {
    Taken {
        engine: EngineKind,
        engine_version: String,
        passed_over: Vec<PassedOverRow>,
    },
    Nothing {
        /// Always none.
        engine: Option<EngineKind>,
        reason: String,
    },
}

#[derive(Serialize)]
struct PassedOverRow {
    engine: EngineKind,
    reason: String,
}

impl AutoChoice {
    fn of(options: &NetworkOptions, library: &ModelLibrary) -> Self {
        let opened = library.find(None).and_then(|model| {
            inference::open(EngineChoice::Auto, &model, &options.libraries).map_err(|error| error.to_string())
        });
        match opened {
            Ok(opened) => Self::Taken {
                engine: opened.engine.info().kind,
                engine_version: opened.engine.info().version.clone(),
                passed_over: opened
                    .passed_over
                    .iter()
                    .map(|refusal| PassedOverRow {
                        engine: refusal.kind,
                        reason: one_line(&refusal.error.to_string()),
                    })
                    .collect(),
            },
            Err(reason) => Self::Nothing { engine: None, reason: one_line(&reason) },
        }
    }
}

/// What is found on this machine.
#[derive(Serialize)]
struct DoctorReport<'a> {
    version: &'static str,
    cores: usize,
    engines: Vec<EngineProbe>,
    /// Whether a board's RGA can convert a camera's frames.
    rga: RgaProbe,
    auto: AutoChoice,
    models: Vec<NetworkPlace<'a>>,
    default: Option<String>,
    refused: Vec<RefusedRow<'a>>,
    notices: Vec<String>,
    /// Folders that were searched for networks.
    searched: Vec<String>,
}

#[derive(Serialize)]
struct EngineProbe {
    engine: EngineKind,
    title: &'static str,
    available: bool,
    detail: String,
}

#[derive(Serialize)]
struct RgaProbe {
    available: bool,
    detail: String,
    /// Not on most computers.
    #[serde(skip)]
    is_there: bool,
}

impl From<Conversion> for RgaProbe {
    fn from(conversion: Conversion) -> Self {
        Self {
            available: matches!(conversion, Conversion::Rga { .. }),
            detail: one_line(&conversion.to_string()),
            is_there: conversion != Conversion::Processor(RgaError::NoDevice),
        }
    }
}

#[derive(Serialize)]
struct NetworkPlace<'a> {
    name: &'a str,
    title: &'a str,
    subject: Subject,
    origin: String,
}

impl<'a> DoctorReport<'a> {
    fn of(library: &'a ModelLibrary, probes: &[Probe], rga: RgaProbe, auto: AutoChoice) -> Self {
        let engine = |probe: &Probe| EngineProbe {
            engine: probe.kind,
            title: probe.kind.title(),
            available: probe.available,
            detail: one_line(&probe.detail),
        };
        let networks = library.models().iter();
        let networks = networks.map(|model| NetworkPlace {
            name: &model.card.name,
            title: &model.card.title,
            subject: model.card.subject,
            origin: model.origin.to_string(),
        });
        Self {
            version: env!("CARGO_PKG_VERSION"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            engines: probes.iter().map(engine).collect(),
            rga,
            auto,
            models: networks.collect(),
            default: models::default_name(library),
            refused: RefusedRow::all_of(library),
            notices: library.notices().iter().map(ToString::to_string).collect(),
            searched: library.searched().iter().map(|folder| folder.to_string_lossy().into_owned()).collect(),
        }
    }

    fn text(&self) -> String {
        let mut lines = vec![format!("dermaloupe {}, {} cores", self.version, self.cores)];
        lines.push("\nEngines".into());
        for EngineProbe { title, available, detail, .. } in &self.engines {
            let mark = if *available { "found" } else { "not usable" };
            lines.push(format!("  {title:15}  {mark}: {detail}"));
        }
        if self.rga.is_there {
            let mark = if self.rga.available { "found" } else { "not usable" };
            lines.push(format!("  {:15}  {mark}: {}", "RGA", self.rga.detail));
        }
        match &self.auto {
            AutoChoice::Taken { engine, passed_over, .. } => {
                lines.push(format!("  {:15}  {}", "auto uses", engine.id()));
                let refusals = passed_over.iter();
                lines
                    .extend(refusals.map(|refusal| {
                        format!("  {:15}  skipped {}: {}", "", refusal.engine.id(), refusal.reason)
                    }));
            }
            AutoChoice::Nothing { reason, .. } => lines.push(format!("  {:15}  none: {reason}", "auto uses")),
        }
        for (subject, heading) in
            [(Subject::Dermoscopy, "\nNetworks"), (Subject::Fundus, "\nNetworks for fundus photographs")]
        {
            let mut of_subject = self.models.iter().filter(|model| model.subject == subject).peekable();
            if subject == Subject::Dermoscopy || of_subject.peek().is_some() {
                lines.push(heading.into());
            }
            lines.extend(of_subject.map(|model| format!("  {:15}  {}", model.name, model.origin)));
            if subject == Subject::Dermoscopy {
                let default = self.default.as_deref().unwrap_or("none; choose one with --model");
                lines.push(format!("  {:15}  {default}", "default"));
            }
        }
        lines.extend(self.notices.iter().map(|notice| format!("  notice: {notice}")));
        lines.extend(self.refused.iter().map(|refused| format!("  refused: {}", refused.reason)));
        lines.push("\nFolders searched for more networks".into());
        lines.extend(self.searched.iter().map(|folder| format!("  {folder}")));
        lines.join("\n")
    }
}
