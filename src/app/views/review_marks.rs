//! What thumbnails tell of the review: what was decided, whether a person made the mask, whether there is a note; and the
//! filter above them.

use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Pos2, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui,
    WidgetInfo, vec2,
};

use super::certainty;
use super::context::ViewContext;
use super::queue;
use super::review::icon_of;
use super::widgets::{menu, ring};
use crate::app::command::Command;
use crate::app::command::change::ReviewChange;
use crate::app::icons;
use crate::app::model::list_order::ListOrder;
use crate::app::model::review::ReviewFilter;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::overlay::palette;
use crate::provenance::MaskSource;
use crate::records::ReviewState;
use crate::tr;

/// The ground of marks in both themes: they lie on a photo.
const GROUND: Color32 = Color32::from_rgb(0x10, 0x12, 0x14);

/// Of the mark of an outline in doubt.
const DOUBTFUL: Color32 = Color32::from_rgb(0xF0, 0xC9, 0x4A);

/// Radius of a mark.
const RADIUS: f32 = 9.5;

/// The overlay's own colours, safe for colour-blind eyes.
fn colour_of(state: ReviewState) -> Color32 {
    let [red, green, blue] = match state {
        ReviewState::NotSeen => [0x9A, 0xA1, 0xA8],
        ReviewState::Accepted => [0x2F, 0xC8, 0x9A],
        ReviewState::Rejected => [0xF2, 0x8B, 0x4B],
        ReviewState::Unsure => [0xF0, 0xC9, 0x4A],
    };
    Color32::from_rgb(red, green, blue)
}

fn icon_of_mask(source: MaskSource) -> &'static str {
    match source {
        MaskSource::Network => icons::CPU,
        MaskSource::Corrected => icons::PENCIL_SIMPLE,
        MaskSource::Drawn => icons::PAINT_BRUSH,
        MaskSource::None => icons::CIRCLE_DASHED,
    }
}

/// The marks on the thumbnail of the photo at `place`: from the right what was decided and a pencil for a mask by hand,
/// at the left a note, and at the foot a sign where
/// the outline is in doubt.
pub(super) fn marks_ui(ui: &Ui, context: &ViewContext<'_>, place: usize, square: Rect) {
    let Some(entry) = context.state.entries.get(place) else { return };
    let state = context.state.reviewing.state_of(&entry.source);
    let mask = context.state.mask_source(place);
    let mut centre = square.right_top() + vec2(-11.0, 11.0);
    if state != ReviewState::NotSeen {
        mark(ui, centre, icon_of(state), colour_of(state));
        centre.x -= 2.0 * RADIUS + 2.0;
    }
    if mask.is_by_hand() {
        let [red, green, blue] = palette::EDITED;
        mark(ui, centre, icon_of_mask(mask), Color32::from_rgb(red, green, blue));
    }
    if !context.state.reviewing.note_of(&entry.source).is_empty() {
        note_mark(ui, square.left_top() + vec2(11.0, 11.0));
    }
    if context.state.is_doubtful(place) && state == ReviewState::NotSeen {
        mark(ui, square.left_bottom() + vec2(11.0, -11.0), icons::WARNING, DOUBTFUL);
    }
}

fn mark(ui: &Ui, centre: Pos2, icon: &str, colour: Color32) {
    ui.painter().circle_filled(centre, RADIUS, GROUND);
    let font = FontId::proportional(theme::ICON_SMALL);
    ui.painter().text(centre, Align2::CENTER_CENTER, icon, font, colour);
}

/// Written lines.
fn note_mark(ui: &Ui, centre: Pos2) {
    ui.painter().circle_filled(centre, RADIUS, GROUND);
    let stroke = Stroke::new(1.5, Color32::from_rgb(0xE6, 0xE8, 0xEA));
    for (line, end) in [(-3.5, 4.5), (0.0, 4.5), (3.5, 1.0)] {
        ui.painter().hline(centre.x - 4.5..=centre.x + end, centre.y + line, stroke);
    }
}

