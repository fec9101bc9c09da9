"""Two calls, hold, swap, join, transfer, refusal, the end of calls and of the phone."""

import pytest

from deskphone.core.call import EndReason, Party
from deskphone.core.commands import (
    Adopt,
    Answer,
    AttendedTransfer,
    Dial,
    HangUp,
    Hold,
    LocalTone,
    PlayLocalTone,
    Refuse,
    Retrieve,
    StartTimer,
    Stop,
    Transfer,
)
from deskphone.core.events import (
    CallIncoming,
    CallPlaced,
    CallRinging,
    DialRequested,
    HandsetLifted,
    LocalHoldChanged,
    RecorderFailed,
    RecorderStored,
    RemoteHoldChanged,
    ShutdownRequested,
    TakeOutcome,
    TransferAnswered,
)
from deskphone.core.keypad import Key
from deskphone.core.menu import soft_keys
from deskphone.core.recording import Mode
from deskphone.core.settings import Settings
from deskphone.core.view import InCall, Incoming
from tests.core.rig import EMERGENCY, INTERNAL, PSTN, Rig


def two_calls(mode: Mode = Mode.NEVER) -> tuple[Rig, str, str]:
    """The first on hold, the second in the ear."""
    rig = Rig(Settings(mode=mode))
    first = rig.connected()
    second = rig.incoming(PSTN)
    rig.soft("answer")
    rig.send(LocalHoldChanged(rig.now(), first, True))
    rig.answered(second)
    rig.store()
    return rig, first, second


def test_a_waiting_call_is_shown_and_heard_and_holds_the_first_when_answered() -> None:
    rig = Rig()
    first = rig.connected()
    second = rig.incoming(PSTN)
    assert rig.of(PlayLocalTone) == [PlayLocalTone(LocalTone.CALL_WAITING)]
    view = rig.state.shown.view
    assert view is not None
    assert view.screen == Incoming(PSTN.label, PSTN.number, True)
    assert rig.of(Hold, rig.soft("answer")) == [Hold(first)]
    rig.answered(second)
    assert rig.state.focus == second
    assert rig.call(first).public_state == "held"
    assert rig.call(second).public_state == "connected"


def test_ringing_here_stops_with_the_answer() -> None:
    rig = Rig()
    call_id = rig.incoming()
    assert rig.of(PlayLocalTone) == [PlayLocalTone(LocalTone.RING)]
    assert rig.of(PlayLocalTone, rig.answered(call_id)) == [PlayLocalTone(None)]


@pytest.mark.parametrize("early_media", [False, True])
def test_ring_back_is_ours_unless_the_far_end_plays_its_own(early_media: bool) -> None:
    rig = Rig()
    call_id = rig.of(Dial, rig.send(DialRequested(rig.now(), "1002")))[0].call_id
    played = rig.of(PlayLocalTone, rig.send(CallRinging(rig.now(), call_id, early_media)))
    assert played == ([] if early_media else [PlayLocalTone(LocalTone.RINGBACK)])
    rig.answered(call_id)
    assert rig.state.shown.tone is None


@pytest.mark.parametrize(
    ("reason", "tone"),
    [
        (EndReason.BUSY, LocalTone.BUSY),
        (EndReason.DECLINED, LocalTone.BUSY),
        (EndReason.UNREACHABLE, LocalTone.CONGESTION),
        (EndReason.NOT_FOUND, LocalTone.CONGESTION),
        (EndReason.HANGUP_REMOTE, None),
        (EndReason.HANGUP_LOCAL, None),
    ],
)
def test_a_call_that_fails_is_heard(reason: EndReason, tone: LocalTone | None) -> None:
    rig = Rig()
    rig.end(rig.outgoing(), reason)
    assert rig.state.shown.tone is tone
    rig.fire("ended")
    assert rig.state.shown.tone is None


def test_a_third_call_is_refused_as_busy_and_counted() -> None:
    rig, _, _ = two_calls()
    commands = rig.send(CallIncoming(rig.now(), "third", INTERNAL))
    assert rig.of(Refuse, commands) == [Refuse("third")]
    assert rig.of(Adopt, commands) == []
    assert len(rig.state.live_calls) == 2
    assert rig.state.missed == 1


