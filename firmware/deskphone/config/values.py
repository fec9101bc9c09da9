"""What one value of the configuration may look like: annotated types, each with its form in words.

A type's `Form` stands in the documentation and in the error about a value that does not have it. Validators raise
`ValueError` with what to do; none repeats the value, which may be a secret that was written in the wrong place.
"""

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote_to_bytes, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, WithJsonSchema

from deskphone.config.addresses import domain, listen_address, plain, sip_account, sip_server

SECRET_BYTES = 4096
"""More than any password; a larger password file is some other file."""

COUNTRIES = ("CH", "CN", "DE", "DK", "GB", "SE", "US")
"""The countries with tones of their own in `deskphone.core.tones`; a test holds the two together."""

_NUMBER = re.compile(r"[0-9*#+]+")
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_FEWEST_RTP_PORTS = 10  # five streams: two calls, a consultation, and two that are being closed


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be, in words that complete "must be ..."."""

    words: str


@dataclass(slots=True)
class Reading:
    """The validation context: where relative file names start, and the secrets read on the way, by file."""

    folder: Path
    secrets: dict[str, SecretStr] = field(default_factory=dict)


def secret_text(secret: SecretStr) -> SecretStr:
    """A secret in one line."""
    plain(secret.get_secret_value())
    return secret


def _display_name(text: str) -> str:
    if "\\" in plain(text):
        raise ValueError("must not contain a backslash; remove it")
    return text


def _country(text: str) -> str:
    if text and text.upper() not in COUNTRIES:
        raise ValueError(
            f"must be one of {', '.join(COUNTRIES)}; no other country has tones of its own here:"
            ' leave it "" to use the tones of the language'
        )
    return text.upper()


def _codecs(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("must name at least one codec; without one no call can be made")
    return _distinct(names)


def _distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    if twice := sorted({item for item in items if items.count(item) > 1}):
        raise ValueError(f"must name each only once; {', '.join(twice)} is there more than once")
    return items


def _rtp_ports(text: str) -> str:
    if not text:
        return text
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueError('must be the lowest and the highest port, as in "16384-16483", or "" for any')
    low, high = int(match[1]), int(match[2])
    if low < 1024 or high > 65535:
        raise ValueError("must lie from 1024 to 65535")
    if low % 2:
        raise ValueError("must begin with an even port: RTP takes the even port of each pair and RTCP the odd one")
    if high - low + 1 < _FEWEST_RTP_PORTS:
        raise ValueError(f"must span at least {_FEWEST_RTP_PORTS} ports, the lowest first")
    return text


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number as it is dialled: digits, *, # and +")
    return text


def _pattern(text: str) -> str:
    if not text:
        raise ValueError('must not be empty: it would match every number ("^$" matches none)')
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except re.error as error:
        at = "" if error.pos is None else f" at character {error.pos + 1}"
        raise ValueError(f"must be a valid regular expression; {error.msg}{at}") from None
    except (OverflowError, RecursionError):
        raise ValueError("must be a valid regular expression; it is too large") from None
    return text


def _file_name(text: str, info: ValidationInfo) -> str:
    if plain(text) and isinstance(info.context, Reading):
        return str(info.context.folder / text)
    return text


def _secret_file(name: str, info: ValidationInfo) -> str:
    """The absolute name of a password file, whose content is left in the validation context."""
    path = _file_name(name, info)
    if path and isinstance(info.context, Reading):
        info.context.secrets[path] = SecretStr(_read_secret(Path(path)))
    return path


def _read_secret(path: Path) -> str:
    try:
        if not path.is_file():
            raise ValueError(f"names {path}, which is not a file; create it with the password in it")
        with path.open("rb") as file:
            data = file.read(SECRET_BYTES + 1)
    except OSError as error:
        raise ValueError(
            f"names {path}, which cannot be read: {error.strerror}; let the phone's user read it"
        ) from None
    if len(data) > SECRET_BYTES:
        raise ValueError(f"names {path}, which is too large for a password (more than {SECRET_BYTES} bytes)")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ValueError(f"names {path}, which is not UTF-8 text; save it as UTF-8") from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ValueError(f"names {path}, which is empty; write the password into it")
    try:
        return plain(text)
    except ValueError:
        raise ValueError(f"names {path}, which has more than one line or control characters; leave one line") from None


def _storage_url(text: str) -> str:
    form = 'as in "file:///var/lib/deskphone/recordings"'
    scheme, colon, rest = plain(text).partition(":")
    if text.startswith(("/", "~", ".")) or not colon:
        raise ValueError(f"must be a URL, not a plain path: write file:// before the absolute path, {form}")
    if scheme.lower() != "file":
        raise ValueError(f"must be a file: URL, {form}; only file: is supported in this version")
    if not rest.startswith("///"):
        raise ValueError(f"must have three slashes after file: and then an absolute path, {form}")
    if "?" in rest or "#" in rest:
        raise ValueError("must not contain ? or #; write %3F or %23 for one in a folder's name")
    if re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        raise ValueError("must have two hexadecimal digits after each %; write %25 for a % in a folder's name")
    try:
        folder = unquote_to_bytes(urlsplit(text).path).decode()
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8 behind its % escapes") from None
    plain(folder)
    if not folder.strip("/"):
        raise ValueError(f"must name a folder, {form}")
    return text


def _seconds_or_off(value: Any) -> Any:
    if value is True:
        raise ValueError("must be 0 or false (off), or the interval in seconds from 10 to 1800; 15 is customary")
    return 0 if value is False else value


def _table_or_switch(value: Any) -> Any:
    return {"enabled": value} if isinstance(value, bool) else value


def _zero_or(low: int, high: int) -> AfterValidator:
    def check(number: int) -> int:
        if number != 0 and not low <= number <= high:
            raise ValueError(f"must be 0 (off), or {low} to {high}")
        return number

    return AfterValidator(check)


def _integer_or_zero(low: int, high: int, *also: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [{"const": 0}, {"type": "integer", "minimum": low, "maximum": high}, *also]})


def _or_boolean(schema: dict[str, Any]) -> None:
    # Before 2.9 pydantic wraps a reference that has siblings in allOf.
    table = schema.pop("allOf") if "allOf" in schema else [{"$ref": schema.pop("$ref")}]
    schema["anyOf"] = [*table, {"type": "boolean"}]


def _filled(text: str) -> str:
    if not plain(text).strip():
        raise ValueError("must not be empty")
    return text


Text = Annotated[str, AfterValidator(plain), Form("text")]
FilledText = Annotated[str, AfterValidator(_filled), Form("text, not empty")]
PhoneName = Annotated[str, AfterValidator(plain), AfterValidator(lambda name: name or "Deskphone"), Form("text")]
Country = Annotated[str, AfterValidator(_country), Form(f'"" or one of {", ".join(COUNTRIES)}')]
Listen = Annotated[str, AfterValidator(listen_address), Form("host:port, an IPv6 address in brackets, port 0 = any")]
Domain = Annotated[str, AfterValidator(domain), Form('"", or host or host:port')]
SipAccount = Annotated[str, AfterValidator(sip_account), Form("sip:user@host or sip:user@host:port (or sips:)")]
SipServer = Annotated[str, AfterValidator(sip_server), Form('"", or sip:host or sip:host:port (or sips:)')]
DisplayName = Annotated[str, AfterValidator(_display_name), Form("text without a backslash")]
RtpPorts = Annotated[
    str,
    AfterValidator(_rtp_ports),
    Form(f'"", or low-high within 1024 to 65535, low even, at least {_FEWEST_RTP_PORTS} ports'),
]
Codecs = Annotated[
    tuple[Literal["g722", "pcma", "pcmu", "opus"], ...],
    Field(strict=False),
    AfterValidator(_codecs),
    Form("a list of g722, pcma, pcmu, opus, not empty, each at most once"),
]
Numbers = Annotated[
    tuple[Annotated[str, AfterValidator(_number), Form("a number in quotes: digits, *, # and +")], ...],
    Field(strict=False),
    AfterValidator(_distinct),
    Form("a list of numbers in quotes"),
]
Pattern = Annotated[str, AfterValidator(_pattern), Form("a regular expression")]
Password = Annotated[SecretStr, AfterValidator(secret_text), Form("text in one line")]
FileName = Annotated[str, AfterValidator(_file_name), Form('"" or a file name')]
FolderName = Annotated[str, AfterValidator(_file_name), Form('"" or the name of a folder')]
SecretFile = Annotated[str, AfterValidator(_secret_file), Form('"" or the name of a file that holds one line')]
StorageUrl = Annotated[str, AfterValidator(_storage_url), Form("file: and an absolute path, %-escaped: file:///...")]
Switch = Annotated[bool, Form("true or false")]
RegistrationSeconds = Annotated[int, Field(ge=30, le=86400), Form("a whole number, 30 to 86400")]
ReminderSeconds = Annotated[
    int, _zero_or(10, 3600), _integer_or_zero(10, 3600), Form("0 (off), or a whole number, 10 to 3600")
]
RepeatSeconds = Annotated[
    int,
    BeforeValidator(_seconds_or_off),
    _zero_or(10, 1800),
    _integer_or_zero(10, 1800, {"const": False}),
    Form("0 or false (off), or a whole number, 10 to 1800"),
]
UpToAMinute = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False), Form("a number, 0 to 60")]
LevelDbm0 = Annotated[float, Field(ge=-40, le=0, allow_inf_nan=False), Form("a number, -40 to 0")]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), Form("a number, 0 to 1")]
Megabytes = Annotated[int, Field(ge=1), Form("a whole number, 1 or more")]
TableOrSwitch = (BeforeValidator(_table_or_switch), Field(json_schema_extra=_or_boolean))
