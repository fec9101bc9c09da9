"""The documentation and the schema say what the model does."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deskphone.config.document import document, example, json_schema, main, masked
from deskphone.config.load import parse
from deskphone.config.model import Config

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


def _paths(tree: Any, above: str = "") -> set[str]:
    if isinstance(tree, list) and tree and isinstance(tree[0], dict):
        return _paths(tree[0], above)
    if isinstance(tree, dict):
        return {path for key, part in tree.items() for path in _paths(part, f"{above}.{key}")}
    return {above}


def test_the_file_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run python -m deskphone.config.document"


def test_the_example_in_the_document_is_accepted() -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```$", document(), re.S | re.M)
    assert block == example()
    config = parse(block, "configuration.md", Path("/etc/deskphone"))
    assert config.sip.accounts[0].secret() == "change-me"


def test_the_example_has_every_key() -> None:
    tree = tomllib.loads(example())
    values = masked(parse(example(), "x.toml", Path("/")))
    assert _paths(values) - _paths(tree) == {".sip.accounts.password_file"}
    assert "# password_file = " in example()


def test_every_key_and_default_is_in_a_table() -> None:
    text = document()
    for section, values in masked(Config()).items():
        assert f"## `[{section}]`" in text
        for key in (key for key, value in values.items() if key != "accounts" and not isinstance(value, dict)):
            assert f"| `{key}` |" in text
    assert "| `banner_seconds` | a number, 0 to 60 | `3` |" in text
    assert all(line.count("|") - line.count("\\|") == 5 for line in text.splitlines() if line.startswith("|"))


def test_every_key_has_a_meaning() -> None:
    for line in document().splitlines():
        if line.startswith("| `"):
            assert line.split("|")[-2].strip().endswith(".")


def test_the_schema_refuses_unknown_keys_and_knows_the_words() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    for section in (schema, *schema["$defs"].values()):
        assert section["additionalProperties"] is False
    assert schema["$defs"]["Recording"]["properties"]["mode"]["enum"][0] == "never"
    assert schema["$defs"]["Account"]["required"] == ["uri"]
    notice = schema["$defs"]["Notice"]["properties"]
    assert {"type": "boolean"} in notice["compliance_announcement"]["anyOf"]
    assert {"const": False} in notice["repeat_beep_seconds"]["anyOf"]


def test_the_command_writes_where_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "x.md")]) == 0
    assert (tmp_path / "x.md").read_text(encoding="utf-8") == document()
    assert main(["-"]) == 0
    assert capsys.readouterr().out == document()


def test_the_module_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deskphone.config.document", "-"], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == document()
