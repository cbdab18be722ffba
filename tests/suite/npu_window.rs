//! The window over a double of the NPU's runtime that hangs.

use crate::common_npu::Board;
use crate::common_window::Bench;
use crate::npu_failures::{SHORT, assert_says, wait_until};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use dermaloupe::inference::{EngineChoice, EngineKind};

#[test]
fn the_window_lives_on_when_the_npu_hangs() {
    let mut board = Board::new(&["hang rknn_run 6"]);
    board.run_limit = SHORT;
    let (models, libraries) = (board.path("models"), board.options());
    let mut bench = Bench::open_with(|options| {
        options.models = Some(models);
        options.model = Some("darkness".into());
        options.engine = EngineChoice::Only(EngineKind::Rknn);
        options.libraries = libraries;
    });
    assert_eq!(ran_on(&bench), Some(EngineKind::Rknn));
    bench.send(Action::Retry.into());
    let Phase::NetworkFailed(words) = &bench.state().current.phase else { panic!("it hangs") };
    assert_says(&words.to_string(), &["the NPU did not respond"]);
    let offered = bench.state().network.working.expect("another engine runs it");
    assert_ne!(offered, EngineKind::Rknn);
    bench.click("Use ");
    assert_eq!(ran_on(&bench), Some(offered));
    bench.send(Command::UseEngine(EngineChoice::Auto));
    assert!(ran_on(&bench).is_some_and(|kind| kind != EngineKind::Rknn));
    assert_says(&bench.state().network.passed_over[0].error.to_string(), &["still stuck"]);
    assert!(bench.shows("NPU (RK3588): not available"));
    board.release();
    wait_until(|| board.count("destroy ") == 1);
}

/// The engine of the result that is shown.
fn ran_on(bench: &Bench) -> Option<EngineKind> {
    let current = &bench.state().current;
    let result = current.segmentation.as_ref().filter(|_| matches!(current.phase, Phase::Done));
    result.map(|result| result.engine.kind)
}
