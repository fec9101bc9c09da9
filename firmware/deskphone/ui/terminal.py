"""The OLED's picture in a terminal: two pixels to a character."""

from PIL import Image

_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def halfblocks(image: Image.Image) -> str:
    """The picture in half blocks within a frame: 34 lines for 64 rows, without a line feed at the end."""
    picture = image.convert("1")
    width, height = picture.size
    lit = [[bool(picture.getpixel((x, y))) for x in range(width)] for y in range(height)]
    if height % 2:
        lit.append([False] * width)
    lines = [
        "".join(_BLOCKS[upper, lower] for upper, lower in zip(lit[y], lit[y + 1], strict=True))
        for y in range(0, len(lit), 2)
    ]
    return "\n".join(["┌" + "─" * width + "┐", *(f"│{line}│" for line in lines), "└" + "─" * width + "┘"])
