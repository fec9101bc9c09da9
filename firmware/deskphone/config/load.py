"""From a file's bytes to a `Config`, or to everything that is wrong with it."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deskphone.config.model import Config
from deskphone.config.problems import ConfigError, Problem, problems
from deskphone.config.values import Reading

__all__ = ["ConfigError", "Problem", "load", "parse"]

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_EXPECTED = (
    (r"Invalid value", "a value is expected here: text in quotes, a number, true, false, a [list] or a {table}"),
    (r"Expected '=' after a key.*", "a key and = and a value are expected; the = is missing here"),
    (r"Invalid statement", "a key (letters, digits, - and _) or a [section] is expected here"),
    (r"Invalid initial character.*", "a key is expected here: letters, digits, - and _, or text in quotes"),
    (r"Expected newline or end of document.*", "the end of the line is expected here; is text missing its quotes?"),
    (r"Expected '\]' .*", "a ] is expected here to close the section's name"),
    (r"Cannot declare .* twice", "this section is there twice; put its keys together in one"),
    (r"Cannot overwrite a value", "this key is there twice; keep one"),
    (r"Duplicate inline table key.*", "a key is twice in this {table}; keep one"),
    (r"Unclosed array", "a comma or the ] that closes the list is expected here"),
    (r"Unclosed inline table", "a comma or the } that closes the table is expected here"),
    (r"Unterminated string|Expected \"'+\"|Expected '\"+'", "the quotes that close the text are expected here"),
    (r"Illegal character '\\n'", "text in quotes must close on its line; no key takes more than one line"),
    (r"Illegal character .*", "a control character stands here; remove it"),
    (r"Invalid hex value.*", r"\u is followed by 4 hexadecimal digits and \U by 8; write \\ for a \ in text"),
    (r"Unescaped '\\' in a string", r"a \ in text must be written \\, or the text stand in 'single quotes'"),
    (r"Cannot mutate immutable namespace.*", "this adds to a table that is complete already; put its keys together"),
)


def load(path: Path) -> Config:
    """The configuration in a file. Raises `ConfigError` with all that is wrong, or why the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        fault = _unreadable(path, error)
    except ValueError:
        fault = "the file's name contains a null character; give another name"
    else:
        return parse(_decoded(data, str(path)), str(path), path.absolute().parent)
    raise ConfigError([Problem("", fault)])


def parse(text: str, source: str, folder: Path) -> Config:
    """The configuration in `text`; `source` names it in errors, and relative file names start in `folder`.

    Raises `ConfigError`.
    """
    tree = _tree(text, source)
    try:
        return Config.model_validate(tree, context=Reading(folder.absolute()))
    except ValidationError as error:
        found = problems(error, Config)
    # Raised out here, so that the validation error, which holds the input, does not hang on it.
    raise ConfigError(found)


def _tree(text: str, source: str) -> dict[str, Any]:
    try:
        text.encode()
        return tomllib.loads(text)
    except UnicodeEncodeError:
        fault = f"{source}: contains lone surrogates, which are not text; save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        fault = _malformed(str(error), text, source)
    except RecursionError:
        fault = f"{source}: lists or tables are nested too deeply; nothing here needs more than three levels"
    except ValueError:
        fault = f"{source}: contains a number, date or time that is out of any range; correct it"
    raise ConfigError([Problem("", fault)])


def _malformed(message: str, text: str, source: str) -> str:
    place = _PLACE.search(message)
    said = message[: place.start()] if place else message
    if place and place[1]:
        line, column = int(place[1]), int(place[2])
    else:
        text = text.replace("\r\n", "\n")
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    expected = next((words for pattern, words in _EXPECTED if re.fullmatch(pattern, said)), None)
    return f"{source}:{line}:{column}: this is not TOML: {expected or _one_line(said)}"


def _one_line(text: str) -> str:
    return "".join(ch if ch.isprintable() else " " for ch in text)


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
    raise ConfigError([Problem("", f"{source}:{line}:{column}: this is not UTF-8 text; save the file as UTF-8")])


def _unreadable(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return f"{path}: there is no such file; create it, or name another with --config"
        case IsADirectoryError():
            return f"{path}: this is a folder; name the file in it"
        case PermissionError():
            return f"{path}: may not be read by this user; change its owner or mode"
        case _:
            return f"{path}: cannot be read: {error.strerror}"
