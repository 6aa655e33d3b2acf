"""What sweeps look for each few seconds is found by an index that holds what waits, and not read from all of years."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from evidence import jobs as dossiers
from evidence import renewal
from evidence.archive import deposits
from signing.backend import jobs as orders
from signing.backend import keeping as bare
from signing.jobs import keeping, paths, reminders, sweep
from tests.plans import plans_of
from tests.signing import walks

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("call", "table", "index"),
    [
        (lambda: sweep._paths(AT), "signing_signer", "signer_work_due"),
        (lambda: sweep.due_codes(AT), "signing_signer", "signer_work_due"),
        (lambda: paths.waited_for(AT), "signing_signer", "signer_work_due"),
        (lambda: sweep._expired(AT), "signing_envelope", "envelope_open_until"),
        (lambda: reminders.remind(AT), "signing_signer", "envelope_open_until"),
        (lambda: orders._expired(AT), "backend_order", "order_open_until"),
        (lambda: orders._rung(AT), "backend_order", "order_due"),
        (lambda: orders.due_codes(AT), "backend_order", "order_due"),
        (lambda: dossiers.sweep(AT), "evidence_dossier", "dossier_due"),
        (lambda: renewal.renew(clock=lambda: AT), "evidence_dossier", "dossier_proven_until"),
        (lambda: deposits.sweep(AT), "evidence_deposit", "deposit_in_turn"),
    ],
)
def test_what_is_due_is_found_by_its_index(call: Callable[[], object], table: str, index: str) -> None:
    plans = plans_of(call, of=table)
    assert plans
    assert all(index in each for each in plans)


@pytest.mark.django_db
def test_what_has_been_kept_long_enough_is_found_by_its_client() -> None:
    walks.a_client()
    for call, table, index in (
        (keeping.sweep, "signing_envelope", "envelope_closed"),
        (bare.sweep, "backend_order", "order_closed"),
    ):
        plans = plans_of(lambda call=call: call(AT), of=table)  # type: ignore[misc]  # one argument, bound
        assert len(plans) == 2
        assert all(index in each for each in plans)
