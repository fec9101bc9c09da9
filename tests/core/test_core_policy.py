"""Every mode x situation x event against the oracle; changes when the oracle does."""

import pytest

from deskphone.core.call import EndReason
from deskphone.core.commands import Command, OpenTake, SaveTake
from deskphone.core.events import CallAnswered, CallEnded, RecorderStored, RemoteHoldChanged, TransferAnswered
from deskphone.core.keypad import Key
from deskphone.core.menu import offered_recording
from deskphone.core.recording import Mode
from deskphone.core.settings import OnHold, Settings
from tests.core.oracle import AT_ANSWER, EVENTS, LAMP, MARK, MODES, Situation, offered, outcome, situations
from tests.core.rig import CODEC, PSTN, Rig, of
from tests.core.words import recorder_orders, spoken

ON_HOLD = ("pause", "continue")

EVERY_CASE = [
    pytest.param(
        mode, on_hold, now, event, id=f"{mode}-{on_hold}-{now.state}{'-held' * now.held}{'*' * now.by_hold}-{event}"
    )
    for mode in MODES
    for on_hold in ON_HOLD
    for now in situations(mode, on_hold)
    for event in EVENTS
]


def phone(mode: str, on_hold: str = "pause") -> Rig:
    return Rig(Settings(mode=Mode(mode), on_hold=OnHold(on_hold), ids="beef"))


def bring(rig: Rig, mode: str, on_hold: str, target: Situation) -> str:
    """A connected call, brought to the situation by keys and events alone."""
    call_id = rig.connected()
    if target.state == "failed":
        _start_if_needed(rig, mode)
        rig.fail_recorder(call_id)
    elif target.state in ("recording", "paused"):
        _start_if_needed(rig, mode)
        if target.state == "paused" and not target.by_hold:
            rig.record("pause")
    if target.held:
        rig.hold()
    if target == Situation("recording", held=True) and on_hold == "pause":
        rig.record("resume")
    rig.hush()
    assert rig.public(call_id) == target.state
    assert rig.call(call_id).local_hold == target.held
    return call_id


def _start_if_needed(rig: Rig, mode: str) -> None:
    if mode.startswith("on-demand"):
        rig.record("start")


def happen(rig: Rig, call_id: str, event: str) -> tuple[Command, ...]:
    """Let one of the oracle's events happen, and the recorder store what it was told to store."""
    match event:
        case "start" | "pause" | "resume" | "stop":
            commands = rig.pick(f"{event}-recording") or ()
        case "hold" | "retrieve":
            held = rig.call(call_id).local_hold
            if held == (event == "hold"):
                commands = rig.press(Key.DIGIT_1)  # the soft key says the other word: press any key instead
            else:
                commands = rig.hold() if event == "hold" else rig.retrieve()
        case "answered":
            commands = rig.send(CallAnswered(rig.now(), call_id, CODEC))
        case "far-hold" | "far-retrieve":
            commands = rig.send(RemoteHoldChanged(rig.now(), call_id, event == "far-hold"))
        case "recorder-failure":
            commands = rig.fail_recorder(call_id)
        case "transfer":
            commands = rig.send(TransferAnswered(rig.now(), call_id, True))
            commands += rig.send(CallEnded(rig.now(), call_id, EndReason.TRANSFERRED))
        case _:
            commands = rig.end(call_id)
    return (*commands, *rig.store())


@pytest.mark.parametrize(("mode", "on_hold", "now", "event"), EVERY_CASE)
def test_every_combination(mode: str, on_hold: str, now: Situation, event: str) -> None:
    rig = phone(mode, on_hold)
    call_id = bring(rig, mode, on_hold, now)
    expected = outcome(mode, on_hold, now, event)
    commands = happen(rig, call_id, event)
    assert rig.public(call_id) == expected.after.state
    assert recorder_orders(commands) == expected.recorder
    assert rig.banner() == expected.banner
    assert rig.lamp() == LAMP[expected.after.state]
    assert rig.mark() == MARK[expected.after.state]
    if rig.call(call_id).live:
        assert rig.call(call_id).local_hold == expected.after.held


@pytest.mark.parametrize(
    ("mode", "on_hold", "now", "event"), [case for case in EVERY_CASE if case.values[3] == "start"]
)
def test_mer_offers_exactly_what_the_table_says(mode: str, on_hold: str, now: Situation, event: str) -> None:
    rig = phone(mode, on_hold)
    bring(rig, mode, on_hold, now)
    expected = tuple(f"{action}-recording" for action in offered(mode, now.state))
    assert offered_recording(rig.state) == expected
    assert tuple(entry for entry in rig.entries() if entry.endswith("-recording")) == expected


@pytest.mark.parametrize("mode", MODES)
def test_the_answer_starts_what_the_mode_says_and_nothing_earlier(mode: str) -> None:
    rig = phone(mode)
    call_id = rig.incoming()
    rig.soft("answer")
    assert rig.every(OpenTake) == []
    state, orders = AT_ANSWER[mode]
    commands = rig.answered(call_id)
    assert recorder_orders(commands) == orders
    assert rig.public(call_id) != "recording"
    assert rig.lamp() == "off"
    assert rig.mark() == "none"
    rig.store()
    assert rig.public(call_id) == state
    assert rig.lamp() == LAMP[state]


@pytest.mark.parametrize("mode", MODES)
def test_outgoing_calls_are_recorded_like_incoming_ones(mode: str) -> None:
    rig = phone(mode)
    call_id = rig.outgoing(PSTN)
    assert rig.every(OpenTake) == []
    rig.answered(call_id)
    rig.store()
    assert rig.public(call_id) == AT_ANSWER[mode][0]