def test_a_second_ringing_call_is_refused_while_one_rings() -> None:
    rig = Rig()
    rig.incoming()
    assert rig.of(Refuse, rig.send(CallIncoming(rig.now(), "second", PSTN))) == [Refuse("second")]


def test_a_third_call_cannot_be_dialled_and_says_so() -> None:
    rig, _, _ = two_calls()
    assert rig.of(Dial, rig.send(DialRequested(rig.now(), "1003"))) == []
    assert rig.state.banner is not None
    assert rig.state.banner.message == "no-more-calls"


def test_swap_goes_to_and_fro() -> None:
    rig, first, second = two_calls()
    commands = rig.soft("swap")
    assert rig.of(Hold, commands) == [Hold(second)]
    assert rig.of(Retrieve, commands) == [Retrieve(first)]
    rig.send(LocalHoldChanged(rig.now(), first, False))
    assert rig.state.focus == first
    assert [rig.call(i).local_hold for i in (first, second)] == [False, True]
    commands = rig.soft("swap")
    assert rig.of(Hold, commands) == [Hold(first)]
    assert rig.of(Retrieve, commands) == [Retrieve(second)]


def test_two_swaps_in_a_hurry_leave_no_two_calls_open() -> None:
    rig, first, second = two_calls()
    rig.soft("swap")
    commands = rig.soft("swap")  # pressed before the far ends have answered the first
    for order in rig.of(Hold, commands):
        rig.send(LocalHoldChanged(rig.now(), order.call_id, True))
    rig.send(LocalHoldChanged(rig.now(), first, False))
    for order in rig.of(Hold):
        rig.send(LocalHoldChanged(rig.now(), order.call_id, True))
    rig.send(LocalHoldChanged(rig.now(), second, False))
    assert [call.local_hold for call in rig.state.live_calls].count(False) <= 1


def test_dialling_while_another_call_rings_here_leaves_no_two_calls_open() -> None:
    rig = Rig()
    first = rig.incoming()
    second = rig.of(Dial, rig.send(DialRequested(rig.now(), "1003")))[0].call_id
    rig.soft("answer")
    rig.answered(first)
    assert [key.id if key else None for key in soft_keys(rig.state)] == ["hold", "transfer", None, "hang-up"]
    commands = rig.answered(second)
    assert rig.of(Hold, commands) == [Hold(second)]
    assert rig.state.focus == first
    assert rig.call(second).local_hold


def test_a_waiting_call_can_be_answered_while_a_number_is_being_entered() -> None:
    rig = Rig()
    rig.press(Key.DIGIT_1)
    call_id = rig.incoming()
    assert rig.of(Answer, rig.send(HandsetLifted(rig.now()))) == [Answer(call_id)]


def test_join_connects_the_two_far_ends() -> None:
    rig, first, second = two_calls()
    commands = rig.pick("join")
    assert commands is not None
    assert rig.of(AttendedTransfer, commands) == [AttendedTransfer(first, second)]


def test_a_blind_transfer_asks_for_the_number_with_the_call_on_hold() -> None:
    rig = Rig()
    call_id = rig.connected()
    assert rig.of(Hold, rig.soft("transfer")) == [Hold(call_id)]
    rig.press(Key.DIGIT_7)
    assert rig.of(Transfer, rig.soft("transfer")) == [Transfer(call_id, "7")]
    rig.send(TransferAnswered(rig.now(), call_id, False))
    assert rig.state.banner is not None
    assert rig.state.banner.message == "transfer-failed"
    assert rig.call(call_id).live


def test_the_call_that_is_left_comes_back_into_focus() -> None:
    rig, first, second = two_calls()
    rig.end(second)
    assert rig.state.focus == first
    view = rig.state.shown.view
    assert view is not None
    assert isinstance(view.screen, InCall)
    assert view.screen.held


def test_a_hold_that_is_refused_is_taken_back_and_recording_resumes() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.connected()
    rig.soft("hold")
    assert rig.public(call_id) == "paused"
    rig.send(LocalHoldChanged(rig.now(), call_id, False))
    rig.store()
    assert rig.public(call_id) == "recording"


