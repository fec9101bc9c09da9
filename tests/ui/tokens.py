"""Every id and token that the rest of the phone can hand to the catalogs, found in its code and not listed by hand."""

import ast
from pathlib import Path
from typing import get_args

import deskphone
from deskphone.adapters.pjsip.reasons import registration_failed
from deskphone.core.call import EndReason
from deskphone.take.outcome import StorageState

_PACKAGE = Path(deskphone.__file__).parent

# Which argument of these calls is a token; events carry their time first.
_SPOKEN = {"say": 0, "RegistrationChanged": 2, "AdapterChanged": 2, "StorageChanged": 2, "RecorderFailed": 2}
_KEYS = ("soft_keys", "_call_keys", "_redial")


def reasons() -> set[str]:
    """Tokens that need a sentence."""
    found = {reason.value for reason in EndReason} | set(get_args(StorageState))
    found |= {registration_failed(code) for code in range(700)}
    for source in sorted(_PACKAGE.rglob("*.py")):
        found |= spoken(ast.parse(source.read_text(encoding="utf-8")))
    return found - {"ok"}


def spoken(tree: ast.AST) -> set[str]:
    """String constants that a piece of code says or reports as a reason, by place or by name."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = _SPOKEN.get(name)
            if place is not None:
                found |= {text for argument in node.args[place : place + 1] for text in _strings(argument)}
                found |= {text for word in node.keywords if word.arg == "reason" for text in _strings(word.value)}
        elif isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "_REASON" for target in node.targets):
            found |= _strings(node.value)
    return found


def soft_key_ids() -> set[str]:
    """Ids that the core puts on soft keys."""
    tree = ast.parse((_PACKAGE / "core" / "menu.py").read_text(encoding="utf-8"))
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in _KEYS]
    texts = {text for body in bodies for statement in body.body for text in _strings(statement)}
    return {text for text in texts if " " not in text} - {"call"}


def menu_ids() -> set[str]:
    """Ids of entries that the core puts under Mer."""
    tree = ast.parse((_PACKAGE / "core" / "menu.py").read_text(encoding="utf-8"))
    (body,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "entries"]
    texts = {text for statement in body.body[1:] for text in _strings(statement)}
    return texts | {f"{action}-recording" for action in ("start", "pause", "resume", "stop")}


def _strings(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
