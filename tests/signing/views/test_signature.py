from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence.models import Dossier
from otp.models import Policy
from signing import steps
from signing.actions import signature
from signing.models import Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of


def asked_for_code(walk: Path) -> tuple[Browser, str, str]:
    """A browser on the code page, the path's URL and the code."""
    created = walks.an_envelope(walk)
    _, code = walks.with_code(created)
    browser = Browser()
    return browser, browser.open(created).removesuffix("code"), code


def test_the_code_page_tells_where_the_code_went_and_what_it_signs(walk: Path) -> None:
    """signer-page.md, Code: masked destination, validity, tries left, same reference and digest as in the message."""
    browser, url, _ = asked_for_code(walk)
    page = words_of(browser.get(f"{url}code"))
    signer = Signer.objects.get()
    digits = f"{signer.digits[:4]} {signer.digits[4:]}"
    for expected in ("c•••••@exemple.fr", signer.envelope.reference, digits, "one-time-code", "Valider"):
        assert expected in page.replace("\xa0", " ")
    assert "camille@exemple.fr" not in page


def test_the_right_code_leads_to_the_progress_page_and_to_the_end(walk: Path) -> None:
    browser, url, code = asked_for_code(walk)
    response = browser.post(f"{url}code", {"code": f"{code[:3]} {code[3:]}"})
    assert response["Location"] == f"{url}progress"
    assert browser.get(f"{url}progress").status_code == 200
    status = browser.get(f"{url}progress/status").json()
    assert [step["key"] for step in status["steps"]] == ["certificate", "signature", "timestamp", "proof"]
    assert status["next"] is None
    walks.work()
    status = browser.get(f"{url}progress/status").json()
    assert [step["state"] for step in status["steps"]][:3] == ["done"] * 3
    Dossier.objects.update(state="SEALED", sealed_at=now(), xml_sha256="0" * 64, pdf_sha256="0" * 64)
    assert browser.get(f"{url}progress/status").json()["next"] == f"{url}done"
    page = words_of(browser.get(f"{url}done"))
    assert "Télécharger" in page
    assert walks.entries(Signer.objects.get())[-1] == "delivery.shown"


def test_what_is_stopped_is_not_told_to_be_under_way(walk: Path) -> None:
    """The page and its script: neither says of a step that it is running while nobody runs it."""
    browser, url, code = asked_for_code(walk)
    browser.post(f"{url}code", {"code": code})
    running = words_of(browser.get(f"{url}progress"))
    Signer.objects.update(state=SignerState.QUARANTINED)
    stopped = words_of(browser.get(f"{url}progress"))
    assert (running.count("en cours"), running.count("arrêté<"), running.count('"arrêté"')) == (3, 0, 0)
    assert "Votre signature est arrêtée." in stopped
    assert (stopped.count("en cours"), stopped.count("arrêté<"), stopped.count('"arrêté"')) == (0, 1, 1)


def test_a_double_click_on_the_code_signs_once(walk: Path) -> None:
    browser, url, code = asked_for_code(walk)
    for _ in range(2):
        assert browser.post(f"{url}code", {"code": code})["Location"] == f"{url}progress"
    walks.work()
    assert walks.entries(Signer.objects.get()).count("signature.made") == 1


@pytest.mark.parametrize(
    ("policy", "named"),
    [({}, "six chiffres"), ({"length": 8}, "huit chiffres"), ({"alphabet": "LETTERS"}, "six lettres et chiffres")],
    ids=["default", "longer", "letters"],
)
def test_what_to_type_is_named_as_the_clients_codes_are(walk: Path, policy: dict[str, Any], named: str) -> None:
    created = walks.an_envelope(walk)
    Policy.objects.update(**policy)
    walks.ready(created)
    signature.click_sign(signer=Signer.objects.get(), actor=walks.actor(), at=now())
    browser = Browser()
    url = browser.open(created)
    walks.work()
    assert "Saisissez le code reçu." in words_of(browser.post(url, {"code": ""}))
    Signer.objects.update(code_trouble=Signer.CodeTrouble.WRONG, code_tries_left=4)
    assert f"Vérifiez les {named} du dernier message reçu." in words_of(browser.get(url))


def test_a_code_of_the_wrong_form_costs_no_try(walk: Path) -> None:
    """signer-page.md, Errors: title prefix, 422, entries kept."""
    browser, url, _ = asked_for_code(walk)
    response = browser.post(f"{url}code", {"code": "12a"})
    assert response.status_code == 422
    assert "Erreur" in words_of(response)
    assert Signer.objects.get().code_tries_left == 5


