"""Figures of networks for vessels: the test photographs, cross-validation, DRIVE, and the second human observer."""

from dermaloupe_recipe import fundus, vessel_metrics, vessel_networks, vessel_prediction, vessel_selection


def evaluate(run, photos, diameter, threshold):
    """The mean metrics of photographs, in tiles, at their own size and inside the field of view."""
    return vessel_metrics.mean([
        vessel_metrics.photo_metrics(vessel_prediction.predict(run, photo, diameter), photo, threshold)
        for photo in photos
    ])


def second_observer(photos):
    """The mean metrics of the second observer's vessels against the first's."""
    return vessel_metrics.mean([
        vessel_metrics.mask_metrics(photo.second, photo.vessels, photo.field_of_view) for photo in photos
    ])


def cross_validate(root, runs, name, diameter, threshold):
    """{set: mean metrics} of every photograph by the fold's run that was not trained on it."""
    rows = {}
    for fold in range(fundus.FOLDS):
        network, _ = vessel_networks.load_run(runs, f"{name}-f{fold}")
        run = vessel_prediction.torch_runner(network)
        for photo in vessel_selection.left_out(root, fold):
            found = vessel_prediction.predict(run, photo, diameter)
            rows.setdefault(photo.set, []).append(vessel_metrics.photo_metrics(found, photo, threshold))
    return {set_name: vessel_metrics.mean(found) for set_name, found in rows.items()}
