"""The core's take and call as the record that phone and vault share."""

from datetime import UTC, datetime

from deskphone.adapters.pjsip.settings import SipSettings
from deskphone.core.call import Call, Direction, Take
from deskphone.core.instant import Instant
from deskphone.take.record import Audience, ControlPress, Identity, NoticePlayed, Pause, PauseReason, TakeRecord


def take_record(take: Take, call: Call, settings: SipSettings, own_number: str, bridge_rate: int) -> TakeRecord:
    """Everything that is known of the take now (`recording.md`, "What is stored")."""
    account = settings.accounts[0] if settings.accounts else None
    return TakeRecord(
        take_id=take.id,
        call_id=call.id,
        mode=take.mode.value,
        direction="incoming" if call.direction is Direction.IN else "outgoing",
        own=Identity(own_number, account.display_name if account else ""),
        remote=Identity(call.party.number, call.party.name or ""),
        call_started_at=_utc(call.started),
        call_answered_at=_utc_or_none(call.answered),
        call_ended_at=_utc_or_none(call.ended),
        started_at=_utc(take.started),
        stopped_at=_utc_or_none(take.stopped),
        clock_trusted=settings.clock_trusted(),
        controls=tuple(ControlPress(c.action, _utc(c.at), c.source) for c in take.controls),
        notices=tuple(NoticePlayed(n.kind, _utc(n.at), _AUDIENCES[n.audience]) for n in take.notices),
        pauses=tuple(Pause(_utc(p.started), _utc_or_none(p.ended), _REASONS[p.reason.value]) for p in take.pauses),
        segments=(),
        codec=call.codec.name if call.codec else "",
        sample_rate=bridge_rate,
        end_reason=take.end_reason.value if take.end_reason else None,
        kept=take.kept,
        closed=take.closed,
        device_id=settings.device_id,
        software_version=settings.software_version,
    )


_AUDIENCES: dict[str, Audience] = {"both": "both", "local": "local", "remote": "remote"}
_REASONS: dict[str, PauseReason] = {"user": "user", "hold": "hold"}


def _utc(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant.wall, UTC)


def _utc_or_none(instant: Instant | None) -> datetime | None:
    return _utc(instant) if instant is not None else None
