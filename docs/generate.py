"""`.venv/bin/python -m docs.generate`: writes what the documentation takes from the code into `docs/reference/`.

`docs/configuration.md` is written by `python -m deskphone.config.document`. Tests say when any of them is out of date.
"""

import json
import sys
from pathlib import Path

from deskphone.core.recording import PRESSED, Action, Condition, Mode, Rule, offered, rule
from deskphone.take.schema import sidecar_schema, take_schema

REFERENCE = Path(__file__).parent / "reference"

_HEAD = """\
# The recording policy

<!-- Generated from deskphone.core.recording by `python -m docs.generate`; change the table there, not this page. -->

What happens to a call's recording, by policy, condition and action. A cell that is not here does nothing; conditions
that a policy never reaches are left out. The conditions are finer than the states that the phone shows: they know who
paused, and whether a first sample is known to be stored. **Start**, **Pause**, **Resume** and **Stop** are pressed by a
person; Mer offers each exactly where it has a row.

| condition | state that is shown |
|---|---|
"""


def files() -> dict[str, str]:
    """The text of every generated file, by its name in `docs/reference/`."""
    return {
        "take.schema.json": _json(take_schema()),
        "sidecar.schema.json": _json(sidecar_schema()),
        "policy.md": _policy(),
    }


def main() -> int:
    """Write them; the exit status."""
    for name, text in files().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    return 0


def _json(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _policy() -> str:
    conditions = "".join(f"| `{condition}` | `{condition.state}` |\n" for condition in Condition)
    return _HEAD + conditions + "".join(_mode(mode) for mode in Mode)


def _mode(mode: Mode) -> str:
    cells = [
        (condition, action, cell)
        for condition in _reachable(mode)
        for action in Action
        if (cell := rule(mode, condition, action)) is not None
    ]
    if not cells:
        return f"\n## `{mode}`\n\nNothing is ever recorded.\n"
    rows = "".join(_row(mode, condition, action, cell) for condition, action, cell in cells)
    arrows = "".join(
        f"    {_node(a)} --> {_node(cell.to)}: {action}\n" for a, action, cell in cells if a is not cell.to
    )
    return (
        f"\n## `{mode}`\n\n| condition | action | becomes | the recorder |\n|---|---|---|---|\n{rows}"
        f"\n```mermaid\nstateDiagram-v2\n    [*] --> idle\n{arrows}```\n"
    )


def _reachable(mode: Mode) -> list[Condition]:
    found = [Condition.IDLE]
    for condition in found:  # grows while it is gone through
        for action in Action:
            cell = rule(mode, condition, action)
            if cell is not None and cell.to not in found:
                found.append(cell.to)
    return sorted(found, key=list(Condition).index)


def _row(mode: Mode, condition: Condition, action: Action, cell: Rule) -> str:
    assert (action in offered(mode, condition)) == (action in PRESSED)
    word = f"**{action.value.capitalize()}**" if action in PRESSED else action.value
    return f"| `{condition}` | {word} | `{cell.to}` | {', '.join(cell.operations) or '–'} |\n"


def _node(condition: Condition) -> str:
    return condition.value.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main())
