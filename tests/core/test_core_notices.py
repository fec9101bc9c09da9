"""What is heard, under every notice setting, against the oracle; changes when the oracle does."""

import itertools

import pytest

from deskphone.core.commands import CancelTimer, PlayAnnouncement, PlayBeep, StartBeep, StartTimer, StopBeep
from deskphone.core.events import NoticeEnded
from deskphone.core.recording import Mode
from deskphone.core.settings import NoticeSettings, OnHold, Settings
from tests.core.oracle import ACTIONS, MODES, Hearing, heard
from tests.core.rig import EMERGENCY, INTERNAL, PSTN, Rig, of
from tests.core.words import PARTIES, settings_for, spoken


def hearings() -> list[Hearing]:
    flags = (False, True)
    return [
        Hearing(*choice)
        for choice in itertools.product(PARTIES, flags, flags, flags, flags, ("none", "beep", "announcement"))
    ]


def expected_notices(mode: str, hearing: Hearing, event: str) -> list[str]:
    name = heard(mode, hearing, event)
    return [] if name is None else [name]


@pytest.mark.parametrize("mode", MODES)
def test_every_notice_setting(mode: str) -> None:
    for hearing in hearings():
        rig = Rig(settings_for(mode, hearing))
        call_id = rig.incoming(PARTIES[hearing.party])
        rig.soft("answer")
        early = spoken(rig.answered(call_id))
        assert early == [], (hearing, early)
        begun = "begun" if mode.startswith("always") else "silent"
        assert spoken(rig.store()) == expected_notices(mode, hearing, begun), hearing
        presses = [action for action in ACTIONS if action in ("pause", "resume") or mode == "on-demand-user-start"]
        if mode.startswith("on-demand"):
            assert spoken(rig.record("start")) == expected_notices(mode, hearing, "begun"), hearing
        for action in presses if mode not in ("never", "always") else ():
            if action != "start":
                assert spoken(rig.record(action)) == expected_notices(mode, hearing, action), (hearing, action)
        if mode == "on-demand-user-start":
            assert spoken(rig.record("start")) == expected_notices(mode, hearing, "begun"), ("second take", hearing)
        end = spoken(rig.end(call_id))
        assert end == [], (hearing, end)


@pytest.mark.parametrize("audience", ["both", "local", "remote"])
def test_the_audience_is_passed_on_and_written_down(audience: str) -> None:
    rig = Rig(settings_for("on-demand-user-start", Hearing(pause_resume="beep"), audience, repeat=15))
    call_id = rig.connected()
    for action in ("start", "pause", "resume"):
        rig.record(action)
        rig.hush()
    played: list[PlayAnnouncement | PlayBeep | StartBeep] = [
        *rig.every(PlayAnnouncement),
        *rig.every(PlayBeep),
        *rig.every(StartBeep),
    ]
    assert len(played) >= 4
    assert {command.audience.value for command in played} == {audience}
    written = rig.take(call_id).notices
    assert [notice.kind for notice in written] == ["start", "repeating-beep", "beep", "beep"]
    assert {notice.audience for notice in written} == {audience}


def test_a_resume_is_announced_only_once_its_first_sample_is_stored() -> None:
    rig = Rig(settings_for("always-pause-resume", Hearing(pause_resume="announcement")))
    rig.connected()
    rig.record("pause")
    pressed = rig.pick("resume-recording")
    assert pressed is not None
    assert spoken(pressed) == []
    assert spoken(rig.store()) == ["resume"]


@pytest.mark.parametrize("pause_resume", ["beep", "announcement"])
def test_the_pause_of_a_hold_is_not_announced(pause_resume: str) -> None:
    rig = Rig(settings_for("always-pause-resume", Hearing(pause_resume=pause_resume)))
    rig.connected()
    assert spoken(rig.hold()) == []
    assert spoken(rig.retrieve()) == []


@pytest.mark.parametrize("pause_resume", ["beep", "announcement"])
def test_the_pause_of_a_hold_is_not_announced_after_an_earlier_resume_by_hand(pause_resume: str) -> None:
    rig = Rig(settings_for("always-pause-resume", Hearing(pause_resume=pause_resume)))
    rig.connected()
    rig.record("pause")
    rig.record("resume")
    rig.hush()
    assert spoken(rig.hold()) == []
    assert spoken(rig.retrieve()) == []


def test_a_start_pressed_on_hold_is_announced_when_the_far_end_can_hear_it() -> None:
    rig = Rig(settings_for("on-demand-user-start", Hearing()))
    call_id = rig.connected()
    rig.hold()
    assert spoken(rig.record("start")) == []
    assert rig.public(call_id) == "recording"
    assert spoken(rig.retrieve()) == ["start"]


