"""Rebuilding the zoo: all networks with a finished run, the recommendation, models/README.md and its drawing.

After a failure a network's folder is as it was, and the other networks are still built.
"""

import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import torch

from dermaloupe_recipe import checkpoints, descriptions, recommendation, zoo_figure, zoo_page
from dermaloupe_recipe.cards import write_card
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.files import REPOSITORY, ZOO, write_text
from dermaloupe_recipe.network_build import STEPS, parse_names, rebuild
from dermaloupe_recipe.networks import NETWORKS


@dataclass
class Config:
    only: str = ""  # networks, separated by commas; empty: all with a finished run
    table_only: bool = False  # neither networks nor drawing, only the recommendation and the README
    skip: str = ""  # steps to leave out, of export, speed, distillation and rknn
    again: str = ""  # steps to repeat although nothing has changed
    zoo: str = str(ZOO)
    runs: str = ""  # folder of all runs, as given to train.py
    data: str = ""  # data folder, as given to train.py
    split: str = "test"  # the split whose metrics the cards show; val to look at unfinished runs
    algorithm: str = "auto"  # of the quantisation, as given to rknn_build.py
    program: str = str(REPOSITORY / "target" / "release" / "dermaloupe")  # measures speed
    bench_runs: int = 40  # measured runs per network
    machine: str = ""  # the machine's name on the cards; empty: its cores and processor


def reason_to_skip(config, name):
    """Why the network is skipped unless it is named by --only, None if its run is finished."""
    folder = checkpoints.run_folder(config.runs, name)
    if not (folder / "best.pt").is_file():
        return f"it has no checkpoint: {folder}"
    if not (folder / "last.pt").is_file():
        return None
    last = torch.load(folder / "last.pt", map_location="cpu", weights_only=True)
    done, total = last["epoch"], last["config"]["epochs"]
    return f"its run has done {done} of {total} epochs; --only {name} takes it as it is" if done < total else None


def rebuild_if_finished(config, name):
    if reason := reason_to_skip(config, name):
        print(f"{name}: skipped, {reason}")
    else:
        rebuild(config, name)


def write_page(zoo):
    """The recommendation on its card and on no other, then the README."""
    found = zoo_page.read_cards(zoo)
    name, why = recommendation.recommend(found) or (None, {})
    for card in found:
        card.pop("recommended", None)
        card.pop("translations", None)
        translations = descriptions.translations(card["name"])
        if card["name"] == name:
            card["recommended"] = why["en"]
            for language, words in translations.items():
                words["recommended"] = why[language]
        if translations:
            card["translations"] = translations
    text = zoo_page.render(found)
    for card in found:
        write_card(Path(zoo) / card["name"], card)
    write_text(zoo_page.page_of(zoo), text)
    print(f"recommended: {why.get('en', 'none, no card has INT8 figures')}")


def attempt(name, work):
    """Does the work; a failure is printed with the name, and False returned."""
    try:
        work()
        return True
    except (RecipeError, SystemExit) as problem:
        print(f"make_zoo.py: {name}: {problem}", file=sys.stderr)
    except Exception:  # whatever it is, the other networks can still be built
        print(f"make_zoo.py: {name}: {traceback.format_exc()}", file=sys.stderr)
    return False


def make(config):
    """Rebuilds what the config asks for; returns the names of what failed."""
    names = parse_names(config.only, NETWORKS, "network")
    for text in (config.skip, config.again):
        parse_names(text, STEPS, "step")
    failed = []
    if not config.table_only:
        work = rebuild if names else rebuild_if_finished
        failed = [name for name in names or NETWORKS if not attempt(name, lambda: work(config, name))]
    if not attempt("table", lambda: write_page(config.zoo)):
        failed.append("table")
    if not config.table_only and not attempt("drawing", lambda: zoo_figure.draw_masks(config.zoo, config.data)):
        failed.append("drawing")
    print(f"failed: {', '.join(failed)}" if failed else "all done")
    return failed
