"""Whatever the text, `parse` gives a configuration or a `ConfigError` with problems of one line, and never a secret."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deskphone.config.document import example, masked
from deskphone.config.load import ConfigError, parse
from deskphone.config.model import Config

SECRET = "hunter2SECRET"
EXAMPLE = example().replace("change-me", SECRET)
FOLDER = Path("/nonexistent")

_PIECES = st.sampled_from(
    [
        *"[]{}=\"'.,#\n\t\\ 0-",
        "[[",
        "]]",
        '"""',
        "true",
        "nan",
        "-1",
        "1e999",
        "9" * 30,
        "1979-05-27",
        "å",
        "\x00",
        "\ufeff",
    ]
) | st.text(max_size=5)

_VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats().map(lambda number: number if number == number else 0.5)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["sip:a@b", "::1", "[::1]:5060", "file:///x", "on-demand", "1024-65535", "sip:", "%", "\x7f"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["uri", "dir", "enabled", "x"]), inner),
    max_leaves=5,
)


def _outcome(text: str) -> Config | ConfigError:
    try:
        return parse(text, "x.toml", FOLDER)
    except ConfigError as error:
        return error


def _judge(text: str) -> None:
    outcome = _outcome(text)
    if isinstance(outcome, Config):
        json.dumps(masked(outcome))
        return
    assert outcome.problems
    for problem in outcome.problems:
        assert len(str(problem).splitlines()) == 1
        assert problem.message


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_literal(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    if isinstance(value, float):
        return repr(value) if "e" not in repr(value) else "1e300"
    return json.dumps(value).replace("\x7f", "\\u007f") if not isinstance(value, str) else _text(value)


def _text(value: str) -> str:
    return '"' + "".join(ch if ch.isalnum() and ch.isascii() else f"\\U{ord(ch):08x}" for ch in value) + '"'


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_arbitrary_text(text: str) -> None:
    _judge(text)


@given(st.lists(_PIECES, max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_arbitrary_pieces_of_toml(text: str) -> None:
    _judge(text)


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 12), _PIECES)
@settings(max_examples=300, deadline=None)
def test_the_example_with_a_piece_replaced(at: int, length: int, piece: str) -> None:
    _judge(EXAMPLE[:at] + piece + EXAMPLE[at + length :])


@given(st.integers(0, EXAMPLE.count("\n") - 1), _VALUES)
@settings(max_examples=300, deadline=None)
def test_the_example_with_any_value_at_any_key(number: int, value: Any) -> None:
    lines = EXAMPLE.splitlines()
    key, equals, _ = lines[number].partition(" = ")
    if equals and not key.startswith("#"):
        lines[number] = f"{key} = {_literal(value)}"
    _judge("\n".join(lines))


@given(st.integers(0, len(EXAMPLE)), st.integers(0, 12), _PIECES)
@settings(max_examples=300, deadline=None)
def test_the_secret_is_never_told(at: int, length: int, piece: str) -> None:
    # Left whole with its key, the secret is in a password's place, however the rest of the file is broken.
    start = EXAMPLE.index("password = ")
    stop = EXAMPLE.index("\n", start)
    if start - length < at < stop:
        at = stop
    outcome = _outcome(EXAMPLE[:at] + piece + EXAMPLE[at + length :])
    told = json.dumps(masked(outcome)) if isinstance(outcome, Config) else str(outcome)
    assert SECRET not in told + repr(outcome)
