//! States in words: nothing open, a file or the network failed, no lesion found; notices; the zone for a drop.

use eframe::egui::{
    self, Align, Align2, CornerRadius, FontId, Id, Layout, Margin, Rect, RichText, Stroke, StrokeKind, Ui,
    UiBuilder, vec2,
};

use super::context::ViewContext;
use super::widgets::{close_button_ui, inset, labelled_button_ui, message_fill, sentence};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::current::Phase;
use crate::app::model::notices::{Notice, Severity};
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::{EngineChoice, EngineKind};
use crate::language::Language;
use crate::tr;

/// Width of a message on the canvas.
const CARD_WIDTH: f32 = 440.0;

pub(super) fn messages_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    match &context.state.current.phase {
        Phase::Nothing => welcome_ui(ui, context, area),
        Phase::FileFailed(words) => file_failed_ui(ui, context, area, &words.said_in(language)),
        Phase::NetworkFailed(words) => network_failed_ui(ui, context, area, &words.said_in(language)),
        Phase::Loading | Phase::Segmenting | Phase::Done => {}
    }
    notices_ui(ui, context, area);
    drop_zone_ui(ui, area, language);
}

/// A message in the middle of the canvas: icon, title, words, buttons.
fn card_ui(
    ui: &mut Ui,
    area: Rect,
    icon: (&str, egui::Color32),
    title: &str,
    words: &str,
    buttons: impl FnOnce(&mut Ui),
) {
    let width = CARD_WIDTH.min(area.width() - 32.0);
    let place = Rect::from_center_size(area.center(), vec2(width, 260.0));
    let colours = theme::colours(ui);
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)), |ui| {
        ui.label(RichText::new(icon.0).size(44.0).color(icon.1));
        ui.add_space(GRID);
        ui.label(RichText::new(title).font(theme::strong_font(theme::SIZE_TITLE)));
        ui.add_space(GRID);
        ui.add(egui::Label::new(RichText::new(sentence(words)).color(colours.dim)).wrap().selectable(true));
        ui.add_space(4.0 * GRID);
        buttons(ui);
    });
}

/// Buttons side by side in the middle.
fn button_row_ui(ui: &mut Ui, context: &mut ViewContext<'_>, buttons: &[(&str, String, Command, String)]) {
    // As wide as it was in the last frame: only layout, so egui's memory has it.
    let id = Id::unique("button row width");
    let width = ui.ctx().data(|data| data.get_temp::<f32>(id)).unwrap_or(CARD_WIDTH);
    let row =
        Rect::from_center_size(egui::pos2(ui.max_rect().center().x, ui.cursor().top() + 16.0), vec2(width, 32.0));
    ui.scope_builder(UiBuilder::new().max_rect(row).layout(Layout::left_to_right(Align::Center)), |ui| {
        for (icon, label, command, tooltip) in buttons {
            if labelled_button_ui(ui, icon, label).on_hover_text(tooltip).clicked() {
                context.commands.push(command.clone());
            }
        }
        let used = ui.min_rect().width();
        if (used - width).abs() > 0.5 {
            ui.ctx().data_mut(|data| data.insert_temp(id, used));
            ui.ctx().request_repaint();
        }
    });
}

fn action_button(
    context: &ViewContext<'_>,
    icon: &'static str,
    action: Action,
) -> (&'static str, String, Command, String) {
    let language = context.language();
    (icon, action.label(language), action.into(), context.hint(action))
}

fn welcome_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let (title, words) = (tr!(language, "welcome-title"), tr!(language, "welcome"));
    card_ui(ui, area, (icons::IMAGES, dim), &title, &words, |ui| {
        let buttons = [
            action_button(context, icons::IMAGE, Action::OpenPhotos),
            action_button(context, icons::FOLDER_OPEN, Action::OpenFolder),
            action_button(context, icons::TARGET, Action::OpenSample),
        ];
        button_row_ui(ui, context, &buttons);
    });
}

