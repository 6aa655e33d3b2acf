"""An issuing CA that the operator has from elsewhere, judged before anything of it is installed.

Its own root stands directly above it. The rest of the PKI (time stamping, seal, access) is then made by the ceremony,
below that CA. Messages are French sentences for the operator.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.disk import write
from evidence.keys import EXAMPLE_ARC, PrivateKey

MARK = "given.txt"
"""File in the folder of certificates: the root's key is the operator's affair, no ceremony asks for it."""
SHORTEST_RSA = 3072
_DIGESTS = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


class AuthorityRefused(Exception):
    """What was given is no issuing CA for this service."""


@dataclass(frozen=True)
class GivenAuthority:
    """Certificate, root and the root's list; `key` None where it is in the token."""

    certificate: x509.Certificate
    root: x509.Certificate
    root_list: x509.CertificateRevocationList
    key: PrivateKey | None

    def install(self, keys: Path, public: Path) -> None:
        """Put everything where the service looks for it: the list again replaces the former one.

        Raises AuthorityRefused where another CA is installed, or a newer list: it may name what this one does not yet.
        """
        there = public / "issuing.crt"
        if there.exists() and x509.load_pem_x509_certificate(there.read_bytes()) != self.certificate:
            raise AuthorityRefused("Une autre autorité est déjà installée ici.")
        made = _made(public / "root.crl")
        if made is not None and self.root_list.last_update_utc < made:
            raise AuthorityRefused("La liste de la racine qui est là est plus récente : donnez la dernière.")
        if self.key is not None:
            pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write(keys / "issuing.key", pem, mode=0o600)
        write(public / MARK, "Autorité donnée par l'exploitant.\n".encode(), mode=0o644)
        write(public / "root.crl", self.root_list.public_bytes(Encoding.DER), mode=0o644)
        for name, certificate in (("root", self.root), ("issuing", self.certificate)):
            write(public / f"{name}.cer", certificate.public_bytes(Encoding.DER), mode=0o644)
            write(public / f"{name}.crt", certificate.public_bytes(Encoding.PEM), mode=0o644)


def read(
    certificate: Path, root: Path, root_list: Path, key: Path | None, *, held: PrivateKey | None
) -> GivenAuthority:
    """Read the files, PEM or DER; `held`: the key in the token, where none is given. Raises AuthorityRefused."""
    own = _certificate(certificate)
    secret = held if key is None else _key(key)
    if secret is None:
        raise AuthorityRefused("Il n'y a pas de clé nommée « issuing » dans le jeton PKCS#11 (PKCS11_KEYS).")
    if secret.public_key() != own.public_key():
        raise AuthorityRefused("La clé n'est pas celle du certificat.")
    return GivenAuthority(own, _certificate(root), _list(root_list), None if key is None else secret)


def check(given: GivenAuthority, *, at: datetime) -> None:
    """Raise AuthorityRefused for what cannot issue one-use certificates that strangers will verify."""
    own, root = given.certificate, given.root
    for each in (own, root):
        _check_authority(each, at)
    if own.subject == own.issuer or root.subject != root.issuer:
        raise AuthorityRefused("Il faut une autorité intermédiaire et sa racine, auto-signée, juste au-dessus d'elle.")
    try:
        own.verify_directly_issued_by(root)
        root.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise AuthorityRefused("Ce certificat n'a pas été émis par cette racine.") from error
    _check_room_below(own, root)
    key = root.public_key()
    listed = given.root_list
    known = isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) and listed.is_signature_valid(key)
    if not known or listed.issuer != root.subject:
        raise AuthorityRefused("La liste de révocation n'est pas celle de la racine.")
    if listed.next_update_utc is None or listed.next_update_utc <= at:
        raise AuthorityRefused("La liste de révocation de la racine est échue.")
    if listed.get_revoked_certificate_by_serial_number(own.serial_number) is not None:
        raise AuthorityRefused("Ce certificat est révoqué.")


def _check_authority(certificate: x509.Certificate, at: datetime) -> None:
    name = certificate.subject.rfc4514_string()
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise AuthorityRefused(f"{name} : hors de sa période de validité.")
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise AuthorityRefused(f"{name} : ce n'est pas le certificat d'une autorité.") from error
    if not (constraints.ca and usage.key_cert_sign and usage.crl_sign):
        raise AuthorityRefused(f"{name} : ce certificat ne permet pas d'émettre des certificats et des listes.")
    key = certificate.public_key()
    strong = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1)
    if not strong and not (isinstance(key, rsa.RSAPublicKey) and key.key_size >= SHORTEST_RSA):
        raise AuthorityRefused(f"{name} : il faut une clé EC P-256 ou P-384, ou RSA de {SHORTEST_RSA} bits au moins.")
    if any(oid.startswith(EXAMPLE_ARC) for oid in _policies(certificate)):
        raise AuthorityRefused(f"{name} : sa politique est sous l'arc des exemples, celui des bacs à sable.")


def _check_room_below(own: x509.Certificate, root: x509.Certificate) -> None:
    """Whether the whole PKI finds place below: signers of any name, time stamping, seal, access (RFC 5280, 6.1)."""
    longest = root.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    if longest == 0:
        raise AuthorityRefused("La racine ne permet aucune autorité au-dessous d'elle (pathLenConstraint).")
    for each in (own, root):
        if any(_is_limit(extension.value) for extension in each.extensions):
            name = each.subject.rfc4514_string()
            raise AuthorityRefused(f"{name} : limitée à certains noms ou à certains usages.")
    if not isinstance(own.signature_hash_algorithm, _DIGESTS):
        raise AuthorityRefused("Ce certificat est signé avec une empreinte qui ne vaut plus.")


def _is_limit(extension: x509.ExtensionType) -> bool:
    if isinstance(extension, x509.ExtendedKeyUsage):
        return ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE not in extension
    return isinstance(extension, x509.NameConstraints)


def _policies(certificate: x509.Certificate) -> list[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return []
    return [each.policy_identifier.dotted_string for each in found]


def _certificate(path: Path) -> x509.Certificate:
    content = _content(path)
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
        return load(content)
    except ValueError as error:
        raise AuthorityRefused(f"{path.name} n'est pas un certificat.") from error


def _list(path: Path) -> x509.CertificateRevocationList:
    content = _content(path)
    try:
        return (x509.load_pem_x509_crl if b"-----BEGIN" in content else x509.load_der_x509_crl)(content)
    except ValueError as error:
        raise AuthorityRefused(f"{path.name} n'est pas une liste de révocation.") from error


def _made(path: Path) -> datetime | None:
    """When a list that is there was made; None for none, and for what is none: it is replaced."""
    try:
        return _list(path).last_update_utc
    except AuthorityRefused:
        return None


def _key(path: Path) -> PrivateKey:
    try:
        key = load_pem_private_key(_content(path), password=None)
    except (ValueError, TypeError) as error:
        raise AuthorityRefused(f"{path.name} n'est pas une clé PEM sans mot de passe.") from error
    if not isinstance(key, PrivateKey):
        raise AuthorityRefused(f"{path.name} n'est ni une clé EC ni une clé RSA.")
    return key


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AuthorityRefused(f"{path} ne se lit pas.") from error