def test_a_wrong_code_is_told_on_the_code_page(walk: Path) -> None:
    browser, url, code = asked_for_code(walk)
    browser.post(f"{url}code", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    walks.work()
    response = browser.get(f"{url}progress")
    assert response["Location"] == f"{url}code"
    page = words_of(browser.get(f"{url}code"))
    assert "Ce code n’est pas le bon." in page
    assert "<title>Erreur" in page.replace("\n", "")


def test_a_code_past_its_time_is_not_asked_for(walk: Path) -> None:
    browser, url, _ = asked_for_code(walk)
    Signer.objects.update(code_valid_until=now())
    page = words_of(browser.get(f"{url}code"))
    assert "Ce code n’est plus valable." in page
    assert 'name="code"' not in page


def test_a_code_page_before_sign_leads_back_to_the_documents(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    assert browser.get(f"{url}code")["Location"] == url
    assert browser.post(f"{url}code", {"code": "123456"})["Location"] == url


def test_a_new_code_waits_for_its_cool_down(walk: Path) -> None:
    browser, url, _ = asked_for_code(walk)
    assert browser.post(f"{url}code/resend")["Location"] == f"{url}code"
    assert walks.entries(Signer.objects.get()).count("code.requested") == 0
    Signer.objects.update(code_resend_at=now() - walks.timedelta(seconds=1))
    browser.post(f"{url}code/resend")
    assert Signer.objects.get().work == Signer.Work.SEND_CODE
    assert browser.get(f"{url}code/status").json()["pending"]


@pytest.mark.parametrize(("sends", "words"), [(5, "Cinq codes par heure au plus."), (1, "Un code par heure au plus.")])
def test_how_many_codes_an_hour_is_told_in_words(walk: Path, sends: int, words: str) -> None:
    browser, url, _ = asked_for_code(walk)
    Policy.objects.update(sends_per_hour=sends)
    assert f"</span>. {words}" in browser.get(f"{url}code").content.decode()


def test_a_refusal_asks_for_a_reason_and_a_confirmation(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    assert browser.get(f"{url}refuse").status_code == 200
    assert browser.post(f"{url}refuse", {}).status_code == 422
    assert browser.post(f"{url}refuse", {"choice": "content"}).status_code == 422
    assert Signer.objects.get().state == SignerState.OPENED
    body = {"choice": "content", "reason": "Le loyer n’est pas celui convenu.", "confirm": "on"}
    assert browser.post(f"{url}refuse", body)["Location"] == f"{url}refused"
    assert browser.post(f"{url}refuse", body)["Location"] == f"{url}refused"
    signer = Signer.objects.get()
    assert signer.state == SignerState.REFUSED
    assert walks.entries(signer).count("refusal.clicked") == 1
    assert browser.get(f"{url}refused").status_code == 200


def test_a_refused_path_signs_nothing_any_more(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.ready(created)
    browser = Browser()
    url = browser.open(created)
    signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
    assert browser.post(f"{url}sign")["Location"] == f"{url}refused"
    assert browser.get(f"{url}done")["Location"] == f"{url}refused"
    assert browser.get(f"{url}signed/1.pdf").status_code == 404


def test_signed_files_are_handed_back_and_traced(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    browser = Browser()
    url = browser.open(created).removesuffix("done")
    content = browser.bytes_of(f"{url}signed/1.pdf")
    assert content == signer.revisions.get().path.read_bytes()
    assert walks.entries(signer)[-1] == "document.downloaded"
    assert browser.get(f"{url}signed/2.pdf").status_code == 404
    assert browser.get(f"{url}dossier.pdf").status_code == 404


def test_a_locked_path_has_a_page_that_says_so(walk: Path) -> None:
    created = walks.an_envelope(walk, client=walks.a_client("LCK", failures_to_lock=1))
    _, code = walks.with_code(created)
    browser = Browser()
    url = browser.open(created).removesuffix("code")
    browser.post(f"{url}code", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    walks.work()
    response = browser.get(f"{url}closed")
    assert response.status_code == 200
    assert browser.get(f"{url}code")["Location"] == f"{url}closed"


def test_the_steps_are_those_of_this_signer(walk: Path) -> None:
    """Signers of one envelope share a trail; another's certificate is no step of one's own."""
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, walks.CAMILLE))
    waiting = walks.ready(created, 2)
    signature.click_sign(signer=waiting, actor=walks.actor(), at=now())
    walks.work()  # its code is sent before the other's, which is the newest then
    signed = walks.signed(created, 1)
    assert [step.state for step in steps.of(signed)][:3] == ["done"] * 3
    assert [step.state for step in steps.of(walks.fresh(waiting))] == ["running", "todo", "todo", "todo"]
