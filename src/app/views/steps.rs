//! The steps before and after the network in the side panel: each with a switch, and its figures where it has some. They
//! work in the order in which they stand here, the one in which they are usually combined.

use eframe::egui::{self, Align, Layout, RichText, Ui};

use super::context::ViewContext;
use super::section::section_ui;
use super::widgets::labelled_button_ui;
use crate::app::command::Command;
use crate::app::icons;
use crate::app::model::sections::PanelSection;
use crate::app::names;
use crate::app::theme::{self, GRID};
use crate::language::Language;
use crate::steps::{ImageSteps, NamedStep, StepList};
use crate::tr;

/// The section of the side panel. It is folded at first; the names of the steps that are on are said always.
pub(super) fn steps_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let steps = &context.state.network.steps;
    let names = names_of(steps, language);
    let aside = if names.is_empty() { tr!(language, "steps-none") } else { String::new() };
    let is_open = section_ui(ui, context, PanelSection::Steps, &tr!(language, "steps"), &aside);
    if !is_open {
        if !names.is_empty() {
            ui.label(names.join(&tr!(language, "steps-separator")));
        }
        return;
    }
    quiet_ui(ui, tr!(language, "steps-explained"));
    let is_tiled = context.state.network.model.card.optional.tiling.is_some();
    let mut changed = context.state.network.steps.clone();
    group_ui(ui, &tr!(language, "steps-before"), &mut changed.before, is_tiled, language);
    group_ui(ui, &tr!(language, "steps-after"), &mut changed.after, is_tiled, language);
    ui.add_space(GRID);
    ui.add_enabled_ui(!changed.is_empty(), |ui| {
        if labelled_button_ui(ui, icons::X, &tr!(language, "steps-clear")).clicked() {
            changed = ImageSteps::default();
        }
    });
    if changed != context.state.network.steps {
        context.send(Command::UseSteps(changed));
    }
}

/// The steps of one place.
fn group_ui<S: NamedStep>(ui: &mut Ui, name: &str, steps: &mut StepList<S>, is_tiled: bool, language: Language) {
    ui.add_space(GRID);
    ui.label(RichText::new(name).color(theme::colours(ui).dim));
    let chosen: Vec<S> = S::ALL
        .iter()
        .filter_map(|usual| {
            let is_possible = !is_tiled || usual.works_in_tiles();
            ui.add_enabled_ui(is_possible, |ui| step_ui(ui, *usual, steps.find(usual.key()), language)).inner
        })
        .collect();
    steps.0 = chosen;
}

/// A step's switch, and its figures while it is on; what it is after that.
fn step_ui<S: NamedStep>(ui: &mut Ui, usual: S, chosen: Option<S>, language: Language) -> Option<S> {
    let [name, hint] = names::step(usual.key(), language);
    let mut is_on = chosen.is_some();
    ui.horizontal(|ui| {
        ui.set_min_height(24.0);
        ui.checkbox(&mut is_on, name)
            .on_hover_text(hint)
            .on_disabled_hover_text(tr!(language, "steps-not-in-tiles"));
        let step = is_on.then(|| chosen.unwrap_or(usual))?;
        let mut figures = step.figures();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let what = names::step_figures(usual.key(), language);
            // From the right, the last one first.
            for (place, figure) in figures.iter_mut().enumerate().rev() {
                let value = egui::DragValue::new(figure).range(usual.ranges()[place].clone()).speed(0.2);
                let response = ui.add(value);
                if let Some(what) = what.get(place) {
                    response.on_hover_text(what);
                }
            }
        });
        Some(step.with(&figures))
    })
    .inner
}

/// What stands in the status bar: the names of the steps; none where nothing was done.
pub(super) fn said(steps: &ImageSteps, language: Language) -> Option<String> {
    let names = names_of(steps, language);
    (!names.is_empty()).then(|| tr!(language, "steps-shown", names = names.join(&tr!(language, "steps-separator"))))
}

fn names_of(steps: &ImageSteps, language: Language) -> Vec<String> {
    let before = steps.before.iter().map(|step| step.key());
    let after = steps.after.iter().map(|step| step.key());
    before.chain(after).map(|key| names::step(key, language)[0].clone()).collect()
}

/// A quiet sentence.
fn quiet_ui(ui: &mut Ui, words: String) {
    ui.label(RichText::new(words).size(theme::SIZE_SMALL).color(theme::colours(ui).dim));
}
