"""The examples of docs/http.md, executed on a simulated phone in a real call."""

import argparse
import http.client
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from deskphone.core.keypad import Key
from tests.docs.markdown import ROOT, blocks
from tests.peers.baresip import Baresip
from tests.scenarios.phone import Phone

PAGE = (ROOT / "docs" / "http.md").read_text()


@dataclass(frozen=True)
class Example:
    """A curl command of the page, and the answer that it shows, if it shows one."""

    path: str
    body: str | None
    answer: Any


def examples() -> list[Example]:
    """In the order of the page."""
    found: list[Example] = []
    parser = argparse.ArgumentParser(prog="curl")
    parser.add_argument("-d", dest="body")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-N", action="store_true")
    parser.add_argument("url")
    for block in blocks(PAGE, "sh", "json"):
        if block.language == "json":
            found[-1] = Example(found[-1].path, found[-1].body, json.loads(block.text))
        elif block.text.startswith("curl "):
            given = parser.parse_args(shlex.split(block.text)[1:])
            found.append(Example(urlsplit(given.url).path, given.body, None))
    return found


def shape(value: Any, where: str = "") -> dict[str, str]:
    """Every key with the kind of its value. Of a list the first element stands for all."""
    match value:
        case dict():
            found: dict[str, str] = {}
            for key, part in value.items():
                found |= shape(part, f"{where}.{key}" if where else key)
            return found
        case [first, *_]:
            return shape(first, f"{where}[]")
        case _:
            return {where: type(value).__name__}


def test_every_example_works(make_phone: Callable[..., Phone], make_baresip: Callable[..., Baresip]) -> None:
    far_end = make_baresip(user="1002", answer="auto")
    phone = make_phone("on-demand-user-start")
    shown = examples()
    assert [e.path for e in shown].count("/api/state") == 1
    assert {"/api/calls", "/api/screen.png", "/api/events", "/api/keys/hook"} <= {e.path for e in shown}
    for example in shown:
        match example:
            case Example("/api/events"):
                assert phone.wait(lambda state: state["calls"] != [])["calls"]  # the stream that `phone` follows
            case Example("/api/screen.png"):
                phone.wait_recording("recording")
                assert phone.get(example.path).startswith(b"\x89PNG\r\n")
            case Example("/api/state"):
                state = json.loads(phone.get(example.path))
                assert shape(state) == shape(example.answer)
                for key in ("registration", "offered", "menu", "soft_keys", "banner", "status_mark", "lamp", "storage"):
                    assert state[key] == example.answer[key], key
            case Example("/api/calls", str(body)):
                dialled = json.loads(body) | {"to": far_end.uri}
                status, answer = phone.post(example.path, dialled)
                assert (status, answer["active_call"] is not None) == (202, True)
                phone.wait_call("connected")
            case Example(path, str(body), answer):
                status, given = phone.post(path, body.encode())
                assert (status, given) == (404 if "error" in answer else 200, answer)
            case _:
                raise AssertionError(f"nobody executes {example}")
    phone.wait_call_over()
    phone.wait_takes(1)


def test_every_key_and_error_of_the_page_exists(make_phone: Callable[..., Phone]) -> None:
    phone = make_phone("never")
    for key in Key:
        assert phone.post(f"/api/keys/{key.value}", {"action": "down"})[0] == 200
        assert phone.post(f"/api/keys/{key.value}", {"action": "up"})[0] == 200
    assert phone.post("/api/keys/hook", {})[0] == 200
    assert phone.post("/api/keys/mer", {"action": "tap"})[0] == 400
    assert phone.post("/api/calls", b"{")[0] == 400
    assert phone.post("/api/state", {})[0] == 405
    assert phone.post("/api/calls", b'{"to": "' + b"1" * 70_000 + b'"}')[0] == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "rebound.example"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Host": "localhost"}, 200),
        ({}, 200),
    ],
)
def test_pages_of_other_sites_are_refused(
    make_phone: Callable[..., Phone], headers: dict[str, str], status: int
) -> None:
    phone = make_phone("never")
    connection = http.client.HTTPConnection("127.0.0.1", phone.http_port, timeout=5.0)
    try:
        connection.request("GET", "/api/state", headers=headers)
        assert connection.getresponse().status == status
    finally:
        connection.close()


def test_a_phone_with_a_broken_configuration_says_so(make_phone: Callable[..., Phone]) -> None:
    phone = make_phone(start=False)
    phone.folder.mkdir()
    phone.config.write_text('[recording]\nmode = "sometimes"\n')
    phone.start()
    state = phone.state()
    assert state["registration"] == {"state": "failed", "reason": "bad-configuration"}
    assert any("recording.mode" in problem for problem in state["problems"])
    status, answer = phone.post("/api/calls", {"to": "1002"})
    assert (status, "problems" in answer["error"]) == (503, True)
    assert phone.post("/api/keys/mer", {})[0] == 404


def test_a_key_that_is_missing_in_an_answer_is_seen() -> None:
    (state,) = (e.answer for e in examples() if e.path == "/api/state")
    assert shape(state) != shape({key: value for key, value in state.items() if key != "lamp"})
    assert shape(state) != shape(state | {"volume": "7"})
