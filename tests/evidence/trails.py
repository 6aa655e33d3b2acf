"""Writes whole trails with their frozen files: what a path leaves behind when it was signed, refused or left."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal, Self

from django.utils import timezone

from evidence import chain, events, files
from evidence.models import Opening, Trail
from evidence.trail import Actor
from tests.evidence import pki, walked
from tests.evidence.armed import Armed


class Walk(Armed):
    """One signer's path through one envelope, written step by step; time passes between the steps."""

    def open(self, link: Literal["message", "printed"] | None = "message") -> Self:
        """The link goes out, a machine fetches it, the signer opens the path, with that link or the printed one."""
        self.say(events.LinkCreated(signer=self.signer, means="message"))
        self.say(
            events.LinkSent(
                signer=self.signer,
                channel="email",
                message_id="<1@signature.exemple.fr>",
                n=1,
                recipient=self.email,
                answer="250 2.0.0 Ok: queued as 4XyZ",
            )
        )
        self.say(events.LinkFetched(signer=self.signer), actor=Actor(role="anonymous"), after=4)
        self.say(events.AccessConfirmed(signer=self.signer, link=link), actor=self.actor, after=80)
        self.say(events.SessionOpened(signer=self.signer), actor=self.actor, after=0)
        return self

    def look(self, *, pages: int | None = None) -> Self:
        """The documents are read, page by page; the last page of each is declared by the button."""
        left = pages if pages is not None else sum(paper.pages for paper in self.papers)
        for paper, document in zip(self.papers, self.ids, strict=True):
            sha256 = files.put_bytes(paper.content)
            shown = events.DocumentPresented(
                signer=self.signer, document=document, sha256=sha256, bytes=len(paper.content)
            )
            self.say(shown, actor=self.actor)
            for page in range(1, min(left, paper.pages) + 1):
                self._page(document, page, declared=page == paper.pages)
            if left < paper.pages:
                break
            left -= paper.pages
            self.say(
                events.DocumentRead(signer=self.signer, document=document, pages=paper.pages),
                actor=self.actor,
                after=0,
            )
        return self

    def _page(self, document: str, page: int, *, declared: bool) -> None:
        self.say(
            events.PageRead(
                signer=self.signer,
                document=document,
                page=page,
                method="declared" if declared else "displayed",
                dwell_ms=1000 + 137 * page,
                coverage_percent=95 if declared else 100,
            ),
            actor=self.actor,
            after=2.3,
        )

    def agree(self, *, at_once: int = 0) -> Self:
        """The boxes are checked, one of them twice, and SIGNER is pressed; the last `at_once` come in one request."""
        self.say(events.ConsentShown(signer=self.signer, consents=self.statements), actor=self.actor)
        first = self.statements[0].model_dump()
        boxes = [(events.ConsentChecked, first), (events.ConsentUnchecked, first)]
        boxes += [(events.ConsentChecked, each.model_dump()) for each in self.statements]
        for n, (kind, bound) in enumerate(boxes):
            request = f"req-box-{min(n, len(boxes) - at_once)}"
            consent = bound["id"]
            rest = {name: bound[name] for name in ("version", "language", "sha256")}
            self.say(
                kind(signer=self.signer, consent=consent, **rest), actor=replace(self.actor, request=request), after=2
            )
        self.say(events.SignEnabled(signer=self.signer), after=0)
        clicked = events.SignClicked(
            signer=self.signer, label="SIGN" if self.language == "en" else "SIGNER", binding=self.binding
        )
        self.say(clicked, actor=self.actor, after=6)
        return self

    def code(self, *, wrong: int = 1, tries: int = 5, accepted: bool = True, answered: bool = True) -> Self:
        """A code is sent, where one is asked for; `wrong` tries fail, then it is accepted.

        `answered` False: whoever carries it did not say that it was taken.
        """
        if self.channel == "none":
            return self
        self.say(events.CodeRequested(signer=self.signer), actor=self.actor, after=0)
        issued = events.CodeIssued(
            signer=self.signer,
            n=1,
            channel=self.channel,
            length=6,
            tries=tries,
            valid_until=chain.instant(self.at + timedelta(minutes=10)),
            binding=self.binding,
            digits=self.binding[:8],
        )
        self.say(issued)
        to = self.recipient or (self.email if self.channel == "email" else self.mobile or "")
        sent = events.CodeSent(
            signer=self.signer,
            n=1,
            channel=self.channel,
            message_id="<2@signature.exemple.fr>" if answered else "",
            answered=None if answered else False,
            recipient=to,
            answer="250 2.0.0 Ok" if answered else None,
        )
        self.say(sent, after=0.4)
        for failed in range(1, wrong + 1):
            self._enter()
            self.say(events.CodeRefused(signer=self.signer, n=1, tries_left=tries - failed), after=0.3)
        if accepted:
            self._enter()
            self.say(events.CodeAccepted(signer=self.signer, n=1, binding=self.binding), after=0.3)
        return self

    def _enter(self) -> None:
        entered = events.CodeEntered(signer=self.signer, binding=self.binding)
        self.say(entered, actor=self.actor, after=9)

    def sign(self) -> Self:
        """The worker signs every document to sign, now."""
        self.at = max(self.at, timezone.now())
        identity = pki.one_use(
            given_name=self.first_name,
            surname=self.last_name,
            serial_number=self.serial_number or f"{self.reference}-{self.binding[:8]}",
            at=self.at,
        )
        for event in walked.certified(identity, signer=self.signer, binding=self.binding):
            self.say(event, after=0.02)
        papers = [(paper, document) for paper, document in zip(self.papers, self.ids, strict=True)]
        to_sign = [(paper, document) for paper, document in papers if paper.role == "to_sign"]
        for use, (paper, document) in enumerate(to_sign, start=1):
            reason = self.reason or f"Signature simple, dossier {self.reference}, empreinte {self.binding[:8]}"
            made = walked.sign(self.newest.get(document, paper.content), identity, self.at, reason=reason)
            for event in walked.told(
                made,
                identity=identity,
                signer=self.signer,
                document=document,
                presented=paper.content,
                binding=self.binding,
                use=use,
            ):
                self.say(event, after=0.01)
        for event in walked.ended(identity, signer=self.signer, uses=len(to_sign)):
            self.say(event, after=0.01)
        return self

    def deliver(self) -> Self:
        """The result is shown, mailed and downloaded; the envelope closes."""
        self.say(events.EnvelopeClosed(outcome="COMPLETED"), after=0)
        self.say(events.DeliveryShown(signer=self.signer), actor=self.actor)
        self.say(
            events.DeliverySent(
                signer=self.signer,
                channel="email",
                message_id="<3@signature.exemple.fr>",
                n=1,
                content="signed",
                recipient=self.email,
                answer="250 2.0.0 Ok",
            )
        )
        return self


