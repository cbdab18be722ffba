//! The display in the side panel: brightness, contrast and gamma, live, and the embedded colour profile; and the sign on
//! the canvas that the photo is not shown as it is stored.

use eframe::egui::{
    self, Align, CornerRadius, FontId, Layout, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::context::ViewContext;
use super::lesion;
use super::section::section_ui;
use super::widgets::{fact_row_ui, ground, icon_button_ui, labelled_button_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::DisplayChange;
use crate::app::icons;
use crate::app::model::display::{Display, HiddenParts};
use crate::app::model::sections::PanelSection;
use crate::app::theme::{self, GRID};
use crate::display::{Profile, ProfileFault, Tone};
use crate::language::Language;
use crate::tr;

/// The section of the side panel. It is folded at first; what was found of a profile is said always.
pub(super) fn display_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let is_open = section_ui(ui, context, PanelSection::Display, &tr!(language, "display"), "");
    profile_ui(ui, &context.state.current.profile, language);
    if is_open {
        ui.add_space(GRID);
        ui.add_enabled_ui(context.state.display.can_adjust, |ui| sliders_ui(ui, context));
        ui.add_space(GRID);
        let hidden = context.state.display.hidden;
        ui.horizontal_wrapped(|ui| {
            lesion::toggle_ui(ui, context, Action::ToggleHair, hidden.hair);
            lesion::toggle_ui(ui, context, Action::ToggleCorners, hidden.dark_corners);
        });
        let is_out_of_reach = !context.state.display.can_adjust;
        aside_ui(
            ui,
            if is_out_of_reach { tr!(language, "display-no-graphics") } else { tr!(language, "display-only") },
        );
    }
}

fn sliders_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let tone = context.state.display.tone;
    let mut moved = tone;
    slider_ui(
        ui,
        &tr!(language, "display-brightness"),
        &mut moved.brightness,
        Tone::SHIFT,
        &hundredths(tone.brightness),
        language,
    );
    slider_ui(
        ui,
        &tr!(language, "display-contrast"),
        &mut moved.contrast,
        Tone::SHIFT,
        &hundredths(tone.contrast),
        language,
    );
    // As far to the left as to the right of no change.
    let stored = tone.gamma.log2();
    let mut exponent = stored;
    let bounds = Tone::GAMMA.start().log2()..=Tone::GAMMA.end().log2();
    slider_ui(ui, &tr!(language, "display-gamma"), &mut exponent, bounds, &format!("{:.2}", tone.gamma), language);
    if exponent != stored {
        moved.gamma = exponent.exp2();
    }
    if moved != tone {
        context.send(Command::Display(DisplayChange::Tone(moved)));
    }
    ui.add_space(GRID);
    let mut keeps = context.state.display.keeps_tone;
    if ui
        .checkbox(&mut keeps, tr!(language, "display-keep"))
        .on_hover_text(tr!(language, "display-keep-hint"))
        .changed()
    {
        context.send(Command::Display(DisplayChange::Keep(keeps)));
    }
    ui.add_space(GRID);
    ui.add_enabled_ui(!context.state.display.is_as_stored(), |ui| {
        let action = Action::ShowAsStored;
        let reset = labelled_button_ui(ui, icons::ARROW_COUNTER_CLOCKWISE, &action.label(language));
        if reset.on_hover_text(context.hint(action)).clicked() {
            context.send(action);
        }
    });
}

fn profile_ui(ui: &mut Ui, profile: &Profile, language: Language) {
    let (name, words) = match profile {
        Profile::None => return,
        Profile::Srgb { name } => (name, None),
        Profile::Applied { name, .. } => (name, Some(tr!(language, "display-profile-applied"))),
        Profile::Refused(fault) => return aside_ui(ui, fault_words(fault, language)),
    };
    let name = if name.is_empty() { tr!(language, "display-profile-unnamed") } else { name.clone() };
    fact_row_ui(ui, &tr!(language, "display-profile"), &name, "").on_hover_text(&name);
    if let Some(words) = words {
        aside_ui(ui, words);
    }
}

fn fault_words(fault: &ProfileFault, language: Language) -> String {
    match fault {
        ProfileFault::Damaged { .. } => tr!(language, "display-profile-damaged"),
        ProfileFault::TooLarge => tr!(language, "display-profile-too-large"),
        ProfileFault::NotRgb { space } => tr!(language, "display-profile-not-rgb", space = space.clone()),
        ProfileFault::Absurd => tr!(language, "display-profile-absurd"),
    }
}

