"""The real peers work with each other, so that a fault in a test that uses them is the phone's."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from tests.audio import judge
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import G722, PCMA, PCMU, Baresip, Codec
from tests.peers.program import PeerError, Program

MakeBaresip = Callable[..., Baresip]


def registered(make: MakeBaresip, asterisk: Asterisk, user: str, **options: object) -> Baresip:
    peer = make(user=user, password=PASSWORDS[user], registrar=asterisk.registrar, **options)
    peer.wait_event("REGISTER_OK")
    return peer


@pytest.mark.parametrize(
    ("transport", "codec", "rate"), [("udp", G722, 16_000), ("tcp", PCMA, 8000), ("udp", PCMU, 8000)]
)
def test_echo_returns_what_was_said(
    asterisk: Asterisk,
    make_baresip: MakeBaresip,
    peer_speech: Path,
    transport: Literal["udp", "tcp"],
    codec: Codec,
    rate: int,
) -> None:
    peer = registered(make_baresip, asterisk, "1001", transport=transport, codecs=(codec,))
    asterisk.wait_registered("1001")
    assert asterisk.registered("1001")
    assert not asterisk.registered("1002")
    peer.dial(asterisk.uri("600"))
    peer.wait_event("CALL_ESTABLISHED")
    peer.wait_event("CALL_RTPESTAB")
    peer.wait_audio(3.0)
    peer.hangup()
    peer.wait_event("CALL_CLOSED")
    said, said_rate = judge.load(peer.sent)
    heard, heard_rate = judge.load(peer.received)
    assert said_rate == heard_rate == rate
    assert judge.align(said, heard, rate).correlation >= 0.99
    assert judge.losses(said, heard, rate, minimum_correlation=0.95) == []
    assert judge.align(judge.load(peer_speech)[0], heard, 16_000, rate).correlation >= 0.99


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_wrong_password_is_refused(asterisk: Asterisk, make_baresip: MakeBaresip, transport: str) -> None:
    peer = make_baresip(user="1001", password="wrong", registrar=asterisk.registrar, transport=transport)
    assert "401" in str(peer.wait_event("REGISTER_FAIL")["param"])
    assert not asterisk.registered("1001")


@pytest.mark.parametrize(("codec", "other_codec"), [(G722, G722), (PCMA, PCMA), (G722, PCMU)])
def test_a_call_between_users_is_recorded_by_the_server_in_both_directions(
    asterisk: Asterisk, make_baresip: MakeBaresip, tmp_path: Path, codec: Codec, other_codec: Codec
) -> None:
    other = judge.speech(tmp_path / "other.wav", 30, seed=2, band=judge.TELEPHONE_BAND)
    caller = registered(make_baresip, asterisk, "1001", codecs=(codec,))
    callee = registered(make_baresip, asterisk, "1002", codecs=(other_codec,), source=other, answer="auto")
    caller.dial(asterisk.uri("71002"))
    caller.wait_event("CALL_ESTABLISHED")
    caller.wait_audio(2.0)
    caller.dtmf("5")
    assert callee.wait_event("CALL_DTMF_START")["param"] == "5"
    caller.hangup()
    callee.wait_event("CALL_CLOSED")
    asterisk.program.wait_line("End MixMonitor Recording")
    said, rate = judge.load(caller.sent)
    answered, other_rate = judge.load(callee.sent)
    received, server_rate = judge.load(asterisk.heard("71002", "received")[0])
    transmitted, _ = judge.load(asterisk.heard("71002", "transmitted")[0])
    # Up to the digit: while it is sent, speech is not.
    assert judge.align(said[: 2 * rate], received, rate, server_rate).correlation >= 0.98
    assert judge.align(answered[: 2 * other_rate], transmitted, other_rate, server_rate).correlation >= 0.98
    assert (
        judge.losses(answered[: 2 * other_rate], transmitted, other_rate, server_rate, minimum_correlation=0.95) == []
    )
    assert judge.align(answered, received, other_rate, server_rate).correlation < 0.3


def test_asterisk_rings_a_user_with_a_caller_it_names(asterisk: Asterisk, make_baresip: MakeBaresip) -> None:
    peer = registered(make_baresip, asterisk, "1001")
    asterisk.originate("1001", "601", number="0312345678", name="Bo Ek")
    incoming = peer.wait_event("CALL_INCOMING")
    assert incoming["peerdisplayname"] == "Bo Ek"
    assert str(incoming["peeruri"]).startswith("sip:0312345678@")
    peer.answer()
    peer.wait_event("CALL_ESTABLISHED")
    peer.wait_audio(1.0)
    asterisk.hang_up_all()
    peer.wait_event("CALL_CLOSED")


def test_asterisk_sends_check_sync_to_a_user(asterisk: Asterisk, make_baresip: MakeBaresip) -> None:
    registered(make_baresip, asterisk, "1001")
    asterisk.cli("pjsip set logger on")
    for reboot, event in ((True, "check-sync;reboot=true"), (False, "check-sync")):
        since = asterisk.program.mark()
        asterisk.notify_check_sync("1001", reboot=reboot)
        asterisk.program.wait_line(f"^Event: {event}$", since=since)


def test_extensions_for_playing_and_recording(asterisk: Asterisk, make_baresip: MakeBaresip, peer_speech: Path) -> None:
    peer = registered(make_baresip, asterisk, "1001", codecs=(PCMU,))
    heard, rate = judge.load(call(peer, asterisk, "601", 1.5))
    assert judge.align(judge.load(peer_speech)[0], heard, 16_000, rate).correlation >= 0.98
    (tone,) = judge.tones(judge.load(call(peer, asterisk, "602", 1.0))[0], 8000, 1004)
    assert tone.frequency_hz == pytest.approx(1004, abs=1)
    call(peer, asterisk, "606", None)
    asterisk.program.wait_line("Spawn extension .phones, 606")
    (path,) = asterisk.heard("606")
    recorded, recorded_rate = judge.load(path)
    said, said_rate = judge.load(peer.sent)
    assert judge.align(said, recorded, said_rate, recorded_rate).correlation >= 0.98


def call(peer: Baresip, asterisk: Asterisk, extension: str, seconds: float | None) -> Path:
    """Call, hear that many seconds (None: be heard by Asterisk for one second), hang up; returns what was heard."""
    since = len(peer.control.events)
    place = peer.dumps()
    peer.dial(asterisk.uri(extension))
    peer.wait_event("CALL_ESTABLISHED", since=since)
    if seconds is None:
        peer.wait_audio(1.0, "enc", place)
    else:
        peer.wait_audio(seconds, "dec", place)
    peer.hangup()
    peer.wait_event("CALL_CLOSED", since=since)
    return peer.received


@pytest.mark.parametrize(("extension", "why"), [("603", "486"), ("999", "404")])
def test_busy_and_unknown_extensions_refuse(
    asterisk: Asterisk, make_baresip: MakeBaresip, extension: str, why: str
) -> None:
    peer = registered(make_baresip, asterisk, "1001")
    peer.dial(asterisk.uri(extension))
    assert why in str(peer.wait_event("CALL_CLOSED")["param"])


def test_one_that_rings_forever_and_one_that_hangs_up(asterisk: Asterisk, make_baresip: MakeBaresip) -> None:
    peer = registered(make_baresip, asterisk, "1001")
    peer.dial(asterisk.uri("604"))
    peer.wait_event("CALL_RINGING")
    since = len(peer.control.events)
    peer.hangup()
    peer.wait_event("CALL_CLOSED", since=since)
    since = len(peer.control.events)
    peer.dial(asterisk.uri("605"))
    peer.wait_event("CALL_ESTABLISHED", since=since)
    peer.wait_event("CALL_CLOSED", since=since)


def test_hold_and_mute_silence_the_other_and_resume_ends_it(asterisk: Asterisk, make_baresip: MakeBaresip) -> None:
    caller = registered(make_baresip, asterisk, "1001", codecs=(PCMA,))
    callee = registered(make_baresip, asterisk, "1002", codecs=(PCMA,), answer="auto")
    caller.dial(asterisk.uri("1002"))
    callee.wait_audio(0.4)
    caller.hold()
    asterisk.program.wait_line("Music class default requested")
    held_at, said = callee.audio_seconds(), caller.audio_seconds("enc")
    caller.wait_audio(said + 0.6, "enc")
    assert callee.audio_seconds() - held_at < 0.1
    caller.resume()
    callee.wait_audio(held_at + 0.4)
    caller.mute()
    callee.wait_audio(held_at + 1.0)
    caller.mute()
    callee.wait_audio(held_at + 1.5)
    caller.hangup()
    callee.wait_event("CALL_CLOSED")
    heard, rate = judge.load(callee.received)
    (muted,) = judge.silence_runs(heard, rate, minimum_s=0.3)
    assert muted.duration_s == pytest.approx(0.6, abs=0.2)
    held = judge.load(caller.sent)[0][round((said + 0.1) * rate) : round((said + 0.5) * rate)]
    assert judge.leaks(held, heard, rate) == []


def test_what_a_peer_refuses_or_lacks_is_an_error(tmp_path: Path, make_baresip: MakeBaresip) -> None:
    peer = make_baresip()
    with pytest.raises(PeerError, match="refused"):
        peer.control.command("nothing-of-the-kind")
    with pytest.raises(PeerError, match="no event CALL_CLOSED"):
        peer.wait_event("CALL_CLOSED", timeout=0.05)
    with pytest.raises(PeerError, match="was there a call"):
        _ = peer.received
    with pytest.raises(PeerError, match="no loader"):
        Asterisk(tmp_path / "empty", tmp_path / "asterisk").start()
    with Program(["printf", "one\\ntwo\\n"]) as program, pytest.raises(PeerError, match="ended"):
        program.wait_line("three")


def test_a_free_port_is_free(free_port: Callable[[], int]) -> None:
    port = free_port()
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        for offset in (0, 1):
            with socket.socket(socket.AF_INET, kind) as taken:
                taken.bind(("127.0.0.1", port + offset))
