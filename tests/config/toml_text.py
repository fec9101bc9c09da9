"""TOML texts for the tests: a file with one key set."""

from typing import Any

from deskphone.config.model import Config

_ACCOUNT = 'uri = "sip:1001@pbx.example.com"\n'


def with_key(key: str, literal: str) -> str:
    """A file with `key` (`sip.listen`; a key of the first account as `sip.accounts.uri`) as the TOML `literal`."""
    section, _, name = key.rpartition(".")
    if section == "sip.accounts":
        return f"[[sip.accounts]]\n{'' if name == 'uri' else _ACCOUNT}{name} = {literal}\n"
    return f"[{section}]\n{name} = {literal}\n" if section else f"{name} = {literal}\n"


def key_in_errors(key: str) -> str:
    """How an error names that key."""
    return key.replace("sip.accounts.", "sip.accounts[0].")


def value_of(config: Config, key: str) -> Any:
    """The value behind that key."""
    value: Any = config
    for part in key.split("."):
        value = getattr(value[0] if isinstance(value, tuple) else value, part)
    return value
