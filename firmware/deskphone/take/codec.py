"""Dataclasses to and from JSON, and their JSON Schema; changes when the way records are spelled in JSON does."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

UTC_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"


class RecordError(ValueError):
    """A record from outside does not have the promised form; the message names the field."""


def utc_text(moment: datetime) -> str:
    """ISO-8601 in UTC with milliseconds and `Z`. `moment` MUST be aware."""
    if moment.tzinfo is None:
        raise RecordError("a time without time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def utc_from_text(text: str) -> datetime:
    """The inverse of `utc_text`. Raises `RecordError` for anything that is not UTC with `Z`."""
    if not text.endswith("Z"):
        raise RecordError(f"not a UTC time ending in Z: {text!r}")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise RecordError(f"not an ISO-8601 time: {text!r}") from error


def encode(value: object) -> Any:
    """JSON-ready form of a dataclass, times as text and tuples as lists."""
    if is_dataclass(value):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], data: object) -> T:
    """A validated dataclass from JSON data; unknown keys are left out. Raises `RecordError`."""
    decoded: T = _decode(kind, data, kind.__name__)
    return decoded


def schema(kind: Any) -> dict[str, Any]:
    """JSON Schema (2020-12) of a dataclass, derived from the same type hints that `decode` checks."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        properties = {}
        for field in fields(kind):
            properties[field.name] = schema(hints[field.name]) | dict(field.metadata)
        required = [f.name for f in fields(kind) if f.default is MISSING]
        return {"type": "object", "properties": properties, "required": required}
    origin = get_origin(kind)
    if origin is Literal:
        return {"enum": list(get_args(kind))}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema(option) for option in get_args(kind)]}
    if origin is tuple:
        return {"type": "array", "items": schema(get_args(kind)[0])}
    if kind is datetime:
        return {"type": "string", "format": "date-time", "pattern": UTC_PATTERN}
    return {"type": {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}[kind]}


def _decode(kind: Any, data: object, where: str) -> Any:
    if is_dataclass(kind):
        return _decode_object(kind, data, where)
    origin = get_origin(kind)
    if origin is Literal:
        if data not in get_args(kind):
            raise RecordError(f"{where}: {data!r} is none of {', '.join(map(repr, get_args(kind)))}")
        return data
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        present = next(option for option in get_args(kind) if option is not type(None))
        return _decode(present, data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise RecordError(f"{where}: expected a list")
        return tuple(_decode(get_args(kind)[0], item, f"{where}[{at}]") for at, item in enumerate(data))
    if kind is datetime:
        return _decode_time(data, where)
    return _decode_plain(kind, data, where)


def _decode_object(kind: Any, data: object, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise RecordError(f"{where}: expected an object")
    hints = get_type_hints(kind)
    values = {}
    for field in fields(kind):
        if field.name in data:
            values[field.name] = _decode(hints[field.name], data[field.name], f"{where}.{field.name}")
        elif field.default is MISSING:
            raise RecordError(f"{where}.{field.name}: missing")
    return kind(**values)


def _decode_time(data: object, where: str) -> datetime:
    if not isinstance(data, str):
        raise RecordError(f"{where}: expected a time as text")
    try:
        return utc_from_text(data)
    except RecordError as error:
        raise RecordError(f"{where}: {error}") from error


def _decode_plain(kind: Any, data: object, where: str) -> Any:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        raise RecordError(f"{where}: expected {kind.__name__}, got {type(data).__name__}")
    return data
