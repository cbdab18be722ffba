//! The rail of tools at the canvas's left edge, while the mask is corrected.

use eframe::egui::{
    self, Align2, CornerRadius, FontId, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::widgets::ring;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::correction::Tool;
use crate::app::theme::{self, GRID};
use crate::tr;

/// A button's side: a finger's, or a pointer's where the window is low.
const SIDES: [f32; 2] = [44.0, 36.0];

/// Room for a line between groups.
const GAP: f32 = 9.0;

type RailButton = (&'static str, Action);

const TOOLS: [RailButton; 4] = [
    (icons::PAINT_BRUSH, Action::UseBrush),
    (icons::ERASER, Action::UseEraser),
    (icons::POLYGON, Action::UsePolygon),
    (icons::LASSO, Action::UseLasso),
];
const WHOLE: [RailButton; 5] = [
    (icons::PAINT_BUCKET, Action::FillHoles),
    (icons::NUMBER_CIRCLE_ONE, Action::KeepLargest),
    (icons::WAVE_SINE, Action::Smooth),
    (icons::ARROWS_OUT_SIMPLE, Action::Grow),
    (icons::ARROWS_IN_SIMPLE, Action::Shrink),
];
const STEPS: [RailButton; 2] = [(icons::ARROW_U_UP_LEFT, Action::Undo), (icons::ARROW_U_UP_RIGHT, Action::Redo)];

pub(super) fn tool_rail_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let buttons = TOOLS.len() + WHOLE.len() + STEPS.len() + 2;
    let room = ui.available_height() - 3.0 * GAP - 4.0 * GRID;
    let side = SIDES.into_iter().find(|side| buttons as f32 * (side + 2.0) <= room).unwrap_or(SIDES[1]);
    egui::Panel::left("tool rail")
        .resizable(false)
        .exact_size(side + 4.0 * GRID)
        .frame(egui::Frame::new().fill(theme::colours(ui).panel).inner_margin(egui::Margin::symmetric(8, 8)))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            egui::ScrollArea::vertical()
                .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
                .show(ui, |ui| buttons_ui(ui, context, side));
        });
}

fn buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>, side: f32) {
    let language = context.language();
    let correction = &context.state.correction;
    let chosen = match correction.tool {
        Tool::Brush => Action::UseBrush,
        Tool::Eraser => Action::UseEraser,
        Tool::Polygon => Action::UsePolygon,
        Tool::Lasso => Action::UseLasso,
    };
    let (can_undo, can_redo) = (correction.done > 0 || !correction.line.is_empty(), correction.undone > 0);
    let is_ready = !correction.is_working;
    let mut add = |ui: &mut Ui, (icon, action): RailButton, is_enabled: bool| {
        ui.add_enabled_ui(is_enabled, |ui| {
            if tool_ui(ui, side, icon, &action.label(language), action == chosen)
                .on_hover_text(context.hint(action))
                .clicked()
            {
                context.send(action);
            }
        });
    };
    TOOLS.into_iter().for_each(|entry| add(ui, entry, true));
    gap_ui(ui, side);
    WHOLE.into_iter().for_each(|entry| add(ui, entry, is_ready));
    gap_ui(ui, side);
    add(ui, STEPS[0], can_undo);
    add(ui, STEPS[1], can_redo);
    start_ui(ui, context, side);
    gap_ui(ui, side);
    let done = tool_ui(ui, side, icons::CHECK, &tr!(language, "correct-done"), false);
    if done.on_hover_text(context.with_key(tr!(language, "correct-done-hint"), Action::ToggleCorrection)).clicked()
    {
        context.send(Action::ToggleCorrection);
    }
}

/// What to begin again from.
fn start_ui(ui: &mut Ui, context: &mut ViewContext<'_>, side: f32) {
    let language = context.language();
    let start = tool_ui(ui, side, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "correct-start"), false);
    let start = start.on_hover_text(tr!(language, "correct-start-hint"));
    egui::Popup::menu(&start).width(260.0).align(egui::RectAlign::RIGHT_START).show(|ui| {
        for action in [Action::StartFromNetwork, Action::StartFromReference, Action::StartEmpty] {
            let is_possible = action != Action::StartFromReference || context.state.has_reference();
            let button = egui::Button::new(action.label(language)).shortcut_text(context.keys().shown(action));
            let button = ui.add_enabled(is_possible, button.min_size(vec2(260.0, 32.0)));
            if button.on_hover_text(action.tooltip(language)).clicked() {
                context.send(action);
                ui.close();
            }
        }
    });
}

fn gap_ui(ui: &mut Ui, side: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(side, GAP - 2.0), Sense::hover());
    let line = Rect::from_center_size(rect.center(), vec2(side - 4.0 * GRID, 1.0));
    ui.painter().rect_filled(line, CornerRadius::ZERO, theme::colours(ui).hairline);
}

fn tool_ui(ui: &mut Ui, side: f32, icon: &str, name: &str, is_chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_chosen, name));
    let colours = theme::colours(ui);
    let is_lit = is_enabled && (response.hovered() || response.has_focus());
    let fill = if is_chosen { Some(colours.accent) } else { is_lit.then_some(colours.hovered) };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, CornerRadius::same(8), fill);
    }
    if response.has_focus() {
        ring(ui, rect, if is_chosen { colours.on_accent } else { colours.accent });
    }
    let colour = match (is_chosen, is_enabled) {
        (true, _) => colours.on_accent,
        (false, true) => colours.text,
        (false, false) => colours.dim.gamma_multiply(0.5),
    };
    let middle = pos2(rect.center().x, rect.center().y);
    ui.painter().text(middle, Align2::CENTER_CENTER, icon, FontId::proportional(theme::ICON), colour);
    response
}
