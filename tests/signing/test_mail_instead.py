"""Issue 8, part 4: who waits for an SMS may have the code by mail, where the policy allows it; told as what it is."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence.dossier import facts
from otp.models import Message, Policy
from signing.actions import signature
from signing.actions.signature import NotPossible, TooSoon
from signing.models import CodeChannel, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.sms import Silent, asked, run, texts, told
from tests.signing.views.browser import Browser, words_of

OFFER = "Recevoir le code par e-mail"


def by_sms(walk: Path, **policy: Any) -> Signer:
    """An SMS has gone out, and another code may be asked for."""
    signer = asked(walk, **({"mail_instead": True, "cooldown_seconds": 0} | policy))
    run(signer)
    return walks.fresh(signer)


def mailed(signer: Signer) -> Signer:
    signature.mail_code(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    return walks.fresh(signer)


def page(signer: Signer) -> str:
    browser = Browser()
    browser.cookies["__Host-path"] = "t1"
    return words_of(browser.get(f"/p/{signer.public_id}/code"))


def test_the_code_then_comes_by_mail_and_signs(walk: Path) -> None:
    signer = by_sms(walk)
    assert OFFER in page(signer)
    signer = mailed(signer)
    assert len(texts(walk)) == 1
    assert "Saisissez le code reçu par e-mail." in page(signer)
    assert OFFER not in page(signer)
    signature.submit_code(signer=signer, code=walks.newest_code(), actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_the_dossier_says_that_it_took_the_way_of_the_link(walk: Path) -> None:
    """Evidence: `independent_channel` false where the code goes to the mailbox that got the link."""
    signer = mailed(by_sms(walk))
    assert told(signer, "code.rerouted") == [
        {"signer": str(signer.public_id), "channel": "email", "independent_channel": False}
    ]
    assert [each["channel"] for each in told(signer, "code.sent")] == ["sms", "email"]
    signature.submit_code(signer=signer, code=walks.newest_code(), actor=walks.actor(), at=now())
    walks.work()
    authentication = facts_of(signer).authentication
    assert (authentication.channel, authentication.independent, authentication.verified) == ("email", False, True)
    assert "same_channel" in [each.name for each in facts_of(signer).summary.limit]


def facts_of(signer: Signer) -> Any:
    return facts.collect(signer.envelope.trail, str(signer.public_id), dossier_id="0", at=now(), software="x")


def test_an_sms_that_is_answered_stays_independent(walk: Path) -> None:
    signer = by_sms(walk)
    signature.submit_code(signer=signer, code=texts(walk)[0].strip()[-6:], actor=walks.actor(), at=now())
    walks.work()
    authentication = facts_of(signer).authentication
    assert (authentication.channel, authentication.independent) == ("sms", True)


def test_the_code_of_the_sms_is_void(walk: Path) -> None:
    """Binding: a change of the contact voids codes."""
    signer = by_sms(walk)
    old = texts(walk)[0].strip()[-6:]
    signer = mailed(signer)
    signature.submit_code(signer=signer, code=old, actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).code_trouble == Signer.CodeTrouble.WRONG


def test_an_sms_that_nobody_answered_for_may_be_followed_by_a_mail(walk: Path, settings: Settings) -> None:
    settings.SMS_CARRIER = f"{Silent.__module__}.Silent"
    signer = by_sms(walk)
    assert signer.code_trouble == Signer.CodeTrouble.UNANSWERED
    assert mailed(signer).code_trouble == ""


@pytest.mark.parametrize(
    "policy", [{"mail_instead": False}, {"way": Policy.Way.SMS}], ids=["not allowed", "by SMS alone"]
)
def test_where_the_policy_does_not_allow_it_it_is_neither_offered_nor_done(walk: Path, policy: dict[str, Any]) -> None:
    signer = by_sms(walk, **policy)
    assert OFFER not in page(signer)
    with pytest.raises(NotPossible):
        signature.mail_code(signer=signer, actor=walks.actor(), at=now())
    browser = Browser()
    browser.cookies["__Host-path"] = "t1"
    browser.post(f"/p/{signer.public_id}/code/mail")
    assert walks.fresh(signer).code_channel == CodeChannel.SMS
    assert not told(signer, "code.rerouted")


def test_a_service_that_takes_contacts_once_is_not_asked(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote CertSign has the holder's contacts from the order on."""
    monkeypatch.setattr("signing.gateway.embedded.Embedded.readdresses", False)
    signer = by_sms(walk)
    assert OFFER not in page(signer)
    with pytest.raises(NotPossible):
        signature.mail_code(signer=signer, actor=walks.actor(), at=now())


def test_it_waits_for_the_cool_down_of_every_code(walk: Path) -> None:
    signer = by_sms(walk, cooldown_seconds=60)
    with pytest.raises(TooSoon):
        signature.mail_code(signer=signer, actor=walks.actor(), at=now())
    assert walks.fresh(signer).code_channel == CodeChannel.SMS


def test_it_counts_among_the_sends_of_an_hour(walk: Path) -> None:
    signer = mailed(by_sms(walk, sends_per_hour=2))
    assert signer.code_resend_at
    assert signer.code_resend_at > now() + timedelta(minutes=50)
    assert Message.objects.filter(kind="code").count() == 2


def test_it_is_asked_for_by_a_button_alone(walk: Path) -> None:
    signer = by_sms(walk)
    browser = Browser()
    browser.cookies["__Host-path"] = "t1"
    assert browser.get(f"/p/{signer.public_id}/code/mail").status_code == 405
    assert browser.post(f"/p/{signer.public_id}/code/mail")["Location"] == f"/p/{signer.public_id}/code"
    assert walks.fresh(signer).work == Signer.Work.SEND_CODE
