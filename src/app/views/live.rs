//! The canvas with the camera's picture: the newest frame with its own outline, and above it what to do for a better one.

use std::f32::consts::TAU;

use eframe::egui::{Color32, FontId, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::canvas::take_drops;
use super::context::ViewContext;
use super::layer::WHOLE;
use super::messages::{CardButton, button_row_ui, card_ui, drop_zone_ui};
use super::{canvas_controls, navigation, notices, outline};
use crate::app::command::action::Action;
use crate::app::command::change::LiveChange;
use crate::app::icons;
use crate::app::model::geometry::{Geometry, ViewTransform};
use crate::app::model::live::{Live, LivePhase};
use crate::app::theme::{self, Colours, GRID};
use crate::language::Language;
use crate::live::LiveAdvice;
use crate::overlay::palette;
use crate::tr;

/// Height of the line of advice: what is read from an arm's length away.
const ADVICE_HEIGHT: f32 = 56.0;

/// Draws the canvas; returns where the picture lies.
pub(super) fn live_ui(ui: &mut Ui, context: &mut ViewContext<'_>) -> Option<Geometry> {
    let area = ui.available_rect_before_wrap();
    let (top, stage) = area.split_top_bottom_at_y(area.top() + ADVICE_HEIGHT);
    let language = context.language();
    let live = &context.state.live;
    let response = ui.allocate_rect(area, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr!(language, "live-canvas")));
    let mut geometry = None;
    match live.phase.clone() {
        LivePhase::Waiting(words) => waiting_ui(ui, context, area, &words.said_in(language)),
        LivePhase::NetworkFailed(words) if live.shown.is_none() => {
            network_failed_ui(ui, context, area, &words.said_in(language));
        }
        LivePhase::Starting => {
            let painter = ui.painter().with_clip_rect(area);
            let words = tr!(language, "live-starting");
            said_ui(
                ui,
                &painter,
                area,
                &Said { icon: icons::VIDEO_CAMERA, words, colour: theme::colours(ui).dim, share: 0.0 },
                28.0,
            );
            canvas_controls::running_line(ui, area);
        }
        LivePhase::Running | LivePhase::Frozen { .. } | LivePhase::NetworkFailed(_) => {
            geometry = geometry_of(live, stage, live.view_transform, ui.ctx().pixels_per_point());
            if let Some(geometry) = &geometry {
                paint_frame(&ui.painter().with_clip_rect(stage), context, geometry);
            }
            if let Some(said) = said(live, theme::colours(ui), language) {
                said_ui(ui, &ui.painter().with_clip_rect(area), top, &said, theme::SIZE_FIGURE);
            }
        }
    }
    if let Some(geometry) = &geometry {
        navigation::pan_and_zoom(ui, &response, geometry, context, true);
        canvas_controls::zoom_ui(ui, context, stage, geometry);
    }
    notices::over_canvas_ui(ui, context, area);
    drop_zone_ui(ui, area, language);
    take_drops(ui.ctx(), context);
    geometry
}

/// Where the newest frame lies on `stage`; none before there is one.
pub(super) fn geometry_of(
    live: &Live,
    stage: Rect,
    view_transform: ViewTransform,
    pixels_per_point: f32,
) -> Option<Geometry> {
    let size = live.shown.as_ref()?.frame.format.size;
    Some(Geometry::new(stage, size, view_transform, pixels_per_point))
}

/// Paints the newest frame where it lies, with the outline that was found in it.
pub(super) fn paint_frame(painter: &Painter, context: &ViewContext<'_>, geometry: &Geometry) {
    let (Some(frame), Some(texture)) = (&context.state.live.shown, context.pictures.frame()) else { return };
    painter.image(texture.id(), geometry.photo, WHOLE, Color32::WHITE);
    outline::paint(painter, geometry, frame.frame.format.size, &frame.outlines, palette::PREDICTION);
}

/// What is said above the picture.
pub(super) struct Said {
    pub(super) icon: &'static str,
    pub(super) words: String,
    pub(super) colour: Color32,
    /// How much of the automatic shutter's time is over, `0..=1`.
    pub(super) share: f32,
}

