//! The kiosk's screen: the photograph, one large sentence, three large buttons. With nobody there, see
//! [`super::kiosk_attract`].

use eframe::egui::{
    self, Align2, CornerRadius, FontId, Key, Margin, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::kiosk_button::{Look, button_ui, elided, label_size};
use super::kiosk_foot::KioskFoot;
use super::kiosk_sizes::Sizes;
use super::{kiosk_attract, kiosk_countdown, kiosk_live, photo};
use crate::app::icons;
use crate::app::kiosk::screen::{Screen, Touch, sentence};
use crate::app::model::current::Phase;
use crate::app::model::geometry::Geometry;
use crate::app::model::geometry::ViewTransform;
use crate::app::names;
use crate::app::theme;
use crate::language::{self, Language};
use crate::overlay::palette::Rgb;
use crate::tr;

/// A finger that goes so far to one side asks for the next photograph.
const SWIPE: f32 = 90.0;

/// Draws the screen; returns what a finger or a key has asked for.
pub(crate) fn kiosk_ui(ui: &mut Ui, context: &mut ViewContext<'_>, screen: &Screen, visitors: usize) -> Vec<Touch> {
    let area = ui.max_rect();
    let colours = theme::colours(ui);
    // The window is cleared in this colour; where the CPU draws, doing it again would be half of the work.
    if !screen.is_drawn_by_cpu {
        ui.painter().rect_filled(area, CornerRadius::ZERO, colours.canvas);
    }
    let sizes = Sizes::of(area);
    let mut touches = Vec::new();
    if screen.is_attracting {
        kiosk_attract::attract_ui(ui, context, screen, area, sizes);
        if screen.has_camera {
            kiosk_live::invite_ui(ui, area, sizes, context.language());
        }
    } else if context.state.live.is_on {
        kiosk_live::live_ui(ui, context, area, sizes, &mut touches);
    } else {
        let (stage, foot) = KioskFoot::split(area, sizes);
        stage_ui(ui, context, screen, stage, sizes, &mut touches);
        foot_ui(ui, context, screen, foot, sizes, visitors, &mut touches);
        read_keys(ui, screen, &mut touches);
    }
    banners_ui(ui, screen, area, sizes, context.language());
    if let Some(seconds) = screen.countdown {
        let ends_live = context.state.live.is_on && visitors == 0;
        kiosk_countdown::countdown_ui(ui, area, sizes, (seconds, ends_live), context.language());
    }
    touches
}

fn stage_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    screen: &Screen,
    stage: Rect,
    sizes: Sizes,
    touches: &mut Vec<Touch>,
) {
    let response = ui.interact(stage, ui.scope_id().with("stage"), Sense::drag());
    let words = sentence(context.state, screen).0.said_in(context.language());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &words));
    if response.drag_stopped()
        && let Some(way) = response.total_drag_delta()
        && way.x.abs() > SWIPE.max(2.0 * way.y.abs())
    {
        touches.push(if way.x < 0.0 { Touch::Next } else { Touch::Previous });
    }
    let painter = ui.painter().with_clip_rect(stage);
    let Some(shown) = context.state.current.photo.clone() else {
        if matches!(context.state.current.phase, Phase::FileFailed(_)) {
            let (font, colour) = (FontId::proportional(0.3 * stage.height()), theme::colours(ui).dim);
            let colour = colour.gamma_multiply(0.5);
            painter.text(stage.center(), Align2::CENTER_CENTER, icons::IMAGE_BROKEN, font, colour);
        }
        return;
    };
    let geometry = Geometry::new(stage, shown.size(), ViewTransform::Fit, ui.ctx().pixels_per_point());
    photo::paint(&painter, context, &shown, &geometry, true);
    if !screen.comparing {
        photo::paint_overlay(&painter, context, shown.size(), &geometry);
        if screen.heat {
            legend(
                &painter,
                stage.left_bottom() + vec2(sizes.margin, -3.4 * sizes.small),
                sizes,
                theme::colours(ui),
                (super::legend::surroundings(context), context.state.layer_opacity()),
                context.language(),
            );
        }
    }
}

fn foot_ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    screen: &Screen,
    foot: Rect,
    sizes: Sizes,
    visitors: usize,
    touches: &mut Vec<Touch>,
) {
    let language = context.language();
    let count = if screen.has_camera { 4_u8 } else { 3 };
    let foot = KioskFoot::begin(ui, foot, sizes, count);
    // Over a heat map, map and outline are hidden.
    let hide = if screen.heat { tr!(language, "kiosk-photo-only") } else { tr!(language, "kiosk-hide-outline") };
    let heat = if screen.heat { tr!(language, "kiosk-hide-heat") } else { tr!(language, "kiosk-show-heat") };
    let next = tr!(language, "kiosk-next");
    let live = tr!(language, "kiosk-live");
    let labels = [hide.as_str(), &heat, &next, &live];
    let size = label_size(ui, &labels[..count.into()], foot.button_width, sizes);
    // Without a lesion there is no outline to hide, but a map all the same. What is still being opened may have one.
    let current = &context.state.current;
    let has_failed = matches!(current.phase, Phase::FileFailed(_) | Phase::NetworkFailed(_));
    let has_outline = current.derived.as_ref().is_none_or(|derived| derived.area_px > 0);
    let hide_look = Look::of(!has_failed && (has_outline || screen.heat), screen.comparing);
    let heat_look = Look::of(!has_failed, screen.heat);
    let hide = button_ui(ui, foot.button(3), (icons::EYE_SLASH, &hide), size, hide_look);
    let held = hide.is_pointer_button_down_on() || (hide.has_focus() && ui.input(|i| i.key_down(Key::Space)));
    if held != screen.comparing && !ui.input(|input| input.key_down(Key::C)) {
        touches.push(Touch::Compare(held));
    }
    if button_ui(ui, foot.button(2), (icons::GRADIENT, &heat), size, heat_look).clicked() {
        touches.push(Touch::Heat);
    }
    if button_ui(ui, foot.button(1), (icons::CARET_RIGHT, &next), size, Look::Off).clicked() {
        touches.push(Touch::Next);
    }
    if screen.has_camera && button_ui(ui, foot.button(4), (icons::VIDEO_CAMERA, &live), size, Look::Off).clicked() {
        touches.push(Touch::Live);
    }
    words_ui(ui, context, screen, &foot, visitors);
}

