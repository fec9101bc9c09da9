"""kill -9 of either process, and the power cut: nothing that was captured is lost."""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from deskphone.take.folder import list_takes, takes_folder
from deskphone.vault.reading import list_recordings, verify
from tests.vault.phone_double import (
    RATE,
    TICK,
    PhoneDouble,
    Samples,
    VaultProcess,
    environment,
    names,
    noise,
    wait_until,
)

MakeVault = Callable[..., VaultProcess]
KILLS = int(os.environ.get("DESKPHONE_TEST_KILLS", "20"))

_PHONE = """
import sys, threading
from pathlib import Path
from tests.vault.phone_double import PhoneDouble, RATE, TICK, names, noise
sound = noise(30, 9)
phone = PhoneDouble(Path(sys.argv[1]))
print(phone.record.take_id, flush=True)
pace = threading.Event()
phone.start()
for at in range(0, len(sound), TICK):
    if at == 2 * RATE:
        phone.pause()
        phone.start()
    phone.write(sound[at : at + TICK])
    print(at + TICK, flush=True)
    pace.wait(0.002)
"""


def play(phone: PhoneDouble, sound: Samples, seconds: float) -> None:
    """Write `sound` evenly over `seconds`."""
    pace = threading.Event()
    begin = time.monotonic()
    for at in range(0, len(sound), TICK):
        phone.write(sound[at : at + TICK])
        pace.wait(max(0.0, begin + seconds * at / len(sound) - time.monotonic()))


@pytest.mark.parametrize(("storage_format", "kills"), [("flac", KILLS), ("opus", 3)])
def test_killing_the_vault_at_any_moment_loses_and_doubles_nothing(
    root: Path, storage: Path, make_vault: MakeVault, storage_format: str, kills: int
) -> None:
    """Over one call of a minute that runs faster than real time.

    Opus takes few kills: each makes it encode the beginning once more, and this noise is no speech.
    """
    sound = noise(60, 7)
    dice = random.Random(storage_format)
    vault = make_vault(storage_format)
    phone = PhoneDouble(root)
    phone.start()
    seconds = 0.45 * kills
    player = threading.Thread(target=play, args=(phone, sound, seconds))
    player.start()
    pace = threading.Event()
    for _ in range(kills):
        vault.start()
        pace.wait(dice.uniform(0.2, 0.7))
        vault.kill()
        assert len(list_recordings(storage)) == 0
    player.join()
    vault.start()
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored", 30)
    (sidecar,) = list_recordings(storage)
    assert names(storage) == sorted([f"{sidecar.file}", f"{sidecar.take_id}.json"])
    assert sidecar.duration_seconds == 60
    assert verify(storage, sidecar)
    frames, _ = soundfile.read(storage / f"{sidecar.file}", dtype="int16")
    if storage_format == "flac":
        assert np.array_equal(frames, sound)
    else:
        for second in range(0, 60, 5):
            here = slice(second * RATE, (second + 5) * RATE)
            assert np.corrcoef(frames[here, 0], sound[here, 0])[0, 1] > 0.8
    assert "frames lost" not in vault.log()


