"""The catalogs: complete in both languages, compiled, and in the words that were agreed."""

import ast
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import deskphone.ui
from deskphone.core.recording import Action
from deskphone.core.view import Banner, BannerKind
from deskphone.ui.texts import LANGUAGES, Language, Texts, duration
from tests.ui.tokens import menu_ids, reasons, soft_key_ids, spoken

_LOCALE = Path(deskphone.ui.__file__).parent / "locale"


def _catalog(language: str) -> Catalog:
    with (_LOCALE / language / "LC_MESSAGES" / "deskphone.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each message's forms by its ids, singular ones as single forms."""
    forms = [(message.id, message.string) for message in catalog if message.id]
    return {_tuple(ids): _tuple(strings) for ids, strings in forms}


def _tuple(texts: str | Iterable[str] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def test_the_tokens_are_found_in_the_code() -> None:
    assert {"busy", "wrong-password", "full", "no-more-calls", "sip-cannot-start", "bad-configuration"} <= reasons()
    assert {"answer", "hang-up", "redial", "more", "swap", "new-call", "hold", "retrieve"} <= soft_key_ids()
    assert {"join", "mute", "unmute", "about"} <= menu_ids()
    assert {f"{action.value}-recording" for action in Action} & menu_ids() == {
        "start-recording",
        "pause-recording",
        "resume-recording",
        "stop-recording",
    }


def test_a_token_is_found_by_place_and_by_name() -> None:
    code = 'turn.say("a-b"); RegistrationChanged(now, "failed", "c-d"); StorageChanged(now, False, reason="e-f")'
    assert spoken(ast.parse(code)) == {"a-b", "c-d", "e-f"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_token_has_a_sentence_and_a_short_form(language: Language) -> None:
    texts = Texts(language)
    unknown = texts.words("no-such-token"), texts.brief("no-such-token")
    missing = [token for token in sorted(reasons()) if unknown[0] == texts.words(token)]
    assert missing == []
    assert [token for token in sorted(reasons()) if unknown[1] == texts.brief(token)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_has_a_label(language: Language) -> None:
    texts = Texts(language)
    assert [id_ for id_ in sorted(soft_key_ids() | menu_ids()) if texts.label(id_) == id_] == []


def test_both_catalogs_have_the_same_messages() -> None:
    swedish, english = (_messages(_catalog(language)) for language in LANGUAGES)
    assert swedish.keys() == english.keys()
    assert len(swedish) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_fuzzy(language: Language) -> None:
    for message in _catalog(language):
        parts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(parts), message.id
        assert not message.fuzzy or not message.id, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalog_is_up_to_date(language: Language) -> None:
    # Not by bytes: Babel writes its version and the time into the header.
    with (_LOCALE / language / "LC_MESSAGES" / "deskphone.mo").open("rb") as file:
        compiled = _messages(read_mo(file))
    assert compiled == _messages(_catalog(language)), "run pybabel compile -D deskphone -d firmware/deskphone/ui/locale"


@pytest.mark.parametrize(
    ("banner", "swedish", "english"),
    [
        (Banner(BannerKind.RECORDING, 42), "● Spelar in 00:42", "● Recording 00:42"),
        (Banner(BannerKind.RECORDING, 3725), "● Spelar in 1:02:05", "● Recording 1:02:05"),
        (Banner(BannerKind.PAUSED), "❚❚ Inspelning pausad", "❚❚ Recording paused"),
        (Banner(BannerKind.SAVING), "Inspelningen sparas", "Saving the recording"),
        (Banner(BannerKind.FAILED), "Inspelning misslyckades", "Recording failed"),
        (Banner(BannerKind.MESSAGE, message="no-answer"), "Ingen svarar.", "No answer."),
    ],
)
def test_banners_say_what_was_agreed(banner: Banner, swedish: str, english: str) -> None:
    assert (Texts("sv").banner(banner), Texts("en").banner(banner)) == (swedish, english)


def test_recording_entries_say_what_was_agreed() -> None:
    ids = ("start-recording", "pause-recording", "resume-recording", "stop-recording")
    assert [Texts("sv").label(id_) for id_ in ids] == [
        "Starta inspelning",
        "Pausa inspelning",
        "Återuppta inspelning",
        "Stoppa inspelning",
    ]


@pytest.mark.parametrize("token", ["no-such-token", "", "x" * 400, "label.answer"])
def test_an_unknown_token_gets_a_general_sentence(token: str) -> None:
    assert Texts("sv").words(token) == "Något gick fel. Fråga administratören."
    assert Texts("sv").banner(Banner(BannerKind.MESSAGE, message=token)) == Texts("sv").words(token)
    assert Texts("en").banner(Banner(BannerKind.MESSAGE)) == Texts("en").words("")


def test_an_unknown_id_is_its_own_label() -> None:
    assert Texts("en").label("no-such-id") == "no-such-id"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'da'"):
        Texts("da")  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_month_has_its_name(language: Language) -> None:
    texts = Texts(language)
    days = [
        time.struct_time((2026, month, 1, 0, 0, 0, weekday, 1, 0)) for month in range(1, 13) for weekday in range(7)
    ]
    assert len({texts.date(day) for day in days}) == 84
    assert len({texts.short_date(day) for day in days}) == 84


def test_dates_and_counts_read_naturally() -> None:
    day = time.struct_time((2026, 5, 7, 0, 0, 0, 3, 127, 1))
    assert (Texts("sv").date(day), Texts("en").date(day)) == ("torsdag 7 maj", "Thursday 7 May")
    assert [Texts("sv").missed(calls) for calls in (1, 2)] == ["1 missat samtal", "2 missade samtal"]
    assert [Texts("en").missed(calls) for calls in (1, 2)] == ["1 missed call", "2 missed calls"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "00:00"), (0, "00:00"), (59, "00:59"), (3599, "59:59"), (3600, "1:00:00")]
)
def test_durations(seconds: int, text: str) -> None:
    assert duration(seconds) == text


def test_pictures_need_neither_babel_nor_pydantic() -> None:
    slow = {"babel", "pydantic", "numpy", "asyncio", "pjsua2"}
    code = f"import sys, deskphone.ui.screens; print(*{slow} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=10)
    assert found.stdout.split() == []
