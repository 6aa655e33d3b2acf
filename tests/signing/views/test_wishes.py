"""Issue 8, part 9: "this is not me" and "stop writing to me" in each mail, by one button, recorded and told."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Http
from django.utils.timezone import now

from otp.models import Message
from signing.jobs import letters, reminders
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of
from tests.signing.views.wishes import invited, links_of, mails, parsed, signer, told


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
    assert "Zoé" not in page
