"""Storage that is full, missing or read-only: audio waits in memory, and goes on by itself."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from deskphone.take.folder import list_takes
from deskphone.take.outcome import StorageCondition, parse_report, storage_path
from deskphone.vault.reading import list_recordings, verify
from tests.vault.phone_double import RATE, PhoneDouble, VaultProcess, names, noise, wait_until

MakeVault = Callable[..., VaultProcess]
SMALL_BYTES = 1_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting takes root")
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_BYTES}", "small", str(folder)], check=False)
    if made.returncode != 0:
        pytest.skip("this machine mounts nothing")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("low_water", "storage_format"), [(0, "wav"), (0, "flac"), (300_000, "wav")])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_disk_that_fills_up_loses_nothing(
    root: Path, small_disk: Path, make_vault: MakeVault, low_water: int, storage_format: str, restarted: bool
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(500_000 if low_water == 0 else 750_000))
    sound = noise(25, 20)[: 12 * RATE]
    vault = make_vault(storage_format, low_water=low_water, folder=small_disk)
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(sound[: 11 * RATE])
    assert vault.wait_for_storage("full").reason
    assert parse_report(storage_path(root).read_bytes()) == vault.wait_for_storage("full")
    phone.write(sound[11 * RATE :])
    phone.hang_up()
    if restarted:
        vault.kill()
        vault.start()
    assert list_takes(root) == [phone.folder.path]
    assert list_recordings(small_disk) == []
    ballast.unlink()
    vault.wait_for(phone.record.take_id, "stored")
    vault.wait_for_storage("ok")
    (sidecar,) = list_recordings(small_disk)
    assert verify(small_disk, sidecar)
    assert np.array_equal(soundfile.read(small_disk / f"{sidecar.file}", dtype="int16")[0], sound)
    assert names(small_disk) == sorted([f"{sidecar.file}", f"{sidecar.take_id}.json"])


@pytest.mark.parametrize("restarted", [False, True])
def test_a_folder_that_goes_and_comes_back(
    root: Path, storage: Path, make_vault: MakeVault, tmp_path: Path, restarted: bool
) -> None:
    sound = noise(20, 21)
    away = tmp_path / "away"
    vault = make_vault("flac")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(sound[: 12 * RATE])
    vault.wait_for(phone.record.take_id, "storing")
    progress = phone.folder.path / "progress.json"
    wait_until(lambda: '"released": 0' not in progress.read_text(), "memory was freed")
    storage.rename(away)
    vault.wait_for_storage("missing")
    if restarted:
        vault.kill()
        vault.start()
    phone.write(sound[12 * RATE :])
    phone.hang_up()
    assert not storage.exists()
    away.rename(storage)
    vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert np.array_equal(soundfile.read(storage / f"{sidecar.file}", dtype="int16")[0], sound)


def test_another_empty_folder_in_its_place_is_not_written_over(
    root: Path, storage: Path, make_vault: MakeVault, tmp_path: Path
) -> None:
    """The disk of the running take is unmounted; what lies below must not get half of it."""
    sound = noise(30, 22)
    away = tmp_path / "away"
    vault = make_vault("wav")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(sound[: 12 * RATE])
    vault.wait_for(phone.record.take_id, "storing")
    progress = phone.folder.path / "progress.json"
    wait_until(lambda: '"released": 0' not in progress.read_text(), "memory was freed")
    storage.rename(away)
    storage.mkdir()
    phone.write(sound[12 * RATE :])
    phone.hang_up()
    vault.wait_for_storage("missing")
    vault.kill()
    vault.heard.clear()
    vault.start()
    vault.wait_for_storage("missing")
    assert list_recordings(storage) == []
    vault.kill()
    for path in storage.iterdir():
        path.unlink()
    storage.rmdir()
    away.rename(storage)
    vault.start()
    vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert np.array_equal(soundfile.read(storage / f"{sidecar.file}", dtype="int16")[0], sound)


def test_the_vault_never_makes_the_storage_folder(root: Path, tmp_path: Path, make_vault: MakeVault) -> None:
    vault = make_vault(folder=tmp_path / "unmounted" / "recordings")
    vault.start()
    assert vault.wait_for_storage("missing") == StorageCondition("missing", "the storage folder does not exist")
    assert not (tmp_path / "unmounted").exists()


def test_a_second_vault_on_the_same_memory_gives_up(root: Path, make_vault: MakeVault) -> None:
    first = make_vault()
    first.start()
    first.wait_for_storage("ok")
    first_again = first.__class__.__new__(first.__class__)
    first_again.__dict__ = dict(first.__dict__)
    first_again.start()
    assert first_again.wait() != 0
    assert "BlockingIOError" in first.log()
