"""A path that another signing service signed: what the dossier takes from its word, and what it does not claim."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from evidence import events, trail
from evidence.dossier import commands, pdf, steps, xml
from evidence.dossier.sentences import Voice
from tests.evidence import pki, walked
from tests.evidence.test_conditions import said, told
from tests.evidence.test_pdf import text_of, written
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db
OWN = ("certificate.requested", "key.created", "key.used", "key.destroyed", "code.issued")


class ElsewhereWalk(Walk):
    """A walk whose code and signature are another service's."""

    def hear(self, event: events.Event) -> None:
        """An entry that tells what the other service said."""
        with transaction.atomic():
            trail.append(self.trail, event, actor=trail.SYSTEM, at=self.at, source="provider")

    def order(self, status: str = "CREATED") -> "ElsewhereWalk":
        self.hear(
            events.OrderTold(
                signer=self.signer, service="CertSign SA", url="https://certsign.example", order="4711", status=status
            )
        )
        return self

    def send(self, *, n: int = 1, answered: bool = True) -> "ElsewhereWalk":
        sent = events.CodeSent(
            signer=self.signer,
            n=n,
            channel="email",
            message_id="",
            answered=None if answered else False,
            recipient=self.email,
        )
        self.hear(sent)
        return self

    def enter(self, *heard: events.Event) -> "ElsewhereWalk":
        self._enter()
        for event in heard:
            self.hear(event)
        return self

    def signed_elsewhere(self) -> "ElsewhereWalk":
        """The same files as when we sign, told without what only the signing service sees."""
        self.at = max(self.at, timezone.now())
        identity = pki.one_use(given_name=self.first_name, surname=self.last_name, serial_number="4711", at=self.at)
        heard = list(walked.certified(identity, signer=self.signer, binding=self.binding))
        for paper, document in zip(self.papers, self.ids, strict=True):
            if paper.role == "to_sign":
                heard += walked.told(
                    walked.sign(paper.content, identity, self.at),
                    identity=identity,
                    signer=self.signer,
                    document=document,
                    presented=paper.content,
                    binding=self.binding,
                    use=1,
                )
        for event in heard:
            self._hear_of(event)
        return self.order("CLOSED")

    def _hear_of(self, event: events.Event) -> None:
        match event:
            case events.SignatureVerified():
                self.say(event)
            case events.SignatureMade():
                self.hear(event.model_copy(update={"binding": None}))
            case events.CertificateIssued():
                self.hear(event.model_copy(update={"subject": "CN=Camille Martin", "policy": ""}))
            case _ if event.kind not in OWN:
                self.hear(event)


def accepted(walk: Walk, n: int = 1) -> events.Event:
    return events.CodeAccepted(signer=walk.signer, n=n)


def refused(walk: Walk, left: int = 2, n: int = 1) -> events.Event:
    return events.CodeRefused(signer=walk.signer, n=n, tries_left=left)


def begun() -> ElsewhereWalk:
    walk = ElsewhereWalk()
    walk.create().open().look().agree()
    walk.order()
    return walk


def elsewhere() -> ElsewhereWalk:
    walk = begun().send()
    walk.enter(refused(walk)).enter(accepted(walk)).signed_elsewhere().deliver()
    return walk


def test_what_the_other_service_holds_is_named_and_not_claimed() -> None:
    """DESIGN, The gateway's seven verbs: the dossier marks the rest as held by the remote."""
    facts = told(elsewhere())
    service = facts.signing_service
    assert service
    assert (service.name, service.order) == ("CertSign SA", "4711")
    assert set(OWN) == set(service.held)
    assert [each.status for each in service.standing] == ["CREATED", "CLOSED"]
    assert facts.certificate
    assert facts.certificate.key is None
    assert facts.certificate.subject
    assert facts.certificate.subject.text == "CN=Camille Martin"
    assert {each.operated_by for each in facts.parties.third_parties} == {"third_party"}
    link = said(facts, "link")
    assert "l’accord donné par le clic" in link
    assert not any(claim in link for claim in ("le certificat", "le message du code", "chaque signature"))
    assert xml.read(xml.build(facts)) == facts


