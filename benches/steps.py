#!/usr/bin/env python3
"""What each step before and after the network is worth: `dermaloupe evaluate` over all of them, as a table in Markdown.

    benches/steps.py PROGRAM DATA [--set val|test|ham10000] [--networks globalatt,small] [--chains 'clahe/;/crf']

PROGRAM is the built dermaloupe, DATA the folder with isic2017 and ham10000. A chain is BEFORE/AFTER as --before and
--after take them; without --chains each step alone, with its usual figures, and some chains are measured.
"""
import argparse
import json
import pathlib
import subprocess

CHAINS = [
    "grey-world/", "normalise/", "window/", "nlm/", "nlm:10/", "clahe/", "clahe:1/", "grey-world,clahe/",
    "/crf", "/crf:10", "/open", "/close", "/fill", "/largest", "/lesion", "/open,close", "/fill,largest",
    "/crf,lesion", "/crf,open,largest,fill",
]  # fmt: skip


def evaluated(program, data, name, network, chain):
    """The figures of one network with one chain."""
    before, after = chain.split("/")
    folder = data / ("ham10000" if name == "ham10000" else "isic2017")
    words = [program, "evaluate", "--images", folder / "images", "--masks", folder / "masks", "--model", network]
    words += ["--network-only", "--at-once", "1", "--json"]
    if name != "ham10000":
        words += ["--list", folder / "splits.csv", "--split", name]
    words += ["--before", before] if before else []
    words += ["--after", after] if after else []
    run = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def row(found, plain):
    """The figures as cells: how much each differs from those without steps."""
    millis = {stage: times["p50"] for stage, times in found["millis"].items()}
    steps = millis["preprocess"] + millis["postprocess"]
    if plain is None:
        own = [f"{found['pooled_iou']:.4f}", f"{found['mean_iou']:.4f}", f"{found['surface']['mean_hd95_px']:.2f}"]
        return [*own, f"{steps:.1f}"]
    before = sum(plain["millis"][stage]["p50"] for stage in ("preprocess", "postprocess"))
    hd95 = found["surface"]["mean_hd95_px"] - plain["surface"]["mean_hd95_px"]
    shares = [f"{found[name] - plain[name]:+.4f}" for name in ("pooled_iou", "mean_iou")]
    return [*shares, f"{hd95:+.2f}", f"{steps - before:+.1f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--set", default="val", choices=["val", "test", "ham10000"])
    parser.add_argument("--networks", default="globalatt,small")
    parser.add_argument("--chains", default=";".join(CHAINS))
    options = parser.parse_args()
    for network in options.networks.split(","):
        plain = evaluated(options.program, options.data, options.set, network, "/")
        print(f"\n{network}, {options.set}, {plain['n']} photographs\n")
        print("| before | after | pooled_iou | mean_iou | HD95 px | ms |\n|---|---|---|---|---|---|", flush=True)
        print(f"| | | {' | '.join(row(plain, None))} |", flush=True)
        for chain in filter(None, options.chains.split(";")):
            found = evaluated(options.program, options.data, options.set, network, chain)
            before, after = (f"`{steps}`" if steps else "" for steps in chain.split("/"))
            print(f"| {before} | {after} | {' | '.join(row(found, plain))} |", flush=True)


if __name__ == "__main__":
    main()
