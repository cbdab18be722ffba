"""The zoo's page, `models/README.md`, from the cards in `models/zoo` and `ablation.json`, by the templates beside it.

The same cards give the same text. What a card does not have is shown as a dash.
"""

import json
from pathlib import Path

import jinja2

from dermaloupe_recipe import uncertainty_page
from dermaloupe_recipe.cards import artefact, get
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import RECIPE, ZOO
from dermaloupe_recipe.networks import NETWORKS
from dermaloupe_recipe.recommendation import NEAR, millions

ABLATION = RECIPE / "ablation.json"
NONE = "–"
POSITIONS = (0, 52, 147)  # of the photographs that the drawing shows, in id order, as in the reference work's Figure 5
DRAWING = "masks-{}.png".format("-".join(map(str, POSITIONS)))


class PageError(RecipeError):
    """The cards do not fit on one page; the message says which and why."""


def read_cards(zoo=ZOO):
    """The cards of all networks in the folder, in the order of NETWORKS, then by name."""
    cards = [json.loads(path.read_text()) for path in Path(zoo).glob("*/card.json")]
    if not cards:
        raise PageError(f"no card.json in any folder: {zoo}")
    order = {name: i for i, name in enumerate(NETWORKS)}
    return sorted(cards, key=lambda card: (order.get(card["name"], len(order)), card["name"]))


def evaluated_on(cards):
    """(split, number of photographs) of all metrics; a PageError if cards differ, whose metrics are not comparable."""
    found = {}
    for card in cards:
        for block in (get(card, "test"), get(card, "centre_crop"), get(card, "int8", "test")):
            if block:
                found.setdefault((block["split"], block["n"]), card["name"])
    if len(found) > 1:
        words = ", ".join(f"{name} on {n} of split '{split}'" for (split, n), name in found.items())
        raise PageError(f"the cards' figures were not measured on the same photographs ({words}); make them again")
    return next(iter(found))


def shown(function):
    """A filter that shows a missing value as a dash, and a minus sign as one."""
    def show(value, *others):
        if any(x is None or jinja2.is_undefined(x) for x in (value, *others)):
            return NONE
        return function(value, *others).replace("-", "−")

    return show


def kilobytes(card, format_):
    found = artefact(card, format_)
    return f"{found['bytes'] / 1e3:,.0f}" if found else NONE


FILTERS = {
    "metric": shown("{:.4f}".format), "thousands": shown("{:,}".format), "tenths": shown("{:.1f}".format),
    "signed": shown("{:+.4f}".format), "millions": shown(millions),
    "millis": shown(lambda seconds: f"{1000 * seconds:.0f}"),
    "interval": shown(lambda limits: "{:.1f} to {:.1f}".format(*limits)),
    "size": shown(lambda items: str(len(items))),
    "percent_more_than": shown(lambda a, b: f"{100 * (a - b) / b:+.1f} %"),
    "difference": shown(lambda a, b: f"{a - b:+.4f}"),
    "kilobytes": kilobytes,
    **{name: shown(form) for name, form in uncertainty_page.FORMATS.items()},
    "reference": uncertainty_page.reference,
    "name": lambda card: f"**{card['name']}**" if get(card, "recommended") else card["name"],
}


def table(items, columns, **context):
    """A Markdown table with a row per item: {heading: Jinja expression of the item's keys, `card`, and `context`}.

    A column is right-aligned unless its heading begins with '<'; blanks around a heading make it unique.
    """
    lines = [[heading.strip("< ") for heading in columns],
             ["---" if heading.startswith("<") else "--:" for heading in columns]]
    cells = [ENVIRONMENT.compile_expression(expression) for expression in columns.values()]
    lines += [[str(cell(item, card=item, **context) or NONE) for cell in cells] for item in items]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    undefined=jinja2.ChainableUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
)
ENVIRONMENT.filters.update(FILTERS)
ENVIRONMENT.globals["table"] = table


def read_json(path):
    return json.loads(path.read_text()) if path.is_file() else None


def render(cards, ablation=ABLATION, uncertainty=uncertainty_page.UNCERTAINTY):
    """The whole of models/README.md; cards without figures of uncertainty give a page without that section."""
    split, n = evaluated_on(cards)
    document = read_json(uncertainty)
    is_measured = uncertainty_page.has_uncertainty(cards, document)
    return ENVIRONMENT.get_template("zoo_page.md.j2").render(
        cards=cards, split=split, n=n, near=NEAR, drawing=DRAWING, positions=POSITIONS,
        toolkits=sorted({get(card, "int8", "toolkit") for card in cards} - {None}),
        calibrations=sorted({get(card, "int8", "calibration_photos") for card in cards} - {None}),
        ablation=read_json(ablation), **(uncertainty_page.context(cards, document) if is_measured else {}),
    )


def page_of(zoo):
    """Where the page of a zoo is."""
    return Path(zoo).parent / "README.md"
