"""The ceremony of the sandbox: keys, certificates and first lists, made from the declared file.

Held again it keeps what is there, completes what is missing where that is possible (a certificate for a key that has
none) and refuses in a sentence where it is not (a certificate without its key). Keys are written before what is
signed with them, each file at once (write, fsync, rename), so that a ceremony that was cut short can be held again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from evidence.disk import write
from evidence.tokens import KeyUnavailable, Token
from signing.backend.given import MARK, SHORTEST_RSA
from signing.backend.pki import CertificateDeclared, Declaration, ListDeclared
from signing.engine import crls, names, profiles
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Policies, SigningKey, Validity

_CURVES: Mapping[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
_BACKDATED = timedelta(minutes=1)
"""Certificates and lists begin a minute early: a verifier's clock may be a little slow."""

_ISSUED: Mapping[str, Callable[[Issuer, Content], x509.Certificate]] = {
    "issuing": profiles.issuing,
    "tsa": profiles.time_stamping_unit,
    "seal": profiles.seal,
}
_SELF_SIGNED: Mapping[str, Callable[[SigningKey, Content], x509.Certificate]] = {
    "root": profiles.root,
    "access": profiles.access,
}


class CeremonyRefused(Exception):
    """What is there cannot be completed; the message is a French sentence for the operator."""


