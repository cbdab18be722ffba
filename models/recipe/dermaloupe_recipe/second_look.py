"""A second look at small lesions: is the network more accurate on a crop around the lesion that it found at first?

Where the first look finds a lesion under a share of the photograph, the network sees a square around it again, and the
map of that square replaces the first. The share and the margin are chosen on the first of the sets; on the others they
are only measured. A photograph's pixels are those of its file, so what a crop shows beyond the first look depends on
it: 256x256 in val and test, 200x150 in HAM10000, 512x512 in the crops of ISIC 2018, and all there is in the originals.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

from dermaloupe_recipe import cards, data, evaluation, evaluation_sets, inference, map_cache
from dermaloupe_recipe.files import ZOO
from dermaloupe_recipe.group_figures import figures
from dermaloupe_recipe.level_counts import iou_of
from dermaloupe_recipe.uncertainty import difference

SMALLEST = 0.2  # the share of a set's photographs whose lesions are called the smallest
LEVEL = 0.5
TITLES = {"ham10000": "HAM10000"}  # of sets, on a card


@dataclass
class Config:
    network: str = "globalatt"
    sets: str = "val,ham10000,isic2018-val,originals"  # the first chooses; the others are only measured
    shares: str = "0.02,0.04,0.06,0.1,0.15,0.2"  # of the photograph's area, below which there is a second look
    margins: str = "0.25,0.5,1,1.5,2"  # around the lesion found, as a share of its longer side
    maps: str = ""  # folder of the first look's maps, as given to predict_maps.py
    zoo: str = str(ZOO)
    data: str = ""  # data folder, as given to train.py
    card: bool = False  # write what was chosen, and what it gained on each set, to the network's card


@dataclass
class Looks:
    """What both looks found in the photographs of one set."""

    lesions: list
    found: np.ndarray  # share of the photograph that the first look marks; 0: nothing, so no second look
    true: np.ndarray  # share that the reference marks
    first: np.ndarray  # confusion counts [N, 4]
    second: dict = field(default_factory=dict)  # {margin: counts [N, 4]}, as the first where there was no second look

    def with_second(self, margin, share):
        """The counts with a second look at the photographs below a share, and which these are."""
        looked = (self.found > 0) & (self.found < share)
        return np.where(looked[:, None], self.second[margin], self.first), looked

    @property
    def smallest(self):
        """Which photographs have the smallest lesions by the reference."""
        chosen = np.zeros(len(self.true), bool)
        chosen[np.argsort(self.true, kind="stable")[: round(SMALLEST * len(self.true))]] = True
        return chosen


def box_of(mask):
    """(top, left, bottom, right) of the largest region of a mask."""
    regions, count = ndimage.label(mask)
    sizes = np.bincount(regions.ravel(), minlength=count + 1)[1:]
    rows, columns = ndimage.find_objects(regions)[int(sizes.argmax())]
    return rows.start, columns.start, rows.stop, columns.stop


def square_around(box, margin, size):
    """The square around a box with a margin, moved and, where it must be, cut to lie within `size` (height, width)."""
    top, left, bottom, right = box
    side = round(max(bottom - top, right - left) * (1 + 2 * margin))
    found = []
    for low, high, most in ((top, bottom, size[0]), (left, right, size[1])):
        length = min(side, most)
        start = min(max(round((low + high - length) / 2), 0), most - length)
        found.append((start, start + length))
    (top, bottom), (left, right) = found
    return top, left, bottom, right


def crop_of(image, box, size, side=data.IMAGE_SIZE):
    """The pixels of a box given in pixels of `size`, as the network sees them: uint8 [3, side, side]."""
    across, down = image.width / size[1], image.height / size[0]
    top, left, bottom, right = box
    cut = image.resize((side, side), Image.Resampling.BILINEAR,
                       box=(left * across, top * down, right * across, bottom * down))
    return torch.tensor(np.asarray(cut)).permute(2, 0, 1)


def looked_again(session, image, first, margin):
    """The map with the second look's in the square around the lesion that the first look found."""
    box = square_around(box_of(first >= LEVEL), margin, first.shape)
    top, left, bottom, right = box
    pixels = inference.predict_onnx(session, [crop_of(image, box, first.shape)])
    second = first.copy()
    second[top:bottom, left:right] = inference.at_photo_size(pixels, (bottom - top, right - left))[0]
    return second


