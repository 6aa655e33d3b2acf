"""Codes by SMS: what is sent where, and what is done where nobody answers."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import trail
from otp import gsm, messages, reports
from otp.models import Alarm, Code, Message, Spent
from signing.actions import signature
from signing.actions.arming import NewSigner, NoMobile
from signing.backend import alone, sending
from signing.clients.models import Client
from signing.gateway.contract import Unavailable
from signing.jobs import paths
from signing.jobs.sweep import sweep
from signing.models import CodeChannel, Envelope, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.admin.people import operator_browser
from tests.signing.sms import BY_SMS, Noting, asked, run, texts, told
from tests.signing.views.browser import Browser, words_of

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


def test_a_letter_of_the_clients_name_makes_no_sms_longer(walk: Path) -> None:
    """In our words, of which no client has seen a preview; in its own each letter is the client's."""
    client = walks.a_client("EXS")
    Client.objects.filter(pk=client.pk).update(name="Société Française")
    client.refresh_from_db()
    ready = walks.ready(walks.an_envelope(walk, client=client, signers=(BY_SMS,)))
    signature.click_sign(signer=ready, actor=walks.actor(), at=now())
    walks.work()
    (text,) = texts(walk)
    assert "(Société Francaise)" in text
    assert gsm.size(text.partition("\n")[2].strip()).alphabet == "GSM-7"


def test_an_sms_is_of_use_as_long_as_its_code(walk: Path, settings: Any) -> None:
    settings.SMS_CARRIER = "tests.signing.sms.Noting"
    Noting.lasts.clear()
    signer = asked(walk, validity_seconds=1800)
    walks.work()
    wanted = alone.Wanted(channel="sms", contact="+33612345643", application="", external_id=None)
    row = alone.ask(client=signer.envelope.client, wanted=wanted, at=now())
    alone.send(str(row.pk), clock=now)
    assert Noting.lasts == [1800, 1800]


def test_the_sms_holds_code_reference_digits_and_the_line_that_fills_it_in(walk: Path) -> None:
    """evidence.md, Dossier 4: reference and digits stand in the SMS; signer-page.md, Code: last line `@host #code`."""
    signer = asked(walk)
    walks.work()
    signer = walks.fresh(signer)
    (text,) = texts(walk)
    number, first, second, empty, last, end = text.split("\n")
    assert (number, empty, end) == ("+33612345642", "", "")
    code = re.fullmatch(r"@localhost #(\d{6})", last)
    assert code
    assert first.startswith(code[1])
    assert signer.envelope.reference in second
    assert f"{signer.digits[:4]} {signer.digits[4:]}" in second
    body = text.partition("\n")[2].strip()
    assert set(body) <= GSM
    assert len(body) <= 2 * 153, "two parts at most"
    signature.submit_code(signer=signer, code=code[1], actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_the_code_is_nowhere_else(walk: Path) -> None:
    signer = asked(walk)
    walks.work()
    code = texts(walk)[0].strip()[-6:]
    mails = [walks.text_of(file) for file in (walk / "mailbox").glob("*.eml")]
    assert len(mails) == 1, "the link goes by mail, nothing else"
    journal = walks.fresh(signer).envelope.trail
    kept = [*mails, str(Code.objects.values()), str(Message.objects.values())]
    kept += [str((entry.data, entry.openings)) for entry in trail.entries(journal)]
    assert not [each for each in kept if code in each]


def test_the_trail_says_by_which_channel_and_to_which_number(walk: Path) -> None:
    """The number is a commitment; the channel is independent of the mailbox that got the link."""
    signer = asked(walk)
    walks.work()
    (sent,) = [entry for entry in trail.entries(signer.envelope.trail) if entry.kind == "code.sent"]
    assert sent.data["channel"] == "sms"
    assert "answered" not in sent.data
    assert sent.openings["recipient"][1] == "+33612345642"
    assert "+33612345642" not in str(sent.data)
    (armed,) = told(signer, "path.armed")
    assert (armed["code_channel"], armed["independent_channel"]) == ("sms", True)


@pytest.mark.parametrize("mobile", ["", "12345", "612345642"])
def test_a_signer_without_a_usable_number_is_refused_before_anything_is_kept(walk: Path, mobile: str) -> None:
    client = walks.a_client()
    with pytest.raises(NoMobile):
        walks.an_envelope(
            walk, client=client, signers=(NewSigner("A", "B", "a@exemple.fr", mobile, code_channel=CodeChannel.SMS),)
        )
    assert not Envelope.objects.exists()


def test_an_sms_nobody_answered_for_is_not_sent_again_and_its_code_counts(walk: Path, settings: Any) -> None:
    """reliability.md, Signing job 4: an SMS whose send timed out is never resent by itself."""
    settings.SMS_CARRIER = "tests.signing.sms.Silent"
    signer = asked(walk)
    walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.work) == (SignerState.CODE_SENT, Signer.Work.NONE)
    assert signer.code_trouble == Signer.CodeTrouble.UNANSWERED
    assert [each["answered"] for each in told(signer, "code.sent")] == [False]
    run(signer, hours=1)
    assert Code.objects.count() == 1


