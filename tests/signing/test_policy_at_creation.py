"""Issue 8, parts 1 and 8: who may get no code is refused when the envelope is made; what is no second way is told."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from otp.models import Policy
from signing.actions.arming import Forbidden
from signing.models import CodeChannel, Envelope
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.admin.drafts import CAMILLE, here, press, typed
from tests.signing.views.browser import words_of

BY_SMS = replace(walks.CAMILLE, mobile="+447911123456", code_channel=CodeChannel.SMS)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"countries": "FR BE"}, "n’envoie de SMS que vers FR, BE."),
        ({"way": Policy.Way.EMAIL}, "ne permet pas cette voie pour le code."),
    ],
)
def test_by_the_action_nothing_is_kept(walk: Path, policy: dict[str, str], said: str) -> None:
    client = walks.a_client()
    Policy.objects.update(**policy)
    client.refresh_from_db()
    with pytest.raises(Forbidden) as refused:
        walks.an_envelope(walk, client=client, signers=(BY_SMS,))
    assert refused.value.messages[0].startswith("Camille Martin : la politique de code de Exemple SA")
    assert refused.value.messages[0].endswith(said)
    assert not Envelope.objects.exists()


def test_a_code_by_mail_where_only_sms_is_allowed(walk: Path) -> None:
    client = walks.a_client()
    client.policy.way = Policy.Way.SMS
    with pytest.raises(Forbidden):
        walks.an_envelope(walk, client=client)
    none = replace(walks.CAMILLE, code_channel=CodeChannel.NONE)
    assert walks.an_envelope(walk, client=client, signers=(none,))


def command(walk: Path, mobile: str) -> dict[str, list[dict[str, object]]]:
    source = walk / "bail.pdf"
    source.write_bytes(sound.contract(1))
    said = io.StringIO()
    whose = f"Camille;Martin;camille@exemple.fr;{mobile}"
    call_command("create_envelope", "--to-sign", source, "--signer", whose, "--otp", "sms", stdout=said)
    told: dict[str, list[dict[str, object]]] = json.loads(said.getvalue())
    return told


def test_by_the_command_it_says_why_and_tells_what_is_independent(walk: Path) -> None:
    walks.pki.hold()
    walks.a_client()
    Policy.objects.update(countries="FR")
    with pytest.raises(CommandError, match="que vers FR"):
        command(walk, "+447911123456")
    assert command(walk, "+33612345642")["signers"][0]["independent_channel"] is True


@pytest.mark.parametrize(("channel", "told"), [("email", True), ("sms", False)])
def test_the_review_says_that_a_code_by_mail_is_no_second_way(walk: Path, channel: str, *, told: bool) -> None:
    page = words_of(reviewed(typed(CAMILLE | {"mobile": "+33612345642"}, code_channel=channel)))
    assert "Relire avant d’envoyer</h1>" in page
    assert ("pas un second moyen indépendant" in page) is told


@pytest.mark.parametrize(
    ("mobile", "said"), [("+447911123456", "que vers FR"), ("+33145678900", "ce numéro ne reçoit pas de SMS")]
)
def test_by_the_administration_it_is_said_before_it_is_reviewed(walk: Path, mobile: str, said: str) -> None:
    page = words_of(
        reviewed(typed(CAMILLE | {"mobile": mobile}, code_channel="sms"), lambda: Policy.objects.update(countries="FR"))
    )
    assert said in page
    assert "Relire avant d’envoyer</h1>" not in page
    assert not Envelope.objects.exists()


def reviewed(fields: dict[str, object], before: Callable[[], object] = int) -> object:
    """The page that pressing "review" leads to."""
    walks.pki.hold()
    browser = people.browser_of(people.a_member("julie", walks.a_client()))
    before()
    file = SimpleUploadedFile("bail.pdf", sound.contract(1), content_type="application/pdf")
    press(browser, "save", fields | {"new-to_sign": file})
    return press(browser, "review", fields, here())
