"""Hears what the vault reports, and reads what it reported while the phone was not there."""

import asyncio
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from deskphone.core.events import Event, StorageChanged, TakeOutcome
from deskphone.core.instant import Instant
from deskphone.take.codec import RecordError
from deskphone.take.outcome import Outcome, Report, parse_report, socket_path, storage_path

log = logging.getLogger("deskphone.vault")


class VaultListener(asyncio.DatagramProtocol):
    """A Unix datagram socket; the vault never waits for us."""

    def __init__(self, memory: Path, post: Callable[[Event], None], now: Callable[[], Instant]) -> None:
        self._memory = memory
        self._post = post
        self._now = now
        self._transport: asyncio.BaseTransport | None = None

    async def open(self) -> None:
        """Listen from now on. Raises `OSError`."""
        path = socket_path(self._memory)
        path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=str(path), family=socket.AF_UNIX
        )
        path.chmod(0o600)
        self._read_condition()

    def close(self) -> None:
        """Listen no more."""
        if self._transport is not None:
            self._transport.close()
            socket_path(self._memory).unlink(missing_ok=True)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """One report of the vault."""
        try:
            self._tell(parse_report(data))
        except RecordError as error:
            log.error("a report of the vault cannot be understood: %s", error)

    def _read_condition(self) -> None:
        try:
            self._tell(parse_report(storage_path(self._memory).read_bytes()))
        except FileNotFoundError:
            return
        except (OSError, RecordError) as error:
            log.error("the storage condition cannot be read: %s", error)

    def _tell(self, report: Report) -> None:
        if isinstance(report, Outcome):
            self._post(TakeOutcome(self._now(), report.take_id, report.state, report.path, report.reason))
        else:
            self._post(
                StorageChanged(self._now(), report.storage == "ok", None if report.storage == "ok" else report.storage)
            )
