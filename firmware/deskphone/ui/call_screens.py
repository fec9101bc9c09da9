"""Calls: one that rings here, one that we make, one that goes on, one that is over."""

from deskphone.core.view import Dialling, Ended, InCall, Incoming
from deskphone.ui.frame import WIDTH, Page
from deskphone.ui.lettering import face
from deskphone.ui.texts import Texts, duration

_PARTY_BASELINE = 29
_NUMBER_BASELINE = 45


def incoming(page: Page, screen: Incoming, texts: Texts) -> None:
    """Who calls; a call that waits behind another says so."""
    page.symbol(1, 1, "handset")
    page.text(14, 9, texts.screen("waiting" if screen.waiting else "incoming"))
    _rule(page)
    _who(page, screen.label, screen.number)


def dialling(page: Page, screen: Dialling, texts: Texts) -> None:
    """Whom we call, and whether it rings there."""
    page.text(1, 9, texts.screen("ringing" if screen.ringing else "dialling"))
    _rule(page)
    _who(page, screen.label, screen.number)


def in_call(page: Page, screen: InCall, texts: Texts) -> None:
    """Party, time, then what is special about the call, or else the number."""
    party = next((role for role in ("title", "bold") if face(role).width(screen.label) <= page.right - 3), "bold")
    page.text(1, 11, face(party).fit(screen.label, page.right - 3), party)
    page.text(1, 31, duration(screen.seconds), "huge")
    right = WIDTH - 1
    if screen.muted:
        page.symbol(right - 9, 20, "muted")
        right -= 13
    status = _status(screen, texts)
    if status is not None:
        width = face("small-bold").width(status)
        page.box(WIDTH - width - 7, 35, WIDTH - 1, 46)
        page.text(WIDTH - width - 4, 44, status, "small-bold", ink=0)
    line = _second_line(screen, texts)
    if line:
        room = WIDTH - 2 if status is None else WIDTH - width - 12
        page.text(1, 45, face("text").fit(line, room))


def ended(page: Page, screen: Ended, texts: Texts) -> None:
    """With whom it was, how long, and why it ended if that needs words."""
    page.text(1, 11, face("bold").fit(screen.label, page.right - 3), "bold")
    _rule(page, 14)
    if screen.reason is None:
        page.text(1, 27, texts.screen("ended"))
        lines = []
    else:
        lines = face("text").wrap(texts.words(screen.reason), WIDTH - 2)
        for number, line in enumerate(lines):
            page.text(1, 27 + 12 * number, line)
    if screen.seconds and len(lines) < 3:
        page.text(1, 51 if len(lines) > 1 else 43, texts.screen("duration").format(time=duration(screen.seconds)))


def _status(screen: InCall, texts: Texts) -> str | None:
    if screen.held:
        return texts.screen("held")
    return texts.screen("remote-held") if screen.remote_held else None


def _second_line(screen: InCall, texts: Texts) -> str:
    if screen.other is not None:
        return texts.screen("other").format(party=screen.other)
    return "" if screen.number == screen.label else screen.number


def _who(page: Page, label: str, number: str) -> None:
    width = WIDTH - 2
    role = next((role for role in ("large", "title", "bold") if face(role).width(label) <= width), "bold")
    page.text(1, _PARTY_BASELINE, face(role).fit(label, width), role)
    if number != label:
        page.text(1, _NUMBER_BASELINE, face("text").fit_end(number, width))


def _rule(page: Page, y: int = 12) -> None:
    page.pen.line((0, y, WIDTH - 1, y), 255)
