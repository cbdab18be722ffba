//! The bar at the bottom: the stages' times, the purpose, and what lies under the pointer.

use eframe::egui::{self, Align, Layout, RichText, Role, Ui, UiBuilder, WidgetInfo};

use super::context::ViewContext;
use super::{notices, steps};
use crate::app::icons;
use crate::app::model::current::Phase;
use crate::app::names;
use crate::app::theme;
use crate::pipeline::TileProgress;
use crate::tr;

pub(super) fn status_bar_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let bar = ui.max_rect();
    let dim = theme::colours(ui).dim;
    let small = |words: String| RichText::new(words).size(theme::SIZE_SMALL).color(dim);
    let middle = egui::Rect::from_center_size(bar.center(), egui::vec2(140.0, bar.height()));
    let mut left = bar;
    left.set_right(middle.left());
    ui.scope_builder(UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)), |ui| {
        if notices::is_in_bar(ui, context) {
            notices::in_bar_ui(ui, context);
        } else {
            let is_live = context.state.live.is_on;
            let stages = egui::Label::new(small(left_words(context))).truncate();
            let hint = if is_live { tr!(language, "live-figures-hint") } else { stages_and_engine(context) };
            ui.add(stages).on_hover_text(hint);
        }
    });
    let mut right = bar;
    right.set_left(middle.right());
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center)), |ui| {
        if context.state.live.is_on {
            slow_ui(ui, context);
            let live = &context.state.live;
            let format = live.shown.as_ref().map_or("", |_| &live.figures.format);
            ui.add(egui::Label::new(small(format.to_owned())).truncate());
        } else {
            ui.add(egui::Label::new(small(pointer_words(context))).truncate());
        }
    });
    ui.put(middle, egui::Label::new(small(tr!(language, "research-use-only"))));
}

fn left_words(context: &ViewContext<'_>) -> String {
    let language = context.language();
    let state = context.state;
    if state.live.is_on {
        return live_words(context);
    }
    if let Some(TileProgress { done, total }) = state.current.tiles {
        return tr!(language, "running-tiles", done = done, total = total);
    }
    match (&state.current.phase, &state.current.segmentation) {
        _ if state.asking.is_some() => tr!(language, "waiting-for-dialog"),
        (Phase::NetworkFailed(_), _) => tr!(language, "network-failed"),
        (Phase::Loading, _) => tr!(language, "reading-photo"),
        (Phase::Segmenting, None) => tr!(language, "running-network"),
        (_, Some(result)) => {
            let [read, rest @ ..] = result.millis.values();
            let (read, outline) = (format!("{read:.0}"), format!("{:.0}", rest.iter().sum::<f64>()));
            let engine = names::engine(result.engine.kind, language);
            let times = tr!(language, "stage-times", engine = engine, read = read, outline = outline);
            match steps::said(&result.steps(), language) {
                Some(steps) => format!("{steps}  ·  {times}"),
                None => times,
            }
        }
        _ => String::new(),
    }
}

/// Quiet figures of the camera's picture.
fn live_words(context: &ViewContext<'_>) -> String {
    let language = context.language();
    if context.state.asking.is_some() {
        return tr!(language, "waiting-for-dialog");
    }
    let live = &context.state.live;
    let figures = &live.figures;
    let Some(engine) = figures.engine.as_ref().filter(|_| live.shown.is_some()) else { return String::new() };
    tr!(
        language,
        "live-figures",
        engine = names::engine(engine.kind, language),
        rate = if figures.rate > 0.0 { format!("{:.1}", figures.rate) } else { "–".to_owned() },
        latency = format!("{:.0}", figures.latency_millis),
        dropped = figures.dropped.to_string()
    )
}

/// That heat or a clock makes the camera's picture slower than it could be; the reasons stand beside the pointer.
fn slow_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let language = context.language();
    let notices = &context.state.live.figures.notices;
    if notices.is_empty() || context.state.live.shown.is_none() {
        return;
    }
    let words = tr!(language, "live-slow");
    // They begin with the kernel's name of a clock or sensor.
    let reasons: Vec<String> = notices.iter().map(|words| words.said_in(language)).collect();
    let reasons = reasons.join("\n\n");
    let text = RichText::new(format!("{}  {words}", icons::WARNING)).size(theme::SIZE_SMALL);
    let label = ui.label(text.color(theme::colours(ui).warning));
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words}\n{reasons}")));
    label.on_hover_text(reasons);
}

/// How long each stage took, what ran the network, and why nothing faster did.
fn stages_and_engine(context: &ViewContext<'_>) -> String {
    let language = context.language();
    let network = &context.state.network;
    let mut words = String::new();
    if let Some(result) = &context.state.current.segmentation {
        let [read, prepare, network, finish] = result.millis.values().map(|millis| format!("{millis:.0}"));
        words = tr!(language, "stages", read = read, prepare = prepare, network = network, finish = finish);
        words.push_str("\n\n");
    }
    words += &match &network.engine {
        Some(engine) => tr!(language, "engine-is", engine = names::engine_and_version(engine, language)),
        None => tr!(language, "no-engine-yet"),
    };
    for refusal in &network.passed_over {
        let (engine, reason) = (names::engine(refusal.kind, language), refusal.error.message());
        words.push_str("\n\n");
        words.push_str(&tr!(language, "engine-not-used-because", engine = engine, reason = reason));
    }
    words
}

/// Pixel, colour and probability under the pointer.
fn pointer_words(context: &ViewContext<'_>) -> String {
    let language = context.language();
    let current = &context.state.current;
    let (Some([x, y]), Some(photo)) = (context.state.pointed_pixel, &current.photo) else {
        return String::new();
    };
    let Some([r, g, b]) = photo.pixel(x, y) else { return String::new() };
    let words = tr!(
        language,
        "pointed-pixel",
        x = x.to_string(),
        y = y.to_string(),
        r = r.to_string(),
        g = g.to_string(),
        b = b.to_string()
    );
    match current.segmentation.as_ref().and_then(|result| result.probability.at(x, y)) {
        Some(p) => tr!(language, "pointed-probability", pixel = words, probability = format!("{p:.2}")),
        None => words,
    }
}