/// What to do for a better picture, or that it is good.
pub(super) fn said(live: &Live, colours: &Colours, language: Language) -> Option<Said> {
    let said = |icon, words, colour, share| Some(Said { icon, words, colour, share });
    match (&live.phase, live.advice()) {
        (LivePhase::Frozen { by_shutter: true }, _) => {
            said(icons::CAMERA, tr!(language, "live-taken"), colours.accent, 0.0)
        }
        (LivePhase::Frozen { by_shutter: false }, _) => {
            said(icons::PAUSE, tr!(language, "live-frozen"), colours.accent, 0.0)
        }
        (LivePhase::NetworkFailed(words), _) => {
            said(icons::WARNING_CIRCLE, words.said_in(language), colours.failure, 0.0)
        }
        (_, Some(LiveAdvice::Ready)) if live.has_shutter => {
            said("", tr!(language, "live-keep-still"), colours.accent, live.shutter_share())
        }
        (_, Some(advice)) => {
            let (icon, colour) = match advice {
                LiveAdvice::Ready => (icons::CHECK_CIRCLE, colours.kept),
                _ => (icons::INFO, colours.warning),
            };
            said(icon, advice.message().said_in(language), colour, 0.0)
        }
        (LivePhase::Starting | LivePhase::Waiting(_) | LivePhase::Running, None) => None,
    }
}

/// Says it in the middle of `place`, as large as it fits.
pub(super) fn said_ui(ui: &Ui, painter: &Painter, place: Rect, said: &Said, size: f32) {
    let colours = theme::colours(ui);
    let mut size = size;
    let words = loop {
        let words = painter.layout_no_wrap(said.words.clone(), theme::strong_font(size), colours.text);
        if words.size().x + 2.2 * size <= place.width() - 8.0 * GRID || size < 13.0 {
            break words;
        }
        size *= 0.92;
    };
    let width = words.size().x + 1.6 * size;
    let left = place.center().x - width / 2.0;
    let sign = pos2(left + 0.5 * size, place.center().y);
    if said.icon.is_empty() {
        progress_ring(painter, sign, 0.45 * size, said.share, colours);
    } else {
        let icon = painter.layout_no_wrap(said.icon.to_owned(), FontId::proportional(1.1 * size), said.colour);
        painter.galley(sign - icon.size() / 2.0, icon, said.colour);
    }
    let corner = pos2(left + 1.6 * size, place.center().y - words.size().y / 2.0);
    ui.interact(Rect::from_min_size(corner, words.size()), ui.scope_id().with("live advice"), Sense::hover())
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, &said.words));
    painter.galley(corner, words, colours.text);
}

/// A ring that fills while the automatic shutter counts.
fn progress_ring(painter: &Painter, centre: Pos2, radius: f32, share: f32, colours: &Colours) {
    const STEPS: u8 = 48;
    painter.circle_stroke(centre, radius, Stroke::new(4.0, colours.hairline));
    let point = |step: u8| {
        let angle = TAU * share.clamp(0.0, 1.0) * f32::from(step) / f32::from(STEPS) - TAU / 4.0;
        centre + radius * vec2(angle.cos(), angle.sin())
    };
    if share > 0.0 {
        painter.add(Shape::line((0..=STEPS).map(point).collect(), Stroke::new(4.0, colours.accent)));
    }
}

/// There are no frames: why, that they come by themselves, and other ways.
fn waiting_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect, words: &str) {
    let language = context.language();
    let (dim, home) = (theme::colours(ui).dim, context.state.home.as_deref());
    card_ui(ui, home, area, (icons::PLUGS, dim), &tr!(language, "live-no-picture"), words, |ui| {
        let play = CardButton {
            icon: icons::FOLDER_OPEN,
            label: tr!(language, "live-play-folder"),
            command: LiveChange::AskForFolder.into(),
            hint: tr!(language, "live-play-hint"),
        };
        let buttons = [try_again(language), play, close(context)];
        button_row_ui(ui, context, &buttons);
    });
}

fn close(context: &ViewContext<'_>) -> CardButton {
    let language = context.language();
    let label = tr!(language, "live-leave");
    let hint = context.with_key(label.clone(), Action::Dismiss);
    CardButton { icon: icons::X, label, command: Action::ToggleLive.into(), hint }
}

fn network_failed_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect, words: &str) {
    let language = context.language();
    let (failure, home) = (theme::colours(ui).failure, context.state.home.as_deref());
    card_ui(ui, home, area, (icons::WARNING_CIRCLE, failure), &tr!(language, "network-failed"), words, |ui| {
        let buttons = [try_again(language), CardButton::of(context, icons::STACK, Action::ChooseNetwork)];
        button_row_ui(ui, context, &buttons);
    });
}

fn try_again(language: Language) -> CardButton {
    CardButton {
        icon: icons::ARROW_COUNTER_CLOCKWISE,
        label: tr!(language, "try-again"),
        command: LiveChange::TryAgain.into(),
        hint: tr!(language, "live-try-again-hint"),
    }
}
