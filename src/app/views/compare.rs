//! Comparing on the canvas: two sides at one zoom, beside each other, parted by a line, or in turn.

use std::sync::Arc;

use eframe::egui::{self, Align, Color32, CornerRadius, FontId, Layout, Rect, Response, Ui, UiBuilder, pos2, vec2};

use super::compared_side::{paint_side, side_colour};
use super::context::ViewContext;
use super::outline::colour;
use super::widgets::{bare_icon_ui, ground, icon_button_ui, menu, menu_button_ui, menu_button_width};
use super::{agreement_table, canvas_controls, navigation, photo, swipe};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::CompareChange;
use crate::app::icons;
use crate::app::model::compare::{BLINK_PACES, ComparedSide, ComparisonLayout, SideChoice};
use crate::app::model::geometry::Geometry;
use crate::app::model::scale::Scale;
use crate::app::theme::{self, GRID};
use crate::measure::shown_figure::ShownFigure;
use crate::photo::Photo;
use crate::tr;

/// Height of the bar that chooses sides and layout.
const BAR_HEIGHT: f32 = 40.0;

/// Draws both sides; returns where the photo lies.
pub(super) fn compare_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    response: &Response,
    area: Rect,
    shown: &Arc<Photo>,
    is_peeking: bool,
) -> Geometry {
    let comparing = &context.state.comparing;
    let (layout, divider) = (comparing.layout, comparing.divider);
    let parts = parts(layout, area, divider);
    let fields = if layout == ComparisonLayout::SideBySide { parts } else { [area, area] };
    let pixels_per_point = ui.ctx().pixels_per_point();
    let geometries =
        fields.map(|field| Geometry::new(field, shown.size(), context.state.view_transform, pixels_per_point));
    let pointer = response.hover_pos().or(response.interact_pointer_pos());
    let under = pointer.is_some_and(|pointer| fields[1].contains(pointer) && !fields[0].contains(pointer));
    navigation::pan_and_zoom(ui, response, &geometries[usize::from(under)], context, true);
    let pixel = navigation::pixel_under_pointer(response, &geometries[usize::from(under)], shown);
    navigation::note_pointed_pixel(context, pixel);
    let blinked = (layout == ComparisonLayout::Blink).then(|| usize::from(shows_second(ui, context)));
    for place in 0..2 {
        if blinked.is_some_and(|only| only != place) {
            continue;
        }
        let mut painter = ui.painter().clone();
        painter.set_clip_rect(parts[place].intersect(area));
        photo::paint(&painter, context, shown, &geometries[place], is_peeking);
        if !is_peeking {
            paint_side(&painter, context, shown, &geometries[place], place);
            agreement_table::paint_lit(&painter, context, shown.size(), &geometries[place]);
        }
    }
    match layout {
        ComparisonLayout::SideBySide => {
            let line = egui::Stroke::new(1.0, theme::colours(ui).hairline);
            ui.painter().vline(parts[0].right(), area.y_range(), line);
        }
        ComparisonLayout::Swipe => swipe::divider_ui(ui, context, area),
        ComparisonLayout::Blink => {}
    }
    canvas_controls::scale_and_zoom_ui(ui, context, area, &geometries[0], is_peeking);
    labels_ui(ui, context, area, parts, blinked);
    bar_ui(ui, context, area);
    geometries[0]
}

/// The parts of the canvas that the sides are drawn in.
fn parts(layout: ComparisonLayout, area: Rect, divider: f32) -> [Rect; 2] {
    let share = match layout {
        ComparisonLayout::SideBySide => 0.5,
        ComparisonLayout::Swipe => divider,
        ComparisonLayout::Blink => return [area, area],
    };
    let (left, right) = area.split_left_right_at_fraction(share);
    [left, right]
}

/// Whether blinking shows the second side now; never by itself where animations are switched off.
fn shows_second(ui: &Ui, context: &ViewContext<'_>) -> bool {
    let comparing = &context.state.comparing;
    let is_animated = ui.style().animation_time > 0.0;
    let Some(seconds) = comparing.blink_seconds.filter(|_| is_animated) else { return comparing.shows_second };
    let seconds = f64::from(seconds);
    let time = ui.input(|input| input.time);
    let left = seconds - time.rem_euclid(seconds);
    ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
    let is_odd = (time / seconds).floor().rem_euclid(2.0) >= 1.0;
    is_odd != comparing.shows_second
}

