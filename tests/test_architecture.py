"""The shape of the code: the core is pure, layers point inwards, no library object is read through a dead one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "firmware" / "deskphone"
CORE = PACKAGE / "core"
PJSIP = PACKAGE / "adapters" / "pjsip"

PURE = {"dataclasses", "enum", "typing", "collections.abc"}
UNTOUCHED_BUILTINS = {"open", "print", "input", "exec", "eval", "globals", "__import__", "id"}


def impurities(source: str) -> list[str]:
    """Imports of anything but the plainest of the standard library and the core, and built-ins that reach outside."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                found += [f"{node.lineno}: import {alias.name}" for alias in node.names if not _pure(alias.name)]
            case ast.ImportFrom():
                names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "collections" else []
                for name in names or [node.module or ""]:
                    if node.level or not _pure(name):
                        found.append(f"{node.lineno}: from {'.' * node.level}{name}")
            case ast.Call(func=ast.Name(id=name)) if name in UNTOUCHED_BUILTINS:
                found.append(f"{node.lineno}: {name}()")
            case ast.Global() | ast.Nonlocal():
                found.append(f"{node.lineno}: shared state")
            case _:
                pass
    return found


def _pure(module: str) -> bool:
    return module in PURE or module == "deskphone.core" or module.startswith("deskphone.core.")


def chained_temporaries(source: str) -> list[str]:
    """Reads through what a getter or constructor of the library has just returned.

    The wrapper frees a returned structure with its last reference, which is before the next dot is followed: what
    `call.getInfo().media` gives is already gone. It MUST be bound to a name first.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.Subscript) and _library_temporary(node.value):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.For | ast.comprehension) and _library_temporary(node.iter):
            found.append(f"{node.iter.lineno}: for ... in {ast.unparse(node.iter)}")
    return found


def _library_temporary(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name = node.func.attr
    getter = name.startswith("get") and name[3:4].isupper()
    made = isinstance(node.func.value, ast.Name) and node.func.value.id == "pj" and name[:1].isupper()
    return getter or made


def modules(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*.py"))
    assert found, f"nothing to check in {folder}"
    return found


@pytest.mark.parametrize("path", modules(CORE), ids=lambda path: path.name)
def test_the_core_imports_nothing_impure(path: Path) -> None:
    assert impurities(path.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "import time",
        "import os.path",
        "from pathlib import Path",
        "from collections import OrderedDict",
        "from deskphone.take.record import Segment",
        "from deskphone.corecordings import x",
        "from . import call",
        "def f():\n    print('x')",
        "def f():\n    import asyncio",
        "n = 0\ndef f():\n    global n\n    n = 1",
    ],
)
def test_an_impurity_is_seen(planted: str) -> None:
    assert len(impurities(planted)) == 1


def test_what_is_pure_is_left_alone() -> None:
    allowed = "from collections.abc import Iterator\nfrom dataclasses import replace\nfrom deskphone.core import menu\n"
    assert impurities(allowed) == []


@pytest.mark.parametrize("path", modules(PJSIP), ids=lambda path: path.name)
def test_no_library_object_is_read_through_a_temporary(path: Path) -> None:
    assert chained_temporaries(path.read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "media = call.getInfo().media",
        "packets = self.getStreamStat(0).rtcp.rxStat.pkt",
        "first = call.getInfo().media[0]",
        "first = endpoint.codecEnum2Of(x).getAll()[0]",
        "for media in account.getCalls(): pass",
        "names = [codec.id for codec in endpoint.getCodecs()]",
        "options = pj.CallOpParam(True).opt",
    ],
)
def test_a_chained_temporary_is_seen(planted: str) -> None:
    assert len(chained_temporaries(planted)) == 1


def test_a_named_object_is_left_alone() -> None:
    fine = "info = call.getInfo()\nfor media in info.media:\n    x = self.queue.get().name\n    y = pj.Error.reason\n"
    assert chained_temporaries(fine) == []


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
