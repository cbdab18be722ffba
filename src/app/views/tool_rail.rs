//! The rail of tools at the canvas's left edge, while the mask is corrected.

use eframe::egui::{self, CornerRadius, FontId, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::context::ViewContext;
use super::rail_icons::RailIcon;
use super::widgets::{menu, ring};
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::correction::Tool;
use crate::app::theme::{self, GRID};
use crate::tr;

/// A button's side: a finger's, or a pointer's where the window is low.
const SIDES: [f32; 3] = [44.0, 36.0, 34.0];

/// Room for a line between groups.
const GAP: f32 = 9.0;

/// Width of a button that says its name.
const LABELLED_WIDTH: f32 = 136.0;

/// Room from which the buttons say their names, beside the photo.
const LABELS_FROM: f32 = 1000.0;

type RailButton = (RailIcon, Action);

const TOOLS: [RailButton; 4] = [
    (RailIcon::Font(icons::PAINT_BRUSH), Action::UseBrush),
    (RailIcon::Font(icons::ERASER), Action::UseEraser),
    (RailIcon::Font(icons::POLYGON), Action::UsePolygon),
    (RailIcon::Font(icons::LASSO), Action::UseLasso),
];
const WHOLE: [RailButton; 5] = [
    (RailIcon::Font(icons::PAINT_BUCKET), Action::FillHoles),
    (RailIcon::KeepLargest, Action::KeepLargest),
    (RailIcon::Smooth, Action::Smooth),
    (RailIcon::Font(icons::ARROWS_OUT_SIMPLE), Action::Grow),
    (RailIcon::Font(icons::ARROWS_IN_SIMPLE), Action::Shrink),
];
const STEPS: [RailButton; 2] = [
    (RailIcon::Font(icons::ARROW_U_UP_LEFT), Action::Undo),
    (RailIcon::Font(icons::ARROW_U_UP_RIGHT), Action::Redo),
];

pub(super) fn tool_rail_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let buttons = TOOLS.len() + WHOLE.len() + STEPS.len() + 2;
    let room = ui.available_height() - 3.0 * GAP - 4.0 * GRID;
    let side = SIDES.into_iter().find(|side| buttons as f32 * (side + 2.0) <= room).unwrap_or(SIDES[2]);
    let size = vec2(if ui.available_width() >= LABELS_FROM { LABELLED_WIDTH } else { side }, side);
    egui::Panel::left("tool rail")
        .resizable(false)
        .exact_size(size.x + 4.0 * GRID)
        .frame(egui::Frame::new().fill(theme::colours(ui).panel).inner_margin(egui::Margin::symmetric(8, 8)))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            egui::ScrollArea::vertical()
                .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
                .show(ui, |ui| buttons_ui(ui, context, size));
        });
}

fn buttons_ui(ui: &mut Ui, context: &mut ViewContext<'_>, size: Vec2) {
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
            let fill = if action == chosen { Fill::Chosen } else { Fill::None };
            if tool_ui(ui, size, icon, &action.label(language), fill).on_hover_text(context.hint(action)).clicked()
            {
                context.send(action);
            }
        });
    };
    TOOLS.into_iter().for_each(|entry| add(ui, entry, true));
    gap_ui(ui, size.x);
    WHOLE.into_iter().for_each(|entry| add(ui, entry, is_ready));
    gap_ui(ui, size.x);
    add(ui, STEPS[0], can_undo);
    add(ui, STEPS[1], can_redo);
    start_ui(ui, context, size);
    gap_ui(ui, size.x);
    let done = tool_ui(ui, size, RailIcon::Font(icons::CHECK), &tr!(language, "correct-done"), Fill::Done);
    if done.on_hover_text(context.with_key(tr!(language, "correct-done-hint"), Action::ToggleCorrection)).clicked()
    {
        context.send(Action::ToggleCorrection);
    }
}

/// What to begin again from.
fn start_ui(ui: &mut Ui, context: &mut ViewContext<'_>, size: Vec2) {
    let language = context.language();
    let icon = RailIcon::Font(icons::ARROWS_COUNTER_CLOCKWISE);
    let start = tool_ui(ui, size, icon, &tr!(language, "correct-start"), Fill::None);
    let start = start.on_hover_text(tr!(language, "correct-start-hint"));
    menu(&start).width(260.0).align(egui::RectAlign::RIGHT_START).show(|ui| {
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

fn gap_ui(ui: &mut Ui, width: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, GAP - 2.0), Sense::hover());
    let line = Rect::from_center_size(rect.center(), vec2(width - 4.0 * GRID, 1.0));
    ui.painter().rect_filled(line, CornerRadius::ZERO, theme::colours(ui).hairline);
}

/// How a button stands out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    None,
    /// The tool in the hand.
    Chosen,
    /// The way out.
    Done,
}

/// A button of the rail, as wide as it is high, or wider and with its name.
fn tool_ui(ui: &mut Ui, size: Vec2, icon: RailIcon, name: &str, fill: Fill) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| match fill {
        Fill::Done => WidgetInfo::labeled(Role::Button, is_enabled, name),
        _ => WidgetInfo::selected(Role::Button, is_enabled, fill == Fill::Chosen, name),
    });
    let colours = theme::colours(ui);
    let is_lit = is_enabled && (response.hovered() || response.has_focus());
    let ground = match fill {
        Fill::Chosen => Some(colours.accent),
        Fill::Done if !is_lit => Some(colours.raised),
        _ => is_lit.then_some(colours.hovered),
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, CornerRadius::same(8), ground);
    }
    if response.has_focus() {
        ring(ui, rect, if fill == Fill::Chosen { colours.on_accent } else { colours.accent });
    }
    let colour = match (fill, is_enabled) {
        (Fill::Chosen, _) => colours.on_accent,
        (Fill::Done, true) => colours.accent,
        (Fill::None, true) => colours.text,
        (_, false) => colours.dim.gamma_multiply(0.5),
    };
    let middle = pos2(rect.left() + size.y / 2.0, rect.center().y);
    icon.paint(ui.painter(), middle, colour);
    if size.x > size.y {
        let left = pos2(rect.left() + size.y, rect.center().y);
        let font = FontId::proportional(theme::SIZE_BODY);
        let mut words = egui::text::LayoutJob::simple_singleline(name.to_owned(), font, colour);
        words.wrap = egui::text::TextWrapping::truncate_at_width(rect.right() - left.x - GRID);
        let galley = ui.painter().layout_job(words);
        ui.painter().galley(left - vec2(0.0, galley.size().y / 2.0), galley, colour);
    }
    response
}
