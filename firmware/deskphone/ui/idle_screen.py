"""The phone at rest: whose it is, the time, and what is not as it should be."""

from deskphone.core.view import Idle
from deskphone.ui.frame import CELL, WIDTH, Page
from deskphone.ui.lettering import face
from deskphone.ui.surroundings import Surroundings
from deskphone.ui.texts import Texts

_NOTE_BASELINES = (41, 51)
_NOTE_LEFT = 11

# The registrar and the far end of a call use one status for two things: an account and a number that are not there.
_ABOUT_ACCOUNT = {"not-found": "account-not-found"}


def idle(page: Page, screen: Idle, texts: Texts, surroundings: Surroundings) -> None:
    """With nothing to tell, a large clock over the date; else the date beside the clock, and what there is to tell below."""
    _header(page, screen, surroundings)
    notes = _notes(screen, texts)
    clock = f"{surroundings.local_time.tm_hour:02d}:{surroundings.local_time.tm_min:02d}"
    if notes:
        page.text(1, 31, clock, "clock")
        weekday, day = texts.short_date(surroundings.local_time)
        page.at_right(WIDTH - 1, 20, weekday)
        page.at_right(WIDTH - 1, 31, day)
        _tell(page, notes)
    else:
        page.centred(33, clock, "clock")
        page.centred(48, texts.date(surroundings.local_time))
    if screen.missed:
        text = texts.missed(screen.missed)
        left = WIDTH - 1 - face("small").width(text)
        page.text(left, 61, text, "small")
        page.symbol(max(left - 13, CELL + 1), 54, "missed")


def _header(page: Page, screen: Idle, surroundings: Surroundings) -> None:
    icon = {"registered": "handset", "registering": "waiting", "failed": "unreachable"}.get(screen.registration)
    right = page.right - (12 if icon else 0)
    if icon:
        page.symbol(page.right - 9, 0, icon)
    page.text(0, 8, face("small-bold").fit(surroundings.name, right), "small-bold")


def _notes(screen: Idle, texts: Texts) -> list[str]:
    """What to tell, most urgent first: one thing at length, two in brief."""
    tokens = []
    if screen.storage is not None:
        tokens.append(screen.storage)
    if screen.registration == "failed":
        reason = screen.reason or "internal-fault"
        tokens.insert(0, _ABOUT_ACCOUNT.get(reason, reason))
    width = WIDTH - _NOTE_LEFT
    if len(tokens) == 1:
        lines = face("small").wrap(texts.words(tokens[0]), width)
        return lines if len(lines) <= len(_NOTE_BASELINES) else [texts.brief(tokens[0])]
    if tokens:
        return [texts.brief(token) for token in tokens]
    if screen.registration == "registering":
        return [texts.screen("registering")]
    return []


def _tell(page: Page, notes: list[str]) -> None:
    for baseline, note in zip(_NOTE_BASELINES, notes, strict=False):
        page.text(_NOTE_LEFT, baseline, note, "small")
    page.symbol(0, 33, "warning")
