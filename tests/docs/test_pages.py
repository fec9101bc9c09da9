"""Links lead somewhere, examples are valid, and what a page copies from the code is what the code says."""

import re
import shlex
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from deskphone.adapters.gpio.lines import HOOK_LINE, KEY_LINES, LED_LINE
from deskphone.cli.main import cli
from deskphone.config.load import ConfigError, parse
from deskphone.core.recording import Mode
from tests.docs.markdown import ROOT, Block, anchors, blocks, name, pages, table_rows, targets

PAGES = pages()
SHELL = [(page, block) for page in PAGES for block in blocks(page.read_text(), "sh")]
TOML = [(page, block) for page in PAGES for block in blocks(page.read_text(), "toml")]
_MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):", re.M)


def broken(page: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere in this checkout; addresses elsewhere are not asked."""
    found = []
    for target in targets(text):
        parts = urlsplit(target)
        if parts.scheme:
            continue
        file = (page.parent / unquote(parts.path)) if parts.path else page
        if not file.exists():
            found.append(f"{target}: there is no {file}")
        elif parts.fragment and file.suffix == ".md" and parts.fragment not in anchors(file.read_text()):
            found.append(f"{target}: no such heading")
    return found


def refused(command: list[str], make_targets: set[str]) -> str | None:
    """Why a command of the documentation is none, None when it is one or is not of this project."""
    match command:
        case ["make", *arguments]:
            unknown = [word for word in arguments if "=" not in word and word not in make_targets]
            return f"no target {unknown}" if unknown else None
        case [program, *arguments] if program.rpartition("/")[2] == "deskphone":
            return _refused_by_cli(arguments)
        case _:
            return None


def _refused_by_cli(arguments: list[str]) -> str | None:
    command: click.Command = cli
    context = click.Context(cli, info_name="deskphone")
    rest = list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        if found is None:
            return f"no command {rest[0]}"
        command = found
        rest = rest[1:]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    options = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"]
    unknown = [option for option in options if option not in known | {"--help", "-h"}]
    return f"no option {unknown}" if unknown else None


def _commands(block: Block) -> list[list[str]]:
    joined = block.text.replace("\\\n", " ")
    words = [shlex.split(line, comments=True) for line in joined.splitlines()]
    return [line[1:] if line[:1] == ["sudo"] else line for line in words if line]


def _make_targets() -> set[str]:
    return set(_MAKE_TARGET.findall((ROOT / "Makefile").read_text()))


def _id(value: object) -> str | None:
    if isinstance(value, Path):
        return name(value)
    return f"line-{value.line}" if isinstance(value, Block) else None


def _term(cell: str) -> str:
    return cell.split("`")[1] if cell.startswith("`") else cell


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page, page.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    ["[x](nowhere.md)", "[x](#no-such-heading)", '<img src="pictures/none.png" width="3">', "[x](README.md#nothing)"],
)
def test_a_broken_link_is_seen(planted: str) -> None:
    assert len(broken(ROOT / "README.md", f"# A heading\n\n{planted}\n")) == 1


@pytest.mark.parametrize(("page", "block"), SHELL, ids=_id)
def test_shell_examples_are_valid(page: Path, block: Block) -> None:
    checked = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, f"{name(page)}:{block.line}: {checked.stderr}"
    wrong = [reason for command in _commands(block) if (reason := refused(command, _make_targets()))]
    assert wrong == [], f"{name(page)}:{block.line}"


@pytest.mark.parametrize(
    "planted",
    ["make dmeo", "deskphone records list", "deskphone run --simulated", "/opt/x/bin/deskphone recordings lst"],
)
def test_a_command_that_does_not_exist_is_seen(planted: str) -> None:
    assert refused(shlex.split(planted), _make_targets()) is not None


@pytest.mark.parametrize(("page", "block"), TOML, ids=_id)
def test_configurations_can_be_used(page: Path, block: Block) -> None:
    parse(block.text, name(page), Path("/etc/deskphone"))


def test_a_configuration_that_cannot_be_used_is_seen() -> None:
    with pytest.raises(ConfigError):
        parse('[recording]\nmode = "sometimes"\n', "planted", Path("/etc/deskphone"))


def test_the_wiring_table_is_that_of_the_code() -> None:
    rows = table_rows((ROOT / "docs" / "installers.md").read_text())
    wired = {_term(row[0]): int(row[1]) for row in rows if len(row) == 3 and row[1].isdigit() and row[2].isdigit()}
    lines = {key.value: line for key, line in KEY_LINES.items()} | {"hook": HOOK_LINE, "led": LED_LINE}
    assert wired == lines | {"OLED SDA": 2, "OLED SCL": 3}


def test_the_readme_names_every_policy() -> None:
    first = {_term(row[0]) for row in table_rows((ROOT / "README.md").read_text())}
    assert {mode.value for mode in Mode} <= first
