"""What the SIP adapter has to know of the configuration and of this device."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """One registration; `password` never leaves this object for a log."""

    uri: str
    username: str
    password: str
    registrar: str = ""
    display_name: str = ""
    proxy: str = ""

    def __repr__(self) -> str:
        return f"AccountSettings(uri={self.uri!r})"


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Files in PEM format; empty means the system's authorities and no certificate of our own."""

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    verify: bool = True


@dataclass(frozen=True, slots=True)
class SipSettings:
    """Everything the adapter is built from; `rtp_ports` is a range or None for any."""

    host: str
    port: int
    transport: str
    codecs: tuple[str, ...]
    accounts: tuple[AccountSettings, ...]
    registration_seconds: int
    rtp_ports: tuple[int, int] | None
    tls: TlsSettings
    internal: str
    emergency: tuple[str, ...]
    domain: str
    language: str
    country: str
    tone_level_dbm0: float
    local_level: float
    prompts: Path | None
    sound_device: str
    microphone_file: Path | None
    earpiece_file: Path | None
    memory: Path
    device_id: str
    software_version: str
    clock_trusted: Callable[[], bool]
    log_numbers: bool = False
