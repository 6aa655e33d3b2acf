"""The administration in the language of the browser: its own words, those of models, and of the journal.

Issue "The house holds", 6: English beside French, everywhere people read; where no signer is known, Accept-Language.
"""

from pathlib import Path
from typing import Any

import pytest

from signing.clients.models import ConsentText
from signing.models import Envelope
from tests import markup
from tests.front.languages import said, slips
from tests.signing import walks
from tests.signing.admin import people

GIVEN = ("Camille Martin", "Exemple SA", "Contrat", "Conditions", "camille@exemple.fr", "Unité d'horodatage")
LISTS = (
    "",
    *(
        f"{each}/"
        for each in ("signing/envelope", "clients/client", "clients/consenttext", "otp/policy", "otp/message")
    ),
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_administration_speaks_one_language(walk: Path, language: str) -> None:
    walks.signed(walks.an_envelope(walk))
    browser = people.operator_browser()
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    sheet = f"signing/envelope/{Envelope.objects.get().pk}"
    addresses = [f"/admin/{each}" for each in (*LISTS, f"{sheet}/change/", f"{sheet}/journal/", "otp/policy/add/")]
    wrong, documents = {}, dict[str, str]()
    for address in addresses:
        response: Any = browser.get(address, follow=True)
        assert response.status_code == 200, address
        assert response["Content-Language"] == language, address
        # What the operator wrote is in the language it was written in.
        documents[address] = response.content.decode()
        page = said(documents[address])
        if found := slips(page, language, given=(*GIVEN, *ConsentText.objects.values_list("text", flat=True))):
            wrong[address] = found
    assert not wrong
    assert not markup.faults(documents, leave_out=markup.OF_DJANGO)