def test_page_one_says_who_signed_and_what_is_not_established() -> None:
    facts = told(elsewhere())
    assert "CertSign SA a signé, et tient la trace de la clé ; la plateforme a vérifié" in said(facts, "integrity")
    identified = said(facts, "identification")
    assert "CertSign SA dit avoir envoyé un code par e-mail à cette adresse" in identified
    assert "il a été trouvé juste par ce service." in identified
    limits = " ".join(Voice(facts, "Europe/Paris").limits())
    assert "la clé créée, gardée et détruite, et quels chiffres portait le message du code : CertSign SA" in limits
    assert "est celle qu’a choisie CertSign SA" in limits
    assert "l’autorité qui l’a délivré est celle de" not in limits


def test_the_path_says_whose_word_it_is() -> None:
    lines = [each.said for each in steps.steps(told(elsewhere()))]
    heard = [line for line in lines if "(dit par le service de signature)" in line]
    assert any("CertSign SA dit de l’ordre 4711 : ouvert." in line for line in heard)
    assert any("est égal au code envoyé" in line for line in heard)
    assert not any("est vérifié par d’autres moyens" in line for line in heard)


def test_the_pdf_marks_the_chapters_of_code_certificate_and_key(tmp_path: Path) -> None:
    text = text_of(pdf.render(written(elsewhere())), tmp_path)
    assert "Créé et jugé par CertSign SA" in text
    assert "La demande de ce certificat, la création, les usages et la destruction de sa clé ne sont pas" in text
    assert "CertSign SA (https://certsign.example), ordre 4711" in text
    assert "la clé naît dans le programme qui signe" not in text
    assert "None" not in text


def test_the_commands_take_the_other_root_from_the_dossier() -> None:
    printed = "\n".join(each.commands for each in commands.checks(told(elsewhere())))
    assert "x '' Above '[@role=\"root\"]' > racine-tiers.pem" in printed
    assert "-CAfile racine-tiers.pem -untrusted ac-tiers.pem" in printed


@pytest.mark.parametrize(
    ("tell", "sentence"),
    [
        (
            lambda walk: walk.send(answered=False),
            "CertSign SA a été chargé d’envoyer un code par e-mail à cette adresse",
        ),
        (
            lambda walk: walk.hear(
                events.CodeUndelivered(signer=walk.signer, n=1, channel="email", final=True, recipient=walk.email)
            ),
            "CertSign SA n’a pas pu remettre le code.",
        ),
    ],
    ids=["unanswered", "undelivered"],
)
def test_a_code_of_which_less_is_known(tell: Callable[[ElsewhereWalk], object], sentence: str) -> None:
    walk = begun()
    tell(walk)
    walk.say(events.EnvelopeClosed(outcome="EXPIRED"))
    assert sentence in said(told(walk), "identification")


def test_codes_that_locked_the_path_are_counted() -> None:
    walk = begun().send()
    walk.enter(refused(walk, 1)).enter(refused(walk, 0))
    walk.send(n=2).enter(refused(walk, 0, n=2), events.CodeLocked(signer=walk.signer, failures=3))
    walk.say(events.EnvelopeClosed(outcome="FAILED"))
    facts = told(walk)
    assert facts.authentication
    assert [(each.n, len(each.wrong_try)) for each in facts.authentication.code] == [(1, 2), (2, 1)]
    assert facts.summary.locked
    assert "trois codes faux, et l’accès a été fermé" in said(facts, "identification")
    assert "own_authority" in [each.name for each in facts.summary.limit]


def test_a_file_that_was_put_aside_is_told() -> None:
    walk = begun().send()
    walk.enter(accepted(walk))
    rejected = events.SignatureRejected(signer=walk.signer, document=walk.ids[0], sha256="0" * 64, check="prefix")
    walk.say(rejected)
    walk.signed_elsewhere().deliver()
    facts = told(walk)
    assert any("n’est pas ce qu’il doit être ; il est écarté." in each.said for each in steps.steps(facts))
    (seq,) = [entry.seq for entry in facts.journal.entry if entry.kind == "signature.rejected"]
    assert seq in next(each.entries for each in facts.summary.condition if each.name == "integrity")