def test_an_sms_surely_not_taken_is_tried_again_with_a_new_code(walk: Path, settings: Any) -> None:
    settings.SMS_CARRIER = "tests.signing.sms.Busy"
    signer = asked(walk, cooldown_seconds=0)
    walks.work()
    assert walks.fresh(signer).waiting_for == "mail"
    settings.SMS_CARRIER = "otp.delivery.mailbox.MailboxCarrier"
    run(signer, seconds=10)
    assert walks.fresh(signer).state == SignerState.CODE_SENT
    assert len(texts(walk)) == 1


def test_a_gateway_that_is_down_uses_up_nobodys_day(walk: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried less and less often, each try a code and none an SMS: when the gateway is back, the code goes out."""
    settings.SMS_CARRIER = "tests.signing.sms.Busy"
    signer = asked(walk, contact_a_day=1, sms_a_day=2)
    walks.work()

    def again() -> datetime:
        moment = walks.fresh(signer).work_due_at
        assert moment is not None
        monkeypatch.setattr("signing.gateway.embedded.now", walks.standing(moment))
        paths.send_code(str(signer.public_id), owner="worker", clock=walks.standing(moment))
        return moment

    last = [again() for _ in range(9)][-1]
    assert walks.fresh(signer).waiting_for == "mail"
    spent = sorted(Spent.objects.values_list("count", flat=True))  # a row more per day where the tries pass midnight
    assert spent[-3:] == [0, 1, 1]  # the letter with the link alone
    assert last - now() > timedelta(minutes=8)
    settings.SMS_CARRIER = "otp.delivery.mailbox.MailboxCarrier"
    again()
    assert (walks.fresh(signer).state, len(texts(walk))) == (SignerState.CODE_SENT, 1)


def test_a_worker_that_died_with_an_sms_in_hand_is_not_followed_by_another_sms(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9 between the carrier's answer and ours: whether it went out is not known."""
    signer = asked(walk)

    def killed(*_arguments: Any, **_keywords: Any) -> None:
        raise Unavailable("mail", 0)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_settle", killed)
        run(signer)
    (text,) = texts(walk)
    run(signer, hours=1)
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble) == (SignerState.CODE_SENT, Signer.CodeTrouble.UNANSWERED)
    assert texts(walk) == [text]
    assert [each["answered"] for each in told(signer, "code.sent")] == [False]
    assert messages.due(now() + timedelta(days=1), kinds=("code",)) == []
    signature.submit_code(signer=signer, code=text.strip()[-6:], actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_a_report_quicker_than_the_path_is_told_too(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes after the answer, and before the path's own row says that a code was sent."""
    has_failed = messages.has_failed

    def looked(message: Message) -> bool:
        seen = has_failed(message)
        with transaction.atomic():
            reports.take(message.pk, Message.Report.FAILED, answer="UNDELIV", at=now())
        return seen

    monkeypatch.setattr(messages, "has_failed", looked)
    signer = asked(walk)
    run(signer)
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble) == (SignerState.CODE_SENT, Signer.CodeTrouble.UNDELIVERED)


def test_what_nobody_answered_for_is_told_and_the_code_may_be_typed(walk: Path, settings: Any) -> None:
    settings.SMS_CARRIER = "tests.signing.sms.Silent"
    created = walks.an_envelope(walk, signers=(BY_SMS,))
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    browser = Browser()
    url = browser.open(created)
    assert "•• •• •• •• 42" in words_of(browser.get(url))
    walks.work()
    page = words_of(browser.get(url))
    assert "Nous ne savons pas si le message est parti." in page
    assert 'name="code"' in page
    assert 'aria-invalid="true"' not in page
    assert "•• •• •• •• 42" in page
    assert "+33612345642" not in page


def test_a_sweep_looks_for_alarms_and_the_operator_sees_them(walk: Path, settings: Settings) -> None:
    """Issue 8, part 7: computed by the beat; a line in the administration, in the client's name."""
    settings.ALARM_CODES = settings.ALARM_NEIGHBOURS = 1
    signer = asked(walk)
    run(signer)
    later = now() + timedelta(minutes=11)
    sweep(later)
    assert set(Alarm.objects.values_list("tenant", "kind")) == {
        (str(signer.envelope.client_id), "CONVERSION"),
        (str(signer.envelope.client_id), "SEQUENCE"),
    }
    Alarm.objects.update(day=now().date())
    browser = operator_browser()
    for page in ("otp/alarm/", "clients/client/"):
        said = words_of(browser.get(f"/admin/{page}"))
        assert "Exemple SA" in said
        assert "De 1 codes partis par SMS, 0 sont revenus." in said
        assert "Des codes sont partis vers 1 numéros qui se suivent." in said
