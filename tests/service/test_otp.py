"""Codes alone over real TLS (issue, part 5): the same error shape and labels as codes of orders."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.integrator import Integrator
from tests.stack import Stack


@pytest.fixture
def integrator(stack: Stack) -> Iterator[Integrator]:
    with Integrator(stack) as calling:
        yield calling


def test_send_and_verify(integrator: Integrator) -> None:
    sent = integrator.ok(
        "POST", "/otp/send", {"contact": "06 11 11 11 43", "externalOtpId": "L-1", "smsApplicationCode": "Espace"}
    )
    assert sent == {
        "otpId": sent["otpId"],
        "externalOtpId": "L-1",
        "channel": "SMS",
        "maskedContact": sent["maskedContact"],
        "status": "SENT",
        "validUntil": sent["validUntil"],
        "verifiedAt": None,
    }
    assert "11 11 11" not in sent["maskedContact"]
    right = integrator.code("+33611111143")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    refused = integrator.call("POST", "/otp/verify", {"otpId": int(sent["otpId"]), "otp": wrong})
    assert (refused.status_code, refused.json()["errorLabel"]) == (409, "ERROR_MAUVAIS_CODE")
    assert re.search(r"encore (\d+) essai", refused.json()["errorMsg"])
    done = integrator.ok(
        "POST", "/otp/verify/", {"externalOtpId": "L-1", "otp": int(right) if right[0] != "0" else right}
    )
    assert (done["status"], bool(done["verifiedAt"])) == ("VERIFIED", True)
    used = integrator.call("POST", "/otp/verify", {"otpId": sent["otpId"], "otp": right})
    assert (used.status_code, used.json()["errorLabel"]) == (409, "ERROR_CODE_KO")


def test_twenty_guesses_at_once_are_counted_exactly(integrator: Integrator) -> None:
    """Issue 8, bad input: over TLS, each on its way beside the others; five are judged, the code is spent for good."""
    sent = integrator.ok("POST", "/otp/send", {"contact": "+33611111144"})
    right = integrator.code("+33611111144")
    guesses = [f"{(int(right) + n) % 1_000_000:06d}" for n in range(1, 21)]

    def guess(typed: str) -> str:
        told = integrator.call("POST", "/otp/verify", {"otpId": sent["otpId"], "otp": typed})
        return f"{told.status_code} {told.json()['errorLabel']}"

    with ThreadPoolExecutor(20) as pool:
        told = Counter(pool.map(guess, guesses))
    assert told == {"409 ERROR_MAUVAIS_CODE": 4, "409 ERROR_NBR_ESSAI": 16}
    assert guess(right) == "409 ERROR_NBR_ESSAI"


def test_authenticate_by_the_contact(integrator: Integrator) -> None:
    contact = "authentifie@exemple.fr"
    integrator.ok("POST", "/otp/send", {"contact": contact})
    right = integrator.code(contact)
    done = integrator.ok("POST", "/otp/authenticate", {"contact": contact.upper(), "otp": right})
    assert (done["channel"], done["status"]) == ("EMAIL", "VERIFIED")


@pytest.mark.parametrize(
    ("path", "body", "status", "label"),
    [
        ("/otp/send", {}, 422, "ERROR_FORMAT"),
        ("/otp/send", {"contact": "personne"}, 422, "ERROR_FORMAT"),
        ("/otp/send", {"contact": "a@b.fr", "smsApplicationCode": "程序"}, 422, "ERROR_FORMAT"),
        ("/otp/verify", {"otpId": "999999", "otp": "123456"}, 404, "ERROR_NOT_FOUND"),
        ("/otp/verify", {"otp": "123456"}, 404, "ERROR_NOT_FOUND"),
        ("/otp/authenticate", {"contact": "inconnu@exemple.fr", "otp": "123456"}, 404, "ERROR_NOT_FOUND"),
    ],
)
def test_bad_input(integrator: Integrator, path: str, body: dict[str, str], status: int, label: str) -> None:
    refused = integrator.call("POST", path, body)
    assert (refused.status_code, refused.json()["errorLabel"]) == (status, label)


def test_asked_again_at_once_it_is_too_soon(integrator: Integrator) -> None:
    integrator.ok("POST", "/otp/send", {"contact": "presse@exemple.fr"})
    refused = integrator.call("POST", "/otp/send", {"contact": "presse@exemple.fr"})
    assert (refused.status_code, refused.json()["errorLabel"]) == (429, "ERROR_OTP_TOO_SOON")
