"""What can go wrong: each time a clear word on display and log, nothing lost, and a phone that lives on."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.audio import judge
from tests.audio.edges import stretches
from tests.peers.baresip import PCMA, Baresip
from tests.scenarios.phone import Phone, State

MakePhone = Callable[..., Phone]
MakeBaresip = Callable[..., Baresip]
SUDO = [] if os.geteuid() == 0 else ["sudo", "-n"]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ('[phone]\nlanguage = "sv\n', r"line 2|:2:"),
        ('[recording]\nmode = "on-demand"\nmodus = 3\n[sipp]\n', r"recording\.modus"),
        ('[recording]\nmode = "sometimes"\n', r"recording\.mode"),
    ],
)
def test_a_configuration_that_cannot_be_used(make_phone: MakePhone, broken: str, word: str) -> None:
    """The fault is named with its place; the phone waits for a better file, and then is a phone."""
    phone = make_phone(start=False)
    phone.prepare()
    good = phone.config.read_text()
    phone.config.write_text(broken)
    phone.launch()
    phone.program.wait_line(word)
    state = phone.state()
    assert (state["registration"]["state"], state["registration"]["reason"]) == ("failed", "bad-configuration")
    assert "felaktiga" in state["banner"]
    assert phone.post("/api/calls", {"to": "sip:1@127.0.0.1"})[0] == 503
    assert phone.get("/api/screen.png").startswith(b"\x89PNG")

    phone.config.write_text(good)
    phone.program.wait_line(r"SIP listens on", 10.0)
    phone.follow()
    phone.wait(lambda s: s["registration"]["state"] == "none")


def test_the_far_end_vanishes(make_phone: MakePhone, make_baresip: MakeBaresip, voice: Path) -> None:
    """No BYE, no packets: the call ends by itself, the recording is complete up to there."""
    phone = make_phone("always")
    peer = make_baresip(answer="auto", codecs=(PCMA,))
    phone.dial(peer.uri)
    phone.wait_recording("recording")
    peer.wait_audio(2.0)
    mark = phone.mark()
    os.kill(peer.program.pid, signal.SIGKILL)
    state = phone.wait(lambda s: s["active_call"] is None, 20.0, mark)
    assert [call["end_reason"] for call in state["calls"]] == ["peer-gone"]
    phone.wait_takes(1)
    (sidecar,) = phone.stored()
    assert (sidecar["end_reason"], sidecar["result"]) == ("peer-gone", "successful")
    assert sidecar["duration_seconds"] > 2.0
    assert phone.running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 0.9 MB, made with sudo where root does not run the tests."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        [*SUDO, "mount", "-t", "tmpfs", "-o", "size=900k,mode=0777", "small", str(folder)],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, f"a small file system cannot be mounted: {made.stderr}"
    yield folder
    subprocess.run([*SUDO, "umount", str(folder)], check=True)


def test_storage_that_is_full(make_phone: MakePhone, far_end: Baresip, small_disk: Path) -> None:
    """Told on display and log; the recording that runs waits in memory, and is stored once there is room again."""
    phone = make_phone("always", storage={"url": f"file://{small_disk}", "low_water_mb": 1, "format": "wav"})
    phone.wait(lambda s: s["storage"]["reason"] == "full", 10.0)
    phone.program.wait_line(r"full")
    assert "full" in phone.state()["banner"]
    subprocess.run([*SUDO, "mount", "-o", "remount,size=4M", str(small_disk)], check=True)
    phone.wait(lambda s: s["storage"]["ok"], 10.0, phone.mark())

    phone.dial(far_end.uri)
    phone.wait_recording("recording")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(3_500_000))
    phone.wait(lambda s: s["storage"]["reason"] == "full", 10.0, phone.mark())
    far_end.wait_audio(5.0)
    phone.hook(down=True)
    phone.wait_call_over()
    assert phone.stored() == []
    ballast.unlink()
    phone.wait_takes(1, timeout=15.0)
    far, rate = judge.load(next(small_disk.glob("*.wav")), 1)
    said, said_rate = judge.load(far_end.sent)
    (whole,) = stretches(far, said, rate, said_rate)
    assert whole.correlation >= 0.99
    phone.stop()


def test_storage_that_is_missing(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """A storage folder that vanishes in a call: the take waits in memory and is stored when the folder is back."""
    phone = make_phone("always")
    phone.dial(far_end.uri)
    phone.wait_recording("recording")
    far_end.wait_audio(1.0)
    away = phone.folder / "away"
    phone.storage.rename(away)
    phone.wait(lambda s: s["storage"]["ok"] is False, 10.0)
    phone.program.wait_line("storage")
    far_end.wait_audio(4.0)
    phone.hook(down=True)
    phone.wait_call_over()
    away.rename(phone.storage)
    phone.wait_takes(1, timeout=15.0)
    (sidecar,) = phone.stored()
    far, rate = judge.load(phone.storage / sidecar["file"], 1)
    said, said_rate = judge.load(far_end.sent)
    (whole,) = stretches(far, said, rate, said_rate)
    assert whole.correlation >= 0.99


@pytest.mark.parametrize("mode", ["proceed-with-announcement", "end-call-with-announcement"])
def test_a_call_that_cannot_be_recorded(make_phone: MakePhone, far_end: Baresip, mode: str) -> None:
    """`on_failure`: the person sees it, both hear it, and the call ends where the administrator wants that."""
    phone = make_phone("always", recording={"on_failure": mode})
    phone.storage.rename(phone.folder / "away")
    phone.wait(lambda s: s["storage"]["ok"] is False, 10.0)
    phone.dial(far_end.uri)
    phone.wait_recording("failed")
    state = phone.state()
    assert (state["lamp"], state["banner"]) == ("blink-fast", "Inspelning misslyckades")
    if mode == "end-call-with-announcement":
        phone.wait_call_over(15.0)
    else:
        far_end.wait_audio(5.0)
        assert phone.state()["calls"][0]["state"] == "connected"
        phone.hook(down=True)
    assert phone.running


def test_the_phone_is_killed(make_phone: MakePhone, make_baresip: MakeBaresip, voice: Path) -> None:
    """`kill -9` in a call: the file is there, plays, lacks at most a second, and says that it was recovered."""
    phone = make_phone("always")
    peer = make_baresip(answer="auto", codecs=(PCMA,))
    phone.dial(peer.uri)
    phone.wait_recording("recording")
    peer.wait_audio(4.0)
    heard = peer.audio_seconds()
    phone.kill()
    phone.launch()
    sidecar = wait_stored(phone)
    assert (sidecar["recovered"], sidecar["result"], sidecar["end_reason"]) == (True, "successful", "crash")
    assert sidecar["duration_seconds"] >= heard - 1.0
    peer.hangup()
    _plays(phone, sidecar, peer)


def test_the_vault_is_killed(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """`kill -9` of the vault in a call: it is started again, and nothing at all is lost."""
    phone = make_phone("always")
    phone.dial(far_end.uri)
    phone.wait_recording("recording")
    far_end.wait_audio(3.0)
    os.kill(phone.vault_pid(), signal.SIGKILL)
    phone.program.wait_line(r"the vault ended")
    far_end.wait_audio(6.0)
    phone.hook(down=True)
    phone.wait_takes(1)
    (sidecar,) = phone.stored()
    assert (sidecar["recovered"], sidecar["result"]) == (True, "successful")
    assert sidecar["duration_seconds"] == pytest.approx(far_end_seconds(far_end), abs=0.1)
    _plays(phone, sidecar, far_end)


def test_an_unkept_call_of_a_phone_that_was_killed(make_phone: MakePhone, make_baresip: MakeBaresip) -> None:
    """Nobody had pressed Start when the phone died: the audio is destroyed all the same."""
    phone = make_phone("on-demand")
    peer = make_baresip(answer="auto", codecs=(PCMA,))
    phone.dial(peer.uri)
    phone.wait_recording("armed")
    peer.wait_audio(2.0)
    phone.kill()
    phone.launch()
    wait_until(lambda: list((phone.memory / "takes").iterdir()) == [])
    assert list(phone.storage.iterdir()) == []


def test_200_calls_in_a_row(make_phone: MakePhone, make_baresip: MakeBaresip) -> None:
    """Nothing is left over: no crash, no thread, no file descriptor, no folder in memory."""
    phone = make_phone("on-demand", notice={"announcement": {"on_demand": False}})
    peer = make_baresip(answer="auto", codecs=(PCMA,))
    before = {}
    for number in range(200):
        phone.dial(peer.uri)
        phone.wait_recording("armed")
        mark = phone.mark()
        phone.hook(down=True)
        phone.wait(lambda s: s["active_call"] is None, since=mark)
        if number == 20:
            before = phone.resources()
    wait_until(lambda: list((phone.memory / "takes").iterdir()) == [])
    after = phone.resources()
    assert after["threads"] == before["threads"]
    assert after["descriptors"] <= before["descriptors"] + 2
    assert after["resident_kb"] <= before["resident_kb"] * 1.15
    assert list(phone.storage.iterdir()) == []


def test_two_phones_cannot_share_a_memory_folder(make_phone: MakePhone) -> None:
    """The second one says which setting to change, and leaves the first alone."""
    first = make_phone()
    second = make_phone(start=False, storage={"memory": str(first.memory)})
    second.prepare()
    answer = second.run_once()
    assert answer.returncode == 2
    assert "storage.memory" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert first.running


def far_end_seconds(peer: Baresip) -> float:
    """How long the far end spoke."""
    signal_, rate = judge.load(peer.sent)
    return len(signal_) / rate


def wait_stored(phone: Phone) -> State:
    """Wait until one recording lies in the storage folder, when no phone tells of it."""
    wait_until(lambda: phone.stored() != [])
    return phone.stored()[0]


def wait_until(condition: Callable[[], bool]) -> None:
    """Look at files, which tell of no change, until something is true of them."""
    deadline = time.monotonic() + 10.0
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in 10 s"
        pause.wait(0.05)


def _plays(phone: Phone, sidecar: State, peer: Baresip) -> None:
    """What is stored is what was said, without a hole."""
    far, rate = judge.load(phone.storage / sidecar["file"], 1)
    assert len(far) / rate == pytest.approx(sidecar["duration_seconds"], abs=0.01)
    said, said_rate = judge.load(peer.sent)
    (whole,) = stretches(far, said, rate, said_rate)
    assert whole.correlation >= 0.99
