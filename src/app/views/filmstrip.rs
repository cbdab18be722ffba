//! Thumbnails on the left; only those in sight are made, so a folder of thousands costs what a screen costs.

use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    vec2,
};

use super::context::ViewContext;
use super::{photo, queue, review_marks};
use crate::app::command::Command;
use crate::app::command::change::ViewChange;
use crate::app::icons;
use crate::app::model::filmstrip::Filmstrip;
use crate::app::model::state::PhotoEntry;
use crate::app::names;
use crate::app::pictures::ThumbnailTexture;
use crate::app::theme::{self, GRID, THUMBNAIL_SIDE};

/// Height of a thumbnail with its name and the space around it.
const ROW: f32 = THUMBNAIL_SIDE + 28.0;

pub(super) fn filmstrip_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    review_marks::filter_ui(ui, context);
    queue::pass_ui(ui, context);
    let listed = context.state.listed();
    let mut area = ScrollArea::vertical().auto_shrink([false, false]);
    let selected = context.state.selected;
    let place = listed.iter().position(|&index| index == selected).unwrap_or(0);
    let before = context.state.filmstrip;
    if let Some(offset) = before.offset_to(selected, place as f32 * ROW, ROW, ui.available_height()) {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show_rows(ui, ROW, listed.len(), |ui, rows| {
        for &index in listed.get(rows).unwrap_or_default() {
            thumbnail_ui(ui, context, index);
        }
    });
    let filmstrip = Filmstrip { offset: shown.state.clamped_offset().y, followed: Some(selected) };
    if filmstrip != before {
        context.send(Command::View(ViewChange::Filmstrip(filmstrip)));
    }
}

fn thumbnail_ui(ui: &mut Ui, context: &mut ViewContext<'_>, index: usize) {
    let language = context.language();
    let state = context.state;
    let Some(entry) = state.entries.get(index) else { return };
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let name = names::source(&entry.source, language);
    let is_selected = index == state.selected;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &name));
    let corner = egui::pos2(row.center().x - THUMBNAIL_SIDE / 2.0, row.top() + 2.0 * GRID);
    let square = Rect::from_min_size(corner, vec2(THUMBNAIL_SIDE, THUMBNAIL_SIDE));
    paint_picture(ui, context, entry, square);
    review_marks::marks_ui(ui, context, index, square);
    let colours = theme::colours(ui);
    if is_selected || response.has_focus() {
        let stroke = Stroke::new(2.0, colours.accent);
        ui.painter().rect_stroke(square.expand(3.0), CornerRadius::same(7), stroke, StrokeKind::Inside);
    } else if response.hovered() {
        let stroke = Stroke::new(1.0, colours.dim);
        ui.painter().rect_stroke(square.expand(2.0), CornerRadius::same(6), stroke, StrokeKind::Inside);
    }
    if is_selected && state.is_busy() {
        let line = Rect::from_min_size(square.left_bottom() - vec2(0.0, 3.0), vec2(square.width(), 3.0));
        ui.painter().rect_filled(line, CornerRadius::same(1), colours.accent);
    }
    let words = shortened(ui, &name, THUMBNAIL_SIDE + 12.0);
    let colour = if is_selected { colours.text } else { colours.dim };
    let font = FontId::proportional(11.0);
    ui.painter().text(square.center_bottom() + vec2(0.0, 5.0), Align2::CENTER_TOP, words, font, colour);
    let hint = entry
        .failure
        .as_ref()
        .map(|words| words.said_in(language))
        .unwrap_or_else(|| entry.source.path().map_or_else(|| name.clone(), |path| path.display().to_string()));
    let hint = [vec![hint], review_marks::lines_on(context, index)].concat().join("\n");
    if response.on_hover_text(hint).clicked() {
        context.send(Command::Select(index));
    }
}

fn paint_picture(ui: &Ui, context: &mut ViewContext<'_>, entry: &PhotoEntry, square: Rect) {
    let colours = theme::colours(ui);
    let painter = ui.painter();
    let radius = CornerRadius::same(4);
    let Some(path) = entry.source.path() else { return };
    let mut failed = entry.failure.is_some();
    match context.pictures.thumbnail(path) {
        Some(ThumbnailTexture::Ready(texture)) => {
            let uv = photo::covering(texture.size_vec2(), square);
            let picture = egui::epaint::RectShape::filled(square, radius, Color32::WHITE);
            painter.add(picture.with_texture(texture.id(), uv));
            return;
        }
        Some(ThumbnailTexture::Failed) => failed = true,
        None => context.pictures.want_thumbnail(path),
    }
    painter.rect_filled(square, radius, colours.raised);
    if failed {
        let font = FontId::proportional(theme::SIZE_FIGURE);
        painter.text(square.center(), Align2::CENTER_CENTER, icons::IMAGE_BROKEN, font, colours.failure);
    }
}

/// The name in `width` points, its middle left out when it is too long: beginnings and numbers tell files apart.
fn shortened(ui: &Ui, name: &str, width: f32) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let fits = |words: &str| {
        let font = FontId::proportional(11.0);
        ui.painter().layout_no_wrap(words.to_owned(), font, Color32::WHITE).size().x <= width
    };
    if fits(stem) {
        return stem.to_owned();
    }
    let letters: Vec<char> = stem.chars().collect();
    for keep in (2..letters.len()).rev() {
        let head: String = letters[..keep / 2].iter().collect();
        let tail: String = letters[letters.len() - (keep - keep / 2)..].iter().collect();
        let words = format!("{head}…{tail}");
        if fits(&words) {
            return words;
        }
    }
    "…".to_owned()
}
