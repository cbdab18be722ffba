//! The menu of networks in the top bar: a table of what a person chooses by, the recommended network first.

use eframe::egui::{
    self, Align2, FontId, Margin, Popup, PopupCloseBehavior, Rect, RectAlign, RichText, Role, ScrollArea, Sense,
    Ui, WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::network_row::{MARGIN, NetworkRow, ROW_HEIGHT, column_ends, network_row_ui};
use super::widgets::{labelled_button_ui, menu_style};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::inference::Subject;
use crate::language::Language;
use crate::tr;

/// Width of the menu,
const WIDTH: f32 = 600.0;

/// and in a window at least this wide, where whole descriptions find room.
const WIDE: (f32, f32) = (1600.0, 880.0);

/// Height of the row of heads.
const HEAD_HEIGHT: f32 = 26.0;

/// Letters of the title that the button in a narrow bar shows; the photo's name needs the room more.
const MOST_LETTERS: usize = 22;

/// The menu's name in egui's memory.
fn menu_id() -> egui::Id {
    egui::Id::unique("networks")
}

/// Opens the menu, as its button and its key ask.
pub(crate) fn open(ctx: &egui::Context) {
    Popup::open_id(ctx, menu_id());
}

/// The button with the chosen network's title, and its menu; in a wide bar the button says what that title is.
pub(super) fn network_menu_ui(ui: &mut Ui, context: &mut ViewContext<'_>, is_wide: bool) {
    let language = context.language();
    let title = &context.state.network.model.card.title;
    let name = tr!(language, "network-button", title = title.clone());
    let label = if is_wide { name.clone() } else { shortened(title) };
    let button = ui.add(egui::Button::new(format!("{label}  {}", icons::CARET_DOWN)).min_size(vec2(0.0, 32.0)));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let room = ui.ctx().content_rect();
    let width = if room.width() < WIDE.0 { WIDTH } else { WIDE.1 };
    let width = width.min(room.width() - 4.0 * MARGIN);
    let menu = Popup::menu(&button)
        .id(menu_id())
        .open_memory(None)
        .accessible_name(tr!(language, "networks"))
        .style(menu_style)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .anchor(anchor(context, button.rect, room, width))
        .align(RectAlign::BOTTOM_END);
    // A click on the button of an open menu closes it, as any click beside it does.
    if button.on_hover_text(context.hint(Action::ChooseNetwork)).clicked()
        && !Popup::is_id_open(ui.ctx(), menu_id())
    {
        context.send(Action::ChooseNetwork);
    }
    menu.width(width).show(|ui| {
        // Room for the bar above, the heads, the foot below, and a little of the canvas.
        let height = (room.height() - theme::TOP_BAR_HEIGHT - 148.0).max(2.0 * ROW_HEIGHT);
        ui.spacing_mut().item_spacing.y = 2.0;
        // Always to be seen, beside the rows: it says that there are more.
        ui.spacing_mut().scroll = egui::style::ScrollStyle::thin();
        let (heads, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD_HEIGHT), Sense::hover());
        let rows = ScrollArea::vertical().max_height(height).show(ui, |ui| rows_ui(ui, context));
        // Rows leave room for their scroll bar where they need one.
        heads_ui(ui, heads.with_max_x(rows.inner_rect.right()), language);
        foot_ui(ui, context);
    });
}

/// What the menu hangs below, at its right end: the button, or what of it lies left of the side panel, so that no word of
/// the panel is half covered.
fn anchor(context: &ViewContext<'_>, button: Rect, room: Rect, width: f32) -> Rect {
    let side = if context.state.panels.shows_side() { theme::SIDE_PANEL_WIDTH } else { 0.0 };
    let right = button.right().min(room.right() - side - 2.0 * GRID).max(room.left() + width + 5.0 * GRID);
    Rect::from_x_y_ranges(right - 1.0..=right, button.y_range())
}

