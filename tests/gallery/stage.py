"""What the pictures are taken of: a house, its envelopes, and the work that is done between two scenes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from django.db import connections
from django.utils.timezone import now

from evidence.events import Language
from signing import sample
from signing.actions.envelopes import Created, NewDocument, create_envelope
from signing.clients.models import Client, ConsentText
from signing.models import Document
from tests.gallery.scene import camille
from tests.signing import walks

if TYPE_CHECKING:
    from signing.actions.arming import NewSigner

Done = TypeVar("Done")
TITLES = {"fr": ("Contrat de location", "Conditions générales"), "en": ("Rental agreement", "General conditions")}
MENTIONS = {"fr": "Lu et approuvé", "en": "Read and approved"}
PURPOSES = {"fr": "La location du box de stockage n° 214", "en": "The rental of storage unit 214"}


@lru_cache
def drawn(name: str) -> bytes:
    """The sample's documents, drawn once."""
    target = Path(walks.settings.WORK_DIR) / f"{name}-{uuid4().hex}.pdf"
    target.parent.mkdir(parents=True, exist_ok=True)
    getattr(sample, name)(target)
    written = target.read_bytes()
    target.unlink()
    return written


def a_house() -> Client:
    """The client of the pictures."""
    found = Client.objects.filter(code="EXS").first()
    if found:
        return found
    client = walks.a_client()
    contact = {"contact_name": "Julie Perrin", "contact_phone": "02 40 00 00 00"}
    Client.objects.filter(pk=client.pk).update(**contact, contact_email="julie.perrin@exemple.fr")
    client.refresh_from_db()
    return client


def an_envelope(folder: Path, language: Language, *signers: "NewSigner") -> Created:
    """A contract to sign and conditions for information, to be signed by Camille where nobody else is named."""
    walks.pki.hold()
    contract, conditions = folder / "contrat.pdf", folder / "conditions.pdf"
    contract.write_bytes(drawn("contract"))
    conditions.write_bytes(drawn("conditions"))
    first, second = TITLES[language]
    return create_envelope(
        client=a_house(),
        documents=[
            NewDocument(contract, first, contract.name, Document.Role.TO_SIGN),
            NewDocument(conditions, second, conditions.name, Document.Role.FOR_INFORMATION),
        ],
        signers=signers or (mailed(language),),
        purpose=PURPOSES[language],
        actor=walks.CLIENT,
        at=now(),
    )


def mailed(language: Language) -> "NewSigner":
    """Camille under an address of her own: codes are counted by contact and day."""
    return replace(camille(language), email=f"camille-{uuid4().hex[:6]}@exemple.fr")


def apart(do: Callable[[], Done]) -> Done:
    """Do it in a thread of its own: Playwright's loop lives in this one, and signing wants none."""

    def done() -> Done:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


def work_off(*kinds: str) -> None:
    """Work off what was rung."""
    apart(lambda: walks.work(kinds=kinds or walks.TASKS_BELOW))


def demand(language: Language) -> None:
    """The client of the pictures asks for a mention, in the words of the second statement."""
    client = a_house()
    own = ConsentText.objects.get(client=None, key="whole", language=language, version="1")
    values = {"position": own.position, "text": own.text, "mention": MENTIONS[language]}
    ConsentText.objects.get_or_create(client=client, key=own.key, version="2", language=language, defaults=values)
