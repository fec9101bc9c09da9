"""How an address is written: host and port, and SIP URIs (RFC 3261 §19.1, RFC 3986 §3.2.2).

Validators raise `ValueError` with what to do; none repeats the text, which may hold a password in the wrong place.
"""

import ipaddress
import re
from urllib.parse import unquote

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_HOST_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\[\]:]*)(?::(?P<port>[0-9]{1,5}))?")
_USER = re.compile(r"(?:[A-Za-z0-9\-_.!~*'()&=+$,/]|%[0-9A-Fa-f]{2})+")


def plain(text: str) -> str:
    """Text without control characters, which have no place in a SIP header, on the display or in a file name."""
    if any(ord(ch) < 32 or 127 <= ord(ch) < 160 for ch in text):
        raise ValueError("must not contain line breaks or other control characters; remove them")
    return text


def _check_host(host: str) -> None:
    """A host name, an IPv4 address, or an IPv6 address in brackets. Raises `ValueError`."""
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            raise ValueError("must have a valid IPv6 address between the brackets, as in [::1]") from None
    elif re.fullmatch(r"[0-9.]+", host):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise ValueError("must have a valid IPv4 address, four numbers from 0 to 255, as in 192.0.2.7") from None
    elif len(host) > 253 or not _HOST_NAME.fullmatch(host):
        raise ValueError("must have a valid host name or address (an IPv6 address stands in brackets, as in [::1])")


def _split_host(text: str) -> tuple[str, int | None]:
    match = _HOST_PORT.fullmatch(text)
    if match is None:
        if text.count(":") > 1 and "[" not in text:
            raise ValueError("must have its IPv6 address in brackets, as in [::1]")
        raise ValueError("must be a host and a port from 0 to 65535, as in 192.0.2.7:5060")
    if match["host"] == "":
        raise ValueError("must begin with a host or address; 0.0.0.0 stands for every address of the phone")
    _check_host(match["host"])
    port = int(match["port"]) if match["port"] else None
    if port is not None and port > 65535:
        raise ValueError("must have a port from 0 to 65535")
    return match["host"], port


def listen_address(text: str) -> str:
    """`host:port`; port 0 is any."""
    if re.fullmatch(r"[^:]*|\[[^\]]*\]", plain(text)):
        raise ValueError("must end in a colon and a port, as in 0.0.0.0:5060 (port 0 = any that is free)")
    _split_host(text)
    return text


def domain(text: str) -> str:
    """`host` or `host:port`, or empty."""
    if plain(text) and _split_host(text)[1] == 0:
        raise ValueError("must have a port from 1 to 65535, or none")
    return text


def _sip(text: str) -> tuple[str, str]:
    """User (still escaped, or empty) and what follows the host and port. Raises `ValueError`."""
    scheme, colon, rest = plain(text).partition(":")
    if not colon or scheme.lower() not in ("sip", "sips"):
        raise ValueError("must begin with sip: or sips:")
    address, _, parameters = rest.partition(";")
    if "@" in parameters:
        raise ValueError("must have its parameters (;...) after the host, not in the user part")
    user, at, host = address.rpartition("@")
    if at and ":" in user:
        raise ValueError("must not carry a password: leave it out here and set password or password_file")
    if at and not _USER.fullmatch(user):
        raise ValueError(
            "must have a user part of letters, digits and - _ . ! ~ * ' ( ) & = + $ , / (write others as %XX)"
        )
    if any(ch in rest for ch in ' <>"?'):
        raise ValueError('must not contain blanks, < > " or ?')
    plain(unquote(user))
    if _split_host(host)[1] == 0:
        raise ValueError("must have a port from 1 to 65535, or none")
    return user, parameters


def sip_account(text: str) -> str:
    """The address of an account: `sip:user@host[:port]`."""
    user, parameters = _sip(text)
    if not user:
        raise ValueError("must have a user before the host, as in sip:1001@pbx.example.com")
    if parameters or ";" in text:
        raise ValueError("must not have parameters (;...); the transport is set by sip.transport")
    return text


def sip_server(text: str) -> str:
    """The address of a registrar or proxy, or empty: `sip:host[:port][;parameters]`."""
    if text:
        _sip(text)
    return text


def user_part(uri: str) -> str:
    """The user of a valid account address, its escapes resolved."""
    return unquote(uri.partition(":")[2].rpartition("@")[0])
