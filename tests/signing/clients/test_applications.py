"""SMS of clients' applications: their words, their sender, what they cost."""

from pathlib import Path
from string import Formatter

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from otp.delivery import Answer, Sms
from signing.backend import alone
from signing.backend.alone import Wanted
from signing.clients.applications import FIELDS, TITLE_AT_MOST, Application, check_sender, check_text, filled, title
from signing.clients.models import Client
from tests.backend.bare_orders import SERVICE
from tests.signing import walks
from tests.signing.admin.people import operator_browser
from tests.signing.sms import asked, run
from tests.signing.views.browser import words_of

TEXT = "{code} pour signer {reference} ({digits}), avant {until}."


class Listening:
    """A carrier that keeps what it is handed."""

    taken: list[Sms]

    def send(self, sms: Sms) -> Answer:
        self.taken.append(sms)
        return Answer("id", "")


@pytest.fixture
def taken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Sms]:
    settings.SMS_CARRIER = f"{__name__}.Listening"
    monkeypatch.setattr(Listening, "taken", [], raising=False)
    return Listening.taken


def test_a_path_speaks_in_the_clients_own_words(walk: Path, taken: list[Sms]) -> None:
    signer = asked(walk)
    client = signer.envelope.client
    Application.objects.create(client=client, code="", sender="Exemple", text=TEXT)
    run(signer)
    (sms,) = taken
    code = sms.text[:6]
    assert sms.sender == "Exemple"
    assert sms.text.startswith(f"{code} pour signer {signer.envelope.reference} (")
    assert sms.text.endswith(f".\n\n@localhost #{code}")


def test_each_application_has_its_own(walk: Path, taken: list[Sms]) -> None:
    """A code that no row has is the client's own; a client without rows has the installation's words."""
    client = walks.a_client("APP", cooldown_seconds=0)
    send(client, "+33611111101", "Portail")
    for code, sender in (("Portail", "Portail"), ("", "Exemple")):
        Application.objects.create(client=client, code=code, sender=sender, text=f"{sender} : {{code}}")
    send(client, "+33611111102", "Portail")
    send(client, "+33611111103", "Autre")
    assert [sms.sender for sms in taken] == ["", "Portail", "Exemple"]
    assert taken[0].text[6:].startswith(" est votre code (Exemple SA, Portail)")
    assert taken[1].text.startswith("Portail : ")


@pytest.mark.parametrize(("named", "said"), [(True, "Contrat"), (False, "votre document")])
def test_the_title_is_told_where_the_application_names_it(
    walk: Path, taken: list[Sms], *, named: bool, said: str
) -> None:
    """Issue 8, part 2: the document's title, or a neutral one; what is only for information is not signed."""
    signer = asked(walk)
    text = "{code} signe : {title}."
    Application.objects.create(
        client=signer.envelope.client, code="", sender="Exemple", text=text, names_document=named
    )
    run(signer)
    assert taken[0].text[6:].startswith(f" signe : {said}.")


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (["Bail"], "Bail"),
        (["a" * TITLE_AT_MOST], "a" * TITLE_AT_MOST),
        (["Bail " + "a" * TITLE_AT_MOST], "Bail " + "a" * (TITLE_AT_MOST - 8) + "..."),
        (["Bail\n@localhost #123456"], "Bail @localhost #123456"),
        (["Bail", "État des lieux"], "vos 2 documents"),
        ([], "votre document"),
    ],
    ids=["short", "fits", "cut", "one line", "several", "none yet"],
)
def test_a_title_is_one_line_and_never_long(titles: list[str], said: str) -> None:
    assert title(titles, named=True) == said
    assert len(title(titles, named=True)) <= TITLE_AT_MOST


def test_the_neutral_title_is_english_in_english() -> None:
    with translation.override("en"):
        assert title(["Lease"], named=False) == "your document"
        assert title(["Lease", "Annex"], named=True) == "your 2 documents"


def send(client: Client, number: str, application: str) -> None:
    alone.ask(client=client, wanted=Wanted("sms", number, application, None), at=now())
    walks.work(kinds=SERVICE)


