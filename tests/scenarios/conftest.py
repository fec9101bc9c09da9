"""What the scenarios share: the voice at the handset, and phones that are ended with the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.audio import judge
from tests.peers.baresip import PCMA, PCMU, Baresip
from tests.scenarios.phone import Phone


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of speech at 16 kHz that never repeats itself, for the phone's microphone."""
    folder = tmp_path_factory.mktemp("voice")
    return judge.speech(folder / "voice.wav", 60.0, seed=2, band=judge.TELEPHONE_BAND, peak=0.3)


@pytest.fixture
def make_phone(tmp_path: Path, voice: Path) -> Iterator[Callable[..., Phone]]:
    """Makes a running phone that hears `voice`; takes the sections of the configuration; ended with the test."""
    with ExitStack() as running:
        made = 0

        def make(mode: str = "never", *, start: bool = True, **sections: Any) -> Phone:
            nonlocal made
            made += 1
            phone = Phone(tmp_path / f"phone-{made}", voice, mode=mode, **sections)
            running.callback(_end, phone)
            if start:
                phone.start()
            return phone

        yield make


@pytest.fixture
def far_end(make_baresip: Callable[..., Baresip]) -> Baresip:
    """A baresip that answers at once and speaks, in a codec that changes next to nothing (G.722 keeps 0.993 of it)."""
    return make_baresip(answer="auto", codecs=(PCMA, PCMU))


def _end(phone: Phone) -> None:
    """Every phone ends well, whatever the test did to it, unless the test ended it itself."""
    if phone.running:
        status = phone.stop()
        output = phone.program.output
        assert status == 0, f"exit status {status}\n{output[-4000:]}"
        assert "Traceback" not in output, output[-8000:]
