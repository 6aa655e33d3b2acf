"""Signers and browsers of one language, and what is asked of each page they are shown."""

from dataclasses import replace
from typing import Any

from tests.front.languages import said, slips
from tests.signing import walks
from tests.signing.views.browser import Browser

OTHER = {"fr": "en", "en": "fr"}
GIVEN = ("Camille Martin", "Exemple SA", "Contrat", "Conditions")
Pages = dict[str, Any]


def signer_who_speaks(language: str, **fields: Any) -> Any:
    declared: dict[str, Any] = {"language": language, **fields}
    return replace(walks.CAMILLE, **declared)


def browser_of(language: str) -> Browser:
    """One that prefers `language`."""
    browser = Browser()
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return browser


def taken(pages: Pages) -> None:
    """All are pages in `language`, marked as such, and none slips into the other."""
    language = pages.pop("language")
    wrong = {}
    for name, response in pages.items():
        assert response["Content-Type"].startswith("text/html"), name
        page = response.content.decode()
        assert response["Content-Language"] == language, name
        assert f'<html lang="{language}">' in page, name
        if found := slips(said(page), language, given=GIVEN):
            wrong[name] = found
    assert not wrong
