"""Tests of the recommended network and of the sentences that say why."""

from example_cards import bare, quantised

from dermaloupe_recipe import cards, recommendation, zoo, zoo_page


def test_the_fewest_cycles_near_the_best_are_recommended():
    cards = [quantised("malunet", 0.82, 3_000_000), quantised("small", 0.8149, 500_000),
             quantised("narrow", 0.815, 1_480_000), quantised("mobile", 0.819, 2_000_000)]
    name, reason = recommendation.recommend(cards)
    assert name == "narrow", "0.8150 is just within 0.005 of 0.8200, 0.8149 is not"
    assert reason["en"] == (
        "Of 4 networks 3 run on the NPU alone and lie within 0.005 of the best INT8 pooled_iou (0.8200, malunet); "
        "of these narrow (0.8150) needs the fewest estimated NPU cycles (1.48 M)."
    )
    assert reason["zh-CN"] == (
        "4 个模型中有 3 个可完全在 NPU 上运行，且 INT8 pooled_iou 与最佳值（0.8200，malunet）相差不超过 0.005；"
        "其中 narrow（0.8150）估计所需的 NPU 周期最少（1.48 M）。"
    )


def test_of_equal_cycles_the_fewest_macs_are_recommended_and_then_the_first():
    cards = [quantised("malunet", 0.82, macs=9_000_000), quantised("small", 0.82, macs=8_000_000),
             quantised("narrow", 0.82, macs=8_000_000)]
    name, reason = recommendation.recommend(cards)
    assert name == "small"
    reasons = "the fewest estimated NPU cycles (1.48 M) and, of those with as few, the fewest MACs (8.00 M)"
    assert reasons in reason["en"]


def test_networks_without_int8_figures_are_not_recommended():
    name, reason = recommendation.recommend([bare("malunet"), quantised("narrow", 0.5)])
    assert (name, reason["en"]) == ("narrow", "It is the only network with INT8 figures: narrow (0.5000).")
    assert recommendation.recommend([bare("malunet"), bare("small")]) is None


def test_the_only_network_near_the_best_is_recommended_although_another_is_faster():
    name, reason = recommendation.recommend([quantised("malunet", 0.82, 3_000_000), quantised("narrow", 0.81)])
    assert name == "malunet"
    assert reason["en"] == (
        "Of 2 networks only malunet (0.8200) runs on the NPU alone and lies within 0.005 of the best INT8 pooled_iou "
        "(0.8200, malunet)."
    )


def test_a_network_with_layers_on_the_cpu_is_not_preferred_for_its_estimate():
    cards = [quantised("malunet", 0.82, 100, cpu_layers=["Div_3"]), quantised("narrow", 0.82, 200)]
    assert recommendation.recommend(cards)[0] == "narrow"
    assert recommendation.recommend(cards[:1])[0] == "malunet", "unless there is no other"


def test_without_estimates_macs_decide():
    cards = [quantised("malunet", 0.82, macs=9), quantised("narrow", 0.82, macs=8_000_000_000)]
    for card in cards:
        del card["npu"]
    name, reason = recommendation.recommend(cards)
    assert name == "malunet" and "needs the fewest MACs (0.00 M)" in reason["en"] and "NPU" not in reason["en"]


def test_the_recommendation_is_on_one_card_only(tmp_path):
    cards.write_card(tmp_path / "zoo" / "malunet", quantised("malunet", 0.82, 9_000_000, recommended="Once."))
    cards.write_card(tmp_path / "zoo" / "narrow", quantised("narrow", 0.82))
    zoo.write_page(tmp_path / "zoo")
    malunet, narrow = zoo_page.read_cards(tmp_path / "zoo")
    assert "recommended" not in malunet and narrow["recommended"].startswith("Of 2 networks 2 run")
    teacher, student = malunet["translations"]["zh-CN"], narrow["translations"]["zh-CN"]
    assert "recommended" not in teacher and "教师" in teacher["description"]
    assert student["recommended"].startswith("2 个模型中有 2 个")
    assert (tmp_path / "README.md").read_text() == zoo_page.render([malunet, narrow])
