"""The time for a large photograph: scaling, tiles by ONNX Runtime, blending, and the map at the photograph's size."""

import json
import resource
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dermaloupe_recipe import fundus, inference, vessel_networks, vessel_prediction
from dermaloupe_recipe.vessel_export import VESSELS


@dataclass
class Config:
    vessels: str = str(VESSELS)
    threads: int = 2
    runs: int = 5


def photograph(height=2336, width=3504):
    """A photograph of noise with a field of view like HRF's; the time does not depend on what it shows."""
    y, x = np.mgrid[:height, :width]
    inside = np.hypot(x - width / 2, y - height / 2) < 0.467 * width
    photo = np.random.default_rng(1).integers(60, 200, (height, width, 3), np.uint8)
    photo *= inside[..., None].astype(np.uint8)
    return fundus.Fundus("speed", "noise", photo, inside, inside)


def measure(config):
    """Prints each network's median time in seconds, the processor time, and the process's peak memory so far."""
    photo, found = photograph(), {}
    for name in vessel_networks.NETWORKS:
        folder = Path(config.vessels) / name
        card = json.loads((folder / "card.json").read_text())
        session = inference.create_session((folder / "model.onnx").read_bytes(), config.threads)
        walls, processor = [], []
        for _ in range(config.runs):
            wall, cpu = time.perf_counter(), time.process_time()
            vessel_prediction.predict(vessel_prediction.onnx_runner(session), photo, card["tiling"]["field_of_view_px"])
            walls.append(time.perf_counter() - wall)
            processor.append(time.process_time() - cpu)
        found[name] = statistics.median(walls)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: {found[name]:.2f} s, fastest {min(walls):.2f} s, "
              f"processor {statistics.median(processor):.2f} s, {config.threads} threads, {config.runs} runs, "
              f"peak memory so far {peak:.0f} MB", flush=True)
    return found
