"""Whether what was recorded is right: the same judges as the tests use, on what the demo has stored."""

from pathlib import Path
from typing import Any

from tests.audio import judge
from tests.audio.edges import Stretch, stretches

EDGE_S = 0.040
CORRELATION = 0.99
LATE_PACKETS_S = 0.1


def faults(
    take: dict[str, Any], storage: Path, far_said: Path, near_said: Path, edges: list[tuple[float, float]]
) -> list[str]:
    """What is wrong with one stored take, in words; `edges` are its stretches in seconds since the answer."""
    if take["result"] != "successful":
        return [f"its result is {take['result']}"]
    found = []
    path = storage / take["file"]
    far, rate = judge.load(path, 1)
    near, _ = judge.load(path, 0)
    for side, signal, source in (("far", far, far_said), ("near", near, near_said)):
        said, said_rate = judge.load(source)
        try:
            pieces = stretches(signal, said, rate, said_rate)
        except AssertionError as error:
            found.append(f"{side}: {error}")
            continue
        if side == "far":
            pieces = _joined(pieces)
        if len(pieces) != len(edges):
            found.append(f"{side}: {len(pieces)} stretches instead of {len(edges)}")
            continue
        for piece, (begin, end) in zip(pieces, edges, strict=True):
            if piece.correlation < CORRELATION:
                found.append(f"{side}: correlation {piece.correlation:.4f}")
            wrong = abs(piece.end_s - piece.begin_s - (end - begin))
            if wrong > EDGE_S + (LATE_PACKETS_S if side == "far" else 0.0):
                found.append(f"{side}: its length is {wrong * 1000:.0f} ms off")
    return found


def _joined(pieces: list[Stretch]) -> list[Stretch]:
    """Pieces that a late packet has parted: what was heard had that gap, and the recording is of what was heard."""
    joined: list[Stretch] = []
    for piece in pieces:
        if joined and abs(piece.begin_s - joined[-1].end_s) <= LATE_PACKETS_S:
            worse = min(piece.correlation, joined[-1].correlation)
            joined[-1] = Stretch(joined[-1].begin_s, piece.end_s, worse)
        else:
            joined.append(piece)
    return joined
