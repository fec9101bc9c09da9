"""Time as data: the core has no clock, every event brings its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """A point in time: `mono` (seconds, never jumps) for durations, `wall` (seconds since 1970 UTC) for records.

    `stamp` is `wall` as ISO 8601 basic format, for ids that sort by time.
    """

    mono: float
    wall: float
    stamp: str = "19700101T000000Z"

    def since(self, earlier: "Instant") -> float:
        """Seconds from `earlier` to here, by the clock that never jumps; never negative."""
        return max(0.0, self.mono - earlier.mono)
