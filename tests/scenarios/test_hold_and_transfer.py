"""Hold, a second call and transfer: who talks to whom, and that every recording holds its own call only."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deskphone.core.view import Incoming
from tests.audio import judge
from tests.audio.edges import Stretch, stretches
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import PCMA, Baresip
from tests.scenarios.phone import Phone, State, account

MakePhone = Callable[..., Phone]
MakeBaresip = Callable[..., Baresip]


@pytest.fixture
def other_speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a second caller says."""
    folder = tmp_path_factory.mktemp("other")
    return judge.speech(folder / "speech.wav", 30.0, seed=3, band=judge.TELEPHONE_BAND)


@pytest.fixture
def colleague(asterisk: Asterisk, make_baresip: MakeBaresip) -> Baresip:
    """User 1002, who answers at once."""
    peer = make_baresip(
        user="1002", password=PASSWORDS["1002"], registrar=asterisk.registrar, codecs=(PCMA,), answer="auto"
    )
    peer.wait_event("REGISTER_OK")
    asterisk.wait_registered("1002")
    return peer


@pytest.fixture
def make_user(asterisk: Asterisk, make_phone: MakePhone) -> MakePhone:
    """Makes a phone that is registered as user 1001."""

    def make(mode: str, **sections: Any) -> Phone:
        own = {"accounts": [account(asterisk.registrar, "1001", PASSWORDS["1001"])], "codecs": ["pcma"]}
        phone = make_phone(mode, sip=own, **sections)
        phone.wait_registered()
        return phone

    return make


def sidecar_of(phone: Phone, call: State) -> State:
    """The only take of a call that is over."""
    phone.wait_settled()
    (found,) = (one for one in phone.stored() if one["call_id"] == call["id"])
    return found


def pieces(phone: Phone, sidecar: State, channel: int, source: Path) -> list[Stretch]:
    """The stretches of the source that a channel (0 near, 1 far) of a recording is made of."""
    heard, rate = judge.load(phone.storage / sidecar["file"], channel)
    said, said_rate = judge.load(source)
    return stretches(heard, said, rate, said_rate)


