"""A remote that is slow, down, fails, answers HTML or half an answer, loses answers, or answers for another.

Issue 4, part 4: it is survived, and told apart. Each fault strikes every kind of call of a path once; the path waits
with `remote`, goes on when the remote is well again, and ends with one message and one signature.
"""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.timezone import now

from signing.actions import signature
from signing.jobs import paths
from signing.models import RemoteOrder, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.gateway.between import Answer, Between, Cut, Fault, HandOn, once_each
from tests.signing.gateway.walking import a_path, coded, signed_once, walked, worked
from tests.stack import Stack, free_ports

HTML = Answer(200, b"<!doctype html><title>Hello</title>", "text/html; charset=utf-8")


def failing(_hand_on: HandOn) -> Answer:
    return Answer(500, b'{"errorMsg": "Rien ne va.", "errorLabel": "ERROR_INTERNAL"}')


def failing_after(hand_on: HandOn) -> Answer:
    hand_on()
    return Answer(503, b'{"errorMsg": "Plus tard.", "errorLabel": "ERROR_UNAVAILABLE"}', headers={"Retry-After": "1"})


def page(_hand_on: HandOn) -> Answer:
    return HTML


def page_of_a_proxy(_hand_on: HandOn) -> Answer:
    return Answer(502, b"<html><body>502 Bad Gateway</body></html>", "text/html")


def redirect(_hand_on: HandOn) -> Answer:
    return Answer(302, b"", "text/html", {"Location": "https://localhost:1/elsewhere"})


def half(hand_on: HandOn) -> Answer:
    answer = hand_on()
    return Answer(answer.status, answer.content[: len(answer.content) // 2])


def other_shape(hand_on: HandOn) -> Answer:
    hand_on()
    return Answer(200, b'{"status": ["what"]}')


def cut(_hand_on: HandOn) -> Answer:
    raise Cut


def cut_after(hand_on: HandOn) -> Answer:
    hand_on()
    raise Cut


def not_admitted(_hand_on: HandOn) -> Answer:
    return Answer(401, b'{"errorMsg": "Qui ?", "errorLabel": "ERROR_CLIENT_CERTIFICATE"}')


def too_large(_hand_on: HandOn) -> Answer:
    return Answer(200, b'"' + b"x" * settings.CERTSIGN["answer_bytes"] + b'"')


def troubles(log: pytest.LogCaptureFixture) -> set[str]:
    """The words under which calls without a usable answer were logged."""
    told = [vars(record).get("outcome") for record in log.records if record.name == "paraphe.remote"]
    return {str(each) for each in told if each}


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (failing, "failing"),
        (failing_after, "failing"),
        (page, "not_json"),
        (page_of_a_proxy, "not_json"),
        (redirect, "not_json"),
        (half, "not_json"),
        (other_shape, "other_shape"),
        (cut, "cut"),
        (cut_after, "cut"),
        (not_admitted, "not_admitted"),
    ],
)
def test_a_fault_at_every_call_is_survived_and_told_apart(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture, fault: Fault, word: str
) -> None:
    signer = a_path(walk)
    once_each(fault, between)
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        signer = walked(signer, neighbour)
    assert troubles(caplog) == {word}
    signed_once(signer, neighbour, between)


@pytest.mark.parametrize("effect", [False, True], ids=["without effect", "after the effect"])
def test_a_remote_that_does_not_answer_in_time(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture, *, effect: bool
) -> None:
    """The worker gives a call up by its own clock; what came of it is asked before anything is done again."""
    signer = a_path(walk)

    def slow(hand_on: HandOn) -> Answer:
        if effect:
            hand_on()
        between.released.wait()
        raise Cut

    once_each(slow, between)
    settings.CERTSIGN = settings.CERTSIGN | {"answer_seconds": 4.0, "sign_seconds": 6.0}
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        signer = walked(signer, neighbour)
    assert troubles(caplog) == {"slow"}
    signed_once(signer, neighbour, between)


