"""Calls to and from real peers: what each side hears, how calls are refused, missed and ended, and what is shown."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deskphone.core.view import Ended, Incoming
from tests.audio import judge
from tests.audio.edges import stretches
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import G722, PCMA, PCMU, Baresip, Codec
from tests.scenarios.phone import Phone, State, account

MakePhone = Callable[..., Phone]
MakeBaresip = Callable[..., Baresip]

CODECS: dict[str, Codec] = {"G722": G722, "PCMA": PCMA, "PCMU": PCMU}


@pytest.fixture
def at_asterisk(asterisk: Asterisk, make_phone: MakePhone) -> Callable[..., Phone]:
    """Makes a phone that is registered as 1001; takes what `make_phone` takes, and more keys of `sip`."""

    def make(mode: str = "never", sip: dict[str, Any] | None = None, **sections: Any) -> Phone:
        own = {"accounts": [account(asterisk.registrar, "1001", PASSWORDS["1001"])], "codecs": ["pcma", "pcmu"]}
        phone = make_phone(mode, sip={**own, **(sip or {})}, **sections)
        phone.wait_registered()
        asterisk.wait_registered("1001")
        return phone

    return make


def registered(asterisk: Asterisk, make_baresip: MakeBaresip, **options: Any) -> Baresip:
    """User 1002."""
    peer = make_baresip(
        user="1002", password=PASSWORDS["1002"], registrar=asterisk.registrar, codecs=(PCMA,), **options
    )
    peer.wait_event("REGISTER_OK")
    return peer


def take_of(phone: Phone, call: State) -> Path:
    """The recording of a call that is over."""
    phone.wait_settled()
    (sidecar,) = (one for one in phone.stored() if one["call_id"] == call["id"])
    return phone.storage / str(sidecar["file"])


def same(said: Path, heard: Path, *, said_channel: int = 0, heard_channel: int = 0, minimum: float = 0.99) -> None:
    """One uninterrupted piece of what was said, and nothing else, is what was heard."""
    first, rate = judge.load(said, said_channel)
    second, other_rate = judge.load(heard, heard_channel)
    pieces = stretches(second, first, other_rate, rate)
    assert len(pieces) == 1, pieces
    assert pieces[0].correlation >= minimum, pieces


def test_a_tone_an_echo_and_a_recording_at_the_server(
    at_asterisk: Callable[..., Phone], asterisk: Asterisk, voice: Path
) -> None:
    phone = at_asterisk("always")
    calls = []
    for extension in ("602", "600", "606"):
        phone.press(*extension, "pound")
        call = phone.wait_call("connected")
        assert (call["direction"], call["party"]["number"], call["codec"]) == ("out", extension, "PCMA")
        phone.wait_recorded(2.0)
        phone.soft("hang-up")
        ended = phone.wait_ended()
        assert (ended["id"], ended["state"], ended["end_reason"]) == (call["id"], "ended", "hangup-local")
        calls.append(call)
    tone, echo, record = (take_of(phone, call) for call in calls)

    heard, rate = judge.load(tone, 1)
    (found,) = judge.tones(heard, rate, 1004)
    assert found.frequency_hz == pytest.approx(1004, abs=1)
    assert found.duration_s == pytest.approx(len(heard) / rate, abs=0.15)
    assert judge.losses(judge.load(echo, 0)[0], judge.load(echo, 1)[0], rate, minimum_correlation=0.95) == []
    same(echo, echo, said_channel=0, heard_channel=1)
    asterisk.program.wait_line(r"Spawn extension .phones, 606")
    (server,) = asterisk.heard("606")
    same(voice, server)
    same(voice, record)


def test_a_call_from_the_exchange_is_shown_and_answered(at_asterisk: Callable[..., Phone], asterisk: Asterisk) -> None:
    phone = at_asterisk()
    for by in ("soft-key", "handset"):
        _take_a_call(phone, asterisk, by)


def _take_a_call(phone: Phone, asterisk: Asterisk, by: str) -> None:
    printed = asterisk.program.mark()
    asterisk.originate("1001", "602", number="0701234567", name="Åsa Öberg")
    call = phone.wait_call("ringing")
    assert (call["direction"], call["party"]) == ("in", {"number": "0701234567", "name": "Åsa Öberg"})
    phone.wait_screen(Incoming("Åsa Öberg", "0701234567"))
    if by == "soft-key":
        phone.soft("answer")
    else:
        phone.hook(down=False)
    call = phone.wait_call("connected")
    assert call["answered_at"] is not None
    phone.hook(down=True)
    ended = phone.wait_ended()
    assert (ended["id"], ended["end_reason"]) == (call["id"], "hangup-local")
    asterisk.program.wait_line(r"Spawn extension .phones, 602", since=printed)


@pytest.mark.parametrize("caller", ["phone", "peer"])
def test_both_directions_through_the_exchange(
    at_asterisk: Callable[..., Phone],
    asterisk: Asterisk,
    make_baresip: MakeBaresip,
    voice: Path,
    peer_speech: Path,
    caller: str,
) -> None:
    phone = at_asterisk()
    peer = registered(asterisk, make_baresip)
    asterisk.wait_registered("1002")
    if caller == "phone":
        phone.dial("71002")
        peer.wait_event("CALL_INCOMING")
        phone.wait_call("ringing")
        peer.answer()
    else:
        peer.dial(asterisk.uri("71001"))
        call = phone.wait_call("ringing")
        assert call["party"]["number"] == "1002"
        phone.hook(down=False)
    phone.wait_call("connected")
    peer.wait_audio(3.0)
    peer.hangup()
    assert phone.wait_ended()["end_reason"] == "hangup-remote"
    asterisk.program.wait_line("End MixMonitor Recording")

    called = "71002" if caller == "phone" else "71001"
    (received,) = asterisk.heard(called, "received")
    (transmitted,) = asterisk.heard(called, "transmitted")
    ours, theirs = (received, transmitted) if caller == "phone" else (transmitted, received)
    same(voice, ours)
    same(peer_speech, theirs)
    same(voice, peer.received)


@pytest.mark.parametrize("codec", ["G722", "PCMA", "PCMU"])
def test_codecs(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path, codec: str) -> None:
    """The peer knows one codec only. Through G.722 real speech, because noise-like syllables lose too much in it."""
    ours = judge.speech(tmp_path / "ours.wav", 20, seed=5, voice="en", band=judge.TELEPHONE_BAND)
    theirs = judge.speech(tmp_path / "theirs.wav", 20, seed=6, voice="en", band=judge.TELEPHONE_BAND)
    phone = make_phone("always", audio={"microphone_file": str(ours)})
    peer = make_baresip(theirs, codecs=(CODECS[codec],), answer="auto")
    phone.dial(peer.uri)
    call = phone.wait_call("connected")
    assert call["codec"] == codec
    peer.wait_audio(3.0)
    phone.hook(down=True)
    peer.wait_event("CALL_CLOSED")
    take = take_of(phone, call)
    heard, rate = judge.load(peer.received)
    said, said_rate = judge.load(ours)
    assert judge.align(said, heard, said_rate, rate).correlation >= 0.99
    for channel, source in ((0, ours), (1, theirs)):
        recorded, rate = judge.load(take, channel)
        said, said_rate = judge.load(source)
        assert judge.align(said, recorded, said_rate, rate).correlation >= 0.99


def test_it_refuses_a_call(make_phone: MakePhone, make_baresip: MakeBaresip) -> None:
    phone = make_phone()
    peer = make_baresip()
    peer.dial(phone.uri)
    phone.wait_call("ringing")
    peer.wait_event("CALL_RINGING")
    phone.soft("reject")
    assert "603" in str(peer.wait_event("CALL_CLOSED")["param"])
    assert phone.wait_ended()["end_reason"] == "declined"


def test_a_caller_gives_up_and_is_missed(make_phone: MakePhone, make_baresip: MakeBaresip) -> None:
    phone = make_phone("always")
    peer = make_baresip()
    peer.dial(phone.uri)
    phone.wait_call("ringing")
    peer.wait_event("CALL_RINGING")
    peer.hangup()
    ended = phone.wait_ended()
    assert (ended["end_reason"], ended["answered_at"]) == ("missed", None)
    phone.wait_screen(Ended("peer", 0, "missed"))
    assert phone.state()["takes"] == []


def _newest_ended(reason: str, state: State) -> bool:
    return bool(state["calls"]) and state["calls"][-1]["end_reason"] == reason


def test_a_call_that_comes_to_nothing_says_why(at_asterisk: Callable[..., Phone], free_port: Callable[[], int]) -> None:
    # Over TCP a closed port is known at once; over UDP only 32 s of silence tell (RFC 3261 §17.1.1.2).
    phone = at_asterisk("always", sip={"transport": "tcp"})
    for to, reason, label in (
        ("603", "busy", "603"),
        ("607", "no-answer", "607"),
        ("999", "not-found", "999"),
        (f"sip:nobody@127.0.0.1:{free_port()}", "unreachable", "nobody"),
        ("hej där", "bad-number", "hej där"),
    ):
        since = phone.mark()
        phone.dial(to)
        ended = phone.wait(partial(_newest_ended, reason), since=since)
        assert ended["active_call"] is None
        phone.wait_screen(Ended(label, 0, reason))
        assert (ended["takes"], ended["lamp"]) == ([], "off")
    phone.dial("602")
    phone.wait_call("connected")
    phone.hook(down=True)
    phone.wait_call_over()


def test_the_far_end_hangs_up(at_asterisk: Callable[..., Phone]) -> None:
    phone = at_asterisk("always")
    phone.dial("605")
    call = phone.wait_call("connected")
    assert phone.wait_ended()["end_reason"] == "hangup-remote"
    (sidecar,) = (phone.wait_takes(1), phone.stored())[1]
    assert (sidecar["call_id"], sidecar["end_reason"], sidecar["result"]) == (call["id"], "hangup-remote", "successful")
    assert sidecar["call_started_at"] < sidecar["call_answered_at"] < sidecar["call_ended_at"]


def test_mute_is_silence_for_the_other_and_in_the_recording(
    make_phone: MakePhone, far_end: Baresip, voice: Path
) -> None:
    phone = make_phone("always")
    phone.dial(far_end.uri)
    call = phone.wait_call("connected")
    far_end.wait_audio(1.5)
    phone.press("mute")
    phone.wait(lambda s: s["muted"], since=phone.mark())
    muted_from = far_end.audio_seconds()
    far_end.wait_audio(muted_from + 1.5)
    phone.press("mute")
    phone.wait(lambda s: not s["muted"], since=phone.mark())
    muted_to = far_end.audio_seconds()
    far_end.wait_audio(muted_to + 1.5)
    phone.hook(down=True)
    far_end.wait_event("CALL_CLOSED")
    take = take_of(phone, call)

    said, said_rate = judge.load(voice)
    for path in (far_end.received, take):
        heard, rate = judge.load(path)
        (silence,) = judge.silence_runs(heard, rate, minimum_s=0.5)
        assert silence.duration_s == pytest.approx(muted_to - muted_from, abs=0.15)
        begin, end = round(silence.start_s * rate), round((silence.start_s + silence.duration_s) * rate)
        for part in (heard[:begin], heard[end:]):
            assert judge.contains(part[rate // 10 : -rate // 10], said, rate, said_rate).correlation >= 0.99
    same(far_end.sent, take, heard_channel=1)


def test_the_phone_ends_in_order_with_a_live_call(make_phone: MakePhone, far_end: Baresip, voice: Path) -> None:
    phone = make_phone("always")
    phone.dial(far_end.uri)
    call = phone.wait_call("connected")
    phone.wait_recorded(2.0)
    assert phone.stop() == 0
    # A BYE, and not a silence that somebody gives up on.
    far_end.wait_event("CALL_CLOSED", timeout=0.5)
    (sidecar,) = phone.stored()
    assert (sidecar["call_id"], sidecar["result"], sidecar["recovered"]) == (call["id"], "successful", False)
    assert sidecar["duration_seconds"] >= 2.0
    same(voice, phone.storage / str(sidecar["file"]))
    same(far_end.sent, phone.storage / str(sidecar["file"]), heard_channel=1)
