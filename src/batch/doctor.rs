//! `doctor`: which engines and networks are found here, or exactly why not.

use serde_json::{Value, json};

use super::console::{one_line, print_line};
use super::{NetworkOptions, models};
use crate::inference::{self, EngineChoice, ModelLibrary, Probe};

/// Examines this machine; returns whether `auto` has an engine and everything that was named can be used.
///
/// # Errors
/// [`super::UsageError`] when `--models` is no folder, or the error of stdout.
pub fn doctor(options: &NetworkOptions, json: bool) -> anyhow::Result<bool> {
    let library = options.library()?;
    let probes = inference::probe(&options.libraries);
    let auto = auto(options, &library);
    let report = report(&library, &probes, &auto);
    print_line(&if json { report.to_string() } else { text(&report) })?;
    let named_libraries_work =
        probes.iter().all(|probe| probe.available || !options.libraries.names_library_of(probe.kind));
    Ok(auto["engine"].is_string() && named_libraries_work && library.refused().is_empty())
}

/// What `auto` takes for the default network, and why not what it would rather have.
fn auto(options: &NetworkOptions, library: &ModelLibrary) -> Value {
    let opened = library.find(None).and_then(|model| {
        inference::open(EngineChoice::Auto, &model, &options.libraries).map_err(|error| error.to_string())
    });
    match opened {
        Ok(opened) => json!({
            "engine": opened.engine.info().kind,
            "engine_version": opened.engine.info().version,
            "passed_over": opened.passed_over.iter().map(|refusal| {
                json!({ "engine": refusal.kind, "reason": one_line(&refusal.error.to_string()) })
            }).collect::<Vec<_>>(),
        }),
        Err(reason) => json!({ "engine": null, "reason": one_line(&reason) }),
    }
}

fn report(library: &ModelLibrary, probes: &[Probe], auto: &Value) -> Value {
    let engines: Vec<Value> = probes
        .iter()
        .map(|probe| {
            let detail = one_line(&probe.detail);
            json!({ "engine": probe.kind, "title": probe.kind.title(), "available": probe.available, "detail": detail })
        })
        .collect();
    let networks = library.models().iter();
    let networks: Vec<Value> = networks
        .map(|model| {
            let card = &model.card;
            json!({ "name": card.name, "title": card.title, "origin": model.origin.to_string() })
        })
        .collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "engines": engines,
        "auto": auto,
        "models": networks,
        "default": library.find(None).ok().map(|model| model.card.name.clone()),
        "refused": models::refused(library),
        "notices": library.notices().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "searched": library.searched().iter().map(|folder| folder.to_string_lossy()).collect::<Vec<_>>(),
    })
}

fn text(report: &Value) -> String {
    let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    let mut lines = vec![format!("dermaloupe {}, {} cores", word(&report["version"]), report["cores"])];
    lines.push("\nEngines".into());
    for engine in list("engines") {
        let mark = if engine["available"] == true { "found" } else { "not usable" };
        lines.push(format!("  {:15}  {mark}: {}", word(&engine["title"]), word(&engine["detail"])));
    }
    let auto = &report["auto"];
    let taken =
        auto["engine"].as_str().map_or_else(|| format!("nothing: {}", word(&auto["reason"])), str::to_owned);
    lines.push(format!("  {:15}  {taken}", "auto takes"));
    for refusal in auto["passed_over"].as_array().into_iter().flatten() {
        lines.push(format!("  {:15}  not {}: {}", "", word(&refusal["engine"]), word(&refusal["reason"])));
    }
    lines.push("\nNetworks".into());
    for model in list("models") {
        lines.push(format!("  {:15}  {}", word(&model["name"]), word(&model["origin"])));
    }
    let default = report["default"].as_str().unwrap_or("none: name one with --model");
    lines.push(format!("  {:15}  {default}", "default is"));
    lines.extend(list("notices").iter().map(|notice| format!("  notice: {}", word(notice))));
    lines.extend(list("refused").iter().map(|refused| format!("  refused: {}", word(&refused["reason"]))));
    lines.push("\nSearched for networks, after the built-in one".into());
    lines.extend(list("searched").iter().map(|folder| format!("  {}", word(folder))));
    lines.join("\n")
}
