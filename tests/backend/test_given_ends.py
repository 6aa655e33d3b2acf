"""A given CA and the list of its root near their ends: told before, and nothing is lost then (docs/keys.md)."""

import io
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from signing.backend import heartbeat
from signing.backend.states import OrderStatus
from signing.clients.models import Client
from signing.engine import crls
from tests.backend import bare_orders
from tests.backend.given import install, listed_anew, parent
from tests.signing import walks


@pytest.mark.parametrize("left", [1, 30])
def test_the_ceremony_says_until_when_the_list_of_the_root_holds(empty: Path, left: int) -> None:
    """However long the operator's root makes its lists: many make a new one each month."""
    made = parent(began=timedelta(days=200 - left))
    install(made, empty)
    out = io.StringIO()
    call_command("ceremony", stdout=out)
    ends = x509.load_der_x509_crl(made.root_list).next_update_utc
    assert f"jusqu'au {ends:%d/%m/%Y} : install_authority --root-list" in out.getvalue()
    assert (empty / "PKI_DIR" / "access.crl").exists()


@pytest.mark.parametrize("lost", [False, True], ids=["over", "lost"])
def test_without_a_list_of_the_root_the_ceremony_asks_for_one(empty: Path, *, lost: bool) -> None:
    made = parent()
    install(made, empty)
    place = empty / "PKI_DIR" / "root.crl"
    over = now() - timedelta(days=9)
    place.write_bytes(
        crls.revocation_list(
            made.root_key, made.root, number=8, this_update=over, next_update=over + timedelta(days=8), revoked=[]
        )
    )
    if lost:
        place.unlink()
    with pytest.raises(CommandError, match="--root-list"):
        call_command("ceremony", stdout=io.StringIO())


def test_near_the_end_of_the_ca_orders_wait_and_spend_nothing(empty: Path) -> None:
    """A certificate of one hour ends within its issuer's time; what is tried all the same would fail, for good."""
    install(listed_anew(parent(began=timedelta(days=299, hours=23, minutes=30))), empty)
    call_command("ceremony", stdout=io.StringIO())
    assert heartbeat.beat(now()).good
    walks.a_client()
    Client.objects.update(environment=Client.Environment.PRODUCTION)
    order = bare_orders.opened()
    bare_orders.with_document(order, empty)
    bare_orders.sign(order)
    for _ in range(2):
        bare_orders.run(order)
        assert (order.status, order.waiting_for, order.work_failures) == (OrderStatus.VALIDATED, "keys", 0)
    assert not order.certificates.exists()


@pytest.mark.parametrize(("left", "told"), [(99, [98]), (101, [])])
def test_the_end_of_the_ca_is_told_before_it_comes_and_is_no_health(
    empty: Path, caplog: pytest.LogCaptureFixture, left: int, told: list[int]
) -> None:
    made = parent(began=timedelta(days=300 - left))
    install(listed_anew(made, days=400), empty)
    call_command("ceremony", stdout=io.StringIO())
    with caplog.at_level(logging.ERROR, "paraphe.keys"):
        assert [heartbeat.beat(now()).good for _ in range(2)] == [True, True]
    said = [(vars(record)["label"], vars(record)["count"]) for record in caplog.records]
    assert said == [(name, days) for days in told for name in ("issuing.crt", "root.crt")]
    row = heartbeat.beat(now() + timedelta(days=left, minutes=1))
    assert (row.good, "issuing" in row.facts["error"]) == (False, True)
