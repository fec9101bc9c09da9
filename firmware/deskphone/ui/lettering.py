"""Text on one-bit pictures: bitmap faces, how wide a text is, how it is shortened and how it is broken into lines.

The faces are the X Window System's Helvetica bitmaps for 75 dpi: drawn by hand for these sizes, so that every stroke is
whole pixels. Characters that they lack and the phone needs (● ❚) come from `symbols`.
"""

import re
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from deskphone.ui.symbols import has_symbol, symbol

_FONTS = Path(__file__).parent / "fonts"
_ELLIPSIS = "…"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Face:
    """One bitmap face at its one size; `word_gap` widens its spaces. All positions are pixels."""

    def __init__(self, file: str, size: int, word_gap: int = 0) -> None:
        self._font = ImageFont.truetype(str(_FONTS / file), size, layout_engine=ImageFont.Layout.BASIC)
        self._word_gap = word_gap
        self.ascent, self.descent = self._font.getmetrics()

    def width(self, text: str) -> int:
        """From where the text begins to its last lit column."""
        *before, last = _runs(text) or [""]
        return sum(map(self._advance, before)) + self._span(last)[1]

    def left(self, text: str) -> int:
        """Dark columns before the text's first lit one."""
        first, *_ = _runs(text) or [""]
        return self._span(first)[0]

    def draw(self, image: Image.Image, x: int, baseline: int, text: str, *, ink: int = 255) -> None:
        """Draw from column `x` on, the letters standing on the row above `baseline`."""
        pen = ImageDraw.Draw(image)
        for run in _runs(text):
            if has_symbol(run[0]):
                picture = symbol(run[0])
                for number in range(len(run)):
                    pen.bitmap((x + number * (picture.width + 1), baseline - picture.height), picture, ink)
            else:
                pen.text((x, baseline), run, ink, font=self._font, anchor="ls")
            x += self._advance(run)

    def fit(self, text: str, width: int) -> str:
        """The text, or as much of its beginning as fits in `width` with an ellipsis."""
        text = plain(text)
        if self.width(text) <= width:
            return text
        while text and self.width(text.rstrip(" -,") + _ELLIPSIS) > width:
            text = text[:-1]
        return text.rstrip(" -,") + _ELLIPSIS

    def fit_end(self, text: str, width: int) -> str:
        """The text, or an ellipsis with as much of its end as fits in `width`."""
        text = plain(text)
        if self.width(text) <= width:
            return text
        while text and self.width(_ELLIPSIS + text) > width:
            text = text[1:]
        return _ELLIPSIS + text

    def wrap(self, text: str, width: int) -> list[str]:
        """Lines no wider than `width`, broken between words, and where that costs no line, between sentences."""
        text = plain(text)
        lines = self._fill(text.split(), width)
        sentences = [line for sentence in _SENTENCE_END.split(text) for line in self._fill(sentence.split(), width)]
        return sentences if len(sentences) <= len(lines) else lines

    def _fill(self, words: list[str], width: int) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.width(f"{lines[-1]} {word}") <= width:
                lines[-1] = f"{lines[-1]} {word}"
                continue
            while self.width(word) > width and len(word) > 1:
                end = max(n for n in range(1, len(word)) if n == 1 or self.width(word[:n]) <= width)
                lines.append(word[:end])
                word = word[end:]
            lines.append(word)
        return lines

    def _advance(self, run: str) -> int:
        if run and has_symbol(run[0]):
            return len(run) * (symbol(run[0]).width + 1)
        return round(self._font.getlength(run)) + (self._word_gap * len(run) if run.isspace() else 0)

    def _span(self, run: str) -> tuple[int, int]:
        """First lit column of a run and the one after its last."""
        if not run or run.isspace():
            return 0, self._advance(run)
        if has_symbol(run[0]):
            return 0, self._advance(run) - 1
        mask, (x, _) = self._font.getmask2(run, "1", anchor="ls")
        box = mask.getbbox()
        return (x + box[0], x + box[2]) if box else (0, self._advance(run))


@cache
def face(role: str) -> Face:
    """A face by its role: small, small-bold, text, bold, title, large, huge, clock."""
    return Face(*_FACES[role])


def plain(text: str) -> str:
    """The text on one line, without what cannot be drawn: a caller's name is whatever a stranger sends."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _runs(text: str) -> list[str]:
    """The text cut where letters, spaces and each kind of symbol meet."""
    kinds = groupby(text, lambda letter: letter if letter == " " or has_symbol(letter) else "")
    return ["".join(run) for _, run in kinds]


# The small bold face's own space is as narrow as the gaps within its words.
_FACES: dict[str, tuple[str, int] | tuple[str, int, int]] = {
    "small": ("helvR08.pcf", 8),
    "small-bold": ("helvB08.pcf", 8, 1),
    "text": ("helvR10.pcf", 10),
    "bold": ("helvB10.pcf", 10),
    "title": ("helvB12.pcf", 12),
    "large": ("helvB14.pcf", 14),
    "huge": ("helvB18.pcf", 18),
    "clock": ("helvB24.pcf", 24),
}
