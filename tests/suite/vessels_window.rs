//! Vessels in the window: the drawn fundus with a network for it, its figures in the lesion's place, and the way back to skin.

use crate::common_window::{Bench, phantom};
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::inference::{EngineChoice, EngineKind, MaskMeaning};
use dermaloupe::sample;

/// The drawn fundus with the smallest network for vessels, by the built-in engine.
fn fundus() -> Bench {
    let mut bench = Bench::open_with(|options| options.engine = EngineChoice::Only(EngineKind::Rten));
    bench.settle();
    bench.send(Action::OpenFundusSample.into());
    bench.settle();
    bench
}

#[test]
fn the_drawn_fundus_opens_with_a_network_for_vessels_and_their_figures() {
    let mut bench = fundus();
    assert_eq!(bench.name(), sample::FUNDUS_NAME);
    let state = bench.state();
    assert_eq!((state.network.model.card.name.as_str(), state.meaning()), ("wnet", MaskMeaning::Vessels));
    assert!(state.network.chosen.is_none(), "the next start takes what is recommended for skin");
    assert!(matches!(state.current.phase, Phase::Done));
    let dice =
        state.current.derived.as_ref().and_then(|derived| derived.agreement).expect("the true vessels are known");
    assert!(dice.dice() > 0.92, "{}", dice.dice());
    for words in ["Vessels", "Vessel density", "Length of centre lines", "Mean calibre", "For fundus photographs"] {
        assert!(bench.shows(words), "{words}");
    }
    bench.unfold(PanelSection::Lesion);
    bench.unfold(PanelSection::Agreement);
    for words in
        ["Mean calibre, distance map", "Area of vessels", "Field of view", "clDice", "Within the field of view"]
    {
        assert!(bench.shows(words), "{words}");
    }
    for words in ["Longest diameter", "Perimeter", "HD95", "Lesion"] {
        assert!(!bench.shows(words), "{words}");
    }
    assert!(!bench.shows_part("looks like a mask"), "the reference is one of vessels");
}

#[test]
fn going_back_to_the_sample_of_skin_brings_the_recommended_network() {
    let mut bench = fundus();
    bench.send(Action::OpenSample.into());
    bench.settle();
    let state = bench.state();
    assert_eq!(state.network.recommended.as_ref(), Some(&state.network.model.card.name));
    assert_eq!(state.meaning(), MaskMeaning::Lesion);
    assert!(bench.shows("Longest diameter") && !bench.shows("Vessel density"));
}

#[test]
fn a_network_for_vessels_on_skin_says_what_it_is_for() {
    let photo = phantom("phantom2.jpg");
    let mut bench = Bench::open_with(|options| {
        options.engine = EngineChoice::Only(EngineKind::Rten);
        options.paths = vec![photo];
        options.model = Some("wnet".to_owned());
    });
    bench.settle();
    assert!(bench.shows("For fundus photographs"));
    let field = bench.state().current.segmentation.as_ref().and_then(|result| result.field_of_view.clone());
    assert!(field.is_some(), "it runs nevertheless");
}

#[test]
fn only_networks_that_mark_the_same_are_compared() {
    let bench = fundus();
    let names: Vec<&str> = bench.state().network.comparable().map(|model| model.card.name.as_str()).collect();
    assert_eq!(names, ["m2unet", "wnet"]);
}
