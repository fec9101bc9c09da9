"""`deskphone doctor`: looks this installation over, and says of everything that is amiss what to do."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from deskphone.adapters.pjsip.build import Build, inspect_build
from deskphone.adapters.pjsip.sounds import SHIPPED_PROMPTS
from deskphone.app.settings import memory_folder
from deskphone.config.load import ConfigError, load
from deskphone.config.model import Config
from deskphone.core.commands import Prompt
from deskphone.vault.names import storage_folder

Verdict = Literal["good", "note", "bad"]
_MARKS = {"good": "[green]✔[/]", "note": "[yellow]![/]", "bad": "[red]✘[/]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, and what to do where it is not good."""

    subject: str
    verdict: Verdict
    text: str
    fix: str = ""


def report(config_path: Path, *, simulate: bool, as_json: bool) -> int:
    """Print every finding; the exit status is 1 when one is bad."""
    findings = list(_look(config_path, simulate=simulate))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        table = Table(box=None, show_header=False)
        for finding in findings:
            fix = f"\n[bold]{finding.fix}[/]" if finding.fix else ""
            table.add_row(_MARKS[finding.verdict], finding.subject, finding.text + fix)
        Console().print(table)
    return int(any(finding.verdict == "bad" for finding in findings))


def _look(config_path: Path, *, simulate: bool) -> Iterator[Finding]:
    yield from _pjsua2(inspect_build())
    yield from _prompts()
    try:
        config = load(config_path)
    except ConfigError as error:
        yield Finding("configuration", "bad", str(error), "mend it; `deskphone config check FILE` looks at it alone")
    else:
        yield Finding("configuration", "good", str(config_path))
        yield _storage(storage_folder(config.storage.url), simulate=simulate)
        yield _memory(config, config_path)
    yield _swap(Path("/proc/swaps").read_text())
    if not simulate:
        yield from _hardware()


def _pjsua2(build: Build) -> Iterator[Finding]:
    codecs = ", ".join(build.codecs)
    text = f"{build.distribution} {build.version} (PJSIP {build.pjproject}); codecs {codecs}"
    if not build.lacks:
        yield Finding("pjsua2", "good", f"{text}; lacks nothing")
        return
    lacks = "\n".join(f"lacks {lack}" for lack in build.lacks)
    yield Finding("pjsua2", "note", f"{text}\n{lacks}", "build our own: make wheel, then pip install the file it names")


def _prompts() -> Iterator[Finding]:
    missing = [
        f"{language}/{prompt.value}.wav"
        for language in ("sv", "en")
        for prompt in Prompt
        if not (SHIPPED_PROMPTS / language / f"{prompt.value}.wav").is_file()
    ]
    if missing:
        yield Finding("announcements", "bad", f"missing: {', '.join(missing)}", "install deskphone again")
    else:
        yield Finding("announcements", "good", "all there, Swedish and English")


def _storage(folder: Path, *, simulate: bool) -> Finding:
    if not folder.is_dir():
        if simulate:
            return Finding("storage", "note", f"there is no folder {folder} yet; the simulated phone makes it")
        fix = f"install -d -m 0750 -o deskphone {folder}, or mount the disk that it is on"
        return Finding("storage", "bad", f"there is no folder {folder}", fix)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            "storage", "bad", f"{folder} cannot be written by you", "run this as the phone's user, or chown it"
        )
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize / 1e9
    return Finding("storage", "good" if free > 1 else "note", f"{folder}: {free:.1f} GB free")


def _memory(config: Config, config_path: Path) -> Finding:
    folder = memory_folder(config, config_path)
    kind = _file_system(folder)
    if kind in ("tmpfs", "ramfs"):
        return Finding("memory", "good", f"{folder} is in memory ({kind})")
    return Finding(
        "memory",
        "bad",
        f"{folder} is on {kind}: recordings that nobody keeps would touch the card",
        "set storage.memory to a folder on a tmpfs, such as /run/deskphone or /dev/shm/deskphone",
    )


def _file_system(folder: Path) -> str:
    """The type of the file system that the folder is, or will be, on."""
    path = next(p for p in (folder, *folder.parents) if p.exists()).resolve()
    best, kind = "", "an unknown file system"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, point, type_ = line.split()[:3]
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, type_
    return kind


def _swap(swaps: str) -> Finding:
    on_disk = [line.split()[0] for line in swaps.splitlines()[1:] if not line.startswith("/dev/zram")]
    if not on_disk:
        return Finding("swap", "good", "none on a disk")
    return Finding(
        "swap",
        "note",
        f"{', '.join(on_disk)}: the kernel may move audio that nobody keeps from memory to the card",
        "turn it off: systemctl disable --now dphys-swapfile, or swapoff -a",
    )


def _hardware() -> Iterator[Finding]:
    for subject, path, fix in (
        ("keys and LED", Path("/dev/gpiochip0"), "this is no Raspberry Pi, or you are not in the group gpio"),
        ("OLED", Path("/dev/i2c-1"), "switch I2C on: raspi-config nonint do_i2c 0; join the group i2c"),
        ("sound", Path("/dev/snd"), "no sound card: plug it in, load its driver, join the group audio"),
    ):
        usable = path.exists() and os.access(path, os.R_OK)
        yield Finding(subject, "good" if usable else "bad", str(path), "" if usable else fix)
