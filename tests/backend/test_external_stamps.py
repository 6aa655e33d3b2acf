"""Orders and dossiers stamped by external authorities; without any they wait, and go on by themselves."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.utils.timezone import now

from evidence import files, outages, trail
from evidence.dossier import commands
from evidence.dossier.facts import collect
from evidence.models import Dossier, Heartbeat
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from tests.backend import bare_orders
from tests.evidence import pki, stampers
from tests.evidence.stampers import Authority
from tests.signing import walks
from tests.verification import judges


def test_a_signature_with_their_stamps_is_valid_and_says_whose_they_are(
    pair: tuple[Authority, Authority], walk: Path
) -> None:
    order = bare_orders.ordered(walk)
    assert order.status == OrderStatus.CLOSED
    signed, row = order.requests.get().path, Dossier.objects.get()
    said = judges.pdfsig(signed, root=pki.hold() / "root.crt", at=now())[0]
    assert (said.validation, said.trust) == ("Signature is Valid.", "Certificate is Trusted.")
    first = pair[0]
    root, issuing = walk / "tsa.pem", walk / "tsa-issuing.pem"
    root.write_bytes(first.root_pem)
    issuing.write_bytes(first.issuing.certificate.public_bytes(stampers.Encoding.PEM))
    value, token = judges.token_in(judges.cut(signed)[0].message)
    assert "OK" in judges.openssl_ts(token, value, root=root, chain=issuing, at=now())
    pdf = walk / "dossier.pdf"
    pdf.write_bytes(files.read(row.pdf_sha256))
    out = io.StringIO()
    call_command("verify", str(signed), str(pdf), stdout=out)
    assert [json.loads(line)["verdict"] for line in out.getvalue().splitlines()] == ["valid", "valid"]
    text = " ".join(judges.text(pdf).split())
    assert "Première unité" in text
    assert "l’horodatage vient de l’exploitant" not in text
    facts = collect(order.trail, order.signer, dossier_id="d", at=now(), software="s")
    printed = "\n".join(each.commands for each in commands.checks(facts))
    assert "openssl ts -reply" in printed
    assert "openssl ts -verify" not in printed  # of our own root; theirs is not in the dossier


def test_where_the_first_is_wrong_the_second_stamps(pair: tuple[Authority, Authority], walk: Path) -> None:
    pair[0].answer = stampers.wrong_nonce
    order = bare_orders.ordered(walk)
    assert order.status == OrderStatus.CLOSED
    told = [each.members["data"] for each in trail.entries(order.trail) if each.kind == "timestamp.obtained"]
    assert {each["authority"] for each in told} == {"Seconde unité"}
    assert {each["operated_by"] for each in told} == {"third_party"}


def verdicts(*signed: Path) -> list[str]:
    out = io.StringIO()
    call_command("verify", *map(str, signed), stdout=out)
    return [json.loads(line)["verdict"] for line in out.getvalue().splitlines()]


def whose(order: Order) -> list[str]:
    """Which authorities stamped."""
    told = [each.members["data"] for each in trail.entries(order.trail) if each.kind == "timestamp.obtained"]
    return [each["authority"] for each in told]


def test_one_that_breaks_between_the_lists_and_the_stamp_costs_a_certificate_and_no_time(
    pair: tuple[Authority, Authority], walk: Path
) -> None:
    """The file would lack the lists of the second: it is made anew with them, at once, for somebody waits for it."""
    first, _ = pair

    def once(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
        authority.answer = stampers.failing
        return stampers.granted(authority, request)

    first.answer = once
    order = bare_orders.ordered(walk)
    assert (order.status, order.waiting_for) == (OrderStatus.CLOSED, "")
    assert bare_orders.given_up(order) == ["ABANDONED"]
    assert set(whose(order)) == {"Seconde unité"}
    assert verdicts(order.requests.get().path) == ["valid"]


def test_one_that_breaks_between_the_two_stamps_of_a_file_costs_no_more(
    pair: tuple[Authority, Authority], walk: Path
) -> None:
    """Document time stamps too are of an authority whose lists are in the file."""
    first, _ = pair

    def twice(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
        return (stampers.granted if authority.asked <= 2 else stampers.failing)(authority, request)

    first.answer = twice
    order = bare_orders.ordered(walk)
    assert order.status == OrderStatus.CLOSED
    assert bare_orders.given_up(order) == ["ABANDONED"]
    assert set(whose(order)) == {"Seconde unité"}
    assert verdicts(order.requests.get().path) == ["valid"]


def test_one_that_answers_every_other_time_costs_one_certificate(pair: tuple[Authority, Authority], walk: Path) -> None:
    """As those do who count requests: the lists of both are at hand by then, and it is asked after the other."""
    first, _ = pair

    def every_other(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
        good = authority.asked == 1 or authority.asked % 2 == 0
        return (stampers.granted if good else stampers.failing)(authority, request)

    first.answer = every_other
    order = bare_orders.ordered(walk)
    assert order.status == OrderStatus.CLOSED
    assert bare_orders.given_up(order) == ["ABANDONED"]
    assert verdicts(order.requests.get().path) == ["valid"]


def test_a_slow_one_costs_its_time_once_however_many_documents(
    pair: tuple[Authority, Authority], walk: Path, settings: Any
) -> None:
    """Two stamps of each document would else wait for it, longer than a task may."""
    first, _ = pair
    first.answer, settings.TSA_SECONDS = stampers.silent, 2.0
    order = bare_orders.opened()
    for _ in range(3):
        bare_orders.with_document(order, walk)
    bare_orders.sign(order)
    walks.work(kinds=bare_orders.SERVICE)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    assert first.asked == 1


def test_where_the_lists_of_the_first_are_lost_the_second_stamps(pair: tuple[Authority, Authority], walk: Path) -> None:
    first, second = pair
    first.lists_lost = second.lists_lost = True
    order = bare_orders.ordered(walk)
    assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "tsa")
    assert not order.certificates.exists()
    second.lists_lost = False
    Heartbeat.objects.filter(name=outages.ASKED).update(at=now() - timedelta(hours=1))
    bare_orders.run(order)
    assert order.status == OrderStatus.CLOSED
    assert set(whose(order)) == {"Seconde unité"}
    assert verdicts(order.requests.get().path) == ["valid"]
