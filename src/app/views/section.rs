//! The headings of the side panel's sections: each folds its section, by pointer, by keyboard and by screen reader.

use eframe::egui::{self, Align2, FontId, Role, Sense, Ui, WidgetInfo, vec2};

use super::context::ViewContext;
use super::widgets::ring;
use crate::app::command::Command;
use crate::app::command::change::ViewChange;
use crate::app::icons;
use crate::app::model::sections::PanelSection;
use crate::app::theme::{self, GRID};

/// Height of a heading.
const HEIGHT: f32 = 24.0;

/// The heading of `section`, with `aside` on its right; whether its body is to be drawn.
pub(super) fn section_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    section: PanelSection,
    name: &str,
    aside: &str,
) -> bool {
    let height = ui.ctx().content_rect().height() - theme::TOP_BAR_HEIGHT - theme::STATUS_BAR_HEIGHT;
    let is_open = context.state.sections.is_open(section, height);
    let colours = theme::colours(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(is_open));
    let is_lit = response.hovered() || response.has_focus();
    let shade = if is_lit { colours.text } else { colours.dim };
    let painter = ui.painter();
    painter.text(
        rect.left_center(),
        Align2::LEFT_CENTER,
        name,
        theme::strong_font(theme::SIZE_HEADING),
        colours.text,
    );
    let caret = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let icon = FontId::proportional(theme::ICON_SMALL);
    painter.text(rect.right_center(), Align2::RIGHT_CENTER, caret, icon, shade);
    let right = rect.right_center() - vec2(theme::ICON_SMALL + 2.0 * GRID, 0.0);
    let font = FontId::proportional(theme::SIZE_BODY);
    let place = painter.text(right, Align2::RIGHT_CENTER, aside, font, colours.dim);
    if !aside.is_empty() {
        // Painted, and so unknown to screen readers without it.
        let said = ui.interact(place, response.id.with("aside"), Sense::hover());
        said.widget_info(|| WidgetInfo::labeled(Role::Label, true, aside));
    }
    if response.has_focus() {
        ring(ui, rect.expand2(vec2(4.0, 0.0)), colours.accent);
    }
    if response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
        context.send(Command::View(ViewChange::Section(section, !is_open)));
    }
    ui.add_space(GRID);
    is_open
}
