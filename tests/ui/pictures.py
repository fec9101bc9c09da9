"""The golden pictures: what each shows. They lie in `tests/golden/ui`, one PNG of 128×64 each."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from deskphone.core.view import (
    About,
    Banner,
    BannerKind,
    Dialer,
    Dialling,
    Ended,
    Idle,
    InCall,
    Incoming,
    Mark,
    Menu,
    MenuEntry,
    Screen,
    SoftKey,
    View,
)
from deskphone.ui.screens import Surroundings, render
from deskphone.ui.texts import LANGUAGES, Language, Texts

FOLDER = Path(__file__).parent.parent / "golden" / "ui"

TUESDAY = time.struct_time((2026, 11, 24, 14, 27, 0, 1, 328, 0))
WEDNESDAY = time.struct_time((2026, 9, 30, 8, 0, 0, 2, 273, 1))
SURROUNDINGS = Surroundings("Reception", TUESDAY, "0.1.0", "sip:1001@pbx.exempel.se", "192.0.2.17:8080")
LONG = Surroundings(
    "Ekonomi och personal, plan 3",
    WEDNESDAY,
    "0.1.0.dev12+g1234567890abcdef",
    "sip:anna-karin.bergstrom-lundqvist@telefoni.exempel-foretaget.se",
    "[2001:db8:85a3::8a2e:370:7334]:8080",
)

NAME = "Anna Åkesson"
LONG_NAME = "Anna-Karin Bergström-Lundqvist, ekonomi"
FOREIGN_NAME = "Łukasz Żółć\r\nINVITE sip:x"
NUMBER = "+46701234567"
LONG_NUMBER = "sip:vaxel.kundtjanst@telefoni.exempel.se"

Keys = tuple[SoftKey | None, SoftKey | None, SoftKey | None, SoftKey | None]


def keys(*ids: str | None) -> Keys:
    """Four soft keys, None for one without a label."""
    one, two, three, four = (SoftKey(id_) if id_ else None for id_ in ids)
    return (one, two, three, four)


NO_KEYS = keys(None, None, None, None)
TALKING = keys("hold", "transfer", "new-call", "hang-up")
HELD = keys("retrieve", "transfer", "new-call", "hang-up")
TWO = keys("hold", "transfer", "swap", "hang-up")
RINGING = keys("answer", None, None, "reject")
CALLING = keys(None, None, None, "hang-up")
REDIAL = keys("redial", None, None, None)
DIALLING = keys("dial", "erase", None, "cancel")
CLOSE = keys(None, None, None, "close")


def menu(*ids: str, page: int = 0, pages: int = 1) -> Menu:
    """A page of entries on the first soft keys."""
    return Menu(tuple(MenuEntry(id_, f"soft{number}") for number, id_ in enumerate(ids, 1)), page, pages)


def message(token: str) -> Banner:
    """A banner that tells a message."""
    return Banner(BannerKind.MESSAGE, message=token)


@dataclass(frozen=True)
class Picture:
    """One golden picture."""

    screen: Screen
    soft_keys: Keys = NO_KEYS
    mark: Mark = Mark.NONE
    banner: Banner | None = None
    volume: int | None = None
    surroundings: Surroundings = SURROUNDINGS

    def draw(self, language: Language) -> Image.Image:
        """As the phone draws it."""
        view = View(self.screen, self.soft_keys, self.mark, self.banner, self.volume)
        return render(view, Texts(language), self.surroundings)


_CALL = InCall(NAME, "1002", 42)
_TALK = Picture(_CALL, TALKING)
_RECORDED = replace(_TALK, mark=Mark.RECORDING)
_PAUSED = replace(_TALK, mark=Mark.PAUSED)
_MENU = ("pause-recording", "stop-recording", "mute", "about")

PICTURES: dict[str, Picture] = {
    "idle": Picture(Idle("registered")),
    "idle-redial": Picture(Idle("registered"), REDIAL, surroundings=LONG),
    "idle-missed": Picture(Idle("registered", missed=1), REDIAL),
    "idle-registering": Picture(Idle("registering")),
    "idle-no-account": Picture(Idle("none")),
    "idle-wrong-password": Picture(Idle("failed", "wrong-password"), REDIAL),
    "idle-unreachable": Picture(Idle("failed", "registrar-unreachable", missed=3), REDIAL),
    "idle-storage": Picture(Idle("registered", storage="missing")),
    "idle-everything": Picture(Idle("failed", "registrar-refused", "full", 12), REDIAL, surroundings=LONG),
    "idle-misconfigured": Picture(Idle("failed", "bad-configuration"), banner=message("bad-configuration")),
    "dialer-empty": Picture(Dialer(""), keys("redial", None, None, "cancel")),
    "dialer": Picture(Dialer("1002"), DIALLING),
    "dialer-mobile": Picture(Dialer("+46701234567"), DIALLING),
    "dialer-long": Picture(Dialer("0046701234567890123456789*12#"), DIALLING),
    "dialer-banner": Picture(Dialer("0701234"), DIALLING, Mark.PAUSED, Banner(BannerKind.PAUSED)),
    "dialer-transfer": Picture(Dialer("1003", transfer=True), keys("transfer", "erase", None, "cancel"), Mark.PAUSED),
    "incoming": Picture(Incoming(NAME, NUMBER), RINGING),
    "incoming-number": Picture(Incoming(NUMBER, NUMBER), RINGING),
    "incoming-long": Picture(Incoming(LONG_NAME, LONG_NUMBER), RINGING),
    "incoming-foreign": Picture(Incoming(FOREIGN_NAME, "1004"), RINGING),
    "incoming-waiting": Picture(Incoming("Örjan Ek", "1003", waiting=True), RINGING, Mark.RECORDING),
    "incoming-waiting-banner": Picture(
        Incoming("Örjan Ek", "1003", waiting=True), RINGING, Mark.RECORDING, Banner(BannerKind.RECORDING, 72)
    ),
    "dialling": Picture(Dialling(NAME, "1002"), CALLING),
    "dialling-ringing": Picture(Dialling(NAME, "1002", ringing=True), CALLING),
    "dialling-failed-banner": Picture(Dialling(NAME, "1002"), CALLING, banner=Banner(BannerKind.FAILED)),
    "call-unknown": Picture(InCall("", "", 5), TALKING),
    "call": _TALK,
    "call-long": Picture(InCall(LONG_NAME, LONG_NUMBER, 36_125, muted=True), TALKING, Mark.RECORDING),
    "call-number": Picture(InCall(NUMBER, NUMBER, 125), TALKING),
    "call-recording": _RECORDED,
    "call-recording-banner": replace(_RECORDED, banner=Banner(BannerKind.RECORDING, 42)),
    "call-recording-hour-banner": replace(
        _RECORDED, screen=replace(_CALL, seconds=4000), banner=Banner(BannerKind.RECORDING, 3725)
    ),
    "call-paused": _PAUSED,
    "call-paused-banner": replace(_PAUSED, banner=Banner(BannerKind.PAUSED)),
    "call-saving-banner": replace(_TALK, banner=Banner(BannerKind.SAVING)),
    "call-failed-banner": replace(_TALK, banner=Banner(BannerKind.FAILED)),
    "call-storage-banner": replace(_RECORDED, banner=message("full")),
    "call-prompt-banner": replace(_RECORDED, banner=message("prompt-unreadable")),
    "call-transfer-banner": replace(_TALK, banner=message("transfer-failed")),
    "call-unknown-banner": replace(_TALK, banner=message("never-heard-of")),
    "call-muted": replace(_RECORDED, screen=replace(_CALL, muted=True)),
    "call-held": Picture(replace(_CALL, held=True), HELD, Mark.PAUSED),
    "call-remote-held": Picture(replace(_CALL, remote_held=True), TALKING, Mark.RECORDING),
    "call-two": Picture(replace(_CALL, other="Örjan Ek"), TWO, Mark.RECORDING),
    "call-two-held": Picture(
        replace(_CALL, held=True, muted=True, other=LONG_NAME), keys("retrieve", "transfer", "swap", "hang-up")
    ),
    "call-volume": replace(_RECORDED, volume=7),
    "call-volume-banner": replace(_RECORDED, volume=10, banner=Banner(BannerKind.RECORDING, 42)),
    "idle-volume": Picture(Idle("registered"), volume=0),
    "menu-idle": Picture(menu("about")),
    "menu-armed": Picture(menu("start-recording", "mute", "about")),
    "menu-recording": Picture(menu(*_MENU), mark=Mark.RECORDING),
    "menu-recording-banner": Picture(menu(*_MENU), mark=Mark.RECORDING, banner=Banner(BannerKind.RECORDING, 42)),
    "menu-paused": Picture(
        menu("resume-recording", "stop-recording", "unmute", "about"),
        mark=Mark.PAUSED,
        banner=Banner(BannerKind.PAUSED),
    ),
    "menu-page-1": Picture(
        menu("resume-recording", "stop-recording", "join", pages=2), keys(None, None, None, "more"), Mark.PAUSED
    ),
    "menu-page-2": Picture(menu("mute", "about", page=1, pages=2), keys(None, None, None, "more"), Mark.PAUSED),
    "menu-message": Picture(menu(*_MENU), mark=Mark.RECORDING, banner=message("no-more-calls")),
    "ended": Picture(Ended(NAME, 192), CLOSE),
    "ended-busy": Picture(Ended(NAME, 0, "busy"), CLOSE),
    "ended-peer-gone": Picture(Ended(LONG_NAME, 3725, "peer-gone"), CLOSE),
    "ended-no-codec": Picture(Ended(NAME, 0, "no-common-codec"), CLOSE),
    "ended-saving": Picture(Ended(NAME, 192), CLOSE, banner=Banner(BannerKind.SAVING)),
    "about": Picture(About(), keys(None, None, None, "back")),
    "about-long": Picture(About(), keys(None, None, None, "back"), surroundings=LONG),
}


def files() -> dict[str, tuple[str, Language]]:
    """Each golden file's name with its picture's name and language."""
    return {f"{name}-{language}.png": (name, language) for name in PICTURES for language in LANGUAGES}
