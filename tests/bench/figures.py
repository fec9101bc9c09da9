"""A measured line of the table and what it is judged by; changes when the kinds of bars do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Statistic = Literal["p95", "p99", "max", "sum"]
_SHARES = {"p95": 0.95, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True)
class Figure:
    """What was measured: every single value, in `unit`, and the bar that `statistic` of them is held against."""

    what: str
    unit: str
    statistic: Statistic
    limit: float
    values: tuple[float, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"{self.what}: nothing was measured")

    @property
    def bar(self) -> str:
        """The bar in words."""
        return f"{'' if self.statistic == 'sum' else self.statistic + ' '}≤ {self.limit:g} {self.unit}"

    @property
    def judged(self) -> float:
        """The one number that is held against the bar."""
        return sum(self.values) if self.statistic == "sum" else quantile(self.values, _SHARES[self.statistic])

    @property
    def held(self) -> bool:
        """Whether the bar is held."""
        return self.judged <= self.limit

    @property
    def measured(self) -> str:
        """The values in short: median, 95th and 99th percentile, worst, and how many."""
        if self.statistic == "sum":
            return f"{self.judged:.4g} (n {len(self.values)})"
        if len(self.values) == 1:
            return f"{self.values[0]:.3g} (n 1)"
        median, p95, p99, worst = (quantile(self.values, share) for share in (0.5, 0.95, 0.99, 1.0))
        return f"{median:.3g} | {p95:.3g} | {p99:.3g} | {worst:.3g} (n {len(self.values)})"

    def to_json(self) -> dict[str, Any]:
        """For machines: the bar, the verdict and all values."""
        return {
            "what": self.what,
            "unit": self.unit,
            "statistic": self.statistic,
            "limit": self.limit,
            "judged": self.judged,
            "median": quantile(self.values, 0.5),
            "max": max(self.values),
            "held": self.held,
            "note": self.note,
            "values": list(self.values),
        }


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed: never between two measured ones."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
