"""The OLED's pictures: pixel for pixel as they were looked at, and nothing cut off in either language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from deskphone.core.call import EndReason
from deskphone.core.view import (
    Banner,
    BannerKind,
    Dialer,
    Dialling,
    Ended,
    Idle,
    InCall,
    Incoming,
    Mark,
    Screen,
    SoftKey,
    View,
)
from deskphone.ui import frame
from deskphone.ui.frame import banner_lines, label_fits
from deskphone.ui.lettering import Face, face
from deskphone.ui.screens import render
from deskphone.ui.texts import LANGUAGES, Language, Texts
from tests.ui.golden import assert_same, differing_pixels
from tests.ui.pictures import FOLDER, LONG, PICTURES, SURROUNDINGS, files, keys, menu, message
from tests.ui.tokens import menu_ids, reasons, soft_key_ids

_SIZE = (128, 64)


@pytest.mark.parametrize("file", files())
def test_golden(file: str) -> None:
    name, language = files()[file]
    drawn = PICTURES[name].draw(language)
    assert (drawn.mode, drawn.size) == ("1", _SIZE)
    with Image.open(FOLDER / file) as golden:
        assert_same(drawn, golden, file)


def test_every_golden_file_is_compared() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(files())
    assert len(files()) >= 60


def test_one_different_pixel_fails_the_comparison() -> None:
    drawn = PICTURES["call"].draw("sv")
    spoilt = drawn.copy()
    spoilt.putpixel((127, 63), 0 if spoilt.getpixel((127, 63)) else 255)
    assert differing_pixels(drawn, spoilt) == 1
    with pytest.raises(AssertionError, match="call: 1 pixels differ"):
        assert_same(spoilt, drawn, "call")
    with pytest.raises(AssertionError, match="8192 pixels differ"):
        assert_same(drawn.crop((0, 0, 64, 64)), drawn, "call")


def test_every_golden_picture_differs_from_the_others() -> None:
    drawn = [(name, picture.draw("sv").tobytes()) for name, picture in PICTURES.items()]
    assert len({pixels for _, pixels in drawn}) == len(drawn)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_no_letter_leaves_the_picture(name: str, language: Language) -> None:
    with _letters() as boxes:
        PICTURES[name].draw(language)
    assert boxes
    assert [box for box in boxes if not _inside(box)] == []


def test_a_letter_that_leaves_the_picture_is_noticed() -> None:
    with _letters() as boxes:
        face("title").draw(Image.new("1", _SIZE), 1, 11, "Åsa")
        face("title").draw(Image.new("1", _SIZE), 1, 12, "Åsa")
        face("text").draw(Image.new("1", _SIZE), 120, 12, "Åsa")
    assert [_inside(box) for box in boxes] == [False, True, False]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id_", sorted(soft_key_ids()))
def test_a_soft_keys_label_has_room_in_its_cell(id_: str, language: Language) -> None:
    assert label_fits(Texts(language).label(id_))
    cell = render(View(Idle("registered"), keys(id_, None, None, None)), Texts(language), SURROUNDINGS)
    box = cell.crop((0, frame.SOFT_TOP, frame.CELL - 1, 64))
    width, height = box.size
    rim = [box.getpixel((x, y)) for x in range(1, width - 1) for y in (0, height - 1)]
    rim += [box.getpixel((x, y)) for x in (0, width - 1) for y in range(1, height - 1)]
    assert all(rim), "the label touches the rim of its cell"
    assert any(not box.getpixel((x, y)) for x in range(1, width - 1) for y in range(1, height - 1))


def test_a_label_that_is_too_long_is_noticed() -> None:
    assert not label_fits("Vidarekoppla")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id_", sorted(menu_ids()))
def test_a_menu_entry_is_never_cut_off(id_: str, language: Language) -> None:
    label = Texts(language).label(id_)
    with _letters() as boxes:
        render(View(menu("about", "about", "about", id_), mark=Mark.RECORDING), Texts(language), SURROUNDINGS)
    assert all(_inside(box) for box in boxes)
    assert face("text").width(label) + 13 <= 128


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("token", [*sorted(reasons()), "no-such-token"])
def test_every_message_fits_the_banner_whole(token: str, language: Language) -> None:
    text = Texts(language).words(token)
    lettering, lines = banner_lines(text)
    assert " ".join(lines) == text
    assert all(lettering.width(line) <= 120 for line in lines)
    with _letters() as boxes:
        render(View(InCall("A", "1", 1), keys("hold", None, None, None), banner=message(token)), Texts(language), LONG)
    assert all(_inside(box) for box in boxes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in BannerKind if kind is not BannerKind.MESSAGE])
def test_the_banner_of_a_state_has_one_line_also_beside_the_mark(kind: BannerKind, language: Language) -> None:
    text = Texts(language).banner(Banner(kind, 35_999))
    assert len(banner_lines(text)[1]) == 1
    assert face("small-bold").width(text) <= frame.MARK_LEFT - 2 * 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("token", [*sorted(reasons()), "no-such-token"])
def test_no_reason_leaves_the_idle_or_the_ended_screen(token: str, language: Language) -> None:
    texts = Texts(language)
    assert face("small").width(texts.brief(token)) <= 117
    with _letters() as boxes:
        render(View(Idle("failed", token, "full", 3)), texts, SURROUNDINGS)
        render(View(Idle("failed", token)), texts, SURROUNDINGS)
        render(View(Idle("registered", storage=token)), texts, SURROUNDINGS)
        render(View(Ended("Anna", 0, token)), texts, SURROUNDINGS)
    assert [box for box in boxes if not _inside(box)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", EndReason)
def test_the_reason_of_an_end_is_told_whole(reason: EndReason, language: Language) -> None:
    assert len(face("text").wrap(Texts(language).words(reason.value), 126)) <= 3


@pytest.mark.parametrize("mark", [Mark.RECORDING, Mark.PAUSED])
@pytest.mark.parametrize("name", PICTURES)
def test_the_mark_is_seen_whatever_else_is_shown(name: str, mark: Mark) -> None:
    corner = (frame.MARK_LEFT, 0, 128, frame.STRIP)
    alone = render(View(Idle("none"), mark=mark), Texts("sv"), replace(SURROUNDINGS, name="")).crop(corner)
    assert_same(replace(PICTURES[name], mark=mark).draw("sv").crop(corner), alone, name)


def test_the_marks_differ_and_go() -> None:
    marks = [render(View(InCall("A", "1", 1), mark=mark), Texts("sv"), SURROUNDINGS).tobytes() for mark in Mark]
    assert len(set(marks)) == 3


def test_a_banner_leaves_what_it_covered_unchanged_around_it() -> None:
    without, with_banner = PICTURES["call-recording"].draw("sv"), PICTURES["call-recording-banner"].draw("sv")
    for part in ((0, 0, 128, 31), (0, frame.SOFT_TOP, 128, 64)):
        assert_same(with_banner.crop(part), without.crop(part), str(part))


def test_digits_stay_in_view_under_a_banner() -> None:
    picture = PICTURES["dialer-banner"]
    body = (0, frame.STRIP, 128, 64)
    assert_same(replace(picture, banner=None).draw("sv").crop(body), picture.draw("sv").crop(body), "digits")


def test_each_step_of_the_volume_is_another_picture() -> None:
    drawn = {render(View(Idle("none"), volume=level), Texts("sv"), SURROUNDINGS).tobytes() for level in range(11)}
    assert len(drawn) == 11


def test_a_picture_depends_on_nothing_but_its_arguments() -> None:
    view = View(InCall("Anna", "1002", 42), mark=Mark.RECORDING, banner=Banner(BannerKind.RECORDING, 42))
    first = render(view, Texts("sv"), SURROUNDINGS).tobytes()
    for picture in PICTURES.values():
        picture.draw("en")
    assert render(view, Texts("sv"), SURROUNDINGS).tobytes() == first


_names = st.text(max_size=60)
_screens: st.SearchStrategy[Screen] = st.one_of(
    st.builds(InCall, _names, _names, st.integers(0, 400_000), st.booleans(), st.booleans(), st.booleans(), _names),
    st.builds(Incoming, _names, _names, st.booleans()),
    st.builds(Dialling, _names, _names, st.booleans()),
    st.builds(Ended, _names, st.integers(0, 400_000), st.none() | _names),
    st.builds(Dialer, st.text("0123456789*#+", max_size=40), st.booleans()),
    st.builds(Idle, st.sampled_from(["none", "registering", "registered", "failed"]), _names, _names),
)


@given(_screens, st.sampled_from(LANGUAGES), st.sampled_from(list(Mark)), st.none() | _names)
def test_whatever_a_stranger_sends_can_be_drawn(
    screen: Screen, language: Language, mark: Mark, say: str | None
) -> None:
    banner = None if say is None else message(say)
    view = View(screen, (SoftKey("hold"), None, None, SoftKey(say or "x")), mark, banner)
    drawn = render(view, Texts(language), SURROUNDINGS)
    assert (drawn.mode, drawn.size) == ("1", _SIZE)


Box = tuple[int, int, int, int]


def _inside(box: Box) -> bool:
    left, top, right, bottom = box
    return left >= 0 and top >= 0 and right <= _SIZE[0] and bottom <= _SIZE[1]


@contextmanager
def _letters() -> Iterator[list[Box]]:
    """The box of lit pixels of each text that is drawn meanwhile, also where it lies outside the picture."""
    boxes: list[Box] = []
    draw, margin = Face.draw, 40

    def measured(self: Face, image: Image.Image, x: int, baseline: int, text: str, *, ink: int = 255) -> None:
        canvas = Image.new("1", (image.width + 400, image.height + 2 * margin))
        draw(self, canvas, x + margin, baseline + margin, text)
        if (lit := canvas.getbbox()) is not None:
            boxes.append((lit[0] - margin, lit[1] - margin, lit[2] - margin, lit[3] - margin))
        draw(self, image, x, baseline, text, ink=ink)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Face, "draw", measured)
        yield boxes
