"""Whether what was recorded is right: the same judges as the tests use, on what the demo has stored."""

from pathlib import Path
from typing import Any

from tests.audio import judge
from tests.audio.edges import stretches

EDGE_S = 0.040
CORRELATION = 0.99


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
        if len(pieces) != len(edges):
            found.append(f"{side}: {len(pieces)} stretches instead of {len(edges)}")
            continue
        for piece, (begin, end) in zip(pieces, edges, strict=True):
            if piece.correlation < CORRELATION:
                found.append(f"{side}: correlation {piece.correlation:.4f}")
            wrong = abs(piece.end_s - piece.begin_s - (end - begin))
            if wrong > EDGE_S:
                found.append(f"{side}: its length is {wrong * 1000:.0f} ms off")
    return found
