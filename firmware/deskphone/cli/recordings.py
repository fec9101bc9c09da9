"""`deskphone recordings`: look at and listen to what lies in the storage folder."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.table import Column, Table

from deskphone.config.load import load
from deskphone.errors import DeskphoneError
from deskphone.take.codec import RecordError
from deskphone.take.record import TAKE_ID_PATTERN
from deskphone.take.sidecar import FinalSidecar
from deskphone.vault.names import storage_folder
from deskphone.vault.reading import list_recordings, read_sidecar, verify

_BLOCK_FRAMES = 16_000
_TABLE_WIDTH = 160


class RecordingError(DeskphoneError, LookupError):
    """There is no such recording, or it cannot be read or played."""


def show_all(config: Path, storage: Path | None, as_json: bool) -> None:
    """A table, or JSON, of every recording."""
    found = _list(_folder(config, storage))
    if as_json:
        click.echo(json.dumps([sidecar.to_json() for sidecar in found], indent=2, ensure_ascii=False))
        return
    table = Table(
        Column("take", no_wrap=True),
        Column("call", no_wrap=True),
        "with",
        "direction",
        "mode",
        "started (UTC)",
        "length",
        "result",
        box=None,
    )
    for sidecar in found:
        remote = sidecar.remote.display_name or sidecar.remote.number
        marks = " (recovered)" if sidecar.recovered else ""
        table.add_row(
            sidecar.take_id,
            sidecar.call_id,
            remote,
            sidecar.direction,
            sidecar.mode,
            f"{sidecar.started_at:%Y-%m-%d %H:%M:%S}",
            _length(sidecar.duration_seconds),
            sidecar.result + marks,
        )
    # Ids are there to be copied: a table too wide for the terminal runs over its edge, and is never cut.
    Console(width=max(Console().width, _TABLE_WIDTH)).print(table if found else "no recordings")


def show_one(config: Path, storage: Path | None, take_id: str) -> int:
    """The sidecar, and the checksum's verdict; the exit status is 1 when the file is not what was stored."""
    folder = _folder(config, storage)
    sidecar = _one(folder, take_id)
    click.echo(json.dumps(sidecar.to_json(), indent=2, ensure_ascii=False))
    good = verify(folder, sidecar)
    click.echo("file: as it was stored" if good else "file: MISSING OR CHANGED since it was stored", err=True)
    return 0 if good else 1


def play(config: Path, storage: Path | None, take_id: str, output: Path | None) -> None:
    """Play through `aplay`, or write a WAV file."""
    folder = _folder(config, storage)
    sidecar = _one(folder, take_id)
    if sidecar.file is None:
        raise RecordingError(f"take {take_id} failed and has no audio: {sidecar.end_reason}")
    path = folder / sidecar.file
    if output is not None:
        with sys.stdout.buffer if str(output) == "-" else output.open("wb") as sink:
            _write_wav(path, sink)
        return
    player = shutil.which("aplay")
    if player is None:
        raise RecordingError("aplay is missing: apt-get install alsa-utils, or use --output FILE")
    with subprocess.Popen([player, "-q", "-"], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            _write_wav(path, process.stdin)
        except BrokenPipeError:
            raise RecordingError("aplay ended early; is there a sound card? --output FILE writes a WAV file") from None


def _write_wav(path: Path, sink: IO[bytes]) -> None:
    """A WAV file that can be streamed: the header comes first and is right from the start."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as source:
            size = source.frames * source.channels * 2
            sink.write(_wav_header(source.samplerate, source.channels, size))
            while len(block := source.read(_BLOCK_FRAMES, dtype="int16")):
                sink.write(block.tobytes())
    except (soundfile.LibsndfileError, FileNotFoundError) as error:
        raise RecordingError(f"{path} cannot be read: {error}") from None


def _wav_header(rate: int, channels: int, size: int) -> bytes:
    def number(value: int, width: int) -> bytes:
        return value.to_bytes(width, "little")

    form = number(1, 2) + number(channels, 2) + number(rate, 4) + number(rate * channels * 2, 4)
    form += number(channels * 2, 2) + number(16, 2)
    return b"RIFF" + number(size + 36, 4) + b"WAVEfmt " + number(16, 4) + form + b"data" + number(size, 4)


def _folder(config: Path, storage: Path | None) -> Path:
    folder = storage if storage is not None else storage_folder(load(config).storage.url)
    if not folder.is_dir():
        raise RecordingError(f"there is no storage folder {folder}; check storage.url, or give --storage")
    return folder


def _list(folder: Path) -> list[FinalSidecar]:
    try:
        return list_recordings(folder)
    except PermissionError:
        raise RecordingError(
            f"{folder} cannot be read by you; run this as the phone's user (sudo -u deskphone)"
        ) from None


def _one(folder: Path, take_id: str) -> FinalSidecar:
    if not re.fullmatch(TAKE_ID_PATTERN, take_id):
        raise RecordingError(f"{take_id!r} is no take id; `deskphone recordings list` shows them")
    try:
        return read_sidecar(folder / f"{take_id}.json")
    except FileNotFoundError:
        raise RecordingError(f"no recording {take_id} in {folder}; `deskphone recordings list` shows them") from None
    except (RecordError, OSError) as error:
        raise RecordingError(f"the sidecar of {take_id} cannot be read: {error}") from None


def _length(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