/// A side's name.
fn choice_name(context: &ViewContext<'_>, choice: &SideChoice) -> String {
    let language = context.language();
    match choice {
        SideChoice::Photo => tr!(language, "compare-photo"),
        SideChoice::Reference => tr!(language, "compare-reference"),
        SideChoice::Corrected => tr!(language, "compare-corrected"),
        SideChoice::Model(name) => {
            let models = &context.state.network.models;
            let known = models.iter().find(|model| model.card.name == *name);
            known.map_or_else(|| name.clone(), |model| model.card.title.clone())
        }
    }
}

/// Each side's name and figures, over its part of the canvas.
fn labels_ui(ui: &Ui, context: &ViewContext<'_>, area: Rect, parts: [Rect; 2], blinked: Option<usize>) {
    let top = area.top() + 16.0 + BAR_HEIGHT + 8.0;
    for (place, part) in parts.into_iter().enumerate() {
        if blinked.is_some_and(|only| only != place) {
            continue;
        }
        let room = (part.width() - 32.0).max(60.0);
        let Label { mut lines, figures, has_failed, is_running } = label(context, place);
        let colours = theme::colours(ui);
        let mut job = egui::text::LayoutJob::default();
        job.wrap.max_width = room.min(380.0) - 36.0;
        lines.extend(in_lines(ui, &figures, job.wrap.max_width));
        for (index, line) in lines.iter().enumerate() {
            let (font, line_colour) = match index {
                0 => (theme::strong_font(theme::SIZE_BODY), colours.text),
                _ if has_failed => (FontId::proportional(theme::SIZE_SMALL), colours.failure),
                _ => (FontId::proportional(theme::SIZE_SMALL), colours.dim),
            };
            let line = if index == 0 { line.clone() } else { format!("\n{line}") };
            job.append(&line, 0.0, egui::text::TextFormat::simple(font, line_colour));
        }
        let galley = ui.painter().layout_job(job);
        let size = galley.size() + vec2(38.0, 14.0);
        // The second side's label keeps to the right, so that each stands over its own part of a swipe.
        let left = match (blinked, place) {
            (None, 1) if context.state.comparing.layout == ComparisonLayout::Swipe => area.right() - 16.0 - size.x,
            (Some(_), _) => area.center().x - size.x / 2.0,
            (None, 0) if context.state.comparing.layout == ComparisonLayout::Swipe => area.left() + 16.0,
            _ => part.left() + 16.0,
        };
        let rect = Rect::from_min_size(pos2(left, top), size);
        ground(ui, rect);
        let swatch = Rect::from_min_size(rect.min + vec2(12.0, 11.0), vec2(12.0, 12.0));
        let fill = match &context.state.comparing.sides[place] {
            SideChoice::Photo => colours.hovered,
            choice => colour(side_colour(choice, place)),
        };
        ui.painter().rect_filled(swatch, CornerRadius::same(3), fill);
        ui.painter().galley(rect.min + vec2(30.0, 7.0), galley, colours.text);
        let id = egui::Id::unique("side label").with(place);
        let spoken = ui.interact(rect, id, egui::Sense::hover());
        spoken.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, lines.join(": ")));
        if is_running {
            canvas_controls::running_line(ui, rect);
        }
    }
}

struct Label {
    lines: Vec<String>,
    /// Figures below the name, as many on a line as there is room for.
    figures: Vec<String>,
    has_failed: bool,
    is_running: bool,
}

fn label(context: &ViewContext<'_>, place: usize) -> Label {
    let language = context.language();
    let comparing = &context.state.comparing;
    let choice = &comparing.sides[place];
    let letter = if place == 0 { "A" } else { "B" };
    let mut label = Label {
        lines: vec![format!("{letter}  {}", choice_name(context, choice))],
        figures: Vec::new(),
        has_failed: false,
        is_running: false,
    };
    match (&comparing.results[place], choice) {
        (_, SideChoice::Photo) => {}
        (Some(Ok(side)), _) => label.figures = figures(context, side),
        (Some(Err(error)), _) => {
            label.has_failed = true;
            label.lines.push(tr!(language, "compare-failed", reason = error.clone()));
        }
        (None, SideChoice::Reference) => label.lines.push(tr!(language, "compare-no-reference")),
        (None, SideChoice::Corrected) if context.state.current.edited.is_none() => {
            label.lines.push(tr!(language, "compare-no-corrected"));
        }
        (None, SideChoice::Model(_) | SideChoice::Corrected) => {
            label.is_running = true;
            label.lines.push(tr!(language, "compare-running"));
        }
    }
    label
}