def signed(**given: object) -> Walk:
    """A path walked to its end, one wrong code on the way."""
    return Walk(**given).create().open().look().agree().code().sign().deliver()  # type: ignore[arg-type]  # a factory's fields


def refused(*, reason: str | None = "La durée du bail n’est pas celle convenue.", **given: object) -> Walk:
    """A path refused after some pages were read."""
    walk = Walk(**given).create().open().look(pages=4)  # type: ignore[arg-type]  # a factory's fields
    clicked = events.RefusalClicked(signer=walk.signer, choice="content", reason=reason)
    walk.say(clicked, actor=walk.actor, after=12)
    walk.say(events.EnvelopeClosed(outcome="REFUSED"), after=0)
    return walk


def closed(outcome: Literal["EXPIRED", "CANCELLED", "FAILED", "REFUSED"], **given: object) -> Walk:
    """A path that somebody else, or time, ended before it was signed."""
    walk = Walk(**given).create().open()  # type: ignore[arg-type]  # a factory's fields
    walk.say(events.EnvelopeClosed(outcome=outcome), after=60)
    return walk


def locked(**given: object) -> Walk:
    """A path closed by too many wrong codes."""
    walk = Walk(**given).create().open().look().agree().code(wrong=5, accepted=False)  # type: ignore[arg-type]  # as above
    walk.say(events.CodeLocked(signer=walk.signer, failures=5), after=0)
    walk.say(events.EnvelopeClosed(outcome="FAILED"), after=0)
    return walk


def erase(of: Trail, *fields: str) -> int:
    """Take away openings, as the erasure of personal data does; gives how many."""
    return Opening.objects.filter(entry__trail=of, field__in=fields).delete()[0]
