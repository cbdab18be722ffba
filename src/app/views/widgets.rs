//! Small widgets that several panels share: icon buttons, headings, rows of facts, segmented choices.

use eframe::egui::{
    self, Align, Color32, CornerRadius, FontId, Layout, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, Vec2, WidgetInfo, vec2,
};

use super::context::ViewContext;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::theme::{self, GRID};

/// A square button with an icon; its name is the action's label for screen readers.
pub(super) fn icon_button_ui(ui: &mut Ui, context: &mut ViewContext<'_>, icon: &str, action: Action) -> Response {
    let language = context.language();
    let response = bare_icon_ui(ui, icon, &action.label(language)).on_hover_text(context.hint(action));
    if response.clicked() {
        context.send(action);
    }
    response
}

/// An icon button by its icon and its name.
pub(super) fn bare_icon_ui(ui: &mut Ui, icon: &str, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(32.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let colours = theme::colours(ui);
    let is_lit = response.hovered() || response.has_focus();
    if is_lit {
        ui.painter().rect_filled(rect, CornerRadius::same(6), colours.hovered);
    }
    if response.has_focus() {
        ring(ui, rect, colours.accent);
    }
    let colour = if is_lit { colours.text } else { colours.dim };
    let font = FontId::proportional(theme::ICON);
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, font, colour);
    response
}

/// The ring of keyboard focus.
pub(super) fn ring(ui: &Ui, rect: egui::Rect, colour: Color32) {
    ui.painter().rect_stroke(rect, CornerRadius::same(6), Stroke::new(1.5, colour), StrokeKind::Inside);
}

/// A field to type in; whoever is in it sees so.
pub(super) fn text_field_ui(ui: &mut Ui, field: egui::TextEdit<'_>) -> Response {
    let response = ui.add(field);
    if response.has_focus() {
        ring(ui, response.rect, theme::colours(ui).accent);
    }
    response
}

/// A button with an icon and words; a screen reader says the words alone.
pub(super) fn labelled_button_ui(ui: &mut Ui, icon: &str, label: &str) -> Response {
    let words = RichText::new(format!("{icon}  {label}")).size(theme::SIZE_BODY);
    let stroke = Stroke::new(1.0, theme::colours(ui).hairline);
    let response = ui.add(egui::Button::new(words).stroke(stroke).min_size(vec2(0.0, 32.0)));
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, label));
    response
}

/// The same for a way of working that is on or off.
pub(super) fn lit_button_ui(ui: &mut Ui, icon: &str, label: &str, is_on: bool) -> Response {
    let colours = theme::colours(ui);
    let words = RichText::new(format!("{icon}  {label}")).size(theme::SIZE_BODY);
    let words = if is_on { words.color(colours.on_accent) } else { words };
    let button = egui::Button::new(words).stroke(Stroke::new(1.0, colours.hairline)).min_size(vec2(0.0, 32.0));
    let response = ui.add(if is_on { button.fill(colours.accent) } else { button });
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_on, label));
    response
}

/// A button with an icon and words, without a frame, as the bar's icons are; a screen reader says the words alone.
pub(super) fn quiet_button_ui(ui: &mut Ui, icon: &str, label: &str) -> Response {
    let colours = theme::colours(ui);
    let mut job = egui::text::LayoutJob::default();
    let mut add = |words: &str, size: f32| {
        let mut format = egui::text::TextFormat::simple(FontId::proportional(size), colours.text);
        format.valign = Align::Center;
        job.append(words, 0.0, format);
    };
    add(icon, theme::ICON);
    add(&format!("  {label}"), theme::SIZE_BODY);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = 2.0 * GRID;
        ui.style_mut().visuals.widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
        let response = ui.add(egui::Button::new(job).min_size(vec2(0.0, 32.0)));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
        response
    })
    .inner
}

/// A button that opens a menu below it; `name` is what a screen reader says.
pub(super) fn menu_button_ui(ui: &mut Ui, name: &str, label: &str, width: f32) -> Response {
    let words = egui::Button::new(label).truncate().right_text(icons::CARET_DOWN).min_size(vec2(width, 32.0));
    let response = ui.add_sized(vec2(width, 32.0), words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response
}

/// The menu that hangs below `button`. Its rows stand as far from the edge as those of everything else: egui's stand at it.
pub(super) fn menu(button: &Response) -> egui::Popup<'static> {
    egui::Popup::menu(button).style(menu_style)
}

/// The style of menus.
pub(super) fn menu_style(style: &mut egui::Style) {
    egui::containers::menu::menu_style(style);
    style.spacing.button_padding = vec2(3.0 * GRID, 1.5 * GRID);
}

/// Width of [`menu_button_ui`] with all of `label`, at most `most`.
pub(super) fn menu_button_width(ui: &Ui, label: &str, most: f32) -> f32 {
    let font = FontId::proportional(theme::SIZE_BODY);
    let words = ui.painter().layout_no_wrap(label.to_owned(), font, Color32::WHITE).size().x;
    (words + theme::SIZE_BODY + 9.0 * GRID).ceil().min(most)
}

