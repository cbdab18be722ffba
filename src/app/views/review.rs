//! The review in the window: what was decided on this photo, the note, who reviews. A state is told by its shape and its
//! word, never by colour alone.

use eframe::egui::{self, Align2, CornerRadius, FontId, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use super::certainty;
use super::context::ViewContext;
use super::section::section_ui;
use super::widgets::{labelled_button_ui, ring, text_field_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ReviewChange;
use crate::app::icons;
use crate::app::model::current::Phase;
use crate::app::model::sections::PanelSection;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::records::ReviewState;
use crate::tr;

/// The states that can be chosen; choosing the chosen one again takes it back.
const CHOICES: [(ReviewState, Action); 3] = [
    (ReviewState::Accepted, Action::Accept),
    (ReviewState::Rejected, Action::Reject),
    (ReviewState::Unsure, Action::MarkUnsure),
];

pub(super) fn icon_of(state: ReviewState) -> &'static str {
    match state {
        ReviewState::NotSeen => icons::CIRCLE_DASHED,
        ReviewState::Accepted => icons::CHECK_CIRCLE,
        ReviewState::Rejected => icons::X_CIRCLE,
        ReviewState::Unsure => icons::QUESTION,
    }
}

fn note_id() -> egui::Id {
    egui::Id::unique("review note")
}

/// Puts the cursor into the note.
pub(crate) fn focus_note(ctx: &egui::Context) {
    ctx.memory_mut(|memory| memory.request_focus(note_id()));
}

/// The section of the side panel.
pub(super) fn review_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let state = context.state;
    let colours = theme::colours(ui);
    let progress = if state.entries.len() > 1 {
        tr!(language, "review-progress", done = state.decided(), count = state.entries.len())
    } else {
        String::new()
    };
    let is_open = section_ui(ui, context, PanelSection::Review, &tr!(language, "review-heading"), &progress);
    choices_ui(ui, context);
    certainty::doubt_ui(ui, context);
    if is_open {
        ui.add_space(2.0 * GRID);
        let can_note = state.reviewed_source().is_some() && !state.reviewing.is_newer;
        ui.add_enabled_ui(can_note, |ui| fields_ui(ui, context));
    }
    if state.reviewing.is_newer {
        ui.label(RichText::new(tr!(language, "review-newer")).color(colours.warning));
    }
    if !state.reviewing.unsaved.is_empty() {
        let words = tr!(language, "review-unkept", count = state.reviewing.unsaved.len());
        let label = ui.label(RichText::new(words).color(colours.failure));
        if let Some(reason) = &state.reviewing.unsaved_reason {
            label.on_hover_text(reason.said_in(language));
        }
        if labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &tr!(language, "review-retry")).clicked() {
            context.send(Command::Review(ReviewChange::Retry));
        }
    }
}

/// The decisions side by side. A click decides and goes on, as the key does.
fn choices_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    const HEIGHT: f32 = 52.0;
    let (outer, ground) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(outer, CornerRadius::same(8), theme::colours(ui).raised);
    let width = (outer.width() - 4.0) / CHOICES.len() as f32;
    for (place, (state, action)) in CHOICES.into_iter().enumerate() {
        let left_top = outer.min + vec2(2.0 + place as f32 * width, 2.0);
        let rect = Rect::from_min_size(left_top, vec2(width, HEIGHT - 4.0));
        choice_ui(ui, context, (rect, ground.id.with(place)), (state, action));
    }
}

/// Icon over word.
fn choice_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    (rect, id): (Rect, egui::Id),
    (state, action): (ReviewState, Action),
) {
    let language = context.language();
    let colours = theme::colours(ui);
    let chosen = context.state.selected_entry().map(|entry| context.state.reviewing.state_of(&entry.source));
    let (is_chosen, is_enabled) = (chosen == Some(state), context.state.can_decide(state));
    let response = ui.interact(rect, id, if is_enabled { Sense::click() } else { Sense::hover() });
    let word = names::decision(state).said_in(language);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, is_enabled, is_chosen, &word));
    if is_chosen {
        ui.painter().rect_filled(rect, CornerRadius::same(6), colours.accent);
    } else if response.hovered() && is_enabled {
        ui.painter().rect_filled(rect, CornerRadius::same(6), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, rect, if is_chosen { colours.on_accent } else { colours.accent });
    }
    let colour = match (is_chosen, is_enabled) {
        (true, _) => colours.on_accent,
        (false, true) => colours.text,
        (false, false) => colours.dim.gamma_multiply(0.6),
    };
    let icon = FontId::proportional(theme::ICON);
    let centre = rect.center();
    ui.painter().text(centre - vec2(0.0, 9.0), Align2::CENTER_CENTER, icon_of(state), icon, colour);
    let font = FontId::proportional(theme::SIZE_SMALL);
    ui.painter().text(centre + vec2(0.0, 14.0), Align2::CENTER_CENTER, &word, font, colour);
    let stays = ui.input(|input| input.modifiers.shift);
    if response.on_hover_text(choice_hint(context, (state, action), is_chosen)).clicked() {
        context.send(match (is_chosen, stays) {
            (true, _) => Command::Review(ReviewChange::Decide(ReviewState::NotSeen)),
            (false, true) => Command::Review(ReviewChange::Decide(state)),
            (false, false) => action.into(),
        });
    }
}

fn choice_hint(context: &ViewContext<'_>, (state, action): (ReviewState, Action), is_chosen: bool) -> String {
    let language = context.language();
    let is_failed = matches!(context.state.current.phase, Phase::FileFailed(_));
    if is_chosen {
        tr!(language, "review-clear-hint")
    } else if is_failed && !context.state.can_decide(state) {
        tr!(language, "review-nothing-to-accept")
    } else {
        format!("{}\n{}", context.hint(action), tr!(language, "review-stay-hint"))
    }
}

fn fields_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    // The field grows with what is written; in a low window it leaves its second line to the figures below.
    let is_low = ui.ctx().content_rect().height() < 700.0;
    let reviewing = &context.state.reviewing;
    let dim = theme::colours(ui).dim;
    let (mut note, mut reviewer) = (reviewing.note.clone(), reviewing.reviewer.clone());
    let word = tr!(language, "review-note");
    let field = egui::TextEdit::multiline(&mut note)
        .id(note_id())
        .hint_text(tr!(language, "review-note-hint", key = context.keys().shown(Action::WriteNote)))
        .desired_rows(if is_low { 1 } else { 2 })
        .desired_width(f32::INFINITY)
        .margin(vec2(8.0, 6.0));
    let written = text_field_ui(ui, field);
    written.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, &word));
    if written.changed() {
        context.send(Command::Review(ReviewChange::Note(note)));
    }
    if written.lost_focus() {
        context.send(Command::Review(ReviewChange::SaveNote));
    }
    ui.horizontal(|ui| {
        let word = tr!(language, "review-reviewer");
        ui.label(RichText::new(&word).color(dim));
        let field = egui::TextEdit::singleline(&mut reviewer)
            .hint_text(tr!(language, "review-reviewer-hint"))
            .desired_width(f32::INFINITY)
            .margin(vec2(8.0, 4.0));
        let named = text_field_ui(ui, field);
        named.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &word));
        if named.changed() {
            context.send(Command::Review(ReviewChange::Reviewer(reviewer)));
        }
    });
}
