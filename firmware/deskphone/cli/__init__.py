"""The command line: each command in a module of its own, imported only when it is called."""

from deskphone.cli.main import main

__all__ = ["main"]