@pytest.mark.parametrize(
    "text",
    ["Sans rien", "{code", "{code} {name}", "{code.__class__}", "{code!r}", "{code:>9}", "{0} {code}", "{} {code}"],
)
def test_a_text_that_would_not_do_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        check_text(text)


def test_a_text_has_four_parts_at_most() -> None:
    check_text("{code}" + "a" * 600)
    with pytest.raises(ValidationError):
        check_text("{code}" + "a" * 607)


@given(st.text(max_size=80))
def test_what_passes_can_be_filled(text: str) -> None:
    try:
        check_text(text)
    except ValidationError:
        return
    assert FIELDS["code"] in filled(text, FIELDS)
    assert any(name == "code" for _text, name, _spec, _conversion in Formatter().parse(text))


@pytest.mark.parametrize("sender", ["", "Éclair", "Douze lettres", "1234567890123456", "A\nB", "A_B"])
def test_a_sender_that_no_network_carries(sender: str) -> None:
    with pytest.raises(ValidationError):
        check_sender(sender)


@pytest.mark.parametrize("sender", ["Exemple SA", "36123", "33612345678"])
def test_a_sender(sender: str) -> None:
    check_sender(sender)


@pytest.mark.django_db
@pytest.mark.parametrize(("named", "cost"), [(True, "47 signes, GSM-7, 1 SMS"), (False, "21 signes, GSM-7, 1 SMS")])
def test_the_preview_has_a_title_of_the_longest_where_it_is_named(*, named: bool, cost: str) -> None:
    row = Application.objects.create(
        client=walks.a_client("PRE"), code="A", sender="Exemple", text="{code} {title}", names_document=named
    )
    said = words_of(operator_browser().get(f"/admin/clients/application/{row.pk}/change/"))
    assert len(FIELDS["title"]) == TITLE_AT_MOST
    assert cost in said


@pytest.mark.django_db
def test_a_text_is_weighed_with_the_clients_own_name() -> None:
    """One letter of a name may double what an SMS costs: the preview of another name would be worth nothing."""
    client = walks.a_client("LONGCODE")
    Client.objects.filter(pk=client.pk).update(name="Société Française")
    row = Application.objects.create(client=client, code="A", sender="Exemple", text="{code} {client} {reference}")
    said = words_of(operator_browser().get(f"/admin/clients/application/{row.pk}/change/"))
    assert "042117 Société Française LONGCODE-2026-000042" in said
    assert "45 signes, UCS-2, 1 SMS" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text"),
    [("Ç" * 120, "{code} {client}" + "a" * 500), ("Société", "{code}{"), ("Société", "{name}"), ("Société", "")],
    ids=["too long with the name", "brace", "unknown", "empty"],
)
def test_what_would_not_do_is_refused_with_its_field(name: str, text: str) -> None:
    client = walks.a_client("PRE")
    client.name = name
    with pytest.raises(ValidationError) as refused:
        Application(client=client, code="A", sender="Exemple", text=text).full_clean()
    assert list(refused.value.message_dict) == ["text"]


@pytest.mark.django_db
def test_the_operator_sees_what_a_text_costs() -> None:
    row = Application.objects.create(client=walks.a_client("PRE"), code="A", sender="Exemple", text="ô {code}")
    said = words_of(operator_browser().get(f"/admin/clients/application/{row.pk}/change/"))
    assert "ô 042117" in said
    assert "8 signes, UCS-2, 1 SMS" in said


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "whole"), [("", True), ("A", False)])
def test_a_text_that_serves_paths_is_weighed_with_the_line_for_browsers(code: str, *, whole: bool) -> None:
    """Issue 8, part 2: the number of parts is that of what goes out."""
    text = "{code}" + "a" * 150
    row = Application.objects.create(client=walks.a_client("PRE"), code=code, sender="Exemple", text=text)
    said = words_of(operator_browser().get(f"/admin/clients/application/{row.pk}/change/"))
    assert "156 signes, GSM-7, 1 SMS" in said
    assert ("176 signes, GSM-7, 2 SMS" in said) == whole
