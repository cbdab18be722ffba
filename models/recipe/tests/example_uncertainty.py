"""Cards with the blocks of uncertainty, and a document like `uncertainty.json`, for tests."""

from example_cards import bare, full

ROW = {"n": 5012, "lesions": 3727, "mean_iou": 0.8416, "mean_iou_interval": [0.8377, 0.8456], "mean_dice": 0.9035,
       "pooled_iou": 0.8261, "below_0_65": 0.0994, "below_0_65_interval": [0.0911, 0.1083]}
BAND = {"n": 650, "border": 0.9067, "area": 0.9462, "median_inner_area": 0.7451, "median_outer_area": 1.5663}
AGREEMENT = {"n": 650, "pearson": 0.736, "spearman": 0.718, "mean_error_iou": 0.0712, "mean_error_dice": 0.0433,
             "failures": 71, "failures_in_worst_fifth": 0.7183}
GAIN = {"mean_iou": 0.8256, "gain": -0.0017, "interval": [-0.0031, 0.0004]}


def with_blocks(card):
    """The card with every block of uncertainty."""
    sets = ("val", "test", "ham10000")
    error = {"before": 0.00814, "after": 0.00182, "isotonic": 0.0016}
    return card | {
        "calibration": {"method": "temperature", "temperature": 1.1687, "fitted_on": "val",
                        "held_out_log_loss": {"none": 0.0959, "temperature": 0.0942, "isotonic": 0.0941},
                        "test_calibration_error": error, "test_calibration_error_doubtful": error},
        "band": {"share": 0.9, "fitted_on": "val", "outer_level": 0.01237, "inner_level": 0.97634}
        | {name: BAND for name in sets},
        "expected_agreement": {"model": "nested", "map": [128, 128], "threshold": 0.5, "fitted_on": "val",
                               "iou": [[0, 0], [0.72, 0.65], [0.95, 0.94]], "dice": [[0, 0], [0.8, 0.77], [0.97, 0.97]]}
        | {name: AGREEMENT for name in sets},
        "external": {"name": "HAM10000", "licence": "CC BY-NC 4.0", "use": "evaluation only; never trained on",
                     "overall": ROW,
                     "by": {"diagnosis": [ROW | {"group": "mel"}, ROW | {"group": "nv"}],
                            "age": [ROW | {"group": "0 to 9", "n": 7, "small": True}]},
                     "references": {"split": "test", "groups": [
                         ROW | {"group": "automatic", "n": 210, "mean_iou": 0.892},
                         ROW | {"group": "polygon", "n": 240, "mean_iou": 0.775}]}},
    }


def cards():
    """Two networks with every block; the second is the recommended one."""
    return [with_blocks(bare("malunet")), with_blocks(full())]


def document():
    reliability = {key: [[0.02, 0.01, 900], [0.5, 0.45, 40], [0.98, 0.97, 300]] for key in ("before", "after")}
    result = {"reliability": reliability, "deciles": [[0.6, 0.58], [0.9, 0.91]], "queue": [0.2, 0.4, 0.7, 0.8],
              "level": {"expected": {name: GAIN for name in ("val", "test", "ham10000")}, "fixed_level": 0.45,
                        "fixed": {name: GAIN for name in ("val", "test", "ham10000")},
                        "best_of_each": {name: {"level": 0.35, "test": -0.01, "ham10000": 0.009}
                                         for name in ("val", "test", "ham10000")}},
              "independent": {name: {"pearson": 0.734, "spearman": 0.729, "failures_in_worst_fifth": 0.7042,
                                     "level_gain": -0.001} for name in ("val", "test")}}
    curves = {key: [0, 0.5, 1] for key in ("expected", "four networks", "both", "ideal")}
    found = {key: [0.25, 0.47, 0.7183, 0.81] for key in ("expected", "four networks", "both")}
    return {
        "failure_below": 0.65, "networks": {"malunet": result, "narrow": result},
        "queue": {"network": "narrow", "n": 650, "failures": 71, "looked_at": [0.05, 0.1, 0.2, 0.3],
                  "shares": [0, 0.25, 0.5], "found": found,
                  "worst_fifth_interval": {key: [0.61, 0.82] for key in found}, "curves": curves,
                  "disagreement": {"networks": ["narrow", "malunet"], "queue": [0.2, 0.4, 0.7, 0.8],
                                   "every_four_in_worst_fifth": [0.69, 0.746, 0.831], "all": [0.3, 0.5, 0.76, 0.8]}},
        "careful": {"network": "narrow", "passes": 8, **{name: GAIN for name in ("val", "test", "ham10000")}},
        "people": {"network": "narrow", "several": ROW | {"n": 218, "mean_iou": 0.76}, "one": ROW | {"n": 432}},
    }
