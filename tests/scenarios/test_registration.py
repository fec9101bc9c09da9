"""The phone at a registrar: accepted, refused, out of reach, and gone again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deskphone.core.view import Idle
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import Baresip
from tests.scenarios.phone import Phone, account

MakePhone = Callable[..., Phone]


def at(registrar: str, password: str = PASSWORDS["1001"], transport: str = "udp") -> dict[str, object]:
    """The section `sip` of user 1001."""
    return {"transport": transport, "accounts": [account(registrar, "1001", password)]}


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_it_registers_with_digest_and_says_goodbye(asterisk: Asterisk, make_phone: MakePhone, transport: str) -> None:
    asterisk.cli("pjsip set logger on")
    phone = make_phone(sip=at(asterisk.registrar, transport=transport))
    assert phone.wait_registered() == {"state": "registered", "reason": None}
    asterisk.wait_registered("1001")
    # One that is challenged, one with the answer: the password itself never travels.
    assert asterisk.requests("REGISTER") == 2
    asterisk.program.wait_line(rf"Received SIP request .* from {transport.upper()}:127\.0\.0\.1")
    asterisk.program.wait_line(r"^Authorization: Digest .*response=")
    assert PASSWORDS["1001"] not in asterisk.program.output
    phone.wait_screen(Idle("registered"))

    assert phone.stop() == 0
    asterisk.program.wait_line(r"Removed contact '.*' from AOR '1001'")
    assert not asterisk.registered("1001")
    assert PASSWORDS["1001"] not in phone.program.output


def test_a_wrong_password_is_told_and_not_tried_again(
    asterisk: Asterisk, make_phone: MakePhone, make_baresip: Callable[..., Baresip]
) -> None:
    asterisk.cli("pjsip set logger on")
    phone = make_phone(sip=at(asterisk.registrar, "guess"))
    state = phone.wait(lambda s: s["registration"]["state"] == "failed")
    assert state["registration"]["reason"] == "wrong-password"
    phone.wait_screen(Idle("failed", "wrong-password"))
    assert not asterisk.registered("1001")

    # Others still reach it, and while they talk nothing more is sent to the registrar.
    caller = make_baresip()
    caller.dial(phone.uri)
    phone.wait_call("ringing")
    phone.soft("answer")
    caller.wait_event("CALL_ESTABLISHED")
    caller.wait_audio(4.0)
    phone.hook(down=True)
    caller.wait_event("CALL_CLOSED")
    assert phone.state()["registration"] == {"state": "failed", "reason": "wrong-password"}
    assert asterisk.requests("REGISTER") == 2
    assert "guess" not in phone.program.output


@pytest.mark.parametrize(("transport", "meanwhile"), [("udp", "registering"), ("tcp", "failed")])
def test_a_registrar_that_comes_up_later_is_found(
    asterisk_tree: Path,
    tmp_path: Path,
    free_port: Callable[[], int],
    make_phone: MakePhone,
    transport: str,
    meanwhile: str,
) -> None:
    port = free_port()
    phone = make_phone(sip=at(f"127.0.0.1:{port}", transport=transport))
    # Over UDP only silence tells: the request is repeated for 32 s (RFC 3261 §17.1.2.2) before it counts as failed.
    phone.wait(lambda s: s["registration"]["state"] == meanwhile)
    if meanwhile == "failed":
        assert phone.state()["registration"]["reason"] == "registrar-unreachable"
        phone.wait_screen(Idle("failed", "registrar-unreachable"))
    with Asterisk(asterisk_tree, tmp_path / "asterisk", port=port) as asterisk:
        phone.wait_registered(30.0)
        asterisk.wait_registered("1001")
        phone.wait_screen(Idle("registered"))
        assert phone.stop() == 0
