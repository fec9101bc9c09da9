"""How measured lines are shown: in a terminal, as JSON, as a page; changes when readers want another of them."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.bench.figures import Figure

_COLUMNS = "median | p95 | p99 | max (n)"


def table(figures: Sequence[Figure], failures: Mapping[str, str]) -> Table:
    """For a terminal."""
    shown = Table(title="What the design promises, and what was measured")
    for name in ("what", "bar", f"measured: {_COLUMNS}", "", "remarks"):
        shown.add_column(name)
    for figure in figures:
        mark = "[green]✔[/]" if figure.held else "[red]✘[/]"
        shown.add_row(figure.what, figure.bar, f"{figure.measured} {figure.unit}", mark, figure.note)
    for name, reason in failures.items():
        shown.add_row(name, "", "[red]not measured[/]", "[red]✘[/]", reason.splitlines()[0] if reason else "")
    return shown


def verdict(figures: Sequence[Figure], failures: Mapping[str, str]) -> str:
    """One line that says how it went."""
    missed = sum(not figure.held for figure in figures)
    broken = f"; {len(failures)} could not be measured" if failures else ""
    return f"{len(figures) - missed} of {len(figures)} bars held, {missed} missed{broken}"


def as_json(figures: Sequence[Figure], failures: Mapping[str, str], load_before: float) -> str:
    """For machines."""
    return json.dumps(
        {
            "machine": machine(),
            "load_before": load_before,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": [figure.to_json() for figure in figures],
            "failures": dict(failures),
        },
        ensure_ascii=False,
        indent=1,
    )


def page(figures: Sequence[Figure], failures: Mapping[str, str], load_before: float) -> str:
    """For `docs/bench.md`."""
    about = machine()
    head = [
        "# Measured",
        "",
        "<!-- Written by `python -m tests.bench --write`; measure again instead of editing. -->",
        "",
        "What the design promises, and what one run of `make bench` measured. What exactly is timed, from where to",
        "where, stands at the top of each module in `tests/bench/`.",
        "",
        f"Measured {datetime.now(UTC).date()} on {about['processor']},",
        f"{about['cores']} cores, {about['memory_gb']} GB,",
        f"{about['system']}, Python {about['python']}; load before the run {load_before:.1f};",
        f"real-time priority for audio {'allowed' if about['real_time'] else 'not allowed'}.",
        f"**{verdict(figures, failures)}.**",
        "",
        f"| what | bar | measured: {_COLUMNS.replace('|', '·')} | | remarks |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {f.what} | {f.bar} | {f.measured.replace('|', '·')} {f.unit} | {'✔' if f.held else '✘'} | {f.note} |"
        for f in figures
    ]
    broken = [f"| {name} | | not measured | ✘ | |" for name in failures]
    return "\n".join([*head, *rows, *broken, ""])


def machine() -> dict[str, Any]:
    """What the numbers belong to."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _field("/proc/cpuinfo", "model name", ":") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "system": _field("/etc/os-release", "PRETTY_NAME", "=").strip('"') or platform.system(),
        "python": platform.python_version(),
        "real_time": _real_time(),
    }


def _real_time() -> bool:
    policy, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return False
    os.sched_setscheduler(0, policy, priority)
    return True


def _field(path: str, name: str, separator: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(separator)[2].strip() for line in lines if line.startswith(name)), "")
