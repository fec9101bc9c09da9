"""What is seen: banner, its return and its leaving, status mark, lamp; and the reminder of a forgotten pause."""

import pytest

from deskphone.core.commands import CancelTimer, Command, LocalTone, PlayLocalTone, SetLamp, Show, StartTimer
from deskphone.core.events import AdapterChanged, HandsetLifted, LocalHoldChanged, RecorderProgressed, StorageChanged
from deskphone.core.keypad import Key
from deskphone.core.recording import Mode
from deskphone.core.settings import OnHold, Settings
from deskphone.core.tones import progress_tones, warning_tone
from deskphone.core.view import Banner, BannerKind, Mark
from tests.core.oracle import WARNING_TONES
from tests.core.rig import PSTN, Rig


def timers(rig: Rig, commands: tuple[Command, ...]) -> dict[str, float]:
    return {command.timer_id: command.seconds for command in rig.of(StartTimer, commands)}


def recorded(**settings: float) -> tuple[Rig, str]:
    core = Settings(mode=Mode.ON_DEMAND_USER_START, banner_seconds=settings.get("banner_seconds", 3.0))
    rig = Rig(core)
    call_id = rig.connected()
    rig.record("start")
    return rig, call_id


def test_the_banner_leaves_after_three_seconds() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.incoming()
    rig.soft("answer")
    rig.answered(call_id)
    assert timers(rig, rig.store())["banner"] == 3.0
    assert rig.banner() == "recording"
    rig.fire("banner")
    assert rig.banner() is None
    assert rig.mark() == "recording"
    assert rig.lamp() == "steady"


@pytest.mark.parametrize("key", list(Key))
def test_any_key_brings_the_banner_back_for_as_long_again(key: Key) -> None:
    rig, call_id = recorded()
    rig.fire("banner")
    assert timers(rig, rig.press(key))["banner"] == 3.0
    assert rig.banner() == rig.public(call_id)  # two soft keys hold the call: the banner tells what comes of that


def test_the_hook_brings_the_banner_back_too() -> None:
    rig, _ = recorded()
    rig.fire("banner")
    rig.send(HandsetLifted(rig.now()))
    assert rig.banner() == "recording"


@pytest.mark.parametrize("mode", [Mode.NEVER, Mode.ON_DEMAND, Mode.ON_DEMAND_USER_START])
def test_no_key_brings_a_banner_where_nothing_is_recorded(mode: Mode) -> None:
    for key in Key:
        rig = Rig(Settings(mode=mode))
        rig.connected()
        rig.press(key)
        assert rig.banner() is None


def test_a_banner_of_zero_seconds_stays_as_long_as_its_state() -> None:
    rig, call_id = recorded(banner_seconds=0.0)
    assert "banner" not in timers(rig, tuple(rig.log))
    assert rig.banner() == "recording"
    rig.record("pause")
    assert rig.banner() == "paused"
    saved = rig.record("stop")
    assert timers(rig, saved)["banner"] > 0
    assert rig.banner() == "saving"
    started = rig.record("start")
    assert CancelTimer("banner") in started  # else the banner of "saving" would take this one with it
    rig.end(call_id)
    assert rig.banner() == "saving"


def test_a_banner_that_stays_comes_back_after_a_message() -> None:
    rig, _ = recorded(banner_seconds=0.0)
    rig.send(AdapterChanged(rig.now(), "oled", "display-lost"))
    assert rig.banner() == "message"
    rig.fire("banner")
    assert rig.banner() == "recording"


def test_a_failure_that_stays_leaves_with_its_call() -> None:
    rig, call_id = recorded(banner_seconds=0.0)
    rig.fail_recorder(call_id)
    assert rig.banner() == "failed"
    commands = rig.end(call_id)
    assert rig.banner() is None or "banner" in timers(rig, commands)


def test_the_banner_counts_what_is_stored() -> None:
    rig, call_id = recorded()
    rig.send(RecorderProgressed(rig.now(), rig.take(call_id).id, 42.9))
    view = rig.state.shown.view
    assert view is not None
    assert view.banner == Banner(BannerKind.RECORDING, 42)


def test_only_differences_are_sent_to_lamp_ear_and_screen() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    rig.incoming()
    assert len(rig.of(PlayLocalTone)) == 1
    commands = rig.send(AdapterChanged(rig.now(), "oled", None))
    for kind in (SetLamp, PlayLocalTone, Show):
        assert rig.of(kind, commands) == []


def test_feedback_comes_lamp_first_picture_last() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.incoming()
    rig.soft("answer")
    rig.answered(call_id)
    commands = rig.store()
    assert isinstance(commands[0], SetLamp)
    assert isinstance(commands[-1], Show)


