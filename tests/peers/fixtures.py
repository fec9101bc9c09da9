"""Fixtures that give a test its real peers; changes when a test needs another kind of peer.

A peer that cannot be had is an error of the test, never a reason to skip it.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.audio import judge
from tests.peers import ports
from tests.peers.asterisk import Asterisk
from tests.peers.baresip import Baresip

_TREE_SCRIPT = Path(__file__).parents[2] / "deploy" / "dev" / "asterisk-tree.sh"


@pytest.fixture(scope="session")
def asterisk_tree() -> Path:
    """The folder with Asterisk, made at the first use on a machine (half a minute), found again afterwards."""
    made = subprocess.run([_TREE_SCRIPT], capture_output=True, text=True, timeout=900)
    if made.returncode != 0:
        pytest.fail(f"{_TREE_SCRIPT.name} failed:\n{made.stderr}")
    return Path(made.stdout.strip())


@pytest.fixture(scope="session")
def peer_speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of speech at 16 kHz that never repeats itself: what a peer says unless told otherwise.

    In the telephone band, so that every codec carries all of it.
    """
    return judge.speech(tmp_path_factory.mktemp("peer") / "speech.wav", 60.0, seed=1, band=judge.TELEPHONE_BAND)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Makes a port of 127.0.0.1 that is free, with the one above it, for UDP and TCP."""
    return ports.free_port


@pytest.fixture
def asterisk(asterisk_tree: Path, tmp_path: Path, peer_speech: Path) -> Iterator[Asterisk]:
    """A running Asterisk that knows users 1001 and 1002; extension 601 plays `peer_speech`."""
    with Asterisk(asterisk_tree, tmp_path / "asterisk", played=peer_speech) as running:
        yield running


@pytest.fixture
def make_baresip(tmp_path: Path, peer_speech: Path) -> Iterator[Callable[..., Baresip]]:
    """Makes a running baresip that says `peer_speech`; takes the keywords of `Baresip`; ended with the test."""
    with ExitStack() as running:
        made = 0

        def make(source: Path = peer_speech, **options: Any) -> Baresip:
            nonlocal made
            made += 1
            return running.enter_context(Baresip(tmp_path / f"baresip-{made}", source, **options))

        yield make