@pytest.mark.parametrize("storage_format", ["opus", "flac", "wav"])
def test_killing_the_vault_while_it_seals(
    root: Path, storage: Path, make_vault: MakeVault, storage_format: str
) -> None:
    sound = noise(4, 8)
    dice = random.Random(storage_format)
    vault = make_vault(storage_format)
    pace = threading.Event()
    for _ in range(max(1, KILLS // 6)):
        phone = PhoneDouble(root)
        phone.start()
        phone.write(sound)
        vault.start()
        vault.wait_for(phone.record.take_id, "storing")
        phone.hang_up()
        pace.wait(dice.uniform(0, 0.15))
        vault.kill()
        vault.start()
        vault.wait_for(phone.record.take_id, "stored")
        wait_until(lambda: list_takes(root) == [], "the take's folder is gone")
        vault.kill()
        (sidecar,) = list_recordings(storage)
        assert names(storage) == sorted([f"{sidecar.file}", f"{sidecar.take_id}.json"])
        assert sidecar.duration_seconds == 4
        assert verify(storage, sidecar)
        for path in storage.iterdir():
            path.unlink()


@pytest.mark.parametrize("round_number", range(max(1, KILLS // 5)))
def test_killing_the_phone_at_any_moment_keeps_what_was_captured(
    root: Path, storage: Path, make_vault: MakeVault, round_number: int
) -> None:
    vault = make_vault("flac")
    vault.start()
    vault.wait_for_storage("ok")
    with subprocess.Popen(
        [sys.executable, "-c", _PHONE, str(root)], stdout=subprocess.PIPE, env=environment()
    ) as phone:
        assert phone.stdout is not None
        take_id = phone.stdout.readline().decode().strip()
        threading.Event().wait(random.Random(round_number).uniform(0.05, 1.5))
        phone.kill()
        written = [int(line) for line in phone.stdout.read().split() if line.isdigit()]
    captured = written[-1] if written else 0
    outcome = vault.wait_for(take_id, "stored" if captured else "failed")
    (sidecar,) = list_recordings(storage)
    assert sidecar.recovered
    assert sidecar.end_reason == "crash"
    frames = np.zeros((0, 2), np.int16)
    if outcome.path:
        frames, _ = soundfile.read(outcome.path, dtype="int16", always_2d=True)
    assert captured <= len(frames) <= captured + TICK
    assert np.array_equal(frames[:captured], noise(30, 9)[:captured])
    wait_until(lambda: list_takes(root) == [], "the take's folder is gone")


def test_half_a_tick_of_a_dead_phone_is_dropped(root: Path, storage: Path, make_vault: MakeVault) -> None:
    phone = PhoneDouble(root)
    phone.start()
    phone.write(noise(1, 10))
    phone.write_one(0, noise(0.01, 11)[:, 0])
    phone.die()
    vault = make_vault("flac")
    vault.start()
    outcome = vault.wait_for(phone.record.take_id, "stored")
    assert outcome.path is not None
    assert np.array_equal(soundfile.read(outcome.path, dtype="int16")[0], noise(1, 10))


def test_unkept_audio_of_a_dead_phone_is_destroyed(root: Path, storage: Path, make_vault: MakeVault) -> None:
    phone = PhoneDouble(root, kept=False, mode="on-demand")
    phone.start()
    phone.write(noise(1, 12))
    phone.die()
    vault = make_vault()
    vault.start()
    vault.wait_for(phone.record.take_id, "discarded")
    assert names(storage) == []


@pytest.mark.parametrize("storage_format", ["opus", "flac", "wav"])
def test_after_a_power_cut_the_stored_part_becomes_the_recording(
    root: Path, storage: Path, make_vault: MakeVault, storage_format: str
) -> None:
    sound = noise(12, 13)
    vault = make_vault(storage_format)
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(sound)
    part = storage / f"{phone.record.take_id}.{storage_format}.part"
    wait_until(lambda: part.exists() and _still(part), "all that can be is in storage")
    vault.kill()
    with part.open("ab") as file:
        file.write(b"OggS" + bytes(501))
    shutil.rmtree(takes_folder(root))
    phone.die()
    vault.start()
    outcome = vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert outcome.path == str(storage / f"{phone.record.take_id}.{storage_format}")
    assert names(storage) == sorted([f"{sidecar.file}", f"{sidecar.take_id}.json"])
    assert (sidecar.recovered, sidecar.end_reason, sidecar.result) == (True, "crash", "successful")
    assert verify(storage, sidecar)
    frames, _ = soundfile.read(outcome.path, dtype="int16")
    assert soundfile.info(outcome.path).frames == len(frames)
    assert sidecar.duration_seconds == len(frames) / RATE
    whole = min(len(frames), len(sound))
    assert whole >= 10.9 * RATE
    if storage_format == "opus":
        assert np.corrcoef(frames[:whole, 1], sound[:whole, 1])[0, 1] > 0.95
    else:
        assert np.array_equal(frames[:whole], sound[:whole])


def test_a_power_cut_before_the_first_sound_leaves_a_failed_take(
    root: Path, storage: Path, make_vault: MakeVault
) -> None:
    vault = make_vault()
    vault.start()
    phone = PhoneDouble(root)
    wait_until(lambda: (storage / f"{phone.record.take_id}.json.part").exists(), "the partial sidecar")
    vault.kill()
    shutil.rmtree(takes_folder(root))
    phone.die()
    vault.start()
    vault.wait_for(phone.record.take_id, "failed")
    assert names(storage) == [f"{phone.record.take_id}.json"]


@pytest.mark.parametrize("step", ["sidecar complete", "audio renamed", "sidecar renamed"])
@pytest.mark.parametrize("memory_survives", [True, False])
def test_each_step_of_sealing_can_be_the_last(
    root: Path, storage: Path, make_vault: MakeVault, step: str, memory_survives: bool
) -> None:
    sound = noise(2, 14)
    vault = make_vault("flac")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(sound)
    vault.wait_for(phone.record.take_id, "storing")
    memory = root / "copy"
    shutil.copytree(phone.folder.path, memory)
    phone.hang_up()
    shutil.copy(phone.folder.path / "take.json", memory / "take.json")
    vault.wait_for(phone.record.take_id, "stored")
    wait_until(lambda: list_takes(root) == [], "the take's folder is gone")
    vault.kill()
    vault.heard.clear()
    audio, sidecar = (storage / f"{phone.record.take_id}.{ending}" for ending in ("flac", "json"))
    if step != "sidecar renamed":
        sidecar.rename(f"{sidecar}.part")
    if step == "sidecar complete":
        audio.rename(f"{audio}.part")
    if memory_survives:
        memory.rename(phone.folder.path)
    vault.start()
    if memory_survives or step != "sidecar renamed":
        vault.wait_for(phone.record.take_id, "stored")
    assert sorted(storage.iterdir()) == [audio, sidecar]
    (found,) = list_recordings(storage)
    assert found.recovered == (memory_survives and step == "sidecar complete")
    assert verify(storage, found)
    assert np.array_equal(soundfile.read(audio, dtype="int16")[0], sound)


def _still(path: Path) -> bool:
    size = path.stat().st_size
    threading.Event().wait(0.3)
    return path.stat().st_size == size > 4096
