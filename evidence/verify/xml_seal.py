"""The seal of dossier.xml (XAdES, EN 319 132-1), checked with lxml and cryptography; the signer used signxml."""

from __future__ import annotations

import base64
import copy
import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.utils.translation import gettext
from lxml import etree

from evidence.dossier import xml
from evidence.verify.failures import NotSound
from evidence.verify.proofs import Proofs

DS, XADES = "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"

_MOST_REFERENCES = 8
"""What each of them names is put in canonical form and digested before any signature value is held."""


def check(document: bytes, proofs: Proofs) -> None:
    """Check references, certificate, signature value, time stamp and chain. Raises `NotSound` (xml_seal, …)."""
    root = xml.parse(document)
    seals = list(root.iter(f"{DS}Signature"))
    _need(len(seals) == 1 and seals[0].getparent() is root)
    seal, info = seals[0], _one(seals[0], f"{DS}SignedInfo")
    covered = _references(root, seal, info)
    properties = _one(seal, f"{XADES}SignedProperties")
    _need(root in covered and properties in covered)
    certificate = x509.load_der_x509_certificate(_bytes(_one(seal, f"{DS}X509Certificate")))
    said = _bytes(_one(_one(properties, f"{XADES}CertDigest"), f"{DS}DigestValue"))
    _need(said in {certificate.fingerprint(each) for each in (hashes.SHA256(), hashes.SHA512())})
    value = _one(seal, f"{DS}SignatureValue")
    _verify(certificate, _bytes(value), _canonical(info))
    at = proofs.token(_bytes(_one(seal, f"{XADES}EncapsulatedTimeStamp")), _canonical(value))
    proofs.chain(certificate, (), at)


def _references(root: etree._Element, seal: etree._Element, info: etree._Element) -> list[etree._Element]:
    """What is signed, each digest held."""
    named = [(str(each.get("Id")), each) for each in root.iter(etree.Element) if each.get("Id")]
    ids = dict(named)
    _need(len(ids) == len(named))
    covered = []
    _need(len(list(info.iter(f"{DS}Reference"))) <= _MOST_REFERENCES)
    for reference in info.iter(f"{DS}Reference"):
        uri = str(reference.get("URI"))
        target = ids.get(uri[1:], info) if uri else root  # what is lost has no digest that fits
        canonical = _canonical(target) if uri else _without(root, seal)
        _need(hashlib.sha256(canonical).digest() == _bytes(_one(reference, f"{DS}DigestValue")))
        covered.append(target)
    return covered


def _without(root: etree._Element, seal: etree._Element) -> bytes:
    """The canonical document without its seal (enveloped-signature transform)."""
    place = list(root).index(seal)
    twin = copy.deepcopy(root)
    twin.remove(twin[place])
    return _canonical(twin)


def _verify(certificate: x509.Certificate, value: bytes, signed: bytes) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            numbers = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            key.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256()))
            return
        if not isinstance(key, rsa.RSAPublicKey):
            raise NotSound("xml_seal", gettext("La clé du cachet n’est ni EC ni RSA."))
        key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise NotSound("xml_seal", gettext("La valeur de signature de dossier.xml est fausse.")) from error


def _canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", with_tail=False)


def _one(within: etree._Element, name: str) -> etree._Element:
    found = within.find(f".//{name}")
    if found is None:
        raise NotSound("xml_seal", gettext("Le cachet de dossier.xml est incomplet."))
    return found


def _bytes(element: etree._Element) -> bytes:
    return base64.b64decode(element.text or "")


def _need(holds: bool) -> None:  # noqa: FBT001 - a condition
    if not holds:
        raise NotSound("xml_seal", gettext("Le cachet de dossier.xml n’est pas celui de ce contenu."))
