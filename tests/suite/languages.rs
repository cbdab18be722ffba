//! The window in two languages: what it starts in, switching while it runs, and what is remembered.

use crate::common_window::{Bench, folder_of_phantoms};
use dermaloupe::app::command::Command;
use dermaloupe::app::model::current::Phase;
use dermaloupe::inference::Model;
use dermaloupe::language::Language;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn chinese(options: &mut dermaloupe::startup::StartupOptions) {
    options.language = Some(Language::SimplifiedChinese);
}

/// All that a screen reader could say.
fn spoken(bench: &Bench) -> Vec<String> {
    let nodes = bench.harness.query_all_by(|_| true);
    nodes.filter_map(|node| node.accesskit_node().label().or(node.accesskit_node().value())).collect()
}

/// What is English, beside names, in a window that speaks Chinese. Words of three letters and more count.
fn left_in_english(bench: &Bench) -> Vec<String> {
    let names = [
        "Dermaloupe",
        "MALUNet",
        Model::BUILT_IN,
        "malunet",
        "pooled",
        "iou",
        "MALU",
        "ISIC",
        "RTen",
        "ONNX",
        "Runtime",
        "Dice",
        "IoU",
        "ASSD",
        "ABCD",
        "INT",
        "NPU",
        "MAC",
        "RK3588",
        "RGB",
        "Ctrl",
        "Shift",
        "Esc",
        "Tab",
        "Enter",
        "Space",
        "Backspace",
        "Delete",
        "Home",
        "End",
        "Page",
        "PgUp",
        "PgDn",
        "Down",
        "Language",
        "Switch",
        "English",
        "segmentation",
        "MIT",
        "Apache",
        "OFL",
        "Inter",
        "Noto",
        "Sans",
        "Phosphor",
        "CC0",
        "PNG",
        "JPEG",
        "TIFF",
        "BMP",
        "WebP",
        "png",
        "jpg",
    ];
    let is_word = |word: &&str| word.len() >= 3 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    spoken(bench)
        .into_iter()
        .filter(|label| {
            let words = label.split(|letter: char| !letter.is_ascii_alphanumeric()).collect::<Vec<_>>();
            words.iter().filter(|word| is_word(word)).any(|word| !names.contains(word))
        })
        .collect()
}

#[test]
fn the_switch_changes_the_words_at_once_and_back() {
    let mut bench = Bench::open(&[]);
    assert!(bench.shows("Outline") && !bench.shows("轮廓"));
    bench.click("Language (语言)");
    assert_eq!(bench.state().language, Language::SimplifiedChinese);
    assert!(bench.shows("轮廓") && !bench.shows("Outline"));
    bench.press_with(Modifiers::COMMAND, Key::L);
    assert!(bench.shows("Outline") && !bench.shows("轮廓"));
}

#[test]
fn only_a_choice_is_remembered_and_the_command_line_counts_for_one_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let started = |asked: Option<Language>, system: Language| {
        Bench::with_settings_and(&path, |options| {
            options.language = asked;
            options.system_language = system;
        })
    };
    let (english, chinese) = (Language::English, Language::SimplifiedChinese);
    assert_eq!(started(None, chinese).state().language, chinese);
    assert_eq!(started(Some(chinese), english).state().language, chinese);
    let mut bench = started(None, english);
    assert_eq!(bench.state().language, english, "nothing was chosen so far");
    bench.press_with(Modifiers::COMMAND, Key::L);
    drop(bench);
    assert_eq!(started(None, english).state().language, chinese);
    assert_eq!(started(Some(english), english).state().language, english);
    assert_eq!(started(None, english).state().language, chinese, "the choice stays");
}

#[test]
fn nothing_of_the_window_stays_english_in_chinese() {
    assert!(left_in_english(&Bench::open(&[])).len() > 40, "the search finds English where it is");
    let mut bench = Bench::open_with(chinese);
    for key in [Key::Num1, Key::Num3, Key::Num4, Key::Questionmark, Key::Escape] {
        bench.press(key);
        assert_eq!(left_in_english(&bench), Vec::<String>::new(), "after {key:?}");
    }
    bench.press_with(Modifiers::COMMAND, Key::I);
    assert!(bench.shows_part("不是医疗器械"));
}

#[test]
fn what_stands_there_already_follows_the_switch() {
    let folder = folder_of_phantoms(1);
    let broken = folder.path().join("病例 1 (痣).jpg");
    std::fs::write(&broken, "no photo").unwrap();
    let mut bench = Bench::open(&[&broken]);
    bench.send(Command::SaveMaskTo(folder.path().join("photo1.png")));
    bench.send(Command::Open(vec![folder.path().join("空 文件夹")]));
    let failure = |bench: &Bench| match &bench.state().current.phase {
        Phase::FileFailed(words) => words.said_in(bench.state().language),
        other => panic!("it cannot be opened: {other:?}"),
    };
    bench.send(Command::Open(vec![broken.clone()]));
    assert!(failure(&bench).starts_with("not a photograph") && failure(&bench).ends_with("病例 1 (痣).jpg"));
    bench.press(Key::Num4);
    assert!(bench.shows_part("The error view needs a reference mask"));
    bench.press_with(Modifiers::COMMAND, Key::L);
    assert!(failure(&bench).starts_with("不是照片") && failure(&bench).ends_with("病例 1 (痣).jpg"));
    assert!(bench.shows("无法打开此文件") && bench.shows("重试"));
    assert!(bench.shows_part("差异视图需要参考掩膜"), "the notice follows too");
    assert!(!bench.shows_part("The error view"));
}

#[test]
fn chinese_and_spaced_paths_are_opened_compared_and_saved() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("皮肤镜 照片（二〇二五年）");
    std::fs::create_dir(&folder).unwrap();
    for (source, name) in [
        ("phantom2.jpg", "色素痣 左臂 1.jpg"),
        ("phantom2_segmentation.png", "色素痣 左臂 1_segmentation.png"),
        ("phantom3.jpg", "黑素瘤 疑似 2.jpg"),
    ] {
        std::fs::copy(crate::common_window::phantom(source), folder.join(name)).unwrap();
    }
    let mut bench = Bench::open_with(|options| {
        chinese(options);
        options.paths = vec![folder.clone()];
    });
    assert_eq!(bench.name(), "色素痣 左臂 1.jpg");
    assert!(bench.state().current.derived.as_ref().unwrap().agreement.is_some(), "the mask beside it is found");
    let target = folder.join("结果 掩膜.png");
    bench.send(Command::SaveMaskTo(target.clone()));
    assert!(bench.notice().starts_with("已保存") && target.exists(), "{}", bench.notice());
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "黑素瘤 疑似 2.jpg");
}
