"""Draw the program's icon: a loupe over an outlined lesion. Needs Pillow. Usage: python build.py"""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
SIDE = 1024


def blob(centre: tuple[float, float], radius: float) -> list[tuple[float, float]]:
    """An irregular closed line around `centre`."""
    points = []
    for step in range(360):
        a = math.radians(step)
        r = radius * (1 + 0.13 * math.sin(2 * a + 0.6) + 0.09 * math.sin(3 * a + 2.1) + 0.05 * math.sin(5 * a))
        points.append((centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)))
    return points


def draw() -> Image.Image:
    """The icon at 1024x1024."""
    icon = Image.new("RGBA", (SIDE, SIDE))
    pen = ImageDraw.Draw(icon)
    pen.rounded_rectangle((32, 32, SIDE - 32, SIDE - 32), 220, fill="#17191c")
    pen.line((690, 690, 850, 850), fill="#e6e8ea", width=92)
    for x in (690, 850):
        pen.ellipse((x - 46, x - 46, x + 46, x + 46), fill="#e6e8ea")
    pen.ellipse((150, 150, 750, 750), fill="#e6e8ea")
    pen.ellipse((202, 202, 698, 698), fill="#e9c3ad")
    lesion = Image.new("RGBA", (SIDE, SIDE))
    ImageDraw.Draw(lesion).polygon(blob((450, 450), 138), fill="#7a4530")
    icon.alpha_composite(lesion.filter(ImageFilter.GaussianBlur(10)))
    outline = blob((450, 450), 168)
    pen = ImageDraw.Draw(icon)
    pen.line([*outline, *outline[:8]], fill="#3d8fc4", width=30, joint="curve")
    return icon


def main() -> None:
    icon = draw()
    for side in (16, 32, 48, 64, 128, 256, 512):
        icon.resize((side, side), Image.LANCZOS).save(HERE / f"dermaloupe-{side}.png", optimize=True)


if __name__ == "__main__":
    main()
