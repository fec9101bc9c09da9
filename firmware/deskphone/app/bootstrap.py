"""`deskphone run`: the first picture, then the configuration, then the phone; and again when the file was mended.

The first frame comes before anything slow (SIP, pydantic, aiohttp) is imported.
"""

import asyncio
import logging
import signal
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskphone import __version__
from deskphone.adapters.oled.display import OledDisplay
from deskphone.app.logs import start_logging
from deskphone.core.view import Idle, View
from deskphone.ui.screens import Surroundings, render
from deskphone.ui.texts import LANGUAGES, Texts

if TYPE_CHECKING:
    from deskphone.app.phone import RunningPhone
    from deskphone.config.model import Config

log = logging.getLogger("deskphone.app")

_WATCH_SECONDS = 0.5
_DEFAULT_LISTEN = "127.0.0.1:8080"


def run_phone(config_path: Path, *, simulate: bool, listen: str | None, with_vault: bool) -> int:
    """Run until SIGTERM or SIGINT; the exit status. Raises `DeskphoneError` for what a person can put right."""
    start_logging("info")
    face = Face(_peek(config_path), simulate=simulate)
    face.display.show_now(View(Idle("registering")))
    return asyncio.run(_run(config_path, face, simulate=simulate, listen=listen, with_vault=with_vault))


class Face:
    """The display with the words and facts that its pictures need; the configuration changes them once it is read."""

    def __init__(self, phone: dict[str, Any], *, simulate: bool) -> None:
        language = phone.get("language")
        self.texts = Texts(language if language in LANGUAGES else "sv")
        name = phone.get("name")
        self._name = name if isinstance(name, str) else ""
        self._account = ""
        self._address = ""
        self.display = OledDisplay(_device(simulate), self._draw)

    def adopt(self, config: "Config") -> None:
        """Show what the configuration says from now on."""
        self.texts = Texts(config.phone.language)
        self._name = config.phone.name
        self._account = config.sip.accounts[0].uri if config.sip.accounts else ""

    def listening(self, address: str) -> None:
        """Where HTTP is served, for the page about this phone."""
        self._address = address

    def _draw(self, view: View) -> Any:
        now = time.time()
        return render(
            view,
            self.texts,
            Surroundings(
                name=self._name,
                local_time=time.localtime(now),
                version=__version__,
                account=self._account,
                address=self._address,
            ),
        )


async def _run(config_path: Path, face: Face, *, simulate: bool, listen: str | None, with_vault: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    config = await _configuration(config_path, face, listen, stop)
    if config is None:
        return 0
    face.adopt(config)
    start_logging(config.log.level)
    await _serve(config, config_path, face, simulate=simulate, listen=listen, with_vault=with_vault, stop=stop)
    return 0


async def _configuration(config_path: Path, face: Face, listen: str | None, stop: asyncio.Event) -> "Config | None":
    """The configuration. While it cannot be used, display, log and HTTP say so, and a better one is waited for."""
    from deskphone.app.misconfigured import MisconfiguredPhone
    from deskphone.config.load import ConfigError, load
    from deskphone.web.server import serving

    try:
        return load(config_path)
    except ConfigError as error:
        problem = error
    phone = MisconfiguredPhone(face.display, face.texts)
    async with serving(phone, listen or _DEFAULT_LISTEN, fingers=False) as address:
        log.info("HTTP on http://%s", address)
        while True:
            log.error("the configuration cannot be used:\n%s\nmend the file; it is read again when it changes", problem)
            phone.tell(problem)
            before = _stamp(config_path)
            while _stamp(config_path) == before:
                if await _happened(stop, _WATCH_SECONDS):
                    await phone.close()
                    return None
            try:
                config = load(config_path)
            except ConfigError as error:
                problem = error
                continue
            log.info("the configuration can be used now")
            return config


async def _serve(
    config: "Config",
    config_path: Path,
    face: Face,
    *,
    simulate: bool,
    listen: str | None,
    with_vault: bool,
    stop: asyncio.Event,
) -> None:
    from deskphone.adapters import clock
    from deskphone.adapters.vault.child import VaultChild
    from deskphone.app.phone import RunningPhone
    from deskphone.app.settings import core_settings, memory_folder, sip_settings
    from deskphone.web.server import serving

    memory = memory_folder(config, config_path)
    if simulate:
        _make_storage(config)
    fingers, factory = _pins(simulate)
    vault = VaultChild(config_path, memory) if with_vault else None
    phone = RunningPhone(core_settings(config), memory, face.display, face.texts, fingers, factory, vault)
    from deskphone.adapters.pjsip.engine import PjsipEngine

    engine = PjsipEngine(sip_settings(config, memory, simulate=simulate), phone.bridge.post, clock.now)
    async with serving(phone, listen or config.web.listen, fingers=simulate) as address:
        face.listening(address)
        await phone.open(engine)
        try:
            log.info("HTTP on http://%s", address)
            await _until_stopped(phone, stop)
        finally:
            await phone.close()


async def _until_stopped(phone: "RunningPhone", stop: asyncio.Event) -> None:
    await stop.wait()
    log.info("told to stop: ending calls, completing recordings")
    phone.request_stop()
    await phone.run()


def _peek(config_path: Path) -> dict[str, Any]:
    """Name and language for the first frame, without judging the file: that comes later, with all its faults."""
    try:
        phone = tomllib.loads(config_path.read_text(encoding="utf-8")).get("phone", {})
    except (OSError, UnicodeError, tomllib.TOMLDecodeError):
        return {}
    return phone if isinstance(phone, dict) else {}


def _device(simulate: bool) -> Any:
    if simulate:
        from deskphone.adapters.oled.simulated import simulated_device

        return simulated_device()
    from deskphone.adapters.oled.bus import oled_device

    return oled_device()


def _pins(simulate: bool) -> tuple[Any, Any]:
    """The simulated fingers, if any, and the pin factory of keys and LED."""
    if simulate:
        from deskphone.adapters.gpio.simulated import SimulatedFingers

        fingers = SimulatedFingers()
        return fingers, fingers.factory
    from deskphone.adapters.gpio.factory import wired_factory

    return None, wired_factory()


def _make_storage(config: "Config") -> None:
    """A simulated phone makes its storage folder; a real one's is made when it is installed, so that a disk that is
    not mounted is noticed and not hidden by an empty folder."""
    from deskphone.vault.names import storage_folder

    folder = storage_folder(config.storage.url)
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        log.error("the storage folder %s cannot be made: %s", folder, error.strerror)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


async def _happened(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
