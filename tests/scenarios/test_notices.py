"""What both parties hear of a recording, judged by what the far end received and what the earpiece played."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deskphone.adapters.pjsip.sounds import SHIPPED_PROMPTS
from tests.audio import judge
from tests.peers.baresip import PCMA, Baresip
from tests.scenarios.phone import Phone

MakePhone = Callable[..., Phone]
MakeBaresip = Callable[..., Baresip]
HEARD = 0.97
PSTN = "0701234567"


def quiet_peer(make_baresip: MakeBaresip, tmp_path: Path, user: str = "1002") -> Baresip:
    """A far end that says nothing, so that notices are alone in the ear."""
    silence = judge.save(tmp_path / "silence.wav", judge.sine(60.0, 16_000, 440.0, -90.0), 16_000)
    return make_baresip(silence, user=user, answer="auto", codecs=(PCMA,))


def prompt(kind: str, language: str = "sv") -> tuple[judge.Signal, int]:
    """A shipped announcement."""
    return judge.load(SHIPPED_PROMPTS / language / f"{kind}.wav")


def heard(kind: str, path: Path, language: str = "sv") -> judge.Alignment:
    """Where in a file this announcement fits best."""
    said, rate = prompt(kind, language)
    ear, ear_rate = judge.load(path)
    return judge.contains(said, ear, rate, ear_rate)


def test_the_repeating_tone(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path) -> None:
    """1400 Hz for 500 ms every 10 s, at -10 dBm0 there and a fifth of that here; none in a pause; on the recording."""
    phone = make_phone(
        "always-pause-resume",
        notice={"repeat_beep_seconds": 10},
        audio={"microphone_file": ""},
        phone={"country": "SE"},
    )
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_recording("recording")
    peer.wait_audio(21.5)
    phone.pick("pause-recording")
    phone.wait_recording("paused")
    peer.wait_audio(32.0)
    phone.hook(down=True)
    phone.wait_takes(1)
    phone.stop()

    signal, rate = judge.load(peer.received)
    found = judge.tones(signal, rate, 1400.0)
    assert len(found) == 3, found
    assert judge.intervals(found) == pytest.approx([10.0, 10.0], abs=0.005)
    assert found[0].start_s < 0.5
    for tone in found:
        assert tone.frequency_hz == pytest.approx(1400.0, abs=2.0)
        assert tone.duration_s == pytest.approx(0.5, abs=0.01)
        assert tone.level_dbm0 == pytest.approx(-10.0, abs=0.7)

    here = judge.tones(*judge.load(phone.earpiece), 1400.0)
    assert [tone.level_dbm0 for tone in here] == pytest.approx([-24.0] * 3, abs=0.7)  # a fifth is 14 dB less
    (sidecar,) = phone.stored()
    taped, taped_rate = judge.load(phone.storage / sidecar["file"], 0)
    assert judge.intervals(judge.tones(taped, taped_rate, 1400.0)) == pytest.approx([10.0, 10.0], abs=0.005)
    assert [notice["kind"] for notice in sidecar["notices"]] == ["repeating-beep"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_press_is_announced_to_both(
    make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path, language: str
) -> None:
    """Start, pause, resume and stop, in the phone's language, in the handset and at the far end."""
    phone = make_phone(
        "on-demand-user-start",
        phone={"language": language},
        notice={"pause_resume": "announcement"},
        audio={"microphone_file": ""},
    )
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_call("connected")
    presses = {"start": "recording", "pause": "paused", "resume": "recording", "stop": "idle"}
    for until, (press, state) in enumerate(presses.items(), 1):
        phone.pick(f"{press}-recording")
        phone.wait_recording(state)
        peer.wait_audio(until * 3.2)
    phone.hook(down=True)
    phone.wait_takes(1)
    phone.stop()

    places = [heard(kind, peer.received, language) for kind in presses]
    assert min(place.correlation for place in places) >= HEARD, places
    assert [place.offset_s for place in places] == sorted(place.offset_s for place in places)
    assert min(heard(kind, phone.earpiece, language).correlation for kind in presses) >= HEARD
    (sidecar,) = phone.stored()
    assert [notice["kind"] for notice in sidecar["notices"]] == ["start", "pause", "resume", "stop"]
    assert {notice["audience"] for notice in sidecar["notices"]} == {"both"}


@pytest.mark.parametrize("audience", ["local", "remote"])
def test_an_audience_of_one(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path, audience: str) -> None:
    """The announcement is heard on one side only."""
    phone = make_phone("on-demand-user-start", notice={"audience": audience}, audio={"microphone_file": ""})
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_call("connected")
    phone.pick("start-recording")
    phone.wait_recording("recording")
    peer.wait_audio(3.5)
    phone.hook(down=True)
    phone.wait_takes(1)
    phone.stop()

    here, there = (_heard_or_silent(path) for path in (phone.earpiece, peer.received))
    assert (here >= HEARD, there >= HEARD) == (audience == "local", audience == "remote"), (here, there)


