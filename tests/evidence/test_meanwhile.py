"""What is entered of a signer while the dossier is being sealed: none of it is lost between dossier and addenda."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from evidence import addenda, events, jobs, looks, trail
from evidence.dossier import xml
from evidence.dossier.container import container
from evidence.files import read as kept
from evidence.models import Addendum, Dossier, Trail
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal

pytestmark = pytest.mark.django_db


@contextmanager
def while_it_is_sealed(row: Dossier, happen: Callable[[Trail], object]) -> Iterator[None]:
    """Have something happen once the dossier is made and before it is written down."""
    build = jobs.build

    def slowly(claimed: Dossier, clock: Callable[[], datetime]) -> jobs.Built:
        built = build(claimed, clock)
        with transaction.atomic():
            happen(Trail.objects.get(pk=row.trail_id))
        return built

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jobs, "build", slowly)
        yield


def disowned(journal: Trail, subject: str) -> None:
    event = events.ContactDisowned(signer=subject, stopped=False)
    assert addenda.tell(journal, subject, event, actor=trail.SYSTEM, at=timezone.now()) == []


def bounced(journal: Trail, subject: str) -> None:
    """The signed files came back to us."""
    event = events.DeliveryBounced(
        signer=subject, channel="email", n=1, content="signed", recipient="camille@exemple.fr", answer="552 full"
    )
    assert addenda.tell(journal, subject, event, actor=trail.SYSTEM, at=timezone.now()) == []


def in_container(row: Dossier, n: int) -> dict[str, Any]:
    return dict(json.loads(container.content(addenda.sealings(row)[n - 1], f"addenda/{n:03d}.json")))


def kind_of(told: dict[str, Any]) -> str:
    return str(json.loads(told["line"])["kind"])


def test_it_is_one_addendum_with_all_of_it() -> None:
    """evidence.md, Court lessons 5 and 7: bounced mail is told; what came later is an addendum."""
    row = queued(trails.refused())

    def happen(journal: Trail) -> None:
        disowned(journal, row.subject)
        disowned(journal, "somebody-else")
        trail.append(journal, events.SheetConsulted(page="sheet"), actor=trail.SYSTEM, at=timezone.now())
        bounced(journal, row.subject)

    with while_it_is_sealed(row, happen):
        row = seal(row)
    assert [each.entry.kind for each in Addendum.objects.all()] == ["delivery.bounced"]
    addenda.seal(str(row.pk), clock=timezone.now)
    said = in_container(row, 1)
    assert [kind_of(each) for each in (*said["earlier"], said)] == ["contact.disowned", "delivery.bounced"]
    assert {each["field"] for each in said["openings"]} == {"recipient", "answer"}


def test_dossier_and_addendum_hold_every_entry_of_the_signer_up_to_the_sealing() -> None:
    walk = trails.refused()
    row = queued(walk)

    def happen(journal: Trail) -> None:
        disowned(journal, row.subject)
        bounced(journal, row.subject)

    with while_it_is_sealed(row, happen):
        row = seal(row)
    inside = xml.read(kept(row.xml_sha256)).journal.last_seq
    (sealing,) = [each for each in walk.read() if each.kind == "dossier.sealed"]
    own = {each.seq for each in walk.read() if each.data.get("signer") == row.subject and each.seq < sealing.seq}
    made = Addendum.objects.get()
    assert {each for each in own if each > inside} == {inside + 1, made.entry.seq} == {sealing.seq - 2, sealing.seq - 1}


def test_what_comes_after_the_sealing_is_the_next_addendum() -> None:
    row = queued(trails.refused())
    with while_it_is_sealed(row, lambda journal: disowned(journal, row.subject)):
        row = seal(row)
    event = events.LettersStopped(signer=row.subject, through="page")
    with transaction.atomic():
        follow = addenda.tell(row.trail, row.subject, event, actor=trail.SYSTEM, at=timezone.now())
    assert [each.task for each in follow] == [addenda.TASK]
    addenda.seal(str(row.pk), clock=timezone.now)
    assert [each.entry.kind for each in Addendum.objects.order_by("n")] == ["contact.disowned", "letters.stopped"]
    assert ["earlier" in in_container(row, n) for n in (1, 2)] == [False, False]


def test_a_look_meanwhile_is_in_it_and_not_among_those_that_follow() -> None:
    row = queued(trails.refused())

    def consult(journal: Trail) -> None:
        looks.look(journal, events.SheetConsulted(page="dossier", signer=row.subject), actor=trail.SYSTEM, at=now)

    now = timezone.now()
    with while_it_is_sealed(row, consult):
        row = seal(row)
    assert row.looked_at is None
    first = Addendum.objects.get().entry
    consult(row.trail)
    consult(row.trail)
    looks.gather(now + looks.EVERY)
    second = Addendum.objects.get(n=2)
    assert [each.seq for each in looks.earlier(second)] == [first.seq + 2]


def test_nothing_meanwhile_is_no_addendum() -> None:
    row = seal(queued(trails.refused()))
    assert Addendum.objects.filter(dossier=row).count() == 0


def test_a_sealing_that_lost_its_claim_records_none() -> None:
    """reliability.md, Signing job 2: a lost fence discards; whoever has the claim now sees the entry itself."""
    row = queued(trails.refused())

    def happen(journal: Trail) -> None:
        disowned(journal, row.subject)
        lease = timezone.now() + timedelta(minutes=1)
        Dossier.objects.filter(pk=row.pk).update(owner="thief", attempt=2, lease_until=lease)

    with while_it_is_sealed(row, happen):
        seal(row)
    assert Addendum.objects.count() == 0
