"""A long take needs no more memory than a short one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from deskphone.vault.reading import list_recordings
from tests.vault.phone_double import RATE, PhoneDouble, VaultProcess, noise, wait_until

MINUTES = 30
LEAD_SECONDS = 20
MAX_BYTES = 3_000_000
"""The lead of this phone over the vault and two files' pages take 1.9 MB. 30 minutes are 115 MB."""


def _used(folder: Path) -> int:
    """Bytes that the segments take. (The encoded file is freed twice a second: long, at this speed.)"""
    total = 0
    for path in folder.glob("*-???.wav"):
        try:
            total += path.stat().st_blocks * 512
        except FileNotFoundError:
            continue
    return total


def _released(folder: Path) -> int:
    try:
        return int((folder / "progress.json").read_text().split('"released": ')[1].split(",")[0])
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("segments", [1, 30])
def test_memory_stays_flat(root: Path, storage: Path, make_vault: Callable[..., VaultProcess], segments: int) -> None:
    vault = make_vault("wav")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    sound = noise(10, 30)
    peak = written = 0
    for block in range(MINUTES * 6):
        if block and block % (MINUTES * 6 // segments) == 0:
            phone.pause()
            phone.start()
        phone.write(sound)
        written += 10
        wait_until(lambda: _released(phone.folder.path) / RATE >= written - LEAD_SECONDS, "memory is freed")  # noqa: B023
        peak = max(peak, _used(phone.folder.path))
    assert peak < MAX_BYTES, peak
    assert len(list(phone.folder.path.glob("near-*.wav"))) <= 2
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert sidecar.duration_seconds == MINUTES * 60
    with soundfile.SoundFile(storage / f"{sidecar.file}") as file:
        while len(block_read := file.read(len(sound), dtype="int16")):
            assert np.array_equal(block_read, sound)


def test_memory_of_encoded_audio_is_freed_too(
    root: Path, storage: Path, make_vault: Callable[..., VaultProcess]
) -> None:
    vault = make_vault("wav")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(noise(120, 31))
    spool = phone.folder.path / "spool-1.wav"
    wait_until(
        lambda: spool.exists() and spool.stat().st_size > 120 * RATE * 4 and spool.stat().st_blocks * 512 < 100_000,
        "the encoded file is freed behind what is in storage",
    )
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert np.array_equal(soundfile.read(storage / f"{sidecar.file}", dtype="int16")[0], noise(120, 31))
