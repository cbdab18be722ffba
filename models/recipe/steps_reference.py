"""Writes what others make of the steps before and after a network: tests/fixtures/steps.

In an environment of its own, as the recipe needs none of these packages:
opencv-python-headless==5.0.0.93 scikit-image==0.26.0 pydensecrf2==1.1 pillow
"""

from dermaloupe_recipe import command_line
from dermaloupe_recipe.fixtures import image_steps

if __name__ == "__main__":
    command_line.run(image_steps.write, image_steps.Config, __doc__)
