"""What is wrong with a configuration, in the administrator's terms: the key as TOML has it, and what to do."""

import datetime
import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from deskphone.config.values import Form
from deskphone.errors import DeskphoneError

_LONGEST_QUOTE = 40
_TYPES: tuple[tuple[type, str], ...] = (
    (int, "a whole number"),
    (float, "a number with decimals"),
    (str, "text in quotes"),
    (list, "a list"),
    (dict, "a table"),
    (datetime.datetime, "a date and time"),
    (datetime.date, "a date"),
    (datetime.time, "a time"),
)
_TYPE_ERRORS = re.compile(r"(string|int|bool|float|tuple|model|dict)_type")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `key` is the path of the key, as `sip.accounts[0].uri`; empty if it is the file itself."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


class ConfigError(DeskphoneError, ValueError):
    """The configuration cannot be used; all that is wrong with it at once, one problem a line, no value of a secret."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def problems(error: ValidationError, model: type[BaseModel]) -> tuple[Problem, ...]:
    """Every line of a validation error of `model`, in the order of the model, unknown keys after known ones."""
    return tuple(
        Problem(key_path(line["loc"]), _message(model, line["loc"], line["type"], line.get("ctx", {}), line["input"]))
        for line in error.errors(include_url=False)
    )


def key_path(loc: Iterable[str | int]) -> str:
    """A path as TOML writes it, with list positions in brackets; keys that are not bare are quoted."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            key = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else quoted(part)
            path += f".{key}" if path else key
    return path


def quoted(text: str) -> str:
    """The text in quotes, on one line, shortened if long."""
    text = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape", "replace").decode() for ch in escaped)


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a key that is a table or a list of tables."""
    return next(
        (part for part in _parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None
    )


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The words that a key, or each item of its list, may be."""
    return next((get_args(part) for part in _parts(field.annotation) if get_origin(part) is Literal), ())


def form(field: FieldInfo) -> str:
    """What the key's value must be, in words."""
    words = next((part.words for part in field.metadata if isinstance(part, Form)), "")
    return words or "one of " + ", ".join(choices(field))


def is_list(field: FieldInfo) -> bool:
    """Whether the key holds a list."""
    return get_origin(field.annotation) is tuple


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _parts(part)


def _message(model: type[BaseModel], loc: tuple[str | int, ...], kind: str, context: dict[str, Any], value: Any) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown(model, loc)
    field = _field(model, loc)
    if kind == "missing":
        return f"is missing; set it to {form(field)}"
    item = isinstance(loc[-1], int)
    if kind == "literal_error" and isinstance(value, str):
        allowed = choices(field)
        return f"must be one of {', '.join(allowed)}, not {quoted(value)}" + _did_you_mean(value, allowed)
    if _TYPE_ERRORS.fullmatch(kind) or kind == "literal_error":
        return f"must be {_expected(field, loc, item)}, not {_type_name(value)}"
    return f"must be {form(field)}"


def _expected(field: FieldInfo, loc: tuple[str | int, ...], item: bool) -> str:
    if section_of(field) is not None:
        name = key_path(part for part in loc if isinstance(part, str))
        if not is_list(field):
            return f"a table: write [{name}] above its keys"
        return f"a table: write [[{name}]] above its keys" if item else f"a list of tables: write [[{name}]] above each"
    if not item:
        return form(field)
    return "one of " + ", ".join(choices(field)) if choices(field) else "text in quotes"


def _unknown(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    key = str(loc[-1])
    table = _table(model, loc[:-1])
    if guess := _did_you_mean(key, tuple(table.model_fields)):
        return "is not a known key" + guess
    homes = [path for path in _paths(model) if path[-1] == key]
    if len(homes) == 1:
        return f"is not a known key here; did you mean {key_path(homes[0])}?"
    if not len(loc) > 1:
        return f"is not a known section; the sections are {', '.join(table.model_fields)}"
    return f"is not a known key; remove it, or use one of {', '.join(table.model_fields)}"


def _did_you_mean(word: str, known: tuple[str, ...]) -> str:
    normal = word[:_LONGEST_QUOTE].lower().replace("_", "-")
    near = difflib.get_close_matches(normal, [name.replace("_", "-") for name in known], 1)
    return next((f"; did you mean {name}?" for name in known if near and name.replace("_", "-") == near[0]), "")


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "this")


def _table(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """The model that the keys at this path belong to."""
    for part in loc:
        if isinstance(part, str):
            model = section_of(model.model_fields[part]) or model
    return model


def _field(model: type[BaseModel], loc: tuple[str | int, ...]) -> FieldInfo:
    """The field at this path, or the one whose list it is in."""
    names = [part for part in loc if isinstance(part, str)]
    return _table(model, tuple(names[:-1])).model_fields[names[-1]]


def _paths(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        yield (*above, name)
        if (section := section_of(field)) is not None:
            yield from _paths(section, (*above, name))
