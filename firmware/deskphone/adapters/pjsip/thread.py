"""The one thread that creates, polls, calls and destroys every pjsua2 object."""

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger("deskphone.sip")

_QUEUE_LIMIT = 1000
"""Jobs that may wait. A phone makes some tens a second at most; a fuller queue means a stuck stack, and is told."""


class SipThread:
    """Runs jobs in the order given, and between them `poll`, which MUST return within some 10 ms."""

    def __init__(self, poll: Callable[[], None], fault: Callable[[BaseException], None]) -> None:
        self._poll = poll
        self._fault = fault
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="sip", daemon=True)
        self._running = True

    def start(self, first: Callable[[], None], last: Callable[[], None]) -> None:
        """Start with `first` and, once stopped, end with `last`; both run in the thread."""
        self._first, self._last = first, last
        self._thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        """Queue a job from any thread; never blocks."""
        if self._jobs.qsize() >= _QUEUE_LIMIT:
            self._fault(RuntimeError("the SIP thread does not keep up: a command was dropped"))
            return
        self._jobs.put(job)

    def stop(self, timeout: float) -> bool:
        """End the thread after the jobs that wait; whether it ended within `timeout` seconds."""
        self._jobs.put(self._end)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _end(self) -> None:
        self._running = False

    def _run(self) -> None:
        try:
            self._guard(self._first)
            while self._running:
                while not self._jobs.empty() and self._running:
                    self._guard(self._jobs.get_nowait())
                self._guard(self._poll)
        finally:
            self._guard(self._last)

    def _guard(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:
            log.exception("fault in the SIP thread")
            self._fault(error)
