//! The last section of the side panel: the network in use, what it is chosen by, all that its card says, and its engine.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{self, FontId, RichText, Ui};

use super::certainty;
use super::context::ViewContext;
use super::network_row::{millis, size};
use super::second_look;
use super::section::section_ui;
use super::widgets::{Segment, fact_row_ui, segmented_ui};
use crate::app::command::Command;
use crate::app::model::sections::PanelSection;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::{EngineChoice, EngineKind, LesionFacts, MaskFacts, ModelCard, Subject, VesselFacts};
use crate::language::Language;
use crate::measure::shown_figure::grouped;
use crate::tr;

pub(super) fn network_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Network, &tr!(language, "network"), "");
    let network = &context.state.network;
    let card = &network.model.card;
    ui.label(RichText::new(&card.title).color(theme::colours(ui).text));
    if card.subject == Subject::Fundus {
        let small = RichText::new(tr!(language, "for-fundus")).size(theme::SIZE_SMALL);
        ui.label(small.color(theme::colours(ui).dim));
    }
    if network.recommended.as_ref() == Some(&card.name) {
        ui.label(recommendation(ui, &tr!(language, "recommended-sentence"), language));
    }
    ui.add_space(GRID);
    choice_ui(ui, context);
    certainty::careful_ui(ui, context);
    second_look::second_look_ui(ui, context);
    certainty::ask_second_ui(ui, context);
    if is_open {
        details_ui(ui, context);
    }
    ui.add_space(GRID);
    ui.label(RichText::new(tr!(language, "engine")).color(theme::colours(ui).dim));
    engine_ui(ui, context);
}

/// What a person chooses a network by: the columns of the menu.
fn choice_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let card = &network.model.card;
    let dice = format!("{:.3}", card.facts.mean_dice());
    fact_row_ui(ui, &tr!(language, "column-accuracy"), &dice, "").on_hover_text(tr!(
        language,
        "test-means-hint",
        count = card.facts.test_photos().to_string()
    ));
    let time = tr!(language, "time-here");
    match (network.millis_here(&card.name), &network.engine) {
        (Some(measured), Some(engine)) => {
            let engine = names::engine(engine.kind, language);
            fact_row_ui(ui, &time, &millis(measured), "ms").on_hover_text(tr!(
                language,
                "time-here-hint",
                engine = engine
            ));
        }
        _ => {
            fact_row_ui(ui, &time, "–", "").on_hover_text(tr!(language, "fact-not-run"));
        }
    }
    fact_row_ui(ui, &tr!(language, "column-size"), &size(card), "").on_hover_text(tr!(language, "size-hint"));
}

/// All that the card says.
fn details_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let card = &network.model.card;
    let dim = theme::colours(ui).dim;
    ui.add_space(GRID);
    ui.label(RichText::new(card.description_in(language.tag())).color(dim));
    fact_row_ui(ui, &tr!(language, "parameters"), &grouped(card.parameters), "");
    fact_row_ui(ui, &tr!(language, "operations"), &format!("{:.1}", card.macs as f64 / 1e6), "M MAC");
    fact_row_ui(ui, &tr!(language, "input"), &format!("{} × {}", card.input.width, card.input.height), "px");
    let output_size = format!("{} × {}", card.output.width, card.output.height);
    fact_row_ui(ui, &tr!(language, "answer"), &output_size, "px").on_hover_text(tr!(language, "answer-hint"));
    match &card.facts {
        MaskFacts::Lesion(facts) => {
            let data = format!("{} ({})", facts.data.name, facts.data.licence);
            fact_row_ui(ui, &tr!(language, "trained-on"), &data, "");
            figures_ui(ui, facts, language);
        }
        MaskFacts::Vessels(facts) => vessel_figures_ui(ui, facts, language),
    }
    times_ui(ui, card, language);
    if let Some(reason) = card.optional.recommended_in(language.tag())
        && network.recommended.as_ref() == Some(&card.name)
    {
        ui.add_space(GRID);
        ui.label(
            RichText::new(tr!(language, "why-recommended", reason = reason)).size(theme::SIZE_SMALL).color(dim),
        );
    }
}

/// The recommendation, its first word standing out.
fn recommendation(ui: &Ui, reason: &str, language: Language) -> LayoutJob {
    let colour = theme::colours(ui).text;
    let mut words = LayoutJob::default();
    words.append(
        &tr!(language, "recommended-because"),
        0.0,
        TextFormat::simple(theme::strong_font(theme::SIZE_BODY), colour),
    );
    words.append(reason, 0.0, TextFormat::simple(FontId::proportional(theme::SIZE_BODY), colour));
    words
}

