//! What `report --pdf` promises to archives and to screen readers: PDF/A-2a, PDF/UA-1, tags, descriptions, and text that
//! can be taken out in order, in both languages.

use crate::common::Workplace;
use crate::report_pdf::{asked, text_of};

/// The words stand in the text in this order.
fn in_order(text: &str, words: &[&str]) {
    let mut rest = text;
    for word in words {
        let at = rest.find(word).unwrap_or_else(|| panic!("{word} is not after what stands before it in\n{text}"));
        rest = &rest[at + word.len()..];
    }
}

#[test]
fn the_file_can_be_archived_and_says_its_language_and_title() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    for (language, title) in [("en", "Report on lesion.jpg"), ("zh-CN", "lesion.jpg 的报告")] {
        place.run(&format!("report lesion.jpg --engine rten --language {language} --pdf page.pdf")).went_well();
        let path = place.path("page.pdf");
        let profile = asked("pdfinfo", &["-meta"], &path);
        let spoken = format!("<rdf:li>{language}</rdf:li>");
        let parts = ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", title, &spoken];
        for part in parts {
            assert!(profile.contains(part), "{part} is not in\n{profile}");
        }
        let info = asked("pdfinfo", &[], &path);
        assert!(info.contains("Tagged:          yes") && info.contains(title), "{info}");
        let objects = asked("qpdf", &["--json", "--json-key=qpdf"], &path);
        for entry in [&format!("\"/Lang\": \"u:{language}\""), "\"/DisplayDocTitle\": true"] {
            assert!(objects.contains(entry), "{entry} is not in\n{objects}");
        }
        asked("qpdf", &["--check"], &path);
    }
}

#[test]
fn the_text_is_taken_out_in_reading_order_in_both_languages() {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    place.phantom_mask("lesion_segmentation.png");
    let expected: [(&str, &[&str]); 2] = [
        (
            "en",
            &[
                "lesion.jpg",
                "Case",
                "Patient",
                "Whole photograph",
                "longest × perpendicular",
                "Agreement",
                "Dice ",
                "Network's outline",
                "Reference: les",
                "Longest diameter",
                "Sectors of the border, 1 to 8",
                "Size and shape",
                "Area ",
                " px²",
                "Perimeter ",
                "Border and colour asymmetry",
                "Colour asymmetry, major axis ",
                " ΔE",
                "Colours, share",
                "White ",
                " %",
                "Review",
                "Not reviewed",
                "Network",
                "SHA-256 ",
                "Photograph",
                "SHA-256 ",
                "Research use only",
            ],
        ),
        (
            "zh-CN",
            &[
                "lesion.jpg",
                "病例",
                "患者",
                "完整照片",
                "最长径 × 垂直径",
                "与参考掩膜的一致性",
                "Dice 系数 ",
                "模型勾画的轮廓",
                "参考掩膜：lesion",
                "最长径",
                "边界第 1 至 8 扇区",
                "大小与形态",
                "面积 ",
                " px²",
                "周长 ",
                "边界与颜色不对称",
                "颜色不对称性（长轴） ",
                " ΔE",
                "颜色（占皮损比例）",
                "白色 ",
                "%",
                "审阅",
                "未审阅",
                "模型",
                "SHA-256 ",
                "照片",
                "SHA-256 ",
                "仅供研究使用，非医疗器械：只描述特征，不作诊断。",
            ],
        ),
    ];
    for (language, words) in expected {
        place.run(&format!("report lesion.jpg --engine rten --language {language} --pdf page.pdf")).went_well();
        // As the page is drawn: what is selected with the mouse.
        let drawn = asked("pdftotext", &["-raw", "-enc", "UTF-8"], &place.path("page.pdf"));
        in_order(&drawn, words);
    }
}

#[test]
fn the_tags_are_headings_tables_and_figures_with_a_description() {
    let place = Workplace::new();
    place.phantom("a.jpg");
    place.phantom("b.jpg");
    place.phantom_mask("b_segmentation.png");
    place.run("report a.jpg b.jpg --engine rten --pdf both.pdf").went_well();
    let path = place.path("both.pdf");
    let tags = asked("pdfinfo", &["-struct-text"], &path);
    let count = |tag: &str| tags.lines().filter(|line| line.trim_start().starts_with(tag)).count();
    assert_eq!((count("Art"), count("H1"), count("Figure")), (2, 2, 4), "{tags}");
    // Agreement, expected of the first and measured of the second; shape, border, colours, and what made it.
    assert_eq!((count("H2"), count("Table")), (10, 10), "{tags}");
    assert_eq!(count("TR"), count("TH"), "{tags}");
    assert_eq!(count("TR"), count("TD"), "{tags}");
    in_order(
        &tags,
        &[
            "H1",
            "\"a.jpg\"",
            "Figure",
            "H2",
            "\"Expected agreement\"",
            "Figure",
            "H2",
            "\"Size and shape\"",
            "Table",
            "TR",
            "TH",
            "\"Area\"",
            "TD",
            "px²",
            "H1",
            "\"b.jpg\"",
            "\"Agreement with the reference\"",
            "\"Size and shape\"",
            "\"Research use only",
        ],
    );
    let objects = asked("qpdf", &["--json", "--json-key=qpdf"], &path);
    for described in [
        "Photograph a.jpg",
        "The lesion enlarged: Network's outline",
        "The lesion enlarged: Network's outline; Reference: b_segmentation.png",
    ] {
        assert!(objects.contains(&format!("\"/Alt\": \"u:{described}\"")), "no {described} in\n{objects}");
    }
}

#[test]
fn a_name_in_letters_that_no_font_has_is_marked_and_keeps_its_text() {
    let place = Workplace::new();
    let name = "mole 😀 \u{E000} \u{1} left.jpg";
    place.phantom(name);
    place.run_words(&["report", name, "--engine", "rten", "--pdf", "page.pdf"]).went_well();
    let path = place.path("page.pdf");
    asked("qpdf", &["--check"], &path);
    let text = text_of(&path);
    assert!(text.contains("mole 😀 \u{FFFD}") && text.contains("left.jpg"), "{text}");
}
