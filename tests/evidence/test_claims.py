"""Page one claims of the link and of the boxes only what the entries carry."""

from pathlib import Path
from typing import Literal

import pytest

from evidence import events
from evidence.dossier import pdf, xml
from evidence.dossier.sentences import Voice
from tests.evidence.test_conditions import midday, said, told
from tests.evidence.test_pdf import text_of, written
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db


def walked(link: Literal["message", "printed"] | None = "message", *, at_once: int = 0) -> Walk:
    return Walk().create().open(link).look().agree(at_once=at_once).code().sign().deliver()


def limits(walk: Walk) -> str:
    return " ".join(Voice(told(walk), midday()).limits())


def test_the_link_of_the_message_was_sent_then_opened() -> None:
    text = said(told(walked()), "identification")

    assert "Le lien d’accès a été envoyé par e-mail à" in text
    assert ", puis ouvert à" in text
    assert "Que le lien ouvert" not in limits(walked())


def test_the_printed_link_was_handed_to_the_client_and_says_nothing_of_the_mailbox() -> None:
    walk = walked("printed")
    text, missing = said(told(walk), "identification"), limits(walk)

    assert "Un lien d’accès a été remis à Exemple SA à la création, puis ouvert à" in text
    assert "; un autre avait été envoyé par e-mail à" in text
    assert (
        "Que le lien ouvert est passé par la boîte aux lettres électronique : il avait été remis à Exemple" in missing
    )
    assert "le message du code, lui, y a été envoyé." in missing
    assert "dans la boîte qui avait reçu le lien" not in missing


def test_a_printed_link_without_any_message() -> None:
    walk = Walk().create()
    walk.say(events.LinkCreated(signer=walk.signer, means="printed"))
    walk.say(events.AccessConfirmed(signer=walk.signer, link="printed"), actor=walk.actor)
    walk.say(events.EnvelopeClosed(outcome="EXPIRED"))
    text = said(told(walk), "identification")

    assert "remis à Exemple SA à la création, puis ouvert à" in text
    assert "un autre" not in text
    assert "le message du code" not in limits(walk)


def test_the_mailbox_was_reached_where_the_message_was_used_later() -> None:
    walk = Walk().create().open("printed")
    walk.say(events.AccessConfirmed(signer=walk.signer, link="message"), actor=walk.actor)
    walk.look().agree().code().sign().deliver()

    assert "Que le lien ouvert" not in limits(walk)


def test_an_entry_that_does_not_say_which_link_ties_nothing_together() -> None:
    text = said(told(walked(None)), "identification")

    assert "; un lien d’accès a été ouvert à" in text
    assert "puis" not in text


@pytest.mark.parametrize("link", ["message", "printed", None])
def test_the_document_keeps_which_link_was_used(link: Literal["message", "printed"] | None) -> None:
    of = told(walked(link))

    assert xml.read(xml.build(of)).delivery.access.link == link


@pytest.mark.parametrize(
    ("at_once", "how"),
    [(0, "cochées une à une ;"), (2, "cochées, dont deux en un seul envoi ;"), (3, "cochées en un seul envoi ;")],
)
def test_boxes_that_came_in_one_request_are_not_said_to_be_checked_one_by_one(at_once: int, how: str) -> None:
    assert how in said(told(walked(at_once=at_once)), "consent")


def test_page_one_still_holds_all_limits_and_the_check_is_by_other_means(tmp_path: Path) -> None:
    made = pdf.render(written(walked("printed", at_once=3)))

    assert "l’horodatage vient de l’exploitant." in text_of(made, tmp_path, last_page=1)
    assert "par d’autres moyens que ceux qui ont signé (inscription" in text_of(made, tmp_path)
