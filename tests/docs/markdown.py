"""The parts of a Markdown page that can be checked; changes when the pages use another piece of Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=fence)$", re.M | re.S)
_TARGETS = re.compile(
    r"\]\((?P<link>[^)\s]+)\)|<img [^>]*src=\"(?P<image>[^\"]+)\"|<a [^>]*href=\"(?P<anchor>[^\"]+)\""
)
_HEADING = re.compile(r"^#+ +(?P<title>.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language (may be empty), its text, and the line that the text begins on."""

    language: str
    text: str
    line: int


def pages() -> list[Path]:
    """Every page of the project, none of what was installed or built in the checkout."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    assert found, f"no pages in {ROOT}"
    return sorted(found)


def name(page: Path) -> str:
    """The page as a reader knows it."""
    return str(page.relative_to(ROOT))


def blocks(text: str, *languages: str) -> list[Block]:
    """The fenced blocks in these languages, in order."""
    return [
        Block(found["language"], found["text"], text.count("\n", 0, found.start()) + 2)
        for found in _FENCE.finditer(text)
        if found["language"] in languages
    ]


def targets(text: str) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for found in _TARGETS.finditer(_FENCE.sub("", text)):
        yield found["link"] or found["image"] or found["anchor"]


def anchors(text: str) -> set[str]:
    """The names of a page's headings, made as GitHub makes them."""
    return {_slug(found["title"]) for found in _HEADING.finditer(_FENCE.sub("", text))}


def table_rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, without the rules below the headings."""
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if line.lstrip().startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


def _slug(title: str) -> str:
    plain = "".join(ch for ch in title.lower() if ch.isalnum() or ch in " -_")
    return plain.replace(" ", "-")