/// What is known of the review of the photo at `place`, a line each; nothing where nothing is.
pub(super) fn lines_on(context: &ViewContext<'_>, place: usize) -> Vec<String> {
    let language = context.language();
    let Some(entry) = context.state.entries.get(place) else { return Vec::new() };
    let state = context.state.reviewing.state_of(&entry.source);
    let mask = context.state.mask_source(place);
    let mut said = Vec::new();
    if state != ReviewState::NotSeen {
        said.push(names::decision(state).said_in(language));
    }
    if mask.is_by_hand() {
        said.push(names::mask_source(mask).said_in(language));
    }
    let decided = (!said.is_empty()).then(|| said.join(" · "));
    let note = context.state.reviewing.note_of(&entry.source);
    let note = (!note.is_empty()).then(|| tr!(language, "review-note-is", note = note));
    let doubt = certainty::doubt_words(context, place);
    decided.into_iter().chain(note).chain(doubt).collect()
}

fn words(filter: ReviewFilter, language: Language) -> String {
    match filter {
        ReviewFilter::All => tr!(language, "review-all"),
        ReviewFilter::Only(state) => names::decision(state).said_in(language),
        ReviewFilter::Mask(source) => names::mask_source(source).said_in(language),
        ReviewFilter::Doubtful => tr!(language, "review-doubtful"),
    }
}

/// Which photos the strip shows, and how many they are.
pub(super) fn filter_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let colours = theme::colours(ui);
    let state = context.state;
    let filter = state.reviewing.filter;
    let count = state.count(filter);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::click());
    let shown = match (filter, state.queue.order) {
        (ReviewFilter::All, ListOrder::Doubt) => queue::order_words(ListOrder::Doubt, language),
        _ => words(filter, language),
    };
    let name = tr!(language, "review-filter", filter = shown.clone(), count = count);
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
    let mut job = egui::text::LayoutJob::simple_singleline(shown, font, colours.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width(number_left - place.left() - 12.0);
    let galley = ui.painter().layout_job(job);
    let left = egui::pos2(place.left() + 8.0, place.center().y - galley.size().y / 2.0);
    ui.painter().galley(left, galley, colours.text);
    let hinted = response.on_hover_text(tr!(language, "review-filter-hint"));
    menu(&hinted).width(208.0).show(|ui| filters_ui(ui, context, filter));
}

/// Which photos: all or those in doubt; in which order; then by decision, and by mask.
fn filters_ui(ui: &mut Ui, context: &mut ViewContext<'_>, chosen: ReviewFilter) {
    let language = context.language();
    // In a low window the last of them are scrolled to.
    let height = ui.ctx().content_rect().height() - theme::TOP_BAR_HEIGHT - 72.0;
    ui.spacing_mut().item_spacing.y = 2.0;
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        filter_row_ui(ui, context, ReviewFilter::All, chosen);
        if context.state.knows_doubt() {
            filter_row_ui(ui, context, ReviewFilter::Doubtful, chosen);
            caption_ui(ui, &tr!(language, "queue-order"));
            queue::menu_ui(ui, context);
        }
        caption_ui(ui, &tr!(language, "review-by-decision"));
        ReviewFilter::by_state().for_each(|filter| filter_row_ui(ui, context, filter, chosen));
        caption_ui(ui, &tr!(language, "review-by-outline"));
        ReviewFilter::by_mask().for_each(|filter| filter_row_ui(ui, context, filter, chosen));
    });
}

fn caption_ui(ui: &mut Ui, words: &str) {
    ui.add_space(GRID);
    let caption = RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim);
    ui.horizontal(|ui| {
        // As far from the edge as the rows' icons.
        ui.add_space(3.0 * GRID);
        ui.label(caption);
    });
}

fn filter_row_ui(ui: &mut Ui, context: &mut ViewContext<'_>, filter: ReviewFilter, chosen: ReviewFilter) {
    let word = words(filter, context.language());
    let (count, is_chosen) = (context.state.count(filter), filter == chosen);
    let icon = match filter {
        ReviewFilter::All => icons::IMAGES,
        ReviewFilter::Only(state) => icon_of(state),
        ReviewFilter::Mask(source) => icon_of_mask(source),
        ReviewFilter::Doubtful => icons::WARNING,
    };
    let row = egui::Button::selectable(is_chosen, format!("{icon}  {word}"))
        .right_text(RichText::new(count.to_string()))
        .min_size(vec2(196.0, 30.0));
    let response = ui.add(row);
    let name = format!("{word}, {count}");
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, is_chosen, &name));
    if response.clicked() {
        context.send(Command::Review(ReviewChange::Filter(filter)));
        ui.close();
    }
}
