"""`render`: the core's view as the OLED's picture. Pure: the same view, words and surroundings give the same pixels."""

from typing import assert_never

from PIL import Image

from deskphone.core.view import About, Dialer, Dialling, Ended, Idle, InCall, Incoming, Menu, View
from deskphone.ui import frame
from deskphone.ui.call_screens import dialling, ended, in_call, incoming
from deskphone.ui.frame import Page
from deskphone.ui.idle_screen import idle
from deskphone.ui.panel_screens import about, dialer, menu
from deskphone.ui.surroundings import Surroundings
from deskphone.ui.texts import Texts

__all__ = ["Surroundings", "render"]


def render(view: View, texts: Texts, surroundings: Surroundings) -> Image.Image:
    """A picture of 128×64, mode "1"."""
    page = Page(view.mark)
    _screen(page, view, texts, surroundings)
    if not isinstance(view.screen, Menu):
        frame.soft_keys(page, view, texts)
    frame.banner(page, view, texts)
    if view.volume is not None:
        frame.volume(page, view.volume)
    frame.status_mark(page)
    return page.image


def _screen(page: Page, view: View, texts: Texts, surroundings: Surroundings) -> None:
    match view.screen:
        case Idle() as screen:
            idle(page, screen, texts, surroundings)
        case Dialer() as screen:
            dialer(page, screen, texts)
        case Incoming() as screen:
            incoming(page, screen, texts)
        case Dialling() as screen:
            dialling(page, screen, texts)
        case InCall() as screen:
            in_call(page, screen, texts)
        case Menu() as screen:
            menu(page, screen, view.soft_keys, texts)
        case Ended() as screen:
            ended(page, screen, texts)
        case About():
            about(page, texts, surroundings)
        case _:
            assert_never(view.screen)
