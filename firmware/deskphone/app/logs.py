"""How the phone's processes log: one line an event on stderr, which systemd's journal keeps."""

import logging
import os
import time


def start_logging(level: str) -> None:
    """Log from now on at `level` (debug, info, warning or error). May be called again with another level."""
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_formatter())
        root.addHandler(handler)
    root.setLevel(level.upper())
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    logging.getLogger("PIL").setLevel(logging.INFO)


def _formatter() -> logging.Formatter:
    """The journal stamps its lines itself; elsewhere the time in UTC stands in front."""
    if "JOURNAL_STREAM" in os.environ:
        return logging.Formatter("%(levelname)s %(name)s: %(message)s")
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    return formatter