def _heard_or_silent(path: Path) -> float:
    try:
        return heard("start", path).correlation
    except ValueError:
        return 0.0


@pytest.mark.parametrize(
    ("user", "notice", "expected"),
    [
        ("1002", {"announcement": {"internal_calls": True}}, "start"),
        ("1002", {"announcement": {"pstn_calls": True}}, None),
        (PSTN, {"announcement": {"pstn_calls": True}}, "start"),
        (PSTN, {"announcement": {"internal_calls": True}}, None),
        (PSTN, {"announcement": {"pstn_calls": True}, "compliance_announcement": {"enabled": True}}, "compliance"),
    ],
)
def test_an_automatic_recording_is_announced_by_the_kind_of_call(
    make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path, user: str, notice: object, expected: str | None
) -> None:
    """Internal calls and calls to the public network have settings of their own."""
    phone = make_phone("always", notice=notice, audio={"microphone_file": ""})
    peer = quiet_peer(make_baresip, tmp_path, user)
    phone.dial(peer.uri)
    phone.wait_recording("recording")
    peer.wait_audio(3.5)
    phone.hook(down=True)
    phone.wait_takes(1)

    (sidecar,) = phone.stored()
    assert [notice["kind"] for notice in sidecar["notices"]] == ([expected] if expected else [])
    if expected:
        assert heard(expected, peer.received).correlation >= HEARD
    else:
        assert judge.level_dbm0(judge.load(peer.received)[0]) < -60.0


def test_a_press_can_be_a_beep(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path) -> None:
    """`pause_resume = "beep"`: one tone each, the pause's not on the recording."""
    phone = make_phone("always-pause-resume", notice={"pause_resume": "beep"}, audio={"microphone_file": ""})
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_recording("recording")
    peer.wait_audio(1.0)
    phone.pick("pause-recording")
    phone.wait_recording("paused")
    peer.wait_audio(2.5)
    phone.pick("resume-recording")
    phone.wait_recording("recording")
    peer.wait_audio(4.0)
    phone.hook(down=True)
    phone.wait_takes(1)

    assert len(judge.tones(*judge.load(peer.received), 1400.0)) == 2
    (sidecar,) = phone.stored()
    taped, rate = judge.load(phone.storage / sidecar["file"], 0)
    assert len(judge.tones(taped, rate, 1400.0)) == 1


def test_an_own_prompt_that_cannot_be_read(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path) -> None:
    """The administrator's file is broken: the shipped one is played, the person is told, the recording goes on."""
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    (prompts / "start.wav").write_bytes(b"this is no sound")
    phone = make_phone("on-demand-user-start", notice={"prompts": {"dir": str(prompts)}}, audio={"microphone_file": ""})
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_call("connected")
    mark = phone.mark()
    phone.pick("start-recording")
    phone.wait_recording("recording")
    phone.program.wait_line(r"start\.wav cannot be read")
    phone.wait(lambda s: "meddelande" in (s["banner"] or ""), since=mark)
    peer.wait_audio(4.0)
    phone.hook(down=True)
    phone.wait_takes(1)

    assert heard("start", peer.received).correlation >= HEARD
    assert phone.stored()[0]["result"] == "successful"


def test_an_own_prompt_is_played_instead(make_phone: MakePhone, make_baresip: MakeBaresip, tmp_path: Path) -> None:
    """A replaced announcement, 8 kHz as many tools write it."""
    own, rate = judge.load(judge.speech(tmp_path / "own.wav", 1.5, seed=9, band=judge.TELEPHONE_BAND, rate=8_000))
    (tmp_path / "prompts" / "sv").mkdir(parents=True)
    judge.save(tmp_path / "prompts" / "sv" / "start.wav", own, rate)
    phone = make_phone(
        "on-demand-user-start", notice={"prompts": {"dir": str(tmp_path / "prompts")}}, audio={"microphone_file": ""}
    )
    peer = quiet_peer(make_baresip, tmp_path)
    phone.dial(peer.uri)
    phone.wait_call("connected")
    phone.pick("start-recording")
    phone.wait_recording("recording")
    peer.wait_audio(3.0)
    phone.hook(down=True)
    phone.wait_takes(1)

    signal, signal_rate = judge.load(peer.received)
    assert judge.contains(own, signal, rate, signal_rate).correlation >= HEARD
