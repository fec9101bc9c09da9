"""`make bench`: measures what the design promises. A missed bar is no error; a line that cannot be measured is one."""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console

from tests.bench import (
    footprint,
    hang_up,
    key_latency,
    kills,
    losses,
    repeating_tone,
    report,
    stack_delay,
    start_latency,
    start_up,
)
from tests.bench.figures import Figure
from tests.bench.place import Place

MEASURES: dict[str, Callable[[Place], Iterator[Figure]]] = {
    "key-latency": key_latency.measure,
    "start-latency": start_latency.measure,
    "losses": losses.measure,
    "repeating-tone": repeating_tone.measure,
    "stack-delay": stack_delay.measure,
    "kills": kills.measure,
    "start-up": start_up.measure,
    "footprint": footprint.measure,
    "hang-up": hang_up.measure,
}
_LONG = ("repeating-tone",)
"""Not in a quick run: an interval of 10 s takes its time."""
_PAGE = Path(__file__).parents[2] / "docs" / "bench.md"


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter measurements, less than a minute; no repeating tone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every single value.")
@click.option("--write", is_flag=True, help="Put the table into docs/bench.md.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASURES)), help="Measure this alone; may be repeated.")
def main(quick: bool, as_json: bool, write: bool, only: tuple[str, ...]) -> None:
    """Measure what the design promises, on this machine, now. Exit status 0 also when a bar is missed."""
    if write and (quick or only):
        raise click.UsageError("--write wants the whole run")
    out = Console(stderr=as_json, highlight=False, width=None if sys.stdout.isatty() else 160)
    load_before = os.getloadavg()[0]
    figures: list[Figure] = []
    failures: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix="deskphone-bench-") as folder,
        tempfile.TemporaryDirectory(prefix="deskphone-bench-", dir="/dev/shm") as memory,
    ):
        place = Place(Path(folder), Path(memory), quick=quick)
        for name in only or [name for name in MEASURES if not (quick and name in _LONG)]:
            begin = time.monotonic()
            try:
                figures.extend(MEASURES[name](place))
            except Exception as error:  # one measure that breaks does not hide the others
                failures[name] = f"{type(error).__name__}: {error}"
                out.print(traceback.format_exc(), markup=False)
            out.print(f"» {name}: {time.monotonic() - begin:.0f} s")
    if as_json:
        print(report.as_json(figures, failures, load_before))
    else:
        out.print(report.table(figures, failures))
        out.print(report.verdict(figures, failures))
    if write:
        _PAGE.write_text(report.page(figures, failures, load_before))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