fn file_failed_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect, words: &str) {
    let language = context.language();
    let failure = theme::colours(ui).failure;
    card_ui(ui, area, (icons::IMAGE_BROKEN, failure), &tr!(language, "file-failed"), words, |ui| {
        let retry = (
            icons::ARROW_COUNTER_CLOCKWISE,
            tr!(language, "try-again"),
            Action::Retry.into(),
            context.hint(Action::Retry),
        );
        let mut buttons = vec![retry];
        if context.state.selected + 1 < context.state.entries.len() {
            buttons.push(action_button(context, icons::CARET_RIGHT, Action::Next));
        }
        buttons.push(action_button(context, icons::IMAGE, Action::OpenPhotos));
        button_row_ui(ui, context, &buttons);
    });
}

/// The photo stays; the message lies on it, with a way out. Where a person has painted a mask it makes room for that,
/// and while they paint it is gone.
fn network_failed_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect, words: &str) {
    let language = context.language();
    let colours = theme::colours(ui);
    let title_ui = |ui: &mut Ui| {
        ui.label(RichText::new(icons::WARNING_CIRCLE).size(theme::ICON).color(colours.failure));
        ui.label(RichText::new(tr!(language, "network-failed")).font(theme::strong_font(theme::SIZE_HEADING)))
    };
    if context.state.correction.is_on {
        return;
    }
    if context.state.has_mask() {
        float_ui(ui, "network failed beside a mask", area, Align2::CENTER_TOP, |ui| {
            // As high as a button, so that the title lies beside its middle.
            ui.allocate_ui_with_layout(vec2(0.0, 32.0), Layout::left_to_right(Align::Center), |ui| {
                title_ui(ui).on_hover_text(sentence(words));
                ways_out_ui(ui, context);
            });
        });
        return;
    }
    float_ui(ui, "network failed", area, Align2::CENTER_CENTER, |ui| {
        ui.set_width(CARD_WIDTH);
        ui.horizontal(title_ui);
        ui.add(egui::Label::new(RichText::new(sentence(words)).color(colours.dim)).wrap().selectable(true));
        ui.add_space(GRID);
        ui.horizontal(|ui| ways_out_ui(ui, context));
    });
}

/// Again, or with another engine.
fn ways_out_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let other = match context.state.network.choice {
        EngineChoice::Only(EngineKind::Rten) => EngineKind::Ort,
        _ => EngineKind::Rten,
    };
    let retry = labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "try-again"));
    if retry.on_hover_text(context.hint(Action::Retry)).clicked() {
        context.send(Action::Retry);
    }
    if labelled_button_ui(ui, icons::CPU, &tr!(language, "use-engine", engine = names::engine(other, language)))
        .clicked()
    {
        context.send(Command::UseEngine(EngineChoice::Only(other)));
    }
}

/// A floating card with `content`.
pub(super) fn float_ui(ui: &Ui, name: &str, area: Rect, place: Align2, content: impl FnOnce(&mut Ui)) {
    let offset = match place {
        Align2::CENTER_TOP => vec2(0.0, 16.0),
        _ => egui::Vec2::ZERO,
    };
    let frame = egui::Frame::new()
        .fill(message_fill(ui))
        .stroke(Stroke::new(1.0, theme::colours(ui).hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(Margin::same(14));
    egui::Area::new(Id::unique(name))
        .order(egui::Order::Middle)
        .fixed_pos(place.pos_in_rect(&area) + offset)
        .pivot(place)
        .constrain_to(inset(area))
        .show(ui.ctx(), |ui| frame.show(ui, content));
}

/// Notices, newest lowest, over the foot of the canvas.
fn notices_ui(ui: &Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let notices = context.state.notices.list();
    if notices.is_empty() {
        return;
    }
    let width = 520.0_f32.min(area.width() - 64.0);
    if let Some(end) = context.state.notices.next_end() {
        // Nobody moves the pointer for a notice to leave.
        let left = end - ui.input(|input| input.time);
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left.max(0.0)));
    }
    let mut command = None;
    egui::Area::new(Id::unique("notices"))
        .order(egui::Order::Foreground)
        .fixed_pos(area.center_bottom() - vec2(0.0, 64.0))
        .pivot(Align2::CENTER_BOTTOM)
        .show(ui.ctx(), |ui| {
            for notice in notices {
                command = notice_ui(ui, notice, width, language).or(command.take());
            }
        });
    if let Some(command) = command {
        context.send(command);
    }
}

