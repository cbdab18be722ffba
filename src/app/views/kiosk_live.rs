//! The kiosk's screen with the camera's picture, and the button for it.

use eframe::egui::{self, FontId, Key, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::context::ViewContext;
use super::kiosk_button::{Look, button_ui, label_size};
use super::kiosk_foot::KioskFoot;
use super::kiosk_sizes::Sizes;
use super::live;
use crate::app::icons;
use crate::app::kiosk::screen::{Touch, live_sentence};
use crate::app::model::geometry::ViewTransform;
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
    let (stage, foot) = KioskFoot::split(area, sizes);
    let (top, stage) = stage.split_top_bottom_at_y(stage.min.y + 2.2 * sizes.sentence);
    let painter = ui.painter().with_clip_rect(area);
    let (words, beside, is_fault) = live_sentence(state);
    let words = words.said_in(language);
    ui.interact(stage, ui.scope_id().with("live stage"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    match state.phase {
        LivePhase::Running | LivePhase::Frozen { .. } => {
            let pixels_per_point = ui.ctx().pixels_per_point();
            if let Some(geometry) = live::geometry_of(state, stage, ViewTransform::Fit, pixels_per_point) {
                live::paint_frame(&painter, context, &geometry);
            }
            // The foot says that it stands still.
            let said = live::said(state, theme::colours(ui), language).filter(|_| !state.is_frozen());
            if let Some(said) = said {
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
    let foot = KioskFoot::begin(ui, foot, sizes, 2);
    let live = &context.state.live;
    let (icon, freeze) = if live.is_frozen() {
        (icons::PLAY, tr!(language, "live-go-on"))
    } else {
        (icons::PAUSE, tr!(language, "action-freeze-frame"))
    };
    let end = tr!(language, "kiosk-live-stop");
    let size = label_size(ui, &[&freeze, &end], foot.button_width, sizes);
    let freeze_look = if live.shown.is_none() { Look::Disabled } else { Look::Off };
    if button_ui(ui, foot.button(2), (icon, &freeze), size, freeze_look).clicked() {
        touches.push(Touch::Freeze);
    }
    if button_ui(ui, foot.button(1), (icons::X, &end), size, Look::Off).clicked() {
        touches.push(Touch::Live);
    }
    // Why, the log says to the staff.
    let slow = if live.figures.notices.is_empty() { String::new() } else { tr!(language, "live-slow") };
    let research = tr!(language, "research-use-only");
    let below = [beside, &slow, &research].into_iter().filter(|words| !words.is_empty()).collect::<Vec<&str>>();
    foot.say(ui, (words, theme::colours(ui).text), &below, 1);
}
