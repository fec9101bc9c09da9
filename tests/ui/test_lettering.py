"""Widths, shortening and line breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from deskphone.ui.lettering import face, plain

ROLES = ("small", "small-bold", "text", "bold", "title", "large", "huge", "clock")
_text = st.text(st.sampled_from("abc ÅÄÖåäöéü—…●❚0123456789-.,Ł"), max_size=40)


@pytest.mark.parametrize("role", ROLES)
@given(_text)
def test_width_and_left_are_where_the_lit_columns_are(role: str, text: str) -> None:
    image = Image.new("1", (1200, 60))
    face(role).draw(image, 0, 40, text)
    lit = image.getbbox()
    if lit is not None and not text.startswith(" ") and not text.endswith(" "):
        assert (lit[0], lit[2]) == (max(face(role).left(text), 0), face(role).width(text))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("letter", "åäöéüÅÄÖÉÜ—…●❚0123456789*#+:ŁŠž")
def test_a_letter_that_the_phone_needs_is_drawn_and_unlike_the_missing_one(role: str, letter: str) -> None:
    assert _drawn(role, letter) != _drawn(role, "\U0001f600")
    assert any(_drawn(role, letter))


@pytest.mark.parametrize("role", ROLES)
@given(_text, st.integers(30, 128))
def test_a_shortened_text_fits_and_is_the_beginning(role: str, text: str, width: int) -> None:
    lettering = face(role)
    fitted = lettering.fit(text, width)
    assert lettering.width(fitted) <= width
    assert fitted == plain(text) or (fitted.endswith("…") and plain(text).startswith(fitted[:-1]))
    assert (fitted == plain(text)) >= (lettering.width(plain(text)) <= width)


@given(st.text("0123456789*#", min_size=1, max_size=40), st.integers(40, 128))
def test_of_a_long_number_the_end_is_shown(digits: str, width: int) -> None:
    fitted = face("large").fit_end(digits, width)
    assert face("large").width(fitted) <= width
    assert digits.endswith(fitted.removeprefix("…"))
    assert fitted == digits or fitted.startswith("…")


@pytest.mark.parametrize("role", ROLES)
@given(_text, st.integers(40, 128))
def test_wrapping_loses_no_letter_and_keeps_the_width(role: str, text: str, width: int) -> None:
    lines = face(role).wrap(text, width)
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")
    assert all(face(role).width(line) <= width for line in lines)


def test_lines_are_broken_between_sentences_where_that_costs_nothing() -> None:
    assert face("text").wrap("Upptaget. Försök igen senare.", 126) == ["Upptaget.", "Försök igen senare."]
    assert face("text").wrap("Busy. Try again later.", 126) == ["Busy. Try again later."]


def test_a_name_is_one_line_of_what_can_be_drawn() -> None:
    assert plain(" Ann\r\nINVITE\x00\u202e  sip:x\t") == "Ann INVITE sip:x"


def _drawn(role: str, letter: str) -> bytes:
    image = Image.new("1", (60, 60))
    face(role).draw(image, 10, 40, letter)
    return image.tobytes()
