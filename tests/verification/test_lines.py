"""Lines of a journal are canonical (RFC 8785), so that nobody reads another thing in them than somebody else."""

import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import rfc8785
from django.utils import timezone

from evidence import addenda, chain
from evidence.dossier.container import container, members
from evidence.verify.members import Members
from tests.evidence import trails
from tests.evidence.dossiers import queued
from tests.evidence.dossiers import seal as sealed
from tests.verification.containers import contained, false, verified
from tests.verification.test_addenda_verified import complain

WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "a blank": lambda octets: octets.replace(b'"v":1}', b'"v":1 }'),
    "a member twice": lambda octets: octets.replace(b'"data":{', b'"data":{"signer":"x"},"data":{', 1),
    "another order": lambda octets: octets.replace(b',"v":1}', b"}").replace(b"{", b'{"v":1,', 1),
}


@contextmanager
def written(how: str) -> Iterator[None]:
    """Entries are chained and sealed as always, by somebody who has every key; only their bytes are not canonical."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chain, "canonical", lambda entry: WRITTEN[how](rfc8785.dumps(dict(entry))))
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("how", WRITTEN)
def test_both_refuse_lines_that_are_written_otherwise(how: str, tmp_path: Path) -> None:
    with written(how):
        contained(trails.refused(), tmp_path / "dossier.asice")
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, list(false(claims))) == (1, ["Chaîne et valeurs du journal"])


@pytest.mark.django_db
@pytest.mark.parametrize("how", WRITTEN)
def test_both_refuse_them_in_an_addendum(how: str, tmp_path: Path) -> None:
    row = sealed(queued(trails.refused()))
    with written(how):
        complain(row)
    addenda.seal(str(row.pk), clock=timezone.now)
    with (tmp_path / "dossier.asice").open("wb") as out:
        container.write(row.sealing_sha256, out, addenda=addenda.sealings(row))
    status, claims = verified(tmp_path / "dossier.asice")
    assert (status, list(false(claims))) == (1, ["Addendum 1"])


@pytest.mark.parametrize("n", [1, 899, 900, 3650])
def test_addenda_are_known_for_as_long_as_dossiers_are_kept(n: int, tmp_path: Path) -> None:
    """Consultations alone may make one a day, for ten years and longer."""
    by, over = container.added(n)
    ours, number = Members(), runpy.run_path(str(members.HERE / "verifier.py"))["number"]
    ours.paths = {by: tmp_path, over: tmp_path}
    assert ours.addenda() == [number(by)] == [number(over)] == [n]
