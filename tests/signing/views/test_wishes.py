"""Issue 8, part 9: "this is not me" and "stop writing to me" in each mail, by one button, recorded and told."""

import email
import email.policy
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Http
from django.utils.timezone import now

from evidence import trail
from evidence.models import Addendum
from otp.models import Message
from signing.actions import operation, signature
from signing.actions.cancellation import cancel_envelope
from signing.actions.envelopes import Created
from signing.actions.signature import NotPossible
from signing.clients.models import Client
from signing.jobs import letters, reminders
from signing.jobs.sweep import sweep
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.views.browser import Browser, words_of

EVERYTHING = ("signing.tasks.", "evidence.tasks.")
ADDRESS = re.compile(r"https://[^/\s]+(/m/[0-9a-f-]{36}/(not-me|stop)/[0-9a-f]{32})")


def mails() -> list[Path]:
    return sorted(Path(settings.MAILBOX_DIR).glob("*.eml"))


def links_of(file: Path) -> dict[str, str]:
    return {wish: path for path, wish in ADDRESS.findall(walks.text_of(file))}


def invited(walk: Path, **client: str) -> tuple[Created, dict[str, str]]:
    """An envelope whose link has gone out, and the two addresses in that mail."""
    created = walks.an_envelope(walk)
    Client.objects.update(**({"contact_email": "contact@exemple.fr"} | client))
    walks.work()
    return created, links_of(mails()[0])


def signer() -> Signer:
    return walks.fresh(Signer.objects.get())


def told(kind: str) -> list[dict[str, Any]]:
    return [dict(entry.data) for entry in trail.entries(signer().envelope.trail) if entry.kind == kind]


def at_code(created: Created) -> None:
    walks.with_code(created)


@pytest.mark.parametrize("wish", ["not-me", "stop"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_whoever_fetches_the_address_changes_nothing(walk: Path, wish: str, method: str) -> None:
    """Mail scanners open links."""
    _, links = invited(walk)
    before = trail_length()
    answer = getattr(Browser(), method)(links[wish])
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    row = signer()
    assert (row.state, row.disowned_at, row.stopped_at) == (SignerState.INVITED, None, None)
    assert trail_length() == before
    assert not walks.rung()


def trail_length() -> int:
    return signer().envelope.trail.head_seq


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


def parsed(file: Path) -> Any:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


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


def test_said_twice_it_is_said_once(walk: Path) -> None:
    _, links = invited(walk)
    for _ in range(2):
        for link in links.values():
            Browser().post(link)
    assert len(told("contact.disowned")) == len(told("letters.stopped")) == 1
    assert Message.objects.filter(kind__in=("disowned", "stopped")).count() == 2


def test_whose_letter_has_not_gone_yet_gets_none(walk: Path) -> None:
    _, links = invited(walk)
    _, expires = expiring()
    (reminder,) = reminders.remind(expires - timedelta(days=1))
    Browser().post(links["not-me"])
    letters.send_message(reminder.ids["message_id"], owner="w", clock=lambda: expires - timedelta(days=1))
    assert Message.objects.get(pk=reminder.ids["message_id"]).outcome == "DEAD"
    assert len(told("link.sent")) == 1


def expiring() -> tuple[Signer, Any]:
    row = signer()
    noon = (now() + timedelta(days=12)).replace(hour=12, minute=0)
    row.envelope.expires_at = noon
    row.envelope.save()
    return row, noon


@pytest.mark.parametrize("wish", ["not-me", "stop"])
def test_no_reminder_goes_to_who_said_so(walk: Path, wish: str) -> None:
    _, links = invited(walk)
    _, expires = expiring()
    Browser().post(links[wish])
    assert reminders.remind(expires - timedelta(days=1)) == []


def test_a_reminder_that_waits_is_dropped_once_its_reader_wants_none(walk: Path) -> None:
    _, links = invited(walk)
    _, expires = expiring()
    (reminder,) = reminders.remind(expires - timedelta(days=1))
    Browser().post(links["stop"])
    letters.send_message(reminder.ids["message_id"], owner="w", clock=lambda: expires - timedelta(days=1))
    assert Message.objects.get(pk=reminder.ids["message_id"]).outcome == "DEAD"


def test_who_wants_no_letters_can_sign_and_gets_what_was_signed(walk: Path) -> None:
    created, links = invited(walk)
    page = words_of(Browser().post(links["stop"]))
    assert "Nous ne vous écrirons plus." in page
    assert told("letters.stopped") == [{"signer": str(signer().public_id), "through": "page"}]
    assert walks.signed(created).state == SignerState.SIGNED
    assert any(walks.subject_of(file).startswith("Vous avez signé") for file in mails())


def test_the_button_of_a_mail_program_posts_as_rfc_8058_says(walk: Path) -> None:
    """RFC 8058, 3.1 and 3.2: both headers; the POST has no cookie and no token, and is answered without a redirect."""
    _, links = invited(walk)
    assert parsed(mails()[0])["List-Unsubscribe"] is None  # of reminders alone
    _, expires = expiring()
    (reminder,) = reminders.remind(expires - timedelta(days=1))
    letters.send_message(reminder.ids["message_id"], owner="w", clock=lambda: expires - timedelta(days=1))
    headers = parsed(mails()[-1])
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(rf"<{re.escape(settings.PUBLIC_URL)}(/m/\S+)>", headers["List-Unsubscribe"].strip())
    assert address
    assert address[1] == links["stop"]
    strict = Http(enforce_csrf_checks=True)
    answer = strict.post(address[1], {"List-Unsubscribe": "One-Click"}, secure=True)
    assert answer.status_code == 200
    assert told("letters.stopped")[0]["through"] == "one_click"


def test_each_mail_to_a_signer_has_both_and_says_so_in_html_too(walk: Path) -> None:
    created, links = invited(walk)
    walks.signed(created)
    assert len(mails()) == 3  # link, code, signed
    for file in mails():
        assert links_of(file) == links
        html = parsed(file).get_body(("html",)).get_content()
        assert html.count(links["not-me"]) == html.count(links["stop"]) == 1


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


@pytest.mark.parametrize("change", ["code", "path", "wish", "erased"])
def test_every_other_address_is_the_same_404(walk: Path, change: str) -> None:
    _, links = invited(walk)
    place, owner, wish, code = links["stop"].rsplit("/", 3)
    if change == "erased":
        Signer.objects.update(email="")
    given = {
        "code": f"{place}/{owner}/{wish}/{'0' * 32}",
        "path": f"{place}/{'0' * 8}-{owner[9:]}/{wish}/{code}",
        "wish": f"{place}/{owner}/not-me/{code}",
        "erased": links["stop"],
    }[change]
    assert Browser().post(given).status_code == 404
    assert not told("letters.stopped")


def test_the_page_speaks_the_signers_language_and_names_nobody(walk: Path) -> None:
    _, links = invited(walk)
    Signer.objects.update(language="en", first_name="Zoé<b>")
    page = words_of(Browser().get(links["not-me"]))
    assert "Are these messages not for you?" in page
    assert "c•••••@exemple.fr" in page
    assert "Martin" not in page
    assert "<script" not in page