/// A rounded ground under floating things, so that they show on any photo.
pub(super) fn ground(ui: &Ui, rect: egui::Rect) {
    let panel = theme::colours(ui).panel;
    ui.painter().rect_filled(rect, CornerRadius::same(8), panel.gamma_multiply(0.88));
}

/// A close button in the corner of a floating thing.
pub(super) fn close_button_ui(ui: &mut Ui, name: &str) -> bool {
    bare_icon_ui(ui, icons::X, name).clicked()
}

/// The ground's colour of floating things with a message.
pub(super) fn message_fill(ui: &Ui) -> Color32 {
    theme::colours(ui).panel
}

/// The part of the canvas that floating things may use.
pub(super) fn inset(area: egui::Rect) -> egui::Rect {
    area.shrink(16.0)
}

/// The heading of a section of the side panel.
pub(super) fn heading_ui(ui: &mut Ui, words: &str) {
    ui.label(RichText::new(words).font(theme::strong_font(theme::SIZE_HEADING)));
    ui.add_space(GRID);
}

/// A line between sections, as far from what stands above it as from what stands below.
pub(super) fn section_line_ui(ui: &mut Ui) {
    // Rows of facts stand closer to each other than sections.
    ui.add_space(3.0 * GRID - ui.spacing().item_spacing.y);
    ui.spacing_mut().item_spacing.y = 2.0 * GRID;
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, 1.0), Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::ZERO, theme::colours(ui).hairline);
    ui.add_space(GRID);
}

/// Height of a row of facts.
const ROW_HEIGHT: f32 = 22.0;

/// A row: its name on the left, its value and dimmer unit on the right.
pub(super) fn fact_row_ui(ui: &mut Ui, name: &str, value: &str, unit: &str) -> Response {
    let colours = theme::colours(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    ui.spacing_mut().item_spacing.y = 2.0;
    let left = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    let name_width =
        ui.scope_builder(left, |ui| ui.label(RichText::new(name).color(colours.dim))).response.rect.width();
    let mut place = rect;
    place.min.x += name_width + 3.0 * GRID;
    let right = UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(right, |ui| {
        // Without a space before it, a sign of per cent is a part of the number.
        ui.spacing_mut().item_spacing.x = if unit == "%" { 0.0 } else { GRID };
        if !unit.is_empty() {
            ui.label(RichText::new(unit.trim_start()).color(colours.dim));
        }
        ui.add(egui::Label::new(RichText::new(value).color(colours.text)).truncate());
    });
    response
}

/// One choice of several, side by side. Returns the one that was clicked. A disabled one says why in its tooltip.
pub(super) fn segmented_ui<T: Copy + PartialEq>(ui: &mut Ui, choices: &[Segment<T>], chosen: T) -> Option<T> {
    let colours = theme::colours(ui);
    let mut clicked = None;
    let (outer, ground) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    ui.painter().rect_filled(outer, CornerRadius::same(8), colours.raised);
    let mut left_top = outer.min + vec2(2.0, 2.0);
    for (place, (choice, width)) in choices.iter().zip(segment_widths(ui, choices, outer.width() - 4.0)).enumerate()
    {
        let rect = egui::Rect::from_min_size(left_top, vec2(width, outer.height() - 4.0));
        left_top.x += width;
        let is_chosen = choice.value == chosen;
        let sense = if choice.enabled { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, ground.id.with(place), sense);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, choice.enabled, is_chosen, &choice.label));
        let is_lit = response.hovered() && choice.enabled;
        let fill = match (is_chosen, choice.enabled && ui.is_enabled()) {
            (true, true) => Some(colours.accent),
            (true, false) => Some(colours.hovered),
            (false, _) => is_lit.then_some(colours.hovered),
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, CornerRadius::same(6), fill);
        }
        if response.has_focus() {
            ring(ui, rect, if is_chosen { colours.on_accent } else { colours.accent });
        }
        let colour = match (is_chosen, choice.enabled) {
            (true, true) => colours.on_accent,
            (false, true) => colours.text,
            (true, false) => colours.dim,
            (false, false) => colours.dim.gamma_multiply(0.55),
        };
        let font = FontId::proportional(theme::SIZE_BODY);
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, &choice.label, font, colour);
        if response.on_hover_text(&choice.hint).clicked() {
            clicked = Some(choice.value);
        }
    }
    clicked
}

/// How wide each choice is: all alike where every label has room, else each by its label.
fn segment_widths<T>(ui: &Ui, choices: &[Segment<T>], room: f32) -> Vec<f32> {
    let font = FontId::proportional(theme::SIZE_BODY);
    let words = |choice: &Segment<T>| {
        ui.painter().layout_no_wrap(choice.label.clone(), font.clone(), Color32::WHITE).size().x
    };
    let words: Vec<f32> = choices.iter().map(words).collect();
    let even = room / choices.len() as f32;
    if words.iter().all(|width| width + 2.0 * GRID <= even) {
        return vec![even; choices.len()];
    }
    let spare = (room - words.iter().sum::<f32>()) / choices.len() as f32;
    words.into_iter().map(|width| width + spare).collect()
}

/// One choice of [`segmented_ui`].
pub(super) struct Segment<T> {
    pub(super) value: T,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) enabled: bool,
}