/// The sentence, and below it where one stands.
fn words_ui(ui: &Ui, context: &ViewContext<'_>, screen: &Screen, foot: &KioskFoot, visitors: usize) {
    let language = context.language();
    let colours = theme::colours(ui);
    let (words, reason) = sentence(context.state, screen);
    let colour = if reason.is_some() { colours.failure } else { colours.text };
    let where_at = if visitors > 0 {
        tr!(language, "kiosk-place", place = context.state.selected + 1, count = visitors)
    } else {
        tr!(language, "kiosk-sample")
    };
    let path = context.state.selected_entry().and_then(|entry| entry.source.path());
    let reason = reason.map(|reason| names::without_folder(&language::sentence(&reason.said_in(language)), path));
    let research = tr!(language, "research-use-only");
    let below = reason.as_deref().map_or_else(|| vec![&*where_at, &research], |reason| vec![reason]);
    foot.say(ui, (&words.said_in(language), colour), &below, 2);
}

fn read_keys(ui: &Ui, screen: &Screen, touches: &mut Vec<Touch>) {
    let (next, previous, heat, live, compare) = ui.input(|input| {
        let pressed = |key| input.key_pressed(key) && input.modifiers.is_none();
        (
            pressed(Key::ArrowRight),
            pressed(Key::ArrowLeft),
            pressed(Key::H),
            pressed(Key::L),
            input.key_down(Key::C),
        )
    });
    touches.extend(next.then_some(Touch::Next));
    touches.extend(previous.then_some(Touch::Previous));
    touches.extend(heat.then_some(Touch::Heat));
    touches.extend(live.then_some(Touch::Live));
    if compare && !screen.comparing {
        touches.push(Touch::Compare(true));
    }
}

/// What has to be said, above the photograph, one below the other.
fn banners_ui(ui: &Ui, screen: &Screen, area: Rect, sizes: Sizes, language: Language) {
    let colours = theme::colours(ui);
    let mut top = area.min.y + sizes.margin;
    for (words, is_fault) in screen.banners() {
        let room = (area.width() - 4.0 * sizes.margin).min(56.0 * sizes.small);
        let (icon, colour) =
            if is_fault { (icons::WARNING, colours.warning) } else { (icons::INFO, colours.accent) };
        let painter = ui.painter();
        let said = words.said_in(language);
        let text = elided(painter, said.clone(), sizes.small, colours.text, room);
        let icon = painter.layout_no_wrap(icon.to_owned(), FontId::proportional(sizes.small * 1.4), colour);
        let pad = Margin::symmetric(16, 12);
        let size = vec2(text.size().x + icon.size().x + 12.0, text.size().y.max(icon.size().y)) + pad.sum();
        let place = Rect::from_min_size(pos2(area.center().x - size.x / 2.0, top), size);
        painter.rect(
            place,
            CornerRadius::same(12),
            colours.panel,
            Stroke::new(1.5, colour),
            egui::StrokeKind::Inside,
        );
        let inside = place - pad;
        painter.galley(pos2(inside.min.x, inside.center().y - icon.size().y / 2.0), icon.clone(), colour);
        let left = inside.min.x + icon.size().x + 12.0;
        painter.galley(pos2(left, inside.center().y - text.size().y / 2.0), text, colours.text);
        ui.interact(place, ui.scope_id().with(("banner", words.id)), Sense::hover())
            .widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        top = place.max.y + 8.0;
    }
}

/// The heat map's colours from 0 to 100 %, in the stage's corner.
fn legend(
    painter: &egui::Painter,
    corner: egui::Pos2,
    sizes: Sizes,
    colours: &theme::Colours,
    (skin, opacity): (Rgb, f32),
    language: Language,
) {
    let bar = Rect::from_min_size(corner, vec2(10.0 * sizes.small, 0.8 * sizes.small));
    let back = bar.expand2(vec2(12.0, 10.0)).with_max_y(bar.max.y + sizes.small * 1.9);
    painter.rect_filled(back, CornerRadius::same(10), colours.panel.gamma_multiply(0.92));
    super::legend::heat_bar(painter, bar, skin, opacity);
    let font = FontId::proportional(sizes.small * 0.85);
    let below = bar.max.y + 4.0;
    painter.text(
        pos2(bar.min.x, below),
        Align2::LEFT_TOP,
        names::percent(0.0, language),
        font.clone(),
        colours.text,
    );
    painter.text(pos2(bar.max.x, below), Align2::RIGHT_TOP, names::percent(1.0, language), font, colours.text);
}
