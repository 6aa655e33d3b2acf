"""The one-use certificate and its key, the certificates above it, the revocation lists."""

import base64
from dataclasses import dataclass
from typing import Annotated, Literal

from asn1crypto import pem, x509

from evidence import events, files
from evidence.dossier.parts import Instant, Part, Sha256, Text
from evidence.dossier.story import Story, Value, given, instant, value
from evidence.trail import Read

SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organization_identifier": "organizationIdentifier",
    "country_name": "C",
}


@dataclass(frozen=True)
class Use(Part):
    """One use of the key."""

    n: int
    document: Annotated[str, "identifier of the document"]
    digest_algorithm: str
    at: Instant
    entry: int


@dataclass(frozen=True)
class Key(Part):
    """The one-use key: made in the worker, never written down, destroyed after the order."""

    algorithm: str
    means: Annotated[str, "what held it"]
    spki_sha256: Annotated[Sha256, "digest of the public key"]
    created_at: Instant
    created_entry: int
    destroyed_at: Instant | None
    destroyed_entry: int | None
    uses: Annotated[int, "how often it signed, as counted by the key itself"]
    use: tuple[Use, ...]

    @property
    def entries(self) -> tuple[int, ...]:
        """The entries of its uses."""
        return tuple(each.entry for each in self.use)


@dataclass(frozen=True)
class Above(Part):
    """A certificate above the signer's: the issuing authority, then the root."""

    role: Literal["issuer", "root"]
    subject: str
    sha256: Sha256
    not_before: Instant
    not_after: Instant
    text: Annotated[Text, "PEM"]


@dataclass(frozen=True)
class RevocationList(Part):
    """A revocation list as it was embedded in the signed files."""

    issuer: str
    number: int
    this_update: Instant
    next_update: Instant
    sha256: Sha256
    entry: int
    text: Annotated[Text, "base64 of its DER"]


@dataclass(frozen=True)
class Abandoned(Part):
    """A certificate that was asked for by an attempt that came to nothing."""

    serial: str
    reason: str
    at: Instant
    entry: int


@dataclass(frozen=True)
class Certificate(Part):
    """The certificate in the signer's name."""

    serial: str
    sha256: Sha256
    spki_sha256: Sha256
    issuer: str
    policy: Annotated[str, "object identifier; empty where it names none"]
    binding: Annotated[Sha256 | None, "what it was asked for; absent where another service asked"]
    not_before: Instant
    not_after: Instant
    requested_entry: Annotated[int | None, "absent where another service asked for it"]
    issued_entry: int
    subject: Annotated[Value | None, "distinguished name"]
    pem: Annotated[Value, "the certificate itself, which names the signer"]
    above: tuple[Above, ...]
    revocation_list: tuple[RevocationList, ...]
    key: Key | None
    abandoned: tuple[Abandoned, ...]


def certificate(story: Story) -> Certificate | None:
    """The certificate of the last attempt; None where none was issued. Raises `files.Missing`."""
    found = story.last(events.CertificateIssued)
    if found is None:
        return None
    entry, issued = found
    requested, asked = next(
        ((e, t) for e, t in story.of(events.CertificateRequested) if t.serial == issued.serial), (None, None)
    )
    return Certificate(
        serial=issued.serial,
        sha256=issued.sha256,
        spki_sha256=issued.spki_sha256,
        issuer=issued.issuer,
        policy=issued.policy,
        binding=asked.binding if asked else None,
        not_before=instant(issued.not_before),
        not_after=instant(issued.not_after),
        requested_entry=requested.seq if requested else None,
        issued_entry=entry.seq,
        subject=value(requested or entry, "subject"),
        pem=given(entry, "certificate"),
        above=(_above("issuer", issued.issuer_sha256), _above("root", issued.root_sha256)),
        revocation_list=tuple(_revocation_list(e, t) for e, t in story.of(events.RevocationCollected)),
        key=_key(story, issued.serial),
        abandoned=tuple(Abandoned(t.serial, t.reason, e.at, e.seq) for e, t in story.of(events.CertificateAbandoned)),
    )


def _above(role: Literal["issuer", "root"], sha256: str) -> Above:
    der = files.read(sha256)
    found = x509.Certificate.load(der)
    return Above(
        role=role,
        subject=_distinguished(found.subject),
        sha256=sha256,
        not_before=instant(found.not_valid_before.isoformat()),
        not_after=instant(found.not_valid_after.isoformat()),
        text=pem.armor("CERTIFICATE", der).decode().replace("\r\n", "\n"),
    )


def _distinguished(name: x509.Name) -> str:
    """`CN=…, O=…`, the most particular first."""
    parts = [(part["type"].native, part["value"].native) for each in name.chosen for part in each]
    return ", ".join(f"{SHORT.get(kind, kind)}={value}" for kind, value in reversed(parts))


def _revocation_list(entry: Read, told: events.RevocationCollected) -> RevocationList:
    return RevocationList(
        issuer=told.issuer,
        number=told.number,
        this_update=instant(told.this_update),
        next_update=instant(told.next_update),
        sha256=told.sha256,
        entry=entry.seq,
        text=base64.b64encode(files.read(told.sha256)).decode(),
    )


def _key(story: Story, serial: str) -> Key | None:
    created = next(((e, t) for e, t in story.of(events.KeyCreated) if t.serial == serial), None)
    if created is None:
        return None
    destroyed = next(((e, t) for e, t in story.of(events.KeyDestroyed) if t.serial == serial), None)
    uses = tuple(
        Use(t.use, t.document, t.digest_algorithm, e.at, e.seq)
        for e, t in story.of(events.KeyUsed)
        if t.serial == serial
    )
    return Key(
        algorithm=created[1].algorithm,
        means=created[1].means,
        spki_sha256=created[1].spki_sha256,
        created_at=created[0].at,
        created_entry=created[0].seq,
        destroyed_at=destroyed[0].at if destroyed else None,
        destroyed_entry=destroyed[0].seq if destroyed else None,
        uses=destroyed[1].uses if destroyed else len(uses),
        use=uses,
    )
