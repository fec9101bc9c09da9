"""The words of one language: ids and tokens of the core as text. Changes when what the phone can say changes.

The catalogs are `locale/<language>/LC_MESSAGES/deskphone.po`. After a change run
`pybabel compile -D deskphone -d firmware/deskphone/ui/locale`. The message ids are `label.<id>`, `say.<token>` (a
sentence), `brief.<token>` (one short line) and `screen.<name>`.
"""

import gettext
import time
from pathlib import Path
from typing import Literal, assert_never

from deskphone.core.view import Banner, BannerKind

Language = Literal["sv", "en"]

LANGUAGES: tuple[Language, ...] = ("sv", "en")

_LOCALE = Path(__file__).parent / "locale"


class Texts:
    """Everything the phone says in one language. Raises `ValueError` for a language that it does not speak."""

    def __init__(self, language: Language) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
        self.language = language
        self._catalog = gettext.translation("deskphone", _LOCALE, [language])

    def label(self, id_: str) -> str:
        """The word on a soft key or of an entry under Mer; the id itself if nobody gave it a word."""
        return self._find(f"label.{id_}") or id_

    def words(self, token: str) -> str:
        """A reason or an error as a sentence that says what to do; a general one for a token without words."""
        return self._find(f"say.{token}") or self.screen("fault")

    def brief(self, token: str) -> str:
        """The same in few words: one line of the small face."""
        return self._find(f"brief.{token}") or self.screen("fault-brief")

    def banner(self, banner: Banner) -> str:
        """What a banner says, on one line."""
        match banner.kind:
            case BannerKind.RECORDING:
                return self.screen("recording").format(time=duration(banner.seconds))
            case BannerKind.PAUSED:
                return self.screen("paused")
            case BannerKind.SAVING:
                return self.screen("saving")
            case BannerKind.FAILED:
                return self.screen("recording-failed")
            case BannerKind.MESSAGE:
                return self.words(banner.message or "")
            case _:
                assert_never(banner.kind)

    def date(self, day: time.struct_time) -> str:
        """Weekday, day and month: "tisdag 24 november", "Tuesday 24 November"."""
        return f"{self._name('weekday', day.tm_wday)} {day.tm_mday} {self._name('month', day.tm_mon)}"

    def short_date(self, day: time.struct_time) -> tuple[str, str]:
        """The same on two short lines: "tisdag", "24 nov"."""
        return self._name("weekday", day.tm_wday), f"{day.tm_mday} {self._name('month-short', day.tm_mon)}"

    def missed(self, calls: int) -> str:
        """How many calls nobody answered; `calls` ≥ 1."""
        return self._catalog.ngettext("screen.missed", "screen.missed.plural", calls).format(calls=calls)

    def screen(self, name: str) -> str:
        """A fixed text of a screen. Raises `KeyError` if there is none: screens and catalogs are of one piece."""
        found = self._find(f"screen.{name}")
        if found is None:
            raise KeyError(name)
        return found

    def _name(self, kind: str, number: int) -> str:
        return self.screen(f"{kind}.{number}")

    def _find(self, key: str) -> str | None:
        found = self._catalog.gettext(key)
        return None if found == key else found


def duration(seconds: int) -> str:
    """Time passed: "00:42", and from an hour on "1:00:42"."""
    minutes, second = divmod(max(seconds, 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"