@pytest.mark.parametrize(
    "drops",
    [b"HTTP/1.1 200 OK\r\nX-Wait: " + b"x" * 10_000, b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000],
    ids=["head", "body"],
)
def test_an_answer_that_comes_drop_by_drop_is_given_up(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture, drops: bytes
) -> None:
    """Each drop comes in time; the whole does not."""
    signer = a_path(walk)

    def dripping(_hand_on: HandOn) -> Answer:
        raise Cut(drops)

    settings.CERTSIGN = settings.CERTSIGN | {"answer_seconds": 1.5}
    between.fault = dripping
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        paths.send_code(str(signer.public_id), owner="w", clock=lambda: now() + timedelta(minutes=1))
    assert troubles(caplog) == {"slow"}
    assert walks.fresh(signer).waiting_for == "remote"


def test_a_remote_that_is_down(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody listens, then somebody of another authority does: both before anything could have been heard."""
    signer = a_path(walk)
    well = settings.CERTSIGN
    for trouble, wrong in (
        ("down", {"url": f"https://localhost:{free_ports(1)[0]}"}),
        ("tls", {"ca": well["roots"]}),
        ("unconfigured", {"key": str(walk / "absent.key")}),
    ):
        caplog.clear()
        settings.CERTSIGN = well | wrong
        with caplog.at_level(logging.WARNING, "paraphe.remote"):
            paths.send_code(str(signer.public_id), owner="w", clock=lambda: now() + timedelta(minutes=1))
        assert troubles(caplog) == {trouble}
        signer = walks.fresh(signer)
        assert signer.waiting_for == "remote"
        Signer.objects.filter(pk=signer.pk).update(work_due_at=now())
    assert not between.calls
    settings.CERTSIGN = well
    signer = walked(signer, neighbour)
    signed_once(signer, neighbour, between)


def test_an_answer_larger_than_any_file_is_not_read_to_its_end(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    signer = a_path(walk)
    settings.CERTSIGN = settings.CERTSIGN | {"answer_bytes": 2_000_000}
    once_each(too_large, between)
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        signer = walked(signer, neighbour)
    assert troubles(caplog) == {"too_large"}
    signed_once(signer, neighbour, between)


def test_a_remote_that_repeats_an_answer_of_another_order(
    walk: Path, neighbour: Stack, between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever was answered to the first path is answered to the second one once: it is not taken for its own."""
    kept: dict[tuple[str, str], Answer] = {}
    between.fault = None
    first = a_path(walk)

    def keep(hand_on: HandOn) -> Answer:
        kept[between.kind] = hand_on()
        return kept[between.kind]

    between.fault = keep
    signed_once(walked(first, neighbour), neighbour, between)

    def repeat(hand_on: HandOn) -> Answer:
        return kept.get(between.kind) or hand_on()

    second = a_path(walk, client=first.envelope.client)
    once_each(repeat, between)
    with caplog.at_level(logging.WARNING, "paraphe.remote"):
        second = walked(second, neighbour)
    assert troubles(caplog) == {"others_answer"}
    signed_once(second, neighbour, between)
    assert RemoteOrder.objects.values("remote_id").distinct().count() == 2


def test_a_further_code_whose_answer_was_lost_is_not_sent_again_by_itself(
    walk: Path, neighbour: Stack, between: Between
) -> None:
    """reliability.md, Signing job, 4: nobody can tell whether it went out; the signer is told, and may ask again."""
    client = walks.a_client(cooldown_seconds=0)  # the policy's holds before the service is asked
    signer = worked(a_path(walk, client=client), "send_code")
    signature.resend_code(signer=signer, actor=walks.actor(), at=now() + timedelta(seconds=1))
    between.chosen, between.fault = lambda _method, path: "validate" in path, cut_after
    signer = worked(walks.fresh(signer), "send_code")
    between.fault = None
    assert signer.code_trouble == Signer.CodeTrouble.UNANSWERED
    codes = coded(signer, neighbour)
    assert len(codes) == 2
    signature.submit_code(signer=signer, code=codes[-1], actor=walks.actor(), at=now())
    assert worked(walks.fresh(signer), "sign").state == SignerState.SIGNED
