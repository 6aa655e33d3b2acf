"""The sentences of page one, for every way a path can go."""

from dataclasses import replace
from typing import Any, Literal

import pytest
from django.utils import timezone

from evidence import chain, events
from evidence.dossier import conditions, facts, sentences
from evidence.dossier.documents import Page
from evidence.dossier.facts import DossierFacts
from evidence.dossier.sentences import Voice
from tests.evidence import rental, trails
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db
Name = Literal["identification", "consent", "link", "integrity"]


def midday() -> str:
    """A zone where it is about noon: walks began minutes ago, and what is said of times names the day after a night."""
    return f"Etc/GMT{timezone.now().hour - 12:+d}"


def told(walk: Walk) -> DossierFacts:
    return facts.collect(walk.trail, walk.signer, dossier_id="1", at=timezone.now(), software="Paraphe")


def said(of: DossierFacts, name: Name) -> str:
    """The sentences of a condition, plain spaces."""
    return " ".join(conditions.said(Voice(of, midday()), name)).replace("\u00a0", " ")


def pages(of: DossierFacts, *methods: Literal["displayed", "declared", "image"]) -> DossierFacts:
    """The same dossier with one document of as many pages, read so."""
    read = tuple(Page(n, of.generated_at, method, 1000, 100, n) for n, method in enumerate(methods, start=1))
    only = replace(of.documents.document[0], pages=len(methods), page=read)
    return replace(of, documents=replace(of.documents, document=(only,)))


def test_the_code_exchange_by_sms() -> None:
    of = told(trails.signed(channel="sms"))

    text = said(of, "identification")

    assert "fourni l’adresse camille.martin@exemple.fr et le numéro +33612345642" in text
    assert "a été envoyé par SMS à ce numéro" in text
    assert "au deuxième essai ; le premier était faux" in text
    assert any("le téléphone était entre les mains" in each for each in Voice(of, "UTC").limits())
    assert not any("deux moyens" in each for each in Voice(of, "UTC").limits())


def test_a_code_that_nobody_answered_for_is_not_said_to_be_sent() -> None:
    """Nothing degrades in silence: the code counts, and the page says what is not known of its message."""
    of = told(Walk(channel="sms").create().open().look().agree().code(answered=False).sign().deliver())

    text = said(of, "identification")

    assert "a été remis pour envoi par SMS à ce numéro" in text
    assert "sans que le transporteur confirme l’avoir pris." in text
    assert "chiffres a été envoyé" not in text
    assert of.authentication is not None
    assert [(each.status, each.message_id) for each in of.authentication.code[0].sending] == [("unanswered", None)]


@pytest.mark.parametrize(
    ("wrong", "judged"), [(0, "au premier essai."), (2, "au troisième essai ; les deux premiers étaient faux.")]
)
def test_tries(wrong: int, judged: str) -> None:
    walk = Walk().create().open().look().agree().code(wrong=wrong).sign().deliver()

    assert judged in said(told(walk), "identification")


def test_a_masked_recipient_is_printed_as_it_was_recorded() -> None:
    assert "par e-mail à c•••@exemple.fr à" in said(told(trails.signed(recipient="c•••@exemple.fr")), "identification")


def test_a_second_code_is_told() -> None:
    """evidence.md, Dossier 5: resends are told."""
    walk = Walk().create().open().look().agree().code(accepted=False)
    walk.say(events.CodeExpired(signer=walk.signer, n=1))
    issued = events.CodeIssued(
        signer=walk.signer,
        n=2,
        channel="email",
        length=6,
        tries=5,
        valid_until=chain.instant(timezone.now()),
        binding=walk.binding,
        digits=walk.binding[:8],
    )
    walk.say(issued)
    walk.say(events.CodeSent(signer=walk.signer, n=2, channel="email", message_id="2", recipient=walk.email))
    walk.say(events.CodeAccepted(signer=walk.signer, n=2, binding=walk.binding))
    walk.sign().deliver()

    assert "Un code à six chiffres (le deuxième) a été envoyé" in said(told(walk), "identification")


def test_a_code_that_never_arrived_is_told() -> None:
    walk = Walk().create().open().look().agree()
    issued = events.CodeIssued(
        signer=walk.signer,
        n=1,
        channel="email",
        length=6,
        tries=5,
        valid_until=chain.instant(timezone.now()),
        binding=walk.binding,
        digits=walk.binding[:8],
    )
    walk.say(issued)
    walk.say(events.CodeUndelivered(signer=walk.signer, n=1, channel="email", final=True, recipient=walk.email))
    walk.say(events.EnvelopeClosed(outcome="EXPIRED"))
    of = told(walk)

    assert "a été créé, mais n’a pas été remis. Aucun code juste n’a été saisi." in said(of, "identification")
    assert of.authentication is not None
    assert of.authentication.code[0].sending[0].status == "undelivered"


