"""What is generated from the code is as the code says now, and what describes it leaves nothing out."""

from pathlib import Path
from typing import Any

import pytest

from deskphone.take.schema import sidecar_schema
from docs import generate
from tests.docs.markdown import ROOT, table_rows, targets


@pytest.mark.parametrize("name", generate.files())
def test_generated_files_are_up_to_date(name: str) -> None:
    on_disk = (generate.REFERENCE / name).read_text(encoding="utf-8")
    assert on_disk == generate.files()[name], "run: .venv/bin/python -m docs.generate"


def test_nothing_else_lies_among_them() -> None:
    assert {path.name for path in generate.REFERENCE.iterdir()} == {*generate.files(), "take.md"}


def test_every_field_of_a_sidecar_is_described() -> None:
    described = {row[0].strip("`") for row in table_rows((ROOT / "docs" / "reference" / "take.md").read_text())}
    missing = fields(sidecar_schema()) - described
    assert missing == set()


def fields(schema: dict[str, Any], where: str = "") -> set[str]:
    """The names of an object's fields as the page writes them: `own.number`, `pauses[].reason`."""
    found = set()
    for name, part in schema.get("properties", {}).items():
        found |= (
            {f"{where}{name}"} | fields(part, f"{where}{name}.") | fields(part.get("items", {}), f"{where}{name}[].")
        )
    return found


def test_pictures_are_all_used_and_all_there() -> None:
    used = {target for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")) for target in _pictures(page)}
    made = set((ROOT / "docs" / "pictures").rglob("*.png"))
    assert used <= made
    assert {path.name for path in made} == {path.name for path in used}


def _pictures(page: Path) -> set[Path]:
    return {(page.parent / target).resolve() for target in targets(page.read_text()) if target.endswith(".png")}
