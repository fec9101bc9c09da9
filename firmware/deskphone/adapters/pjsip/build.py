"""Which pjsua2 is installed, and what it lacks of what the phone would use."""

import contextlib
import ctypes
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import pjsua2 as pj

_WANTED_CODECS = {"G722": "G.722", "PCMA": "PCMA", "PCMU": "PCMU", "opus": "Opus"}
_WANTED_PARTS = {
    "alsa": "ALSA: no sound card can be used",
    "srtp-sdes": "SRTP: no encrypted audio",
    "openssl3": "the system's OpenSSL 3: security updates do not reach its TLS",
    "g722-level": "G.722 at the level of other phones: it is 6 dB off",
    "recorder-buffer": "the recorder that writes each frame: a recording begins up to 0.13 s late on the display",
}
"""Parts that our own build names in its build.json, and what is lost without them."""


@dataclass(frozen=True, slots=True)
class Build:
    """`distribution` and `version` as pip knows them; `lacks` in words, empty when nothing is missing."""

    distribution: str
    version: str
    pjproject: str
    codecs: tuple[str, ...]
    lacks: tuple[str, ...]


def inspect_build() -> Build:
    """Ask the installed module. To be called where no endpoint lives; it starts one for a moment."""
    distribution = _distribution()
    recipe = _recipe(distribution)
    version, codecs = _ask_library()
    lacks = [f"the codec {name}" for key, name in _WANTED_CODECS.items() if key not in codecs]
    lacks += [text for part, text in _WANTED_PARTS.items() if part not in recipe.get("parts", [])]
    if not hasattr(pj.Endpoint, "onRxUnhandledRequest"):
        lacks.append("the callback for unhandled requests: check-sync of a provisioning server is not heard")
    if not hasattr(pj, "PJMEDIA_JB_DISCARD_NONE"):
        lacks.append("a jitter buffer that leaves out nothing: recordings may lack 10 ms now and then")
    if recipe.get("assertions", True):
        lacks.append("a build without assertions: a fault of the library would end the phone")
    return Build(
        distribution.name if distribution is not None else "pjsua2",
        distribution.version if distribution is not None else "unknown",
        version,
        tuple(codecs),
        tuple(lacks),
    )


def _distribution() -> metadata.Distribution | None:
    for name in metadata.packages_distributions().get("pjsua2", []):
        return metadata.distribution(name)
    return None


def _recipe(distribution: metadata.Distribution | None) -> dict[str, Any]:
    """What our own build has written about itself; empty for others."""
    text = distribution.read_text("build.json") if distribution is not None else None
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _ask_library() -> tuple[str, list[str]]:
    endpoint = pj.Endpoint()
    with _quiet_stdout():  # libCreate prints there before it can be told not to
        endpoint.libCreate()
    try:
        config = pj.EpConfig()
        config.logConfig.level = 0
        config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt = 0
        endpoint.libInit(config)
        version = endpoint.libVersion()
        found = endpoint.codecEnum2()
        codecs = sorted({codec.codecId.partition("/")[0] for codec in found})
        return str(version.full), codecs
    finally:
        endpoint.libDestroy()


@contextlib.contextmanager
def _quiet_stdout() -> Iterator[None]:
    """C code's stdout to nowhere; only for a process with one thread."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a file descriptor is wanted, not a path
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(kept, 1)
        os.close(kept)
