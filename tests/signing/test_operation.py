import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from signing.actions import signature
from signing.actions.operation import NotStopped, resume_path
from signing.jobs import paths
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.walks import now


def stopped(walk: Path, monkeypatch: pytest.MonkeyPatch, *, judged: bool) -> Signer:
    """A path that failed again and again; `judged`: after its code was accepted."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())

    def crash(*_arguments: Any, **_keywords: Any) -> None:
        raise MemoryError

    where = "signing.backend.signatures.pades.sign_pdf" if judged else "signing.backend.orders.judge"
    with monkeypatch.context() as patched:
        patched.setattr(where, crash)
        for attempt in range(7):
            moment = now() + timedelta(minutes=attempt)
            paths.sign(str(signer.public_id), owner="worker", clock=lambda at=moment: at)  # type: ignore[misc]  # bound
    signer = walks.fresh(signer)
    assert signer.state == SignerState.QUARANTINED
    return signer


def test_a_path_that_is_stopped_says_so_in_its_trail(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DESIGN: no journal entry, no state change."""
    assert walks.entries(stopped(walk, monkeypatch, judged=True))[-1] == "path.quarantined"


def test_resumed_after_its_code_was_accepted_it_is_signed(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = stopped(walk, monkeypatch, judged=True)
    out = io.StringIO()
    call_command("resume_path", signer.envelope.reference, signer=1, stdout=out)
    assert signer.envelope.reference in out.getvalue()
    walks.work()
    signer = walks.fresh(signer)
    assert signer.state == SignerState.SIGNED
    assert "path.resumed" in walks.entries(signer)


def test_resumed_before_that_the_signer_is_asked_for_a_new_code(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = stopped(walk, monkeypatch, judged=False)
    resume_path(signer=signer, actor=walks.CLIENT, at=now())
    walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble) == (SignerState.CODE_SENT, "GONE")


def test_only_a_stopped_path_is_resumed(walk: Path) -> None:
    signer = walks.opened(walks.an_envelope(walk))
    with pytest.raises(NotStopped):
        resume_path(signer=signer, actor=walks.CLIENT, at=now())
    with pytest.raises(CommandError, match="pas arrêté"):
        call_command("resume_path", signer.envelope.reference)
    with pytest.raises(CommandError, match="aucun signataire"):
        call_command("resume_path", "EXS-2026-999999")


def test_nothing_is_signed_after_the_last_day_even_before_the_sweeper(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer, code = walks.with_code(created)
    late = created.envelope.expires_at
    with pytest.raises(signature.NotPossible):
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=late)
    other = walks.ready(walks.an_envelope(walk, client=signer.envelope.client))
    with pytest.raises(signature.NotPossible):
        signature.click_sign(signer=other, actor=walks.actor(), at=other.envelope.expires_at)
