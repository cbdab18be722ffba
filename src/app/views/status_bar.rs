//! The bar at the bottom: the stages' times, the purpose, and what lies under the pointer.

use eframe::egui::{self, Align, Layout, RichText, Ui, UiBuilder};

use super::Desk;
use crate::app::state::Phase;
use crate::app::theme;
use crate::tr;

pub(super) fn status_bar_ui(ui: &mut Ui, desk: &Desk<'_>) {
    let bar = ui.max_rect();
    let dim = theme::colours(ui).dim;
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL).color(dim);
    let middle = egui::Rect::from_center_size(bar.center(), egui::vec2(140.0, bar.height()));
    let mut left = bar;
    left.set_right(middle.left());
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)), |ui| {
        ui.add(egui::Label::new(small(left_words(desk))).truncate()).on_hover_text(engine_words(desk));
    });
    let mut right = bar;
    right.set_left(middle.right());
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center)), |ui| {
        ui.add(egui::Label::new(small(pointer_words(ui, desk))).truncate());
    });
    ui.put(middle, egui::Label::new(small(tr!("research-use-only"))));
}

fn left_words(desk: &Desk<'_>) -> String {
    let state = desk.state;
    match (&state.current.phase, &state.current.segmentation) {
        (Phase::Loading, _) => "Reading the photograph…".to_owned(),
        (Phase::Segmenting, None) => "Running the network…".to_owned(),
        (_, Some(result)) => {
            let [decode, prepare, network, finish] = result.millis.values();
            format!(
                "{}   ·   decode {decode:.0}   prepare {prepare:.0}   network {network:.0}   finish {finish:.0} ms",
                result.engine.kind.title()
            )
        }
        _ => String::new(),
    }
}

fn engine_words(desk: &Desk<'_>) -> String {
    let network = &desk.state.network;
    let mut words = match &network.engine {
        Some(engine) => format!("Engine: {engine}"),
        None => "No engine has run yet".to_owned(),
    };
    for refusal in &network.passed_over {
        words.push_str(&format!("\n\nNot {}: {}", refusal.kind.title(), refusal.reason));
    }
    words
}

/// Pixel, colour and probability under the pointer, which the canvas leaves in the frame's memory.
fn pointer_words(ui: &Ui, desk: &Desk<'_>) -> String {
    let current = &desk.state.current;
    let (Some([x, y]), Some(photo)) = (super::canvas::pointed_pixel(ui.ctx()), &current.photo) else {
        return String::new();
    };
    let Some([r, g, b]) = photo.pixel(x, y) else { return String::new() };
    let mut words = format!("x {x}  y {y}     rgb {r} {g} {b}");
    if let Some(p) = current.segmentation.as_ref().and_then(|result| result.probability.at(x, y)) {
        words.push_str(&format!("     p {p:.2}"));
    }
    words
}
