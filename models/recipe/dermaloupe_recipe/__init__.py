"""The library behind the scripts of the recipe; README.md has a map of its modules."""
