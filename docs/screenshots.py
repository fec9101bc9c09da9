"""`.venv/bin/python -m docs.screenshots`: the pictures of the documentation, taken of the simulated phone in calls.

Writes `docs/pictures/<language>/<name>.png`: what `GET /api/screen.png` gave, enlarged, in a frame with the LED.
Changes when the documentation needs another picture.
Needs what `make test` installs; takes about a minute.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from tests.audio import judge
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.baresip import PCMA, PCMU, Baresip
from tests.scenarios.phone import Phone

PICTURES = Path(__file__).parent / "pictures"
LANGUAGES = ("sv", "en")
TREE_SCRIPT = Path(__file__).parents[1] / "deploy" / "dev" / "asterisk-tree.sh"

_SCALE = 4
_MARGIN = 18
_STRIP = 26
_CASE = (38, 40, 44)
_GLASS = (6, 8, 11)
_LIT = (214, 235, 255)
_LED_DARK = (74, 30, 30)
_LED_LIT = (255, 58, 48)


def framed(screen: Image.Image, lamp: str) -> Image.Image:
    """The screen, four times as large, in a case with the recording LED; a blinking LED is drawn lit."""
    size = (screen.width * _SCALE, screen.height * _SCALE)
    lit = screen.convert("L").resize(size, Image.Resampling.NEAREST).point(lambda level: 255 if level > 127 else 0)
    glass = Image.composite(Image.new("RGB", size, _LIT), Image.new("RGB", size, _GLASS), lit)
    case = Image.new("RGB", (size[0] + 2 * _MARGIN, size[1] + _MARGIN + _STRIP + 12), _CASE)
    draw = ImageDraw.Draw(case)
    draw.rectangle((_MARGIN - 6, _STRIP - 6, _MARGIN + size[0] + 5, _STRIP + size[1] + 5), fill=_GLASS)
    centre = (case.width - _MARGIN - 8, 10)
    draw.ellipse(
        (centre[0] - 7, centre[1] - 7, centre[0] + 7, centre[1] + 7), fill=_LED_DARK if lamp == "off" else _LED_LIT
    )
    case.paste(glass, (_MARGIN, _STRIP))
    return case.quantize(16)


class Photographer:
    """Takes pictures of running phones into one folder."""

    def __init__(self, folder: Path, work: Path, tree: Path, microphone: Path, far: Path, language: str) -> None:
        self._folder = folder
        self._work = work
        self._tree = tree
        self._microphone = microphone
        self._far = far
        self._language = language
        self._made = 0

    def phone(self, mode: str, **sections: Any) -> Phone:
        """A phone with the policy `mode`, not started; `sections` as of `Phone`."""
        self._made += 1
        return Phone(
            self._work / f"phone-{self._made}",
            self._microphone,
            mode=mode,
            phone={"language": self._language, "name": "Reception"},
            notice={"announcement": {"on_demand": False}},
            **sections,
        )

    def peer(self) -> Baresip:
        """A far end that answers at once, not started."""
        self._made += 1
        return Baresip(self._work / f"far-{self._made}", self._far, user="1002", codecs=(PCMA, PCMU), answer="auto")

    def exchange(self) -> Asterisk:
        """An exchange that knows the user 1001, not started."""
        self._made += 1
        return Asterisk(self._tree, self._work / f"exchange-{self._made}")

    def take(self, phone: Phone, name: str) -> None:
        """Picture what the OLED shows once it has settled."""
        before, now = b"", phone.get("/api/screen.png")
        while before != now:
            phone.wait_change(0.2)
            before, now = now, phone.get("/api/screen.png")
        framed(Image.open(io.BytesIO(now)), phone.state()["lamp"]).save(self._folder / f"{name}.png", optimize=True)


def wait_banner(phone: Phone, *, shown: bool) -> None:
    """Wait until there is a banner, or none."""
    phone.wait(lambda state: (state["banner"] is not None) == shown, 8.0, phone.mark())


def wait_recorded(phone: Phone, seconds: float) -> None:
    """Wait until the take of the active call holds so much."""
    phone.wait(lambda state: any(t["recorded_seconds"] >= seconds for t in state["takes"]), 10.0, phone.mark())


def registered(camera: Photographer) -> None:
    """Between calls: registered, and refused because of the password."""
    with camera.exchange() as exchange:
        for name, state, password in (
            ("no-call", "registered", PASSWORDS["1001"]),
            ("wrong-password", "failed", "not the password"),
        ):
            account = {"uri": exchange.uri("1001"), "password": password}
            with camera.phone("always", sip={"accounts": [account]}) as phone:
                phone.wait(lambda now, wanted=state: now["registration"]["state"] == wanted, 8.0)  # type: ignore[misc]
                camera.take(phone, name)


def user_start(camera: Photographer) -> None:
    """`on-demand-user-start`: everything that a person can press."""
    with camera.peer() as peer, camera.phone("on-demand-user-start") as phone:
        peer.dial(phone.uri)
        phone.wait(lambda state: state["calls"], 5.0)
        camera.take(phone, "incoming")
        phone.soft("reject")
        phone.wait_call_over()
        phone.soft("close")
        phone.dial(peer.uri)
        phone.wait_call("connected")
        peer.wait_audio(4.0)
        camera.take(phone, "idle")
        phone.press("mer")
        camera.take(phone, "menu-idle")
        phone.press("soft1")
        phone.wait_recording("recording")
        wait_recorded(phone, 2.0)
        camera.take(phone, "recording-banner")
        wait_banner(phone, shown=False)
        camera.take(phone, "recording")
        phone.press("mer")
        wait_banner(phone, shown=True)
        wait_banner(phone, shown=False)
        camera.take(phone, "menu-recording")
        phone.press("mer")
        phone.pick("pause-recording")
        phone.wait_recording("paused")
        camera.take(phone, "paused-banner")
        wait_banner(phone, shown=False)
        camera.take(phone, "paused")
        phone.press("mer")
        wait_banner(phone, shown=True)
        wait_banner(phone, shown=False)
        camera.take(phone, "menu-paused")
        phone.press("mer")
        phone.pick("stop-recording")
        phone.wait_recording("idle")
        camera.take(phone, "saving-banner")
        phone.wait_takes(1)
        phone.hook(down=True)
        phone.wait_call_over()


def on_demand(camera: Photographer) -> None:
    """`on-demand` before Start: captured in memory, and nothing shows it."""
    with camera.peer() as peer, camera.phone("on-demand") as phone:
        phone.dial(peer.uri)
        phone.wait_recording("armed")
        peer.wait_audio(4.0)
        camera.take(phone, "armed")
        phone.hook(down=True)
        phone.wait_call_over()
        phone.wait_settled()


def failed(camera: Photographer) -> None:
    """A storage folder that has gone, told before a call and in one."""
    with camera.peer() as peer, camera.phone("always") as phone:
        phone.storage.rmdir()
        phone.wait(lambda state: not state["storage"]["ok"], 8.0)
        wait_banner(phone, shown=True)
        wait_banner(phone, shown=False)
        camera.take(phone, "storage-missing")
        phone.dial(peer.uri)
        phone.wait_recording("failed")
        camera.take(phone, "failed-banner")
        phone.hook(down=True)
        phone.wait_call_over()


STORIES: tuple[Callable[[Photographer], None], ...] = (registered, user_start, on_demand, failed)


def main() -> int:
    """Take every picture anew; the exit status."""
    tree = Path(subprocess.run([TREE_SCRIPT], stdout=subprocess.PIPE, text=True, check=True).stdout.strip())
    shutil.rmtree(PICTURES, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="deskphone-pictures-") as name:
        work = Path(name)
        near = judge.speech(work / "near.wav", 60.0, seed=2, band=judge.TELEPHONE_BAND)
        far = judge.speech(work / "far.wav", 60.0, seed=1, band=judge.TELEPHONE_BAND)
        for language in LANGUAGES:
            folder = PICTURES / language
            folder.mkdir(parents=True)
            camera = Photographer(folder, work / language, tree, near, far, language)
            for story in STORIES:
                story(camera)
            print(f"{folder}: {len(list(folder.glob('*.png')))} pictures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
