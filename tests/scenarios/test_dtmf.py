"""The dial keys in a call, as the far end receives them (RFC 4733)."""

from collections.abc import Callable
from typing import Any

from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import PCMA, Baresip
from tests.scenarios.phone import Phone, account

MakePhone = Callable[..., Phone]
MakeBaresip = Callable[..., Baresip]

KEYS = {**{str(digit): str(digit) for digit in range(10)}, "star": "*", "pound": "#"}


def digits(peer: Baresip) -> list[Any]:
    """What the peer has heard begin, in order."""
    return [event["param"] for event in peer.control.events if event["type"] == "CALL_DTMF_START"]


def received(peer: Baresip, count: int) -> list[Any]:
    """The same, once there are so many."""
    place = 0
    for _ in range(count):
        event = peer.wait_event("CALL_DTMF_START", since=place)
        place = next(n for n, one in enumerate(peer.control.events) if one is event) + 1
    return digits(peer)


def test_every_key_arrives_through_the_exchange(
    asterisk: Asterisk, make_phone: MakePhone, make_baresip: MakeBaresip
) -> None:
    phone = make_phone(sip={"accounts": [account(asterisk.registrar, "1001", PASSWORDS["1001"])]})
    phone.wait_registered()
    peer = make_baresip(
        user="1002", password=PASSWORDS["1002"], registrar=asterisk.registrar, codecs=(PCMA,), answer="auto"
    )
    peer.wait_event("REGISTER_OK")
    asterisk.cli("pjsip set logger on")
    phone.dial("1002")
    phone.wait_call("connected")
    peer.wait_audio(0.2)
    phone.press(*KEYS)
    assert received(peer, len(KEYS)) == list(KEYS.values())
    assert asterisk.requests("INFO") == 0
    phone.hook(down=True)
    phone.wait_call_over()


def test_no_key_arrives_while_the_call_is_held(make_phone: MakePhone, far_end: Baresip) -> None:
    phone = make_phone()
    phone.dial(far_end.uri)
    phone.wait_call("connected")
    far_end.wait_audio(0.2)
    phone.press("1")
    assert received(far_end, 1) == ["1"]
    phone.soft("hold")
    phone.wait_call("held")
    phone.press("2", "star")
    phone.soft("retrieve")
    phone.wait_call("connected")
    phone.press("3")
    assert received(far_end, 2) == ["1", "3"]
    phone.hook(down=True)
    phone.wait_call_over()
    assert digits(far_end) == ["1", "3"]
