//! The kiosk's screen with the camera's picture, and the button for it.

use eframe::egui::{self, CornerRadius, FontId, Key, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::context::ViewContext;
use super::kiosk_button::{Look, button_ui, elided, label_size};
use super::kiosk_sizes::Sizes;
use super::live;
use crate::app::icons;
use crate::app::kiosk::screen::{Touch, live_sentence};
use crate::app::model::live::LivePhase;
use crate::app::names;
use crate::app::theme;
use crate::language::{Language, sentence};
use crate::tr;

/// Where the button lies on the screen that nobody is at.
pub(crate) fn kiosk_live_button(screen: Rect) -> Rect {
    let sizes = Sizes::of(screen);
    let size = sizes.button_size;
    Rect::from_min_size(screen.right_bottom() - size - vec2(1.5, 1.0) * sizes.margin, size)
}

/// The button on the screen that nobody is at.
pub(super) fn invite_ui(ui: &Ui, screen: Rect, sizes: Sizes, language: Language) {
    let label = tr!(language, "kiosk-live");
    let size = label_size(ui, &[&label], sizes.button_size.x, sizes);
    button_ui(ui, kiosk_live_button(screen), (icons::VIDEO_CAMERA, &label), size, Look::Off);
}

/// Draws the picture, what to do for a better one, and what a visitor can ask for.
pub(super) fn live_ui(ui: &mut Ui, context: &ViewContext<'_>, area: Rect, sizes: Sizes, touches: &mut Vec<Touch>) {
    let language = context.language();
    let state = &context.state.live;
    let foot_height = sizes.button_size.y + 2.0 * sizes.margin;
    let (stage, foot) = area.split_top_bottom_at_y(area.max.y - foot_height);
    let (top, stage) = stage.split_top_bottom_at_y(stage.min.y + 2.2 * sizes.sentence);
    let painter = ui.painter().with_clip_rect(area);
    let (words, beside, is_fault) = live_sentence(state);
    let words = words.said_in(language);
    ui.interact(stage, ui.scope_id().with("live stage"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    match state.phase {
        LivePhase::Running | LivePhase::Frozen { .. } => {
            live::paint_frame(&painter, context, stage, ui.ctx().pixels_per_point());
            if let Some(said) = live::said(state, theme::colours(ui), language) {
                live::said_ui(ui, &painter, top, &said, sizes.sentence);
            }
        }
        LivePhase::Starting | LivePhase::Waiting(_) | LivePhase::NetworkFailed(_) => {
            let font = FontId::proportional(0.3 * stage.height());
            let colour = theme::colours(ui).dim.gamma_multiply(0.5);
            let icon = if is_fault { icons::CAMERA_SLASH } else { icons::VIDEO_CAMERA };
            painter.text(stage.center(), egui::Align2::CENTER_CENTER, icon, font, colour);
        }
    }
    let beside = if is_fault { sentence(&beside.said_in(language)) } else { beside.said_in(language) };
    foot_ui(ui, context, foot, sizes, (&words, &names::with_short_home(&beside, None)), touches);
    let (ends, freezes) = ui.input(|input| {
        let pressed = |key| input.key_pressed(key) && input.modifiers.is_none();
        (pressed(Key::L) || pressed(Key::Escape), pressed(Key::Space))
    });
    touches.extend(ends.then_some(Touch::Live));
    touches.extend(freezes.then_some(Touch::Freeze));
}

fn foot_ui(
    ui: &Ui,
    context: &ViewContext<'_>,
    foot: Rect,
    sizes: Sizes,
    (words, beside): (&str, &str),
    touches: &mut Vec<Touch>,
) {
    let language = context.language();
    let colours = theme::colours(ui);
    ui.painter().rect_filled(foot, CornerRadius::ZERO, colours.panel);
    let inside = foot.shrink(sizes.margin);
    let gap = sizes.margin * 0.6;
    let live = &context.state.live;
    let (icon, freeze) = if live.is_frozen() {
        (icons::PLAY, tr!(language, "live-go-on"))
    } else {
        (icons::PAUSE, tr!(language, "action-freeze-frame"))
    };
    let end = tr!(language, "kiosk-live-stop");
    let size = label_size(ui, &[&freeze, &end], sizes.button_size.x, sizes);
    let place = |from_right: f32| {
        let left = inside.max.x - from_right * sizes.button_size.x - (from_right - 1.0) * gap;
        Rect::from_min_size(pos2(left, inside.min.y), sizes.button_size)
    };
    let freeze_look = if live.shown.is_none() { Look::Disabled } else { Look::Off };
    if button_ui(ui, place(2.0), (icon, &freeze), size, freeze_look).clicked() {
        touches.push(Touch::Freeze);
    }
    if button_ui(ui, place(1.0), (icons::X, &end), size, Look::Off).clicked() {
        touches.push(Touch::Live);
    }
    let room = Rect::from_min_max(inside.min, pos2(place(2.0).min.x - sizes.margin, inside.max.y));
    let painter = ui.painter();
    let research = tr!(language, "research-use-only");
    let large = {
        let mut size = sizes.sentence;
        loop {
            let galley = painter.layout(words.to_owned(), theme::strong_font(size), colours.text, room.width());
            if galley.rows.len() <= 1 || size < 15.0 {
                break galley;
            }
            size *= 0.9;
        }
    };
    let small = elided(painter, format!("{beside}  ·  {research}"), sizes.small, colours.dim, room.width());
    let top = room.center().y - (large.size().y + small.size().y + 4.0) / 2.0;
    painter.galley(pos2(room.min.x, top), large.clone(), colours.text);
    painter.galley(pos2(room.min.x, top + large.size().y + 4.0), small, colours.dim);
}
