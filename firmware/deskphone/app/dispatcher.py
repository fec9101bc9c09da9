"""The one task that decides: takes events in order, steps the core, routes what comes of it."""

import asyncio
import logging

from deskphone.app.bridge import ThreadBridge
from deskphone.app.router import Router
from deskphone.core.events import Event
from deskphone.core.phone import step
from deskphone.core.state import State

log = logging.getLogger("deskphone.phone")


class Dispatcher:
    """Holds the state. A fault in one step is logged with its event and changes nothing; the phone goes on."""

    def __init__(self, state: State, bridge: ThreadBridge, router: Router) -> None:
        self.state = state
        self._bridge = bridge
        self._router = router
        self._watchers: set[asyncio.Event] = set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            event = await self._bridge.next()
            try:
                self._step(event)
            except Exception:
                log.exception("fault while dealing with %s", type(event).__name__)
            finally:
                self._bridge.done()

    def watch(self) -> asyncio.Event:
        """A flag that is set at each change of the state; give it back with `unwatch`."""
        flag = asyncio.Event()
        self._watchers.add(flag)
        return flag

    def unwatch(self, flag: asyncio.Event) -> None:
        """The watcher is gone."""
        self._watchers.discard(flag)

    def _step(self, event: Event) -> None:
        before = self.state
        self.state, commands = step(before, event)
        for command in commands:
            self._router.route(command)
        _log_transitions(before, self.state, event)
        if self.state != before:
            for flag in self._watchers:
                flag.set()


def _log_transitions(before: State, after: State, event: Event) -> None:
    name = type(event).__name__
    for call in after.calls:
        old = before.call(call.id)
        if old is None:
            log.info("call %s: --%s--> %s", call.id, name, call.public_state)
            continue
        if old.public_state != call.public_state:
            log.info("call %s: %s --%s--> %s", call.id, old.public_state, name, call.public_state)
        if old.recording.condition is not call.recording.condition:
            log.info("recording: %s --%s--> %s", old.recording.condition, name, call.recording.condition)
    if before.registration != after.registration:
        log.info(
            "registration: %s --%s--> %s", before.registration, after.registration_reason or name, after.registration
        )
