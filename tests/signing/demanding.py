"""A client whose signers type a mention, and what they type."""

from django.utils.timezone import now

from signing.actions import reading
from signing.clients.models import Client, ConsentText
from signing.models import Signer, SignerConsent
from tests.signing import walks

WANTED = "Lu et approuvé"


def demanding(language: str = "fr", mention: str = WANTED, client: Client | None = None) -> Client:
    """A client whose second statement asks for a mention."""
    client = client or walks.a_client()
    ConsentText.objects.create(
        client=client, key="whole", version="2", language=language, position=2, text="J’ai tout lu.", mention=mention
    )
    return client


def typed(signer: Signer, words: str) -> SignerConsent:
    return reading.set_mention(signer=signer, consent="whole", typed=words, actor=walks.actor(), at=now())