/// How well it agrees with reference masks; each figure says over what.
fn figures_ui(ui: &mut Ui, facts: &LesionFacts, language: Language) {
    let n = facts.test.n.to_string();
    let means = tr!(language, "test-means-hint", count = n.clone());
    let pooled = tr!(language, "test-pooled-hint", count = n);
    let mut row = |name: &str, figure: f64, hint: &str| {
        fact_row_ui(ui, name, &format!("{figure:.3}"), "").on_hover_text(hint);
    };
    row(&tr!(language, "test-dice-mean"), facts.test.mean_dice, &means);
    row(&tr!(language, "test-iou-mean"), facts.test.mean_iou, &means);
    row(&tr!(language, "test-iou-pooled"), facts.test.pooled_iou, &pooled);
    if let Some(int8) = &facts.int8 {
        let hint = tr!(language, "int8-hint", pooled = pooled, toolkit = int8.toolkit.clone());
        row(&tr!(language, "int8-iou-pooled"), int8.test.pooled_iou, &hint);
    }
    if let Some(crop) = &facts.centre_crop {
        row(&tr!(language, "centre-crop-iou-mean"), crop.mean_iou, &tr!(language, "centre-crop-hint"));
    }
}

/// How well a network for vessels agrees with a person, and what it was trained on, which needs more words than a row has.
fn vessel_figures_ui(ui: &mut Ui, facts: &VesselFacts, language: Language) {
    let means = tr!(language, "test-means-hint", count = facts.test.n.to_string());
    let mut row = |name: String, figure: Option<f64>, hint: String| {
        if let Some(figure) = figure {
            fact_row_ui(ui, &name, &format!("{figure:.3}"), "").on_hover_text(hint);
        }
    };
    row(tr!(language, "test-dice-mean"), Some(facts.test.dice), means.clone());
    row(tr!(language, "test-cldice-mean"), Some(facts.test.cldice), tr!(language, "cldice-hint"));
    row(tr!(language, "test-auc-mean"), facts.test.auc, means);
    let second = facts.second_observer.as_ref().map(|person| person.dice);
    row(tr!(language, "second-observer-dice"), second, tr!(language, "second-observer-hint"));
    let int8 = facts.int8.as_ref().map(|int8| int8.figures.dice);
    row(tr!(language, "int8-dice-mean"), int8, tr!(language, "int8-hint-vessels"));
    let data =
        tr!(language, "trained-on-words", data = facts.data.train.clone(), licence = facts.data.licence.clone());
    ui.label(RichText::new(data).size(theme::SIZE_SMALL).color(theme::colours(ui).dim));
}

/// How long a photograph takes: measured on a desktop, and estimated for an NPU.
fn times_ui(ui: &mut Ui, card: &ModelCard, language: Language) {
    if let Some(speed) = &card.optional.speed {
        let (ort, rten) = (millis(speed.ort_millis), millis(speed.rten_millis));
        let hint = tr!(language, "desktop-hint", machine = speed.machine.clone(), ort = ort, rten = rten);
        fact_row_ui(ui, &tr!(language, "desktop"), &millis(speed.ort_millis), "ms").on_hover_text(hint);
    }
    if let Some(npu) = &card.optional.npu {
        let [least, most] = npu.estimated_millis.map(millis);
        let hint = tr!(language, "npu-hint", layers = npu.layers.to_string(), left = npu.cpu_layers.len());
        fact_row_ui(ui, &tr!(language, "npu-estimate"), &format!("{least}–{most}"), "ms").on_hover_text(hint);
    }
}

/// What runs the network: one of four.
pub(super) fn engine_choice_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let segment = |value, label, hint| Segment { value, label, hint, enabled: true };
    let segments = [
        segment(EngineChoice::Auto, tr!(language, "engine-auto"), tr!(language, "engine-auto-hint")),
        segment(
            EngineChoice::Only(EngineKind::Rknn),
            tr!(language, "engine-npu"),
            tr!(language, "engine-npu-hint"),
        ),
        segment(
            EngineChoice::Only(EngineKind::Ort),
            tr!(language, "engine-onnx"),
            tr!(language, "engine-onnx-hint"),
        ),
        segment(
            EngineChoice::Only(EngineKind::Rten),
            tr!(language, "engine-built-in"),
            tr!(language, "engine-built-in-hint"),
        ),
    ];
    if let Some(choice) = segmented_ui(ui, &segments, context.state.network.choice) {
        context.send(Command::UseEngine(choice));
    }
}

fn engine_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    engine_choice_ui(ui, context);
    let network = &context.state.network;
    let dim = theme::colours(ui).dim;
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL).color(dim);
    if let Some(engine) = &network.engine {
        ui.label(small(tr!(language, "ran-on", engine = names::engine_and_version(engine, language))));
    }
    for refusal in &network.passed_over {
        ui.add(
            egui::Label::new(small(tr!(
                language,
                "engine-not-used",
                engine = names::engine(refusal.kind, language)
            )))
            .truncate(),
        )
        .on_hover_text(refusal.error.message().said_in(language));
    }
}
