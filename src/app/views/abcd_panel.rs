//! The side panel's section that explains the ABCD descriptors: what each figure is, in a plain sentence. Descriptors
//! only: nothing here adds them up.

use eframe::egui::{self, Color32, CornerRadius, FontId, RichText, Sense, Ui, Vec2, vec2};

use super::abcd::sector_colour;
use super::context::ViewContext;
use super::outline::colour;
use super::widgets::{fact_row_ui, heading_ui};
use crate::app::command::Command;
use crate::app::command::change::MeasureChange;
use crate::app::model::scale::Scale;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::lab;
use crate::language::Language;
use crate::measure::colours::ColourShares;
use crate::measure::named_colour::NamedColour;
use crate::measure::shape::Shape;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::table::Measure;
use crate::tr;

pub(super) fn abcd_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let top = ui.cursor().top();
    heading_ui(ui, &tr!(language, "abcd-heading"));
    scroll_here_when_new(ui, context, top);
    let dim = theme::colours(ui).dim;
    ui.label(RichText::new(tr!(language, "abcd-purpose")).color(dim));
    let Some(measured) = &context.state.current.measured else {
        ui.label(RichText::new(tr!(language, "abcd-pending")).color(dim));
        return;
    };
    let Some(shape) = &measured.shape else {
        ui.label(RichText::new(tr!(language, "abcd-nothing")).color(dim));
        return;
    };
    let colours = measured.colours.as_ref();
    letter_ui(ui, "A", &tr!(language, "abcd-asymmetry"), &tr!(language, "abcd-asymmetry-meaning"));
    asymmetry_ui(ui, shape, colours, language);
    letter_ui(ui, "B", &tr!(language, "abcd-border"), &tr!(language, "abcd-border-meaning"));
    border_ui(ui, shape, colours, language);
    letter_ui(ui, "C", &tr!(language, "abcd-colour"), &tr!(language, "abcd-colour-meaning"));
    if let Some(colours) = colours {
        clusters_ui(ui, colours, language);
    }
    letter_ui(ui, "D", &tr!(language, "abcd-diameter"), &tr!(language, "abcd-diameter-meaning"));
    let scale = context.state.scale();
    for (name, length_px) in [
        (name(Measure::LongestDiameter, language), shape.longest_diameter_px()),
        (name(Measure::AcrossDiameter, language), shape.across_diameter_px()),
    ] {
        let figure = ShownFigure::length(length_px, scale.map(Scale::pixel));
        fact_row_ui(ui, &name, &figure.number(), figure.unit);
    }
}

/// The name that a report's page gives it, too.
fn name(measure: Measure, language: Language) -> String {
    measure.words().map(|words| words.said_in(language)).unwrap_or_default()
}

/// The section comes into sight when it is switched on, not each time the figures change.
fn scroll_here_when_new(ui: &Ui, context: &mut ViewContext<'_>, top: f32) {
    if context.state.measuring.scrolls_to_abcd {
        let rect = egui::Rect::from_min_size(egui::pos2(ui.min_rect().left(), top), vec2(1.0, 1.0));
        ui.scroll_to_rect(rect, Some(egui::Align::Min));
        context.send(Command::Measure(MeasureChange::AbcdSeen));
    }
}

/// A letter on its badge, the descriptor's name, and what it means.
fn letter_ui(ui: &mut Ui, letter: &str, name: &str, meaning: &str) {
    let colours = theme::colours(ui);
    // Rows of figures bring lines closer together: all four letters have the same space.
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.add_space(3.0 * GRID);
    ui.horizontal(|ui| {
        let (badge, _) = ui.allocate_exact_size(Vec2::splat(20.0), Sense::hover());
        ui.painter().rect_filled(badge, CornerRadius::same(5), colours.hovered);
        let font = theme::strong_font(theme::SIZE_SMALL);
        ui.painter().text(badge.center(), egui::Align2::CENTER_CENTER, letter, font, colours.text);
        ui.label(RichText::new(name).font(theme::strong_font(theme::SIZE_BODY)));
    });
    ui.add_space(GRID);
    ui.label(RichText::new(meaning).size(theme::SIZE_SMALL).color(colours.dim));
    ui.add_space(GRID);
}

