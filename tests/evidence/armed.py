"""How every trail begins: an envelope created, its documents frozen, a signer declared, the path armed."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Self

from django.db import transaction
from django.utils import timezone

from evidence import chain, events, files, trail
from evidence.events import Event
from evidence.models import Entry, Trail
from evidence.trail import Actor, Read, Terminal
from tests.evidence import pki
from tests.evidence.rental import STATEMENTS, Paper, contract, terms

CLIENT = Actor(role="client", request="req-1", terminal=Terminal("192.0.2.10", "41000", "curl/8"))
DEVICE = Terminal("198.51.100.7", "52110", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/605.1.15")


@dataclass
class Armed:
    """One signer of one envelope, whose path is made ready: entry by entry; time passes between them."""

    papers: tuple[Paper, ...] = field(default_factory=lambda: (contract(), terms()))
    first_name: str = "Camille"
    last_name: str = "Martin"
    email: str = "camille.martin@exemple.fr"
    mobile: str | None = "+33612345642"
    channel: Literal["email", "sms", "none"] = "email"
    language: Literal["fr", "en"] = "fr"
    declared_language: Literal["fr", "en"] | None = None
    recipient: str | None = None
    client_name: str = "Exemple SA"
    reason: str = ""
    serial_number: str = ""
    conformity: list[events.Conformity] | None = None
    reference: str = field(default_factory=lambda: f"EXS-2026-{uuid.uuid4().hex[:6]}")
    signer: str = field(default_factory=lambda: str(uuid.uuid4()))
    after: Self | None = None
    start: datetime = field(default_factory=lambda: timezone.now() - timedelta(minutes=14))

    def __post_init__(self) -> None:
        pki.hold()
        self.at: datetime = self.after.at if self.after else self.start
        self.ids: list[str] = self.after.ids if self.after else [str(uuid.uuid4()) for _ in self.papers]
        self.trail: Trail = (
            self.after.trail
            if self.after
            else trail.open_trail(tenant="client-1", reference=self.reference, at=self.at)
        )
        self.actor = Actor(role="signer", session="5e1f" * 8, request="req-2", terminal=DEVICE)
        self.newest: dict[str, bytes] = {}
        self.statements = [
            events.BoundConsent(id=name, version="1", language=self.language, sha256=files.put_bytes(text.encode()))
            for name, text in STATEMENTS[self.language].items()
        ]

    def say(self, event: Event, *, actor: Actor = trail.SYSTEM, after: float = 1.5) -> Entry:
        """Append one entry, `after` seconds later."""
        self.at += timedelta(seconds=after)
        with transaction.atomic():
            return trail.append(self.trail, event, actor=actor, at=self.at)

    def read(self) -> list[Read]:
        return list(trail.entries(self.trail))

    def create(self, *, turn: int | None = None) -> Self:
        """The envelope, its documents, the signer, the armed path."""
        self.say(
            events.EnvelopeCreated(
                reference=self.reference,
                external_reference="BAIL-7781",
                client_code="EXS",
                client_name=self.client_name,
                operator="Paraphe bac à sable",
                operator_identifier="NTRFR-000000000",
                service_url="https://signature.exemple.fr",
                software="Paraphe 0.1.0",
                expires_at=chain.instant(self.start + timedelta(days=14)),
                language=self.language,
                purpose="Location d’un appartement, 12 rue des Tilleuls",
                contact_name="Service des baux",
                contact_phone="01 23 45 67 89",
                conformity=self.conformity,
            ),
            actor=CLIENT,
        )
        for n, (paper, document) in enumerate(zip(self.papers, self.ids, strict=True), start=1):
            self._freeze(n, paper, document)
        self.arm(turn=turn)
        return self

    def arm(self, *, n: int = 1, turn: int | None = None) -> None:
        """This signer is declared, and the path armed."""
        declared = self.say(
            events.SignerDeclared(
                signer=self.signer,
                n=n,
                declared_by="client",
                identity_check="none",
                first_name=self.first_name,
                last_name=self.last_name,
                email=self.email,
                mobile=self.mobile,
                language=self.declared_language,
                turn=turn,
            ),
            actor=CLIENT,
        )
        self._arm(declared)

    def _freeze(self, n: int, paper: Paper, document: str) -> None:
        sha256 = files.put_bytes(paper.content)
        self.say(
            events.DocumentAdded(
                document=document,
                n=n,
                role=paper.role,
                bytes=len(paper.content),
                sha256=sha256,
                title=paper.title,
                filename=f"{n:02}.pdf",
            ),
            actor=CLIENT,
            after=0.2,
        )
        self.say(
            events.DocumentFrozen(
                document=document,
                sha256=sha256,
                sha512=hashlib.sha512(paper.content).hexdigest(),
                bytes=len(paper.content),
                pages=paper.pages,
                checks=["strict", "attachments:1"],
            ),
            after=0.3,
        )

    def _arm(self, declared: Entry) -> None:
        bound = [events.BoundDocument(sha256=files.put_bytes(paper.content), role=paper.role) for paper in self.papers]
        self.binding = chain.binding(
            reference=self.reference,
            signer=trail.commitments(declared, "first_name", "last_name", "email", "mobile"),
            documents=[each.model_dump(mode="json") for each in bound],
            consents=[{"id": each.id, "sha256": each.sha256} for each in self.statements],
        )
        self.say(
            events.PathArmed(
                signer=self.signer,
                binding=self.binding,
                documents=bound,
                consents=self.statements,
                code_channel=self.channel,
                independent_channel=self.channel == "sms",
                dwell_ms=1000,
                coverage_percent=95,
                expires_at=chain.instant(self.start + timedelta(days=14)),
            ),
            after=0.1,
        )