/// A quiet sentence.
fn aside_ui(ui: &mut Ui, words: String) {
    ui.add_space(GRID);
    ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim));
}

/// With its sign, as people write it.
fn hundredths(share: f32) -> String {
    let whole = (share * 100.0).round() as i32;
    match whole {
        0 => "0".to_owned(),
        1.. => format!("+{whole}"),
        _ => format!("−{}", -whole),
    }
}

fn slider_ui(
    ui: &mut Ui,
    name: &str,
    value: &mut f32,
    bounds: std::ops::RangeInclusive<f32>,
    words: &str,
    language: Language,
) {
    fact_row_ui(ui, name, words, "");
    ui.spacing_mut().slider_width = ui.available_width();
    let response = ui.add(egui::Slider::new(value, bounds).show_value(false).trailing_fill(false));
    // No change is in the middle: a mark below the knob.
    let middle = response.rect.center_bottom();
    ui.painter().vline(middle.x, middle.y - 2.0..=middle.y + 2.0, Stroke::new(1.0, theme::colours(ui).dim));
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::slider(is_enabled, f64::from(*value), name));
    if response.on_hover_text(tr!(language, "display-slider-hint")).double_clicked() {
        *value = 0.0;
    }
}

/// The sign that the photo is not shown as it is stored, with the way back, in the lower left corner of `area`.
pub(super) fn adjusted_ui(ui: &mut Ui, context: &mut ViewContext<'_>, area: Rect) {
    let language = context.language();
    let display = &context.state.display;
    if display.is_as_stored() {
        return;
    }
    let colours = theme::colours(ui);
    let mut job = egui::text::LayoutJob::default();
    let mut add = |words: &str, font, colour| {
        job.append(words, 0.0, egui::text::TextFormat::simple(font, colour));
    };
    add(&tr!(language, "display-adjusted"), theme::strong_font(theme::SIZE_BODY), colours.text);
    let is_cleared = context.pictures.is_cleared();
    let figures = figures(display, is_cleared, language).join("  ·  ");
    add(&format!("\n{figures}"), FontId::proportional(theme::SIZE_SMALL), colours.dim);
    let galley = ui.painter().layout_job(job);
    let size = vec2(galley.size().x + 76.0, galley.size().y + 14.0);
    let rect = Rect::from_min_size(pos2(area.left(), area.bottom() - size.y), size);
    ground(ui, rect);
    let stroke = Stroke::new(1.5, colours.warning);
    ui.painter().rect_stroke(rect, CornerRadius::same(8), stroke, StrokeKind::Inside);
    let font = FontId::proportional(theme::ICON);
    let at = rect.left_center() + vec2(20.0, 0.0);
    ui.painter().text(at, egui::Align2::CENTER_CENTER, icons::SUN, font, colours.warning);
    ui.painter().galley(rect.left_top() + vec2(36.0, 7.0), galley, colours.text);
    let spoken = ui.interact(rect, egui::Id::unique("adjusted display"), Sense::hover());
    spoken.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("{}: {figures}", tr!(language, "display-adjusted")))
    });
    spoken.on_hover_text(tr!(language, "display-adjusted-hint"));
    let button = Rect::from_center_size(rect.right_center() - vec2(20.0, 0.0), vec2(32.0, 32.0));
    let builder = UiBuilder::new().max_rect(button).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        icon_button_ui(ui, context, icons::ARROW_COUNTER_CLOCKWISE, Action::ShowAsStored);
    });
}

/// What was changed, by name; what is hidden is there once the photo `is_cleared` of it.
fn figures(display: &Display, is_cleared: bool, language: Language) -> Vec<String> {
    let (tone, neutral) = (display.tone, Tone::default());
    let mut parts = Vec::new();
    if tone.brightness != neutral.brightness {
        parts.push(format!("{} {}", tr!(language, "display-brightness"), hundredths(tone.brightness)));
    }
    if tone.contrast != neutral.contrast {
        parts.push(format!("{} {}", tr!(language, "display-contrast"), hundredths(tone.contrast)));
    }
    if tone.gamma != neutral.gamma {
        parts.push(format!("{} {:.2}", tr!(language, "display-gamma"), tone.gamma));
    }
    if !is_cleared && display.hidden != HiddenParts::default() {
        parts.push(tr!(language, "display-hiding"));
    } else {
        if display.hidden.hair {
            parts.push(tr!(language, "display-hair-hidden"));
        }
        if display.hidden.dark_corners {
            parts.push(tr!(language, "display-corners-hidden"));
        }
    }
    parts
}
