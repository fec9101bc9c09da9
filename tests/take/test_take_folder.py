"""The folder that phone and vault share."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deskphone.take.codec import RecordError
from deskphone.take.folder import TakeFolder, list_takes, phone_holds, read_record, remove_unborn, takes_folder
from tests.take.records import a_record


def test_a_new_take_is_visible_whole_locked_and_private(tmp_path: Path) -> None:
    folder = TakeFolder.create(tmp_path / "root", a_record())
    assert list_takes(tmp_path / "root") == [folder.path]
    assert read_record(folder.path) == a_record()
    assert phone_holds(folder.path)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.path / "take.json").stat().st_mode) == 0o600
    assert folder.segment_paths(7).far == folder.path / "far-007.wav"
    folder.close(a_record())


def test_save_replaces_and_close_has_the_last_word(tmp_path: Path) -> None:
    folder = TakeFolder.create(tmp_path, a_record(kept=False))
    folder.save(a_record(kept=True))
    assert read_record(folder.path).kept
    folder.close(a_record(end_reason="hangup-local"))
    assert read_record(folder.path) == a_record(end_reason="hangup-local", closed=True)
    assert not phone_holds(folder.path)
    with pytest.raises(ValueError, match="closed"):
        folder.save(a_record())


def test_the_same_take_twice_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    folder = TakeFolder.create(tmp_path, a_record())
    (folder.path / "near-000.wav").touch()
    with pytest.raises(OSError, match=r"\w"):
        TakeFolder.create(tmp_path, a_record())
    assert list(takes_folder(tmp_path).iterdir()) == [folder.path]
    folder.close(a_record())


def test_the_lock_of_a_dead_phone_is_free(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from tests.take.records import a_record; from deskphone.take.folder import TakeFolder\n"
        "folder = TakeFolder.create(pathlib.Path(sys.argv[1]), a_record())\n"
        "print('made', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as phone:
        assert phone.stdout is not None
        assert phone.stdout.readline() == b"made\n"
        (take,) = list_takes(tmp_path)
        assert phone_holds(take)
        phone.kill()
        phone.wait(5)
        assert not phone_holds(take)


def test_broken_records_are_refused_not_guessed(tmp_path: Path) -> None:
    folder = TakeFolder.create(tmp_path, a_record())
    (folder.path / "take.json").write_bytes(b'{"take_id": "2026')
    with pytest.raises(RecordError):
        read_record(folder.path)
    folder.close(a_record())


def test_half_made_takes_are_removed_when_old(tmp_path: Path) -> None:
    takes = takes_folder(tmp_path)
    old, young = takes / ".new-20261124T085501Z-00000000", takes / ".new-20261124T085501Z-00000001"
    for path in (old, young):
        path.mkdir(parents=True)
    os.utime(old, (1, 1))
    remove_unborn(tmp_path)
    assert list(takes.iterdir()) == [young]
    assert list_takes(tmp_path) == []


def test_no_root_means_no_takes(tmp_path: Path) -> None:
    assert list_takes(tmp_path / "none") == []
    remove_unborn(tmp_path / "none")


def test_close_keeps_the_record_given(tmp_path: Path) -> None:
    folder = TakeFolder.create(tmp_path, a_record())
    last = replace(a_record(), kept=False)
    folder.close(last)
    assert read_record(folder.path) == replace(last, closed=True)
