"""The phone of the scenarios, for examples that need one."""

from tests.scenarios.conftest import make_phone, voice

__all__ = ["make_phone", "voice"]