/// Dice and IoU against the reference, or Dice with the other side; the lesion's area.
fn figures(context: &ViewContext<'_>, side: &ComparedSide) -> Vec<String> {
    let language = context.language();
    let mut parts = Vec::new();
    match (&side.agreement, context.state.comparing.mutual_dice) {
        (Some(counts), _) => {
            parts.push(format!("Dice {:.2}", counts.dice()));
            parts.push(format!("IoU {:.2}", counts.iou()));
        }
        (None, Some(dice)) => parts.push(tr!(language, "compare-mutual", dice = format!("{dice:.2}"))),
        (None, None) => {}
    }
    parts.push(ShownFigure::area(side.area_px as f64, context.state.scale().map(Scale::pixel)).short());
    parts.extend(
        (side.regions > 1 && !context.state.meaning().is_vessels())
            .then(|| tr!(language, "largest-of-regions", regions = side.regions)),
    );
    if let Some(threshold) = side.threshold {
        parts.push(tr!(language, "compare-threshold", threshold = format!("{threshold:.2}")));
    }
    parts
}

/// The figures in lines of at most `width`, broken between two of them only.
fn in_lines(ui: &Ui, figures: &[String], width: f32) -> Vec<String> {
    let font = FontId::proportional(theme::SIZE_SMALL);
    let fits = |line: &str| {
        let galley = ui.painter().layout_no_wrap(line.to_owned(), font.clone(), Color32::WHITE);
        galley.size().x <= width
    };
    let mut lines: Vec<String> = Vec::new();
    for figure in figures {
        let longer = lines.last().map(|line| format!("{line}  ·  {figure}")).filter(|longer| fits(longer));
        match (lines.last_mut(), longer) {
            (Some(line), Some(longer)) => *line = longer,
            _ => lines.push(figure.clone()),
        }
    }
    lines
}

/// Sides, layout, and the way out.
fn bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let is_blinking = context.state.comparing.layout == ComparisonLayout::Blink;
    // As wide as it was in the last frame, so that it lies in the middle: only layout, so egui's memory has it.
    let id = egui::Id::unique("compare bar").with(is_blinking);
    let width = ui.ctx().data(|data| data.get_temp::<f32>(id)).unwrap_or(560.0);
    let size = vec2(width.min(area.width() - 8.0), BAR_HEIGHT);
    let bar = Rect::from_min_size(pos2(area.center().x - size.x / 2.0, area.top() + 16.0), size);
    ground(ui, bar);
    let builder =
        UiBuilder::new().max_rect(bar.shrink2(vec2(6.0, 4.0))).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = GRID;
        // What the names of both sides leave to all else.
        let rest = if is_blinking { 346.0 } else { 262.0 };
        let [first, second] = side_labels(ui, context, (area.width() - rest).max(160.0));
        side_menu_ui(ui, context, 0, first);
        layouts_ui(ui, context);
        if is_blinking {
            blink_ui(ui, context);
        }
        side_menu_ui(ui, context, 1, second);
        icon_button_ui(ui, context, icons::SWAP, Action::FlipSides);
        icon_button_ui(ui, context, icons::TABLE, Action::ToggleTable);
        let close = bare_icon_ui(ui, icons::X, &tr!(language, "compare-close"))
            .on_hover_text(context.hint(Action::Compare));
        if close.clicked() {
            context.send(Action::Compare);
        }
        let used = ui.min_rect().width() + 12.0;
        if (used - width).abs() > 0.5 {
            ui.ctx().data_mut(|data| data.insert_temp(id, used));
            ui.ctx().request_repaint();
        }
    });
}