def test_a_link_that_was_only_printed_or_never_opened() -> None:
    printed = Walk().create()
    printed.say(events.LinkCreated(signer=printed.signer, means="printed"))
    printed.say(events.AccessConfirmed(signer=printed.signer), actor=printed.actor)
    printed.say(events.EnvelopeClosed(outcome="EXPIRED"))
    unopened = Walk().create()
    sent = events.LinkSent(signer=unopened.signer, channel="email", message_id="1", n=1, recipient=unopened.email)
    unopened.say(sent)
    unopened.say(events.EnvelopeClosed(outcome="EXPIRED"))

    assert "Un lien d’accès a été ouvert à" in said(told(printed), "identification")
    assert "; il n’a pas été ouvert." in said(told(unopened), "identification")
    assert "Aucune page n’a été lue." in said(told(unopened), "consent")


@pytest.mark.parametrize(
    ("methods", "text"),
    [
        (("displayed",), "La page a été affichée 1 s au moins."),
        (("declared",), "La page a été déclarée lue par le bouton, après 1 s au moins."),
        (("displayed", "displayed"), "Les deux pages ont été affichées, chacune 1 s au moins."),
        (("declared", "declared"), "Les deux pages ont été déclarées lues par le bouton, chacune après 1 s au moins."),
        (
            ("displayed", "displayed", "declared"),
            "Les trois pages ont été lues, chacune 1 s au moins : deux affichées, une déclarée lue par le bouton.",
        ),
    ],
)
def test_how_pages_were_read(methods: Any, text: str) -> None:
    """signer-page.md: displayed and declared are told apart, neither says understood."""
    assert text in said(pages(told(trails.signed()), *methods), "consent")


def test_one_page_of_two() -> None:
    of = told(Walk(papers=(rental.contract(2),)).create().open().look(pages=1).agree().code().sign().deliver())

    assert "Une page sur deux a été lue." in said(of, "consent")


def test_a_single_statement_and_boxes_left_empty() -> None:
    of = told(trails.signed())
    one = replace(of, consent=replace(of.consent, statement=of.consent.statement[:1]))
    empty = replace(of.consent.statement[0], checked_at=None, checked_entry=None)
    some = replace(of, consent=replace(of.consent, statement=(empty, *of.consent.statement[1:])))

    assert "La phrase reproduite au chapitre 4 a été cochée" in said(one, "consent")
    assert "Phrases cochées : 2 sur 3." in said(some, "consent")
    assert "réunit le signataire, les deux fichiers et la phrase." in said(one, "link")


def test_several_signed_files() -> None:
    of = told(trails.signed(papers=(rental.contract(1, "Un"), rental.contract(2, "Deux"))))

    assert "Les fichiers présentés sont le début exact des fichiers signés." in said(of, "link")
    assert "La clé a servi deux fois, puis a été détruite." in said(of, "integrity")
    assert Voice(of, midday()).outcome().startswith("Deux\u00a0documents d’Exemple SA ont été signés")


def test_a_path_never_armed_binds_nothing() -> None:
    of = told(trails.refused())
    bare = replace(of, summary=replace(of.summary, binding=None, digits=None))

    assert "aucune empreinte ne lie la personne aux fichiers" in said(bare, "link")


def test_a_key_that_a_remote_service_holds_is_not_spoken_of() -> None:
    of = told(trails.signed())
    assert of.certificate is not None
    bare = replace(of, certificate=replace(of.certificate, key=None))

    assert "La clé" not in said(bare, "integrity")


def test_a_refusal_without_words() -> None:
    assert "Aucun motif n’a été écrit." in said(told(trails.refused(reason=None)), "consent")


def test_no_code_was_asked_for() -> None:
    of = told(trails.signed())
    bare = replace(of, authentication=None)

    assert "Aucun code n’a été demandé." in said(bare, "identification")


def test_a_partial_signature_is_not_called_a_signature() -> None:
    of = told(trails.signed())
    partial = replace(of, summary=replace(of.summary, outcome="FAILED"))

    sentence = sentences.Voice(partial, midday()).outcome()

    assert sentence.startswith("Une partie seulement des documents a été signée au nom de Camille Martin")


def test_initials_follow_the_script() -> None:
    """look/README, Fonts: outside Latin the first two characters of the name, without the italic."""
    greek = Voice(told(trails.signed(first_name="Ελένη", last_name="Παπά")), "UTC")
    chinese = Voice(told(trails.signed(first_name="小明", last_name="王")), "UTC")

    assert (greek.initials, greek.latin) == ("Ελ", False)
    assert (chinese.initials, chinese.latin) == ("小明", False)
    assert Voice(told(trails.refused()), "UTC").initials == ""


def test_another_day_is_named() -> None:
    of = told(trails.signed())
    later = replace(of, summary=replace(of.summary, ended_at="2027-01-01T10:00:00.000Z"))

    assert "envoyé par e-mail le " in said(later, "identification")
