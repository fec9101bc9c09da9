"""Text on one-bit pictures: bitmap faces, how wide a text is, how it is shortened and how it is broken into lines.

The faces are the X Window System's Helvetica bitmaps for 75 dpi: drawn by hand for these sizes, so every stroke is whole
pixels. Characters that they lack and the phone needs (● ❚) come from `symbols`.
"""

from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from deskphone.ui.symbols import has_symbol, symbol

_FONTS = Path(__file__).parent / "fonts"
_ELLIPSIS = "…"


class Face:
    """One bitmap face at its one size. All positions are pixels; `baseline` is the row under the letters' feet."""

    def __init__(self, file: str, size: int) -> None:
        self._font = ImageFont.truetype(_FONTS / file, size, layout_engine=ImageFont.Layout.BASIC)
        self.ascent, self.descent = self._font.getmetrics()

    def width(self, text: str) -> int:
        """How far the text reaches from its first to its last lit pixel's column, without the gap that follows a letter."""
        return max(self._advance(text) - 1, 0) if text else 0

    def draw(self, image: Image.Image, x: int, baseline: int, text: str, *, ink: int = 255) -> None:
        """Draw with the first letter's origin at `x`."""
        pen = ImageDraw.Draw(image)
        for name, run in _runs(text):
            if name is None:
                pen.text((x, baseline), run, ink, font=self._font, anchor="ls")
            else:
                for _ in run:
                    picture = symbol(name)
                    pen.bitmap((x, baseline - picture.height), picture, ink)
                    x += picture.width + 1
                continue
            x += round(self._font.getlength(run))

    def fit(self, text: str, width: int) -> str:
        """The text, or as much of it as fits in `width` and an ellipsis."""
        text = plain(text)
        if self.width(text) <= width:
            return text
        while text and self.width(text.rstrip() + _ELLIPSIS) > width:
            text = text[:-1]
        return text.rstrip() + _ELLIPSIS

    def fit_end(self, text: str, width: int) -> str:
        """The text, or an ellipsis and as much of its end as fits in `width`."""
        text = plain(text)
        if self.width(text) <= width:
            return text
        while text and self.width(_ELLIPSIS + text.lstrip()) > width:
            text = text[1:]
        return _ELLIPSIS + text.lstrip()

    def wrap(self, text: str, width: int) -> list[str]:
        """Lines no wider than `width`, broken at spaces; a word that is wider by itself is broken where it must be."""
        lines: list[str] = []
        for word in plain(text).split():
            if lines and self.width(f"{lines[-1]} {word}") <= width:
                lines[-1] = f"{lines[-1]} {word}"
                continue
            while self.width(word) > width:
                end = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or self.width(word[:n]) <= width)
                lines.append(word[:end])
                word = word[end:]
            lines.append(word)
        return lines

    def _advance(self, text: str) -> int:
        total = 0
        for name, run in _runs(text):
            total += round(self._font.getlength(run)) if name is None else len(run) * (symbol(name).width + 1)
        return total


@cache
def face(name: str) -> Face:
    """A face by its role: small, small-bold, text, bold, title, large, huge, clock."""
    return Face(*_FACES[name])


def plain(text: str) -> str:
    """The text on one line and without what cannot be drawn: a caller's name is anything that a stranger sends."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _runs(text: str) -> list[tuple[str | None, str]]:
    return [
        (name, "".join(run)) for name, run in groupby(text, lambda c: c if has_symbol(c) else None) for run in [run]
    ]


_FACES = {
    "small": ("helvR08.pcf", 8),
    "small-bold": ("helvB08.pcf", 8),
    "text": ("helvR10.pcf", 10),
    "bold": ("helvB10.pcf", 10),
    "title": ("helvB12.pcf", 12),
    "large": ("helvB14.pcf", 14),
    "huge": ("helvB18.pcf", 18),
    "clock": ("helvB24.pcf", 24),
}
