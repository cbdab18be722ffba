"""The page of the networks for retinal vessels, `models/vessels/README.md`, from their cards."""

import json
from pathlib import Path

from dermaloupe_recipe import vessel_networks, zoo_page
from dermaloupe_recipe.files import write_text


def read_cards(folder):
    """The cards of the networks in a folder, in the order of `vessel_networks.NETWORKS`."""
    cards = [json.loads(path.read_text()) for path in Path(folder).glob("*/card.json")]
    return sorted(cards, key=lambda card: list(vessel_networks.NETWORKS).index(card["name"]))


def render(cards):
    """The whole page; the second observer is a row of the test table."""
    observer = {"name": "second observer", "test": cards[0]["second_observer"]}
    return zoo_page.ENVIRONMENT.get_template("vessel_page.md.j2").render(cards=cards, tested=[*cards, observer])


def write(folder):
    """Writes the page of a folder that has cards."""
    write_text(Path(folder) / "README.md", render(read_cards(folder)))
