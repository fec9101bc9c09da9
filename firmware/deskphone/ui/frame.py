"""What lies around and over every screen: soft-key row, status mark, banner and volume bar, and the places of each."""

from PIL import Image, ImageDraw

from deskphone.core.state import VOLUME_MAX
from deskphone.core.view import BannerKind, Ended, Idle, InCall, Mark, Menu, Screen, SoftKey, View
from deskphone.ui.lettering import Face, face
from deskphone.ui.symbols import symbol
from deskphone.ui.texts import Texts

WIDTH, HEIGHT = 128, 64
SOFT_TOP = 52
"""First row of the soft keys' labels."""
CELL = WIDTH // 4
MARK_LEFT = WIDTH - 11
"""First column that belongs to the status mark while there is one."""
STRIP = 12
"""Height of the strip at the top, where the volume shows and, over a menu, the banner."""

LABEL_MAX = CELL - 3
BANNER_BOTTOM = 50
_BANNER_INSET = 4
_BODY_TOP: dict[type[Screen], int] = {Idle: 11, Menu: STRIP}
"""First row below the heading, where that is not `_OTHER_BODY_TOP`."""
_OTHER_BODY_TOP = 15

# Screens whose lower half may be covered for a while.
_ROOM_BELOW = (InCall, Ended, Idle)


class Page:
    """A picture in the making. All positions are pixels from the upper left corner."""

    def __init__(self, mark: Mark) -> None:
        self.image = Image.new("1", (WIDTH, HEIGHT))
        self.pen = ImageDraw.Draw(self.image)
        self.mark = mark

    @property
    def right(self) -> int:
        """First column, in the top strip, that is not free."""
        return WIDTH if self.mark is Mark.NONE else MARK_LEFT

    def text(self, x: int, baseline: int, text: str, role: str = "text", *, ink: int = 255) -> None:
        """Text from `x` to the right."""
        face(role).draw(self.image, x, baseline, text, ink=ink)

    def centred(self, baseline: int, text: str, role: str = "text") -> None:
        """Text in the middle of the whole width."""
        self.text(_centre(face(role), text, 0, WIDTH), baseline, text, role)

    def at_right(self, right: int, baseline: int, text: str, role: str = "text") -> None:
        """Text whose last column is before `right`."""
        self.text(right - face(role).width(text), baseline, text, role)

    def symbol(self, x: int, y: int, name: str, *, ink: int = 255) -> None:
        """A symbol with its upper left corner at (x, y)."""
        self.pen.bitmap((x, y), symbol(name), ink)

    def box(self, left: int, top: int, right: int, bottom: int, *, ink: int = 255) -> None:
        """A filled box with clipped corners; the borders belong to it."""
        self.pen.rectangle((left + 1, top, right - 1, bottom), ink)
        self.pen.rectangle((left, top + 1, right, bottom - 1), ink)

    def dark_row(self, y: int, first: int) -> int:
        """The nearest row from `y` up to `first` that is dark: what is cleared below it cuts through no letter."""
        return next((row for row in range(y, first, -1) if not self._lit(row)), first)

    def _lit(self, y: int) -> bool:
        return self.image.crop((0, y, WIDTH, y + 1)).getbbox() is not None

    def clear(self, left: int, top: int, right: int, bottom: int) -> None:
        """Dark again."""
        self.pen.rectangle((left, top, right, bottom), 0)


def soft_keys(page: Page, view: View, texts: Texts) -> None:
    """Four cells at the bottom, each over its key; a cell without a label is empty."""
    for number, key in enumerate(view.soft_keys):
        if key is not None:
            _soft_key(page, number, key, texts)


def status_mark(page: Page) -> None:
    """● or ❚❚ in the upper right corner; on top of all else."""
    if page.mark is not Mark.NONE:
        page.clear(MARK_LEFT, 0, WIDTH - 1, STRIP - 1)
        page.symbol(WIDTH - 9, 1, "recording" if page.mark is Mark.RECORDING else "paused")


def banner(page: Page, view: View, texts: Texts) -> None:
    """The banner in an inverted box: above the soft keys, or where digits, entries or a caller stand there, at the top.

    A text of several lines takes the whole place between heading and soft keys.
    """
    if view.banner is None:
        return
    text = texts.banner(view.banner)
    over_menu = isinstance(view.screen, Menu)
    if not isinstance(view.screen, _ROOM_BELOW) and face("small-bold").width(text) <= page.right - 2 * _BANNER_INSET:
        page.clear(0, 0, page.right - 1, STRIP - 1)
        page.box(0, 0, page.right - 2, STRIP - 2)
        page.text(_BANNER_INSET, 8, text, "small-bold", ink=0)
        return
    lettering, lines = banner_lines(text)
    pitch = lettering.ascent + lettering.descent
    height = len(lines) * pitch + 6
    body = _BODY_TOP.get(type(view.screen), _OTHER_BODY_TOP)
    if len(lines) == 1:
        top = BANNER_BOTTOM - height + 1
        page.clear(0, page.dark_row(top - 1, body) + 1, WIDTH - 1, BANNER_BOTTOM + 1)
    else:
        top = (STRIP + 1 + BANNER_BOTTOM - height + 1) // 2
        page.clear(0, body, WIDTH - 1, SOFT_TOP - 1 if any(view.soft_keys) and not over_menu else HEIGHT - 1)
    page.box(0, top, WIDTH - 1, top + height - 1)
    if view.banner.kind is not BannerKind.MESSAGE:
        page.pen.rectangle((2, top + 2, WIDTH - 3, top + height - 3), outline=0)
    for number, line in enumerate(lines):
        baseline = top + 2 + lettering.ascent + number * pitch
        lettering.draw(page.image, _centre(lettering, line, 0, WIDTH), baseline, line, ink=0)


def banner_lines(text: str) -> tuple[Face, list[str]]:
    """The largest face in which the text needs at most its share of lines: one bold, two of text, else three small."""
    width = WIDTH - 2 * _BANNER_INSET
    for role, most in (("bold", 1), ("text", 2), ("small", 3)):
        lines = face(role).wrap(text, width)
        if len(lines) <= most:
            break
    return face(role), lines[:most]


def volume(page: Page, level: int) -> None:
    """The ear's volume while it is changed, in the strip at the top."""
    page.clear(0, 0, page.right - 1, STRIP)
    page.symbol(1, 1, "speaker")
    left, right = 14, page.right - 3
    step = (right - left + 1) // VOLUME_MAX
    for number in range(VOLUME_MAX):
        x = left + number * step
        if number < level:
            page.pen.rectangle((x, 1, x + step - 3, 9), 255)
        else:
            page.pen.rectangle((x, 8, x + step - 3, 9), 255)


def label_fits(text: str) -> bool:
    """Whether a soft key's label has room in its cell."""
    return face("small").width(text) - face("small").left(text) <= LABEL_MAX


def _soft_key(page: Page, number: int, key: SoftKey, texts: Texts) -> None:
    left = number * CELL
    text = texts.label(key.id)
    if not label_fits(text):
        text = face("small").fit(text, LABEL_MAX)
    page.box(left, SOFT_TOP, left + CELL - 2, HEIGHT - 1)
    page.text(_centre(face("small"), text, left, left + CELL - 1), HEIGHT - 3, text, "small", ink=0)


def _centre(lettering: Face, text: str, left: int, right: int) -> int:
    """Where to begin a text so that its lit columns are in the middle between `left` and `right`."""
    dark = lettering.left(text)
    return left + (right - left - (lettering.width(text) - dark)) // 2 - dark
