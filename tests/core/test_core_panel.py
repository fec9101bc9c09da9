"""Keys, hook, Mer and its pages, volume, mute and digits: each press does what the panel shows for it."""

import pytest

from deskphone.core.commands import Answer, Dial, HangUp, PlayLocalTone, SendDtmf, SetMute, SetVolume, Show, StartTimer
from deskphone.core.events import DialRequested, HandsetLifted, HandsetReplaced, KeyReleased
from deskphone.core.keypad import Key, dial_character
from deskphone.core.menu import open_page, pages, soft_keys
from deskphone.core.recording import Mode
from deskphone.core.settings import Settings
from deskphone.core.view import About, Dialer, Dialling, Ended, Idle, InCall, Incoming, Menu
from tests.core.rig import PSTN, Rig


def labels(rig: Rig) -> list[str | None]:
    return [key.id if key else None for key in soft_keys(rig.state)]


def screen(rig: Rig) -> object:
    view = rig.state.shown.view
    assert view is not None
    return view.screen


# --- keypad


def test_every_dial_key_stands_for_its_character() -> None:
    characters = {key: dial_character(key) for key in Key}
    assert {key.value: c for key, c in characters.items() if key.value.isdigit()} == {str(d): str(d) for d in range(10)}
    assert characters[Key.STAR] == "*"
    assert characters[Key.POUND] == "#"
    assert sum(c is not None for c in characters.values()) == 12


@pytest.mark.parametrize("key", list(Key))
def test_letting_a_key_go_does_nothing(key: Key) -> None:
    rig = Rig()
    rig.connected()
    before = rig.state.panel
    commands = rig.send(KeyReleased(rig.now(), key))
    assert rig.state.panel == before
    assert all(isinstance(command, Show) for command in commands)


# --- dialling


def test_digits_are_entered_erased_and_dialled() -> None:
    rig = Rig()
    for key in (Key.STAR, Key.DIGIT_1, Key.DIGIT_2):
        rig.press(key)
    assert screen(rig) == Dialer("*12")
    rig.soft("erase")
    assert screen(rig) == Dialer("*1")
    assert [command.to for command in rig.of(Dial, rig.soft("dial"))] == ["*1"]
    assert isinstance(screen(rig), Dialling)


def test_the_pound_key_dials_what_is_entered_and_is_a_digit_at_the_beginning() -> None:
    rig = Rig()
    rig.press(Key.POUND)
    assert screen(rig) == Dialer("#")
    rig.press(Key.DIGIT_7)
    assert [command.to for command in rig.of(Dial, rig.press(Key.POUND))] == ["#7"]


def test_a_number_has_an_end() -> None:
    rig = Rig()
    for _ in range(60):
        rig.press(Key.DIGIT_5)
    assert rig.state.panel.digits == "5" * 40


def test_cancel_leaves_the_dialer() -> None:
    rig = Rig()
    rig.press(Key.DIGIT_5)
    rig.soft("cancel")
    assert isinstance(screen(rig), Idle)


def test_redial_calls_the_last_number_again() -> None:
    rig = Rig()
    assert labels(rig) == [None, None, None, None]
    call_id = rig.outgoing()
    rig.end(call_id)
    rig.soft("close")
    assert [command.to for command in rig.of(Dial, rig.soft("redial"))] == ["1002"]


@pytest.mark.parametrize(("to", "dialled"), [(" 1002 ", ["1002"]), ("", []), ("   ", [])])
def test_a_call_asked_for_from_outside(to: str, dialled: list[str]) -> None:
    rig = Rig()
    assert [command.to for command in rig.of(Dial, rig.send(DialRequested(rig.now(), to)))] == dialled


# --- hook


def test_lifting_answers_what_rings() -> None:
    rig = Rig()
    call_id = rig.incoming()
    assert isinstance(screen(rig), Incoming)
    assert rig.of(Answer, rig.send(HandsetLifted(rig.now()))) == [Answer(call_id)]


