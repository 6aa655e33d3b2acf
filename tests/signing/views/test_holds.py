"""“Ce n’est pas moi” holds a path: what stands still meanwhile, how it goes on, how it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import trail
from evidence.models import Addendum
from otp.models import Message
from signing.actions import operation, signature
from signing.actions.cancellation import cancel_envelope
from signing.actions.envelopes import Created
from signing.actions.signature import NotPossible
from signing.jobs.sweep import sweep
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser, words_of
from tests.signing.views.wishes import EVERYTHING, at_code, invited, links_of, mails, parsed, signer, told


@pytest.mark.parametrize(
    "reach", [lambda _created: None, walks.opened, at_code], ids=["invited", "opened", "code sent"]
)
def test_not_me_stops_the_path_where_it_is(walk: Path, reach: Callable[[Created], object]) -> None:
    created, links = invited(walk)
    reach(created)
    page = words_of(Browser().post(links["not-me"]))
    assert "C’est noté." in page
    assert "Personne ne peut plus signer par leurs liens." in page
    assert signer().state == SignerState.QUARANTINED
    assert told("contact.disowned") == [{"signer": str(signer().public_id), "stopped": True}]
    with pytest.raises(NotPossible):
        signature.submit_code(signer=signer(), code="123456", actor=walks.actor(), at=now())
    with pytest.raises(NotPossible):
        signature.click_sign(signer=signer(), actor=walks.actor(), at=now())


def test_the_client_is_told_by_mail(walk: Path) -> None:
    _, links = invited(walk)
    Browser().post(links["not-me"])
    walks.work()
    letter = mails()[-1]
    assert "Ce n’est pas moi" in walks.subject_of(letter)
    assert parsed(letter)["To"] == "contact@exemple.fr"
    assert "camille@exemple.fr" in walks.text_of(letter)
    assert "Le parcours est suspendu" in walks.text_of(letter)
    assert not links_of(letter)  # the client's own mails have no such links
    assert told("delivery.sent")[-1]["content"] == "disowned"


def test_the_client_sees_it_on_the_sheet_and_resumes_there(walk: Path) -> None:
    created, links = invited(walk)
    for link in links.values():
        Browser().post(link)
    julie = people.browser_of(people.a_member("julie", created.envelope.client))
    sheet = f"/admin/signing/envelope/{created.envelope.pk}/"
    page = words_of(julie.get(f"{sheet}change/"))
    assert "Suspendu le" in page
    assert "Plus aucun rappel" in page
    assert "camille@exemple.fr" in words_of(julie.get(f"{sheet}resume/1/"))
    assert signer().state == SignerState.QUARANTINED  # GET asks
    assert julie.post(f"{sheet}resume/1/")["Location"] == f"{sheet}change/"
    assert signer().state == SignerState.INVITED
    assert "Suspendu le" not in words_of(julie.get(f"{sheet}change/"))
    (entry,) = [each for each in trail.entries(signer().envelope.trail) if each.kind == "path.resumed"]
    assert (entry.members["actor"]["role"], entry.value("login")) == ("client", "julie")


def test_what_stopped_by_itself_is_not_the_clients_to_resume(walk: Path) -> None:
    created, _ = invited(walk)
    Signer.objects.update(state=SignerState.QUARANTINED)
    julie = people.browser_of(people.a_member("julie", created.envelope.client))
    julie.post(f"/admin/signing/envelope/{created.envelope.pk}/resume/1/")
    assert signer().state == SignerState.QUARANTINED


def test_a_client_without_an_address_has_the_entry_alone(walk: Path) -> None:
    _, links = invited(walk, contact_email="")
    for link in links.values():
        assert Browser().post(link).status_code == 200
    assert not walks.rung()
    assert len(told("contact.disowned")) == len(told("letters.stopped")) == 1


def test_on_hold_no_link_and_no_page_leads_on(walk: Path) -> None:
    created, links = invited(walk)
    walks.opened(created)
    inside, outside = Browser(), Browser()
    url = inside.open(created)
    outside.post(links["not-me"])
    for page in ("", "code", "refuse", "progress", "presented/1.pdf", "presented/1/1.webp"):
        answer = inside.get(f"{url}{page}")
        assert answer.status_code == 409
        assert "La signature est suspendue." in words_of(answer)
        assert "Camille" not in words_of(answer)
    assert inside.send_json(f"{url}reading", {}).status_code == 403
    assert inside.post(f"{url}sign").status_code == 409
    for answer in (outside.get(f"/a/{created.tokens[0]}"), outside.post(f"/a/{created.tokens[0]}")):
        assert (answer.status_code, answer.has_header("Set-Cookie")) == (409, False)
    assert told("access.refused")[-1]["reason"] == "held"
    assert inside.post(f"{url}leave").status_code == 200


def test_a_worker_that_had_the_path_in_hand_finds_its_claim_lost(walk: Path) -> None:
    """No code page comes back by the outcome of a code that was being sent."""
    created, links = invited(walk)
    row = walks.ready(created)
    signature.click_sign(signer=row, actor=walks.actor(), at=now())
    Browser().post(links["not-me"])
    walks.work()
    assert (signer().state, signer().work) == (SignerState.QUARANTINED, "")
    assert not told("code.sent")


def test_not_me_after_the_end_is_added_to_the_sealed_dossier(walk: Path) -> None:
    created, links = invited(walk)
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    page = words_of(Browser().post(links["not-me"]))
    assert "C’est ajouté au dossier, pour Exemple SA." in page
    walks.work(kinds=EVERYTHING)
    assert signer().state == SignerState.SIGNED
    assert told("contact.disowned")[0]["stopped"] is False
    assert Addendum.objects.get().sealed_at
    assert "ce qui a été signé ou refusé le reste" in walks.text_of(mails()[-1])


def test_resumed_its_links_lead_there_again_and_it_can_be_said_again(walk: Path) -> None:
    created, links = invited(walk)
    walks.opened(created)
    Browser().post(links["not-me"])
    operation.resume_path(signer=signer(), actor=walks.CLIENT, at=now())
    assert (signer().state, signer().disowned_at) == (SignerState.OPENED, None)
    assert not walks.rung()[1:]  # nothing is signed by that: only the client's mail was rung
    Browser().post(links["not-me"])
    walks.work()
    assert len(told("contact.disowned")) == Message.objects.filter(kind="disowned", outcome="SENT").count() == 2
    operation.resume_path(signer=signer(), actor=walks.CLIENT, at=now())
    assert walks.signed(created).state == SignerState.SIGNED


def test_on_hold_an_envelope_ends_as_any_other(walk: Path) -> None:
    created, links = invited(walk)
    walks.with_code(created)
    Browser().post(links["not-me"])
    cancel_envelope(envelope=created.envelope, actor=walks.CLIENT, at=now())
    walks.work()
    assert signer().state == SignerState.CANCELLED
    assert "suspendue" not in words_of(Browser().get(f"/a/{created.tokens[0]}"))


def test_on_hold_time_ends_it_too(walk: Path) -> None:
    _, links = invited(walk)
    Browser().post(links["not-me"])
    sweep(signer().envelope.expires_at)
    assert signer().state == SignerState.EXPIRED
