"""What the soft keys do and what Mer offers, derived from the state: nothing is shown that would not work."""

from deskphone.core.call import Direction, Phase
from deskphone.core.keypad import SOFT_KEYS
from deskphone.core.recording import offered
from deskphone.core.state import State
from deskphone.core.view import MenuEntry, SoftKey

SoftKeys = tuple[SoftKey | None, SoftKey | None, SoftKey | None, SoftKey | None]

_NO_KEYS: SoftKeys = (None, None, None, None)


def offered_recording(state: State) -> tuple[str, ...]:
    """The recording entries that the policy allows now for the call in focus, menu open or not."""
    call = state.focused
    if call is None or not call.connected:
        return ()
    return tuple(f"{action.value}-recording" for action in offered(call.recording.mode, call.recording.condition))


def entries(state: State) -> tuple[str, ...]:
    """Everything under Mer, recording first."""
    call = state.focused
    if call is None or not call.connected:
        return ("about",)
    others = [c for c in state.live_calls if c.connected and c.id != call.id]
    return (
        *offered_recording(state),
        *(("join",) if others else ()),
        "unmute" if state.muted else "mute",
        "about",
    )


def pages(state: State) -> tuple[tuple[MenuEntry, ...], ...]:
    """The entries in pages: four on one page, or three a page with the fourth soft key turning it."""
    ids = entries(state)
    size = len(SOFT_KEYS) if len(ids) <= len(SOFT_KEYS) else len(SOFT_KEYS) - 1
    return tuple(
        tuple(MenuEntry(id_, key.value) for id_, key in zip(ids[start : start + size], SOFT_KEYS, strict=False))
        for start in range(0, len(ids), size)
    )


def open_page(state: State) -> tuple[MenuEntry, ...]:
    """The entries of the page that is shown; empty while the menu is closed."""
    if not state.panel.menu_open:
        return ()
    every = pages(state)
    return every[state.panel.menu_page % len(every)]


def soft_keys(state: State) -> SoftKeys:
    """The labels over the four soft keys. While Mer is open its entries have the keys, and only "more" is labelled."""
    panel = state.panel
    if panel.menu_open:
        return _keys(None, None, None, "more") if len(pages(state)) > 1 else _NO_KEYS
    if state.ringing is not None:
        return _keys("answer", None, None, "reject")
    if panel.dialer is not None:
        verb = "transfer" if panel.dialer == "transfer" else "dial"
        return _keys(verb, "erase", None, "cancel") if panel.digits else _keys(_redial(state), None, None, "cancel")
    if panel.about:
        return _keys(None, None, None, "back")
    call = state.focused
    if call is not None:
        return _call_keys(state)
    if panel.ended_call is not None:
        return _keys(None, None, None, "close")
    return _keys(_redial(state), None, None, None)


def _call_keys(state: State) -> SoftKeys:
    call = state.focused
    assert call is not None
    if call.phase is not Phase.CONNECTED:
        return _keys(None, None, None, "hang-up" if call.direction is Direction.OUT else "reject")
    others = [other for other in state.live_calls if other.id != call.id]
    third = "new-call" if not others else "swap" if others[0].connected else None
    return _keys("retrieve" if call.local_hold else "hold", "transfer", third, "hang-up")


def _redial(state: State) -> str | None:
    return "redial" if state.panel.last_dialled and state.panel.dialer != "transfer" else None


def _keys(first: str | None, second: str | None, third: str | None, fourth: str | None) -> SoftKeys:
    one, two, three, four = (SoftKey(id_) if id_ else None for id_ in (first, second, third, fourth))
    return (one, two, three, four)
