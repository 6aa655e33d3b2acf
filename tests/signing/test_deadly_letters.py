"""Letters that kill the worker which sends them (out of memory, a fault in a library): counted, alone, given up."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from otp import messages
from otp.models import Message
from signing.jobs import letters
from signing.jobs.sweep import due_letters, letters_beside
from signing.models import Signer
from tests.signing import walks


def test_a_letter_that_its_workers_die_of_is_given_up_and_told(
    walk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """reliability.md, Signing job: an attempt is counted before it is made, and ten are enough."""
    created = walks.an_envelope(walk)
    key = str(Message.objects.get().pk)

    def killed(*_arguments: Any) -> str:
        raise KeyboardInterrupt

    *tries, last = (now() + timedelta(hours=n) for n in range(messages.GIVE_UP_AFTER + 1))
    with monkeypatch.context() as patched:
        patched.setattr("signing.clients.writing.render_to_string", killed)
        for at in tries:
            with pytest.raises(KeyboardInterrupt):
                letters.send_message(key, owner="w", clock=walks.standing(at))
            assert due_letters(last) == [key]
    letters.send_message(key, owner="w", clock=walks.standing(last))
    assert Message.objects.get().outcome == Message.Outcome.DEAD
    assert walks.entries(Signer.objects.get(envelope=created.envelope))[-1] == "link.bounced"
    assert "letter given up" in caplog.text


def test_a_letter_that_a_worker_died_of_goes_alone(walk: Path) -> None:
    """Else it would take with it, again and again, what is sent beside it."""
    client = walks.a_client()
    for _ in range(3):
        walks.an_envelope(walk, client=client)
    left, *fresh = (str(pk) for pk in Message.objects.values_list("pk", flat=True))
    at = now()
    assert messages.claim(left, by="dead", at=at)
    assert set(letters_beside(fresh[0], at)) == set(fresh)
    at += timedelta(hours=1)
    assert set(due_letters(at)) == {left, *fresh}
    assert set(letters_beside(fresh[0], at)) == set(fresh)
    assert letters_beside(left, at) == []
