"""The page on the light transformer, `models/lightformer.md`, from `designs.json`, by a template."""

import json
from pathlib import Path

from dermaloupe_recipe import zoo_page
from dermaloupe_recipe.files import RECIPE, write_text

TABLE, PAGE = RECIPE / "designs.json", RECIPE.parent / "lightformer.md"
SMALLER, FASTER = 0.75, 3.5  # than a plain transformer, by the work that the design follows
FILTERS = {
    "kb": zoo_page.shown(lambda size: f"{size / 1e3:,.0f}"), "whole": zoo_page.shown("{:.0f}".format),
    "hundredths": zoo_page.shown("{:.2f}".format), "times": zoo_page.shown("{:.2f} times".format),
    "less_than": zoo_page.shown(lambda a, b: f"{100 * (1 - a / b):.0f} %"),
}
zoo_page.ENVIRONMENT.filters.update(FILTERS)


def claims(light, plain):
    """Whether the work's claims hold, in words; nothing while the speed has not been measured."""
    if "millis" not in light or "millis" not in plain:
        return ""
    held = [1 - light["parameters"] / plain["parameters"] >= SMALLER,
            max(plain["millis"][threads] / light["millis"][threads] for threads in ("1", "2")) >= FASTER]
    return {(True, True): "both claims hold here.", (False, False): "neither claim holds here.",
            (True, False): "the first claim holds here, the second does not.",
            (False, True): "the second claim holds here, the first does not."}[tuple(held)]


def faster(figures, other):
    """How many times as fast as another network, with one thread; None while one of them has not been measured."""
    return other["millis"]["1"] / figures["millis"]["1"] if "millis" in figures and "millis" in other else None


def row(name, figures, networks):
    """What the page's tables show of a network."""
    frames = 1000 / figures["millis"]["2"] if "millis" in figures else None
    return {"name": name, **figures, "frames": frames, "than_plain": faster(figures, networks["plain-transformer"]),
            "than_unet": faster(figures, networks["standard-unet"])}


def render(table):
    """The page of the table that `compare_designs.py` wrote."""
    networks, finished = table["networks"], table.get("finished", {})
    light, plain = networks["lightformer"], networks["plain-transformer"]
    rows = [row(name, figures, networks) for name, figures in networks.items()]
    finished_rows = [{"name": split, "globalatt": finished["globalatt"][split], **finished[split]}
                     for split in ("val", "test") if split in finished]
    return zoo_page.ENVIRONMENT.get_template("designs_page.md.j2").render(
        table | {"rows": rows, "light": light, "plain": plain, "claims": claims(light, plain),
                 "finished_rows": finished_rows})


def write(table_path=TABLE, page=PAGE):
    write_text(page, render(json.loads(Path(table_path).read_text())))
