"""The vault as a child process, for machines without its systemd unit; started again when it dies."""

import asyncio
import logging
import sys
from pathlib import Path

log = logging.getLogger("deskphone.vault")

_RESTART_SECONDS = 0.5
_STOP_SECONDS = 5.0


class VaultChild:
    """Runs `deskphone vault` with the phone's own configuration."""

    def __init__(self, config: Path, memory: Path) -> None:
        self._command = [
            sys.executable,
            "-m",
            "deskphone.cli",
            "vault",
            "--config",
            str(config),
            "--memory",
            str(memory),
            "--child",
        ]
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None else None

    async def open(self) -> None:
        """Start it, and keep it running. In a session of its own, so that Ctrl-C is the phone's to pass on."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        self._task = asyncio.create_task(self._keep(), name="vault-child")

    async def close(self) -> None:
        """End it: it finishes what it can within its own limit."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
            except TimeoutError:
                log.error(
                    "the vault did not end in %.0f s and was killed; its work is recovered at the next start",
                    _STOP_SECONDS,
                )
                self._process.kill()
                await self._process.wait()

    async def _keep(self) -> None:
        while self._process is not None:
            code = await self._process.wait()
            log.error("the vault ended (%s); it is started again", code)
            await asyncio.sleep(_RESTART_SECONDS)
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
            )