/// The title as a narrow bar has room for it.
fn shortened(title: &str) -> String {
    if title.chars().count() <= MOST_LETTERS {
        return title.to_owned();
    }
    title.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

fn heads_ui(ui: &Ui, rect: Rect, language: Language) {
    let dim = theme::colours(ui).dim;
    let font = FontId::proportional(theme::SIZE_SMALL);
    let left = pos2(rect.left() + MARGIN, rect.center().y);
    ui.painter().text(left, Align2::LEFT_CENTER, tr!(language, "network"), font.clone(), dim);
    let heads = [tr!(language, "column-size"), tr!(language, "column-time"), tr!(language, "column-accuracy")];
    for (head, end) in heads.into_iter().zip(column_ends(rect)) {
        ui.painter().text(pos2(end, rect.center().y), Align2::RIGHT_CENTER, head, font.clone(), dim);
    }
}

fn rows_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    // egui lays a menu out once, unseen, when it opens.
    let is_opening = ui.is_sizing_pass();
    let models = network.in_order();
    let mut group = None;
    for model in &models {
        let card = &model.card;
        if group.replace(card.subject) != Some(card.subject)
            && models.iter().any(|m| m.card.subject != card.subject)
        {
            group_ui(ui, card.subject, language);
        }
        let is_chosen = card.name == network.model.card.name;
        let row = NetworkRow {
            model,
            is_chosen,
            is_recommended: network.recommended.as_ref() == Some(&card.name),
            millis_here: network.millis_here(&card.name),
        };
        let response = network_row_ui(ui, &row, language);
        if is_chosen && is_opening {
            // The arrows go on from the one that is chosen.
            response.request_focus();
        }
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            context.commands.push(Command::UseModel(card.name.clone()));
            ui.close();
        }
    }
}

/// The name of the rows below it, where there are networks of several kinds.
fn group_ui(ui: &mut Ui, subject: Subject, language: Language) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD_HEIGHT), Sense::hover());
    let words = names::subject(subject, language);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let font = theme::strong_font(theme::SIZE_SMALL);
    let place = pos2(rect.left() + MARGIN, rect.bottom() - GRID);
    ui.painter().text(place, Align2::LEFT_BOTTOM, words, font, theme::colours(ui).dim);
}

/// What the columns are, below the rows and always in sight, and the way to the times that are missing.
fn foot_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let dim = theme::colours(ui).dim;
    let (network, table) = (&context.state.network, &context.state.comparing.table);
    let engine = network.engine.as_ref().map(|engine| names::engine(engine.kind, language));
    let time = match engine {
        Some(engine) => tr!(language, "foot-time", engine = engine),
        None => tr!(language, "foot-time-none"),
    };
    let words = format!("{}\n{time}", tr!(language, "foot-accuracy"));
    let lacks_times = network.comparable().any(|model| network.millis_here(&model.card.name).is_none());
    let (is_running, has_photo) = (table.expected.is_some(), context.state.current.photo.is_some());
    ui.add_space(GRID);
    ui.separator();
    egui::Frame::new().inner_margin(Margin::symmetric(MARGIN as i8, GRID as i8)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let room = ui.available_width() - if lacks_times { 148.0 } else { 0.0 };
            ui.allocate_ui(vec2(room, 32.0), |ui| {
                ui.set_max_width(room);
                ui.add(egui::Label::new(RichText::new(words).size(theme::SIZE_SMALL).color(dim)).wrap());
            });
            if lacks_times {
                ui.add_enabled_ui(has_photo && !is_running, |ui| {
                    let label =
                        if is_running { tr!(language, "compare-running") } else { tr!(language, "time-all") };
                    let run = labelled_button_ui(ui, icons::TIMER, &label);
                    if run.on_hover_text(tr!(language, "time-all-hint")).clicked() {
                        context.send(Command::Compare(CompareChange::RunTable));
                    }
                });
            }
        });
    });
}