def look(config, session, photographs, margins, share):
    """Both looks at a set; the second at every photograph below `share`, once a margin."""
    logits = map_cache.logits_of(config.zoo, config.network, photographs, config.maps)
    found, true, first, second = [], [], [], {margin: [] for margin in margins}
    for pixels, mask, image in zip(logits, photographs.masks(), photographs.images()):
        one = map_cache.at_size(pixels, mask.shape)
        found.append((one >= LEVEL).mean())
        true.append(mask.mean())
        first.append(evaluation.confusion(one >= LEVEL, mask))
        for margin in margins:
            two = looked_again(session, image, one, margin) if 0 < found[-1] < share else one
            second[margin].append(evaluation.confusion(two >= LEVEL, mask))
    return Looks([row["lesion"] for row in photographs.rows], np.array(found), np.array(true), np.array(first),
                 {margin: np.array(counts) for margin, counts in second.items()})


def gain(looks, margin, share, chosen):
    """What the second look gains in mean_iou among the chosen photographs, and how many of them got one."""
    counts, looked = looks.with_second(margin, share)
    lesions = [lesion for lesion, is_chosen in zip(looks.lesions, chosen) if is_chosen]
    return {"looked": int(looked[chosen].sum())} | difference(
        iou_of(counts[chosen]), iou_of(looks.first[chosen]), lesions)


def choose(looks, shares):
    """(margin, share) with the highest mean_iou of all photographs; of equals the first."""
    every = np.ones(len(looks.true), bool)
    return max(((margin, share) for margin in looks.second for share in shares),
               key=lambda pair: gain(looks, *pair, every)["mean_iou"])


def row(name, looks, margin, share):
    """A row of the table in Markdown."""
    every, counts = np.ones(len(looks.true), bool), looks.with_second(margin, share)[0]
    pooled = figures(counts, looks.lesions)["pooled_iou"] - figures(looks.first, looks.lesions)["pooled_iou"]
    cells = [name, f"{margin:g}", f"{share:.0%}", f"{gain(looks, margin, share, every)['looked']} of {len(every)}"]
    for chosen in (every, looks.smallest):
        found = gain(looks, margin, share, chosen)
        low, high = found["interval"]
        cells.append(f"{found['mean_iou']:.4f} ({found['gain']:+.4f}, {low:+.4f} to {high:+.4f})")
    return f"| {' | '.join(cells)} | {pooled:+.4f} |"


def gained(name, looks, margin, share):
    """A set's part of the card."""
    every = np.ones(len(looks.true), bool)
    found, smallest = gain(looks, margin, share, every), gain(looks, margin, share, looks.smallest)
    return {"photographs": TITLES.get(name, name), "n": len(every), "looked_again": found["looked"],
            "mean_iou_gain": round(found["gain"], 4),
            "interval": [round(end, 4) for end in found["interval"]],
            "smallest_fifth_gain": round(smallest["gain"], 4)}


def numbers(words):
    return [float(word) for word in words.split(",") if word.strip()]


def measure(config):
    """Prints the table: on the first set every margin and share, on the others the pair chosen there."""
    torch.set_num_threads(1)
    root, shares, margins = data.data_root(config.data), numbers(config.shares), numbers(config.margins)
    session = inference.create_session(map_cache.load_network(config.zoo, config.network)[0])
    print("| photographs | margin | below | second look | mean_iou (gain, 95 % interval) | of the smallest fifth | "
          "pooled_iou |\n|---|--:|--:|--:|--:|--:|--:|", flush=True)
    chosen, measured = None, []
    for name in filter(None, config.sets.split(",")):
        looks = look(config, session, evaluation_sets.read(root, name), margins, max(shares))
        if chosen is None:
            for margin in margins:
                for share in shares:
                    print(row(name, looks, margin, share), flush=True)
            chosen = choose(looks, shares)
            margins = [chosen[0]]
            print(f"chosen on {name}: margin {chosen[0]:g}, below {chosen[1]:.0%}", flush=True)
        else:
            print(row(name, looks, *chosen), flush=True)
        measured.append(gained(name, looks, *chosen))
    if config.card:
        folder = Path(config.zoo) / config.network
        block = {"below_share": chosen[1], "margin": chosen[0], "measured": measured}
        cards.write_card(folder, cards.read_card(folder) | {"second_look": block})
    return chosen