fn layouts_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let [left, right] = [Action::DividerLeft, Action::DividerRight].map(|action| context.keys().shown(action));
    let swipe_hint = tr!(language, "compare-swipe-hint", left = left, right = right);
    let blink_hint = tr!(language, "compare-blink-hint", key = context.keys().shown(Action::FlipSides));
    for layout in ComparisonLayout::ALL {
        let (icon, name, meaning) = match layout {
            ComparisonLayout::SideBySide => {
                (icons::COLUMNS, tr!(language, "compare-beside"), tr!(language, "compare-beside-hint"))
            }
            ComparisonLayout::Swipe => {
                (icons::SPLIT_HORIZONTAL, tr!(language, "compare-swipe"), swipe_hint.clone())
            }
            ComparisonLayout::Blink => (icons::REPEAT, tr!(language, "compare-blink"), blink_hint.clone()),
        };
        let is_chosen = context.state.comparing.layout == layout;
        let (rect, response) = ui.allocate_exact_size(vec2(34.0, 32.0), egui::Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, is_chosen, &name));
        let colours = theme::colours(ui);
        let (fill, text) = match (is_chosen, response.hovered() || response.has_focus()) {
            (true, _) => (colours.accent, colours.on_accent),
            (false, true) => (colours.hovered, colours.text),
            (false, false) => (Color32::TRANSPARENT, colours.dim),
        };
        ui.painter().rect_filled(rect, CornerRadius::same(6), fill);
        if response.has_focus() {
            super::widgets::ring(ui, rect, text);
        }
        let font = FontId::proportional(theme::ICON);
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, font, text);
        if response.on_hover_text(format!("{name}: {meaning}")).clicked() {
            context.commands.push(Command::Compare(CompareChange::Layout(layout)));
        }
    }
}

/// What the buttons of both sides say, and how wide they are, in `room` for both. Where titles have none, networks have
/// their short names: the label below has the title.
fn side_labels(ui: &Ui, context: &ViewContext<'_>, room: f32) -> [(String, f32); 2] {
    let sides = &context.state.comparing.sides;
    let titles = [0, 1].map(|place| choice_name(context, &sides[place]));
    let short = [0, 1].map(|place| match &sides[place] {
        SideChoice::Model(name) => name.clone(),
        _ => titles[place].clone(),
    });
    let widths = |labels: &[String; 2]| [0, 1].map(|place| menu_button_width(ui, &labels[place], room));
    let labels = if widths(&titles).iter().sum::<f32>() <= room { titles } else { short };
    let wanted = widths(&labels);
    let given = [0, 1].map(|place| wanted[place].min((room - wanted[1 - place]).max(room / 2.0)));
    let [first, second] = labels;
    [(first, given[0]), (second, given[1])]
}

fn side_menu_ui(ui: &mut Ui, context: &mut ViewContext<'_>, place: usize, (label, width): (String, f32)) {
    let language = context.language();
    let chosen = context.state.comparing.sides[place].clone();
    let letter = if place == 0 { "A" } else { "B" };
    let spoken = tr!(language, "compare-side", letter = letter, name = choice_name(context, &chosen));
    let button = menu_button_ui(ui, &spoken, &label, width).on_hover_text(&spoken);
    menu(&button).width(264.0).show(|ui| {
        egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            let models = context.state.network.comparable().map(|model| SideChoice::Model(model.card.name.clone()));
            let first = [SideChoice::Photo, SideChoice::Reference, SideChoice::Corrected];
            let choices: Vec<SideChoice> = first.into_iter().chain(models).collect();
            for choice in choices {
                let (is_there, why_not) = match choice {
                    SideChoice::Reference => (context.state.has_reference(), tr!(language, "compare-no-reference")),
                    SideChoice::Corrected => {
                        (context.state.current.edited.is_some(), tr!(language, "compare-no-corrected"))
                    }
                    SideChoice::Photo | SideChoice::Model(_) => (true, String::new()),
                };
                let name = choice_name(context, &choice);
                let row = egui::Button::selectable(choice == chosen, name).min_size(vec2(252.0, 30.0));
                let row = ui.add_enabled(is_there, row).on_disabled_hover_text(why_not);
                if row.clicked() {
                    context.commands.push(Command::Compare(CompareChange::Choose(place, choice)));
                    ui.close();
                }
            }
        });
    });
}

/// How long each side is shown.
fn blink_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let key = context.keys().shown(Action::FlipSides);
    let name_of = |seconds: Option<f32>| match seconds {
        Some(seconds) => tr!(language, "compare-every", seconds = format!("{seconds}")),
        None => tr!(language, "compare-by-key", key = key.as_str()),
    };
    let chosen = context.state.comparing.blink_seconds;
    let label = name_of(chosen);
    let button = menu_button_ui(ui, &tr!(language, "compare-blink-every", pace = label.as_str()), &label, 80.0);
    menu(&button).width(140.0).show(|ui| {
        for pace in BLINK_PACES {
            let row = egui::Button::selectable(pace == chosen, name_of(pace)).min_size(vec2(132.0, 30.0));
            if ui.add(row).clicked() {
                context.commands.push(Command::Compare(CompareChange::Blink(pace)));
                ui.close();
            }
        }
    });
}
