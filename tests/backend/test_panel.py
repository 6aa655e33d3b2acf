"""What the signature panel of a reader has to show: reason, place, contact, the notice of the policy."""

from pathlib import Path

import pikepdf
from asn1crypto import cms
from cryptography import x509

from signing.backend import authority
from signing.backend.models import Order
from signing.clients.models import Client
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.signing import walks
from tests.verification import judges


def signed(folder: Path, **client: str) -> Path:
    order = bare_orders.opened()
    Client.objects.filter(pk=order.client_id).update(**client)
    order = Order.objects.get(pk=order.pk)
    bare_orders.with_document(order, folder)
    bare_orders.sign(order)
    walks.work(kinds=ALL)
    return order.requests.get().path


def notices(file: Path) -> list[str | None]:
    """What the policies of the signer's certificate say to people."""
    message = cms.ContentInfo.load(judges.cut(file)[0].message)
    (own,) = (each.chosen for each in message["content"]["certificates"] if not each.chosen.ca)
    certificate = x509.load_der_x509_certificate(own.dump())
    (policy,) = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    qualifiers = policy.policy_qualifiers or []
    return [each.explicit_text for each in qualifiers if isinstance(each, x509.UserNotice)]


def test_place_contact_and_notice_are_the_client_s_and_the_operator_s(walk: Path) -> None:
    file = signed(
        walk,
        location="Lyon",
        contact_name="Julie Bernard",
        contact_phone="04 00 00 00 00",
        contact_email="julie@exemple.fr",
    )
    with pikepdf.open(file) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        assert str(signature.Location) == "Lyon"
        assert str(signature.ContactInfo) == "Julie Bernard, 04 00 00 00 00, julie@exemple.fr"
        assert "dossier EXS-" in str(signature.Reason)
    assert notices(file) == [f"{authority.TEST} {authority.NOTICE}"]


def test_a_notice_is_as_short_as_the_standard_wants_it() -> None:
    """RFC 5280, 4.2.1.4: 200 characters at most."""
    assert len(f"{authority.TEST} {authority.NOTICE}") <= 200


def test_what_a_client_does_not_say_is_not_shown(walk: Path) -> None:
    with pikepdf.open(signed(walk)) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        assert "/Location" not in signature
        assert "/ContactInfo" not in signature
