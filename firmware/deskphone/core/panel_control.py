"""What keys and hook do: each press does what the panel shows for it."""

from dataclasses import replace

from deskphone.core import call_control, menu, take_control
from deskphone.core.call import Phase
from deskphone.core.commands import AttendedTransfer, CancelTimer, SendDtmf, SetMute, SetVolume, StartTimer, Transfer
from deskphone.core.events import KeyPressed
from deskphone.core.keypad import SOFT_KEYS, Key, dial_character
from deskphone.core.recording import Action
from deskphone.core.state import VOLUME_MAX
from deskphone.core.turn import Turn

_VOLUME_SHOWN_SECONDS = 2.0
_MAX_DIGITS = 40


def key_pressed(turn: Turn, event: KeyPressed) -> None:
    """A key. It first wakes the banner of a recording, then does its own work."""
    wake_banner(turn)
    _seen(turn)
    key = event.key
    match key:
        case Key.MER:
            _mer(turn)
        case Key.VOLUME_UP | Key.VOLUME_DOWN:
            _volume(turn, 1 if key is Key.VOLUME_UP else -1)
        case Key.MUTE:
            _mute(turn)
        case Key.SOFT1 | Key.SOFT2 | Key.SOFT3 | Key.SOFT4:
            _soft(turn, key, event.source)
        case _:
            character = dial_character(key)
            assert character is not None
            _digit(turn, character)


def lifted(turn: Turn) -> None:
    """Off-hook: answer what rings, dial what is entered, or wait for digits."""
    turn.change(off_hook=True)
    wake_banner(turn)
    _seen(turn)
    if (ringing := turn.state.ringing) is not None:
        call_control.answer(turn, ringing)
    elif turn.state.panel.dialer == "call" and turn.state.panel.digits:
        call_control.dial(turn, turn.state.panel.digits)
    elif not turn.state.live_calls:
        turn.clear_panel()
        turn.change_panel(dialer="call")


def replaced(turn: Turn) -> None:
    """On-hook: end the call in the ear. One that is held, or that only rings here, is left alone."""
    turn.change(off_hook=False)
    wake_banner(turn)
    if turn.state.panel.dialer == "call":
        turn.clear_panel()
    call = turn.state.focused
    if call is not None and not call.local_hold and call is not turn.state.ringing:
        call_control.hang_up(turn, call)


def wake_banner(turn: Turn) -> None:
    """Any key brings the banner of a running, paused or failed recording back."""
    call = turn.state.focused
    if call is not None:
        kind = take_control.STATE_BANNERS.get(call.recording.condition.state)
        if kind is not None:
            turn.show_banner(kind)


def pick(turn: Turn, entry: str, source: str) -> None:
    """Do what an entry under Mer, or a soft key's label, says."""
    call = turn.state.focused
    match entry:
        case "start-recording" | "pause-recording" | "resume-recording" | "stop-recording":
            if call is not None:
                take_control.apply(turn, call.id, Action(entry.removesuffix("-recording")), source=source)
        case "answer":
            if turn.state.ringing is not None:
                call_control.answer(turn, turn.state.ringing)
        case "reject":
            if turn.state.ringing is not None:
                call_control.hang_up(turn, turn.state.ringing)
        case "hang-up":
            if call is not None:
                call_control.hang_up(turn, call)
        case "hold":
            if call is not None:
                call_control.hold(turn, call)
        case "retrieve":
            if call is not None:
                call_control.retrieve(turn, call)
        case "swap":
            if call is not None:
                call_control.swap(turn, call)
        case "transfer":
            _transfer(turn)
        case "join":
            _join(turn)
        case "new-call":
            turn.change_panel(dialer="call", digits="")
        case "dial":
            call_control.dial(turn, turn.state.panel.digits)
        case "redial":
            call_control.dial(turn, turn.state.panel.last_dialled or "")
        case "erase":
            turn.change_panel(digits=turn.state.panel.digits[:-1])
        case "mute" | "unmute":
            _mute(turn)
        case "about":
            turn.change_panel(about=True)
        case "more":
            turn.change_panel(menu_page=turn.state.panel.menu_page + 1)
        case _:
            turn.clear_panel()


def _seen(turn: Turn) -> None:
    """Who uses the phone has read how many calls were missed."""
    if not turn.state.live_calls:
        turn.change(missed=0)


def _mer(turn: Turn) -> None:
    panel = turn.state.panel
    if panel.menu_open:
        turn.change_panel(menu_open=False, menu_page=0)
        return
    turn.clear_panel()
    turn.change_panel(menu_open=True)


def _soft(turn: Turn, key: Key, source: str) -> None:
    entry = next((entry for entry in menu.open_page(turn.state) if entry.key == key.value), None)
    if entry is not None:
        turn.change_panel(menu_open=False, menu_page=0)
        pick(turn, entry.id, source)
        return
    label = menu.soft_keys(turn.state)[SOFT_KEYS.index(key)]
    if label is not None:
        pick(turn, label.id, source)


def _digit(turn: Turn, character: str) -> None:
    panel, call = turn.state.panel, turn.state.focused
    if panel.dialer is None and call is not None:
        if call.connected and not call.local_hold:
            turn.do(SendDtmf(call.id, character))
        return
    if panel.dialer is None:
        turn.clear_panel()
        turn.change_panel(dialer="call")
    if character == "#" and turn.state.panel.digits:
        pick(turn, "transfer" if turn.state.panel.dialer == "transfer" else "dial", "key")
        return
    turn.change_panel(digits=(turn.state.panel.digits + character)[:_MAX_DIGITS])


def _transfer(turn: Turn) -> None:
    """First press: ask for the number (the call is held meanwhile); with a number entered: send the REFER."""
    call, panel = turn.state.focused, turn.state.panel
    if call is None or not call.connected:
        return
    if panel.dialer == "transfer" and panel.digits:
        turn.clear_panel()
        turn.do(Transfer(call.id, panel.digits))
    else:
        call_control.hold(turn, call)
        turn.change_panel(dialer="transfer", digits="")


def _join(turn: Turn) -> None:
    call = turn.state.focused
    other = next((c for c in turn.state.live_calls if call is not None and c.id != call.id and c.connected), None)
    if call is not None and other is not None:
        turn.do(AttendedTransfer(other.id, call.id))


def _mute(turn: Turn) -> None:
    if any(call.phase is Phase.CONNECTED for call in turn.state.live_calls):
        turn.change(muted=not turn.state.muted)
        turn.do(SetMute(turn.state.muted))


def _volume(turn: Turn, step: int) -> None:
    level = min(VOLUME_MAX, max(0, turn.state.volume + step))
    turn.change(volume=level, panel=replace(turn.state.panel, volume_shown=True))
    turn.do(SetVolume(level), CancelTimer("volume"), StartTimer("volume", _VOLUME_SHOWN_SECONDS))
