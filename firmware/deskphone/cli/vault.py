"""`deskphone vault`: the vault's process, started from the phone's own configuration."""

from pathlib import Path

from deskphone.app.logs import start_logging
from deskphone.app.settings import memory_folder
from deskphone.config.load import load
from deskphone.errors import DeskphoneError


class VaultBusyError(DeskphoneError, RuntimeError):
    """Another vault serves the same folder."""


def serve(config_path: Path, memory: Path | None, *, child: bool) -> None:
    """Until SIGTERM or SIGINT. Raises `ConfigError` and `VaultBusyError`."""
    config = load(config_path)
    start_logging(config.log.level)
    root = memory or memory_folder(config, config_path)
    from deskphone.vault.process import run_vault

    try:
        run_vault(
            root,
            config.storage.url,
            config.storage.format,
            low_water_bytes=config.storage.low_water_mb * 1_000_000,
            child=child,
        )
    except BlockingIOError:
        raise VaultBusyError(f"another vault already serves {root}; stop it first") from None
