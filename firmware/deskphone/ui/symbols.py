"""Small pictures that the fonts lack, drawn by hand; `#` is a lit pixel."""

from functools import cache

from PIL import Image

_DRAWN = {
    "●": """
..###..
.#####.
#######
#######
#######
.#####.
..###..
""",
    "❚": """
##
##
##
##
##
##
##
""",
    "recording": """
...###...
..#####..
.#######.
#########
#########
#########
.#######.
..#####..
...###...
""",
    "paused": """
###...###
###...###
###...###
###...###
###...###
###...###
###...###
###...###
###...###
""",
    "handset": """
.##......
####.....
####.....
###......
###......
.###..##.
..#######
...######
.....###.
""",
    "unreachable": """
#.......#
.#.....#.
..#...#..
...#.#...
....#....
...#.#...
..#...#..
.#.....#.
#.......#
""",
    "waiting": """
.........
.........
.........
.........
##..##.##
##..##.##
.........
.........
.........
""",
    "missed": """
####.....
###.....#
####...##
#.###.##.
...####..
....##...
""",
    "speaker": """
....#....
...##..#.
####.#..#
####..#.#
####..#.#
####..#.#
####.#..#
...##..#.
....#....
""",
    "warning": """
....#....
...###...
...#.#...
..##.##..
..##.##..
.###.###.
.#######.
####.####
#########
""",
}


@cache
def symbol(name: str) -> Image.Image:
    """The picture of this name, mode "1". Raises `KeyError` for one that is not drawn."""
    rows = _DRAWN[name].split()
    image = Image.new("1", (len(rows[0]), len(rows)))
    image.putdata([255 if mark == "#" else 0 for row in rows for mark in row])
    return image


def has_symbol(name: str) -> bool:
    """Whether there is such a picture."""
    return name in _DRAWN
