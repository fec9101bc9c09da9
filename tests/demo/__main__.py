"""`make demo` and `make phone`: the main job, shown. Exit status 0 only if what was recorded is right."""

import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tests.audio import judge
from tests.demo.hands_on import hands_on
from tests.demo.stage import Stage, console
from tests.demo.story import STORIES, HangUp, Pick, Story, Talk
from tests.demo.verdict import faults
from tests.peers.baresip import Baresip
from tests.peers.program import PeerError
from tests.scenarios.phone import Phone

_WORDS = {
    "start-recording": "Starta inspelning",
    "pause-recording": "Pausa inspelning",
    "resume-recording": "Återuppta inspelning",
    "stop-recording": "Stoppa inspelning",
}


@click.command()
@click.option("--mode", type=click.Choice(list(STORIES)), default="on-demand-user-start", help="The recording policy.")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv")
@click.option("--hands-on", "by_hand", is_flag=True, help="Leave the phone running, to be pressed by you.")
@click.option("--keep", type=click.Path(path_type=Path), default=Path("build/demo"), help="Where everything is put.")
def main(mode: str, language: str, by_hand: bool, keep: Path) -> None:
    """A real call between the simulated phone and baresip."""
    out = console()
    folder = keep.resolve() / mode
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    out.print("» two voices are made (espeak-ng)")
    try:
        far = judge.speech(folder / "far.wav", 120.0, seed=11, voice="en", band=judge.TELEPHONE_BAND)
        near = judge.speech(folder / "near.wav", 120.0, seed=12, voice=language, band=judge.TELEPHONE_BAND)
        with tempfile.TemporaryDirectory(prefix="deskphone-demo-", dir="/dev/shm") as memory:
            # Announcements are heard over the near voice; what is compared with that voice must be without them.
            phone = Phone(
                folder / "phone",
                near,
                mode=mode,
                phone={"language": language, "name": "Demo"},
                notice={} if by_hand else {"announcement": {"on_demand": False}},
                storage={"memory": memory},
            )
            if by_hand:
                with Baresip(folder / "far", far, answer="auto") as peer, phone:
                    hands_on(out, phone, peer)
                return
            wrong = _perform(out, mode, phone, folder, far, near)
    except (PeerError, RuntimeError, AssertionError) as error:
        out.print(f"[red]✘[/] {error}", soft_wrap=True)
        sys.exit(1)
    sys.exit(1 if wrong else 0)


def _perform(out: Console, mode: str, phone: Phone, folder: Path, far: Path, near: Path) -> int:
    stories = STORIES[mode]
    rows: list[tuple[str, ...]] = []
    wrong = 0
    with phone, Stage(out, sum(len(story.steps) + 1 for story in stories)) as stage:
        for number, story in enumerate(stories, 1):
            before = {take["take_id"] for take in phone.stored()}
            with Baresip(folder / f"far-{number}", far, answer="auto") as peer:
                times = _tell(stage, phone, peer, story)
                phone.wait_settled()
                said = peer.sent
            kept = [take for take in phone.stored() if take["take_id"] not in before]
            if len(kept) != len(story.stretches):
                wrong += 1
                rows.append(("–", mode, "", f"[red]✘ {len(kept)} takes instead of {len(story.stretches)}[/]", ""))
            elif not kept:
                rows.append(("–", mode, "", "[green]✔ nothing kept, as the policy says[/]", ""))
            for take, places in zip(kept, story.stretches, strict=False):
                edges = [(times[a], times[b]) for a, b in places]
                found = faults(take, phone.storage, said, near, edges)
                wrong += bool(found)
                verdict = "[red]✘ " + "; ".join(found) + "[/]" if found else "[green]✔ both sides, every edge[/]"
                rows.append((take["take_id"], mode, f"{take['duration_seconds']:.2f} s", verdict, take["file"]))
    table = Table("take", "policy", "length", "compared with what was said", "file", title="What was recorded")
    for row in rows:
        table.add_row(*row)
    out.print(table)
    out.print(f"in {phone.storage}", soft_wrap=True)
    return wrong


def _tell(stage: Stage, phone: Phone, peer: Baresip, story: Story) -> dict[int, float]:
    """Perform one call; when each step was done, in seconds since the answer (-1: the answer itself)."""
    _look(stage, phone)
    stage.say(f"the phone calls {peer.uri}")
    phone.dial(peer.uri)
    answered = datetime.fromisoformat(phone.wait_call("connected")["answered_at"]).timestamp()
    stage.say("[bold]answered[/]")
    phone.wait_recording(story.answered_state)
    stage.advance()
    _look(stage, phone, snap=True)
    times = {-1: 0.0}
    for place, step in enumerate(story.steps):
        match step:
            case Talk():
                _talk(stage, phone, step.seconds)
            case Pick():
                stage.say(f"Mer → [bold]{_WORDS[step.entry]}[/]")
                times[place] = _pick(stage, phone, step) - answered
                phone.wait_recording(step.state)
                _look(stage, phone, snap=True)
            case HangUp():
                stage.say("the handset is put down")
                times[place] = time.time() - answered
                phone.hook(down=True)
                phone.wait_call_over()
                _look(stage, phone, snap=True)
        stage.advance()
    return times


def _pick(stage: Stage, phone: Phone, step: Pick) -> float:
    """Open Mer, let it be seen, press; when it was pressed."""
    phone.press("mer")
    _look(stage, phone, snap=True)
    state: dict[str, Any] = phone.state()
    key = next(entry["key"] for entry in state["menu"]["entries"] if entry["id"] == step.entry)
    now = time.time()
    phone.press(key)
    return now


def _talk(stage: Stage, phone: Phone, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        phone.wait_change(min(left, 0.2))
        _look(stage, phone)


def _look(stage: Stage, phone: Phone, *, snap: bool = False) -> None:
    stage.show(phone.get("/api/screen.png"), phone.state())
    if snap:
        stage.snap()


if __name__ == "__main__":
    main()
