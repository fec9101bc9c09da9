"""What holds for every test: nothing is left running, and nothing blocks the loop."""

import threading
from collections.abc import Iterator

import pytest
from blockbuster import blockbuster_ctx

pytest_plugins = ["tests.peers.fixtures"]


@pytest.fixture(autouse=True)
def _nothing_left_running() -> Iterator[None]:
    """A thread that outlives its test is a fault of the test or of what it tests."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and not t.daemon and t.is_alive()]
    for thread in left:
        thread.join(2.0)
    assert [t.name for t in left if t.is_alive()] == []


@pytest.fixture(autouse=True)
def _nothing_blocks_the_loop() -> Iterator[None]:
    """A call of our own code that would block the loop raises (blockbuster)."""
    with blockbuster_ctx("deskphone"):
        yield
