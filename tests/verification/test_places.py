"""Reference and digits stand in all six places (evidence.md, Dossier, 4), and whoever verifies says where they do not.

Places: stamp and /Reason, the certificate's serialNumber, SMS and e-mail, entries, dossier, archive metadata. Both
verifiers say the same (`containers.agree`).
"""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import events
from evidence.archive import contents
from evidence.models import Dossier, Entry, Trail
from otp.codes import Issued
from otp.delivery import Mail
from signing.backend import letters, stamps
from tests.backend import bare_orders
from tests.evidence import trails
from tests.evidence.trails import Walk
from tests.verification.containers import built, contained, false, listed_anew, read, rewritten, verified

SIGNATURE, BINDING = "Signature du document 1", "Lien entre signataire, documents et textes"


@dataclasses.dataclass
class Told(Walk):
    """A path on which one entry tells another binding, other digits or another reference."""

    wrong: str = ""

    def say(self, event: events.Event, **given: Any) -> Entry:
        kind, _, field = self.wrong.partition(" ")
        if event.kind == kind:
            other = {"binding": "0" * 64, "digits": "0" * 8, "reference": "EXS-2026-999999"}[field]
            event = event.model_copy(update={field: other})
        return super().say(event, **given)


def walked(**given: str) -> Walk:
    return Told(**given).create().open().look().agree().code().sign().deliver()  # type: ignore[arg-type]  # a factory's fields


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "claim"),
    [
        ({"reason": "Je signe."}, SIGNATURE),
        ({"reason": "dossier EXS-2026-000001, empreinte 00000000", "reference": "EXS-2026-000001"}, SIGNATURE),
        ({"serial_number": "EXS-2026-999999-00000000"}, SIGNATURE),
        ({"wrong": "code.issued digits"}, BINDING),
        ({"wrong": "code.issued binding"}, BINDING),
        ({"wrong": "certificate.requested binding"}, BINDING),
    ],
    ids=str,
)
def test_a_place_that_names_another_dossier_is_named(given: dict[str, str], claim: str, tmp_path: Path) -> None:
    contained(walked(**given), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, list(false(claims))) == (1, [claim])


def test_a_dossier_that_says_other_digits_is_named(two: tuple[Path, Path]) -> None:
    one, _ = two
    whole = read(one)
    begin, _, rest = whole["dossier.xml"].decode().partition('digits="')
    changed = {**whole, "dossier.xml": f'{begin}digits="00000000{rest[8:]}'.encode()}
    status, claims = verified(rewritten(one, listed_anew(changed), name="digits.asice"))
    assert status == 1
    assert BINDING in false(claims)


@pytest.mark.django_db
def test_archive_metadata_name_reference_and_digits() -> None:
    told, _ = built(trails.signed())
    metadata = str(contents.metadata(Dossier(trail=Trail()), told))
    assert told.transaction.reference in metadata
    assert (told.summary.digits or "?") in metadata


def test_messages_stamp_and_reason_name_reference_and_digits(walk: Path) -> None:
    """The SMS: tests/signing/test_sms.py; what is drawn in the stamp: tests/engine/test_stamp.py."""
    order = bare_orders.opened()
    bare_orders.with_document(order, walk)
    message = letters.code_message(order, Issued(1, "123456", now(), 3))
    assert isinstance(message, Mail)
    grouped = f"{order.digits[:4]} {order.digits[4:]}"
    for said in (stamps.reason(order), message.text.replace(grouped, order.digits)):
        assert order.reference in said
        assert order.digits in said
