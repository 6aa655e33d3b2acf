"""What a signer must agree to, in their language: never less of it than in another."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from evidence.models import Trail
from signing.clients.consents import TERMS_WORDS, NoStatement, statements, wording
from signing.clients.models import Client, ConsentText
from signing.models import Envelope, Signer
from tests.pdfs import sound
from tests.signing import walks

pytestmark = pytest.mark.django_db
ENGLISH = replace(walks.CAMILLE, language="en")


def own(client: Client | None, key: str, language: str, text: str = "…", position: int = 9) -> ConsentText:
    return ConsentText.objects.create(
        client=client, key=key, version="2", language=language, position=position, text=text
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_three_statements_of_the_product_are_there(language: str) -> None:
    """signer-page.md, Page and journey 2: the three default statements, in both languages, the same versions."""
    client = walks.a_client()
    rows = statements(client, language=language)
    assert [(row.key, row.version) for row in rows] == [("terms", "1"), ("whole", "1"), ("scope", "1")]
    told = [wording(row, client=client) for row in rows]
    assert TERMS_WORDS[language] in told[0]
    assert "Exemple SA" in told[2]
    assert {"fr": "SIGNER", "en": "SIGN."}[language] in told[2]


def test_the_products_own_stands_in_for_a_clients_that_is_french_only() -> None:
    client = walks.a_client()
    own(client, "scope", "fr", "Je m’engage.", position=3)
    assert [row.client_id for row in statements(client, language="fr")] == [None, None, client.pk]
    assert [row.client_id for row in statements(client, language="en")] == [None, None, None]


def test_a_statement_that_is_not_there_in_a_language_is_missed_aloud() -> None:
    client = walks.a_client()
    own(client, "withdrawal", "fr")
    assert len(statements(client, language="fr")) == 4
    with pytest.raises(NoStatement, match="withdrawal"):
        statements(client, language="en")


def test_no_statement_at_all_is_missed_aloud() -> None:
    client = walks.a_client()
    ConsentText.objects.update(active=False)
    with pytest.raises(NoStatement):
        statements(client, language="fr")


def test_another_clients_statements_ask_nothing_of_this_one() -> None:
    client = walks.a_client()
    own(walks.a_client("OTH"), "withdrawal", "fr")
    assert len(statements(client, language="en")) == 3


def test_an_envelope_that_would_ask_for_less_is_not_created(walk: Path) -> None:
    """A clear sentence, and nothing left behind."""
    client = walks.a_client()
    own(client, "withdrawal", "fr")
    with pytest.raises(ValidationError, match="withdrawal"):
        walks.an_envelope(walk, client=client, signers=(walks.CAMILLE, ENGLISH))
    assert not Envelope.objects.exists()
    assert not Trail.objects.exists()
    assert Signer.objects.filter(envelope=walks.an_envelope(walk, client=client).envelope).count() == 1


def test_the_command_says_which_statement_is_missing(walk: Path) -> None:
    own(walks.a_client(), "withdrawal", "fr")
    file = walk / "contrat.pdf"
    file.write_bytes(sound.contract(1))
    with pytest.raises(CommandError, match=r"withdrawal.*en"):
        call_command(
            "create_envelope", "--to-sign", str(file), "--signer", "Camille;Martin;camille@exemple.fr", "--lang", "en"
        )
