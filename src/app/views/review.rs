//! The review in the window: what was decided on this photo, the note, who reviews; the mark on each thumbnail and the
//! filter above them. A state is told by its shape and its word, never by colour alone.

use eframe::egui::{
    self, Align, Align2, Color32, CornerRadius, FontId, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};

use super::context::ViewContext;
use super::widgets::{labelled_button_ui, ring};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ReviewChange;
use crate::app::icons;
use crate::app::model::review::ReviewFilter;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::overlay::palette;
use crate::records::ReviewState;
use crate::tr;

/// The states that can be chosen; choosing the chosen one again takes it back.
const CHOICES: [(ReviewState, Option<Action>); 4] = [
    (ReviewState::Accepted, Some(Action::Accept)),
    (ReviewState::Corrected, None),
    (ReviewState::Rejected, Some(Action::Reject)),
    (ReviewState::Unsure, Some(Action::MarkUnsure)),
];

/// A state in a word.
pub(super) fn state_word(state: ReviewState, language: Language) -> String {
    match state {
        ReviewState::NotSeen => tr!(language, "review-not-seen"),
        ReviewState::Accepted => tr!(language, "review-accepted"),
        ReviewState::Corrected => tr!(language, "review-corrected"),
        ReviewState::Rejected => tr!(language, "review-rejected"),
        ReviewState::Unsure => tr!(language, "review-unsure"),
    }
}

fn icon_of(state: ReviewState) -> &'static str {
    match state {
        ReviewState::NotSeen => icons::CIRCLE_DASHED,
        ReviewState::Accepted => icons::CHECK_CIRCLE,
        ReviewState::Corrected => icons::PENCIL_SIMPLE,
        ReviewState::Rejected => icons::X_CIRCLE,
        ReviewState::Unsure => icons::QUESTION,
    }
}

/// The overlay's own colours, safe for colour-blind eyes.
fn colour_of(state: ReviewState) -> Color32 {
    let [red, green, blue] = match state {
        ReviewState::NotSeen => [0x9A, 0xA1, 0xA8],
        ReviewState::Accepted => [0x2F, 0xC8, 0x9A],
        ReviewState::Corrected => palette::PREDICTION,
        ReviewState::Rejected => [0xF2, 0x8B, 0x4B],
        ReviewState::Unsure => [0xF0, 0xC9, 0x4A],
    };
    Color32::from_rgb(red, green, blue)
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
    ui.horizontal(|ui| {
        ui.label(RichText::new(tr!(language, "review-heading")).font(theme::strong_font(theme::SIZE_HEADING)));
        if state.entries.len() > 1 {
            let done = state.decided();
            let words = tr!(language, "review-progress", done = done, count = state.entries.len());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(words).color(colours.dim));
            });
        }
    });
    ui.add_space(GRID);
    ui.add_enabled_ui(state.can_decide(), |ui| choices_ui(ui, context));
    ui.add_space(2.0 * GRID);
    ui.add_enabled_ui(state.current.photo.is_some() && !state.reviewing.is_newer, |ui| fields_ui(ui, context));
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

/// Icon over word, side by side.
fn choices_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    const HEIGHT: f32 = 52.0;
    let colours = theme::colours(ui);
    let chosen = context.state.selected_entry().map(|entry| context.state.reviewing.state_of(&entry.source));
    let (outer, ground) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(outer, CornerRadius::same(8), colours.raised);
    let width = (outer.width() - 4.0) / CHOICES.len() as f32;
    for (place, (state, action)) in CHOICES.into_iter().enumerate() {
        let left_top = outer.min + vec2(2.0 + place as f32 * width, 2.0);
        let rect = Rect::from_min_size(left_top, vec2(width, HEIGHT - 4.0));
        let response = ui.interact(rect, ground.id.with(place), Sense::click());
        let (word, is_chosen, is_enabled) = (state_word(state, language), chosen == Some(state), ui.is_enabled());
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
            (false, false) => colours.dim,
        };
        let icon = FontId::proportional(theme::ICON);
        let centre = rect.center();
        ui.painter().text(centre - vec2(0.0, 9.0), Align2::CENTER_CENTER, icon_of(state), icon, colour);
        let font = FontId::proportional(theme::SIZE_SMALL);
        ui.painter().text(centre + vec2(0.0, 14.0), Align2::CENTER_CENTER, &word, font, colour);
        let tooltip = action.map_or_else(|| tr!(language, "review-corrected-hint"), |action| context.hint(action));
        if response.on_hover_text(tooltip).clicked() {
            let wanted = if is_chosen { ReviewState::NotSeen } else { state };
            context.send(Command::Review(ReviewChange::Decide(wanted)));
        }
    }
}

