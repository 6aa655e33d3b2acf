"""What is done once for all signatures of a file: less work, and never another answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.x509 import GeneralName, Name
from cryptography import x509
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import sig_validate
from pyhanko_certvalidator.revinfo import validate_crl

from evidence.verify import certificates, report
from evidence.verify.shared_work import VerifiedOnce, Work, sharing
from evidence.verify.verdicts import FileReport, Verdict
from signing.engine import crls
from signing.engine.ca import Revoked
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.engine.authority import AT
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import sound

__all__ = ["quiet"]  # a fixture


def work(folder: Path, signers: int) -> Counter[str]:
    """How often lists are asked, signatures computed and the store is read for a file with so many signers."""
    done: Counter[str] = Counter()

    def counted(holder: Any, name: str) -> None:
        there: Callable[..., Any] = getattr(holder, name)

        def counting(*args: Any, **named: Any) -> Any:
            done[name] += 1
            return there(*args, **named)

        patch.setattr(holder, name, counting)

    with pytest.MonkeyPatch.context() as patch:
        counted(validate_crl, "_handle_single_crl")
        counted(sig_validate, "_validate_raw")
        counted(DocumentSecurityStore, "read_dss")
        assert examine(folder, files.many(signers).content).verdict is Verdict.VALID
    return done


def test_a_list_is_verified_once_with_each_key(tmp_path: Path) -> None:
    """Each signer brings two; all are asked of every time stamp."""
    certificates._signed_octets.cache_clear()
    assert examine(tmp_path, files.many(9).content).verdict is Verdict.VALID
    asked = certificates._signed_octets.cache_info()
    assert asked.misses <= len(authority.pki().crls()) * 9 < asked.hits


def test_work_grows_with_the_square_of_the_signers_and_not_with_the_cube(
    tmp_path: Path,
) -> None:
    few, many = work(tmp_path, 3), work(tmp_path, 9)
    assert set(few) == set(many) == {"_handle_single_crl", "_validate_raw", "read_dss"}
    assert many["_handle_single_crl"] <= 9 * few["_handle_single_crl"]  # each signer asks the lists of all
    assert many["_validate_raw"] <= 3.1 * few["_validate_raw"]
    assert many["read_dss"] <= 3.1 * few["read_dss"]


def test_each_place_in_pyhanko_that_is_shared_is_one_that_it_goes_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyHanko's inner points: it would be slow, and right, where one of them moved."""
    used: list[Work] = []

    @contextmanager
    def seen(work: Work) -> Iterator[None]:
        used.append(work)
        with sharing(work):
            yield

    monkeypatch.setattr(report, "sharing", seen)
    assert examine(tmp_path, files.twice().content).verdict is Verdict.VALID
    (found,) = used
    assert found.evidence
    assert found.stores
    assert found.unlisted


def unshared(folder: Path, content: bytes, **asked: Any) -> FileReport:
    """The answer where pyHanko does everything anew each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "sharing", lambda _work: nullcontext())
        patch.setattr(VerifiedOnce, "validate_signature", sig_validate.DefaultSignatureValidator.validate_signature)
        return examine(folder, content, **asked)


@cache
def revoked(which: str) -> bytes:
    """Signed by two people; the second brings a list on which one of the certificates is."""
    pki, key = authority.pki(), OneUseKey.generate()
    certificate = authority.certify(key)
    named = {"signer": certificate, "first signer": files.once().certificate, "time stamps": pki.tsa.certificate}[which]
    gone = Revoked(named.serial_number, AT - timedelta(minutes=1), x509.ReasonFlags.key_compromise)
    lists = [pki.crl(pki.issuing, AT, timedelta(minutes=25), gone), pki.crls()[1]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crls, "check_for_signing", lambda *_, **__: None)
        patch.setattr(crls, "check_listed", lambda *_, **__: None)
        means: dict[str, Any] = {"key": key, "certificate": certificate, "crls": lists}
        return files._sign(files.once().content, files.once().presented, "Paraphe-2", **means).content


MADE: dict[str, Callable[[], bytes]] = {
    "two signers": lambda: files.twice().content,
    "no document time stamp": lambda: files.stamped().content,
    "a list too old": lambda: files.with_lists_of(AT - timedelta(days=2)).content,
    "the second signer revoked": lambda: revoked("signer"),
    "the first signer revoked": lambda: revoked("first signer"),
    "the time stamps revoked": lambda: revoked("time stamps"),
    "one byte altered": lambda: files.twice().content.replace(b"/Reason", b"/Raison", 1),
    "of others": sound.contract,
}
"""Files on which nothing, or something, is found; the answers of both ways are compared to the last member."""


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=5), timedelta(days=900)])
def test_what_is_shared_changes_no_answer(name: str, later: timedelta, tmp_path: Path) -> None:
    content = MADE[name]()
    assert examine(tmp_path, content, at=AT + later) == unshared(tmp_path, content, at=AT + later)


@pytest.mark.parametrize("which", ["signer", "first signer", "time stamps"])
def test_a_list_that_came_later_is_asked_of_whoever_was_on_none_before(which: str, tmp_path: Path) -> None:
    found = examine(tmp_path, revoked(which))
    assert found.verdict is not Verdict.VALID, codes(found)


def test_names_are_compared_as_before() -> None:
    """RFC 5280, 7.1: neither case nor doubled spaces matter, within a general name too; everything else does."""
    one, same, other = (Name.build({"common_name": text}) for text in ("Paraphe  SA", "paraphe sa", "paraphe sas"))
    assert one == same
    assert one.hashable == same.hashable
    assert one != other
    assert one.hashable != other.hashable
    tagged = [GeneralName.load(GeneralName("directory_name", each).dump()).chosen for each in (one, same, other)]
    assert tagged[0] == one == tagged[1] != tagged[2]
    assert one != "paraphe sa"
