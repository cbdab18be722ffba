"""Prints the multiply-accumulates of one run of ONNX files."""

import sys

import onnx

from dermaloupe_recipe import onnx_graph

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: macs.py MODEL.onnx ...")
    for path in sys.argv[1:]:
        print(f"{onnx_graph.count_macs(onnx.load(path)):>14,}  {path}")