/// What the button beside a notice says.
fn offer_word(action: Action, language: Language) -> String {
    match action {
        Action::UndoDecision => tr!(language, "review-undo"),
        other => other.label(language),
    }
}

/// Returns what its buttons ask for.
fn notice_ui(ui: &mut Ui, notice: &Notice, width: f32, language: Language) -> Option<Command> {
    let colours = theme::colours(ui);
    let (icon, colour) = match notice.severity {
        Severity::Info => (icons::CHECK_CIRCLE, colours.accent),
        Severity::Warning => (icons::WARNING, colours.warning),
        Severity::Failure => (icons::WARNING_CIRCLE, colours.failure),
    };
    let frame = egui::Frame::new()
        .fill(colours.panel)
        .stroke(Stroke::new(1.0, colours.hairline))
        .corner_radius(CornerRadius::same(10))
        .inner_margin(Margin { left: 14, right: 6, top: 6, bottom: 6 });
    let words = sentence(&notice.words.said_in(language));
    let offer = notice.offer.map(|action| (action, offer_word(action, language)));
    let line = |ui: &mut Ui| {
        ui.label(RichText::new(icon).size(theme::ICON).color(colour));
        let font = FontId::proportional(theme::SIZE_BODY);
        let width_of = |word: &String| ui.painter().layout_no_wrap(word.clone(), font.clone(), colour).size().x;
        // The button's margins, and the space beside it.
        let button_width = offer.as_ref().map_or(0.0, |(_, word)| width_of(word) + 7.0 * GRID);
        let room = width - 32.0 - theme::ICON - 5.0 * GRID - button_width;
        let height = ui.painter().layout(words.clone(), font, colours.text, room).size().y;
        ui.allocate_ui_with_layout(vec2(room, height), Layout::top_down(Align::Min), |ui| {
            ui.set_min_width(room);
            ui.add(egui::Label::new(RichText::new(&words)).wrap().selectable(true));
        });
        let mut command = None;
        if let Some((action, word)) = &offer
            && ui
                .add(egui::Button::new(RichText::new(word).color(colours.accent)).min_size(vec2(0.0, 28.0)))
                .clicked()
        {
            command = Some(Command::Do(*action));
        }
        if close_button_ui(ui, &tr!(language, "close-notice")) {
            command = Some(Command::CloseNotice(notice.id));
        }
        command
    };
    frame
        .show(ui, |ui| {
            ui.set_width(width);
            let layout = Layout::left_to_right(Align::Center);
            ui.allocate_ui_with_layout(vec2(width, 32.0), layout, line).inner
        })
        .inner
}

/// While files hover over the window.
fn drop_zone_ui(ui: &Ui, area: Rect, language: Language) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let colours = theme::colours(ui);
    let zone = inset(area);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("drop zone")));
    painter.rect_filled(zone, CornerRadius::same(12), colours.canvas.gamma_multiply(0.85));
    painter.rect_stroke(zone, CornerRadius::same(12), Stroke::new(2.0, colours.accent), StrokeKind::Inside);
    let font = theme::strong_font(theme::SIZE_TITLE);
    painter.text(
        zone.center() - vec2(0.0, 14.0),
        Align2::CENTER_CENTER,
        tr!(language, "drop-to-open"),
        font,
        colours.text,
    );
    let words = tr!(language, "drop-hint");
    let font = FontId::proportional(theme::SIZE_BODY);
    painter.text(zone.center() + vec2(0.0, 16.0), Align2::CENTER_CENTER, words, font, colours.dim);
}