@dataclass(frozen=True)
class Place:
    """Where the PKI lives and whose it is. `operator`: name, country, organization_identifier.

    The keys named `in_token` are made and used in `token`, and are never a file.
    """

    keys: Path
    public: Path
    pki_url: str
    hosts: tuple[str, ...]
    operator: Mapping[str, str]
    token: Token | None = None
    in_token: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One file of the ceremony and what became of it: made, kept or renewed. `until`: what the operator renews."""

    file: str
    outcome: str
    until: datetime | None = None


class Ceremony:
    """One run over one place; `steps()` does the work and tells it."""

    def __init__(self, declaration: Declaration, place: Place, *, at: datetime) -> None:
        self._declaration = declaration
        self._place = place
        self._at = at.replace(microsecond=0)
        self._keys: dict[str, SigningKey] = {}
        self._certificates: dict[str, x509.Certificate] = {}

    def steps(self) -> Iterator[Step]:
        """Make what is missing, in the order of the declaration. Raises CeremonyRefused."""
        for certificate in self._declaration.certificates.values():
            yield self._key(certificate)
            yield self._certificate(certificate)
        for revocation_list in self._declaration.lists.values():
            yield self._list(revocation_list)

    @property
    def _is_given(self) -> bool:
        """Whether root and issuing CA come from elsewhere (`signing.backend.given`)."""
        return (self._place.public / MARK).exists()

    def _key(self, declared: CertificateDeclared) -> Step:
        if self._place.token is not None and declared.name in self._place.in_token:
            return self._key_in(self._place.token, declared)
        path = self._place.keys / f"{declared.name}.key"
        if path.exists():
            self._keys[declared.name] = _load_key(path)
            return Step(path.name, "kept")
        if (self._place.public / f"{declared.name}.crt").exists():
            if declared.name == "root" and self._is_given:
                return Step("root.crt (donnée)", "kept")
            raise CeremonyRefused(
                f"Le certificat {declared.name}.crt existe mais sa clé {path.name} manque : rendez la clé, "
                "ou retirez tout le dossier pour une nouvelle cérémonie."
            )
        key = ec.generate_private_key(_CURVES[declared.curve])
        write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
        self._keys[declared.name] = key
        return Step(path.name, "made")

    def _key_in(self, token: Token, declared: CertificateDeclared) -> Step:
        try:
            key = token.key(declared.name)
            outcome = "kept" if key else "made"
            if key is None and (self._place.public / f"{declared.name}.crt").exists():
                raise CeremonyRefused(f"Le certificat {declared.name}.crt existe mais sa clé n'est pas dans le jeton.")
            if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SHORTEST_RSA:
                raise CeremonyRefused(f"La clé {declared.name} du jeton est trop courte : RSA de {SHORTEST_RSA} bits.")
            self._keys[declared.name] = key or token.generate(declared.name, _CURVES[declared.curve])
        except KeyUnavailable as error:
            raise CeremonyRefused(f"Le jeton PKCS#11 ne répond pas : {error}") from error
        return Step(f"{declared.name} (jeton)", outcome)

    def _certificate(self, declared: CertificateDeclared) -> Step:
        path = self._place.public / f"{declared.name}.crt"
        outcome = "made"
        if path.exists():
            found = _load_certificate(path)
            self._belongs(declared, found)
            outcome = "renewed" if self._outdated(declared, found) else "kept"
            self._certificates[declared.name] = found
        if outcome != "kept":
            self._certificates[declared.name] = self._issue(declared)
            write(path, self._certificates[declared.name].public_bytes(Encoding.PEM), mode=0o644)
        published = self._place.public / f"{declared.name}.cer"
        # caIssuers points here; RFC 5280, 4.2.2.1 asks for DER.
        write(published, self._certificates[declared.name].public_bytes(Encoding.DER), mode=0o644)
        return Step(path.name, outcome)

    def _belongs(self, declared: CertificateDeclared, found: x509.Certificate) -> None:
        own = self._keys.get(declared.name)  # none for a root that is the operator's affair
        if own is not None and found.public_key() != own.public_key():
            raise CeremonyRefused(f"La clé et le certificat « {declared.name} » ne vont pas ensemble.")
        issuer = found if declared.issuer is None else self._certificates[declared.issuer]
        try:
            found.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise CeremonyRefused(
                f"Le certificat {declared.name}.crt n'a pas été émis par « {declared.issuer or declared.name} » "
                "tel qu'il est là : les deux ne viennent pas de la même cérémonie."
            ) from error

    def _outdated(self, declared: CertificateDeclared, found: x509.Certificate) -> bool:
        if declared.renew_before is None:
            return False
        return found.not_valid_after_utc - declared.renew_before <= self._at or _hosts(found) != set(self._place.hosts)

    def _issue(self, declared: CertificateDeclared) -> x509.Certificate:
        key = self._keys[declared.name]
        content = Content(
            self._subject(declared), key.public_key(), new_serial(), self._validity(declared), self._policies(declared)
        )
        if declared.issuer is None:
            return _SELF_SIGNED[declared.name](key, content)
        published = f"{self._place.pki_url}/{declared.issuer}"
        issuer = Issuer(self._keys[declared.issuer], self._certificates[declared.issuer], published)
        if declared.name == "tls":
            return profiles.tls_server(issuer, content, self._place.hosts)
        return _ISSUED[declared.name](issuer, content)

    def _subject(self, declared: CertificateDeclared) -> x509.Name:
        if declared.name == "tls":
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self._place.hosts[0][:64])])
        who = self._place.operator
        common = names.common_name(who["name"], declared.role)
        return profiles.organization(who["country"], who["name"], who["organization_identifier"], common)

    def _validity(self, declared: CertificateDeclared) -> Validity:
        begin = self._at - _BACKDATED
        return Validity(begin, begin + declared.lifetime)

    def _policies(self, declared: CertificateDeclared) -> Policies | None:
        if not declared.policies:
            return None
        return Policies(declared.policies, self._declaration.cps_uri(self._place.pki_url))

    def _list(self, declared: ListDeclared) -> Step:
        path = self._place.public / f"{declared.name}.crl"
        number, outcome = 1, "made"
        found = x509.load_der_x509_crl(path.read_bytes()) if path.exists() else None
        if declared.name not in self._keys:  # of a root that is the operator's affair: however long it makes its lists
            until = None if found is None else found.next_update_utc
            if until is None or until <= self._at:
                raise CeremonyRefused("La liste de la racine manque ou est échue : install_authority --root-list.")
            return Step(path.name, "kept", until)
        if found is not None:
            if not _list_outdated(declared, found, self._at):
                return Step(path.name, "kept")
            number, outcome = _number(found) + 1, "renewed"
        der = crls.revocation_list(
            self._keys[declared.name],
            self._certificates[declared.name],
            number=number,
            this_update=self._at,
            next_update=self._at + declared.lifetime,
        )
        write(path, der, mode=0o644)
        if declared.pem:
            pem = x509.load_der_x509_crl(der).public_bytes(Encoding.PEM)
            write(path.with_name(f"{path.name}.pem"), pem, mode=0o644)
        return Step(path.name, outcome)


def _load_key(path: Path) -> SigningKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise CeremonyRefused(f"La clé {path.name} ne se lit pas : {error}") from error
    if not isinstance(key, SigningKey):
        raise CeremonyRefused(f"La clé {path.name} n'est ni EC ni RSA.")
    return key


def _load_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise CeremonyRefused(f"Le certificat {path.name} ne se lit pas : {error}") from error


def _hosts(found: x509.Certificate) -> set[str]:
    names_of = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(entry.value) for entry in names_of}


def _list_outdated(declared: ListDeclared, found: x509.CertificateRevocationList, at: datetime) -> bool:
    until = found.next_update_utc
    return declared.renew_before is not None and (until is None or until - declared.renew_before <= at)


def _number(found: x509.CertificateRevocationList) -> int:
    return found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
