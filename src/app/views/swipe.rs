//! The line that parts both sides of a swipe: dragged by its handle, or moved by keys.

use eframe::egui::{
    self, Color32, CursorIcon, EventFilter, FontId, Id, Key, Modifiers, Rect, Sense, Stroke, Ui, pos2, vec2,
};

use super::context::ViewContext;
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::theme;
use crate::tr;

/// Width of the area in which the line is grabbed, in points.
const GRIP: f32 = 44.0;

/// Draws the line and moves it.
pub(super) fn divider_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let share = context.state.comparing.divider;
    let x = area.left() + area.width() * share;
    let id = Id::unique("divider");
    // The bar with both sides' names lies above, scale and zoom below it.
    let grip =
        Rect::from_min_max(pos2(x - GRIP / 2.0, area.top() + 64.0), pos2(x + GRIP / 2.0, area.bottom() - 64.0));
    let response = ui.interact(grip, id, Sense::drag());
    response.widget_info(|| egui::WidgetInfo::slider(true, f64::from(share), tr!(language, "compare-divider")));
    let is_lit = response.hovered() || response.dragged() || response.has_focus();
    if is_lit {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if let (true, Some(pointer)) = (response.dragged(), response.interact_pointer_pos()) {
        context.commands.push(Command::Compare(CompareChange::Divider((pointer.x - area.left()) / area.width())));
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        for (key, action) in [(Key::ArrowLeft, Action::DividerLeft), (Key::ArrowRight, Action::DividerRight)] {
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                context.send(action);
            }
        }
    }
    let painter = ui.painter().with_clip_rect(area);
    painter.vline(x, area.y_range(), Stroke::new(4.0, Color32::from_black_alpha(150)));
    painter.vline(x, area.y_range(), Stroke::new(2.0, Color32::WHITE));
    let knob = pos2(x, area.center().y);
    let colours = theme::colours(ui);
    let (fill, text) = if is_lit { (colours.accent, colours.on_accent) } else { (Color32::WHITE, Color32::BLACK) };
    painter.circle_filled(knob, 18.0, Color32::from_black_alpha(110));
    painter.circle_filled(knob, 16.0, fill);
    let font = FontId::proportional(theme::ICON);
    painter.text(knob + vec2(0.0, 0.5), egui::Align2::CENTER_CENTER, icons::ARROWS_HORIZONTAL, font, text);
}