def test_the_lamp_is_dark_while_armed_and_after_the_call() -> None:
    rig = Rig(Settings(mode=Mode.ON_DEMAND))
    call_id = rig.connected()
    assert rig.lamp() == "off"
    assert rig.mark() == "none"
    rig.record("start")
    assert rig.lamp() == "steady"
    rig.end(call_id)
    assert rig.lamp() == "off"
    assert rig.mark() == "none"


def test_lamp_and_mark_with_two_calls() -> None:
    rig = Rig(Settings(mode=Mode.ON_DEMAND_USER_START, on_hold=OnHold.CONTINUE))
    first = rig.connected()
    rig.record("start")
    second = rig.incoming(PSTN)
    rig.soft("answer")
    rig.send(LocalHoldChanged(rig.now(), first, True))
    rig.answered(second)
    assert rig.public(first) == "recording"
    assert rig.lamp() == "steady"
    rig.record("start")
    assert rig.mark() == "recording"
    rig.record("pause")
    assert rig.mark() == "paused"
    assert rig.lamp() == "steady"
    rig.fail_recorder(second)
    assert rig.lamp() == "blink-fast"


def test_a_storage_that_fails_is_told_once() -> None:
    rig = Rig()
    rig.send(StorageChanged(rig.now(), False, "storage-full"))
    assert rig.banner() == "message"
    rig.fire("banner")
    rig.send(StorageChanged(rig.now(), False, "storage-full"))
    assert rig.banner() is None
    assert rig.state.storage == "storage-full"
    rig.send(StorageChanged(rig.now(), True))
    assert rig.state.storage is None


# --- the paused reminder


def test_a_forgotten_pause_is_brought_to_mind_again_and_again() -> None:
    rig, call_id = recorded()
    timer = f"reminder:{call_id}"
    assert timers(rig, rig.record("pause"))[timer] == 60.0
    rig.fire("banner")
    for _ in range(3):
        commands = rig.fire(timer)
        assert rig.banner() == "paused"
        assert rig.of(PlayLocalTone, commands) == [PlayLocalTone(LocalTone.REMINDER)]
        assert timers(rig, commands)[timer] == 60.0
        rig.fire("banner")


def test_the_reminder_ends_with_the_pause() -> None:
    rig, call_id = recorded()
    timer = f"reminder:{call_id}"
    rig.record("pause")
    assert CancelTimer(timer) in rig.record("resume")
    assert rig.of(PlayLocalTone, rig.fire(timer)) == []
    rig.record("pause")
    assert CancelTimer(timer) in rig.end(call_id)
    assert rig.of(PlayLocalTone, rig.fire(timer)) == []


def test_no_reminder_when_it_is_turned_off() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS_PAUSE_RESUME, pause_reminder_seconds=0))
    rig.connected()
    assert [timer for timer in timers(rig, rig.record("pause")) if timer.startswith("reminder")] == []


# --- tones


@pytest.mark.parametrize("country", WARNING_TONES)
def test_every_countrys_recording_tone(country: str) -> None:
    for spelling in (country, country.lower()):
        tone = warning_tone(spelling)
        assert (tone.frequency_hz, tone.on_ms, tone.customary_seconds) == WARNING_TONES[country]


def test_an_unknown_country_has_the_customary_tone() -> None:
    tone = warning_tone("XX")
    assert (tone.frequency_hz, tone.on_ms, tone.customary_seconds) == (1400, 500, 15)


@pytest.mark.parametrize("country", ["SE", "US", "GB", "DE", "XX"])
def test_progress_tones_can_be_told_apart_by_rhythm(country: str) -> None:
    tones = progress_tones(country)
    assert tones.dial.cadence_ms == ()
    cadences = {tones.ringback.cadence_ms, tones.busy.cadence_ms, tones.congestion.cadence_ms}
    assert len(cadences) == 3
    assert all(len(cadence) % 2 == 0 and min(cadence) > 0 for cadence in cadences)
    assert all(hz > 0 for tone in (tones.dial, tones.ringback, tones.busy) for hz in tone.frequencies_hz)


def test_the_swedish_tones_are_those_of_the_itu() -> None:
    tones = progress_tones("SE")
    assert (tones.dial.frequencies_hz, tones.ringback.cadence_ms) == ((425,), (1000, 5000))
    assert (tones.busy.cadence_ms, tones.congestion.cadence_ms) == ((250, 250), (250, 750))


def test_the_mark_has_three_shapes() -> None:
    assert {mark.value for mark in Mark} == {"none", "recording", "paused"}
