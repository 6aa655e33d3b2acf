"""External time-stamping authorities over real HTTP (issue, part 7; reliability.md, faults)."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.utils.timezone import now

from evidence.authorities import ExternalTimeStamper
from evidence.time_tokens import TimestampRefused, token_facts
from tests.evidence import stampers
from tests.evidence.stampers import Authority

DIGEST = hashlib.sha256(b"what is stamped").digest()


@pytest.fixture
def pair() -> Iterator[tuple[Authority, Authority]]:
    first, second = Authority("Première"), Authority("Seconde")
    with stampers.serving(first, second):
        yield first, second


def over(*authorities: Authority, seconds: float = 5) -> ExternalTimeStamper:
    roots = [stampers.root_of(each) for each in authorities]
    return ExternalTimeStamper([each.url for each in authorities], roots=roots, seconds=seconds, clock=now)


def test_the_first_that_answers_well_is_taken(pair: tuple[Authority, Authority]) -> None:
    first, second = pair
    stamper = over(first, second)
    facts = token_facts(stamper.stamp(DIGEST))
    assert (facts.imprint, facts.authority, facts.policy) == (DIGEST.hex(), "Première unité", stampers.POLICY)
    assert (first.asked, second.asked) == (1, 0)
    lists = [x509.load_der_x509_crl(each) for each in stamper.lists()]
    assert [each.issuer for each in lists] == [
        first.issuing.certificate.subject,
        first.root.certificate.subject,
    ]
    assert first.asked == 1
    known = {each.subject.native["common_name"] for each in stamper.cert_registry}
    assert known == {"Première unité", "Première émettrice", "Première racine"}


@pytest.mark.parametrize("kind", stampers.WRONG)
def test_the_next_one_is_asked_where_the_first_does_not_do(kind: str, pair: tuple[Authority, Authority]) -> None:
    """A wrong token is refused, never used; slow, dead and speaking HTML are the same."""
    first, second = pair
    first.answer = stampers.WRONG[kind]
    stamper = over(first, second, seconds=0.3)
    assert token_facts(stamper.stamp(DIGEST)).authority == "Seconde unité"
    assert [first.asked, second.asked] == [1, 1]
    assert x509.load_der_x509_crl(stamper.lists()[0]).issuer == second.issuing.certificate.subject


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


def test_a_root_that_is_not_trusted_opens_nothing(pair: tuple[Authority, Authority], tmp_path: Path) -> None:
    first, second = pair
    stamper = ExternalTimeStamper([first.url], roots=[stampers.root_of(second)], seconds=5, clock=now)
    with pytest.raises(TimestampRefused, match="not trusted"):
        stamper.stamp(DIGEST)
