"""A scene: one page in one state, as somebody comes upon it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.events import Language
from signing.actions.arming import NewSigner

if TYPE_CHECKING:
    from playwright.sync_api import Page


def _nothing(_page: "Page") -> None:
    return


@dataclass(frozen=True)
class Scene:
    """`path` is where it is; `does` is what somebody does there before the picture is taken.

    `visit`: the cookie of a visit. `script`: whether the browser runs scripts. `broken`: ends of addresses that cannot
    be reached. `whole`: a picture of the whole page, not of the window. `file`: what is chosen in the page's form where
    it is sent: a browser does not show files of a form to those who answer in its server's stead.
    """

    name: str
    path: str
    visit: str = ""
    does: Callable[["Page"], None] = _nothing
    script: bool = True
    broken: tuple[str, ...] = ()
    whole: bool = True
    file: bytes = b""


Act = Callable[[Path, Language], Iterator[Scene]]


def camille(language: Language) -> NewSigner:
    return NewSigner("Camille", "Martin", "camille@exemple.fr", language=language)
