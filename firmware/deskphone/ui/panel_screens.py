"""What keys bring up: the number being dialled, the entries under Mer, and the page about this phone."""

from deskphone.core.keypad import SOFT_KEYS
from deskphone.core.view import Dialer, Menu, SoftKey
from deskphone.ui.frame import WIDTH, Page
from deskphone.ui.lettering import face
from deskphone.ui.surroundings import Surroundings
from deskphone.ui.texts import Texts

_ROW = 13
_FIRST_ROW = 12
_ABOUT_BASELINES = (22, 31, 40, 49)


def dialer(page: Page, screen: Dialer, texts: Texts) -> None:
    """The digits as large as they fit; of a long number the end, where the next digit goes."""
    page.text(1, 9, texts.screen("transfer" if screen.transfer else "dial"))
    page.pen.line((0, 12, WIDTH - 1, 12), 255)
    room = WIDTH - 6
    role = next((role for role in ("clock", "huge", "large") if face(role).width(screen.digits) <= room), "large")
    shown = face(role).fit_end(screen.digits, room)
    page.text(1, 41, shown, role)
    x = 1 + (face(role).width(shown) + 2 if shown else 0)
    page.pen.rectangle((x, 43, x + 6, 44), 255)


def menu(
    page: Page, screen: Menu, keys: tuple[SoftKey | None, SoftKey | None, SoftKey | None, SoftKey | None], texts: Texts
) -> None:
    """Each entry beside the number of the soft key that picks it; a key that turns the page is the last row."""
    page.text(1, 9, texts.screen("menu"))
    if screen.pages > 1:
        page.at_right(page.right - 3, 9, f"{screen.page + 1}/{screen.pages}", "small")
    rows = {entry.key: texts.label(entry.id) for entry in screen.entries}
    rows |= {name.value: texts.label(key.id) for name, key in zip(SOFT_KEYS, keys, strict=True) if key is not None}
    for number, name in enumerate(SOFT_KEYS):
        if name.value in rows:
            top = _FIRST_ROW + number * _ROW
            page.box(0, top + 1, 8, top + 11)
            page.text(2, top + 9, str(number + 1), "small-bold", ink=0)
            page.text(13, top + 10, rows[name.value])


def about(page: Page, texts: Texts, surroundings: Surroundings) -> None:
    """Version, account and address, what an installer asks first."""
    page.text(1, 9, texts.screen("about"), "bold")
    page.pen.line((0, 12, WIDTH - 1, 12), 255)
    small, width = face("small"), WIDTH - 2
    account = small.wrap(surroundings.account.removeprefix("sip:") or texts.screen("no-account"), width)
    lines = [f"Deskphone {surroundings.version}", account[0], " ".join(account[1:]), surroundings.address]
    for baseline, line in zip(_ABOUT_BASELINES, filter(None, lines), strict=False):
        page.text(1, baseline, small.fit(line, width), "small")
