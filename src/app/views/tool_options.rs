//! The line above the canvas, while the mask is corrected: the tool's size or way, the reach of growing and smoothing,
//! and whether everything is on the disk.

use eframe::egui::{self, Align, FontId, Layout, RichText, Sense, Ui, vec2};

use super::brush::size_words;
use super::context::ViewContext;
use super::widgets::{Segment, bare_icon_ui, segmented_ui};
use crate::app::command::action::Action;
use crate::app::command::change::CorrectionChange;
use crate::app::icons;
use crate::app::model::correction::{BRUSH_PX, REACH_PX, SaveState, Tool};
use crate::app::theme::{self, GRID};
use crate::correction::Mode;
use crate::tr;

pub(super) fn tool_options_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let colours = theme::colours(ui);
    egui::Panel::top("tool options")
        .exact_size(44.0)
        .frame(egui::Frame::new().fill(colours.panel).inner_margin(egui::Margin::symmetric(12, 0)))
        .show(ui, |ui| {
            let bar = ui.max_rect();
            let right = ui
                .scope_builder(
                    egui::UiBuilder::new().max_rect(bar).layout(Layout::right_to_left(Align::Center)),
                    |ui| {
                        save_state_ui(ui, context);
                        ui.min_rect().left()
                    },
                )
                .inner;
            let mut left = bar;
            left.set_right(right - 4.0 * GRID);
            ui.scope_builder(
                egui::UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)),
                |ui| {
                    ui.set_clip_rect(left);
                    tool_ui(ui, context);
                    ui.add_space(4.0 * GRID);
                    reach_ui(ui, context);
                },
            );
        });
}

fn tool_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    match context.state.correction.tool {
        Tool::Brush | Tool::Eraser => brush_ui(ui, context),
        Tool::Polygon | Tool::Lasso => mode_ui(ui, context),
    }
}

fn brush_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let brush_px = context.state.correction.brush_px;
    let mm = context.state.scale().map(|scale| scale.mm_per_px);
    name_ui(ui, &tr!(language, "correct-size"));
    step_ui(ui, context, icons::MINUS, Action::BrushSmaller);
    let mut moved = brush_px;
    ui.spacing_mut().slider_width = 120.0;
    let slider = ui.add(egui::Slider::new(&mut moved, BRUSH_PX).logarithmic(true).show_value(false));
    let name = tr!(language, "correct-size");
    slider.widget_info(|| egui::WidgetInfo::slider(true, f64::from(moved), &name));
    if slider.changed() {
        context.send(CorrectionChange::BrushSize(moved));
    }
    step_ui(ui, context, icons::PLUS, Action::BrushLarger);
    value_ui(ui, size_words(brush_px, mm), 56.0);
}

fn step_ui(ui: &mut Ui, context: &mut ViewContext<'_>, icon: &str, action: Action) {
    let language = context.language();
    if bare_icon_ui(ui, icon, &action.label(language)).on_hover_text(context.hint(action)).clicked() {
        context.send(action);
    }
}

/// Polygon and lasso give or take.
fn mode_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let (add, remove) = (tr!(language, "correct-add"), tr!(language, "correct-remove"));
    let segments = [
        (Mode::Paint, add, tr!(language, "correct-add-hint")),
        (Mode::Erase, remove, tr!(language, "correct-remove-hint")),
    ]
    .map(|(value, label, hint)| Segment { value, label, hint, enabled: true });
    let chosen = ui
        .allocate_ui_with_layout(vec2(160.0, 32.0), Layout::top_down(Align::Min), |ui| {
            segmented_ui(ui, &segments, context.state.correction.mode)
        })
        .inner;
    if let Some(mode) = chosen {
        context.send(CorrectionChange::Mode(mode));
    }
    if !context.state.correction.line.is_empty() {
        ui.add_space(GRID);
        let words =
            RichText::new(tr!(language, "correct-line-hint", key = context.keys().shown(Action::CloseLine)))
                .size(theme::SIZE_SMALL)
                .color(theme::colours(ui).dim);
        ui.label(words);
    }
}

/// How far smoothing, growing and shrinking reach.
fn reach_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let reach_px = context.state.correction.reach_px;
    name_ui(ui, &tr!(language, "correct-reach"));
    let mut moved = reach_px;
    let drag = egui::DragValue::new(&mut moved).range(REACH_PX).speed(0.2).suffix(" px");
    let drag = ui.add_sized(vec2(64.0, 28.0), drag).on_hover_text(tr!(language, "correct-reach-hint"));
    if drag.changed() {
        context.send(CorrectionChange::Reach(moved));
    }
}

fn name_ui(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(words).color(theme::colours(ui).dim));
}

fn value_ui(ui: &mut Ui, words: String, width: f32) {
    ui.allocate_ui_with_layout(vec2(width, 32.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.label(RichText::new(words));
    });
}

/// A dot and a word: whether what was done is on the disk.
fn save_state_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let colours = theme::colours(ui);
    let correction = &context.state.correction;
    let (colour, words, hint) = match (correction.is_working, correction.save_state) {
        (true, _) => (colours.accent, tr!(language, "correct-working"), tr!(language, "correct-working-hint")),
        (_, SaveState::Nothing) => return,
        (_, SaveState::Writing) => {
            (colours.warning, tr!(language, "correct-writing"), tr!(language, "correct-writing-hint"))
        }
        (_, SaveState::Saved) => (colours.kept, tr!(language, "correct-kept"), tr!(language, "correct-kept-hint")),
        (_, SaveState::InMemory) => {
            (colours.failure, tr!(language, "correct-in-memory"), tr!(language, "correct-in-memory-hint"))
        }
    };
    let font = FontId::proportional(theme::SIZE_SMALL);
    let galley = ui.painter().layout_no_wrap(words.clone(), font, colours.dim);
    let size = vec2(galley.size().x + 18.0, 32.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
    ui.painter().circle_filled(rect.left_center() + vec2(5.0, 0.0), 4.0, colour);
    ui.painter().galley(rect.left_center() + vec2(18.0, -galley.size().y / 2.0), galley, colours.dim);
    response.on_hover_text(hint);
}
