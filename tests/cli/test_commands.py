"""The command line, as an administrator types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deskphone import __version__
from deskphone.cli.main import cli
from tests.take.records import stored_take


def call(*arguments: str | Path) -> Result:
    """One command."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_version() -> None:
    """Name and version."""
    assert call("--version").output == f"deskphone {__version__}\n"


@pytest.mark.parametrize("command", ["run", "vault", "recordings", "config", "doctor"])
def test_every_command_explains_itself(command: str) -> None:
    """`--help` works without the libraries that the command needs."""
    answer = call(command, "--help")
    assert answer.exit_code == 0
    assert "Usage: " in answer.output


def test_config_check(tmp_path: Path) -> None:
    """Good: status 0 and the policy. Bad: status 1 and every fault with its key."""
    good = tmp_path / "good.toml"
    good.write_text('[recording]\nmode = "always"\n[[sip.accounts]]\nuri = "sip:1@h"\npassword = "larkspur"\n')
    answer = call("config", "check", good)
    assert answer.exit_code == 0
    assert "recording.mode = always" in answer.output
    effective = call("config", "check", good, "--effective")
    assert json.loads(effective.output)["recording"]["mode"] == "always"
    assert "larkspur" not in effective.output

    bad = tmp_path / "bad.toml"
    bad.write_text('[recording]\nmode = "alway"\n[sip]\ntransport = "carrier pigeon"\n')
    answer = call("config", "check", bad)
    assert answer.exit_code == 1
    assert "2 problems" in answer.output
    assert "recording.mode" in answer.output
    assert "did you mean always?" in answer.output
    assert "sip.transport" in answer.output


def test_config_schema() -> None:
    """JSON, with the modes in it."""
    assert "on-demand-user-start" in call("config", "schema").output


def test_recordings(tmp_path: Path) -> None:
    """List, show and play, and what is said when there is nothing to."""
    assert "no recordings" in call("recordings", "list", "--storage", tmp_path).output
    sidecar = stored_take(tmp_path)
    listed = call("recordings", "list", "--storage", tmp_path)
    assert sidecar.take_id in listed.output
    (found,) = json.loads(call("recordings", "list", "--storage", tmp_path, "--json").output)
    assert found["take_id"] == sidecar.take_id

    shown = call("recordings", "show", sidecar.take_id, "--storage", tmp_path)
    assert shown.exit_code == 0
    assert "as it was stored" in shown.output
    out = tmp_path / "out.wav"
    assert call("recordings", "play", sidecar.take_id, "--storage", tmp_path, "--output", out).exit_code == 0
    assert out.read_bytes()[:4] == b"RIFF"

    (tmp_path / (sidecar.file or "")).write_bytes(b"changed")
    shown = call("recordings", "show", sidecar.take_id, "--storage", tmp_path)
    assert shown.exit_code == 1
    assert "MISSING OR CHANGED" in shown.output


@pytest.mark.parametrize("take_id", ["../../etc/passwd", "20260101T000000Z-00000000"])
def test_a_recording_that_is_not_there(tmp_path: Path, take_id: str) -> None:
    """A clear word, and no path outside the folder is looked at."""
    answer = call("recordings", "show", take_id, "--storage", tmp_path)
    assert answer.exit_code != 0
    assert "recordings list" in str(answer.exception)


def test_a_storage_folder_that_is_not_there(tmp_path: Path) -> None:
    """Says which setting to look at."""
    answer = call("recordings", "list", "--storage", tmp_path / "none")
    assert "storage.url" in str(answer.exception)
