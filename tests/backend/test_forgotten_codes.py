"""docs/privacy.md: the contact of a code alone goes 30 days after it was asked for, with all that is named after it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from otp import codes
from otp.models import Code, Guard, Message, Spent, Try
from signing.backend import alone, keeping, tasks
from signing.backend.challenges import Challenge
from tests.backend.test_alone import SMS, asked
from tests.signing import walks


def test_a_code_alone_is_forgotten_and_a_younger_one_stays(walk: Path, settings: Any) -> None:
    settings.CODES_ALONE_DAYS = 30
    row = asked()
    with pytest.raises(codes.Wrong):
        alone.judge(challenge=row, typed="no code", at=now())
    days = timedelta(days=1)
    assert keeping.forget_codes(now() + 29 * days) == 0
    later = now() + 20 * days
    young = alone.ask(client=row.client, wanted=SMS, at=later)
    alone.send(str(young.pk), clock=walks.standing(later))
    waiting = alone.ask(client=row.client, wanted=alone.Wanted("email", "autre@exemple.fr", "", None), at=now())
    assert keeping.forget_codes(now() + 31 * days) == 1
    assert set(Challenge.objects.all()) == {young, waiting}
    young.refresh_from_db()
    for kind in (Code, Message, Guard):
        assert list(kind.objects.values_list("owner", flat=True)) == [young.owner]
    assert not Try.objects.exists()


def test_numbers_of_codes_go_on_where_older_ones_were_forgotten(walk: Path, settings: Any) -> None:
    settings.CODES_ALONE_DAYS = 30
    row = asked()
    for day, n in ((20, 2), (31, 3)):
        at = now() + timedelta(days=day)
        keeping.forget_codes(at)
        again = alone.ask(client=row.client, wanted=alone.Wanted("email", row.contact, "", None), at=at)
        alone.send(str(again.pk), clock=walks.standing(at))
        again.refresh_from_db()
        assert (again.state, again.n) == (Challenge.State.SENT, n)
    assert not Challenge.objects.filter(pk=row.pk).exists()


def test_the_task_that_keeps_forgets_counts_and_digests_too(walk: Path) -> None:
    asked()
    Code.objects.update(channel="sms", number="digest", block="digest", issued_at=now() - timedelta(days=2))
    Spent.objects.update(day=(now() - timedelta(days=2)).date())
    tasks.keep()
    assert Code.objects.get().number == ""
    assert not Spent.objects.exists()
