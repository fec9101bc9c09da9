"""Folders and processes for the vault's tests."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.vault.phone_double import VaultProcess


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A memory folder, really in memory where the machine has /dev/shm."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="deskphone-test-", dir=memory if memory.is_dir() else tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """An empty storage folder."""
    folder = tmp_path / "storage"
    folder.mkdir()
    return folder


@pytest.fixture
def make_vault(root: Path, storage: Path) -> Iterator[Callable[..., VaultProcess]]:
    """Makes a vault (not yet started) over `root` and `storage`; ended with the test."""
    made: list[VaultProcess] = []

    def make(storage_format: str = "flac", *, low_water: int = 0, folder: Path = storage) -> VaultProcess:
        made.append(VaultProcess(root, folder, storage_format, low_water))
        return made[-1]

    yield make
    for vault in made:
        vault.close()
