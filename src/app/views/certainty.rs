//! How sure the network is of its outline, in words and figures: the agreement to be expected, why an outline is in doubt,
//! and the looks that a network takes.

use eframe::egui::{RichText, Ui};

use super::context::ViewContext;
use super::network_row::millis;
use super::widgets::fact_row_ui;
use crate::app::command::action::Action;
use crate::app::icons;
use crate::app::theme;
use crate::confidence::{Doubt, ExpectedAgreement};
use crate::inference::ModelCard;
use crate::language::{Language, sentence};
use crate::tr;

/// What stands for a figure that is being measured.
pub(super) const PENDING: &str = "…";

/// The agreement that the outline can be expected to have; nothing where it is not known.
pub(super) fn expected_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let state = context.state;
    let expected = state.confidence().and_then(|confidence| confidence.expected);
    let (Some(expected), Some(model)) = (expected, state.segmented_by()) else { return };
    let language = context.language();
    let hint = expected_hint(&expected, &model.card, language);
    fact_row_ui(ui, &tr!(language, "expected-agreement"), &format!("{:.2}", expected.iou), "").on_hover_text(hint);
}

/// What the figure is, and for whom it was measured.
fn expected_hint(expected: &ExpectedAgreement, card: &ModelCard, language: Language) -> String {
    let dice = format!("{:.2}", expected.dice);
    let meaning = tr!(language, "expected-agreement-hint", dice = dice);
    let Some(test) = card.optional.expected_agreement.as_ref().and_then(|facts| facts.test) else { return meaning };
    let error = format!("{:.2}", test.mean_error_iou);
    let measured = tr!(
        language,
        "expected-agreement-measured",
        count = test.n.to_string(),
        data = card.facts.trained_on()[0].to_owned(),
        error = error
    );
    format!("{meaning}\n\n{measured}")
}

/// How far the outline agrees with a second network's, where one is asked.
pub(super) fn second_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let state = context.state;
    let is_networks = state.current.segmentation.is_some() && !state.shows_corrected();
    if !state.network.asks_second || !is_networks {
        return;
    }
    let Some(second) = state.network.second() else { return };
    let language = context.language();
    let measured = state.current.measured.as_ref().and_then(|measured| measured.second.as_ref());
    let title = measured.map_or(&second.card.title, |measured| &measured.title);
    let mut hint = tr!(language, "second-network-hint", title = title.clone());
    let value = match measured.map(|measured| &measured.agreement) {
        Some(Ok(iou)) => format!("{iou:.2}"),
        Some(Err(reason)) => {
            hint = format!("{hint}\n\n{}", sentence(&reason.said_in(language)));
            "–".to_owned()
        }
        None => PENDING.to_owned(),
    };
    fact_row_ui(ui, &tr!(language, "second-network"), &value, "").on_hover_text(hint);
}

/// Whether a second network is asked, and which that is; nothing where there is none, or no lesion to ask about.
pub(super) fn ask_second_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let Some(second) = network.second().filter(|_| !network.model.card.meaning().is_vessels()) else { return };
    let mut asks = network.asks_second;
    let title = second.card.title.clone();
    let hint =
        format!("{}\n\n{}", context.hint(Action::ToggleSecond), tr!(language, "second-network-is", title = title));
    if ui.checkbox(&mut asks, Action::ToggleSecond.label(language)).on_hover_text(hint).changed() {
        context.send(Action::ToggleSecond);
    }
}

/// Why the outline on the canvas is in doubt; nothing where nothing stands out.
pub(super) fn doubt_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let Some(words) = doubt_words(context, context.state.selected) else { return };
    if !context.state.is_open(context.state.selected) {
        return;
    }
    let language = context.language();
    let colour = theme::colours(ui).warning;
    let line = RichText::new(format!("{}  {words}", icons::WARNING)).size(theme::SIZE_SMALL).color(colour);
    ui.label(line).on_hover_text(context.with_key(tr!(language, "doubt-hint"), Action::NextDoubtful));
}

/// That the photo at `place` is in doubt, and why.
pub(super) fn doubt_words(context: &ViewContext<'_>, place: usize) -> Option<String> {
    let language = context.language();
    let Doubt { reasons, .. } = context.state.doubt(place).filter(|doubt| !doubt.reasons.is_empty())?;
    let reasons: Vec<String> = reasons.iter().map(|reason| reason.words().said_in(language)).collect();
    Some(tr!(language, "doubt-because", reasons = reasons.join(&tr!(language, "doubt-separator"))))
}

/// Whether the network takes eight looks, and what that costs.
pub(super) fn careful_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let mut is_careful = network.is_careful;
    let mut hint = context.hint(Action::ToggleCareful);
    if let Some(once) = network.millis_here(&network.model.card.name) {
        let (eight, once) = (millis(8.0 * once), millis(once));
        hint = format!("{hint}\n\n{}", tr!(language, "careful-cost", once = once, eight = eight));
    }
    if ui.checkbox(&mut is_careful, Action::ToggleCareful.label(language)).on_hover_text(hint).changed() {
        context.send(Action::ToggleCareful);
    }
}
