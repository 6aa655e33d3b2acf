"""Issue, part 9: what the client says of a signer from outside stands on the page, marked as the client's word."""

import re
from pathlib import Path
from typing import Literal

import pytest

from evidence import chain, events, files
from evidence.dossier import pdf, xml
from tests.evidence import trails
from tests.evidence.armed import CLIENT
from tests.evidence.test_pdf import text_of, written
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db

SAID = {
    "fr": "Déclaré par le client {} Déclaration du client, reçue le [^(]+ \\(inscription \\d+\\), non contrôlée ici\\.",
    "en": "Stated by the client {} Stated by the client, received on [^(]+ \\(entry \\d+\\), not checked here\\.",
}
FIRST = {
    "fr": (
        "Connexion au site du client : camille-4711.",
        "Référence de paiement : 3DS-2026-0042.",
        "Référence de paiement : PAY-2026-42.",
        "Carte d’identité : 880692310285.",
        "Dossier de pièces.",
        "Pièce du dossier : kyc/carte.jpg.",
    ),
    "en": (
        "Login to the client’s site: camille-4711.",
        "Payment reference: 3DS-2026-0042.",
        "Payment reference: PAY-2026-42.",
        "Identity card: 880692310285.",
        "Folder of proofs.",
        "File of the folder: kyc/carte.jpg.",
    ),
}


def declared(language: Literal["fr", "en"]) -> Walk:
    """A path of which the client says a login with a payment, a reference, a document's number and a folder."""
    walk = Walk(language=language).create()
    instant = chain.instant(walk.at)
    signer = walk.signer
    folder = files.put_bytes(b"a folder")
    for event in (
        events.LoginAsserted(
            signer=signer, means="SMS", asserted_at=instant, account="camille-4711", payment="3DS-2026-0042"
        ),
        events.ExtrinsicAdded(signer=signer, type="payment", number="PAY-2026-42"),
        events.ExtrinsicAdded(signer=signer, type="IDCARD", number="880692310285"),
        events.ExtrinsicAdded(signer=signer, type="proof_folder", sha256=folder, bytes=8),
        events.ExtrinsicAdded(signer=signer, type="proof_file", sha256="cd" * 32, bytes=4, name="kyc/carte.jpg"),
    ):
        walk.say(event, actor=CLIENT)
    return walk.open().look().agree().code().sign().deliver()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_is_printed_as_the_clients_word_and_not_checked(language: Literal["fr", "en"], tmp_path: Path) -> None:
    text = text_of(pdf.render(written(declared(language))), tmp_path)
    found = [re.search(SAID[language].format(re.escape(first)), text) for first in FIRST[language]]
    assert all(found), dict(zip(FIRST[language], found, strict=True))


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("fr", r"Qualité Gérante de Martin SARL\. Déclaration du client \(inscription \d+\), non contrôlée ici\."),
        ("en", r"Capacity Gérante de Martin SARL\. Stated by the client \(entry \d+\), not checked here\."),
    ],
)
def test_a_capacity_stands_beside_the_name(language: Literal["fr", "en"], row: str, tmp_path: Path) -> None:
    """evidence.md, XML: Signer, capacity. The last that the client declared, as its word, and in the XML once."""
    walk = Walk(language=language).create()
    for number in ("Gérant", "Gérante de Martin SARL"):
        walk.say(events.ExtrinsicAdded(signer=walk.signer, type="capacity", number=number), actor=CLIENT)
    document = written(walk.open().look().agree().code().sign().deliver())
    signer = xml.read(document).signer
    assert signer.capacity is not None
    assert (signer.capacity.text, signer.capacity.field, signer.extrinsic) == ("Gérante de Martin SARL", "number", ())
    assert signer.capacity.salt
    assert re.search(row, text_of(pdf.render(document), tmp_path))


def test_a_login_and_its_payment_are_told_with_their_openings() -> None:
    """evidence.md, XML: Extrinsic; whatever the dossier shows carries its openings."""
    told = xml.read(written(declared("fr"))).signer.extrinsic
    assert [(each.kind, each.number.field if each.number else None) for each in told] == [
        ("login", "account"),
        ("payment", "payment"),
        ("payment", "number"),
        ("IDCARD", "number"),
        ("proof_folder", None),
        ("proof_file", None),
    ]
    assert all(each.number.salt for each in told if each.number)


def test_a_login_without_a_payment_tells_none() -> None:
    walk = Walk().create()
    event = events.LoginAsserted(
        signer=walk.signer, means="SMS", asserted_at=chain.instant(walk.at), account="camille-4711"
    )
    walk.say(event, actor=CLIENT)
    told = xml.read(written(walk.open().look().agree().code().sign().deliver())).signer.extrinsic
    assert [each.kind for each in told] == ["login"]


def test_a_path_of_which_nothing_was_said_has_no_such_row(tmp_path: Path) -> None:
    text = text_of(pdf.render(written(trails.signed())), tmp_path)
    assert "Déclaré par le client" not in text
    assert "Qualité" not in text