def _seconds(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


def leaks(phone: Phone, sidecar: State, source: Path) -> list[judge.Leak]:
    """What a recording's far side holds of a stranger's speech."""
    heard, rate = judge.load(phone.storage / sidecar["file"], 1)
    said, said_rate = judge.load(source)
    return judge.leaks(said[: 15 * said_rate], heard, said_rate, rate)


def test_hold_pauses_the_recording_and_retrieve_resumes_it(
    make_user: MakePhone, colleague: Baresip, voice: Path
) -> None:
    phone = make_user("always")
    phone.dial("1002")
    call = phone.wait_call("connected")
    phone.wait_recorded(2.0)
    phone.soft("hold")
    phone.wait_call("held")
    state = phone.wait(lambda s: s["status_mark"] == "paused", since=phone.mark())
    assert (state["lamp"], state["offered"]) == ("blink-slow", [])
    held_at = colleague.audio_seconds("enc")
    colleague.wait_audio(held_at + 1.5, "enc")
    phone.soft("retrieve")
    phone.wait_call("connected")
    phone.wait_recording("recording")
    retrieved_at = colleague.audio_seconds("enc")
    phone.wait_recorded(2.0)
    phone.soft("hang-up")

    sidecar = sidecar_of(phone, call)
    assert [pause["reason"] for pause in sidecar["pauses"]] == ["hold"]
    assert sidecar["controls"] == []
    (pause,) = sidecar["pauses"]
    seam = _seconds(pause["started_at"]) - _seconds(sidecar["started_at"])
    said, rate = judge.load(colleague.sent)
    far, far_rate = judge.load(phone.storage / sidecar["file"], 1)
    # Around the seam the far end is silent for a moment: it begins to send again when it has heard of the retrieve.
    before = far[round(0.1 * far_rate) : round((seam - 0.15) * far_rate)]
    after = far[round((seam + 0.2) * far_rate) : round(-0.05 * far_rate)]
    first, second = (judge.contains(part, said, far_rate, rate) for part in (before, after))
    assert min(first.correlation, second.correlation) >= 0.99
    assert (first.offset_s + seam - 0.1, second.offset_s - 0.2) == pytest.approx((held_at, retrieved_at), abs=0.3)
    while_held = said[round((held_at + 0.1) * rate) : round((retrieved_at - 0.2) * rate)]
    assert judge.leaks(while_held, far, rate, far_rate) == []
    assert min(one.correlation for one in pieces(phone, sidecar, 0, voice)) >= 0.99


def test_hold_may_leave_the_recording_on(make_user: MakePhone, colleague: Baresip) -> None:
    phone = make_user("always", recording={"on_hold": "continue"})
    phone.dial("1002")
    call = phone.wait_call("connected")
    phone.wait_recorded(1.0)
    phone.soft("hold")
    phone.wait_call("held")
    phone.wait_recorded(1.5)
    assert phone.state()["status_mark"] == "recording"
    phone.soft("retrieve")
    phone.wait_call("connected")
    phone.wait_recorded(1.0)
    phone.soft("hang-up")

    sidecar = sidecar_of(phone, call)
    assert sidecar["pauses"] == []
    began, ended = (datetime.fromisoformat(sidecar[key]) for key in ("started_at", "stopped_at"))
    assert sidecar["duration_seconds"] == pytest.approx((ended - began).total_seconds(), abs=0.1)


def test_the_far_ends_hold_changes_nothing_for_the_recording(make_phone: MakePhone, far_end: Baresip) -> None:
    phone = make_phone("always")
    phone.dial(far_end.uri)
    call = phone.wait_call("connected")
    phone.wait_recorded(1.0)
    far_end.hold()
    phone.wait_call("remote-held")
    assert phone.state()["calls"][0]["recording"]["state"] == "recording"
    phone.wait_recorded(1.0)
    far_end.resume()
    phone.wait_call("connected")
    phone.wait_recorded(1.0)
    far_end.hangup()
    sidecar = sidecar_of(phone, call)
    assert (sidecar["pauses"], sidecar["end_reason"]) == ([], "hangup-remote")
    assert sidecar["duration_seconds"] >= 3.0


def test_a_pause_by_hand_outlasts_a_hold(make_phone: MakePhone, far_end: Baresip) -> None:
    phone = make_phone("always-pause-resume")
    phone.dial(far_end.uri)
    call = phone.wait_call("connected")
    phone.wait_recording("recording")
    phone.wait_recorded(1.0)
    phone.pick("pause-recording")
    phone.wait_recording("paused")
    phone.soft("hold")
    phone.wait_call("held")
    phone.soft("retrieve")
    phone.wait_call("connected")
    state = phone.state()
    assert (state["status_mark"], state["offered"]) == ("paused", ["resume-recording"])
    phone.pick("resume-recording")
    phone.wait_recording("recording")
    phone.wait_recorded(1.0)
    phone.soft("hang-up")
    sidecar = sidecar_of(phone, call)
    assert [pause["reason"] for pause in sidecar["pauses"]] == ["user"]
    assert [control["action"] for control in sidecar["controls"]] == ["pause", "resume"]


def test_a_second_call_has_a_recording_of_its_own(
    make_phone: MakePhone, make_baresip: MakeBaresip, peer_speech: Path, other_speech: Path, voice: Path
) -> None:
    phone = make_phone("always", sip={"codecs": ["pcma"]})
    anna = make_baresip(user="anna", codecs=(PCMA,), answer="auto")
    bo = make_baresip(other_speech, user="bo", codecs=(PCMA,))
    third = make_baresip(user="third")
    phone.dial(anna.uri)
    first = phone.wait_call("connected")
    phone.wait_recorded(1.0)

    bo.dial(phone.uri)
    phone.wait_party("bo", "ringing")
    phone.wait_screen(Incoming("bo", "bo", waiting=True))
    phone.wait_recorded(1.5)  # while the tone sounds in the ear
    phone.soft("answer")
    second = phone.wait_party("bo", "connected")
    phone.wait_party("anna", "held")
    phone.wait(lambda s: [c["recording"]["state"] for c in s["calls"]] == ["paused", "recording"], since=phone.mark())
    phone.wait_recorded(1.5)

    third.dial(phone.uri)
    assert "486" in str(third.wait_event("CALL_CLOSED")["param"])
    assert [c["state"] for c in phone.state()["calls"]] == ["held", "connected"]

    phone.soft("swap")
    phone.wait_party("anna", "connected")
    phone.wait_party("bo", "held")
    phone.wait(lambda s: [c["recording"]["state"] for c in s["calls"]] == ["recording", "paused"], since=phone.mark())
    phone.wait_recorded(1.5)
    phone.soft("swap")
    phone.wait_party("bo", "connected")
    phone.wait_recorded(1.0)
    phone.soft("hang-up")
    phone.wait_party("bo", "ended")
    phone.soft("retrieve")
    phone.wait_party("anna", "connected")
    phone.wait_recorded(1.0)
    phone.hook(down=True)
    phone.wait_party("anna", "ended")

    one, two = sidecar_of(phone, first), sidecar_of(phone, second)
    assert [pause["reason"] for pause in one["pauses"]] == ["hold", "hold"]
    assert [pause["reason"] for pause in two["pauses"]] == ["hold"]
    assert leaks(phone, one, other_speech) == []
    assert leaks(phone, two, peer_speech) == []
    assert leaks(phone, one, peer_speech) != []
    assert leaks(phone, two, other_speech) != []
    # What was said here went to one of the two at a time, and stands in that one's recording only.
    mine = sorted((s.begin_s, s.end_s) for take in (one, two) for s in pieces(phone, take, 0, voice))
    assert len(mine) == 5
    assert all(earlier[1] <= later[0] + 0.01 for earlier, later in pairwise(mine))
    # The waiting tone was for the own ear.
    assert phone.stop() == 0
    ear, rate = judge.load(phone.earpiece)
    assert judge.tones(ear, rate, 425, minimum_s=0.15) != []
    far, far_rate = judge.load(phone.storage / one["file"], 1)
    near, _ = judge.load(phone.storage / one["file"], 0)
    assert judge.tones(far, far_rate, 425, minimum_s=0.15) == judge.tones(near, far_rate, 425, minimum_s=0.15) == []


def test_a_blind_transfer_ends_the_take(make_user: MakePhone, colleague: Baresip, asterisk: Asterisk) -> None:
    phone = make_user("always")
    phone.dial("1002")
    call = phone.wait_call("connected")
    phone.wait_recorded(1.0)
    phone.soft("transfer")
    phone.wait_call("held")
    phone.press("6", "0", "2")
    phone.soft("transfer")
    ended = phone.wait_ended()
    assert (ended["id"], ended["end_reason"]) == (call["id"], "transferred")
    sidecar = sidecar_of(phone, call)
    assert (sidecar["end_reason"], sidecar["result"]) == ("transferred", "successful")

    asterisk.program.wait_line(r"Executing \[602@phones:\d+\] Milliwatt")
    heard = colleague.audio_seconds()
    colleague.wait_audio(heard + 1.0)
    colleague.hangup()
    colleague.wait_event("CALL_CLOSED")
    sound, rate = judge.load(colleague.received)
    assert [tone.frequency_hz for tone in judge.tones(sound, rate, 1004)] == pytest.approx([1004], abs=1)


def test_a_transfer_that_is_refused_leaves_the_call(make_user: MakePhone, colleague: Baresip) -> None:
    phone = make_user("always")
    phone.dial("1002")
    phone.wait_call("connected")
    phone.soft("transfer")
    phone.press("9", "9", "9")
    phone.soft("transfer")
    phone.wait(lambda s: s["banner"] and s["banner"] != "❚❚ Inspelning pausad", since=phone.mark())
    phone.wait_call("held")
    phone.soft("retrieve")
    phone.wait_call("connected")
    phone.wait_recorded(0.5)
    phone.hook(down=True)
    phone.wait_call_over()


def test_an_attended_transfer_joins_the_two(make_user: MakePhone, colleague: Baresip, asterisk: Asterisk) -> None:
    phone = make_user("always")
    phone.dial("1002")
    first = phone.wait_call("connected")
    phone.wait_recorded(1.0)
    phone.soft("new-call")
    phone.press("6", "0", "6")
    phone.soft("dial")
    second = phone.wait_party("606", "connected")
    phone.wait_party("1002", "held")
    phone.wait_recorded(1.0)
    phone.pick("join")
    phone.wait_call_over()
    for call in (first, second):
        assert sidecar_of(phone, call)["end_reason"] == "transferred"

    # The colleague now talks to 606, without this phone.
    (line,) = (one for one in asterisk.cli("core show channels concise").splitlines() if "PJSIP/1002-" in one)
    assert "!606!" in line
    assert "!Record!" in line
    assert phone.state()["active_call"] is None
    colleague.hangup()
    asterisk.program.wait_line(r"Spawn extension .phones, 606")
