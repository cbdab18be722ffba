"""How sure the networks are, on the zoo's page: the context of its template, from cards and `uncertainty.json`."""

from collections import Counter

from dermaloupe_recipe.cards import get
from dermaloupe_recipe.files import RECIPE

UNCERTAINTY = RECIPE / "uncertainty.json"
ORDERS = {"expected": "lowest expected agreement", "four networks": "least agreement of four networks",
          "both": "lowest sum of both", "random": "random order"}
DIAGNOSES = {"akiec": "actinic keratosis, Bowen", "bcc": "basal cell carcinoma", "bkl": "benign keratosis",
             "df": "dermatofibroma", "mel": "melanoma", "nv": "melanocytic naevus", "vasc": "vascular"}
WEAKEST = 6  # groups that the page names
SETS = {"val": "val", "test": "test", "ham10000": "HAM10000"}


def gain(value):
    """A gain with its interval, both signed."""
    low, high = value["interval"]
    return f"{value['gain']:+.4f} ({low:+.3f} to {high:+.3f})"


def reference(card, made):
    """The mean IoU of a card's network with the references that were made in this way."""
    rows = get(card, "external", "references", "groups") or []
    return next((f"{row['mean_iou']:.4f}" for row in rows if row["group"] == made), "")


FORMATS = {
    "percent": lambda share: f"{100 * share:.1f} %", "hundredths": "{:.2f}".format, "thousandths": "{:.3f}".format,
    "percents": lambda limits: "{:.1f} to {:.1f} %".format(*(100 * share for share in limits)),
    "limits": lambda limits: "{:.4f} to {:.4f}".format(*limits), "gain": gain,
}


def has_uncertainty(cards, document):
    """Whether every network was measured, and the one that the section is about on HAM10000 too."""
    if document is None or not all(card["name"] in document["networks"] and "band" in card for card in cards):
        return False
    return any(card["name"] == document["queue"]["network"] and get(card, "external", "overall") for card in cards)


def order_rows(queue):
    for key, words in ORDERS.items():
        found = queue["found"].get(key, queue["looked_at"])  # a random order finds as many as it looks at
        yield {"words": words, "found": found, "interval": queue["worst_fifth_interval"].get(key)}


def decile_rows(deciles):
    for place, (expected, found) in enumerate(deciles):
        words = {0: "the lowest", len(deciles) - 1: "the highest"}.get(place, f"{place + 1}")
        yield {"words": words, "expected": expected, "found": found}


def careful_rows(careful):
    for key, words in SETS.items():
        row = careful.get(key)
        yield {"words": words} if row is None else row | {"words": words, "before": row["mean_iou"] - row["gain"]}


def group_rows(external):
    for attribute, rows in external["by"].items():
        for place, row in enumerate(rows):
            count = f"{row['n']:,}" + (" *" if row.get("small") else "")
            yield row | {"words": attribute if place == 0 else " ", "count": count, "group": group_name(row)}


def group_name(row):
    return DIAGNOSES.get(row["group"], row["group"])


def weakest(external):
    """The groups of enough photographs with the lowest mean IoU, in words."""
    rows = [row for rows in external["by"].values() for row in rows if not row.get("small")]
    rows.sort(key=lambda row: row["mean_iou"])
    return ", ".join(f"{group_name(row)} {row['mean_iou']:.3f}" for row in rows[:WEAKEST])


def gaining(results, name):
    """How many networks the level of the highest expected IoU helps on a set, such as '9 of 10'."""
    rows = [result["level"]["expected"][name] for result in results.values() if name in result["level"]["expected"]]
    return f"{sum(row['gain'] > 0 for row in rows)} of {len(rows)}"


def method_words(cards):
    """Such as 'temperature for 9, isotonic for 1'."""
    counts = Counter(card["calibration"]["method"] for card in cards)
    return ", ".join(f"{method} for {count}" for method, count in counts.most_common())


def context(cards, document):
    """What the template needs beyond the cards; the card of the recommended network is `sure`."""
    queue = document["queue"]
    sure = next(card for card in cards if card["name"] == queue["network"])
    tools = sure["external"]["references"]["groups"]
    results = document["networks"]
    return {
        "uncertainty": document, "results": results, "queue": queue, "sure": sure, "people": document["people"],
        "orders": list(order_rows(queue)), "deciles": list(decile_rows(results[sure["name"]]["deciles"])),
        "careful_sets": [key for key in SETS if key in document["careful"]],
        "careful": list(careful_rows(document["careful"])), "groups": list(group_rows(sure["external"])),
        "references": [f"{row['group']} {row['n']}" for row in tools], "methods": method_words(cards),
        "unmeasured": [card["name"] for card in cards if not get(card, "external", "overall")],
        "weakest": weakest(sure["external"]), "gaining": {name: gaining(results, name) for name in SETS},
        "independent": results[sure["name"]]["independent"],
    }
