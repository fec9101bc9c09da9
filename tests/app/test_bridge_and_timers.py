"""The one door into the loop, and timers that come back as events."""

import asyncio
import logging
import threading

import pytest

from deskphone.adapters.clock import now
from deskphone.app.bridge import ThreadBridge
from deskphone.app.timers import Timers
from deskphone.core.events import Event, TimerFired


def fired(name: str) -> TimerFired:
    """Some event."""
    return TimerFired(now(), name)


async def test_events_of_foreign_threads_come_in_their_order() -> None:
    """Each thread's events stay in order, and none is lost."""
    bridge = ThreadBridge(asyncio.get_running_loop())

    def post(prefix: str) -> None:
        for number in range(100):
            bridge.post(fired(f"{prefix}{number}"))

    threads = [threading.Thread(target=post, args=(prefix,)) for prefix in "ab"]
    for thread in threads:
        thread.start()
    got = []
    for _ in range(200):
        event = await bridge.next()
        assert isinstance(event, TimerFired)
        got.append(event.timer_id)
        bridge.done()
    for thread in threads:
        await asyncio.get_running_loop().run_in_executor(None, thread.join)
    for prefix in "ab":
        assert [name for name in got if name[0] == prefix] == [f"{prefix}{number}" for number in range(100)]


async def test_a_full_queue_drops_the_newest_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """The queue is bounded, and a loss is never silent."""
    bridge = ThreadBridge(asyncio.get_running_loop())
    with caplog.at_level(logging.ERROR, "deskphone.app"):
        for number in range(1_001):
            bridge.post(fired(str(number)))
        await asyncio.sleep(0)
    assert "1 events dropped" in caplog.text
    first = await bridge.next()
    assert isinstance(first, TimerFired)
    assert first.timer_id == "0"


async def test_posting_after_the_end_does_nothing() -> None:
    """An adapter may still speak when the loop is gone."""
    loop = asyncio.new_event_loop()
    bridge = ThreadBridge(loop)
    loop.close()
    bridge.post(fired("late"))


async def test_timers_fire_once_restart_and_cancel() -> None:
    """Starting again restarts, cancelling forgets, and each fires once."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    timers = Timers(events.put_nowait, now)
    timers.start("slow", 60.0)
    timers.start("slow", 0.01)
    timers.start("never", 0.005)
    timers.cancel("never")
    event = await asyncio.wait_for(events.get(), 2.0)
    assert isinstance(event, TimerFired)
    assert event.timer_id == "slow"
    timers.start("closed", 0.0)
    timers.close()
    await asyncio.sleep(0)
    assert events.empty()
