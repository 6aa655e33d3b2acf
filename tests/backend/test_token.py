"""Orders signed by an issuing CA, and dossiers sealed by a seal, whose keys are in a PKCS#11 token (issue, part 7)."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.x509.oid import SignatureAlgorithmOID
from django.core.management import call_command
from django.utils.timezone import now

from evidence import files, keys, tokens
from evidence.models import Dossier
from signing.backend import heartbeat
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.evidence import pki, softhsm
from tests.signing import walks
from tests.verification import judges


@pytest.fixture(params=["EC"])
def house(walk: Path, settings: Any, request: pytest.FixtureRequest) -> Path:
    """Issuing key and seal in a token, the rest in files; with "RSA" they are the operator's, made before."""
    pki.hold()  # what other tests share is made in its own place, before the settings say another
    token = softhsm.token(f"t-{uuid.uuid4().hex[:12]}")
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN = token.module, token.label, token.pin
    settings.PKCS11_KEYS = ["issuing", "seal"]
    if request.param == "RSA":
        for name in settings.PKCS11_KEYS:
            softhsm.with_rsa(token, name)
    for name in ("KEYS_DIR", "PKI_DIR", "SANDBOX_DIR"):
        setattr(settings, name, walk / name)
    call_command("ceremony", stdout=io.StringIO())
    return walk


def ordered(folder: Path) -> Order:
    order = bare_orders.opened()
    bare_orders.with_document(order, folder)
    return bare_orders.sign(order)


@pytest.mark.parametrize(
    ("house", "kind"),
    [("EC", SignatureAlgorithmOID.ECDSA_WITH_SHA384), ("RSA", SignatureAlgorithmOID.RSA_WITH_SHA256)],
    indirect=["house"],
)
def test_what_is_signed_and_sealed_through_a_token_is_valid_for_others(
    house: Path, kind: x509.ObjectIdentifier
) -> None:
    """The one-use certificate and the list are signed as the issuing key signs; the dossier, as the seal does."""
    order = ordered(house)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    signed = order.requests.get().path
    listed = x509.load_der_x509_crl((house / "PKI_DIR" / "issuing.crl").read_bytes())
    assert listed.signature_algorithm_oid == kind
    message = cms.ContentInfo.load(judges.cut(signed)[0].message)["content"]
    carried = [x509.load_der_x509_certificate(each.chosen.dump()) for each in message["certificates"]]
    serial = int(order.certificates.get().serial, 16)
    assert [each.signature_algorithm_oid for each in carried if each.serial_number == serial] == [kind]
    root = house / "PKI_DIR" / "root.crt"
    said = judges.pdfsig(signed, root=root, at=now())[0]
    assert (said.validation, said.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    row = Dossier.objects.get()
    xml, pdf = house / "dossier.xml", house / "dossier.pdf"
    xml.write_bytes(files.read(row.xml_sha256))
    pdf.write_bytes(files.read(row.pdf_sha256))
    judges.xmlsec1_verify(xml, root=root, at=now())
    out = io.StringIO()
    call_command("verify", str(signed), str(pdf), stdout=out)
    assert [json.loads(line)["verdict"] for line in out.getvalue().splitlines()] == ["valid", "valid"]


def test_with_a_wrong_pin_orders_wait_and_go_on_when_it_is_right(house: Path, settings: Any) -> None:
    """reliability.md: CA key or token missing, wrong PIN: fail closed, alarm; nothing weaker is made."""
    right = settings.PKCS11_PIN
    tokens._forget(keys.token())
    settings.PKCS11_PIN = "000000"
    order = ordered(house)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "keys")
    assert not order.certificates.exists()
    beat = heartbeat.beat(now())
    assert not beat.good
    assert "PinIncorrect" in beat.facts["error"]
    assert "000000" not in beat.facts["error"]
    settings.PKCS11_PIN = right
    bare_orders.run(order)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    assert heartbeat.beat(now()).good
