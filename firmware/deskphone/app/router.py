"""Hands each command to the port that carries it out."""

import asyncio
import logging

from deskphone.app.timers import Timers
from deskphone.core.commands import CancelTimer, Command, Log, SetLamp, Show, StartTimer, Stop
from deskphone.ports.panel import DisplayPort, LampPort
from deskphone.ports.telephony import Telephony

log = logging.getLogger("deskphone.phone")

_LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class Router:
    """`stopped` is set once the core says that everything is closed."""

    def __init__(self, telephony: Telephony, lamp: LampPort, display: DisplayPort, timers: Timers) -> None:
        self._telephony = telephony
        self._lamp = lamp
        self._display = display
        self._timers = timers
        self.stopped = asyncio.Event()

    def route(self, command: Command) -> None:
        """Carry out, or queue, one command; never blocks."""
        match command:
            case SetLamp():
                self._lamp.set(command.lamp)
            case Show():
                self._display.show(command.view)
            case StartTimer():
                self._timers.start(command.timer_id, command.seconds)
            case CancelTimer():
                self._timers.cancel(command.timer_id)
            case Log():
                log.log(_LEVELS[command.level], "%s", command.text)
            case Stop():
                self.stopped.set()
            case _:
                self._telephony.execute(command)
