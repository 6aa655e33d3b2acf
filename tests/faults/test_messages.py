"""reliability.md, Faults: kill -9 of the web before the nudge; messages lost, many times, out of order, for nothing."""

import http.client
import urllib.error
import uuid

import pytest

from evidence.bell import Next
from tests.faults import invariants
from tests.faults.browsers import at_code_page
from tests.faults.house import House, sign
from tests.signing import walks

WITHIN = 10.0


def test_the_web_dies_between_commit_and_nudge(house: House) -> None:
    """The state is committed, no message was sent, the browser has no answer: signed within 10 s all the same."""
    signer, browser, code = at_code_page(house)
    house.trap("nudge")
    with pytest.raises((http.client.HTTPException, urllib.error.URLError, OSError)):
        browser.enter(code)
    house.until_sprung("nudge")
    assert walks.fresh(signer).state in {"SIGNING", "SIGNED"}
    house.until_ended(signer, seconds=WITHIN)
    invariants.hold(house, signer)


def test_a_message_that_is_lost(house: House) -> None:
    signer, code = house.with_code()
    house.submit(signer, code, ring=False)
    house.until_ended(signer, seconds=WITHIN)
    invariants.hold(house, signer)


def test_a_message_that_comes_ten_times(house: House) -> None:
    """Two workers, ten messages: one effect."""
    signer, code = house.with_code()
    with house.asleep():
        house.submit(signer, code, ring=False)
        house.ring(*[sign(signer)] * 10)
    house.until_ended(signer, seconds=WITHIN)
    house.ring(sign(signer))
    other, code = house.with_code()
    house.submit(other, code)
    house.until_ended(other, seconds=WITHIN)
    assert walks.entries(signer).count("certificate.requested") == 1
    invariants.hold(house, signer, other)


def test_messages_out_of_order(house: House) -> None:
    """Later work is asked for before earlier work, the newest path before the oldest: the rows say what is to do."""
    coded = [house.with_code() for _ in range(2)]
    clicked = walks.ready(house.created())
    with house.asleep():
        for signer, code in coded:
            house.submit(signer, code, ring=False)
        for signer in (clicked, *(signer for signer, _ in reversed(coded))):
            identifier = {"signer_id": str(signer.public_id)}
            house.ring(*(Next(f"signing.tasks.{task}", identifier) for task in ("close_order", "sign", "send_code")))
    signers = [signer for signer, _ in coded]
    house.until_ended(*signers, seconds=WITHIN)
    assert [walks.fresh(signer).state for signer in signers] == ["SIGNED", "SIGNED"]
    assert walks.fresh(clicked).state == "OPENED"
    assert "code.issued" not in walks.entries(clicked)
    invariants.hold(house, *signers)


def test_messages_for_nothing(house: House) -> None:
    """An id nobody knows, and something that is no id: logged, and the worker goes on."""
    unknown = str(uuid.uuid4())
    house.ring(
        *(Next(f"signing.tasks.{task}", {"signer_id": unknown}) for task in ("sign", "send_code", "close_order")),
        Next("signing.tasks.send_message", {"message_id": unknown}),
        Next("signing.tasks.sign", {"signer_id": "<img onerror>"}),
    )
    signer, code = house.with_code()
    house.submit(signer, code)
    house.until_ended(signer, seconds=WITHIN)
    logs = "".join(worker.log.read_text() for worker in house.workers)
    assert logs.count(unknown) >= 3
    assert "no such path" in logs
    invariants.hold(house, signer)
