"""Issue, part 7: HTTP deposit service: metadata, keywords, receipt verbatim, retrieval, outages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evidence.archive import http
from evidence.archive.http import HttpDeposit
from evidence.archive.package import NotKept, Package, Refused, Unavailable
from tests.evidence.archive import service
from tests.evidence.archive.packages import a_package


@pytest.fixture
def shelf(settings: Any) -> Iterator[service.Shelf]:
    with service.running() as (url, shelf):
        settings.DEPOSIT = {
            "url": url,
            "token": "jeton",
            "certificate": "",
            "key": "",
            "ca": "",
            "seconds": 5,
            "connect_seconds": 2,
        }
        yield shelf


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return a_package(tmp_path / "source")


def deposit(package: Package) -> Any:
    return HttpDeposit().deposit(package, at=timezone.now())


def test_what_is_deposited_comes_back_and_its_receipt_is_kept_verbatim(shelf: service.Shelf, package: Package) -> None:
    receipt = deposit(package)
    kept = shelf.kept[receipt.archive_id]
    assert receipt.content == kept.receipt
    assert json.loads(receipt.content)["keywords"] == ["bail"]
    assert HttpDeposit().manifest("x", receipt.archive_id) == package.manifest()
    for item in package.items:
        with HttpDeposit().open("x", receipt.archive_id, item.sha256) as pieces:
            assert b"".join(pieces) == item.path.read_bytes()
    assert HttpDeposit().check("x", receipt.archive_id, at=timezone.now()).damaged == ()
    assert shelf.seen[0]["Authorization"] == "Bearer jeton"
    HttpDeposit().destroy("x", receipt.archive_id, reason="1", at=timezone.now())
    HttpDeposit().destroy("x", receipt.archive_id, reason="1", at=timezone.now())
    with pytest.raises(NotKept):
        HttpDeposit().manifest("x", receipt.archive_id)


def test_a_document_that_is_there_twice_is_sent_once(shelf: service.Shelf, package: Package) -> None:
    twice = replace(package, items=(*package.items, replace(package.items[1], name="signed/02.pdf")))
    receipt = deposit(twice)
    assert HttpDeposit().manifest("x", receipt.archive_id) == twice.manifest()
    assert set(shelf.kept[receipt.archive_id].files) == {each.sha256 for each in package.items}


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_kept_twice(
    shelf: service.Shelf, package: Package
) -> None:
    shelf.lost_answers = 1
    with pytest.raises(Unavailable):
        deposit(package)
    assert deposit(package).archive_id == next(iter(shelf.kept))
    assert len(shelf.kept) == 1


@pytest.mark.parametrize("status", [301, 401, 408, 429, 500, 503])
def test_a_service_that_cannot_now_is_asked_again(shelf: service.Shelf, package: Package, status: int) -> None:
    shelf.answers = [status]
    with pytest.raises(Unavailable, match=f"HTTP {status}"):
        deposit(package)


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_service_that_refuses_is_believed(shelf: service.Shelf, package: Package, status: int) -> None:
    shelf.answers = [status]
    with pytest.raises(Refused):
        deposit(package)


def test_what_must_be_kept_is_not_destroyed(shelf: service.Shelf, package: Package) -> None:
    receipt = deposit(package)
    shelf.locked = True
    with pytest.raises(Refused):
        HttpDeposit().destroy("x", receipt.archive_id, reason="1", at=timezone.now())


def test_a_damaged_package_is_told(shelf: service.Shelf, package: Package) -> None:
    receipt = deposit(package)
    shelf.kept[receipt.archive_id].files[package.items[0].sha256] = b"other"
    assert HttpDeposit().check("x", receipt.archive_id, at=timezone.now()).lost


def test_an_answer_that_was_packed_is_not_unpacked(shelf: service.Shelf, package: Package) -> None:
    """A few octets of it may become gigabytes."""
    receipt = deposit(package)
    shelf.packs = True
    with pytest.raises(Unavailable, match="DecodingError"):
        deposit(package)
    item = package.items[0].sha256
    with pytest.raises(Unavailable), HttpDeposit().open("x", receipt.archive_id, item) as pieces:
        next(pieces)


def test_a_service_that_is_not_there(shelf: service.Shelf, package: Package, settings: Any) -> None:
    del shelf
    settings.DEPOSIT = settings.DEPOSIT | {"url": "http://127.0.0.1:1"}
    with pytest.raises(Unavailable, match="ConnectError"):
        deposit(package)


@pytest.mark.parametrize(
    ("answer", "why"),
    [(b"<html>", "no JSON"), (b"[]", "no object"), (b"{}", "without id"), (b'{"archiveId":"1"}', "something else")],
)
def test_a_receipt_that_is_none_is_not_believed(
    shelf: service.Shelf, package: Package, monkeypatch: pytest.MonkeyPatch, answer: bytes, why: str
) -> None:
    del shelf
    monkeypatch.setattr(http.HttpDeposit, "_asked", lambda *_given, **_named: (answer, "x"))
    with pytest.raises(Unavailable, match=why):
        deposit(package)
