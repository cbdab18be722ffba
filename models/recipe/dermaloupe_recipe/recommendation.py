"""The recommended network, and why, in a sentence in each of the program's languages."""

import re

import jinja2

from dermaloupe_recipe.cards import get

NEAR = 0.005  # how far below the best INT8 pooled_iou a network may be and still be recommended for its speed

SENTENCES = {
    "en": """
{% set bar = "within %s of the best INT8 pooled_iou (%s, %s)" % (near, best_iou, best) %}
{% set own = "%s (%s)" % (name, iou) %}
{% if total == 1 %}
It is the only network with INT8 figures: {{ own }}.
{% elif count == 1 %}
Of {{ total }} networks only {{ own }} {{ "runs on the NPU alone and " if on_npu }}lies {{ bar }}.
{% else %}
Of {{ total }} networks {{ count }} {{ "run on the NPU alone and " if on_npu }}lie {{ bar }}; of these {{ own }} needs
{{ " the fewest estimated NPU cycles (%s)" % cycles if cycles }}
{{ " and, of those with as few," if cycles and macs }}
{{ " the fewest MACs (%s)" % macs if macs }}
.
{% endif %}
""",
    "zh-CN": """
{% set bar = "INT8 pooled_iou 与最佳值（%s，%s）相差不超过 %s" % (best_iou, best, near) %}
{% set own = "%s（%s）" % (name, iou) %}
{% set on_npu = "可完全在 NPU 上运行，且 " if on_npu else " " %}
{% if total == 1 %}
只有该模型有 INT8 结果：{{ own }}。
{% elif count == 1 %}
{{ total }} 个模型中，只有 {{ own }}{{ on_npu }}{{ bar }}。
{% else %}
{{ total }} 个模型中有 {{ count }} 个{{ on_npu }}{{ bar }}；其中 {{ own }}
{{ "估计所需的 NPU 周期最少（%s）" % cycles if cycles }}
{{ "，周期相同者中" if cycles and macs }}
{{ "乘加运算最少（%s）" % macs if macs }}
。
{% endif %}
""",
}


def millions(value):
    return f"{value / 1e6:.2f} M"


def sentences(**facts):
    """{language: why the network is recommended}; a template's lines are joined."""
    environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)
    return {language: re.sub(r"\n", "", environment.from_string(template).render(facts))
            for language, template in SENTENCES.items()}


def estimated_cycles(card):
    """Infinity if there is no estimate."""
    return get(card, "npu", "estimated_cycles") or float("inf")


def recommend(cards):
    """(name, {language: why}) of the network to take, or None if no card has INT8 metrics.

    Of the networks near the best INT8 pooled_iou, those wholly on the NPU if there are any: the fewest estimated
    cycles, then the fewest MACs, then the first in the order of the table.
    """
    iou = {card["name"]: get(card, "int8", "test", "pooled_iou") for card in cards}
    measured = [card for card in cards if iou[card["name"]] is not None]
    if not measured:
        return None
    best = max(measured, key=lambda card: iou[card["name"]])
    near = [card for card in measured if iou[best["name"]] - iou[card["name"]] <= NEAR + 1e-9]
    on_npu = [card for card in near if get(card, "npu", "cpu_layers") == []]  # estimates leave out the CPU's time
    candidates = on_npu or near
    chosen = min(candidates, key=lambda card: (estimated_cycles(card), card["macs"]))
    cycles = estimated_cycles(chosen)
    is_estimated = cycles < float("inf")
    is_unique = sum(estimated_cycles(card) == cycles for card in candidates) == 1
    return chosen["name"], sentences(
        total=len(measured), count=len(candidates), on_npu=bool(on_npu), near=NEAR,
        name=chosen["name"], iou=f"{iou[chosen['name']]:.4f}", best=best["name"], best_iou=f"{iou[best['name']]:.4f}",
        cycles=millions(cycles) if is_estimated else "",
        macs="" if is_estimated and is_unique else millions(chosen["macs"]),
    )
