//! The strip between the bar and the canvas: what the sample is, and that the network failed. It takes its own room, so
//! that no word lies on a lesion, and goes when it is closed.

use eframe::egui::{self, CornerRadius, FontId, Margin, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use super::context::ViewContext;
use super::outline::colour;
use super::widgets::{close_button_ui, labelled_button_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::model::current::Phase;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::EngineChoice;
use crate::language::sentence;
use crate::overlay::palette::{self, Rgb};
use crate::tr;

/// Length of the piece of an outline before what it means.
const LINE: f32 = 18.0;

/// Draws what the state calls for, or nothing.
pub(super) fn strip_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let state = context.state;
    if state.correction.is_on {
        return;
    }
    match &state.current.phase {
        Phase::NetworkFailed(words) if !state.current.is_failure_closed => {
            let words =
                names::with_short_home(&sentence(&words.said_in(context.language())), state.home.as_deref());
            panel_ui(ui, |ui| network_failed_ui(ui, context, &words));
        }
        _ if state.explains_sample() => panel_ui(ui, |ui| sample_ui(ui, context)),
        _ => {}
    }
}

fn panel_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let frame = egui::Frame::new().fill(theme::colours(ui).raised).inner_margin(Margin::symmetric(16, 8));
    egui::Panel::top("strip").resizable(false).frame(frame).show(ui, content);
}

/// `content`, and a button at the right that closes the strip.
fn closable_ui(ui: &mut Ui, context: &mut ViewContext<'_>, content: impl FnOnce(&mut Ui, &mut ViewContext<'_>)) {
    let language = context.language();
    let room = ui.available_width() - 32.0 - 2.0 * GRID;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(room);
            content(ui, context);
        });
        if close_button_ui(ui, &tr!(language, "close-notice")) {
            context.send(Command::CloseStrip);
        }
    });
}

/// The sample is open at the first start: what is seen, and what to do next.
fn sample_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    closable_ui(ui, context, |ui, context| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(3.0 * GRID, GRID);
            ui.label(RichText::new(tr!(language, "sample-is")).font(theme::strong_font(theme::SIZE_BODY)));
            meaning_ui(ui, palette::PREDICTION, &tr!(language, "sample-blue"));
            meaning_ui(ui, palette::REFERENCE, &tr!(language, "sample-orange"));
        });
        ui.add_space(GRID);
        ui.horizontal_wrapped(|ui| {
            for (icon, action) in [
                (icons::IMAGE, Action::OpenPhotos),
                (icons::FOLDER_OPEN, Action::OpenFolder),
                (icons::QUESTION, Action::ShowHelp),
            ] {
                let button = labelled_button_ui(ui, icon, &action.label(language));
                if button.on_hover_text(context.hint(action)).clicked() {
                    context.send(action);
                }
            }
        });
    });
}

/// A piece of an outline and what it means, on one line.
fn meaning_ui(ui: &mut Ui, rgb: Rgb, words: &str) {
    let font = FontId::proportional(theme::SIZE_BODY);
    let text = theme::colours(ui).text;
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, text);
    let (rect, response) = ui.allocate_exact_size(vec2(LINE + 2.0 * GRID, 0.0) + galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let line = Rect::from_center_size(rect.left_center() + vec2(LINE / 2.0, 0.0), vec2(LINE, 3.0));
    ui.painter().rect_filled(line, CornerRadius::same(1), colour(rgb));
    ui.painter().galley(rect.left_top() + vec2(LINE + 2.0 * GRID, 0.0), galley, text);
}

/// The photo stays; why the network failed, and the ways out.
fn network_failed_ui(ui: &mut Ui, context: &mut ViewContext<'_>, words: &str) {
    let language = context.language();
    let colours = theme::colours(ui);
    closable_ui(ui, context, |ui, context| {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(icons::WARNING_CIRCLE).size(theme::ICON).color(colours.failure));
            ui.label(RichText::new(tr!(language, "network-failed")).font(theme::strong_font(theme::SIZE_HEADING)));
        });
        ui.add(egui::Label::new(RichText::new(words).color(colours.dim)).wrap().selectable(true));
        ui.add_space(GRID);
        ui.horizontal_wrapped(|ui| ways_out_ui(ui, context));
    });
}

/// With the engine that runs it, where one does; again; or another network.
fn ways_out_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    if let Some(working) = context.state.network.working {
        let label = tr!(language, "use-engine", engine = names::engine(working, language));
        if labelled_button_ui(ui, icons::CPU, &label).on_hover_text(tr!(language, "use-engine-hint")).clicked() {
            context.send(Command::UseEngine(EngineChoice::Only(working)));
        }
    }
    let retry = labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "try-again"));
    if retry.on_hover_text(context.hint(Action::Retry)).clicked() {
        context.send(Action::Retry);
    }
    if context.state.network.models.len() > 1 {
        let other = labelled_button_ui(ui, icons::STACK, &Action::ChooseNetwork.label(language));
        if other.on_hover_text(context.hint(Action::ChooseNetwork)).clicked() {
            context.send(Action::ChooseNetwork);
        }
    }
}