def test_lifting_with_a_number_entered_dials_it() -> None:
    rig = Rig()
    rig.press(Key.DIGIT_9)
    assert [command.to for command in rig.of(Dial, rig.send(HandsetLifted(rig.now())))] == ["9"]


def test_lifting_gives_a_dial_tone_that_the_first_digit_ends() -> None:
    rig = Rig()
    assert [t.tone.value for t in rig.of(PlayLocalTone, rig.send(HandsetLifted(rig.now()))) if t.tone] == ["dial"]
    assert rig.of(PlayLocalTone, rig.press(Key.DIGIT_4)) == [PlayLocalTone(None)]


def test_replacing_ends_the_call_in_the_ear() -> None:
    rig = Rig()
    call_id = rig.connected()
    assert rig.of(HangUp, rig.send(HandsetReplaced(rig.now()))) == [HangUp(call_id)]


def test_replacing_leaves_a_held_call_and_one_that_only_rings() -> None:
    rig = Rig()
    rig.connected()
    rig.hold()
    assert rig.of(HangUp, rig.send(HandsetReplaced(rig.now()))) == []
    rig = Rig()
    rig.incoming()
    assert rig.of(HangUp, rig.send(HandsetReplaced(rig.now()))) == []


def test_replacing_gives_up_a_call_that_is_being_made_and_the_dialer() -> None:
    rig = Rig()
    call_id = rig.outgoing()
    assert rig.of(HangUp, rig.send(HandsetReplaced(rig.now()))) == [HangUp(call_id)]
    rig = Rig()
    rig.send(HandsetLifted(rig.now()))
    rig.press(Key.DIGIT_1)
    rig.send(HandsetReplaced(rig.now()))
    assert isinstance(screen(rig), Idle)


# --- Mer


def test_mer_opens_and_closes() -> None:
    rig = Rig()
    rig.press(Key.MER)
    assert isinstance(screen(rig), Menu)
    rig.press(Key.MER)
    assert isinstance(screen(rig), Idle)


def test_four_entries_fit_one_page_without_a_more_key() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS_PAUSE_RESUME))
    rig.connected()
    rig.press(Key.MER)
    assert [entry.id for entry in open_page(rig.state)] == ["pause-recording", "mute", "about"]
    assert [entry.key for entry in open_page(rig.state)] == ["soft1", "soft2", "soft3"]
    assert labels(rig) == [None, None, None, None]
    rig = Rig(Settings(mode=Mode.ON_DEMAND_USER_START))
    rig.connected()
    rig.record("start")
    rig.press(Key.MER)
    assert [entry.id for entry in open_page(rig.state)] == ["pause-recording", "stop-recording", "mute", "about"]


def test_five_entries_turn_over_and_come_round_again() -> None:
    rig = Rig(Settings(mode=Mode.ON_DEMAND_USER_START))
    first = rig.connected()
    second = rig.incoming(PSTN)
    rig.soft("answer")
    rig.answered(second)
    rig.record("start")
    assert rig.call(first).connected
    rig.press(Key.MER)
    seen = []
    for _ in range(3):
        seen.append([entry.id for entry in open_page(rig.state)])
        assert labels(rig)[3] == "more"
        rig.press(Key.SOFT4)
    assert seen == [["pause-recording", "stop-recording", "join"], ["mute", "about"], seen[0]]
    assert [len(page) for page in pages(rig.state)] == [3, 2]
    shown = screen(rig)
    assert isinstance(shown, Menu)
    assert (shown.page, shown.pages) == (1, 2)


def test_picking_closes_mer_and_an_empty_place_does_nothing() -> None:
    rig = Rig(Settings(mode=Mode.ALWAYS))
    rig.connected()
    rig.press(Key.MER)
    rig.press(Key.SOFT4)
    assert isinstance(screen(rig), Menu)
    rig.press(Key.SOFT1)
    assert isinstance(screen(rig), InCall)
    assert rig.state.muted


def test_mer_without_a_call_has_no_recording_entry() -> None:
    for mode in Mode:
        rig = Rig(Settings(mode=mode))
        assert rig.entries() == ("about",)
        rig.incoming()
        assert rig.entries() == ("about",)


