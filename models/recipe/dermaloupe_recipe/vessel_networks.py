"""The networks for retinal vessels by name: photographs 0..1 [N, 3, H, W] to logits [N, 1, H, W]."""

from dermaloupe_recipe import checkpoints
from dermaloupe_recipe.lightformer import VesselLightformer
from dermaloupe_recipe.m2unet import M2UNet
from dermaloupe_recipe.wnet import WNet

NETWORKS = {"m2unet": M2UNet, "wnet": WNet}
CANDIDATES = {"lightformer-vessels": VesselLightformer}  # trained by the same recipe, not shipped
# What the papers give: parameters, and the Dice of CHASE_DB1's test photographs.
PUBLISHED = {
    "m2unet": {"parameters": 549_748, "paper_dice": 0.8006},
    "wnet": {"parameters": 68_482, "paper_dice": 0.820},
}
DESCRIPTIONS = {
    "m2unet": {"title": "M2U-Net", "family": "M2U-Net",
               "description": "A MobileNetV2 encoder, and a decoder of bottlenecks narrower than their input.",
               "translations": {"zh-CN": {"description": "MobileNetV2 编码器，解码器由收缩瓶颈模块组成。"}}},
    "wnet": {"title": "W-Net", "family": "W-Net",
             "description": "Two small U-Nets in a row, of which the second corrects the first one's map.",
             "translations": {"zh-CN": {"description": "两个小型 U-Net 串联，后一个修正前一个的概率图。"}}},
}


def create(name):
    """A newly initialised network."""
    known = NETWORKS | CANDIDATES
    if name not in known:
        raise SystemExit(f"no network for vessels named '{name}'; there are: {', '.join(sorted(known))}")
    return known[name]()


def load_run(runs, name, device="cpu"):
    """A run's exported network in evaluation mode, and its checkpoint."""
    state = checkpoints.load(checkpoints.run_folder(runs, name) / "last.pt")
    network = create(state["config"]["network"])
    network.load_state_dict(state["ema"])
    return network.eval().to(device), state


def forward_maps(network, x):
    """The logits of all maps that are trained, the final ones last."""
    return network.forward_maps(x) if hasattr(network, "forward_maps") else [network(x)]
