"""The configuration, translated into what core and adapters are built from."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from deskphone import __version__
from deskphone.adapters import clock
from deskphone.adapters.pjsip.settings import AccountSettings, SipSettings, TlsSettings
from deskphone.core.commands import Audience
from deskphone.core.recording import Mode
from deskphone.core.settings import NoticeSettings, OnFailure, OnHold, PauseResume, Settings

if TYPE_CHECKING:
    from deskphone.config.model import Config

_COUNTRIES = {"sv": "SE", "en": "US"}


def core_settings(config: "Config") -> Settings:
    """What the core decides by."""
    recording, notice = config.recording, config.notice
    return Settings(
        mode=Mode(recording.mode),
        on_hold=OnHold(recording.on_hold),
        on_failure=OnFailure(recording.on_failure),
        failure_applies_to_on_demand=recording.failure_applies_to_on_demand,
        pause_reminder_seconds=recording.pause_reminder_seconds,
        banner_seconds=float(config.indicator.banner_seconds),
        notices=NoticeSettings(
            on_demand=notice.announcement.on_demand,
            internal_calls=notice.announcement.internal_calls,
            pstn_calls=notice.announcement.pstn_calls,
            pause_resume=PauseResume(notice.pause_resume),
            repeat_beep_seconds=notice.repeat_beep_seconds,
            audience=Audience(notice.audience),
            compliance=notice.compliance_announcement.enabled,
            compliance_delay=float(notice.compliance_announcement.delay_seconds),
        ),
        ids=secrets.token_hex(2),
    )


def sip_settings(config: "Config", memory: Path, *, simulate: bool) -> SipSettings:
    """What the SIP adapter is built from. The file microphone and earpiece are the simulated phone's only."""
    host, _, port = config.sip.listen.rpartition(":")
    ports = config.sip.rtp_ports
    low, _, high = ports.partition("-")
    device = config.audio.device
    return SipSettings(
        host=host.strip("[]"),
        port=int(port),
        transport=config.sip.transport,
        codecs=tuple(config.sip.codecs),
        accounts=tuple(
            AccountSettings(
                uri=account.uri,
                username=account.username,
                password=account.secret(),
                registrar=account.registrar,
                display_name=account.display_name,
                proxy=account.proxy,
            )
            for account in config.sip.accounts
        ),
        registration_seconds=config.sip.registration_seconds,
        rtp_ports=(int(low), int(high)) if ports else None,
        tls=TlsSettings(
            config.sip.tls.ca_file, config.sip.tls.cert_file, config.sip.tls.key_file, config.sip.tls.verify
        ),
        internal=config.dialling.internal,
        emergency=tuple(config.dialling.emergency),
        domain=config.dialling.domain,
        language=config.phone.language,
        country=config.phone.country or _COUNTRIES[config.phone.language],
        tone_level_dbm0=float(config.notice.level_dbm0),
        local_level=float(config.notice.local_level),
        prompts=Path(config.notice.prompts.dir) if config.notice.prompts.dir else None,
        sound_device="null" if simulate and device == "default" else device,
        microphone_file=_file(config.audio.microphone_file) if simulate else None,
        earpiece_file=_file(config.audio.earpiece_file) if simulate else None,
        memory=memory,
        device_id=config.phone.device_id or device_id(),
        software_version=__version__,
        clock_trusted=clock.trusted,
        log_numbers=config.log.numbers,
    )


def memory_folder(config: "Config", config_path: Path) -> Path:
    """The folder in memory for takes: as configured, else the unit's own, else one for this configuration file."""
    if config.storage.memory:
        return Path(config.storage.memory)
    if runtime := os.environ.get("RUNTIME_DIRECTORY"):
        return Path(runtime.partition(":")[0])
    mark = hashlib.sha256(str(config_path.resolve()).encode()).hexdigest()[:8]
    return Path(f"/dev/shm/deskphone-{os.getuid()}-{mark}")


def device_id() -> str:
    """A stable name for this device that does not reveal the machine id (as machine-id(5) asks)."""
    try:
        machine = Path("/etc/machine-id").read_text().strip()
    except OSError:
        machine = os.uname().nodename
    return hashlib.sha256(f"deskphone {machine}".encode()).hexdigest()[:12]


def _file(name: str) -> Path | None:
    return Path(name) if name else None
