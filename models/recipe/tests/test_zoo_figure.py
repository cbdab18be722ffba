"""Tests of the drawing, on masks with results computed by hand."""

import shutil

import numpy as np
import pytest
from PIL import Image

from dermaloupe_recipe import export, files, mask_pictures, zoo_figure


def rectangle(top, bottom, left, right, side=256):
    mask = np.zeros((side, side), bool)
    mask[top:bottom, left:right] = True
    return mask


def drawn_row(aspect=1.0):
    """Reference in the left two thirds of a band, one network's mask in the right two thirds."""
    photo = np.full((256, 256, 3), 200, np.uint8)
    masks = {"narrow": rectangle(64, 192, 96, 224), "small": rectangle(0, 0, 0, 0), "mobile": rectangle(0, 9, 0, 9)}
    return zoo_figure.Row("Photograph 7", "ISIC_0000007", aspect, photo, rectangle(64, 192, 32, 160), masks)


def colour_at(picture, x, y):
    """The colour at a position of a 256x256 map, as the program writes it."""
    width, height = picture.size
    return "#{:02x}{:02x}{:02x}".format(*picture.getpixel((round(x / 256 * width), round(y / 256 * height))))


@pytest.mark.parametrize("aspect", [1.0, 1.5, 0.75])
def test_agreement_and_errors_have_their_colours(aspect):
    row = drawn_row(aspect)
    picture = mask_pictures.agreement_picture(row.masks["narrow"], row.reference, row.size())
    assert picture.size == (zoo_figure.CELL, round(zoo_figure.CELL / aspect))
    assert colour_at(picture, 128, 128) == mask_pictures.TRUE_POSITIVE
    assert colour_at(picture, 192, 128) == mask_pictures.FALSE_POSITIVE
    assert colour_at(picture, 64, 128) == mask_pictures.FALSE_NEGATIVE
    assert colour_at(picture, 128, 20) == mask_pictures.PANEL
    light, missed = map(np.array, map(mask_pictures.rgb, (mask_pictures.TEXT, mask_pictures.FALSE_NEGATIVE)))
    edge = picture.getpixel((32 * zoo_figure.CELL // 256, picture.height // 2))  # one pixel of line across two
    assert np.abs(edge - (light + missed) / 2).max() < 3


def test_outlines_are_on_the_edges_with_a_halo_beside_them():
    row = drawn_row()
    picture = mask_pictures.photo_picture(row.photo, [(row.reference, mask_pictures.REFERENCE)], row.size())
    edge = round(32 / 256 * zoo_figure.CELL)
    across = [picture.getpixel((edge + x, picture.height // 2)) for x in (-8, -2, -1, 0, 1)]
    line = ["#{:02x}{:02x}{:02x}".format(*pixel) for pixel in across]
    assert line == ["#c8c8c8", mask_pictures.HALO, mask_pictures.REFERENCE, mask_pictures.REFERENCE, mask_pictures.HALO]


def test_an_empty_or_full_mask_has_no_outline():
    row = drawn_row()
    for mask in (np.zeros((256, 256), bool), np.ones((256, 256), bool)):
        picture = mask_pictures.photo_picture(row.photo, [(mask, mask_pictures.PREDICTION)], row.size())
        assert set(picture.getdata()) == {(200, 200, 200)}
    assert zoo_figure.dice(row.masks["small"], row.reference) == 0.0
    # 64 of 128 columns are shared: 2 x 64 / (128 + 128)
    assert zoo_figure.dice(row.masks["narrow"], row.reference) == 0.5


def test_a_sheet_has_a_row_per_photograph_and_a_column_per_network():
    f = zoo_figure
    page = f.sheet([drawn_row(), drawn_row(2.0)], f.columns_of_masks, f.MASK_LEGEND)
    width = 2 * f.MARGIN + f.LABELS + 4 * f.CELL + 3 * f.GAP
    assert page.size == (width, f.MARGIN + f.HEADER + f.CELL + f.CELL // 2 + 2 * f.CAPTION + f.LEGEND)
    left, top = f.MARGIN + f.LABELS + f.CELL + f.GAP, f.MARGIN + f.HEADER
    narrow = page.crop((left, top, left + f.CELL, top + f.CELL))
    assert colour_at(narrow, 128, 128) == mask_pictures.TRUE_POSITIVE
    with_photos = f.sheet([drawn_row()], f.columns_with_photos, f.PHOTO_LEGEND)
    assert with_photos.width == width + f.CELL + f.GAP


@pytest.fixture
def photograph_folder(tmp_path):
    """A data folder with two drawn test photographs: a dark square on light ground."""
    folder = tmp_path / "data" / "isic2017"
    lines = ["image_id,split,width,height"]
    for number in range(2):
        mask = rectangle(80, 176, 80 + 20 * number, 200)
        photo = np.where(mask[..., None], [90, 60, 50], [220, 180, 160]).astype(np.uint8)
        for kind, pixels in (("images", photo), ("masks", mask.astype(np.uint8) * 255)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            ending = "jpg" if kind == "images" else "png"
            Image.fromarray(pixels).save(folder / kind / f"DRAWN_{number}.{ending}")
        lines.append(f"DRAWN_{number},test,400,300")
    (folder / "splits.csv").write_text("\n".join(lines) + "\n")
    return folder.parent


def test_the_drawing_is_drawn_once_for_the_same_networks(photograph_folder, tmp_path, capsys):
    zoo, (folder, drawing) = tmp_path / "zoo", (tmp_path / "zoo" / "malunet", zoo_figure.drawing_of(tmp_path / "zoo"))
    shutil.copytree(files.ZOO / "malunet", folder)

    def draw():
        zoo_figure.draw_masks(zoo, photograph_folder, (0, 1))

    draw()
    first = drawing.read_bytes()
    draw()
    assert "up to date" in capsys.readouterr().out
    drawing.unlink()
    draw()
    assert drawing.read_bytes() == first, "the same networks give the same bytes"
    (folder / "model.onnx").write_bytes(b"another")
    with pytest.raises(export.ExportError, match="not the one that its card names"):
        zoo_figure.load_networks(zoo)


def test_the_drawing_with_photographs_is_written_to_the_given_folder(photograph_folder, tmp_path):
    shutil.copytree(files.ZOO / "malunet", tmp_path / "zoo" / "malunet")
    zoo_figure.draw_photos(tmp_path / "zoo", tmp_path / "out", photograph_folder, (0, 1))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["photographs-0-52-147.png"]
    assert not zoo_figure.drawing_of(tmp_path / "zoo").exists()
