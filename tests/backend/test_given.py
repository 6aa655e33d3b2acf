"""An issuing CA given as files (issue, part 7): judged, installed, and what is signed below it judged by others."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from evidence import files, keys
from evidence.models import Dossier
from signing.backend.states import OrderStatus
from signing.clients.models import Client
from signing.engine import profiles
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Validity
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.backend.given import PUBLISHED, Parent, arguments, install, listed_anew, parent
from tests.signing import walks
from tests.verification import judges


def identified_otherwise(made: Parent) -> Parent:
    """The same CA with a key identifier that is no SHA-1 of its key."""
    builder = x509.CertificateBuilder().subject_name(made.certificate.subject).issuer_name(made.root.subject)
    builder = builder.public_key(made.key.public_key()).serial_number(new_serial())
    builder = builder.not_valid_before(made.certificate.not_valid_before_utc)
    builder = builder.not_valid_after(made.certificate.not_valid_after_utc)
    for extension in made.certificate.extensions:
        own = isinstance(extension.value, x509.SubjectKeyIdentifier)
        value = x509.SubjectKeyIdentifier(bytes(range(20))) if own else extension.value
        builder = builder.add_extension(value, extension.critical)
    return replace(made, certificate=builder.sign(made.root_key, hashes.SHA384()))


@pytest.mark.parametrize("identified", ["SHA-1", "SHA-256"])
def test_what_is_signed_below_it_leads_to_the_operators_root(empty: Path, identified: str) -> None:
    """In production: policy of the operator's arc, no TEST; openssl, pdfsig, xmlsec1 and our own verification agree.

    Also where the CA's key identifier was made in another way than ours (RFC 7093).
    """
    made = parent() if identified == "SHA-1" else identified_otherwise(parent())
    assert "Signatures du groupe" in install(made, empty)
    call_command("ceremony", stdout=io.StringIO())
    assert not (empty / "KEYS_DIR" / "root.key").exists()
    assert keys.root() == made.root
    assert keys.open_identity("tsa").chain == (made.certificate, made.root)
    walks.a_client()
    Client.objects.update(environment=Client.Environment.PRODUCTION)
    order = bare_orders.opened()
    bare_orders.with_document(order, empty, stamp={"slot": 0})
    bare_orders.sign(order)
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    signed = order.requests.get().path
    assert "TEST" not in judges.text(signed)
    root = empty / "given" / "root.pem"
    said = judges.pdfsig(signed, root=root, at=now())[0]
    assert (said.validation, said.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    assert "successful" in judges.openssl_cms(judges.cut(signed)[0], root=root, at=now())
    row = Dossier.objects.get()
    xml, pdf = empty / "dossier.xml", empty / "dossier.pdf"
    xml.write_bytes(files.read(row.xml_sha256))
    pdf.write_bytes(files.read(row.pdf_sha256))
    judges.xmlsec1_verify(xml, root=root, at=now())
    out = io.StringIO()
    call_command("verify", str(signed), str(pdf), stdout=out)
    assert [json.loads(line)["verdict"] for line in out.getvalue().splitlines()] == ["valid", "valid"]


def test_held_again_the_ceremony_keeps_it_and_a_newer_list_is_taken(empty: Path) -> None:
    made = parent()
    install(made, empty)
    call_command("ceremony", stdout=io.StringIO())
    out = io.StringIO()
    call_command("ceremony", stdout=out)
    assert "rien n'a changé" in out.getvalue()
    newer = listed_anew(made)
    install(newer, empty)
    assert (empty / "PKI_DIR" / "root.crl").read_bytes() == newer.root_list
    with pytest.raises(CommandError, match="plus récente"):
        install(made, empty)
    assert (empty / "PKI_DIR" / "root.crl").read_bytes() == newer.root_list
    (empty / "PKI_DIR" / "root.crl").write_bytes(b"<html>")  # what is none is replaced
    install(made, empty)
    assert (empty / "PKI_DIR" / "root.crl").read_bytes() == made.root_list


def stranger(made: Parent) -> Parent:
    return replace(made, root=parent().root)


def other_key(made: Parent) -> Parent:
    return replace(made, key=parent().key)


def other_list(made: Parent) -> Parent:
    return replace(made, root_list=parent().root_list)


def root_itself(made: Parent) -> Parent:
    return replace(made, certificate=made.root, key=made.root_key)


def end_entity(made: Parent) -> Parent:
    begin = now() - timedelta(days=1)
    name = profiles.organization("FR", "Groupe Exemple", "NTRFR-552100554", "Cachet")
    content = Content(name, made.key.public_key(), new_serial(), Validity(begin, begin + timedelta(days=30)))
    issuer = Issuer(made.root_key, made.root, f"{PUBLISHED}/root")
    return replace(made, certificate=profiles.seal(issuer, content))


def issued_again(
    made: Parent, *extensions: x509.ExtensionType, digest: hashes.SHA224 | hashes.SHA384 | None = None
) -> Parent:
    """The issuing certificate with these extensions instead of its own of the same kind."""
    old = made.certificate
    builder = x509.CertificateBuilder(old.issuer, old.subject, old.public_key(), old.serial_number)
    builder = builder.not_valid_before(old.not_valid_before_utc).not_valid_after(old.not_valid_after_utc)
    kinds = {each.oid for each in extensions}
    kept = [(each.value, each.critical) for each in old.extensions if each.oid not in kinds]
    for value, critical in (*kept, *((each, True) for each in extensions)):
        builder = builder.add_extension(value, critical=critical)
    return replace(made, certificate=builder.sign(made.root_key, digest or hashes.SHA384()))


def below_nothing(made: Parent) -> Parent:
    """Its root is itself the last authority that it allows."""
    begin = now() - timedelta(days=1)
    content = Content(
        made.root.subject, made.root_key.public_key(), new_serial(), Validity(begin, begin + timedelta(9))
    )
    return replace(made, root=profiles.access(made.root_key, content))


NAMES = x509.NameConstraints([x509.DNSName("exemple.fr")], None)
USAGES = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
CHANGES: dict[str, tuple[Callable[[Parent], Parent], dict[str, Any], str]] = {
    "of another root": (stranger, {}, "n'a pas été émis par cette racine"),
    "another key": (other_key, {}, "pas celle du certificat"),
    "another list": (other_list, {}, "pas celle de la racine"),
    "the root itself": (root_itself, {}, "autorité intermédiaire"),
    "a seal": (end_entity, {}, "ne permet pas d'émettre"),
    "over": (lambda made: made, {"began": timedelta(days=301)}, "hors de sa période"),
    "a list that is over": (lambda made: made, {"began": timedelta(days=201)}, "est échue"),
    "revoked": (lambda made: made, {"revoked": True}, "est révoqué"),
    "a root with no room": (below_nothing, {}, "aucune autorité au-dessous"),
    "limited to names": (lambda made: issued_again(made, NAMES), {}, "limitée à certains noms"),
    "limited to usages": (lambda made: issued_again(made, USAGES), {}, "limitée à certains noms ou"),
    "an old digest": (lambda made: issued_again(made, digest=hashes.SHA224()), {}, "ne vaut plus"),
    "of the examples": (lambda made: made, {"policy": "1.3.6.1.4.1.32473.1.9"}, "arc des exemples"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_will_not_do_is_told_and_leaves_nothing(empty: Path, kind: str) -> None:
    change, how, told = CHANGES[kind]
    with pytest.raises(CommandError, match=told):
        install(change(parent(**how)), empty)
    assert not list((empty / "KEYS_DIR").glob("*.key"))
    assert not list((empty / "PKI_DIR").glob("*"))


@pytest.mark.parametrize("name", ["certificate.pem", "root.crl", "key.pem", "absent"])
def test_files_that_are_none_are_told(empty: Path, name: str) -> None:
    words = arguments(parent(), empty / "given")
    if name == "absent":
        words[1] = str(empty / "absent")
    else:
        (empty / "given" / name).write_bytes(b"rien")
    with pytest.raises(CommandError):
        call_command("install_authority", *words, stdout=io.StringIO())
    assert not list((empty / "PKI_DIR").glob("*"))


def test_another_one_is_not_installed_over_it(empty: Path) -> None:
    made = parent()
    install(made, empty)
    with pytest.raises(CommandError, match="déjà installée"):
        install(parent(), empty)
    assert keys.certificate("issuing") == made.certificate