def test_a_recording_that_began_on_hold_is_announced_when_the_far_end_can_hear_it() -> None:
    hearing = Hearing(internal_calls=True)
    rig = Rig(Settings(mode=Mode.ALWAYS, on_hold=OnHold.CONTINUE, notices=settings_for("always", hearing).notices))
    call_id = rig.incoming()
    rig.soft("answer")
    rig.answered(call_id)
    rig.awaited.clear()
    rig.hold()
    rig.awaited.append(rig.take(call_id).id)
    assert spoken(rig.store()) == []
    assert spoken(rig.retrieve()) == ["start"]


def test_notices_wait_for_nobody_while_held() -> None:
    rig = Rig(settings_for("on-demand-user-start", Hearing(pause_resume="announcement"), repeat=15))
    rig.connected()
    rig.record("start")
    rig.hush()
    rig.hold()
    first = len(rig.log)
    for action in ("resume", "pause", "resume", "stop", "start", "stop"):
        rig.record(action)
    silent = rig.log[first:]
    assert spoken(tuple(silent)) == []
    assert of(StartBeep, silent) == []


# --- compliance


def compliance(delay: float, mode: str = "always-pause-resume") -> Rig:
    notices = NoticeSettings(compliance=True, compliance_delay=delay, pstn_calls=True)
    return Rig(Settings(mode=Mode(mode), notices=notices))


def test_a_delayed_compliance_announcement_comes_once_and_alone() -> None:
    rig = compliance(5.0)
    call_id = rig.connected(PSTN)
    assert rig.every(PlayAnnouncement) == []
    assert spoken(rig.fire(f"compliance:{call_id}")) == ["compliance"]
    assert [notice.kind for notice in rig.take(call_id).notices] == ["compliance"]


@pytest.mark.parametrize("how", ["pause", "hold"])
def test_a_compliance_announcement_that_falls_into_a_pause_is_played_after_it(how: str) -> None:
    rig = compliance(5.0)
    call_id = rig.connected(PSTN)
    if how == "pause":
        rig.record("pause")
    else:
        rig.hold()
    assert spoken(rig.fire(f"compliance:{call_id}")) == []
    again = rig.record("resume") if how == "pause" else rig.retrieve()
    if StartTimer(f"compliance:{call_id}", 5.0) in again:
        again = rig.fire(f"compliance:{call_id}")
    assert spoken(again) == ["compliance"]


def test_compliance_is_not_for_internal_calls_and_not_after_the_call() -> None:
    rig = compliance(5.0)
    call_id = rig.connected(INTERNAL)
    assert [timer for timer in rig.every(StartTimer) if timer.timer_id.startswith("compliance")] == []
    rig = compliance(5.0)
    call_id = rig.connected(PSTN)
    assert [timer.seconds for timer in rig.every(StartTimer) if timer.timer_id == f"compliance:{call_id}"] == [5.0]
    assert CancelTimer(f"compliance:{call_id}") in rig.end(call_id)
    assert spoken(rig.fire(f"compliance:{call_id}")) == []


# --- the repeating tone


def test_the_repeating_tone_stops_for_pauses_announcements_and_the_end() -> None:
    rig = Rig(settings_for("on-demand-user-start", Hearing(), repeat=15))
    call_id = rig.connected()
    started = rig.record("start")
    assert spoken(started) == ["start"]
    assert of(StartBeep, started) == []  # the announcement goes first
    announcing = rig.call(call_id).announcing
    assert announcing is not None
    after = rig.send(NoticeEnded(rig.now(), call_id, announcing))
    assert [command.every_seconds for command in of(StartBeep, after)] == [15]
    assert len(of(StopBeep, rig.record("pause"))) == 1
    assert len(of(StartBeep, rig.record("resume"))) == 1
    assert len(of(StopBeep, rig.record("stop"))) == 1
    rig.hush()
    rig.record("start")
    rig.hush()
    assert len(of(StopBeep, rig.end(call_id))) == 1


def test_no_repeating_tone_while_armed_or_in_an_emergency_call_or_when_off() -> None:
    rig = Rig(settings_for("on-demand", Hearing(), repeat=15))
    rig.connected()
    assert rig.every(StartBeep) == []
    rig = Rig(settings_for("always", Hearing("emergency"), repeat=15))
    rig.connected(EMERGENCY)
    assert rig.every(StartBeep) == []
    rig = Rig(settings_for("always", Hearing(), repeat=0))
    rig.connected()
    assert rig.every(StartBeep) == []


def test_the_repeating_tone_of_a_recording_that_goes_on_during_hold_is_silent_until_the_retrieve() -> None:
    notices = settings_for("always", Hearing(), repeat=10).notices
    rig = Rig(Settings(mode=Mode.ALWAYS, on_hold=OnHold.CONTINUE, notices=notices))
    rig.connected()
    assert len(of(StopBeep, rig.hold())) == 1
    assert len(of(StartBeep, rig.retrieve())) == 1
