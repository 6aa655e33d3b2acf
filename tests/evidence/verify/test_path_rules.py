"""What an authority was not allowed to certify carries no trust (RFC 5280, 4.2.1.9, 4.2.1.10 and 6.1)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from evidence.keys import Identity
from evidence.timestamps import LocalAuthority, LocalTimeStamper
from evidence.verify import certificates
from evidence.verify.failures import NotSound
from evidence.verify.path_rules import follows_rules
from evidence.verify.verdicts import Verdict
from signing.engine import crls
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_purposes import like, usage
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import sound

__all__ = ["quiet"]  # a fixture
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
CERTIFIES = usage("key_cert_sign", "crl_sign")


def _name(organization: str, common: str, *, mail: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common)]
    parts += [(NameOID.EMAIL_ADDRESS, mail)] if mail else []
    return x509.Name([x509.NameAttribute(*each) for each in parts])


def _within(organization: str) -> x509.DirectoryName:
    return x509.DirectoryName(x509.Name(list(_name(organization, "CA"))[:2]))


def only(*names: x509.GeneralName) -> x509.NameConstraints:
    return x509.NameConstraints(list(names), None)


def none_of(*names: x509.GeneralName) -> x509.NameConstraints:
    return x509.NameConstraints(None, list(names))


def certificate(name: x509.Name, above: Identity, key: Any, *extensions: x509.ExtensionType) -> x509.Certificate:
    at, own = authority.AT, above.certificate.public_key()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(above.certificate.subject)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=900))
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    named = x509.AuthorityKeyIdentifier.from_issuer_public_key(own)  # type: ignore[arg-type]  # of an elliptic curve
    made = made.add_extension(named, critical=False)
    for each in extensions:
        made = made.add_extension(each, critical=not isinstance(each, x509.SubjectAlternativeName))
    return made.sign(above.key, hashes.SHA256())


def below(above: Identity, name: x509.Name, *extensions: x509.ExtensionType, length: int | None = None) -> Identity:
    """An authority below another."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate(name, above, key, x509.BasicConstraints(ca=True, path_length=length), *extensions)
    return Identity("below", key, own, (above.certificate, *above.chain))


def unit(above: Identity, *extensions: x509.ExtensionType, mail: str = "") -> Identity:
    """A unit that stamps, of another organisation."""
    key = ec.generate_private_key(ec.SECP256R1())
    told = [x509.BasicConstraints(ca=False, path_length=None), usage("digital_signature")]
    told.append(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]))
    own = certificate(_name("Other", "Unit", mail=mail), above, key, *told, *extensions)
    return Identity("tsa", key, own, (above.certificate, *above.chain))


def _mail(name: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.RFC822Name(name)])


def _host(name: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(name)])


SHOP = _name("Small shop", "CA")
REFUSED: dict[str, tuple[list[x509.ExtensionType], list[x509.ExtensionType]]] = {
    "no usage for certificates": ([usage("digital_signature", "crl_sign")], []),
    "an extension that nobody knows": ([CERTIFIES, UNKNOWN], []),
    "one that nobody knows in what it certifies": ([CERTIFIES], [UNKNOWN]),
    "for its own organisation only": ([CERTIFIES, only(_within("Small shop"))], []),
    "not for the other organisation": ([CERTIFIES, none_of(_within("OTHER "))], []),
    "for addresses of a host only": ([CERTIFIES, only(x509.RFC822Name("a.example"))], [_mail("x@b.a.example")]),
    "for addresses below a domain only": ([CERTIFIES, only(x509.RFC822Name(".a.example"))], [_mail("x@a.example")]),
    "for one address only": ([CERTIFIES, only(x509.RFC822Name("x@a.example"))], [_mail("y@a.example")]),
    "for a domain only": ([CERTIFIES, only(x509.DNSName("a.example"))], [_host("ba.example")]),
    "not for a domain": ([CERTIFIES, none_of(x509.DNSName("a.example"))], [_host("b.A.example")]),
    "not for a kind of name that is not compared": (
        [CERTIFIES, none_of(x509.UniformResourceIdentifier("a.example"))],
        [x509.SubjectAlternativeName([x509.UniformResourceIdentifier("http://b.example")])],
    ),
}
LEFT: dict[str, tuple[list[x509.ExtensionType], list[x509.ExtensionType]]] = {
    "no usage at all": ([], []),
    "usage for certificates": ([CERTIFIES], []),
    "for the other organisation": ([CERTIFIES, only(_within("Small shop"), _within("oTHER"))], []),
    "not for its own": ([CERTIFIES, none_of(_within("Small shop"))], []),
    "for addresses below a domain": ([CERTIFIES, only(x509.RFC822Name(".a.example"))], [_mail("x@b.a.example")]),
    "for addresses of a host": ([CERTIFIES, only(x509.RFC822Name("a.example"))], [_mail("x@A.example")]),
    "for one address": ([CERTIFIES, only(x509.RFC822Name("x@a.example"))], [_mail("x@A.example")]),
    "for a domain": ([CERTIFIES, only(x509.DNSName("a.example"))], [_host("b.a.example")]),
    "for addresses, and there is none": ([CERTIFIES, only(x509.RFC822Name("a.example"))], []),
}


