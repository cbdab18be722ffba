"""Computes the probability maps of the zoo's networks on ISIC 2017's val and test and on HAM10000, and keeps them."""

from dermaloupe_recipe import command_line, map_cache

if __name__ == "__main__":
    command_line.run(map_cache.compute, map_cache.Config, __doc__)
