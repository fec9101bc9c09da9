"""The picture in a terminal."""

from PIL import Image

from deskphone.ui.terminal import halfblocks
from tests.ui.pictures import PICTURES


def test_two_pixels_are_one_character() -> None:
    image = Image.new("1", (4, 2))
    for x, y in ((1, 0), (2, 1), (3, 0), (3, 1)):
        image.putpixel((x, y), 255)
    assert halfblocks(image) == "┌────┐\n│ ▀▄█│\n└────┘"


def test_an_odd_last_row_is_shown() -> None:
    assert halfblocks(Image.new("1", (1, 1), 255)) == "┌─┐\n│▀│\n└─┘"


def test_the_oled_is_34_lines_of_130_characters() -> None:
    lines = halfblocks(PICTURES["call-recording"].draw("sv")).split("\n")
    assert {len(line) for line in lines} == {130}
    assert len(lines) == 34


def test_every_pixel_of_a_picture_can_be_read_back() -> None:
    image = PICTURES["menu-paused"].draw("en")
    upper, lower = {"▀", "█"}, {"▄", "█"}
    rows = [line[1:-1] for line in halfblocks(image).split("\n")[1:-1]]
    read = Image.new("1", image.size)
    for y, row in enumerate(rows):
        for x, block in enumerate(row):
            read.putpixel((x, 2 * y), 255 if block in upper else 0)
            read.putpixel((x, 2 * y + 1), 255 if block in lower else 0)
    assert read.tobytes() == image.tobytes()
