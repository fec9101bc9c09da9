"""Comparing pictures pixel by pixel."""

from PIL import Image, ImageChops


def differing_pixels(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ; pictures of different sizes differ in every pixel of the larger."""
    if one.size != other.size:
        return max(one.width * one.height, other.width * other.height)
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(count for value, count in enumerate(difference.histogram()) if value > 0)


def assert_same(drawn: Image.Image, golden: Image.Image, name: str) -> None:
    """Fail unless the two are equal in every pixel."""
    pixels = differing_pixels(drawn, golden)
    assert pixels == 0, f"{name}: {pixels} pixels differ; if that is meant: python -m tests.ui.regenerate, and look"