def test_about_shows_and_goes_back() -> None:
    rig = Rig()
    rig.pick("about")
    assert isinstance(screen(rig), About)
    rig.soft("back")
    assert isinstance(screen(rig), Idle)


def test_about_in_a_call_can_be_left_again() -> None:
    rig = Rig()
    rig.connected()
    rig.pick("about")
    assert isinstance(screen(rig), About)
    rig.press(Key.MER)
    rig.press(Key.MER)
    assert isinstance(screen(rig), InCall)


# --- mute and volume


def test_mute_is_for_calls_that_go_on_and_ends_with_the_last() -> None:
    rig = Rig()
    assert rig.of(SetMute, rig.press(Key.MUTE)) == []
    call_id = rig.connected()
    assert rig.of(SetMute, rig.press(Key.MUTE)) == [SetMute(True)]
    shown = screen(rig)
    assert isinstance(shown, InCall)
    assert shown.muted
    assert rig.of(SetMute, rig.press(Key.MUTE)) == [SetMute(False)]
    rig.press(Key.MUTE)
    assert rig.of(SetMute, rig.end(call_id)) == [SetMute(False)]
    assert not rig.state.muted


def test_mute_under_mer_says_what_it_will_do() -> None:
    rig = Rig()
    rig.connected()
    assert "mute" in rig.entries()
    rig.pick("mute")
    assert "unmute" in rig.entries()
    assert "mute" not in rig.entries()


@pytest.mark.parametrize("mode", [Mode.ALWAYS, Mode.ALWAYS_PAUSE_RESUME])
def test_recording_goes_on_while_muted(mode: Mode) -> None:
    rig = Rig(Settings(mode=mode))
    call_id = rig.connected()
    rig.press(Key.MUTE)
    assert rig.public(call_id) == "recording"


def test_volume_has_ends_shows_itself_and_goes_away() -> None:
    rig = Rig()
    levels = [rig.of(SetVolume, rig.press(Key.VOLUME_UP))[0].level for _ in range(5)]
    assert levels == [8, 9, 10, 10, 10]
    levels = [rig.of(SetVolume, rig.press(Key.VOLUME_DOWN))[0].level for _ in range(12)]
    assert levels == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert rig.of(StartTimer)[0].timer_id == "volume"
    view = rig.state.shown.view
    assert view is not None
    assert view.volume == 0
    rig.fire("volume")
    view = rig.state.shown.view
    assert view is not None
    assert view.volume is None


# --- DTMF


def test_digits_in_a_call_are_sent_and_only_there() -> None:
    rig = Rig()
    call_id = rig.incoming()
    assert rig.of(SendDtmf, rig.press(Key.DIGIT_1)) == []
    rig.soft("answer")
    rig.answered(call_id)
    sent = [rig.of(SendDtmf, rig.press(key))[0] for key in (Key.DIGIT_1, Key.STAR, Key.POUND)]
    assert sent == [SendDtmf(call_id, character) for character in "1*#"]
    rig.hold()
    assert rig.of(SendDtmf, rig.press(Key.DIGIT_1)) == []
    rig.retrieve()
    rig.end(call_id)
    assert rig.of(SendDtmf, rig.press(Key.DIGIT_1)) == []


def test_digits_for_a_transfer_are_not_sent_into_the_call() -> None:
    rig = Rig()
    rig.connected()
    rig.soft("transfer")
    assert rig.of(SendDtmf, rig.press(Key.DIGIT_1)) == []
    assert screen(rig) == Dialer("1", True)


def test_an_ended_call_is_shown_for_a_moment_with_its_length() -> None:
    rig = Rig()
    call_id = rig.connected(PSTN)
    rig.now(65.0)
    rig.end(call_id)
    shown = screen(rig)
    assert isinstance(shown, Ended)
    assert shown.seconds == 65
    rig.fire("ended")
    assert isinstance(screen(rig), Idle)
