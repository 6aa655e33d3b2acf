"""What comes back from a remote as signed and is not: each is refused by a name, told once, and handed to nobody.

Issue 4, part 4; DESIGN, "How a signature flows", 5: the check also holds for what a remote signed.
"""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.timezone import now

from evidence import trail
from evidence.models import Dossier
from signing.actions import signature
from signing.jobs import paths
from signing.models import RemoteOrder, Revision, Signer
from signing.states import SignerState
from tests.evidence import pki
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.gateway.between import Answer, Between, Fault, HandOn
from tests.signing.gateway.walking import a_path, coded, signed_once, worked
from tests.stack import Stack


def returning(changed: Callable[[bytes], bytes]) -> Fault:
    """Answers well, but for the signed file, which is another one."""

    def fault(hand_on: HandOn) -> Answer:
        answer = hand_on()
        told = answer.json()
        if not isinstance(told, dict) or not told.get("signedContent"):
            return answer
        content = changed(base64.b64decode(told["signedContent"]))
        told["signedContent"] = base64.b64encode(content).decode()
        return replace(answer, content=json.dumps(told).encode())

    return fault


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def no_digit(content: bytes, at: int) -> bytes:
    """In the hexadecimal string of the signature, where nothing is signed."""
    return content[:at] + b"Z" + content[at + 1 :]


def no_pdf(_content: bytes) -> bytes:
    return b"%PDF-1.7\nnothing\n%%EOF\n"


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def more_after_the_end(content: bytes) -> bytes:
    return content + b"\n% one line more\n%%EOF\n"


def tried(signer: Signer, n: int) -> Signer:
    at = now() + timedelta(minutes=5 * n)
    paths.sign(str(signer.public_id), owner=f"t{n}", clock=lambda: at)
    return walks.fresh(signer)


def labels(log: pytest.LogCaptureFixture) -> list[str]:
    found = [record for record in log.records if record.message == "signed file not taken"]
    assert all(record.levelno == logging.ERROR for record in found)
    return [str(vars(record)["label"]) for record in found]


def test_a_file_that_is_not_the_signed_document_is_handed_to_nobody(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    """The path waits with an alarm while wrong files come, and ends with the right one: no code more, no signature."""
    signer = worked(a_path(walk), "send_code")
    presented = signer.envelope.documents.get(n=1).path.read_bytes()
    size = len(presented)
    signature.submit_code(signer=signer, code=coded(signer, neighbour)[-1], actor=walks.actor(), at=now())
    wrong: list[tuple[Callable[[bytes], bytes], str]] = [
        (lambda content: flipped(content, size // 2), "prefix"),
        (lambda _content: sound.contract(3), "prefix"),
        (lambda _content: presented, "structure"),
        (half, "structure"),
        (no_pdf, "prefix"),
        (more_after_the_end, "whole_file"),
        (lambda content: flipped(content, content.index(b"/Name (", size) + 8), "message_digest"),
    ]
    with caplog.at_level(logging.ERROR, "paraphe.remote"):
        for n, (changed, _) in enumerate(wrong, start=1):
            between.fault = returning(changed)
            signer = tried(signer, 2 * n)
            assert (signer.state, signer.waiting_for, signer.work_failures) == (SignerState.SIGNING, "remote", 0)
            assert not Revision.objects.exists()
            assert not Dossier.objects.exists()
            assert tried(signer, 2 * n + 1).state == SignerState.SIGNING
    assert labels(caplog) == [check for _, check in wrong for _ in range(2)]
    refused = [each for each in trail.entries(signer.envelope.trail) if each.kind == "signature.rejected"]
    assert [each.data["check"] for each in refused] == [check for _, check in wrong]
    assert {each.members["source"] for each in refused} == {"server"}
    between.fault = None
    at = now() + timedelta(hours=3)
    paths.sign(str(signer.public_id), owner="w", clock=lambda: at)
    signed_once(walks.fresh(signer), neighbour, between)


def test_a_signature_of_an_authority_that_is_not_the_remotes_is_refused(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    """What signs must lead to a root that the operator trusts for this service, whatever TLS says."""
    signer = worked(a_path(walk), "send_code")
    signature.submit_code(signer=signer, code=coded(signer, neighbour)[-1], actor=walks.actor(), at=now())
    well = settings.CERTSIGN
    settings.CERTSIGN = well | {"roots": str(pki.hold() / "root.crt")}
    with caplog.at_level(logging.ERROR, "paraphe.remote"):
        signer = tried(signer, 1)
    assert (signer.state, signer.waiting_for) == (SignerState.SIGNING, "remote")
    assert labels(caplog) == ["chain"]
    settings.CERTSIGN = well
    signed_once(tried(signer, 3), neighbour, between)


def test_a_file_that_another_order_got_is_refused(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    """Two people sign the same document; the second order is answered with the file of the first: valid, not theirs."""
    first = a_path(walk)
    first = worked(first, "send_code")
    signature.submit_code(signer=first, code=coded(first, neighbour)[-1], actor=walks.actor(), at=now())
    signed_once(worked(walks.fresh(first), "sign"), neighbour, between)
    theirs = Revision.objects.get(signer=first).path.read_bytes()
    second = worked(a_path(walk, client=first.envelope.client), "send_code")
    assert theirs.startswith(second.envelope.documents.get(n=1).path.read_bytes())
    signature.submit_code(signer=second, code=coded(second, neighbour)[-1], actor=walks.actor(), at=now())
    between.fault = returning(lambda _content: theirs)
    with caplog.at_level(logging.ERROR, "paraphe.remote"):
        second = tried(second, 1)
    assert (second.state, second.waiting_for) == (SignerState.SIGNING, "remote")
    assert labels(caplog) == ["another_certificate"]
    between.fault = None
    signed_once(tried(second, 3), neighbour, between)
    assert RemoteOrder.objects.values("certificate_sha256").distinct().count() == 2
