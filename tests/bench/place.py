"""Where the measures take place: folders, voices, phones and peers; changes when a measure needs another of them."""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.audio import judge
from tests.peers.baresip import PCMA, Baresip, Codec
from tests.peers.program import PeerError
from tests.scenarios.phone import Phone

_TREE_SCRIPT = Path(__file__).parents[2] / "deploy" / "dev" / "asterisk-tree.sh"
_VOICE_SECONDS = 120.0


class Place:
    """`folder` is on a disk, `memory` in memory, as on a device. `quick` asks for fewer and shorter measurements."""

    def __init__(self, folder: Path, memory: Path, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        self._memory = memory
        self._made = 0
        self.near = judge.speech(folder / "near.wav", _VOICE_SECONDS, seed=21, band=judge.TELEPHONE_BAND, peak=0.3)
        """What is said at the phone; never repeats itself, for two minutes."""
        self.far = judge.speech(folder / "far.wav", _VOICE_SECONDS, seed=22, band=judge.TELEPHONE_BAND)
        """What the far end says."""

    def choose(self, full: int, quick: int) -> int:
        """How many times, or how many seconds."""
        return quick if self.quick else full

    def new_folder(self, name: str) -> Path:
        """An empty folder on the disk."""
        self._made += 1
        folder = self.folder / f"{self._made:02d}-{name}"
        folder.mkdir()
        return folder

    def phone(self, mode: str, **sections: Any) -> Phone:
        """A phone that hears `near`, with announcements off and its takes in memory; not started."""
        folder = self.new_folder("phone")
        memory = self._memory / folder.name
        sections["notice"] = {"announcement": {"on_demand": False}, **sections.get("notice", {})}
        sections["storage"] = {"memory": str(memory), **sections.get("storage", {})}
        phone = Phone(folder, self.near, mode=mode, **sections)
        phone.memory = memory
        return phone

    def peer(self, codec: Codec = PCMA, source: Path | None = None) -> Baresip:
        """A baresip that answers at once and says `far`; not started."""
        return Baresip(self.new_folder("peer") / "baresip", source or self.far, answer="auto", codecs=(codec,))

    def asterisk_tree(self) -> Path:
        """The folder with Asterisk, made at the first use on a machine."""
        made = subprocess.run([_TREE_SCRIPT], capture_output=True, text=True, timeout=900)
        if made.returncode != 0:
            raise PeerError(f"{_TREE_SCRIPT.name} failed:\n{made.stderr}")
        return Path(made.stdout.strip())


def seen(condition: Callable[[], bool], what: str, timeout: float = 10.0, every: float = 0.001) -> float:
    """When (`time.monotonic`) something that nothing tells of was first seen, right to `every` seconds.

    PeerError after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise PeerError(f"not seen within {timeout} s: {what}")
        pause.wait(every)
    return time.monotonic()
