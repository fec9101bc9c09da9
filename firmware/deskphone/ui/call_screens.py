"""Calls: one that rings here, one that we make, one that goes on, one that is over."""

from deskphone.core.view import Dialling, Ended, InCall, Incoming
from deskphone.ui.frame import WIDTH, Page
from deskphone.ui.lettering import face, plain
from deskphone.ui.texts import Texts, duration


def incoming(page: Page, screen: Incoming, texts: Texts) -> None:
    """Who calls; a call that waits behind another says so."""
    page.symbol(1, 1, "handset")
    page.text(14, 9, texts.screen("waiting" if screen.waiting else "incoming"))
    _rule(page)
    _who(page, screen.label, screen.number, texts)


def dialling(page: Page, screen: Dialling, texts: Texts) -> None:
    """Whom we call, and whether it rings there."""
    page.text(1, 9, texts.screen("ringing" if screen.ringing else "dialling"))
    _rule(page)
    _who(page, screen.label, screen.number, texts)


def in_call(page: Page, screen: InCall, texts: Texts) -> None:
    """Party, time, then what is special about the call, or else the number."""
    _name(page, 12, screen.label, page.right - 3, ("title", "bold"), texts)
    page.text(1, 31, duration(screen.seconds), "huge")
    if screen.muted:
        _badge(page, 18, texts.screen("muted"))
    room = WIDTH - 2
    if (status := _status(screen, texts)) is not None:
        room = _badge(page, 36, status) - 4
    if line := _second_line(screen, texts):
        _line(page, line, room)


def ended(page: Page, screen: Ended, texts: Texts) -> None:
    """With whom it was, how long, and why it ended if that needs words."""
    _name(page, 11, screen.label, page.right - 3, ("bold",), texts)
    _rule(page, 13)
    if screen.reason is None:
        lines = [texts.screen("ended")]
    else:
        lines = face("text").wrap(texts.words(screen.reason), WIDTH - 2)[:3]
    if screen.seconds and len(lines) < 3:
        lines.append(texts.screen("duration").format(time=duration(screen.seconds)))
    for number, line in enumerate(lines):
        page.text(1, 25 + 12 * number, line)


def _status(screen: InCall, texts: Texts) -> str | None:
    if screen.held:
        return texts.screen("held")
    return texts.screen("remote-held") if screen.remote_held else None


def _second_line(screen: InCall, texts: Texts) -> str:
    if screen.other is not None:
        return texts.screen("other").format(party=screen.other)
    return "" if screen.number == screen.label else screen.number


def _who(page: Page, label: str, number: str, texts: Texts) -> None:
    """The party below the rule: a name that is too long for one line has two."""
    width = WIDTH - 2
    lines = face("bold").wrap(label, width)
    if len(lines) > 1:
        page.text(1, 24, lines[0], "bold")
        page.text(1, 36, face("bold").fit(" ".join(lines[1:]), width), "bold")
    else:
        _name(page, 29, label, width, ("large", "title", "bold"), texts)
    if number != label:
        _line(page, number, width, baseline=49 if len(lines) > 1 else 45)


def _name(page: Page, baseline: int, label: str, width: int, roles: tuple[str, ...], texts: Texts) -> None:
    """The party in the largest of these faces that has room for it, and in the last of them shortened."""
    label = plain(label) or texts.screen("unknown")
    role = next((role for role in roles if face(role).width(label) <= width), roles[-1])
    page.text(1, baseline, face(role).fit(label, width), role)


def _line(page: Page, line: str, width: int, baseline: int = 45) -> None:
    """A number, or who waits: in the small face if that keeps it whole."""
    line = plain(line).removeprefix("sip:").removeprefix("sips:")
    role = "text" if face("text").width(line) <= width else "small"
    page.text(1, baseline, face(role).fit(line, width), role)


def _badge(page: Page, top: int, text: str) -> int:
    """A word in a box at the right border; its first column."""
    lettering = face("small")
    left = WIDTH - (lettering.width(text) - lettering.left(text)) - 6
    page.box(left, top, WIDTH - 1, top + 11)
    page.text(left + 3 - lettering.left(text), top + 9, text, "small", ink=0)
    return left


def _rule(page: Page, y: int = 12) -> None:
    page.pen.line((0, y, WIDTH - 1, y), 255)