fn asymmetry_ui(ui: &mut Ui, shape: &Shape, colours: Option<&ColourShares>, language: Language) {
    let delta_e = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1}"));
    fact_row_ui(ui, &tr!(language, "abcd-shape-long"), &format!("{:.2}", shape.asymmetry_about_major), "");
    fact_row_ui(ui, &tr!(language, "abcd-shape-short"), &format!("{:.2}", shape.asymmetry_about_minor), "");
    if let Some(colours) = colours {
        fact_row_ui(ui, &tr!(language, "abcd-colour-long"), &delta_e(colours.asymmetry_about_major_delta_e), "ΔE");
        fact_row_ui(ui, &tr!(language, "abcd-colour-short"), &delta_e(colours.asymmetry_about_minor_delta_e), "ΔE");
    }
}

/// The eight sectors as eight cells in the colours of the photo's marks, clockwise from the right.
fn border_ui(ui: &mut Ui, shape: &Shape, colours: Option<&ColourShares>, language: Language) {
    if let Some(colours) = colours {
        let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), 38.0), Sense::hover());
        let figures = colours.border_sectors_delta_e;
        let width = row.width() / figures.len() as f32;
        let dim = theme::colours(ui).dim;
        let mut spoken = Vec::new();
        for (sector, delta_e) in figures.into_iter().enumerate() {
            let cell =
                egui::Rect::from_min_size(row.min + vec2(sector as f32 * width, 0.0), vec2(width - 2.0, 22.0));
            let fill = delta_e.map_or(theme::colours(ui).hovered, |delta_e| colour(sector_colour(delta_e)));
            ui.painter().rect_filled(cell, CornerRadius::same(4), fill);
            let figure = delta_e.map_or_else(|| "–".to_owned(), |delta_e| format!("{delta_e:.0}"));
            let font = FontId::proportional(theme::SIZE_SMALL);
            let text = if delta_e.is_some() { on(fill) } else { dim };
            ui.painter().text(cell.center(), egui::Align2::CENTER_CENTER, &figure, font.clone(), text);
            let below = cell.center_bottom() + vec2(0.0, 2.0);
            ui.painter().text(below, egui::Align2::CENTER_TOP, (sector + 1).to_string(), font, dim);
            spoken.push(figure);
        }
        let words = tr!(language, "abcd-sectors", figures = spoken.join(", "));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        response.on_hover_text(words.clone());
    }
    fact_row_ui(ui, &tr!(language, "abcd-irregularity"), &format!("{:.2}", shape.border_irregularity()), "")
        .on_hover_text(tr!(language, "abcd-irregularity-hint"));
}

/// Black or white, whichever stands out on `fill`.
pub(super) fn on(fill: Color32) -> Color32 {
    let light = 0.299 * f32::from(fill.r()) + 0.587 * f32::from(fill.g()) + 0.114 * f32::from(fill.b());
    if light > 130.0 { Color32::BLACK } else { Color32::WHITE }
}

/// The colours that are there, the largest first, each with a swatch of its mean.
fn clusters_ui(ui: &mut Ui, colours: &ColourShares, language: Language) {
    for (named, share) in colours.present() {
        let Some(mean) = colours.means[named as usize] else { continue };
        ui.horizontal(|ui| {
            let (swatch, _) = ui.allocate_exact_size(vec2(28.0, 16.0), Sense::hover());
            let hairline = egui::Stroke::new(1.0, theme::colours(ui).hairline);
            ui.painter().rect_filled(swatch, CornerRadius::same(4), colour(lab::to_rgb(mean)));
            ui.painter().rect_stroke(swatch, CornerRadius::same(4), hairline, egui::StrokeKind::Outside);
            let sign = names::percent_sign(language);
            fact_row_ui(ui, &colour_name(named, language), &format!("{:.0}", share * 100.0), &sign);
        });
    }
}

fn colour_name(colour: NamedColour, language: Language) -> String {
    match colour {
        NamedColour::White => tr!(language, "colour-white"),
        NamedColour::Red => tr!(language, "colour-red"),
        NamedColour::LightBrown => tr!(language, "colour-light-brown"),
        NamedColour::DarkBrown => tr!(language, "colour-dark-brown"),
        NamedColour::BlueGrey => tr!(language, "colour-blue-grey"),
        NamedColour::Black => tr!(language, "colour-black"),
        NamedColour::PinkOrSkin => tr!(language, "colour-pink-or-skin"),
        NamedColour::NoneOfThese => tr!(language, "colour-none-of-these"),
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn every_named_colour_has_its_own_words() {
        for &named in NamedColour::VARIANTS {
            assert_eq!(colour_name(named, Language::English).to_lowercase(), named.name());
        }
    }
}
