"""Each of the five policies, from the press to the file: what is stored is what was said, and only that."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.audio import judge
from tests.audio.edges import Stretch, stretches
from tests.peers.baresip import Baresip
from tests.scenarios.phone import Phone, State

EDGE_S = 0.040
HEARD_LATER_S = 0.040
QUIET = {"announcement": {"on_demand": False}}
MakePhone = Callable[..., Phone]


class Story:
    """A call with the times at which keys were pressed, in seconds since the answer."""

    def __init__(self, phone: Phone, peer: Baresip) -> None:
        self.phone = phone
        self.peer = peer
        self.answered = 0.0

    def call(self) -> None:
        """Call and wait for the answer."""
        self.phone.dial(self.peer.uri)
        call = self.phone.wait_call("connected")
        self.answered = _seconds(call["answered_at"])

    def talk_until(self, seconds: float) -> None:
        """Let the far end hear so many seconds of the call."""
        self.peer.wait_audio(seconds)

    def press(self, entry: str) -> float:
        """Pick an entry under Mer; when."""
        self.phone.press("mer")
        (key,) = (e["key"] for e in self.phone.state()["menu"]["entries"] if e["id"] == entry)
        now = time.time()
        self.phone.press(key)
        return now - self.answered

    def hang_up(self) -> float:
        """Put the handset on the cradle; when."""
        now = time.time()
        self.phone.hook(down=True)
        return now - self.answered

    def judge(self, sidecar: State, microphone: Path, edges: list[tuple[float, float]]) -> None:
        """The recording holds just these stretches of the call: both channels, every edge within 40 ms."""
        path = self.phone.storage / sidecar["file"]
        far, rate = judge.load(path, 1)
        near, _ = judge.load(path, 0)
        said, said_rate = judge.load(self.peer.sent)
        mine, mine_rate = judge.load(microphone)
        _are(stretches(far, said, rate, said_rate), edges)
        # The microphone's file has no beginning that is known outside: its stretches must only be as long.
        heard = stretches(near, mine, rate, mine_rate)
        assert [s.end_s - s.begin_s for s in heard] == pytest.approx([b - a for a, b in edges], abs=EDGE_S)
        assert min(s.correlation for s in heard) >= 0.99
        assert sidecar["duration_seconds"] == pytest.approx(sum(b - a for a, b in edges), abs=EDGE_S * len(edges))


def _are(found: list[Stretch], edges: list[tuple[float, float]]) -> None:
    assert [s.end_s - s.begin_s for s in found] == pytest.approx([b - a for a, b in edges], abs=EDGE_S)
    # What is heard here was said there a jitter buffer (40 ms) earlier.
    assert [s.begin_s + HEARD_LATER_S for s in found] == pytest.approx([a for a, _ in edges], abs=EDGE_S)
    assert [s.end_s + HEARD_LATER_S for s in found] == pytest.approx([b for _, b in edges], abs=EDGE_S)
    assert min(s.correlation for s in found) >= 0.99


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def test_never(make_phone: MakePhone, far_end: Baresip) -> None:
    """No entry, no lamp, no take, no file."""
    phone = make_phone("never")
    story = Story(phone, far_end)
    story.call()
    story.talk_until(1.5)

    state = phone.state()
    assert state["offered"] == []
    assert (state["lamp"], state["status_mark"], state["takes"]) == ("off", "none", [])

    story.hang_up()
    phone.wait_call_over()
    assert list(phone.storage.iterdir()) == []


def test_always(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """From the answer to the hang-up; nothing is offered, the lamp tells."""
    phone = make_phone("always")
    story = Story(phone, far_end)
    story.call()
    phone.wait_recording("recording")
    story.talk_until(4.0)

    state = phone.state()
    assert state["offered"] == []
    assert (state["lamp"], state["status_mark"]) == ("steady", "recording")

    end = story.hang_up()
    phone.wait_takes(1)
    (sidecar,) = phone.stored()
    assert (sidecar["mode"], sidecar["result"], sidecar["recovered"]) == ("always", "successful", False)
    story.judge(sidecar, voice, [(0.0, end)])


def test_always_pause_resume(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """A pause is cut out: none of it is stored, and the rest is whole."""
    phone = make_phone("always-pause-resume")
    story = Story(phone, far_end)
    story.call()
    phone.wait_recording("recording")
    story.talk_until(2.5)
    assert phone.state()["offered"] == ["pause-recording"]
    paused = story.press("pause-recording")
    phone.wait_recording("paused")
    state = phone.state()
    assert (state["offered"], state["lamp"], state["status_mark"]) == (["resume-recording"], "blink-slow", "paused")
    story.talk_until(5.0)
    resumed = story.press("resume-recording")
    phone.wait_recording("recording")
    story.talk_until(7.5)
    end = story.hang_up()

    phone.wait_takes(1)
    (sidecar,) = phone.stored()
    story.judge(sidecar, voice, [(0.0, paused), (resumed, end)])
    assert [control["action"] for control in sidecar["controls"]] == ["pause", "resume"]
    assert [pause["reason"] for pause in sidecar["pauses"]] == ["user"]
    _nothing_of_the_pause(phone.storage / sidecar["file"], far_end, paused, resumed)


def _nothing_of_the_pause(path: Path, peer: Baresip, paused: float, resumed: float) -> None:
    said, said_rate = judge.load(peer.sent)
    silent = said[round(paused * said_rate) : round((resumed - HEARD_LATER_S - EDGE_S) * said_rate)]
    far, rate = judge.load(path, 1)
    assert judge.leaks(silent, far, said_rate, rate) == []


def test_on_demand_kept(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """Start keeps the call from its answer on."""
    phone = make_phone("on-demand", notice=QUIET)
    story = Story(phone, far_end)
    story.call()
    phone.wait_recording("armed")
    story.talk_until(2.5)
    state = phone.state()
    assert (state["offered"], state["lamp"], state["status_mark"]) == (["start-recording"], "off", "none")
    assert state["takes"] == []
    assert list(phone.storage.iterdir()) == []
    story.press("start-recording")
    phone.wait_recording("recording")
    assert phone.state()["offered"] == ["pause-recording"]
    story.talk_until(4.0)
    paused = story.press("pause-recording")
    phone.wait_recording("paused")
    story.talk_until(6.0)
    resumed = story.press("resume-recording")
    phone.wait_recording("recording")
    story.talk_until(8.0)
    end = story.hang_up()

    phone.wait_takes(1)
    (sidecar,) = phone.stored()
    story.judge(sidecar, voice, [(0.0, paused), (resumed, end)])
    _nothing_of_the_pause(phone.storage / sidecar["file"], far_end, paused, resumed)


def test_on_demand_unkept(make_phone: MakePhone, far_end: Baresip) -> None:
    """Nobody pressed Start: nothing is left, nowhere, and nothing was ever in the storage folder."""
    before = set(Path("/tmp").glob("*deskphone*"))
    phone = make_phone("on-demand")
    story = Story(phone, far_end)
    story.call()
    phone.wait_recording("armed")
    story.talk_until(3.0)
    assert list(phone.storage.iterdir()) == []
    story.hang_up()
    phone.program.wait_line(r"discarded")

    assert list(phone.storage.iterdir()) == []
    left = [p for p in phone.memory.rglob("*") if p.is_file() and p.suffix not in (".lock", ".json")]
    assert left == []
    assert set(Path("/tmp").glob("*deskphone*")) <= before


def test_on_demand_user_start(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    """Each Start is a take of its own; Stop works while paused, too."""
    phone = make_phone("on-demand-user-start", notice=QUIET)
    story = Story(phone, far_end)
    story.call()
    story.talk_until(1.0)
    assert phone.state()["offered"] == ["start-recording"]
    first = story.press("start-recording")
    phone.wait_recording("recording")
    assert phone.state()["offered"] == ["pause-recording", "stop-recording"]
    story.talk_until(3.5)
    first_end = story.press("stop-recording")
    phone.wait_recording("idle")
    story.talk_until(4.5)
    second = story.press("start-recording")
    phone.wait_recording("recording")
    story.talk_until(7.0)
    paused = story.press("pause-recording")
    phone.wait_recording("paused")
    assert phone.state()["offered"] == ["resume-recording", "stop-recording"]
    story.talk_until(8.0)
    story.press("stop-recording")
    phone.wait_recording("idle")
    story.talk_until(9.0)
    story.hang_up()

    phone.wait_takes(2)
    one, two = phone.stored()
    assert one["call_id"] == two["call_id"]
    assert one["take_id"] != two["take_id"]
    story.judge(one, voice, [(first, first_end)])
    story.judge(two, voice, [(second, paused)])