fn fields_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let reviewing = &context.state.reviewing;
    let dim = theme::colours(ui).dim;
    let (mut note, mut reviewer) = (reviewing.note.clone(), reviewing.reviewer.clone());
    let word = tr!(language, "review-note");
    let field = egui::TextEdit::multiline(&mut note)
        .id(note_id())
        .hint_text(tr!(language, "review-note-hint", key = context.keys().shown(Action::WriteNote)))
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .margin(vec2(8.0, 6.0));
    let written = ui.add(field);
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
        let named = ui.add(field);
        named.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &word));
        if named.changed() {
            context.send(Command::Review(ReviewChange::Reviewer(reviewer)));
        }
    });
}

/// The mark on a thumbnail's corner.
pub(super) fn mark_ui(ui: &Ui, state: ReviewState, square: Rect) {
    if state == ReviewState::NotSeen {
        return;
    }
    let centre = square.right_top() + vec2(-11.0, 11.0);
    // A dark ground in both themes: the mark lies on a photo.
    ui.painter().circle_filled(centre, 9.5, Color32::from_rgb(0x10, 0x12, 0x14));
    let font = FontId::proportional(theme::ICON_SMALL);
    ui.painter().text(centre, Align2::CENTER_CENTER, icon_of(state), font, colour_of(state));
}

/// Which photos the strip shows, and how many they are.
pub(super) fn filter_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let colours = theme::colours(ui);
    let state = context.state;
    let filter = state.reviewing.filter;
    let words = |filter: ReviewFilter| match filter {
        ReviewFilter::All => tr!(language, "review-all"),
        ReviewFilter::Only(state) => state_word(state, language),
    };
    let count = state.count(filter);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::click());
    let name = tr!(language, "review-filter", filter = words(filter), count = count);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let place = rect.shrink2(vec2(10.0, 5.0));
    let is_lit = response.hovered() || response.has_focus();
    ui.painter().rect_filled(place, CornerRadius::same(6), if is_lit { colours.hovered } else { colours.raised });
    if response.has_focus() {
        ring(ui, place, colours.accent);
    }
    let font = FontId::proportional(theme::SIZE_SMALL);
    let caret = place.right_center() - vec2(6.0, 0.0);
    ui.painter().text(caret, Align2::RIGHT_CENTER, icons::CARET_DOWN, font.clone(), colours.dim);
    let number = ui.painter().layout_no_wrap(count.to_string(), font.clone(), colours.dim);
    let number_left = caret.x - 16.0 - number.size().x;
    ui.painter().galley(egui::pos2(number_left, place.center().y - number.size().y / 2.0), number, colours.dim);
    let mut job = egui::text::LayoutJob::simple_singleline(words(filter), font, colours.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width(number_left - place.left() - 12.0);
    let galley = ui.painter().layout_job(job);
    let left = egui::pos2(place.left() + 8.0, place.center().y - galley.size().y / 2.0);
    ui.painter().galley(left, galley, colours.text);
    egui::Popup::menu(&response.on_hover_text(tr!(language, "review-filter-hint"))).width(200.0).show(|ui| {
        for choice in ReviewFilter::each() {
            filter_row_ui(ui, context, choice, &words(choice), choice == filter);
        }
    });
}

fn filter_row_ui(ui: &mut Ui, context: &mut ViewContext<'_>, filter: ReviewFilter, word: &str, is_chosen: bool) {
    let state = context.state;
    let count = state.count(filter);
    let icon = match filter {
        ReviewFilter::All => icons::IMAGES,
        ReviewFilter::Only(state) => icon_of(state),
    };
    let row = egui::Button::selectable(is_chosen, format!("{icon}  {word}"))
        .right_text(RichText::new(count.to_string()))
        .min_size(vec2(188.0, 30.0));
    let response = ui.add(row);
    let name = format!("{word}, {count}");
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_chosen, &name));
    if response.clicked() {
        context.send(Command::Review(ReviewChange::Filter(filter)));
        ui.close();
    }
}
