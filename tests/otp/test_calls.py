"""One call to a carrier: bounded in time and size."""

import pytest

from otp.delivery import NotNow, OutcomeUnknown, calls
from tests.gateways import twilio
from tests.stack import free_ports


def post(url: str) -> calls.Said:
    return calls.post(url, known_as="reference", headers={}, form={"To": "+33612345642"})


def test_what_is_answered_is_given_whatever_its_status() -> None:
    with twilio.running() as server:
        said = post(f"{server.url}/elsewhere")
    assert (said.status, "was not found" in said.text) == (404, True)


def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    with pytest.raises(NotNow):
        post(f"http://127.0.0.1:{port}/")


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    """reliability.md, Signing job 4: it was handed over, so nobody knows."""
    with twilio.running() as server:
        server.plan = twilio.Plan(body=b"x" * (calls.ANSWER_BYTES + 1))
        with pytest.raises(OutcomeUnknown) as unknown:
            take(server)
    assert unknown.value.answer.message_id == "reference"


def test_an_answer_that_comes_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """No single octet is late; all together are."""
    clock = iter([0.0, calls.CONNECT_SECONDS + calls.ANSWER_SECONDS + 0.1])
    monkeypatch.setattr(calls, "monotonic", lambda: next(clock))
    with twilio.running() as server, pytest.raises(OutcomeUnknown):
        take(server)


def take(server: twilio.Server) -> calls.Said:
    """A message that the server takes."""
    return calls.post(
        f"{server.url}/2010-04-01/Accounts/{twilio.ACCOUNT}/Messages.json",
        known_as="reference",
        headers={},
        form={"To": "+33612345642", "Body": "x"},
        auth=(twilio.ACCOUNT, twilio.TOKEN),
    )
