"""The state as the HTTP interface shows it; changes when that contract does."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from deskphone.core import indicator, menu
from deskphone.core.call import Call, Take, TakeState
from deskphone.core.instant import Instant
from deskphone.core.recording import RecordingState
from deskphone.core.state import State

Label = Callable[[str], str]


def snapshot(state: State, label: Label, banner_text: Callable[[Any], str]) -> dict[str, Any]:
    """A JSON-ready dict, in the names that `docs/http.md` fixes. `label` gives the word for an id."""
    banner = indicator.banner(state)
    return {
        "registration": {"state": state.registration, "reason": state.registration_reason},
        "calls": [_call(state, call) for call in state.calls],
        "active_call": state.focused.id if state.focused else None,
        "offered": list(menu.offered_recording(state)),
        "menu": {
            "open": state.panel.menu_open,
            "entries": [
                {"id": entry.id, "label": label(entry.id), "key": entry.key} for entry in menu.open_page(state)
            ],
        },
        "soft_keys": [{"id": key.id, "label": label(key.id)} if key else None for key in menu.soft_keys(state)],
        "banner": banner_text(banner) if banner is not None else None,
        "status_mark": indicator.mark(state).value,
        "lamp": indicator.lamp(state).value,
        "takes": [_take(take) for take in state.takes if take.state is not TakeState.ARMED],
        "muted": state.muted,
        "volume": state.volume,
        "storage": {"ok": state.storage is None, "reason": state.storage},
    }


def _call(state: State, call: Call) -> dict[str, Any]:
    recording = call.recording
    public = recording.condition.state
    take = state.take(recording.take_id) if public is not RecordingState.IDLE else None
    return {
        "id": call.id,
        "direction": call.direction.value,
        "state": call.public_state,
        "party": {"number": call.party.number, "name": call.party.name},
        "answered_at": _time(call.answered),
        "end_reason": call.end_reason.value if call.end_reason else None,
        "codec": call.codec.name if call.codec else None,
        "recording": {
            "mode": recording.mode.value,
            "state": public.value,
            "take_id": take.id if take else None,
            "recorded_seconds": take.recorded_seconds if take else 0.0,
        },
    }


def _take(take: Take) -> dict[str, Any]:
    return {
        "id": take.id,
        "call_id": take.call_id,
        "state": take.state.value,
        "recorded_seconds": take.recorded_seconds,
        "path": take.path,
        "reason": take.reason,
    }


def _time(instant: Instant | None) -> str | None:
    if instant is None:
        return None
    return datetime.fromtimestamp(instant.wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