def test_the_far_end_holding_is_shown_and_does_not_touch_the_recording() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.connected()
    rig.send(RemoteHoldChanged(rig.now(), call_id, True))
    assert rig.call(call_id).public_state == "remote-held"
    assert rig.public(call_id) == "recording"


def test_the_dial_plan_tells_who_is_called() -> None:
    rig = Rig()
    call_id = rig.of(Dial, rig.send(DialRequested(rig.now(), "112")))[0].call_id
    rig.send(CallPlaced(rig.now(), call_id, EMERGENCY))
    assert rig.call(call_id).party.emergency


def test_an_ended_call_is_remembered_for_a_moment_and_then_forgotten() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.connected()
    take_id = rig.take(call_id).id
    timer = next(t for t in rig.of(StartTimer, rig.end(call_id)) if t.timer_id.startswith("forget"))
    assert rig.call(call_id).public_state == "ended"
    rig.fire(timer.timer_id)
    assert rig.state.call(call_id) is None
    before = rig.state.calls
    for event in (RecorderStored(rig.now(), take_id), RecorderFailed(rig.now(), take_id, "late")):
        rig.send(event)
    assert rig.state.calls == before


def test_a_live_call_is_never_forgotten() -> None:
    rig = Rig()
    call_id = rig.connected()
    rig.fire(f"forget:{call_id}")
    assert rig.call(call_id).live


def test_a_missed_call_is_counted_and_an_answered_one_is_not() -> None:
    rig = Rig()
    rig.end(rig.incoming(), EndReason.MISSED)
    assert rig.state.missed == 1
    rig.end(rig.connected(), EndReason.HANGUP_REMOTE)
    assert rig.state.missed == 1


def test_the_vaults_word_about_a_take_is_taken_only_once_it_is_closed() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.connected()
    take_id = rig.take(call_id).id
    rig.send(TakeOutcome(rig.now(), take_id, "stored", "/early"))
    assert rig.take(call_id).path is None
    rig.end(call_id)
    assert rig.take(call_id).state.value == "storing"
    rig.send(TakeOutcome(rig.now(), take_id, "stored", "/recordings/a.ogg"))
    assert (rig.take(call_id).state.value, rig.take(call_id).path) == ("stored", "/recordings/a.ogg")
    rig.send(TakeOutcome(rig.now(), take_id, "failed", None, "storage-full"))
    assert rig.banner() == "failed"


def test_only_the_newest_finished_takes_are_remembered() -> None:
    rig = Rig(Settings(mode=Mode.ON_DEMAND_USER_START))
    rig.connected()
    for _ in range(60):
        rig.record("start")
        rig.record("stop")
        rig.send(TakeOutcome(rig.now(), rig.state.takes[-1].id, "stored", "/x"))
    assert len(rig.state.takes) == 50
    assert len({take.id for take in rig.state.takes}) == 50


def test_shutting_down_ends_every_call_and_then_stops() -> None:
    rig, first, second = two_calls(Mode.ALWAYS)
    commands = rig.send(ShutdownRequested(rig.now()))
    assert rig.of(HangUp, commands) == [HangUp(first), HangUp(second)]
    assert rig.of(Stop, commands) == []
    assert rig.of(Stop, rig.end(first, EndReason.HANGUP_LOCAL)) == []
    assert rig.of(Stop, rig.end(second, EndReason.HANGUP_LOCAL)) == [Stop()]
    assert all(take.closed for take in rig.state.takes)


def test_shutting_down_without_calls_stops_at_once_and_takes_no_more() -> None:
    rig = Rig()
    assert rig.of(Stop, rig.send(ShutdownRequested(rig.now()))) == [Stop()]
    assert rig.of(Refuse, rig.send(CallIncoming(rig.now(), "late", Party("1")))) == [Refuse("late")]
    assert rig.of(Dial, rig.send(DialRequested(rig.now(), "1002"))) == []


def test_shutting_down_does_not_wait_for_ever() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    call_id = rig.connected()
    timers = rig.of(StartTimer, rig.send(ShutdownRequested(rig.now())))
    assert "shutdown" in [timer.timer_id for timer in timers]
    assert rig.of(Stop, rig.fire("shutdown")) == [Stop()]
    assert rig.take(call_id).end_reason is EndReason.SHUTDOWN
