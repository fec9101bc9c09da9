"""The configuration as others read it: its documentation, its JSON Schema, and the effective values without secrets.

`python -m deskphone.config.document` rewrites `docs/configuration.md` in a checkout, and prints it elsewhere.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from deskphone.config.model import Config
from deskphone.config.problems import choices, form, is_list, section_of

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MASK = "********"
_FILE = Path(__file__).parents[3] / "docs" / "configuration.md"
_INSTEAD = {"password_file": "password"}  # shown as a comment in the example, which sets the other

_HEAD = """\
# Configuration

<!-- Generated from the model by `python -m deskphone.config.document`; change the model, not this file. -->

Deskphone is configured by one [TOML](https://toml.io) file in UTF-8. A key that is left out has its default. A key or
section that is not in this document is refused, as is a value that is not allowed; all faults are reported at once,
each with its key. Relative names of files and folders start in the folder of the configuration file. Text stands in
quotes; whole numbers, numbers and `true`/`false` do not.

`deskphone config check FILE` says whether a file can be used, `deskphone config check --effective FILE` shows every
value with secrets masked, and `deskphone config schema` prints a JSON Schema for editors.
"""

_EXAMPLE = """\
## Complete example

Every key, most of them with their defaults.
"""


def document() -> str:
    """The text of `docs/configuration.md`."""
    sections = "\n".join(
        f"## `{_header(path, listed)}`\n\n{_paragraph(model)}\n\n{_table(model)}"
        for path, listed, model in _sections(Config)
    )
    return f"{_HEAD}\n{sections}\n{_EXAMPLE}\n```toml\n{example()}```\n"


def example() -> str:
    """A configuration in TOML that has every key once."""
    return "\n".join(
        f"[{_header(path, listed)[1:-1]}]\n" + "".join(_lines(model)) for path, listed, model in _sections(Config)
    )


def json_schema() -> dict[str, Any]:
    """The configuration's JSON Schema (draft 2020-12); it knows types, words and ranges, not what files hold."""
    return {"$schema": _DRAFT} | Config.model_json_schema() | {"title": "Deskphone configuration"}


def masked(config: Config) -> dict[str, Any]:
    """The effective values as plain JSON types; a secret is `********`, or empty where none is set."""
    values: dict[str, Any] = _plain(config.model_dump())
    return values


def main(arguments: list[str]) -> int:
    """Write the documentation; the exit status. An argument names another file, `-` is standard output."""
    target = arguments[0] if arguments else str(_FILE) if _FILE.parent.is_dir() else "-"
    if target == "-":
        sys.stdout.write(document())
    else:
        Path(target).write_text(document(), encoding="utf-8")
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return _MASK if value.get_secret_value() else ""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _sections(
    model: type[BaseModel], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], bool, type[BaseModel]]]:
    """Every section below a model: its path, whether it may be repeated, and its model."""
    for name, field in model.model_fields.items():
        if (section := section_of(field)) is not None:
            yield (*above, name), is_list(field), section
            yield from _sections(section, (*above, name))


def _header(path: tuple[str, ...], listed: bool) -> str:
    return f"[[{'.'.join(path)}]]" if listed else f"[{'.'.join(path)}]"


def _paragraph(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _table(model: type[BaseModel]) -> str:
    rows = "".join(
        f"| `{name}` | {_allowed(field)} | {_default(field)} | {_cell(field.description or '')} |\n"
        for name, field in model.model_fields.items()
        if section_of(field) is None
    )
    return f"| key | allowed | default | meaning |\n|---|---|---|---|\n{rows}"


def _allowed(field: FieldInfo) -> str:
    if choices(field) and not is_list(field):
        return ", ".join(f'`"{word}"`' for word in choices(field))
    return _cell(form(field))


def _default(field: FieldInfo) -> str:
    return "(required)" if field.is_required() else f"`{_toml(field.get_default(call_default_factory=True))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _lines(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if section_of(field) is None:
            if name in _INSTEAD:
                yield f'# {name} = "{name.replace("_", ".")}"  # instead of {_INSTEAD[name]}\n'
            else:
                yield f"{name} = {_toml(field.examples[0] if field.examples else field.default)}\n"


def _toml(value: Any) -> str:
    """A default or an example in TOML, whose strings and lists of strings are JSON's."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