def _follows(above: list[x509.ExtensionType], own: list[x509.ExtensionType], *, mail: str = "") -> bool:
    lowest = unit(below(authority.pki().root, SHOP, *above), *own, mail=mail)
    return follows_rules(lowest.certificate, lowest.chain)


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_authority_may_not_certify_is_told(name: str) -> None:
    assert not _follows(*REFUSED[name])


@pytest.mark.parametrize("name", LEFT)
def test_what_it_may_certify_is_not(name: str) -> None:
    assert _follows(*LEFT[name])


@pytest.mark.parametrize(("mail", "follows"), [("x@a.example", True), ("x@b.example", False)])
def test_an_address_in_the_name_counts_where_there_is_no_other(mail: str, *, follows: bool) -> None:
    assert _follows([CERTIFIES, only(x509.RFC822Name("a.example"))], [], mail=mail) is follows


@pytest.mark.parametrize(("length", "follows"), [(None, True), (1, True), (0, False)])
def test_a_chain_is_no_longer_than_its_authorities_allow(length: int | None, *, follows: bool) -> None:
    """The unit itself does not count, nor an authority that certifies itself anew."""
    highest = below(authority.pki().root, SHOP, length=length)
    anew = below(highest, SHOP, length=length)
    for middle, expected in ((highest, True), (anew, True), (below(anew, _name("Shop", "Second")), follows)):
        lowest = unit(middle)
        assert follows_rules(lowest.certificate, lowest.chain) is expected


def test_all_who_ask_for_a_chain_ask_for_it() -> None:
    """The check before release, too."""
    lowest = unit(below(authority.pki().root, SHOP, *REFUSED["for its own organisation only"][0]))
    with pytest.raises(NotSound) as found:
        certificates.check_chain(lowest.certificate, lowest.chain, at=authority.AT, check="chain")
    assert found.value.check == "chain"


@pytest.mark.parametrize(
    "name", ["for its own organisation only", "no usage for certificates", "an extension that nobody knows"]
)
def test_a_time_stamp_that_its_authority_may_not_certify_is_not_believed(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, _stamped(*REFUSED[name][0]))
    signature, archive = found.signatures
    assert found.verdict is Verdict.UNTRUSTED
    assert set(codes(found)) == {"not_proven"}
    assert (signature.proven, archive.proven, archive.trust) == (False, False, "untrusted")


def test_one_that_it_may_certify_is(tmp_path: Path) -> None:
    found = examine(tmp_path, _stamped(CERTIFIES))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


def _stamped(*extensions: x509.ExtensionType) -> bytes:
    """Signed by one of ours, with time stamps of another authority below our root."""
    pki, middle = authority.pki(), below(authority.pki().root, SHOP, *extensions)
    stamper = LocalTimeStamper(LocalAuthority(unit(middle), policy=authority.TSA_POLICY, clock=lambda: authority.AT))
    until = authority.AT + timedelta(days=30)
    own = crls.revocation_list(
        middle.key, middle.certificate, number=2, this_update=authority.AT, next_update=until, revoked=()
    )
    document = sound.contract(1)
    means: dict[str, Any] = {"timestamper": stamper, "crls": [*pki.crls(), own]}
    return files._sign(document, document, "Paraphe-1", **means).content


def test_a_condition_that_nobody_knows_is_the_reason_and_not_revocation(tmp_path: Path) -> None:
    key, document = OneUseKey.generate(), sound.contract(1)
    means: dict[str, Any] = {"key": key, "certificate": like(authority.certify(key), UNKNOWN)}
    found = examine(tmp_path, files._sign(document, document, "Paraphe-1", **means).content)
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["not_permitted_by_issuer"])
