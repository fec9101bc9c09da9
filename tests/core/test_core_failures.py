"""What follows when a call cannot be recorded, against the oracle; changes when the oracle does."""

import pytest

from deskphone.core.commands import HangUp, OpenTake, PlayAnnouncement, PlayBeep, StartBeep
from deskphone.core.events import NoticeEnded, StorageChanged
from deskphone.core.menu import offered_recording
from deskphone.core.recording import Mode
from deskphone.core.settings import OnFailure, OnHold, Settings
from tests.core.oracle import AT_ANSWER, MODES, Hearing, after_failure
from tests.core.rig import EMERGENCY, Rig, of
from tests.core.words import PARTIES, settings_for, spoken

FAILURES = [
    (mode, on_failure, applies, party)
    for mode in MODES
    if mode != "never"
    for on_failure in OnFailure
    for applies in (False, True)
    for party in PARTIES
]


@pytest.mark.parametrize(("mode", "on_failure", "applies", "party"), FAILURES)
def test_a_failing_recorder_follows_on_failure(mode: str, on_failure: OnFailure, applies: bool, party: str) -> None:
    rig = Rig(Settings(mode=Mode(mode), on_failure=on_failure, failure_applies_to_on_demand=applies))
    call_id = rig.connected(PARTIES[party])
    if mode.startswith("on-demand"):
        rig.record("start")
    rig.hush()
    commands = rig.fail_recorder(call_id, "recorder-stalled")
    announced, ends = after_failure(mode, on_failure.value, applies, party)
    assert spoken(commands) == (["failed"] if announced else [])
    assert of(HangUp, commands) == []  # the sentence comes first
    assert rig.take(call_id).failed
    assert rig.banner() == "failed"
    assert rig.call(call_id).live
    if announced:
        notice = rig.call(call_id).announcing
        assert notice is not None
        over = rig.send(NoticeEnded(rig.now(), call_id, notice))
        assert [command.call_id for command in of(HangUp, over)] == ([call_id] if ends else [])
    assert len(of(HangUp, rig.fire(f"farewell:{call_id}"))) == int(ends)


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "never"])
def test_a_storage_that_cannot_take_it_fails_the_start(mode: str) -> None:
    rig = Rig(Settings(mode=Mode(mode), on_failure=OnFailure.ANNOUNCE, failure_applies_to_on_demand=True))
    rig.send(StorageChanged(rig.now(), False, "storage-full"))
    call_id = rig.connected()
    if mode == "on-demand-user-start":
        rig.pick("start-recording")
    assert rig.public(call_id) == "failed"
    assert rig.every(OpenTake) == []
    assert rig.lamp() == "blink-fast"
    assert rig.banner() == "failed"
    assert offered_recording(rig.state) == ()
    assert [command.prompt.value for command in rig.every(PlayAnnouncement)] == ["failed"]


@pytest.mark.parametrize("on_failure", [OnFailure.ANNOUNCE, OnFailure.END_CALL])
def test_a_failure_while_held_is_not_announced_into_the_hold(on_failure: OnFailure) -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS, on_failure=on_failure, on_hold=OnHold.CONTINUE))
    call_id = rig.connected()
    rig.hold()
    assert spoken(rig.fail_recorder(call_id)) == []


def test_the_failure_sentence_is_written_down_with_the_other_notices() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS, on_failure=OnFailure.ANNOUNCE))
    call_id = rig.connected()
    rig.fail_recorder(call_id)
    assert "failed" in [notice.kind for notice in rig.take(call_id).notices]


@pytest.mark.parametrize("mode", MODES)
def test_an_emergency_call_is_recorded_as_others_but_never_announced_over_or_ended(mode: str) -> None:
    hearing = Hearing("emergency", internal_calls=True, pstn_calls=True, compliance=True, pause_resume="announcement")
    base = settings_for(mode, hearing, repeat=15)
    rig = Rig(
        Settings(mode=base.mode, notices=base.notices, on_failure=OnFailure.END_CALL, failure_applies_to_on_demand=True)
    )
    call_id = rig.connected(EMERGENCY)
    assert rig.public(call_id) == AT_ANSWER[mode][0]
    if mode.startswith("on-demand"):
        rig.record("start")
    rig.fire(f"compliance:{call_id}")
    rig.fail_recorder(call_id)
    rig.fire(f"farewell:{call_id}")
    audible = [*rig.every(PlayAnnouncement), *rig.every(PlayBeep), *rig.every(StartBeep), *rig.every(HangUp)]
    assert audible == []
    assert rig.call(call_id).connected
