"""External time-stamping authorities over real HTTP (issue, part 7; reliability.md, faults)."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.utils.timezone import now

from evidence.authorities import ExternalTimeStamper
from evidence.time_tokens import TimestampRefused, token_facts
from tests.evidence import stampers
from tests.evidence.stampers import Authority

PATIENCE, SHORT = 20.0, 2.0
"""Seconds: of who answers at once, on a busy machine too; and of who never does, until the next is asked."""
DIGEST = hashlib.sha256(b"what is stamped").digest()


@pytest.fixture
def pair() -> Iterator[tuple[Authority, Authority]]:
    first, second = Authority("Première"), Authority("Seconde")
    with stampers.serving(first, second):
        yield first, second


def over(*authorities: Authority, seconds: float = PATIENCE) -> ExternalTimeStamper:
    roots = [stampers.root_of(each) for each in authorities]
    return ExternalTimeStamper([each.url for each in authorities], roots=roots, seconds=seconds, clock=now)


def issuers(stamper: ExternalTimeStamper) -> list[x509.Name]:
    return [x509.load_der_x509_crl(each).issuer for each in stamper.lists()]


def test_the_first_that_answers_well_is_taken(pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    stamper = over(first, second)
    facts = token_facts(stamper.stamp(DIGEST))
    assert (facts.imprint, facts.authority, facts.policy) == (DIGEST.hex(), "Première unité", stampers.POLICY)
    assert (first.asked, second.asked) == (1, 0)
    assert issuers(stamper) == [first.issuing.certificate.subject, first.root.certificate.subject]
    assert first.asked == 1
    known = {each.subject.native["common_name"] for each in stamper.cert_registry}
    assert known == {"Première unité", "Première émettrice", "Première racine"}


@pytest.mark.parametrize("kind", stampers.WRONG)
def test_the_next_one_is_asked_where_the_first_does_not_do(kind: str, pair: tuple[Authority, Authority]) -> None:
    """A wrong token is refused, never used; slow, dead and speaking HTML are the same."""
    first, second = pair
    first.answer = stampers.WRONG[kind]
    stamper = over(first, second, seconds=SHORT if kind == "silent" else PATIENCE)
    assert token_facts(stamper.stamp(DIGEST)).authority == "Seconde unité"
    assert [first.asked, second.asked] == [1, 1]
    assert issuers(stamper)[0] == second.issuing.certificate.subject


@pytest.mark.parametrize("hours", [-1, 1])
def test_one_whose_clock_is_off_is_not_taken(hours: int, pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    first.clock = lambda: now() + timedelta(hours=hours)
    assert token_facts(over(first, second).stamp(DIGEST)).authority == "Seconde unité"


def test_a_dead_one_is_passed_over(pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    stamper = over(first, second)
    stamper._urls[0] = "http://127.0.0.1:1/"
    assert token_facts(stamper.stamp(DIGEST)).authority == "Seconde unité"


def test_one_that_failed_is_asked_after_the_others_for_a_minute(pair: tuple[Authority, Authority]) -> None:
    """A slow one would cost its time at each stamp of an order. It is asked all the same where the others fail."""
    first, second = pair
    stamper, at = over(first, second), now()
    stamper._clock = first.clock = second.clock = lambda: at
    first.answer = stampers.failing
    for _ in range(3):
        assert token_facts(stamper.stamp(DIGEST)).authority == "Seconde unité"
    assert (first.asked, second.asked) == (1, 3)
    first.answer, second.answer = stampers.granted, stampers.failing
    assert token_facts(stamper.stamp(DIGEST)).authority == "Première unité"
    second.answer = stampers.granted
    at += timedelta(seconds=61)
    assert token_facts(stamper.stamp(DIGEST)).authority == "Première unité"


def test_where_nobody_answered_lists_at_hand_are_not_enough(pair: tuple[Authority, Authority]) -> None:
    """Who asks for them is about to spend a certificate."""
    first, _ = pair
    stamper = over(first)
    kept = stamper.lists()
    first.answer = stampers.failing
    assert stamper.lists() == kept
    with pytest.raises(TimestampRefused):
        stamper.stamp(DIGEST)
    with pytest.raises(TimestampRefused):
        stamper.lists()
    first.answer = stampers.granted
    assert stamper.lists() == kept
    asked = first.asked
    assert stamper.lists() == kept
    assert first.asked == asked


def test_none_left_says_why_of_each(pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    first.answer, second.answer = stampers.html, stampers.wrong_nonce
    with pytest.raises(TimestampRefused, match=r"no answer of an authority.*nonce"):
        over(first, second).stamp(DIGEST)
    first.answer = stampers.granted
    assert over(first, second).stamp(DIGEST)


def test_lists_that_are_over_do_not_do(pair: tuple[Authority, Authority]) -> None:
    first, _ = pair
    first.lists_until = timedelta(minutes=1)
    with pytest.raises(TimestampRefused, match="is over"):
        over(first).lists()


@pytest.mark.parametrize("lost", [{"lists_lost": True}, {"lists_until": timedelta(minutes=1)}])
def test_the_next_one_is_asked_where_the_lists_of_the_first_cannot_be_had(
    lost: dict[str, Any], pair: tuple[Authority, Authority]
) -> None:
    """Its tokens are in no long-term signature then, and whoever waits for the lists would wait for it alone."""
    first, second = pair
    for name, value in lost.items():
        setattr(first, name, value)
    stamper = over(first, second)
    assert token_facts(stamper.stamp(DIGEST)).authority == "Seconde unité"
    assert issuers(stamper) == [second.issuing.certificate.subject, second.root.certificate.subject]


def test_where_the_lists_of_who_stamped_last_are_lost_later_the_next_one_is_asked(
    pair: tuple[Authority, Authority],
) -> None:
    first, second = pair
    stamper, at = over(first, second), now()
    stamper._clock = lambda: at
    assert issuers(stamper)[0] == first.issuing.certificate.subject
    first.lists_lost, at = True, at + timedelta(minutes=61)
    first.clock = second.clock = lambda: at
    assert issuers(stamper) == [second.issuing.certificate.subject, second.root.certificate.subject]


def test_the_lists_of_who_stamped_within_the_hour_are_at_hand(pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    stamper, at = over(first, second), now()
    stamper._clock = first.clock = second.clock = lambda: at
    stamper.stamp(DIGEST)
    first.answer = stampers.failing
    stamper.stamp(DIGEST)
    of_both = [each.certificate.subject for each in (second.issuing, second.root, first.issuing, first.root)]
    assert issuers(stamper) == of_both
    at += timedelta(minutes=61)
    assert issuers(stamper) == of_both[:2]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_one_that_sends_its_headers_an_octet_at_a_time_is_left(method: str, pair: tuple[Authority, Authority]) -> None:
    """TSA_SECONDS is for the whole answer of an authority, and for that of who has its lists."""
    first, second = pair
    first.trickles = method
    assert token_facts(over(first, second, seconds=SHORT).stamp(DIGEST)).authority == "Seconde unité"
    assert not first.waited_out


def test_a_root_that_is_not_trusted_opens_nothing(pair: tuple[Authority, Authority], tmp_path: Path) -> None:
    first, second = pair
    stamper = ExternalTimeStamper([first.url], roots=[stampers.root_of(second)], seconds=PATIENCE, clock=now)
    with pytest.raises(TimestampRefused, match="not trusted"):
        stamper.stamp(DIGEST)
