//! The last section of the side panel: the network in use, its figures, and the engine that runs it.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{self, FontId, RichText, Ui};

use super::Desk;
use super::network_menu::millis;
use super::widgets::{Segment, fact_row_ui, grouped, heading_ui, segmented_ui};
use crate::app::command::Command;
use crate::app::theme::{self, GRID};
use crate::inference::{EngineChoice, EngineKind, ModelCard};

pub(super) fn network_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    heading_ui(ui, "Network");
    let network = &desk.state.network;
    let card = &network.model.card;
    let colours = theme::colours(ui);
    ui.label(RichText::new(&card.description).color(colours.dim));
    if let Some(reason) = &card.optional.recommended
        && network.recommended.as_ref() == Some(&card.name)
    {
        ui.add_space(GRID);
        ui.label(recommendation(ui, reason));
    }
    ui.add_space(GRID);
    fact_row_ui(ui, "Name", &card.title, "");
    fact_row_ui(ui, "Parameters", &grouped(card.parameters), "");
    fact_row_ui(ui, "Operations", &format!("{:.1}", card.macs as f64 / 1e6), "M MAC");
    fact_row_ui(ui, "Input", &format!("{} × {}", card.input.width, card.input.height), "px");
    let answer = format!("{} × {}", card.output.width, card.output.height);
    fact_row_ui(ui, "Answer", &answer, "px")
        .on_hover_text("Probabilities at this size, enlarged to the photograph's");
    fact_row_ui(ui, "Trained on", &format!("{} ({})", card.data.name, card.data.licence), "");
    figures_ui(ui, card);
    times_ui(ui, card);
    ui.add_space(2.0 * GRID);
    ui.label(RichText::new("Engine").color(colours.dim));
    engine_ui(ui, desk);
}

/// The recommendation, its first word standing out.
fn recommendation(ui: &Ui, reason: &str) -> LayoutJob {
    let colour = theme::colours(ui).text;
    let mut words = LayoutJob::default();
    words.append("Recommended: ", 0.0, TextFormat::simple(theme::strong_font(theme::SIZE_BODY), colour));
    words.append(reason, 0.0, TextFormat::simple(FontId::proportional(theme::SIZE_BODY), colour));
    words
}

/// How well it agrees with reference masks; each figure says over what.
fn figures_ui(ui: &mut Ui, card: &ModelCard) {
    let n = card.test.n;
    let means = format!("Mean over {n} photographs that took no part in training");
    let pooled = format!("Of all pixels of {n} photographs that took no part in training");
    let mut row = |name: &str, figure: f64, hint: &str| {
        fact_row_ui(ui, name, &format!("{figure:.3}"), "").on_hover_text(hint);
    };
    row("Test Dice, mean", card.test.mean_dice, &means);
    row("Test IoU, mean", card.test.mean_iou, &means);
    row("Test IoU, pooled", card.test.pooled_iou, &pooled);
    if let Some(int8) = &card.optional.int8 {
        let hint = format!("{pooled}, in 8-bit whole numbers by the simulator of {}", int8.toolkit);
        row("INT8 IoU, pooled", int8.test.pooled_iou, &hint);
    }
    if let Some(crop) = &card.optional.centre_crop {
        let hint =
            "Mean over the largest centred squares of the same photographs: how well it bears another framing";
        row("Centre crop IoU, mean", crop.mean_iou, hint);
    }
}

/// How long a photograph takes: measured on a desktop, and estimated for an NPU.
fn times_ui(ui: &mut Ui, card: &ModelCard) {
    if let Some(speed) = &card.optional.speed {
        let hint = format!(
            "One photograph on {}: {} ms in ONNX Runtime, {} ms in the built-in engine",
            speed.machine,
            millis(speed.ort_millis),
            millis(speed.rten_millis)
        );
        fact_row_ui(ui, "Desktop", &millis(speed.ort_millis), "ms").on_hover_text(hint);
    }
    if let Some(npu) = &card.optional.npu {
        let [least, most] = npu.estimated_millis.map(millis);
        let left = match npu.cpu_layers.len() {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        let hint = format!(
            "From the compiler's cycles for one core of an RK3588; no board was measured. Of {} layers {left} are left to \
             the CPU",
            npu.layers
        );
        fact_row_ui(ui, "NPU, estimate", &format!("{least}–{most}"), "ms").on_hover_text(hint);
    }
}

fn engine_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    let network = &desk.state.network;
    let segment = |choice, label: &str, hint: &str| Segment {
        value: choice,
        label: label.to_owned(),
        hint: hint.to_owned(),
        enabled: true,
    };
    let segments = [
        segment(EngineChoice::Auto, "Auto", "The fastest that works here"),
        segment(EngineChoice::Only(EngineKind::Rknn), "NPU", "The NPU of an RK3588 board"),
        segment(EngineChoice::Only(EngineKind::Ort), "ONNX", "ONNX Runtime, found at run time"),
        segment(EngineChoice::Only(EngineKind::Rten), "Built in", "RTen, inside the program"),
    ];
    if let Some(choice) = segmented_ui(ui, &segments, network.choice) {
        desk.send(Command::UseEngine(choice));
    }
    let dim = theme::colours(ui).dim;
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL).color(dim);
    if let Some(engine) = &network.engine {
        ui.label(small(format!("Ran on {engine}")));
    }
    for refusal in &network.passed_over {
        ui.add(egui::Label::new(small(format!("Not {}", refusal.kind.title()))).truncate())
            .on_hover_text(&refusal.reason);
    }
}
