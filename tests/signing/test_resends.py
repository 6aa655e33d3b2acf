"""Issue 8, 7: fifty presses of "Recevoir un nouveau code" are three messages at most, each with its entry."""

from pathlib import Path

from django.utils.timezone import now

from otp.models import Code, Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import CodeChannel
from tests.signing import walks
from tests.signing.views.browser import Browser, path_of

BY_SMS = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile="06 12 34 56 42", code_channel=CodeChannel.SMS)


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
    sent = len(list((walk / "mailbox").glob("*.sms.txt")))
    assert 1 <= sent <= 3
    assert walks.entries(signer).count("code.sent") == sent
    assert Message.objects.filter(kind="code").count() == Code.objects.count() == sent