@pytest.mark.parametrize("mode", ["always-pause-resume", "on-demand-user-start"])
def test_nothing_is_offered_while_a_first_sample_is_awaited(mode: str) -> None:
    rig = phone(mode)
    call_id = rig.connected()
    if mode == "on-demand-user-start":
        rig.pick("start-recording")
        assert rig.public(call_id) == "idle"
        assert offered_recording(rig.state) == ()
        rig.store()
    rig.record("pause")
    rig.pick("resume-recording")
    assert rig.public(call_id) == "paused"
    assert rig.lamp() == "blink-slow"
    assert offered_recording(rig.state) == ()
    rig.store()
    assert rig.public(call_id) == "recording"


def test_kept_on_demand_before_the_first_sample_shows_nothing_until_it_is_stored() -> None:
    rig = phone("on-demand")
    call_id = rig.incoming()
    rig.soft("answer")
    rig.answered(call_id)
    commands = rig.pick("start-recording")
    assert commands is not None
    assert spoken(commands) == []
    assert rig.public(call_id) == "armed"
    assert rig.lamp() == "off"
    assert spoken(rig.store()) == ["start"]
    assert rig.public(call_id) == "recording"


def test_each_start_makes_a_separate_take_of_the_same_call() -> None:
    rig = phone("on-demand-user-start")
    call_id = rig.connected()
    for _ in range(3):
        rig.record("start")
        rig.record("pause")
        rig.record("resume")
        rig.record("stop")
    takes = [command.take for command in rig.every(OpenTake)]
    assert len({take.id for take in takes}) == 3
    assert {take.call_id for take in takes} == {call_id}
    closed = [command.take for command in rig.every(SaveTake) if command.take.closed]
    assert {take.id for take in closed} == {take.id for take in takes}
    assert all(take.kept for take in closed)


def test_a_late_word_about_an_earlier_take_does_not_make_the_next_one_recording() -> None:
    rig = phone("on-demand-user-start")
    call_id = rig.connected()
    rig.record("start")
    earlier = rig.take(call_id).id
    rig.record("stop")
    rig.pick("start-recording")
    rig.send(RecorderStored(rig.now(), earlier))
    assert rig.public(call_id) == "idle"
    assert rig.lamp() == "off"
    rig.store()
    assert rig.public(call_id) == "recording"


def test_on_demand_is_written_down_as_kept_with_the_press() -> None:
    rig = phone("on-demand")
    rig.connected()
    assert [command.take.kept for command in rig.every(SaveTake)] == [False]
    commands = rig.pick("start-recording")
    assert commands is not None
    assert [command.take.kept for command in of(SaveTake, commands)] == [True]


@pytest.mark.parametrize("paused", [False, True])
def test_stop_closes_while_recording_and_while_paused(paused: bool) -> None:
    rig = phone("on-demand-user-start")
    call_id = rig.connected()
    rig.record("start")
    if paused:
        rig.record("pause")
    assert recorder_orders(rig.record("stop")) == ("close",)
    assert rig.take(call_id).end_reason is EndReason.STOPPED
    assert offered_recording(rig.state) == ("start-recording",)


@pytest.mark.parametrize(("pressed", "kept"), [(False, False), (True, True)])
def test_on_demand_is_kept_only_when_start_was_pressed(pressed: bool, kept: bool) -> None:
    rig = phone("on-demand")
    call_id = rig.connected()
    if pressed:
        rig.record("start")
    rig.end(call_id)
    record = [command.take for command in rig.every(SaveTake)][-1]
    assert record.closed
    assert record.kept is kept
    assert len(rig.every(OpenTake)) == 1


def test_a_transferred_call_closes_its_take_as_transferred() -> None:
    rig = phone("always")
    call_id = rig.connected()
    happen(rig, call_id, "transfer")
    assert rig.take(call_id).end_reason is EndReason.TRANSFERRED


def test_a_pause_and_a_hold_are_written_down_with_their_reasons() -> None:
    rig = phone("always-pause-resume")
    call_id = rig.connected()
    rig.record("pause")
    rig.record("resume")
    rig.hold()
    rig.retrieve()
    pauses = rig.take(call_id).pauses
    assert [pause.reason.value for pause in pauses] == ["user", "hold"]
    assert all(pause.ended is not None and pause.ended.since(pause.started) > 0 for pause in pauses)


@pytest.mark.parametrize("source", ["key", "api"])
def test_every_control_press_is_written_down_with_its_time_and_source(source: str) -> None:
    rig = phone("on-demand-user-start")
    call_id = rig.connected()
    for action in ("start", "pause", "resume", "stop"):
        rig.pick(f"{action}-recording", source)
        rig.store()
    controls = rig.take(call_id).controls
    assert [control.action for control in controls] == ["start", "pause", "resume", "stop"]
    assert {control.source for control in controls} == {source}
    assert [control.at.mono for control in controls] == sorted(control.at.mono for control in controls)


# --- two calls


def test_a_second_call_has_its_own_recording_and_the_first_is_paused_by_the_hold() -> None:
    rig = phone("always-pause-resume")
    first = rig.connected()
    second = rig.incoming(PSTN)
    rig.soft("answer")
    rig.answered(second)
    rig.store()
    assert rig.public(first) == "paused"
    assert rig.public(second) == "recording"
    assert rig.take(first).id != rig.take(second).id
    rig.end(second)
    assert rig.public(first) == "paused"
    rig.retrieve()
    assert rig.public(first) == "recording"
