"""Why a network is recommended: a sentence in each of the program's languages."""

from dataclasses import dataclass

NEAR = 0.005  # how far below the best INT8 pooled_iou a network may lie and still be recommended for its speed


@dataclass
class Choice:
    """What decided. Figures are as they are shown."""

    of: int  # networks with INT8 figures
    count: int  # those of them that are near the best, wholly on the NPU where there are any
    is_wholly: bool  # whether these run on the NPU alone
    own: tuple  # (name, INT8 pooled_iou) of the network to take
    best: tuple  # and of the most accurate one
    cycles: str = ""  # estimated cycles, where they decided
    macs: str = ""  # MACs, where they did


def english(choice):
    own = f"{choice.own[0]} ({choice.own[1]})"
    bar = f"within {NEAR} of the best INT8 pooled_iou ({choice.best[1]}, {choice.best[0]})"
    if choice.of == 1:
        return f"It is the only network with INT8 figures: {own}."
    if choice.count == 1:
        wholly = "runs on the NPU alone and " if choice.is_wholly else ""
        return f"Of {choice.of} networks only {own} {wholly}lies {bar}."
    grounds = [f"the fewest estimated NPU cycles ({choice.cycles})"] if choice.cycles else []
    if choice.macs:
        grounds.append(f"the fewest MACs ({choice.macs})")
    wholly = "run on the NPU alone and " if choice.is_wholly else ""
    least = " and, of those with as few, ".join(grounds)
    return f"Of {choice.of} networks {choice.count} {wholly}lie {bar}; of these {own} needs {least}."


def chinese(choice):
    own = f"{choice.own[0]}（{choice.own[1]}）"
    bar = f"INT8 pooled_iou 与最佳值（{choice.best[1]}，{choice.best[0]}）相差不超过 {NEAR}"
    wholly = "可完全在 NPU 上运行，且 " if choice.is_wholly else " "
    if choice.of == 1:
        return f"只有该模型有 INT8 结果：{own}。"
    if choice.count == 1:
        return f"{choice.of} 个模型中，只有 {own}{wholly}{bar}。"
    grounds = [f"估计所需的 NPU 周期最少（{choice.cycles}）"] if choice.cycles else []
    if choice.macs:
        grounds.append(f"{'周期相同者中' if grounds else ''}乘加运算最少（{choice.macs}）")
    return f"{choice.of} 个模型中有 {choice.count} 个{wholly}{bar}；其中 {own}{'，'.join(grounds)}。"


LANGUAGES = {"en": english, "zh-CN": chinese}


def reasons(choice):
    """The sentence by the language's tag."""
    return {tag: say(choice) for tag, say in LANGUAGES.items()}
