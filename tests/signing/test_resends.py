"""Issue 8, 7: fifty presses of "Recevoir un nouveau code" in a row are three messages at most, each with its entry.

Whoever goes on pressing has five within an hour, the first among them (reliability.md, code brute force).
"""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import bell
from otp.models import Code, Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.gateway import embedded
from signing.jobs import paths
from signing.jobs.sweep import sweep
from signing.models import CodeChannel, Signer
from signing.states import SignerState
from signing.views import code
from tests.signing import walks
from tests.signing.views.browser import Browser, path_of

BY_SMS = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile="06 12 34 56 42", code_channel=CodeChannel.SMS)


def sent(walk: Path) -> int:
    return len(list((walk / "mailbox").glob("*.sms.txt")))


def asked(walk: Path) -> Signer:
    signer = walks.ready(walks.an_envelope(walk, signers=(BY_SMS,)))
    return signature.click_sign(signer=signer, actor=walks.actor(), at=now())


def test_fifty_presses_in_a_row(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(BY_SMS,))
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    browser = Browser()
    browser.open(created)
    walks.work()
    answers = set()
    for _ in range(50):
        answers.add(browser.post(f"{path_of(signer)}code/resend").status_code)
        walks.work()
    assert answers == {302}
    assert 1 <= sent(walk) <= 3
    assert walks.entries(signer).count("code.sent") == sent(walk)
    assert Message.objects.filter(kind="code").count() == Code.objects.count() == sent(walk)


def test_fifty_presses_within_a_minute_and_within_an_hour(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cool-down allows three within a minute, the hour five; the next is sent an hour after the first."""
    signer, begin, counts = asked(walk), now(), {}
    for seconds in (*range(0, 61, 2), *range(100, 3600, 175), 3599, 3600):
        at = begin + timedelta(seconds=seconds)
        monkeypatch.setattr(embedded, "now", walks.standing(at))
        with suppress(signature.TooSoon):
            signature.resend_code(signer=signer, actor=walks.actor(), at=at)
        paths.send_code(str(signer.public_id), owner="w", clock=walks.standing(at))
        counts[seconds] = sent(walk)
    assert (counts[60], counts[3599], counts[3600]) == (3, 5, 6)
    assert walks.entries(signer).count("code.requested") == 5


def test_a_clock_that_is_put_back_by_an_hour_sends_nothing_twice_and_keeps_nobody_waiting(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """reliability.md, Faults: clock ±1 h, in workers and pages alike."""
    signer, begin = asked(walk), now()
    walks.work()
    back = begin - timedelta(hours=1)
    monkeypatch.setattr(embedded, "now", walks.standing(back))
    monkeypatch.setattr(code, "now", walks.standing(back))
    bell.ring(*sweep(back))
    walks.work()
    paths.send_code(str(signer.public_id), owner="w", clock=walks.standing(back))
    assert (sent(walk), Message.objects.exclude(outcome="SENT").count()) == (1, 0)
    browser = Browser()
    browser.cookies["__Host-path"] = "t1"
    assert "data-seconds" not in browser.get(f"{path_of(signer)}code").content.decode().partition("data-said")[0]
    assert browser.post(f"{path_of(signer)}code/resend").status_code == 302
    paths.send_code(str(signer.public_id), owner="w", clock=walks.standing(back))
    signer = walks.fresh(signer)
    assert (sent(walk), signer.state) == (2, SignerState.CODE_SENT)
    with pytest.raises(signature.TooSoon):
        signature.resend_code(signer=signer, actor=walks.actor(), at=back + timedelta(seconds=29))
    newest = max((walk / "mailbox").glob("*.sms.txt")).read_text().strip()[-6:]
    signature.submit_code(signer=signer, code=newest, actor=walks.actor(), at=back + timedelta(minutes=1))
    paths.sign(str(signer.public_id), owner="w", clock=walks.standing(back + timedelta(minutes=1)))
    assert "code.accepted" in walks.entries(signer)
