"""The phone at rest: whose it is, the time, and what is not as it should be."""

from deskphone.core.view import Idle
from deskphone.ui.frame import CELL, WIDTH, Page
from deskphone.ui.lettering import face
from deskphone.ui.surroundings import Surroundings
from deskphone.ui.texts import Texts

_NOTE_BASELINES = (40, 50)
_NOTE_LEFT = 11

# A registrar's 404 is about our account, and of a call's it is about the number.
_ABOUT_ACCOUNT = {"not-found": "account-not-found"}
_REMARKS = {"registering": "registering", "none": "no-account"}


def idle(page: Page, screen: Idle, texts: Texts, surroundings: Surroundings) -> None:
    """A large clock over the date; where there is a fault to tell, the date beside the clock and the fault below."""
    _header(page, screen, surroundings)
    notes = _notes(screen, texts)
    clock = f"{surroundings.local_time.tm_hour:02d}:{surroundings.local_time.tm_min:02d}"
    if notes:
        page.text(1, 30, clock, "clock")
        weekday, day = texts.short_date(surroundings.local_time)
        page.at_right(WIDTH - 1, 20, weekday)
        page.at_right(WIDTH - 1, 31, day)
        _tell(page, notes)
    else:
        remark = _REMARKS.get(screen.registration)
        page.centred(32 if remark is None else 29, clock, "clock")
        page.centred(45 if remark is None else 40, texts.date(surroundings.local_time))
        if remark is not None:
            page.centred(50, texts.screen(remark), "small")
    if screen.missed:
        text = texts.missed(screen.missed)
        left = WIDTH - 1 - face("small").width(text)
        page.text(left, 61, text, "small")
        page.symbol(max(left - 12, CELL + 1), 56, "missed")


def _header(page: Page, screen: Idle, surroundings: Surroundings) -> None:
    icon = {"registered": "handset", "registering": "waiting", "failed": "unreachable"}.get(screen.registration)
    right = page.right - (12 if icon else 0)
    if icon:
        page.symbol(page.right - 9, 1, icon)
    page.text(0, 9, face("small").fit(surroundings.name, right), "small")


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
    return []


def _tell(page: Page, notes: list[str]) -> None:
    for baseline, note in zip(_NOTE_BASELINES, notes, strict=False):
        page.text(_NOTE_LEFT, baseline, note, "small")
    page.symbol(0, 32, "warning")
